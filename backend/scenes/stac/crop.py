"""Which pixels of a file lie in and around an area."""

import math
from collections.abc import Iterator

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.features import geometry_mask
from rasterio.windows import Window

from backend.scenes.grid import Grid, Positions, transformer
from backend.scenes.stac.found import LocalPlane

MARGIN_M = 2500.0
"""LocalPlane the area, so that windows at its edge see what is there."""

PIECE_PX = 2048


class Cut:
    """The part of a file on `grid` around an area: `window`, None when the file shows none of it.

    `area_px` is the area itself, in pixels of the file. Raises NotGeoreferenced.
    """

    def __init__(self, around: LocalPlane, grid: Grid) -> None:
        self._area = _in_pixels(around.area, around, grid)
        self.area_px = float(self._area.area)
        self.window = _window(_in_pixels(around.area.buffer(MARGIN_M), around, grid), grid)

    def pieces(self) -> Iterator[Window]:
        """The window in squares whose sides lie where those of the file's own blocks do."""
        if self.window is not None:
            for top, height in _spans(self.window.row_off, self.window.height):
                for left, width in _spans(self.window.col_off, self.window.width):
                    yield Window(left, top, width, height)

    def inside(self, piece: Window) -> NDArray[np.bool_]:
        """Which pixels (h, w) of a piece the area touches."""
        size = (piece.height, piece.width)
        corner = Affine.translation(piece.col_off, piece.row_off)
        return geometry_mask([self._area], size, corner, all_touched=True, invert=True)


def _in_pixels(shape: shapely.Geometry, around: LocalPlane, grid: Grid) -> shapely.Geometry:
    """A shape of the plane in columns and rows of the file."""
    way = transformer(CRS(around.plane), grid.crs)

    def to_pixels(x: NDArray[np.float64], y: NDArray[np.float64]) -> Positions:
        x, y = way.transform(x, y)
        if grid.crs.is_geographic:  # a file across the date line counts on beyond 180 degrees
            middle = grid.centre[0]
            x = (x - middle + 180) % 360 - 180 + middle
        columns, rows = ~grid.transform @ (x, y)
        return columns, rows

    return shapely.transform(shapely.segmentize(shape, MARGIN_M), to_pixels, interleaved=False)


def _window(wide: shapely.Geometry, grid: Grid) -> Window | None:
    """The pixels of the file that a shape touches; None when there are none."""
    if not np.isfinite(shapely.get_coordinates(wide)).all():
        return None
    left, top, right, bottom = wide.bounds
    col0, row0 = max(0, math.floor(left)), max(0, math.floor(top))
    col1, row1 = min(grid.width, math.ceil(right)), min(grid.height, math.ceil(bottom))
    return Window(col0, row0, col1 - col0, row1 - row0) if col0 < col1 and row0 < row1 else None


def _spans(start: int, length: int) -> Iterator[tuple[int, int]]:
    """Starts and lengths of pieces of a row, cut at multiples of PIECE_PX."""
    stop = start + length
    while start < stop:
        end = min(stop, (start // PIECE_PX + 1) * PIECE_PX)
        yield start, end - start
        start = end
