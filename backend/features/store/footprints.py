"""What is encoded, on the map."""

from collections.abc import Iterator
from dataclasses import dataclass

import shapely
from pyproj import CRS
from shapely.geometry import MultiPolygon, Polygon, box

from backend.features.store.array import FeatureArray
from backend.scenes.box import PIXEL_M, Box
from backend.scenes.grid import transformer

WGS84 = CRS.from_epsg(4326)
STEP_M = 20_000.0
"""Sides of a square in metres bend in degrees, so they get a point this often."""


@dataclass(frozen=True)
class StoredFootprint:
    """Where one array has cells with data."""

    array: str
    """Name of the array."""
    scene: str
    """Name of the scene."""
    date: str | None
    """ISO."""
    encoder: str
    """Name of the encoder."""
    identity: str
    """Identity of the encoder, by which heads know it."""
    shape: MultiPolygon
    """Encoded blocks with data inside the scene's extent, in degrees (EPSG:4326); maybe empty."""


def footprint_of(array: FeatureArray) -> StoredFootprint:
    """Return where an array has cells with data.

    Raises:
        StoreInvalid: the store cannot be read.
    """
    info, shape = array.info, _in_degrees(array)
    return StoredFootprint(info.name, info.scene, info.date, info.encoder, info.identity, shape)


def _in_degrees(array: FeatureArray) -> MultiPolygon:
    extent = _metres(Box(*array.info.pixels["extent"]), PIXEL_M)
    squares = shapely.union_all([*_squares(array)]).intersection(extent)
    to_degrees = transformer(CRS.from_epsg(array.info.utm_epsg), WGS84)
    turned = shapely.transform(
        shapely.segmentize(squares, STEP_M), to_degrees.transform, interleaved=False
    )
    parts = shapely.get_parts(turned)
    return MultiPolygon([part for part in parts if isinstance(part, Polygon)])


def _squares(array: FeatureArray) -> Iterator[Polygon]:
    for index in array.receipts():
        receipt = array.receipt(index)
        if receipt is not None and receipt.valid:
            yield _metres(array.box(index), array.lattice.cell_m)


def _metres(cells: Box, side_m: float) -> Polygon:
    west, north = cells.transform(side_m) @ (0, 0)
    east, south = cells.transform(side_m) @ (cells.width, cells.height)
    return box(west, south, east, north)
