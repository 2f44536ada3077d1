"""An area comes in any CRS; one that is none is refused in one sentence."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer
from shapely.geometry import box, mapping

from backend.errors import AreaInvalid, AreaOutsideScene
from backend.maps import Area
from backend.scenes.area import outside

WORLD = (-180.0, -80.0, 180.0, 84.0)


def square(west: float, south: float, side: float) -> dict[str, Any]:
    return dict(mapping(box(west, south, west + side, south + side)))


@given(st.floats(-170, 170), st.floats(-75, 78), st.floats(0.001, 0.5))
def test_the_metres_of_an_area_are_those_on_the_ground(
    west: float, south: float, side: float
) -> None:
    zone = (32600 if south >= 0 else 32700) + int((west + 180) // 6) + 1
    shape = Area.from_geojson(square(west, south, side)).in_zone(zone, WORLD)
    line = box(west, south, west + side, south + side).segmentize(side / 100)
    true = abs(Geod(ellps="WGS84").geometry_area_perimeter(line)[0])
    assert shape.area == pytest.approx(true, rel=0.003)


@pytest.mark.parametrize("crs", ["EPSG:32633", "EPSG:3857", "EPSG:3035", "OGC:CRS84"])
def test_a_square_means_the_same_in_every_crs(crs: str) -> None:
    to_crs = Transformer.from_crs("EPSG:32633", crs, always_xy=True)
    utm = box(400_000, 5_300_000, 450_000, 5_350_000).segmentize(500)
    there = shapely.transform(utm, lambda xy: np.stack(to_crs.transform(*xy.T), axis=1))
    shape = Area.from_geojson(mapping(there), crs).in_zone(32633, WORLD)
    assert shape.symmetric_difference(utm).area / utm.area < 1e-5


def test_features_and_collections_are_taken_and_joined() -> None:
    one = {"type": "Feature", "properties": {}, "geometry": square(10, 50, 0.1)}
    two = {"type": "Feature", "properties": {}, "geometry": square(10.1, 50, 0.1)}
    both = Area.from_geojson({"type": "FeatureCollection", "features": [one, two]})
    assert both.degrees.area == pytest.approx(0.02)
    assert Area.from_geojson(one).degrees.area == pytest.approx(0.01)


def test_the_crs_a_file_names_counts() -> None:
    member = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32633"}}
    geojson = {**square(500_000, 5_300_000, 1000), "crs": member}
    west, south, _, _ = Area.from_geojson(geojson).degrees.bounds
    assert west == pytest.approx(15) and south == pytest.approx(47.85, abs=0.01)


def test_a_line_that_crosses_itself_still_bounds_an_area() -> None:
    bow = [[10, 50], [10.1, 50.1], [10.1, 50], [10, 50.1], [10, 50]]
    area = Area.from_geojson({"type": "Polygon", "coordinates": [bow]})
    assert area.degrees.is_valid and area.degrees.area == pytest.approx(0.005)


def test_the_area_in_the_provenance_has_no_spare_corners() -> None:
    corners = shapely.get_coordinates(
        shapely.geometry.shape(Area.from_geojson(square(10, 50, 0.1)).geojson)
    )
    assert len(corners) == 5


RING = [[10, 50], [10.1, 50], [10.1, 50.1], [10, 50]]


@pytest.mark.parametrize(
    "geojson",
    [
        {},
        [],
        None,
        "POLYGON",
        {"type": "Point", "coordinates": [10, 50]},
        {"type": "LineString", "coordinates": RING},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[]]},
        {"type": "Polygon", "coordinates": [[[10, 50]]]},
        {"type": "Polygon", "coordinates": [[[10, 50], [11, 51], [10, 50]]]},
        {"type": "Polygon", "coordinates": [[[10, 50], [11, 51], [12, 52], [10, 50]]]},
        {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]},
        {"type": "Polygon", "coordinates": [[[None, 50]] * 4]},
        {"type": "Polygon", "coordinates": [[[float("nan"), 50], *RING[1:]]]},
        {"type": "Polygon", "coordinates": [[[1e309, 50], *RING[1:]]]},
        {"type": "Polygon", "coordinates": [[[10**400, 50], *RING[1:]]]},
        {"type": "Polygon", "coordinates": [[[10, 500], [11, 500], [11, 501], [10, 500]]]},
        {"type": "Polygon", "coordinates": "everywhere"},
        {"type": "Feature", "geometry": None},
        {"type": "FeatureCollection", "features": []},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]},
    ],
)
def test_what_is_no_area_is_refused(geojson: Any) -> None:
    with pytest.raises(AreaInvalid):
        Area.from_geojson(geojson)


def test_metres_taken_for_degrees_are_refused_with_the_cure() -> None:
    with pytest.raises(AreaInvalid, match="EPSG:4326 does not reach") as raised:
        Area.from_geojson(square(400_000, 5_300_000, 1000))
    assert "CRS" in raised.value.remedy


@pytest.mark.parametrize("crs", ["EPSG:999999", "the moon", ""])
def test_an_unknown_crs_is_named(crs: str) -> None:
    with pytest.raises(AreaInvalid, match="CRS"):
        Area.from_geojson(square(10, 50, 0.1), crs)


def test_the_whole_world_is_cut_to_what_lies_near_the_scene() -> None:
    area = Area.from_geojson(dict(mapping(box(-180, -90, 180, 90))))
    shape = area.in_zone(32633, (14.0, 48.0, 15.0, 49.0))
    assert np.isfinite(shape.bounds).all() and shape.area < 5e10


@pytest.mark.parametrize("place", [(-100, 40), (14, -48), (105, 48)])
def test_an_area_elsewhere_is_outside(place: tuple[float, float]) -> None:
    area = Area.from_geojson(square(*place, 0.1))
    with pytest.raises(AreaOutsideScene, match=r"14\.000° E to 15\.000° E"):
        area.in_zone(32633, (14.0, 48.0, 15.0, 49.0))


def test_a_scene_in_the_west_and_south_lies_where_maps_have_it() -> None:
    error = outside((-72.492, -1.5, -72.466, 0.25))
    assert error.message.endswith("72.492° W to 72.466° W, 1.500° S to 0.250° N.")


def test_areas_on_both_sides_of_the_date_line_are_found() -> None:
    bounds = (179.9, -17.1, -179.9, -17.0)
    for west in (179.92, -179.95):
        shape = Area.from_geojson(square(west, -17.05, 0.01)).in_zone(32760, bounds)
        assert shape.area > 1e6
