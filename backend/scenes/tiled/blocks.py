"""Windows of a large array, put together from blocks that are unpacked once."""

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray
from rasterio.windows import Window
from rasterio.windows import intersection as shared_part

LEAST_SIDE = 256
"""Smaller blocks are read by the dozen, so that a block is worth its request."""


def least_side(side: int) -> int:
    """Return the smallest multiple of a side that is not below `LEAST_SIDE`, or nearly so."""
    return side * max(1, LEAST_SIDE // side)


def fill_from_blocks(
    window: Window,
    side: tuple[int, int],
    block: Callable[[int, int], NDArray[Any]],
    filled: NDArray[Any],
) -> None:
    """Fill `filled` (..., h, w) with the values of a window.

    `block` returns the block (..., H, W) that begins at a row and a column, both multiples of
    `side` (height, width); at the array's edges it may be smaller.
    """
    (top, bottom), (left, right) = window.toranges()
    height, width = side
    for row in range(top // height * height, bottom, height):
        for column in range(left // width * width, right, width):
            values = block(row, column)
            outer = Window(column, row, values.shape[-1], values.shape[-2])
            part = shared_part(outer, window)
            filled[_slices(part, window)] = values[_slices(part, outer)]


def _slices(part: Window, outer: Window) -> tuple[Any, slice, slice]:
    """Return where `part` lies in an array (..., h, w) of `outer`."""
    row, column = part.row_off - outer.row_off, part.col_off - outer.col_off
    return ..., slice(row, row + part.height), slice(column, column + part.width)
