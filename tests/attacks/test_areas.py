"""Areas: their CRS is a code, WKT or PROJJSON; their corners and parts are counted."""

import math

import pytest
from pyproj import CRS
from shapely.geometry import box, mapping

from backend.errors import AreaInvalid
from backend.scenes import area as area_module
from backend.scenes.area import Area
from backend.scenes.crs import LONGEST, stated_crs

SQUARE = {"type": "Polygon", "coordinates": [[[9, 48], [9.1, 48], [9.1, 48.1], [9, 48]]]}

REFUSED = [
    "",
    "x",
    "+proj=longlat",
    "proj=utm zone=32",
    "+init=epsg:4326",
    "+proj=pipeline +step +proj=utm",
    "+proj=longlat +nadgrids=a.gsb",
    "a.prj",
    "/dev/null",
    "file:a",
    "http://127.0.0.1/a",
    "EPSG:4326+5773",
    "EPSG:4326\0",
    "WGS 84",
    "{}",
    "[" * 5000,
    '{"type": "Conversion"}',
    '{"type": "GeographicCRS", "name": "a.gsb"}',
    'GEOGCS["a", EXTENSION["PROJ4", "+proj=longlat +nadgrids=a.gsb"]]',
    'BOUNDCRS[SOURCECRS[a],PARAMETERFILE["a","b"]]',
    'COORDINATEOPERATION["a"]',
    "GEOGCS[" + "a" * LONGEST,
]


@pytest.mark.parametrize("text", REFUSED)
def test_a_crs_that_could_lead_to_a_file_or_a_grid_is_refused(text: str) -> None:
    with pytest.raises(AreaInvalid) as refusal:
        Area.from_geojson(SQUARE, crs=text)
    assert len(str(refusal.value)) < 300
    member = {"type": "name", "properties": {"name": text}}
    if text:
        with pytest.raises(AreaInvalid):
            Area.from_geojson({**SQUARE, "crs": member})


@pytest.mark.parametrize(
    "code", ["EPSG:4326", "EPSG:32632", "EPSG:3857", "ESRI:54009", "EPSG:28992"]
)
def test_codes_wkt_and_projjson_of_a_crs_are_read(code: str) -> None:
    crs = CRS(code)
    for text in (code, code.lower(), crs.to_wkt(), crs.to_wkt("WKT1_GDAL"), crs.to_json()):
        assert stated_crs(text).to_authority() == crs.to_authority()


def test_an_area_has_a_bounded_number_of_corners_and_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(area_module, "MOST_CORNERS", 40)
    monkeypatch.setattr(area_module, "MOST_PARTS", 5)
    ring = [[9 + math.cos(i), 48 + math.sin(i)] for i in range(41)]
    for kind, coordinates in (
        ("Polygon", [ring]),
        ("MultiPolygon", [[ring[:21]], [ring[20:]]]),
        ("MultiPolygon", [SQUARE["coordinates"]] * 7),
    ):
        with pytest.raises(AreaInvalid, match="more than 40 corners, 5 parts"):
            Area.from_geojson({"type": kind, "coordinates": coordinates})
    features = [{"type": "Feature", "geometry": SQUARE}] * 12
    with pytest.raises(AreaInvalid, match="more than 40 corners"):
        Area.from_geojson({"type": "FeatureCollection", "features": features})
    assert Area.from_geojson(SQUARE).degrees.area > 0


def test_edges_that_cross_are_mended_by_their_rings() -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}
    assert Area.from_geojson(bow).degrees.area == pytest.approx(2)


def test_edges_cross_a_bounded_number_of_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(area_module, "MOST_CROSSINGS", 20)
    star = [[math.cos(i * 2.5), math.sin(i * 2.5)] for i in range(30)]
    with pytest.raises(AreaInvalid, match="20 crossings"):
        Area.from_geojson({"type": "Polygon", "coordinates": [[*star, star[0]]]})
    bars = [box(-5, i, 5, i + 0.5) for i in range(6)] + [box(i, -5, i + 0.5, 5) for i in range(6)]
    features = [{"type": "Feature", "geometry": mapping(bar)} for bar in bars]
    with pytest.raises(AreaInvalid, match="20 crossings"):
        Area.from_geojson({"type": "FeatureCollection", "features": features})


def test_long_edges_are_cut_a_bounded_number_of_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(area_module, "MOST_DENSE", 1000)
    comb = [[x, 48 + (i % 2)] for i, x in enumerate(9 + k / 100 for k in range(20))]
    with pytest.raises(AreaInvalid, match="corners"):
        Area.from_geojson({"type": "Polygon", "coordinates": [[*comb, [9.3, 50], comb[0]]]})
