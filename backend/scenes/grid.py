"""Where a raster lies on earth, and which UTM zone that is.

The nouns of place, from a file to what an encoder sees:

- Grid: the pixels of one raster in its own CRS, as its header says.
- Footprint: a Grid seen from a UTM zone, with the transform between both.
- Patch: the Footprint of a VV and VH pair, which can be read.
- PixelBox: a Box of the absolute 10 m grid of a zone. Everything is read by such boxes, so that a
  pixel has the same value whatever else is read.
- Positions: rows and columns, or x and y, of many points: two arrays of one shape.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from rasterio.io import DatasetReader

from backend.errors import NotGeoreferenced

TERRAIN_CORRECT = (
    "Calibrate and terrain-correct it first (in SNAP: Calibration, then Range Doppler Terrain "
    "Correction), and give the GeoTIFF."
)

Positions = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True)
class Grid:
    """Where the pixels of a raster lie, in its own CRS."""

    crs: CRS
    transform: Affine
    width: int
    height: int

    @property
    def name(self) -> str:
        """The CRS, such as EPSG:4326."""
        epsg = self.crs.to_epsg()
        return f"EPSG:{epsg}" if epsg else str(self.crs.name)

    @property
    def centre(self) -> tuple[float, float]:
        """x and y of the middle, in the raster's CRS."""
        return self.transform @ (self.width / 2, self.height / 2)

    def matches(self, other: "Grid") -> bool:
        """Return whether both have the same pixels but for the last digits of a corner."""
        tolerance = abs(self.transform.determinant) ** 0.5 * 1e-6
        return (self.crs, self.width, self.height) == (other.crs, other.width, other.height) and (
            self.transform.almost_equals(other.transform, tolerance)
        )

    def outline(self) -> Positions:
        """Return x and y (128,) along the edge, in the raster's CRS."""
        t = np.linspace(0, 1, 32, endpoint=False)
        zero, one = np.zeros_like(t), np.ones_like(t)
        columns = np.concatenate([t, one, 1 - t, zero]) * self.width
        rows = np.concatenate([zero, t, one, 1 - t]) * self.height
        to_map = self.transform
        x = to_map.a * columns + to_map.b * rows + to_map.c
        return x, to_map.d * columns + to_map.e * rows + to_map.f


def grid_of(dataset: DatasetReader, name: str) -> Grid:
    """Return the raster's grid.

    Raises:
        NotGeoreferenced: it has no map coordinates, or an unknown CRS.
    """
    if dataset.crs is None or dataset.transform.is_identity:
        if dataset.gcps[0]:
            raise NotGeoreferenced(
                f"{name} has no map coordinates but ground control points in radar geometry.",
                TERRAIN_CORRECT,
            )
        raise NotGeoreferenced(
            f"{name} has no map coordinates.",
            "Terrain-correct the scene, or give it a CRS and a transform.",
        )
    try:
        crs = _crs(dataset.crs.to_wkt())
    except CRSError as error:
        raise NotGeoreferenced(f"The CRS of {name} is unknown: {error}.") from error
    return Grid(crs, dataset.transform, dataset.width, dataset.height)


@lru_cache(maxsize=64)
def _crs(wkt: str) -> CRS:
    """Return a CRS; of a thousand files most share one."""
    return CRS.from_wkt(wkt)


def transformer(source: CRS, target: CRS | str) -> Transformer:
    """Return the transform from one CRS to another, x (longitude, easting) first.

    Raises:
        NotGeoreferenced: none is known.
    """
    try:
        return Transformer.from_crs(source, target, always_xy=True)
    except ProjError as error:
        raise NotGeoreferenced(
            f'No transform is known from the CRS "{source.name}" to the UTM zone.',
            "Bring the scene to a CRS with an EPSG code.",
        ) from error


def utm_zone(grids: Sequence[Grid]) -> CRS:
    """Return the rasters' own WGS 84 UTM zone, or else that of the middle one's centre.

    Raises:
        NotGeoreferenced: they lie near a pole.
    """
    own = {_utm_epsg(grid.crs) for grid in grids}
    common = own.pop() if len(own) == 1 else None
    if common is not None:
        return CRS.from_epsg(common)
    middle = grids[len(grids) // 2]
    return utm_zone_at(*transformer(middle.crs, "EPSG:4326").transform(*middle.centre))


def utm_zone_at(longitude: float, latitude: float) -> CRS:
    """Return the WGS 84 UTM zone of a place.

    Raises:
        NotGeoreferenced: it lies near a pole.
    """
    if not -80 <= latitude <= 84:
        raise NotGeoreferenced(
            f"The scene's centre is at latitude {latitude:.1f}; UTM zones end at 84 N and 80 S.",
            "Check the CRS of the file.",
        )
    number = int((longitude + 180) % 360 // 6) + 1
    return CRS.from_epsg((32600 if latitude >= 0 else 32700) + number)


def _utm_epsg(crs: CRS) -> int | None:
    epsg = crs.to_epsg()
    utm = epsg is not None and epsg // 100 in (326, 327) and 1 <= epsg % 100 <= 60
    return epsg if utm else None
