"""Scenes as STAC items describe them, and how much of an area they show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, mapping, shape

from backend.scenes.sentinel1.naming import product_type_of
from backend.scenes.stac.assets import files_of, unavailable
from backend.scenes.stac.providers import Provider


@dataclass(frozen=True)
class FoundScene:
    """One scene of a STAC catalogue. What the catalogue does not state is null."""

    id: str
    catalogue: str
    collection: str
    time: str
    """ISO, in UTC."""
    orbit: str | None
    relative_orbit: int | None
    polarisations: tuple[str, ...]
    product_type: str | None
    """GRD or RTC."""
    cover: float
    """Share of the area inside the footprint, which is a coarse outline."""
    footprint: dict[str, Any]
    """GeoJSON in degrees."""
    unavailable: str = ""
    """Why it cannot be fetched; empty when it can."""

    @property
    def date(self) -> str:
        """The day, ISO."""
        return self.time[:10]


class LocalPlane:
    """An area (degrees) and the plane around its middle, where shares and distances are measured.

    In that plane neither the date line nor the border of a UTM zone is anything special.
    """

    def __init__(self, degrees: MultiPolygon) -> None:
        longitude, latitude = middle_of(shapely.get_coordinates(degrees))
        plane = f"+proj=laea +lon_0={longitude} +lat_0={latitude} +datum=WGS84"
        self._from_degrees = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
        self.crs = plane
        self.area = self.projected(degrees)

    def projected(self, degrees: shapely.Geometry) -> shapely.Geometry:
        """Return a shape in degrees in metres of the plane, where its edges are straight."""
        moved = shapely.transform(degrees, self._from_degrees.transform, interleaved=False)
        return shapely.make_valid(moved)

    def cover(self, footprint: Mapping[str, Any]) -> float:
        """Return the share of the area inside a footprint; 0 without one."""
        if not footprint:
            return 0.0
        return float(self.projected(shape(footprint)).intersection(self.area).area / self.area.area)


def read_item(item: Mapping[str, Any], provider: Provider, plane: LocalPlane) -> FoundScene:
    """Return a scene from the JSON of its item; what the item does not state is None or empty."""
    properties = item.get("properties") or {}
    files = files_of(item, provider)
    stated = [_text(name).upper() for name in properties.get("sar:polarizations") or files]
    orbit, relative = properties.get("sat:orbit_state"), properties.get("sat:relative_orbit")
    footprint = _footprint(item.get("geometry"))
    return FoundScene(
        id=_text(item.get("id")),
        catalogue=provider.name,
        collection=_text(item.get("collection") or provider.collection),
        time=_text(properties.get("datetime") or properties.get("start_datetime") or ""),
        orbit=_text(orbit).lower() if orbit else None,
        relative_orbit=relative if isinstance(relative, int) else None,
        polarisations=tuple(sorted(set(stated), reverse=True)),
        product_type=product_type_of(
            [provider.collection, str(item.get("id")), str(properties.get("sar:product_type"))]
        ),
        cover=plane.cover(footprint),
        footprint=footprint,
        unavailable=unavailable(files, provider),
    )


def _footprint(geometry: Any) -> dict[str, Any]:
    """Return an item's geometry when it is a polygon on earth, else an empty one."""
    try:
        outline = shapely.force_2d(shape(geometry))
    except (ShapelyError, ValueError, TypeError, LookupError, AttributeError):
        return {}
    finite = np.isfinite(shapely.get_coordinates(outline)).all() and not outline.is_empty
    polygon = outline.geom_type in ("Polygon", "MultiPolygon")
    return dict(mapping(outline)) if finite and polygon else {}


def _text(value: Any) -> str:
    """Return a value as text that can be encoded: JSON may hold halves of characters."""
    return str(value).encode("utf-8", "replace").decode()


def middle_of(lonlat: NDArray[np.float64]) -> tuple[float, float]:
    """Return longitude and latitude of the middle of places (n, 2), also across the date line."""
    longitude, latitude = np.radians(lonlat).T
    across = np.cos(latitude)
    x, y, z = (
        values.mean()
        for values in (across * np.cos(longitude), across * np.sin(longitude), np.sin(latitude))
    )
    return float(np.degrees(np.arctan2(y, x))), float(np.degrees(np.arctan2(z, np.hypot(x, y))))
