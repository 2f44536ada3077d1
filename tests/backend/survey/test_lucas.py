"""LUCAS as it is published: its columns, fill values, signs, places and photographs."""

import csv
import re
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from typer.testing import CliRunner

from backend.errors import SurveyInvalid
from backend.survey.__main__ import app
from backend.survey.lucas import read_lucas
from backend.survey.points import CLASSES, UNKNOWN, read_points, write_points

# The columns of EU_2018_20200213.CSV, in their order.
PRIMARY = re.findall(
    r"\w+",
    """
POINT_ID NUTS0 NUTS1 NUTS2 NUTS3 TH_LAT TH_LONG OFFICE_PI EX_ANTE SURVEY_DATE
CAR_LATITUDE CAR_EW CAR_LONGITUDE GPS_PROJ GPS_PREC GPS_ALTITUDE GPS_LAT GPS_EW GPS_LONG
OBS_DIST OBS_DIRECT OBS_TYPE LC1 LC1_SPEC LC1_PERC LC2 LC2_SPEC LC2_PERC LU1 LU1_TYPE
LU1_PERC LU2 LU2_TYPE LU2_PERC PARCEL_AREA_HA PHOTO_POINT PHOTO_NORTH PHOTO_EAST
PHOTO_SOUTH PHOTO_WEST
    """,
)
HARMONISED = re.findall(
    r"\w+",
    """
id point_id year nuts0 nuts1 nuts2 nuts3 th_lat th_long office_pi ex_ante survey_date
gps_proj gps_prec gps_altitude gps_lat gps_ew gps_long obs_dist obs_direct obs_type
letter_group lc1 lc1_label lu1 lu1_label photo_point photo_north photo_south photo_east
photo_west revisit file_path_gisco_north file_path_gisco_south file_path_gisco_east
file_path_gisco_west
    """,
)
SITE = "https://gisco-services.ec.europa.eu/lucas/photos/2018"
# A visited point, west of Ghent, as published: the id, the theoretical place and the GPS agree.
GHENT = {
    "POINT_ID": "38863102",
    "NUTS0": "BE",
    "NUTS2": "BE23",
    "TH_LAT": "50.863822271",
    "TH_LONG": "3.812952713",
    "OFFICE_PI": "0",
    "SURVEY_DATE": "12/07/18",
    "GPS_LAT": "50.863709",
    "GPS_EW": "1",
    "GPS_LONG": "3.813208",
    "OBS_TYPE": "1",
    "LC1": "A11",
    "LU1": "U370",
} | {f"PHOTO_{side}": "1" for side in ("POINT", "NORTH", "EAST", "SOUTH", "WEST")}
NO_GPS = {"GPS_LAT": "88.888888", "GPS_EW": "8", "GPS_LONG": "88.888888"}
# Read in the office: no GPS, no photograph.
OFFICE = GHENT | NO_GPS | {"POINT_ID": "38863060", "OBS_TYPE": "7", "OFFICE_PI": "1"}
OFFICE |= {f"PHOTO_{side}": "2" for side in ("POINT", "NORTH", "EAST", "SOUTH", "WEST")}
TO_METRES = Transformer.from_crs(4326, 3035, always_xy=True)
TO_DEGREES = Transformer.from_crs(3035, 4326, always_xy=True)
PORTO = {"POINT_ID": "27462180", "NUTS0": "PT", "NUTS2": "PT11"}


def write_table(path: Path, columns: list[str], rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="8", quoting=csv.QUOTE_NONNUMERIC)
        writer.writeheader()
        writer.writerows(rows)
    return path


def degrees(name: str) -> tuple[float, float]:
    """Longitude and latitude of a point id."""
    return TO_DEGREES.transform(int(name[:4]) * 1000, int(name[4:]) * 1000)


def grid_id(lon: float, lat: float) -> str:
    """The point id nearest to a place."""
    return "".join(str(round(metres / 1000)) for metres in TO_METRES.transform(lon, lat))


@pytest.fixture
def read(tmp_path: Path):
    """Points and counts of rows of the primary table."""

    def read(*rows: dict[str, str]):
        return read_lucas(write_table(tmp_path / "EU_2018_20200213.CSV", PRIMARY, list(rows)))

    return read


def test_a_visited_point_has_its_place_date_region_class_and_four_photographs(read) -> None:
    points, counts = read(GHENT)
    assert points.ids.tolist() == ["38863102"]
    assert (points.lon[0], points.lat[0]) == pytest.approx((3.813208, 50.863709), abs=1e-6)
    assert points.date[0] == np.datetime64("2018-07-12")
    assert points.region.tolist() == ["BE23"]
    assert CLASSES[points.land_class[0]] == "A"
    assert points.views[0].tolist() == [f"{SITE}/BE/388/631/38863102{side}.jpg" for side in "NESW"]
    assert counts.rows == 1 and not counts.dropped and counts.position == {"GPS": 1}


def test_the_id_tells_the_theoretical_place_that_is_published(read) -> None:
    points, counts = read(GHENT | NO_GPS | {"TH_LAT": "88.888888", "TH_LONG": "88.888888"})
    place = float(GHENT["TH_LONG"]), float(GHENT["TH_LAT"])
    assert (points.lon[0], points.lat[0]) == pytest.approx(place, abs=1e-6)
    assert counts.position == {"point id": 1}


def test_without_gps_a_point_stands_at_its_theoretical_place(read) -> None:
    points, counts = read(GHENT | NO_GPS)
    assert points.lat[0] == pytest.approx(float(GHENT["TH_LAT"]), abs=1e-7)
    assert counts.position == {"theoretical degrees": 1}


@pytest.mark.parametrize(
    ("side", "written", "expected"),
    [
        ("2", "8.41", -8.41),
        ("1", "3.81", 3.81),
        ("West", "8.41", -8.41),
        ("W", "-8.41", -8.41),
        ("East", "3.81", 3.81),
    ],
)
def test_gps_ew_carries_the_sign(read, side, written, expected) -> None:
    row = {
        "POINT_ID": grid_id(expected, 41.0),
        "GPS_EW": side,
        "GPS_LONG": written,
        "GPS_LAT": "41.0",
    }
    points, counts = read(GHENT | row)
    assert points.lon[0] == pytest.approx(expected, abs=1e-7)
    assert counts.position == {"GPS": 1}


def test_close_to_greenwich_only_gps_ew_can_tell(read) -> None:
    row = {"POINT_ID": grid_id(0.0, 52.0), "GPS_LONG": "0.002", "GPS_LAT": "52.0"}
    assert read(GHENT | row | {"GPS_EW": "2"})[0].lon[0] == pytest.approx(-0.002, abs=1e-7)
    assert read(GHENT | row | {"GPS_EW": "1"})[0].lon[0] == pytest.approx(0.002, abs=1e-7)


def test_gps_far_from_the_id_is_wrong(read) -> None:
    points, counts = read(GHENT | {"GPS_LAT": "51.863709"})
    assert points.lat[0] == pytest.approx(float(GHENT["TH_LAT"]), abs=1e-7)
    assert counts.position == {"theoretical degrees": 1}


@pytest.mark.parametrize(
    ("metres", "name"),
    [
        ({"TH_LAT": "3102000", "TH_LONG": "3886000"}, "theoretical metres"),
        ({"TH_LAT": "3886000.0", "TH_LONG": "3102000.0"}, "theoretical metres, easting first"),
    ],
)
def test_a_theoretical_place_in_metres_is_understood_either_way_round(read, metres, name) -> None:
    points, counts = read(GHENT | NO_GPS | metres)
    place = float(GHENT["TH_LONG"]), float(GHENT["TH_LAT"])
    assert (points.lon[0], points.lat[0]) == pytest.approx(place, abs=1e-6)
    assert counts.position == {name: 1}


def test_points_read_in_the_office_and_points_without_photographs_are_dropped_and_counted(
    read,
) -> None:
    none = {f"PHOTO_{side}": "8" for side in ("NORTH", "EAST", "SOUTH", "WEST")}
    points, counts = read(
        OFFICE,
        OFFICE | {"POINT_ID": "38863062", "PHOTO_NORTH": "1"},  # said to be there, cannot be
        GHENT | PORTO | none,
        GHENT,
        GHENT,
        GHENT | {"POINT_ID": "38863104", "NUTS2": "8"},
    )
    assert points.ids.tolist() == ["38863102"]
    assert counts.rows == 6
    assert counts.dropped == {
        "interpreted in the office": 2,
        "without a photograph": 1,
        "a second time in the table": 1,
        "without a region": 1,
    }


def test_a_missing_photograph_leaves_the_other_views(read) -> None:
    points, _ = read(GHENT | {"PHOTO_NORTH": "2", "PHOTO_SOUTH": "8"})
    assert (points.views[0] != "").tolist() == [False, True, False, True]
    assert [photo.view for photo in points.photographs()] == ["east", "west"]


def test_land_cover_gives_eight_classes_and_fill_values_none(read) -> None:
    codes = ["A22", "B11", "C10", "D20", "E10", "F40", "G11", "H12", "8", "", "B55 ", "bx1"]
    codes += ["Empty", "Heath"]
    points, counts = read(
        *(GHENT | {"POINT_ID": f"388631{i:02}", "LC1": code} for i, code in enumerate(codes))
    )
    assert points.land_class.tolist() == [*range(8), UNKNOWN, UNKNOWN, 1, 1, UNKNOWN, UNKNOWN]
    assert counts.without_class == 4


def test_the_harmonised_table_says_the_same_in_words(tmp_path, read) -> None:
    words = {"1": "Photo taken", "2": "Photo not taken"}
    row = {name.lower(): value for name, value in GHENT.items()}
    row |= {f"photo_{side}": words["1"] for side in ("north", "east", "south", "west")}
    row |= {"year": "2018", "gps_ew": "East", "obs_type": "In situ < 100 m"}
    rows = [
        row | {"photo_west": words["2"], "survey_date": "2018-07-12 00:00:00"},
        row | {"point_id": "38863104", "obs_type": "In office PI"},
        row | {"point_id": "38863106", "year": "2015"},
    ]
    path = write_table(tmp_path / "lucas_harmo_uf.csv", HARMONISED, rows)
    points, counts = read_lucas(path)
    primary, _ = read(GHENT | {"PHOTO_WEST": "2"})
    for name in ("ids", "lon", "lat", "date", "region", "land_class", "views"):
        np.testing.assert_array_equal(getattr(points, name), getattr(primary, name))
    assert counts.dropped == {"interpreted in the office": 1, "of another year": 1}


def test_paths_of_photographs_stand_in_for_their_codes(tmp_path) -> None:
    columns = [name for name in HARMONISED if not name.startswith("photo_")]
    row = {name.lower(): value for name, value in GHENT.items() if "PHOTO" not in name}
    row |= {"year": "2018", "file_path_gisco_north": "https://example.org/n.jpg"}
    row |= {"file_path_gisco_east": "photos/2018/e.jpg", "file_path_gisco_south": "NA"}
    points, _ = read_lucas(write_table(tmp_path / "lucas.csv", columns, [row]))
    north, east, south, west = points.views[0]
    assert (north, south, west) == ("https://example.org/n.jpg", "", "")
    assert east == f"{SITE}/BE/388/631/38863102E.jpg"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/07/18", "2018-07-12"),
        ("12/07/2018", "2018-07-12"),
        ("2018-07-12", "2018-07-12"),
        ("2018-07-12T09:30:00", "2018-07-12"),
        ("12-07-2018", "2018-07-12"),
        ("8", "NaT"),
        ("", "NaT"),
    ],
)
def test_dates_are_read_in_every_published_form(read, text, day) -> None:
    assert str(read(GHENT | {"SURVEY_DATE": text})[0].date[0]) == day


@settings(max_examples=10)
@given(order=st.permutations(range(6)))
def test_the_order_of_the_rows_changes_nothing(order, tmp_path_factory) -> None:
    folder = tmp_path_factory.mktemp("order")
    ids = ["38863102", "38863104", "27462180", "45001500", "50002000", "38863106"]
    rows = [GHENT | NO_GPS | {"POINT_ID": name, "NUTS2": f"R{i % 4}"} for i, name in enumerate(ids)]
    path = write_table(folder / "lucas.csv", PRIMARY, [rows[i] for i in order])
    points, _ = read_lucas(path)
    assert points.ids.tolist() == sorted(ids)
    for name, lon, lat in zip(points.ids, points.lon, points.lat, strict=True):
        assert (lon, lat) == pytest.approx(degrees(name), abs=1e-6)


def test_a_table_of_points_reads_back_what_lucas_gave(read, tmp_path) -> None:
    points, _ = read(GHENT, GHENT | PORTO | {"PHOTO_EAST": "2", "LC1": "8", "SURVEY_DATE": ""})
    write_points(points, tmp_path / "points.csv")
    again = read_points(tmp_path / "points.csv")
    for name in ("ids", "lon", "lat", "date", "region", "land_class", "views", "undirected"):
        before, after = getattr(points, name), getattr(again, name)
        if before.dtype == float:
            np.testing.assert_allclose(after, before, atol=1e-7)
        else:
            np.testing.assert_array_equal(after, before)


def test_the_command_writes_split_points_and_says_what_it_dropped(tmp_path) -> None:
    rows = [GHENT | {"POINT_ID": f"388631{i:02}", "NUTS2": f"BE{i % 10}"} for i in range(50)]
    path = write_table(tmp_path / "lucas.csv", PRIMARY, [*rows, OFFICE])
    arguments = [
        "lucas",
        str(path),
        "-o",
        str(tmp_path / "points.csv"),
        "--sizes",
        "30",
        "10",
        "10",
    ]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "train 30 in 6 regions, validation 10 in 2 regions, test 10 in 2" in result.output
    assert "Dropped from 51 rows: 1 interpreted in the office." in result.output
    assert "Without a class: 0." in result.output
    assert (read_points(tmp_path / "points.csv").split is not None) and "GPS" in result.output


# Bad input


@pytest.mark.parametrize("column", ["POINT_ID", "NUTS2", "GPS_EW", "OBS_TYPE", "LC1"])
def test_a_missing_column_is_named_with_the_file(tmp_path, column) -> None:
    columns = [name for name in PRIMARY if name != column]
    row = {name: value for name, value in GHENT.items() if name != column}
    path = write_table(tmp_path / "cut.csv", columns, [row])
    with pytest.raises(SurveyInvalid, match=rf"cut\.csv lacks the column {column.lower()}"):
        read_lucas(path)


def test_missing_photo_columns_are_named(tmp_path) -> None:
    columns = [name for name in PRIMARY if name != "PHOTO_EAST"]
    row = {name: value for name, value in GHENT.items() if name != "PHOTO_EAST"}
    with pytest.raises(SurveyInvalid, match="photo_east; expected it or file_path_gisco_east"):
        read_lucas(write_table(tmp_path / "cut.csv", columns, [row]))


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("POINT_ID", "3886310", "eight digits"),
        ("POINT_ID", "3.88e+07", "eight digits"),
        ("GPS_LAT", "50,86", "a number"),
        ("TH_LONG", "inf", "a number"),
        ("SURVEY_DATE", "July", "dd/mm/yy"),
    ],
)
def test_a_row_that_cannot_be_read_names_row_and_field(read, field, value, expected) -> None:
    pattern = rf"CSV, row 3: {field.lower()} is '{value}'; expected {expected}".replace("+", r"\+")
    with pytest.raises(SurveyInvalid, match=pattern):
        read(GHENT | PORTO, GHENT | {field: value})


def test_a_row_cut_short_is_named(tmp_path) -> None:
    path = write_table(tmp_path / "lucas.csv", PRIMARY, [GHENT])
    path.write_text(path.read_text() + '"38863104","BE"\n')
    with pytest.raises(SurveyInvalid, match=r"row 3 has 2 fields; expected 40"):
        read_lucas(path)


def test_a_table_without_rows_and_one_of_which_nothing_is_left_are_refused(read, tmp_path) -> None:
    with pytest.raises(SurveyInvalid, match=r"empty\.csv has no points"):
        read_lucas(write_table(tmp_path / "empty.csv", PRIMARY, []))
    with pytest.raises(SurveyInvalid, match="1 interpreted in the office"):
        read(OFFICE)


def test_what_is_no_table_is_refused(tmp_path) -> None:
    (tmp_path / "binary.csv").write_bytes(bytes(range(128, 256)))
    (tmp_path / "nothing.csv").write_bytes(b"")
    for name, said in [
        ("binary.csv", "not UTF-8"),
        ("nothing.csv", "lacks the column"),
        ("absent.csv", "cannot be read"),
    ]:
        with pytest.raises(SurveyInvalid, match=said):
            read_lucas(tmp_path / name)


def test_a_date_of_the_table_is_a_date(read) -> None:
    assert read(GHENT)[0].date[0].astype(date) == date(2018, 7, 12)
