"""Where cells are encoded, on the map."""

from collections.abc import Collection

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from shapely.geometry import MultiPolygon, Polygon, box

from backend.features.store.array import FeatureArray, Index
from backend.scenes.area import on_globe
from backend.scenes.box import PIXEL_M, Box
from backend.scenes.grid import transformer

WGS84 = CRS.from_epsg(4326)
STEP_M = 20_000.0
"""Sides of a square in metres bend in degrees, so they get a point this often."""
DIGITS = 7  # of degrees: a centimetre


def footprint_of(array: FeatureArray, blocks: Collection[Index] | None = None) -> MultiPolygon:
    """Return where blocks lie inside the scene's extent, in degrees (EPSG:4326); maybe empty.

    They are cut at the date line. All blocks that have data when `blocks` are left out.

    Raises:
        StoreInvalid: the store cannot be read.
    """
    if blocks is None:
        found = (array.receipt(index) for index in array.receipts())
        blocks = [receipt.block for receipt in found if receipt and receipt.valid]
    extent = _metres(Box(*array.info.pixels["extent"]), PIXEL_M)
    cell_m = array.lattice.cell_m
    squares = shapely.union_all([_metres(array.box(index), cell_m) for index in blocks])
    inside = shapely.segmentize(squares.intersection(extent), STEP_M)
    if inside.is_empty:
        return MultiPolygon()
    to_degrees = transformer(CRS.from_epsg(array.info.utm_epsg), WGS84)
    turned = shapely.transform(inside, to_degrees.transform, interleaved=False)
    first = shapely.get_coordinates(turned)[0, 0]

    def settled(points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Round, and let longitudes count on across the date line."""
        points[:, 0] = (points[:, 0] - first + 180) % 360 - 180 + first
        return points.round(DIGITS)

    return on_globe(shapely.transform(turned, settled))


def _metres(cells: Box, side_m: float) -> Polygon:
    west, north = cells.transform(side_m) @ (0, 0)
    east, south = cells.transform(side_m) @ (cells.width, cells.height)
    return box(west, south, east, north)
