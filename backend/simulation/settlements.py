"""What people build: settlements, industry, roads, airfields; and what of it shines in radar."""

import numpy as np
from shapely.geometry import LineString

from backend.simulation.canvas import Landscape, facing_gain
from backend.simulation.cover import WATER, Ground, is_any
from backend.simulation.fields import strips
from backend.simulation.kinds import Kind
from backend.simulation.noise import pixel_grid
from backend.simulation.terrain import PIXEL_M

# Chance of a strong scatterer in a pixel, and its median power in dB of sigma0.
_BUILT = {Ground.VILLAGE: (0.015, 3.0), Ground.TOWN: (0.03, 5.0), Ground.INDUSTRY: (0.05, 8.0)}


def lay_settlement(
    canvas: Landscape,
    rng: np.random.Generator,
    centre: np.ndarray,
    radius_m: float,
    ragged: np.ndarray,
) -> None:
    """Lay a village or, beyond a radius of 600 m, a town with a dense core, works and parks.

    `centre` (2,) is its row and column; `ragged` (H, W) is noise that frays its edge.
    """
    reach = int(2 * radius_m / PIXEL_M) + 2
    row0, col0 = (max(int(c) - reach, 0) for c in centre)
    box = (slice(row0, int(centre[0]) + reach), slice(col0, int(centre[1]) + reach))
    cover = canvas.cover[box]
    if cover.size == 0:
        return
    row, col = pixel_grid(cover.shape)
    away = np.hypot(row + row0 - centre[0], col + col0 - centre[1]) * (PIXEL_M / radius_m)
    away += 0.3 * ragged[box]
    angle = rng.uniform(0, np.pi)
    block, total = strips(rng, col, row, angle, (rng.uniform(50, 110), rng.uniform(70, 220)))
    along = angle + np.pi / 2 * rng.integers(0, 2, total) + rng.normal(0, 0.05, total)
    first = canvas.add_parcels(rng, facing_gain(canvas.conditions, along, 6.0, 2.0, 9.0))
    use = _land_use(rng, total, radius_m)[block]
    core = rng.uniform(0.5, 0.9) if radius_m > 600 else rng.choice([0.0, 0.4])
    dense = away + rng.normal(0, 0.15, total).astype(np.float32)[block] < core
    use = np.where((use == Ground.VILLAGE) & dense, Ground.TOWN, use)
    if radius_m > 600:
        use = np.where(ragged[box] > rng.uniform(1.2, 2.5), Ground.GRASSLAND, use)
    built = (away < 1) & ~canvas.water()[box]
    cover[built] = use[built]
    canvas.parcel[box][built] = first + block[built]


def _land_use(rng: np.random.Generator, blocks: int, radius_m: float) -> np.ndarray:
    """Draw the class of every block: mostly houses."""
    town = radius_m > 600
    shares = {
        Ground.VILLAGE: 0.8,
        Ground.INDUSTRY: rng.uniform(0.02, 0.2) if town else 0.03,
        Ground.GRASSLAND: rng.uniform(0.02, 0.12),
        Ground.BROADLEAVED_FOREST: rng.uniform(0.0, 0.1),
        Ground.ASPHALT: 0.03 if town else 0.0,
    }
    p = np.array(list(shares.values()))
    return rng.choice(np.array([int(g) for g in shares], np.uint8), blocks, p=p / p.sum())


def lay_industry(canvas: Landscape, rng: np.random.Generator, centre: np.ndarray) -> None:
    """Lay a rectangle of halls and yards, or of greenhouses, around a row and column (2,)."""
    angle, half = rng.uniform(0, np.pi), rng.uniform(60, 350) / PIXEL_M
    along = np.array([np.cos(angle), np.sin(angle)]) * half
    line = LineString([centre[::-1] - along, centre[::-1] + along])
    site = canvas.footprint([line.buffer(half * rng.uniform(0.3, 1), cap_style="flat")])
    row, col = np.nonzero(site & ~canvas.water())
    if not len(row):
        return
    sides = rng.uniform(30, 90), rng.uniform(60, 250)
    hall, total = strips(rng, col.astype(np.float32), row.astype(np.float32), angle, sides)
    fronts = np.full(total, angle) + np.pi / 2 * rng.integers(0, 2, total)
    first = canvas.add_parcels(rng, facing_gain(canvas.conditions, fronts, 5.0, 2.0, 12.0))
    use = np.array([Ground.INDUSTRY, Ground.ASPHALT, Ground.GRASSLAND], np.uint8)
    canvas.cover[row, col] = rng.choice(use, total, p=[0.8, 0.12, 0.08])[hall]
    canvas.parcel[row, col] = first + hall


def _ashore(canvas: Landscape, rng: np.random.Generator, sea: np.ndarray) -> np.ndarray:
    """Choose a place on land close to one of the sea's pixels (n, 2)."""
    land = np.argwhere(~canvas.water()[::16, ::16]) * 16.0
    if not len(land):
        return np.zeros(2)
    start = sea[rng.integers(len(sea))]
    return land[np.argmin(np.hypot(*(land - start).T))]


def lay_airfield(canvas: Landscape, rng: np.random.Generator) -> None:
    """Lay a runway in a field of mown grass."""
    centre = rng.uniform(0.1, 0.9, 2) * canvas.shape
    angle, half = rng.uniform(0, np.pi), rng.uniform(400, 1700) / PIXEL_M
    along = np.array([np.cos(angle), np.sin(angle)]) * half
    runway = LineString([centre - along, centre + along])
    land = ~canvas.water()
    grass = canvas.footprint([runway.buffer(rng.uniform(15, 45), cap_style="square")])
    canvas.paint(grass & land, Ground.GRASSLAND)
    strip = canvas.footprint([runway.buffer(rng.uniform(1.5, 3.0), cap_style="flat")])
    canvas.paint(strip & land, Ground.ASPHALT)


def lay_roads(canvas: Landscape, rng: np.random.Generator, places: np.ndarray) -> None:
    """Lay roads among places (n, 2) in rows and columns and outwards, with bridges that shine."""
    shapes = []
    for i, place in enumerate(places):
        others = np.argsort(np.hypot(*(places - place).T))[1 : 2 + int(rng.integers(0, 2))]
        ends = [places[j] for j in others] or [rng.uniform(-0.2, 1.2, 2) * canvas.shape]
        for end in ends:
            middle = (place + end) / 2 + rng.normal(0, 0.08, 2) * np.abs(place - end).max()
            width = rng.uniform(0.3, 0.7) if i else rng.uniform(0.7, 1.8)
            line = LineString([place[::-1], middle[::-1], end[::-1]])
            if _can_pass(canvas, line):
                shapes.append(line.buffer(width))
    road = canvas.footprint(shapes)
    over = road & canvas.water()
    canvas.paint(road & ~over, Ground.ASPHALT)
    bridge = np.argwhere(over)
    power = rng.uniform(0.3, 3.0) * rng.exponential(1.0, len(bridge))
    canvas.targets = np.concatenate(
        [canvas.targets, np.column_stack([bridge, power, power * 0.15])]
    )


def _can_pass(canvas: Landscape, line: LineString) -> bool:
    """Return whether a road may run here: it bridges 600 m of water, and goes round lakes."""
    along = [line.interpolate(d) for d in np.arange(0, line.length, 4.0)]
    at = np.array([(p.y, p.x) for p in along]).astype(int)
    at = at[np.all((at >= 0) & (at < canvas.shape), axis=1)]
    crossed = canvas.cover[at[:, 0], at[:, 1]]
    return int(is_any(crossed, WATER).sum()) < 15 and int((crossed == Ground.LAKE).sum()) < 2


def _scatter_houses(
    canvas: Landscape, rng: np.random.Generator, ragged: np.ndarray, count: float
) -> None:
    """Lay lone houses and farmsteads of a few pixels, denser in some parts than in others."""
    rows, cols = rng.integers(0, canvas.shape, (int(rng.poisson(count)), 2)).T
    settled = ragged[rows, cols] > rng.uniform(-1.5, 0.5)
    houses = np.zeros(canvas.shape, bool)
    for _ in range(3):
        at = np.stack([rows, cols])[:, settled] + rng.integers(-1, 2, (2, int(settled.sum())))
        at = np.clip(at, 0, np.array(canvas.shape)[:, None] - 1)
        houses[at[0], at[1]] = True
    canvas.paint(houses & ~canvas.water(), Ground.VILLAGE)


def lay_buildings(
    canvas: Landscape, rng: np.random.Generator, kind: Kind, ragged: np.ndarray
) -> None:
    """Lay everything that people build in a kind of landscape; `ragged` (H, W) frays edges."""
    km2 = canvas.cover.size * PIXEL_M**2 / 1e6
    if rng.random() < 0.08:
        lay_airfield(canvas, rng)
    villages = int(rng.poisson(rng.uniform(*kind.villages) * km2 / 100))
    towns = int(rng.integers(kind.towns[0], kind.towns[1] + 1))
    places = rng.random((villages + towns, 2)) * canvas.shape
    for i, place in enumerate(places):
        radius = rng.uniform(*kind.town_radius_m) if i < towns else rng.uniform(70, 420)
        lay_settlement(canvas, rng, place, radius, ragged)
    for place in rng.random((int(rng.poisson(villages * 0.3)), 2)) * canvas.shape:
        lay_industry(canvas, rng, place)
    quays = np.argwhere(canvas.cover[::8, ::8] == Ground.SEA) * 8
    if len(quays) and rng.random() < 0.4:
        for _ in range(int(rng.integers(1, 4))):
            lay_industry(canvas, rng, _ashore(canvas, rng, quays))
    _scatter_houses(canvas, rng, ragged, villages * rng.choice([1, 3, 10, 60]))
    if len(places):
        lay_roads(canvas, rng, places)


def lay_targets(canvas: Landscape, rng: np.random.Generator) -> None:
    """Lay strong scatterers in built-up land, ships on wide water, pylons across country."""
    chance, median = np.zeros((2, 256), np.float32)
    for ground, (share, db) in _BUILT.items():
        chance[ground], median[ground] = share, db
    hit = rng.random(canvas.shape, dtype=np.float32) < chance[canvas.cover]
    _add(canvas, rng, np.argwhere(hit), median[canvas.cover[hit]], 5.0)
    _ships(canvas, rng)
    _pylons(canvas, rng)


def _add(
    canvas: Landscape,
    rng: np.random.Generator,
    at: np.ndarray,
    median_db: np.ndarray,
    spread_db: float,
) -> None:
    vv = np.minimum(rng.normal(median_db, spread_db, len(at)), 25.0)
    vh = vv - rng.normal(8, 3, len(at))
    canvas.targets = np.concatenate(
        [canvas.targets, np.column_stack([at, 10 ** (vv / 10), 10 ** (vh / 10)])]
    )


def _ships(canvas: Landscape, rng: np.random.Generator) -> None:
    water = np.argwhere(canvas.water()[::8, ::8]) * 8
    count = int(rng.poisson(len(water) * rng.choice([0, 2e-4, 2e-3])))
    if not count:
        return
    hull = rng.integers(-1, 2, (count, 4, 2)) + rng.choice(water, count)[:, None, :]
    at = np.clip(hull.reshape(-1, 2), 0, np.array(canvas.shape) - 1)
    _add(canvas, rng, at, np.full(len(at), 8.0), 5.0)


def _pylons(canvas: Landscape, rng: np.random.Generator) -> None:
    for _ in range(int(rng.poisson(0.8))):
        start, end = rng.uniform(-0.3, 1.3, (2, 2)) * canvas.shape
        steps = np.arange(0, np.hypot(*(end - start)), rng.uniform(25, 40))
        at = start + steps[:, None] * (end - start) / max(float(np.hypot(*(end - start))), 1.0)
        inside = np.all((at >= 0) & (at < canvas.shape), axis=1)
        at = at[inside].astype(int)
        _add(canvas, rng, at, np.full(len(at), rng.uniform(-2, 6)), 3.0)
