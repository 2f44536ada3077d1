"""AlphaEarth Foundations: 64 dimensions as int8, one vector of unit length for each 10 m pixel.

A tile is a GeoTIFF with the bands A00 to A63; -128 is no data. The length of a vector tells
whether its values were read by the right rule: read linearly, as other products of int8 are, most
come out two and a half times too long. Files of floats hold values that were read already; they
pass by the same test. Some copies have their southern edge first, as their transform says.
Source: Brown et al., AlphaEarth Foundations (2025), and the note beside Google's files.
"""

from functools import partial

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window
from rasterio.windows import intersection as shared_part

from backend.errors import SceneUnreadable
from backend.scenes.embeddings.blocks import RECENT
from backend.scenes.embeddings.rasters import open_tiff
from backend.scenes.embeddings.remote import Location, Ranges

NAME = "alphaearth"
DIM = 64
NODATA = -128
FARTHEST = 0.02
"""How far the median length may be from 1."""

SAMPLE = 4096
LEAST_BLOCK = 256

_CODES = np.arange(256, dtype=np.uint8).view(np.int8).astype(np.float64)
VALUES: NDArray[np.float32] = np.where(
    _CODES == NODATA, np.nan, np.sign(_CODES) * (_CODES / 127.5) ** 2
).astype(np.float32)
"""The value of each int8, by its bits."""


class AlphaEarthTile:
    """An open tile. SceneUnreadable, NotGeoreferenced; NotThere for a remote one that is not."""

    dim = DIM

    def __init__(self, where: Location, ranges: Ranges) -> None:
        self._where = where
        self._raster = open_tiff(where, ranges)
        header = self._raster.header
        self.grid = header.grid
        self._nodata = header.nodata
        self._dtype = header.dtype
        self._side = [side * max(1, LEAST_BLOCK // side) for side in header.block]
        self._checked = False
        if header.count != DIM or not (header.dtype == np.int8 or header.dtype.kind == "f"):
            self.close()
            raise SceneUnreadable(
                f"{where.name} has {header.count} bands of {header.dtype}; {DIM} of int8 were "
                "expected, or of floats that were read from them.",
                "Take the tile as it is published.",
            )

    def read(self, window: Window) -> NDArray[np.float32]:
        """Vectors (64, h, w) of these pixels, NaN where there is none.

        SceneUnreadable, also when the first vectors that are seen are not of unit length.
        """
        stored = np.empty((DIM, window.height, window.width), self._dtype)
        (top, bottom), (left, right) = window.toranges()
        height, width = self._side
        for row in range(top // height * height, bottom, height):
            for column in range(left // width * width, right, width):
                key = (self._where, self._raster.version, row, column)
                block = RECENT.get(key, partial(self._load, row, column))
                place = Window(column, row, block.shape[2], block.shape[1])
                part = shared_part(place, window)
                stored[_slices(part, window)] = block[_slices(part, place)]
        return self._decode(stored)

    def close(self) -> None:
        """Close the file."""
        self._raster.close()

    def _load(self, row: int, column: int) -> NDArray[np.generic]:
        """The block (64, h, w) that begins at this pixel, as stored and checked."""
        height = min(self._side[0], self.grid.height - row)
        width = min(self._side[1], self.grid.width - column)
        block = self._raster.read(Window(column, row, width, height))
        if not self._checked:
            self._check(block)
        return block

    def _check(self, block: NDArray[np.generic]) -> None:
        """SceneUnreadable when the vectors of a block are not of unit length."""
        pixels = block.reshape(DIM, -1)
        there = np.flatnonzero(pixels[0] != self._nodata)
        vectors = self._decode(pixels[:, there[:: len(there) // SAMPLE + 1]])
        lengths = np.linalg.norm(vectors, axis=0)
        lengths = lengths[np.isfinite(lengths)]
        if not lengths.size:
            return
        median = float(np.median(lengths))
        if abs(median - 1) > FARTHEST:
            raise SceneUnreadable(
                f"The vectors of {self._where.name} have a median length of {median:.3f}; 1 was "
                "expected.",
                "Take the tile as it is published, int8 whose values are sign(v) (v / 127.5)^2; "
                "read linearly they are not of unit length.",
            )
        self._checked = True

    def _decode(self, stored: NDArray[np.generic]) -> NDArray[np.float32]:
        """Values of (64, ...) as stored; NaN in all dimensions where there is none in one."""
        if stored.dtype == np.int8:
            values = VALUES[stored.view(np.uint8)]
            values[:, (stored == NODATA).any(axis=0)] = np.nan
            return values
        values = stored.astype(np.float32)
        lost = ~np.isfinite(values) | (stored == self._nodata)
        values[:, lost.any(axis=0) | (values == 0).all(axis=0)] = np.nan
        return values


def _slices(part: Window, outer: Window) -> tuple[slice, slice, slice]:
    """Where `part` lies in an array (64, h, w) of `outer`."""
    row, column = part.row_off - outer.row_off, part.col_off - outer.col_off
    return slice(None), slice(row, row + part.height), slice(column, column + part.width)
