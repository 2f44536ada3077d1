"""Parcels: rotated strips cut into pieces, with crops, hedges and irrigated circles."""

from dataclasses import dataclass

import numpy as np

from backend.simulation.cover import Ground
from backend.simulation.noise import fractal_pair, pixel_grid
from backend.simulation.terrain import PIXEL_M


@dataclass
class Parcels:
    """The parcels of a landscape."""

    number: np.ndarray
    """(H, W) int32: number of the parcel."""

    rows_along: np.ndarray
    """(n,): direction of the rows in each parcel, in radians."""

    region: np.ndarray
    """(n,): region of each parcel."""


def strips(
    rng: np.random.Generator,
    x: np.ndarray,
    y: np.ndarray,
    angle: float,
    sides_m: tuple[float, float],
) -> tuple[np.ndarray, int]:
    """Return the rotated rectangle that holds each pixel (H, W) by number, and how many there are.

    Rectangles lie in strips about `sides_m[0]` wide and are about `sides_m[1]` long.
    """
    wide, long = (max(side / PIXEL_M, 1.5) for side in sides_m)
    u = x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle))
    v = y * np.float32(np.cos(angle)) - x * np.float32(np.sin(angle))
    u = (u - u.min()).astype(np.int32)
    v = (v - v.min()).astype(np.int32)
    strip = _cuts(rng, 1, int(u.max()) + 1, wide)[0][u]
    pieces = _cuts(rng, int(strip.max()) + 1, int(v.max()) + 1, long)
    across = int(pieces.max()) + 1
    return strip * across + pieces[strip, v], (int(strip.max()) + 1) * across


def draw_parcels(
    rng: np.random.Generator, shape: tuple[int, int], side_m: tuple[float, float]
) -> Parcels:
    """Draw parcels all over a landscape, in a few regions of their own direction and size."""
    bend = rng.choice([0.0, 3.0, 8.0]) * rng.random()
    warp_x, warp_y = fractal_pair(rng, shape, 180, 2.0)
    row, col = pixel_grid(shape)
    x, y = col + np.float32(bend) * warp_x, row + np.float32(bend) * warp_y
    region = _regions(rng, x, y, int(rng.integers(2, 9)))
    number = np.zeros(shape, np.int32)
    rows_along, regions, count = [], [], 0
    base_side = np.exp(rng.uniform(*np.log(side_m)))
    for r in range(int(region.max()) + 1):
        inside = region == r
        if not inside.any():
            continue
        angle = rng.uniform(0, np.pi)
        short = base_side * rng.lognormal(0, 0.25)
        local, total = strips(rng, x[inside], y[inside], angle, (short, short * rng.uniform(1, 4)))
        number[inside] = count + local
        rows_along.append(angle + np.pi / 2 * (1 + (rng.random(total) < 0.25)))
        regions.append(np.full(total, r))
        count += total
    return Parcels(number, np.concatenate(rows_along), np.concatenate(regions))


def draw_crops(
    rng: np.random.Generator, parcels: Parcels, weights: dict[Ground, float]
) -> np.ndarray:
    """Draw the class of every parcel (n,) uint8; neighbouring parcels favour the same crops."""
    grounds = np.array([int(g) for g in weights], np.uint8)
    usual = np.array(list(weights.values()), float)
    crops = np.empty(len(parcels.region), np.uint8)
    for r in np.unique(parcels.region):
        members = np.flatnonzero(parcels.region == r)
        local = rng.gamma(np.maximum(usual, 0.05)) + 1e-3
        crops[members] = rng.choice(grounds, members.size, p=local / local.sum())
    return crops


def by_parcel(values: np.ndarray, parcels: Parcels) -> np.ndarray:
    """Return `values` (H, W) made the same all over each parcel: the one at its last pixel."""
    table = np.zeros(len(parcels.region), values.dtype)
    table[parcels.number.ravel()] = values.ravel()
    return table[parcels.number]


def borders(number: np.ndarray) -> np.ndarray:
    """Return where (H, W) the right or lower neighbour belongs to another parcel: bool."""
    edge = np.zeros(number.shape, bool)
    edge[:, :-1] |= number[:, :-1] != number[:, 1:]
    edge[:-1] |= number[:-1] != number[1:]
    return edge


def pivots(rng: np.random.Generator, shape: tuple[int, int]) -> np.ndarray:
    """Return numbers (H, W) of centre-pivot circles on a square lattice, from 1; 0 outside."""
    pitch = rng.uniform(500, 1000) / PIXEL_M
    row, col = pixel_grid(shape)
    i, j = (row / pitch).astype(np.int32), (col / pitch).astype(np.int32)
    away = np.hypot(row - (i + 0.5) * pitch, col - (j + 0.5) * pitch)
    return np.where(away < 0.47 * pitch, 1 + i * (int(shape[1] / pitch) + 1) + j, 0)


def _cuts(rng: np.random.Generator, lines: int, length: int, step: float) -> np.ndarray:
    """Cut lines of `length` px into pieces: running piece number, (lines, length) int32."""
    pieces = int(length / step * 1.6) + 4
    ends = np.cumsum(step * rng.lognormal(-0.12, 0.5, (lines, pieces)), axis=1)
    ends += -rng.uniform(0, step, (lines, 1))
    marks = np.zeros((lines, length + 1), np.int32)
    at = np.clip(ends, 0, length).astype(np.int32)
    np.add.at(marks, (np.arange(lines)[:, None], at), 1)
    return np.cumsum(marks[:, :length], axis=1)


def _regions(rng: np.random.Generator, x: np.ndarray, y: np.ndarray, count: int) -> np.ndarray:
    """Return the number of the nearest of `count` random centres for every pixel."""
    height, width = x.shape
    centres = rng.random((count, 2)) * (height, width)
    best = np.full(x.shape, np.inf, np.float32)
    region = np.zeros(x.shape, np.int32)
    for number, (cy, cx) in enumerate(centres.astype(np.float32)):
        away = (x - cx) ** 2 + (y - cy) ** 2
        closer = away < best
        best = np.where(closer, away, best)
        region[closer] = number
    return region
