"""Outlines of cells, as polygons."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from rasterio.features import shapes
from rasterio.transform import Affine

MOST_CELLS = 256
"""Along a side; of more, squares of cells are outlined, so that a reply stays small."""

Ring = list[tuple[float, float]]
"""A closed line of points x and y."""


def outlines(chosen: NDArray[np.bool_], side: float) -> Iterator[list[Ring]]:
    """Yield the polygons around chosen cells (h, w), each as its outer ring and its holes.

    A cell has this `side`; x grows with columns and y with rows, from 0, 0. Outer rings run
    counterclockwise on a map with north above, holes the other way. A square of several cells
    counts where half of them are chosen; if none would, where one is.

    Example:
        next(outlines(np.ones((1, 1), bool), 8.0))  # one ring of five points
    """
    squares, step = _squares(chosen)
    size = side * step
    scale = Affine.scale(size, size)
    for polygon, _ in shapes(squares.astype(np.uint8), squares, transform=scale):
        yield list(polygon["coordinates"])


def _squares(chosen: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], int]:
    """Return the cells as at most `MOST_CELLS` squares along a side, and the cells along one."""
    step = -(-max(chosen.shape) // MOST_CELLS)
    if step == 1:
        return chosen, 1
    height, width = (-(-length // step) for length in chosen.shape)
    padded = np.zeros((height * step, width * step))
    padded[: chosen.shape[0], : chosen.shape[1]] = chosen
    share = padded.reshape(height, step, width, step).mean(axis=(1, 3))
    squares = share >= 0.5
    return (squares if squares.any() else share > 0), step
