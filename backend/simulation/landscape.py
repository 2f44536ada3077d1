"""Draw a landscape: what lies where, and under which conditions the radar saw it."""

import numpy as np

from backend.simulation.canvas import Landscape, facing_gain
from backend.simulation.conditions import draw_climate, draw_conditions, draw_kind
from backend.simulation.cover import FOREST, Ground, Season, is_any
from backend.simulation.fields import (
    Parcels,
    borders,
    by_parcel,
    draw_crops,
    draw_parcels,
    pivots,
)
from backend.simulation.kinds import Climate, Kind
from backend.simulation.noise import fractal_pair, lowest
from backend.simulation.settlements import lay_buildings, lay_targets
from backend.simulation.terrain import PIXEL_M, draw_elevation
from backend.simulation.water import lay_flood, lay_waters


def simulate_landscape(seed: int, size_px: int = 1024, kind: Kind | None = None) -> Landscape:
    """Draw a landscape from `seed`; the same seed and size give the same landscape.

    Without a `kind` one is drawn.
    """
    rng = np.random.default_rng([seed, 1])
    kind = kind or draw_kind(rng)
    climate = draw_climate(rng, kind)
    canvas = _blank(rng, kind, climate, size_px)
    _lay_nature(canvas, rng, kind, climate)
    _lay_farmland(canvas, rng, kind, climate)
    lay_waters(canvas, rng, kind)
    ragged, _ = fractal_pair(rng, canvas.shape, 40, 1.8)
    lay_buildings(canvas, rng, kind, ragged)
    if rng.random() < max(kind.flood, 0.04):
        lay_flood(canvas, rng)
    lay_targets(canvas, rng)
    return canvas


def _blank(rng: np.random.Generator, kind: Kind, climate: Climate, size_px: int) -> Landscape:
    conditions = draw_conditions(rng, kind, climate)  # first, so that it is the same at any size
    shape = (size_px, size_px)
    relief = float(np.exp(rng.uniform(*np.log(kind.relief_m))))
    elevation = draw_elevation(rng, shape, relief, rng.uniform(*kind.relief_wavelength_m))
    canvas = Landscape(conditions, np.zeros(shape, np.uint8), elevation, np.zeros(shape, np.int32))
    canvas.add_parcels(rng, np.zeros((1, 2)))
    canvas.chance[:] = 0
    return canvas


def _lay_nature(canvas: Landscape, rng: np.random.Generator, kind: Kind, climate: Climate) -> None:
    """Lay wild land as a mosaic of a few classes; above the treeline grass, rock and snow."""
    grounds = list(climate.natural)
    usual = np.array(list(climate.natural.values()))
    count = int(rng.integers(2, 5))
    chosen = rng.choice(len(grounds), count, replace=False, p=usual / usual.sum())
    share = rng.gamma(1.5, usual[chosen]) + 1e-3
    patch = float(np.exp(rng.uniform(np.log(40), np.log(300))))
    smooth = rng.uniform(1.8, 2.8)
    best = np.full(canvas.shape, -np.inf, np.float32)
    for i, ground in enumerate(chosen):
        if i % 2 == 0:
            pair = fractal_pair(rng, canvas.shape, patch, smooth)
        score = pair[i % 2] + np.float32(np.log(share[i] / share.sum()))
        canvas.cover[score > best] = grounds[ground]
        best = np.maximum(best, score)
    if kind.relief_m[1] >= 200:
        _lay_heights(canvas, rng, climate)


def _lay_heights(canvas: Landscape, rng: np.random.Generator, climate: Climate) -> None:
    wobble, patches = fractal_pair(rng, canvas.shape, 60, 1.7)
    height = canvas.elevation + 60 * wobble
    line = climate.treeline_m * rng.uniform(0.7, 1.3)
    above = height > line
    canvas.paint(above, Ground.GRASSLAND)
    steep = np.hypot(*np.gradient(canvas.elevation, PIXEL_M)) > rng.uniform(0.5, 0.9)
    canvas.paint((above | steep) & (patches > rng.uniform(-1, 1)), Ground.ROCK)
    cold = canvas.conditions.season is Season.FROZEN
    canvas.paint(height > (0.3 if cold else rng.uniform(1.2, 2.5)) * line, Ground.SNOW_ICE)


def _lay_farmland(
    canvas: Landscape, rng: np.random.Generator, kind: Kind, climate: Climate
) -> None:
    share = rng.uniform(*kind.farmland)
    if share < 0.03:
        return
    suits, _ = fractal_pair(rng, canvas.shape, rng.uniform(100, 400), rng.uniform(1.5, 2.2))
    slope = np.hypot(*np.gradient(canvas.elevation, PIXEL_M))
    farmed = lowest(suits + 8 * slope, share)
    parcels = draw_parcels(rng, canvas.shape, climate.field_side_m)
    number = parcels.number
    if rng.random() < 0.6:
        farmed = by_parcel(farmed, parcels)
    crops = draw_crops(rng, parcels, climate.crops_in(canvas.conditions.season))
    along_rows = facing_gain(canvas.conditions, parcels.rows_along, rng.uniform(0, 7), 0.8, 9.0)
    first = canvas.add_parcels(rng, along_rows)
    if rng.random() < 0.5:
        _lay_stands(canvas, rng, parcels)
        canvas.parcel += first + number
    canvas.cover[farmed] = crops[number[farmed]]
    canvas.parcel[farmed] = first + number[farmed]
    _lay_hedges(canvas, rng, climate, farmed & borders(number))
    if climate.name == "arid" and rng.random() < 0.3:
        _lay_pivots(canvas, rng, crops)


def _lay_stands(canvas: Landscape, rng: np.random.Generator, parcels: Parcels) -> None:
    """Give wild land that people manage straight borders, and fell some woods."""
    canvas.cover[:] = by_parcel(canvas.cover, parcels)
    felled = rng.random(len(parcels.region)) < rng.choice([0.0, 0.05, 0.15])
    woods = is_any(canvas.cover, FOREST)
    young = Ground.SHRUBLAND if rng.random() < 0.6 else Ground.GRASSLAND
    canvas.cover[woods & felled[parcels.number]] = young


def _lay_hedges(
    canvas: Landscape, rng: np.random.Generator, climate: Climate, edge: np.ndarray
) -> None:
    """Lay hedges, trees or tracks along the edges of fields, or nothing."""
    patchy, _ = fractal_pair(rng, canvas.shape, 30, 1.5)
    draw = rng.random()
    if draw < climate.hedges:
        hedge = Ground.SHRUBLAND if rng.random() < 0.5 else Ground.BROADLEAVED_FOREST
        canvas.paint(edge & (patchy > rng.uniform(-0.5, 1.5)), hedge)
    elif draw < climate.hedges + 0.3:
        canvas.paint(edge & (patchy > rng.uniform(-0.5, 1)), Ground.GRASSLAND)


def _lay_pivots(canvas: Landscape, rng: np.random.Generator, crops: np.ndarray) -> None:
    circle = pivots(rng, canvas.shape)
    where, _ = fractal_pair(rng, canvas.shape, 300, 2.0)
    circle[where < rng.uniform(0, 1)] = 0
    first = canvas.add_parcels(rng, np.zeros((int(circle.max()) + 1, 2)))
    inside = circle > 0
    canvas.cover[inside] = crops[circle[inside] % len(crops)]
    canvas.parcel[inside] = first + circle[inside]
