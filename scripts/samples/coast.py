"""A coast to draw and to describe: calm water with ships in the west, and a town at the shore."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

SIDE_PX = 448


def coast_db(ships: Iterable[tuple[int, int]]) -> np.ndarray:
    """Return VV and VH (2, 448, 448) in dB; ships have their first row and column there."""
    rng = np.random.default_rng(3)
    row, col = np.mgrid[:SIDE_PX, :SIDE_PX]
    sea = col < 230 + 40 * np.sin(row / 60)
    town = ~sea & (np.hypot(row - 230, col - 265) < 70)
    level = np.where(sea, -21.0, np.where(town, -3.0, -11.0))
    power = 10 ** ((level + np.array([0, -7])[:, None, None]) / 10)
    power *= rng.gamma(5, 1 / 5, power.shape)
    for top, left in ships:
        power[:, top : top + 3, left : left + 9] *= 100
    return 10 * np.log10(power)
