"""Where to ask: a polygon in any CRS."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from pyproj.exceptions import CRSError
from shapely.affinity import translate
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, shape

from backend.errors import AreaInvalid, AreaOutsideScene
from backend.scenes.crs import stated_crs

_EXPECTED = "Expected a GeoJSON Polygon or MultiPolygon with some extent."
_EDGE_PARTS = 100

MOST_CORNERS, MOST_PARTS, MOST_CROSSINGS = 20_000, 2_000, 1_000
"""An area has no more. Each crossing of edges becomes a corner, and n edges may cross n² times."""

MOST_DENSE = 10 * MOST_CORNERS
"""Corners once long edges are cut, so that they stay straight elsewhere."""

_MARGIN_DEGREES = 0.5


@dataclass(frozen=True)
class Area:
    """A polygon in degrees (EPSG:4326), its edges dense enough to stay straight elsewhere.

    Example:
        area = Area.read(Path("area.geojson"))
        with open_any("scene.tif", near=area.degrees) as scene:
            ...
    """

    degrees: MultiPolygon

    @classmethod
    def from_geojson(cls, geojson: Mapping[str, Any], crs: str = "EPSG:4326") -> "Area":
        """Return the area of a Polygon, MultiPolygon, Feature or FeatureCollection in `crs`.

        A `crs` member, as older files have it, counts more than the argument.

        Raises:
            AreaInvalid: it is not a polygon with an extent, or its CRS is unknown or does not fit.
        """
        own = crs_member(geojson)
        polygon = _polygon(_geometries(geojson))
        try:
            to_degrees = Transformer.from_crs(stated_crs(own or crs), "EPSG:4326", always_xy=True)
        except (CRSError, ValueError) as error:
            raise AreaInvalid(
                f'The area\'s CRS "{str(own or crs)[:60]}" is unknown.',
                "Expected one such as EPSG:4326.",
            ) from error
        west, south, east, north = polygon.bounds
        longest = max(east - west, north - south) / _EDGE_PARTS
        if polygon.length / longest > MOST_DENSE:
            raise _too_intricate()
        dense = polygon.segmentize(longest)
        degrees = _move(dense, to_degrees)
        if degrees is None or not shapely.box(-360, -90, 360, 90).covers(degrees):
            raise AreaInvalid(
                f"The area reaches from ({west:.6g}, {south:.6g}) to ({east:.6g}, {north:.6g}), "
                f"which {str(own or crs)[:60]} does not reach.",
                "State the CRS of its coordinates, longitude or easting first.",
            )
        return cls(degrees)

    @classmethod
    def read(cls, path: Path) -> "Area":
        """Return the area of a GeoJSON file, in degrees unless the file names a CRS.

        Raises:
            AreaInvalid: the file cannot be read, or is not an area.
        """
        try:
            return cls.from_geojson(json.loads(path.read_text(encoding="utf-8-sig")))
        except (OSError, ValueError, RecursionError) as error:
            raise AreaInvalid(
                f"{path} cannot be read as GeoJSON: {error}.", "Export the area as GeoJSON."
            ) from error

    @property
    def geojson(self) -> dict[str, Any]:
        """The polygon in degrees as GeoJSON, true to a decimetre, without spare corners."""
        return dict(json.loads(shapely.to_geojson(shapely.simplify(self.degrees, 1e-6))))

    def in_zone(self, utm_epsg: int, bounds: tuple[float, float, float, float]) -> MultiPolygon:
        """Return the part near `bounds` (west, south, east, north in degrees), in metres of a zone.

        It is cut in degrees first: far from its zone UTM does not hold.

        Raises:
            AreaOutsideScene: no part is near.
        """
        nearby = polygonal(self.degrees.intersection(_around(bounds)))
        to_utm = Transformer.from_crs("EPSG:4326", utm_epsg, always_xy=True)
        metres = _move(nearby, to_utm) if nearby else None
        if metres is None:
            raise outside(bounds)
        return metres


def outside(bounds: tuple[float, float, float, float]) -> AreaOutsideScene:
    """Return the error for an area that does not touch a scene with these bounds."""
    west, south, east, north = bounds
    return AreaOutsideScene(
        "The area and the scene do not overlap; the scene lies at "
        f"{_degrees(west, east, 'W', 'E')}, {_degrees(south, north, 'S', 'N')}.",
        "Draw the area inside the scene.",
    )


def _degrees(low: float, high: float, negative: str, positive: str) -> str:
    """Return two angles as maps write them: 10.2° W to 3.4° E."""
    return " to ".join(
        f"{abs(each):.3f}° {negative if each < 0 else positive}" for each in (low, high)
    )


def _geometries(geojson: Any) -> list[Any]:
    """Return all geometries in a geometry, a feature or a collection."""
    if not isinstance(geojson, Mapping):
        raise AreaInvalid("The area is not a GeoJSON object.", _EXPECTED)
    parts = geojson.get("features") or geojson.get("geometries")
    if isinstance(parts, list):
        return [geometry for part in parts for geometry in _geometries(part)]
    if "geometry" in geojson:
        return [geojson["geometry"]]
    return [geojson]


def _polygon(geometries: list[Any]) -> MultiPolygon:
    """Return all polygons as one valid shape with an extent."""
    _require_bounded(geometries)
    given = []
    for geometry in geometries:
        kind = geometry.get("type") if isinstance(geometry, Mapping) else None
        if kind not in ("Polygon", "MultiPolygon"):
            raise AreaInvalid(f"The area is a {kind or 'thing without a type'}.", _EXPECTED)
        try:
            given.append(shapely.force_2d(shape(geometry)))
        except (
            ShapelyError,
            ValueError,
            TypeError,
            LookupError,
            AttributeError,
            ArithmeticError,
        ) as error:
            raise AreaInvalid("The area's coordinates form no polygon.", _EXPECTED) from error
    if not all(np.isfinite(shapely.get_coordinates(part)).all() for part in given):
        raise AreaInvalid("The area has coordinates that are not numbers.", _EXPECTED)
    _require_few_crossings(given)
    try:
        shapes = [_valid(part) for part in given]
    except ShapelyError as error:
        raise AreaInvalid("The area's coordinates form no polygon.", _EXPECTED) from error
    polygon = polygonal(shapely.union_all(shapes))
    if polygon is None:
        raise AreaInvalid("The area has no extent.", _EXPECTED)
    return polygon


def _valid(geometry: shapely.Geometry) -> shapely.Geometry:
    """Return the geometry made valid by its rings: fast, also where thousands of edges cross."""
    return shapely.make_valid(geometry, method="structure", keep_collapsed=False)


def _require_bounded(geometries: list[Any]) -> None:
    """Raise AreaInvalid when there are too many corners or parts, before any shape is made."""
    corners, parts, left = (
        0,
        0,
        [one.get("coordinates") for one in geometries if isinstance(one, Mapping)],
    )
    while left and max(corners - MOST_CORNERS, parts - MOST_PARTS) <= 0:
        one = left.pop()
        if not isinstance(one, list | tuple) or not one:
            continue
        if isinstance(one[0], list | tuple):
            left += one
            parts += isinstance(one[0][:1] and one[0][0], list | tuple)
        else:
            corners += 1
    if corners > MOST_CORNERS or parts > MOST_PARTS:
        raise _too_intricate()


def _require_few_crossings(shapes: list[shapely.Geometry]) -> None:
    """Raise AreaInvalid when edges cross too often to be mended soon; looks no further then."""
    corners, ring = shapely.get_coordinates(shapely.get_rings(shapes), return_index=True)
    within = ring[1:] == ring[:-1]
    edges = shapely.linestrings(np.stack([corners[:-1][within], corners[1:][within]], axis=1))
    tree, found = shapely.STRtree(edges), 0
    for start in range(0, len(edges), 200):
        found += tree.query(edges[start : start + 200], predicate="crosses").shape[1]
        if found > 2 * MOST_CROSSINGS:  # each is found from both sides
            raise _too_intricate()


def _too_intricate() -> AreaInvalid:
    return AreaInvalid(
        f"The area has more than {MOST_CORNERS:,} corners, {MOST_PARTS:,} parts or "
        f"{MOST_CROSSINGS:,} crossings of its edges.",
        "Simplify it (in QGIS: Vector, Geometry Tools, Simplify), or take a part of it.",
    )


def polygonal(geometry: shapely.Geometry) -> MultiPolygon | None:
    """Return the polygons of a geometry; None when they have no extent."""
    parts = [
        part
        for part in shapely.get_parts(shapely.get_parts(geometry))
        if isinstance(part, Polygon) and part.area > 0
    ]
    return MultiPolygon(parts) if parts else None


def on_globe(degrees: shapely.Geometry) -> MultiPolygon:
    """Return the area with all longitudes from -180 to 180, cut in two at the date line.

    Its rings run as GeoJSON wants them: to NASA's catalogue a clockwise ring is the earth without
    the area.
    """
    world = shapely.box(-180, -90, 180, 90)
    turned = [translate(degrees, turn).intersection(world) for turn in (-360, 0, 360)]
    parts = shapely.get_parts(shapely.get_parts(turned))
    area: MultiPolygon = shapely.orient_polygons(
        MultiPolygon([part for part in parts if part.area > 0])
    )
    return area


def _move(polygon: MultiPolygon, transformer: Transformer) -> MultiPolygon | None:
    """Return the polygon in another CRS; None where that does not reach."""
    moved = shapely.transform(polygon, transformer.transform, interleaved=False)
    if not np.isfinite(shapely.get_coordinates(moved)).all():
        return None
    return polygonal(_valid(moved))


def _around(bounds: tuple[float, float, float, float]) -> shapely.Geometry:
    """Return the box of these bounds with a margin; two boxes across the date line."""
    west, south, east, north = bounds
    west, east = west - _MARGIN_DEGREES, east + _MARGIN_DEGREES
    south, north = south - _MARGIN_DEGREES, north + _MARGIN_DEGREES
    if west <= east:
        return shapely.box(west, south, east, north)
    return shapely.union(
        shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)
    )


def crs_member(geojson: Any) -> str | None:
    """Return the name in a `crs` member of GeoJSON, None where it has none."""
    member = geojson.get("crs") if isinstance(geojson, Mapping) else None
    properties = member.get("properties") if isinstance(member, Mapping) else None
    name = properties.get("name") if isinstance(properties, Mapping) else None
    # OGC:CRS84 is EPSG:4326 with longitude first, which always holds here.
    return "EPSG:4326" if name and "CRS84" in str(name) else name
