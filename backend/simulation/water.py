"""Rivers, lakes, marshes, the sea and floods."""

import numpy as np
from scipy import ndimage
from shapely.geometry import LineString

from backend.simulation.canvas import Landscape
from backend.simulation.cover import BUILT, WOODY, Ground, is_any
from backend.simulation.fields import borders
from backend.simulation.kinds import Kind
from backend.simulation.noise import fractal, fractal_pair, lowest, pixel_grid, smoothstep
from backend.simulation.terrain import PIXEL_M, distance_m

STEP_PX = 2.0


def meander(rng: np.random.Generator, shape: tuple[int, int], width_px: float) -> np.ndarray:
    """Draw points (n, 2) x, y of a river's course across the landscape.

    Bends of eleven widths and more, sine-generated (Langbein & Leopold 1966) but uneven, that
    come and go while the direction wanders.
    """
    count = int(5 * np.hypot(*shape) / STEP_PX)
    bend_px = max(11 * width_px, 30) * rng.uniform(0.8, 3)
    per_bend = bend_px / STEP_PX
    uneven = _wander(rng, count, 0.4 * per_bend)
    phase = np.cumsum(2 * np.pi * STEP_PX / bend_px * np.exp(0.7 * uneven))
    swing = rng.uniform(0.1, 1.4) * np.clip(0.7 + 0.6 * _wander(rng, count, per_bend), 0, 1.3)
    bends = 0.5 * np.sin(phase) + 0.6 * _wander(rng, count, 0.25 * per_bend)
    heading = swing * bends + 0.35 * _wander(rng, count, max(150, 2 * per_bend))
    heading += rng.uniform(0, 2 * np.pi)
    course = np.cumsum(STEP_PX * np.stack([np.cos(heading), np.sin(heading)], axis=1), axis=0)
    through = rng.uniform(0.2, 0.8, 2) * (shape[1], shape[0])
    return course - course[count // 2] + through


def _wander(rng: np.random.Generator, count: int, length: float) -> np.ndarray:
    """Draw smooth noise of unit variance along a line, correlated over about `length` points."""
    length = min(length, count / 6)
    noise = ndimage.gaussian_filter1d(rng.standard_normal(count), length, mode="wrap")
    return noise / max(noise.std(), 1e-9)


def lay_river(
    canvas: Landscape, rng: np.random.Generator, width_m: float, into: np.ndarray | None = None
) -> np.ndarray:
    """Lay a river in its valley, with sand bars where it is wide and trees on its banks.

    Return its course (n, 2). A tributary begins on the course that it flows `into`.
    """
    width = width_m / PIXEL_M
    course = meander(rng, canvas.shape, width)
    if into is not None:
        inside = into[np.all((into > 0) & (into < canvas.shape[::-1]), axis=1)]
        half = course[len(course) // 2 :]
        course = half - half[0] + inside[rng.integers(len(inside))]
    reaches = [LineString(course[i : i + 41]) for i in range(0, len(course) - 41, 40)]
    swell = ndimage.gaussian_filter1d(rng.normal(0, 0.6, len(reaches)), 1.5)
    half = np.maximum(width / 2 * np.exp(swell), 0.75)
    channel = canvas.footprint([r.buffer(h) for r, h in zip(reaches, half, strict=True)])
    away = distance_m(channel)
    valley = rng.uniform(300, 1500) + 2 * width_m
    canvas.elevation *= 0.1 + 0.9 * smoothstep(away / valley)
    canvas.elevation += away * np.float32(1e-3)
    ragged = fractal(rng, canvas.shape, max(2.5 * width, 12), 1.8)
    _bank(canvas, rng, away, ragged, width_m)
    bars = channel & (ragged > rng.uniform(1.3, 2.6)) if width > 8 else np.zeros_like(channel)
    canvas.paint(channel & ~bars, Ground.RIVER)
    canvas.paint(bars, Ground.SAND if rng.random() < 0.6 else Ground.SHRUBLAND)
    return course


def _bank(
    canvas: Landscape,
    rng: np.random.Generator,
    away: np.ndarray,
    ragged: np.ndarray,
    width_m: float,
) -> None:
    """Lay what grows in the strip beside the water."""
    strip = away < rng.uniform(15, 60) + 0.6 * width_m * rng.random()
    arid = canvas.conditions.climate == "arid"
    trees = Ground.SHRUBLAND if arid else Ground.BROADLEAVED_FOREST
    canvas.paint(strip & (ragged > rng.uniform(-0.5, 2)), trees)
    canvas.paint(strip & (ragged < rng.uniform(-3, -0.5)), Ground.GRASSLAND)


def lay_lakes(canvas: Landscape, rng: np.random.Generator, share: float, size_m: float) -> None:
    """Lay lakes over a `share` of the land, partly rimmed with reed."""
    if share < 0.001:
        return
    basin, reeds = fractal_pair(rng, canvas.shape, size_m / PIXEL_M, rng.uniform(1.9, 2.6))
    low = basin + canvas.elevation * np.float32(0.6 / (canvas.elevation.std() + 1))
    beside_rivers = np.exp(distance_m(canvas.water()) / np.float32(-500))
    low += np.float32(rng.uniform(0, 2.5)) * beside_rivers
    lake = ndimage.binary_opening(lowest(low, share), iterations=2)
    rim = lowest(low, share * rng.uniform(1.0, 1.3)) & (reeds > rng.uniform(0, 2))
    canvas.paint(rim & ~canvas.water(), Ground.MARSH)
    frozen = canvas.conditions.season.name == "FROZEN" and rng.random() < 0.6
    canvas.paint(lake, Ground.SNOW_ICE if frozen else Ground.LAKE)


def lay_marsh(canvas: Landscape, rng: np.random.Generator, share: float) -> None:
    """Lay wet ground over a `share` of the land: marsh, pools, trees that stand in water."""
    if share < 0.002:
        return
    wet, kind = fractal_pair(rng, canvas.shape, rng.uniform(80, 250), 1.7)
    low = wet + canvas.elevation * np.float32(1.0 / (canvas.elevation.std() + 1))
    marsh = lowest(low, share) & ~canvas.water()
    canvas.paint(marsh, Ground.MARSH)
    woods = lowest(kind, rng.uniform(0, 0.5) if rng.random() < 0.5 else 0.0)
    canvas.paint(marsh & woods, Ground.FLOODED_VEGETATION)
    canvas.paint(marsh & (kind > rng.uniform(1.0, 3.0)), Ground.LAKE)
    canvas.paint(marsh & (np.abs(kind) < rng.uniform(0, 0.3)), Ground.GRASSLAND)


def lay_sea(canvas: Landscape, rng: np.random.Generator) -> None:
    """Lay sea on one side, with islands, beaches, tidal flats or a plain shore."""
    row, col = pixel_grid(canvas.shape)
    angle = rng.uniform(0, 2 * np.pi)
    size = min(canvas.shape)
    out = (col - canvas.shape[1] / 2) * np.cos(angle) + (row - canvas.shape[0] / 2) * np.sin(angle)
    ragged, patches = fractal_pair(rng, canvas.shape, rng.uniform(100, 350), rng.uniform(1.7, 2.4))
    out = out.astype(np.float32) + rng.uniform(0.03, 0.2) * size * ragged
    out -= np.float32(rng.uniform(-0.3, 0.25) * size)
    sea = out > 0
    shore = np.clip(-out * PIXEL_M, 0, None)
    canvas.elevation *= smoothstep(shore / 1200)
    beach = (shore < rng.choice([0, 40, 120]) * rng.random()) & (patches > rng.uniform(-2, 1))
    canvas.paint(beach & ~sea, Ground.SAND)
    canvas.paint(sea, Ground.SEA)
    if rng.random() < 0.3:
        flat = sea & (out * PIXEL_M < rng.uniform(100, 1500)) & (patches > rng.uniform(-0.5, 1))
        canvas.paint(flat, Ground.MUDFLAT)


def lay_flood(canvas: Landscape, rng: np.random.Generator) -> None:
    """Lay water over low land: beside rivers or in sheets, held back by some field banks."""
    sheets, pools = fractal_pair(rng, canvas.shape, rng.uniform(60, 250), rng.uniform(1.6, 2.2))
    level = sheets + distance_m(canvas.water()).clip(0, 4000) / np.float32(rng.uniform(700, 3000))
    level += canvas.elevation * np.float32(0.6 / (canvas.elevation.std() + 1))
    wet = lowest(level, rng.uniform(0.05, 0.65))
    held_back = rng.random(len(canvas.chance)) < rng.choice([0.0, 0.2, 0.5])
    wet &= ~(held_back[canvas.parcel] & (canvas.parcel > 0))
    if rng.random() < 0.4:
        wet &= ~borders(canvas.parcel)  # banks and tracks between fields stay dry
    wet &= pools < rng.uniform(0.5, 3)
    dry = is_any(canvas.cover, (*BUILT, Ground.ASPHALT)) & (rng.random() < 0.8)
    wet &= ~(canvas.water() | dry)
    stands = is_any(canvas.cover, WOODY)
    canvas.cover[wet & ~stands] = Ground.FLOOD
    if rng.random() < 0.6:
        canvas.cover[wet & stands] = Ground.FLOODED_VEGETATION


def lay_waters(canvas: Landscape, rng: np.random.Generator, kind: Kind) -> None:
    """Lay all the water that a kind of landscape has, floods apart."""
    course = None
    for _ in range(int(rng.integers(kind.rivers[0], kind.rivers[1] + 1))):
        width_m = float(np.exp(rng.uniform(*np.log(kind.river_width_m))))
        course = lay_river(canvas, rng, width_m, into=course)
    lay_lakes(canvas, rng, rng.uniform(*kind.lakes), rng.uniform(*kind.lake_size_m))
    lay_marsh(canvas, rng, rng.uniform(*kind.marsh))
    if rng.random() < kind.sea:
        lay_sea(canvas, rng)
