"""One georeferenced pair of bands, sampled on the absolute pixel grid of a UTM zone.

GDAL's warper interpolates positions between the corners of each piece that it warps: a tenth of a
pixel off, and off by something else when another piece is read. Here positions are interpolated
between nodes of the absolute grid, 160 m apart: exact to a few millimetres, and the same whatever
is read, so a place has the same score in every map.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from rasterio.windows import Window

from backend.errors import NotGeoreferenced, PixelsUnfit
from backend.scenes.bands import Pair
from backend.scenes.box import PIXEL_M, PixelBox
from backend.scenes.files import OpenFiles
from backend.scenes.grid import Grid, Positions
from backend.scenes.units import Units, to_power

NODE_PX = 16
FINEST_M, COARSEST_M = 2.0, 40.0
SMOOTH_FROM_M = 14.0

# A position this close to a pixel's edge belongs to the next pixel, whatever the last bit says.
_EDGE = 1e-6


@dataclass(frozen=True)
class Patch:
    """VV and VH on one grid, seen from a UTM zone; `to_utm` leads there from the file's CRS."""

    pair: Pair
    grid: Grid
    to_utm: Transformer
    files: OpenFiles = field(repr=False)

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
        """The absolute pixels that the patch touches. NotGeoreferenced."""
        east, north = self.to_utm.transform(*self.grid.outline())
        if not (np.isfinite(east).all() and np.isfinite(north).all()):
            raise NotGeoreferenced(f"{self.pair.vv.path.name} reaches beyond its map projection.")
        # A corner that rounding puts a hair outside adds no empty row.
        columns, rows = np.asarray(east) / PIXEL_M, -np.asarray(north) / PIXEL_M
        return PixelBox(
            int(np.floor(rows.min() + _EDGE)),
            int(np.floor(columns.min() + _EDGE)),
            int(np.ceil(rows.max() - _EDGE)),
            int(np.ceil(columns.max() - _EDGE)),
        )

    def check_pixels(self) -> None:
        """PixelsUnfit when Sentinel-1 cannot have pixels of this size."""
        if not FINEST_M <= min(self.pixel_m) <= max(self.pixel_m) <= COARSEST_M:
            x, y = self.pixel_m
            raise PixelsUnfit(
                f"{self.pair.vv.path.name} has pixels of {x:.4g} × {y:.4g} m; "
                f"{FINEST_M:g} to {COARSEST_M:g} m were expected.",
                "Take the product at about 10 m.",
            )

    def read_power(self, box: PixelBox, units: Units) -> NDArray[np.float32] | None:
        """Linear power (2, h, w) of the absolute pixels of `box`, NaN where there is no data.

        None when there is none at all, as in most of many a scene. Nearest pixel at about 10 m,
        which keeps the statistics of speckle; the mean of several when the file is finer; bilinear
        when it is coarser than 14 m.
        """
        nodes = self._nodes(box)
        smooth = max(self.pixel_m) > SMOOTH_FROM_M
        window = self._window(nodes, margin=1 if smooth else 0)
        stored = None if window is None else self.read_raw(window)
        if window is None or stored is None or not np.nan_to_num(stored).any():
            return None
        per_column, per_row = (max(1, round(PIXEL_M / side)) for side in self.pixel_m)
        rows, columns = (
            _interpolate(grid - start, box, per_row, per_column)
            for grid, start in zip(nodes, (window.row_off, window.col_off), strict=True)
        )
        sampled = (bilinear if smooth else nearest)(to_power(stored, units), rows, columns)
        return _mean_of_blocks(sampled, per_row, per_column)

    def read_raw(self, window: Window) -> NDArray[np.float32]:
        """Values (2, h, w) as stored, after scale and offset, NaN for no data."""
        bands = (self.pair.vv, self.pair.vh)
        return np.stack([self.files.read(band.path, band.number, window) for band in bands])

    def _nodes(self, box: PixelBox) -> Positions:
        """Row and column in the file, counted in pixels, of the grid's nodes around `box`."""
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

    def _window(self, nodes: Positions, margin: int) -> Window | None:
        """The part of the file between these nodes; None when it holds none of it."""
        if not all(np.isfinite(grid).all() for grid in nodes):
            return None
        size = np.array([self.grid.height, self.grid.width])
        low = np.floor([grid.min() for grid in nodes]).astype(int) - margin
        high = np.ceil([grid.max() for grid in nodes]).astype(int) + margin
        start, stop = np.clip(low, 0, size), np.clip(high, 0, size)
        if (stop <= start).any():
            return None
        return Window(start[1], start[0], stop[1] - start[1], stop[0] - start[0])


def nearest(
    values: NDArray[np.float32], rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> NDArray[np.float32]:
    """The pixel of `values` (2, H, W) that each position lies in; NaN outside."""
    row = np.floor(rows + _EDGE).astype(np.int64)
    column = np.floor(columns + _EDGE).astype(np.int64)
    height, width = values.shape[1:]
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    index = np.where(inside, row * width + column, 0)
    return np.where(inside, values.reshape(2, -1).take(index, axis=1), np.float32(np.nan))


def bilinear(
    values: NDArray[np.float32], rows: NDArray[np.float64], columns: NDArray[np.float64]
) -> NDArray[np.float32]:
    """The four nearest pixels of `values` weighted by closeness, those without data left out.

    NaN where the pixel that the position lies in has no data.
    """
    total = np.zeros((2, *rows.shape), np.float32)
    weight = np.zeros_like(total)
    top, left = np.floor(rows - 0.5), np.floor(columns - 0.5)
    for down in (0, 1):
        for right in (0, 1):
            corner = nearest(values, top + down, left + right)
            share = (1 - abs(rows - 0.5 - top - down)) * (1 - abs(columns - 0.5 - left - right))
            there = np.isfinite(corner)
            total += np.where(there, corner * share.astype(np.float32), 0)
            weight += there * share.astype(np.float32)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(np.isfinite(nearest(values, rows, columns)), total / weight, np.nan)


def _nodes_around(start: int, stop: int) -> NDArray[np.int64]:
    """The grid's nodes around pixels start to stop - 1 of one axis."""
    return np.arange(start // NODE_PX, -(-stop // NODE_PX) + 1) * NODE_PX


def _interpolate(
    nodes: NDArray[np.float64], box: PixelBox, per_row: int, per_column: int
) -> NDArray[np.float64]:
    """Values (h * per_row, w * per_column) at points spread evenly over each pixel of `box`."""
    rows = _between_nodes(box.row0, box.row1, per_row)
    columns = _between_nodes(box.col0, box.col1, per_column)
    return _along(_along(nodes, rows, 0), columns, 1)


def _between_nodes(start: int, stop: int, per_pixel: int) -> NDArray[np.float64]:
    """Where the points of pixels start to stop - 1 lie among the nodes around them."""
    points = np.arange(start * per_pixel, stop * per_pixel) + 0.5
    return points / (NODE_PX * per_pixel) - start // NODE_PX


def _along(nodes: NDArray[np.float64], at: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    below = np.floor(at).astype(int)
    share = np.expand_dims(at - below, 1 - axis)
    return nodes.take(below, axis) * (1 - share) + nodes.take(below + 1, axis) * share


def _mean_of_blocks(
    values: NDArray[np.float32], per_row: int, per_column: int
) -> NDArray[np.float32]:
    """Mean over blocks of per_row x per_column points that have data."""
    if per_row == per_column == 1:
        return values
    shape = (2, values.shape[1] // per_row, per_row, values.shape[2] // per_column, per_column)
    blocks = values.reshape(shape)
    there = np.isfinite(blocks)
    count = there.sum(axis=(2, 4), dtype=np.float32)
    total = np.where(there, blocks, 0).sum(axis=(2, 4), dtype=np.float32)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(count > 0, total / count, np.float32(np.nan))
