"""The pixels of a file in and around an area."""

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
"""How much is fetched around an area, so that windows at its edge have pixels on all sides."""

PIECE_PX = 2048


class Crop:
    """The part of a file on `grid` around the area of a plane.

    `window` is None when the file shows none of it; `area_px` is the area in pixels of the file.

    Raises:
        NotGeoreferenced: the file's CRS cannot be compared with the area's.
    """

    def __init__(self, plane: LocalPlane, grid: Grid) -> None:
        self._area = _in_pixels(plane.area, plane, grid)
        self.area_px = float(self._area.area)
        self.window = _window(_in_pixels(plane.area.buffer(MARGIN_M), plane, grid), grid)

    def pieces(self) -> Iterator[Window]:
        """Yield the window in squares whose sides lie where those of the file's own blocks do."""
        if self.window is not None:
            for top, height in _spans(self.window.row_off, self.window.height):
                for left, width in _spans(self.window.col_off, self.window.width):
                    yield Window(left, top, width, height)

    def inside(self, piece: Window) -> NDArray[np.bool_]:
        """Return which pixels (h, w) of a piece the area touches."""
        size = (piece.height, piece.width)
        corner = Affine.translation(piece.col_off, piece.row_off)
        return geometry_mask([self._area], size, corner, all_touched=True, invert=True)


def _in_pixels(shape: shapely.Geometry, plane: LocalPlane, grid: Grid) -> shapely.Geometry:
    """Return a shape of the plane in columns and rows of the file."""
    to_file = transformer(CRS(plane.crs), grid.crs)

    def to_pixels(x: NDArray[np.float64], y: NDArray[np.float64]) -> Positions:
        x, y = to_file.transform(x, y)
        if grid.crs.is_geographic:  # a file across the date line counts on beyond 180 degrees
            middle = grid.centre[0]
            x = (x - middle + 180) % 360 - 180 + middle
        columns, rows = ~grid.transform @ (x, y)
        return columns, rows

    return shapely.transform(shapely.segmentize(shape, MARGIN_M), to_pixels, interleaved=False)


def _window(wide: shapely.Geometry, grid: Grid) -> Window | None:
    """Return the pixels of the file that a shape touches, or None when there are none."""
    if not np.isfinite(shapely.get_coordinates(wide)).all():
        return None
    left, top, right, bottom = wide.bounds
    col0, row0 = max(0, math.floor(left)), max(0, math.floor(top))
    col1, row1 = min(grid.width, math.ceil(right)), min(grid.height, math.ceil(bottom))
    return Window(col0, row0, col1 - col0, row1 - row0) if col0 < col1 and row0 < row1 else None


def _spans(start: int, length: int) -> Iterator[tuple[int, int]]:
    """Yield starts and lengths of pieces of a row, cut at multiples of PIECE_PX."""
    stop = start + length
    while start < stop:
        end = min(stop, (start // PIECE_PX + 1) * PIECE_PX)
        yield start, end - start
        start = end
