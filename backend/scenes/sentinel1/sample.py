"""A few thousand values from all over a scene, by which its units are detected."""

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from backend.scenes.sentinel1.patch import Patch

ENOUGH, MOST = 20_000, 25_000
MOST_PATCHES = 16

Squares = tuple[int, tuple[int, ...]]
"""Pixels along a square, and squares along a side of the scene: more until there are enough."""

LOCAL: Squares = (24, (8, 16, 32, 64))
REMOTE: Squares = (192, (1, 3, 9, 27))  # what is read is fetched: the middle alone will do, mostly
BLOCK = 512  # of most files that are made to be read by ranges, or a part of that


def sample_values(patches: list[Patch]) -> NDArray[np.float32]:
    """Return stored values (2, n) of VV and VH from small squares spread over the scene.

    Squares lie ever denser until there are enough values that are neither 0 nor no data: a scene
    may be empty but for a corner. Of a remote scene the middle comes first.
    """
    chosen = patches[:: -(-len(patches) // MOST_PATCHES)]
    sampled: list[NDArray[np.float32]] = [np.empty((2, 0), np.float32)]
    square, sides = REMOTE if patches[0].files.remote else LOCAL
    for side in sides:
        for patch in chosen:
            sampled += [_values(patch, window) for window in _squares(patch, side, square)]
        if sum(values.shape[1] for values in sampled) >= ENOUGH:
            break
    values = np.concatenate(sampled, axis=1)
    return values[:, :: max(1, -(-values.shape[1] // MOST))]


def _squares(patch: Patch, side: int, square: int) -> list[Window]:
    """Return up to side x side windows, evenly spread, or the middle one; all of a small patch."""
    height, width = patch.grid.height, patch.grid.width
    room = (max(0, height - square), max(0, width - square))
    rows, columns = (
        np.unique(np.linspace(0, most, min(side, 2 + most // square)).astype(int))
        if side > 1
        else np.array([most // 2 // BLOCK * BLOCK])  # in a single block
        for most in room
    )
    return [
        Window(int(c), int(r), min(square, width), min(square, height))
        for r in rows
        for c in columns
    ]


def _values(patch: Patch, window: Window) -> NDArray[np.float32]:
    values = patch.read_raw(window).reshape(2, -1)
    return values[:, np.isfinite(values).any(axis=0) & (values != 0).any(axis=0)]
