"""A few thousand values from all over a scene, to tell its units."""

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from backend.scenes.patch import Patch

ENOUGH = 20_000
MOST_PATCHES = 16
SQUARE = 24


def sample_values(patches: list[Patch]) -> NDArray[np.float32]:
    """Stored values (2, n) of VV and VH from small squares spread over the scene.

    Squares lie ever denser until there are enough values that are neither 0 nor no data: a scene
    may be empty but for a corner.
    """
    chosen = patches[:: -(-len(patches) // MOST_PATCHES)]
    taken: list[NDArray[np.float32]] = [np.empty((2, 0), np.float32)]
    for side in (8, 16, 32, 64):
        for patch in chosen:
            taken += [_values(patch, window) for window in _squares(patch, side)]
        if sum(values.shape[1] for values in taken) >= ENOUGH:
            break
    return np.concatenate(taken, axis=1)


def _squares(patch: Patch, side: int) -> list[Window]:
    """Up to side x side windows, evenly spread; all of a small patch."""
    height, width = patch.grid.height, patch.grid.width
    rows, columns = (
        np.unique(np.linspace(0, max(0, size - SQUARE), side).astype(int))
        for size in (height, width)
    )
    return [
        Window(int(c), int(r), min(SQUARE, width), min(SQUARE, height))
        for r in rows
        for c in columns
    ]


def _values(patch: Patch, window: Window) -> NDArray[np.float32]:
    values = patch.read_raw(window).reshape(2, -1)
    return values[:, np.isfinite(values).any(axis=0) & (values != 0).any(axis=0)]
