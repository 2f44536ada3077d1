"""Single bright scatterers: buildings that face the radar, ships, pylons."""

import numpy as np

from backend.simulation.canvas import Landscape
from backend.simulation.cover import Ground

# Chance of a strong scatterer in a pixel, and its median power in dB of sigma0.
_BUILT = {Ground.VILLAGE: (0.015, 3.0), Ground.TOWN: (0.03, 5.0), Ground.INDUSTRY: (0.05, 8.0)}


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
