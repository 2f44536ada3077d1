"""Where a raster lies on the absolute pixel grid of a UTM zone.

GDAL's warper interpolates positions between the corners of each piece that it warps: a tenth of a
pixel off, and off by something else when another piece is read. Here positions are interpolated
between nodes of the absolute grid, 160 m apart: exact to a few millimetres, and the same whatever
is read, so the same ground has the same score in every map.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio.windows import Window

from backend.errors import NotGeoreferenced, PixelsUnfit
from backend.scenes.box import PIXEL_M, PixelBox
from backend.scenes.grid import Grid, Positions, transformer

NODE_PX = 16

# A position this close to a pixel's edge belongs to the next pixel, whatever the last bit says.
_EDGE = 1e-6

# A pixel of so many metres of the equator, in degrees, is a little longer elsewhere.
_DEGREES_DIFFER = 1.01


@dataclass(frozen=True)
class Footprint:
    """Where a raster lies in a UTM zone."""

    name: str
    """The file's, for messages."""
    grid: Grid
    to_utm: Transformer
    """From the grid's CRS to the zone."""

    @property
    def zone(self) -> CRS:
        """The UTM zone."""
        return CRS(self.to_utm.target_crs)

    @cached_property
    def pixel_m(self) -> tuple[float, float]:
        """Width and height of the middle pixel in metres."""
        column, row = self.grid.width / 2, self.grid.height / 2
        corners = [(column, row), (column + 1, row), (column, row + 1)]
        x, y = zip(*(self.grid.transform @ corner for corner in corners), strict=True)
        east, north = (np.array(values) for values in self.to_utm.transform(x, y))
        sides = np.hypot(east[1:] - east[0], north[1:] - north[0])
        return float(sides[0]), float(sides[1])

    @cached_property
    def extent(self) -> PixelBox:
        """The absolute pixels that the raster touches.

        Raises:
            NotGeoreferenced: it reaches beyond its map projection.
        """
        east, north = self.to_utm.transform(*self.grid.outline())
        if not (np.isfinite(east).all() and np.isfinite(north).all()):
            raise NotGeoreferenced(f"{self.name} reaches beyond its map projection.")
        # A corner that rounding puts just outside adds no empty row.
        columns, rows = np.asarray(east) / PIXEL_M, -np.asarray(north) / PIXEL_M
        return PixelBox(
            int(np.floor(rows.min() + _EDGE)),
            int(np.floor(columns.min() + _EDGE)),
            int(np.ceil(rows.max() - _EDGE)),
            int(np.ceil(columns.max() - _EDGE)),
        )

    def require_pixels(self, finest_m: float, coarsest_m: float, remedy: str) -> None:
        """Check that a pixel's sides are between these.

        Raises:
            PixelsUnfit: they are not.
        """
        finest, coarsest = finest_m / _DEGREES_DIFFER, coarsest_m * _DEGREES_DIFFER
        if not finest <= min(self.pixel_m) <= max(self.pixel_m) <= coarsest:
            x, y = self.pixel_m
            raise PixelsUnfit(
                f"{self.name} has pixels of {x:.4g} × {y:.4g} m; "
                f"{finest_m:g} to {coarsest_m:g} m were expected.",
                remedy,
            )

    def nodes(self, box: PixelBox) -> Positions:
        """Return rows and columns (h, w) in the file, in pixels, of the nodes around `box`."""
        east, north = np.meshgrid(
            _nodes_around(box.col0, box.col1) * PIXEL_M,
            -_nodes_around(box.row0, box.row1) * PIXEL_M,
        )
        x, y = self.to_utm.transform(east, north, direction="INVERSE")
        if self.grid.crs.is_geographic:  # a file across the date line counts on beyond 180 degrees
            middle = self.grid.centre[0]
            x = (x - middle + 180) % 360 - 180 + middle
        columns, rows = ~self.grid.transform @ (x, y)
        return rows, columns

    def window(self, nodes: Positions, margin: int = 0) -> Window | None:
        """Return the part of the file between nodes (h, w); None when it has none there."""
        if not all(np.isfinite(grid).all() for grid in nodes):
            return None
        size = np.array([self.grid.height, self.grid.width])
        low = np.floor([grid.min() for grid in nodes]).astype(int) - margin
        high = np.ceil([grid.max() for grid in nodes]).astype(int) + margin
        start, stop = np.clip(low, 0, size), np.clip(high, 0, size)
        if (stop <= start).any():
            return None
        return Window(start[1], start[0], stop[1] - start[1], stop[0] - start[0])


def bounds_of(footprints: Sequence[Footprint], zone: CRS) -> tuple[float, float, float, float]:
    """Return west, south, east, north in degrees; west > east across the date line."""
    outlines = [each.to_utm.transform(*each.grid.outline()) for each in footprints]
    east, north = (np.concatenate(values) for values in zip(*outlines, strict=True))
    longitude, latitude = transformer(zone, "EPSG:4326").transform(east, north)
    # Counted from the first point on, longitudes do not jump at the date line.
    first = longitude[0]
    longitude = (longitude - first + 180) % 360 - 180 + first
    return (
        float((longitude.min() + 180) % 360 - 180),
        float(latitude.min()),
        float(180 - (180 - longitude.max()) % 360),
        float(latitude.max()),
    )


def positions(
    nodes: Positions, window: Window, box: PixelBox, per_row: int = 1, per_column: int = 1
) -> Positions:
    """Return row and column in `window` of points spread evenly over each pixel of `box`.

    Both are (h * per_row, w * per_column); `nodes` are those around the box.
    """
    rows, columns = (
        _interpolate(grid - start, box, per_row, per_column)
        for grid, start in zip(nodes, (window.row_off, window.col_off), strict=True)
    )
    return rows, columns


def nearest(
    values: NDArray[np.float32], rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return the pixel of `values` (bands, H, W) that each position lies in; NaN outside."""
    row = np.floor(rows + _EDGE).astype(np.int64)
    column = np.floor(columns + _EDGE).astype(np.int64)
    bands, height, width = values.shape
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    index = np.where(inside, row * width + column, 0)
    return np.where(inside, values.reshape(bands, -1).take(index, axis=1), np.float32(np.nan))


def _nodes_around(start: int, stop: int) -> NDArray[np.int64]:
    """Return the absolute grid's nodes around pixels start to stop - 1 of one axis."""
    return np.arange(start // NODE_PX, -(-stop // NODE_PX) + 1) * NODE_PX


def _interpolate(
    nodes: NDArray[np.float64], box: PixelBox, per_row: int, per_column: int
) -> NDArray[np.float64]:
    """Return values (h * per_row, w * per_column) at points spread evenly over each pixel."""
    rows = _between_nodes(box.row0, box.row1, per_row)
    columns = _between_nodes(box.col0, box.col1, per_column)
    return _along(_along(nodes, rows, 0), columns, 1)


def _between_nodes(start: int, stop: int, per_pixel: int) -> NDArray[np.float64]:
    """Return where the points of pixels start to stop - 1 lie among the nodes around them."""
    points = np.arange(start * per_pixel, stop * per_pixel) + 0.5
    return points / (NODE_PX * per_pixel) - start // NODE_PX


def _along(nodes: NDArray[np.float64], at: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    below = np.floor(at).astype(int)
    share = np.expand_dims(at - below, 1 - axis)
    return nodes.take(below, axis) * (1 - share) + nodes.take(below + 1, axis) * share
