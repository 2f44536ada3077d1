"""Files as users have them, made by `../shared/cases`: each is read right, or refused with its
true cause and a remedy that works."""

import runpy
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from backend.errors import (
    BandMissing,
    BandsUnclear,
    GlueLinkError,
    SceneUnreadable,
    UnitsUnclear,
)
from backend.scenes import open_any

CASES = Path(__file__).resolve().parents[5] / "shared" / "cases" / "make.py"
SNAP = "subset_Orb_Cal_TC"

Read = tuple[Any, NDArray[np.float32]]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not CASES.exists():
        pytest.skip("../shared/cases is absent: the cases of real users' files")
    folder = tmp_path_factory.mktemp("cases")
    runpy.run_path(str(CASES))["main"](folder)
    return folder


def read(path: Path, **stated: Any) -> Read:
    with open_any(path, **stated) as scene:
        return scene.info, scene.read(scene.extent)


def first_file(folder: Path) -> Path:
    return sorted(file for file in folder.iterdir() if file.is_file())[0]


@pytest.mark.parametrize(
    ("case", "like", "tolerance"),
    [
        ("hyp3_amplitude", "plain.tif", 0.001),
        ("browser_names", "plain.tif", 0.001),
        ("log_floor", "plain_border.tif", 0.001),
        ("coherence_first", "plain.tif", 0.001),
        ("snap_linear_and_db", "plain.tif", 0.001),
        ("planetary_computer_item", "plain.tif", 0.001),
        ("snap_geotiff", "plain.tif", 0.001),
        ("db_times_100", "plain.tif", 0.006),
    ],
)
@pytest.mark.parametrize("given", ["folder", "file"])
def test_the_same_pixels_are_read(
    case: str, like: str, tolerance: float, given: str, cases: Path
) -> None:
    path = cases / case
    if given == "file":
        while path.is_dir():
            path = sorted(entry for entry in path.iterdir() if entry.suffix != ".hdr")[0]
        if case == "snap_linear_and_db":
            pytest.skip("a file of the folder is what it is")
    expected = read(cases / like)[1]
    found = read(path)[1]
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    np.testing.assert_allclose(found, expected, atol=tolerance)


def test_power_of_16_bits_is_read_within_its_own_steps(cases: Path) -> None:
    info, db = read(cases / "browser_16_bit")
    expected = read(cases / "plain.tif")[1]
    inside = expected[1] > -25  # a step of 1/65535 is more than that below
    np.testing.assert_allclose(db[1][inside], expected[1][inside], atol=0.03)
    assert any("65,535" in check.text for check in info.checks if check.level == "warning")


def test_of_linear_and_db_one_is_taken_and_that_is_said(cases: Path) -> None:
    for path in (f"{SNAP}.data", f"{SNAP}.dim"):
        info, db = read(cases / "containers" / path)
        np.testing.assert_allclose(db, read(cases / "plain.tif")[1], atol=0.001)
        assert any("are taken, and not Sigma0_VV_db" in check.text for check in info.checks)


def test_the_dates_of_a_stack_are_read_warned_of_and_chosen(cases: Path) -> None:
    stack, plain = cases / "snap_stack", read(cases / "plain.tif")[1]
    info, _ = read(stack)
    warnings = [check for check in info.checks if check.level == "warning"]
    assert "carry 2 dates, 2017-10-18 to 2017-10-30" in warnings[0].text
    np.testing.assert_allclose(read(stack, date="2017-10-30")[1], plain, atol=0.001)
    np.testing.assert_allclose(read(stack, date="2017-10-18")[1], plain - 6, atol=0.001)


def test_dates_are_found_in_names_and_in_folders(cases: Path) -> None:
    for case, day in {
        "digital_earth_africa": "2018-01-04",
        "planetary_computer_item": "2017-10-30",
        "hyp3_amplitude": "2017-10-30",
        "browser_names": "2017-10-30",
    }.items():
        assert read(cases / case)[0].date == day


def test_bands_without_names_are_asked_for_and_can_be_stated(cases: Path) -> None:
    plain = read(cases / "plain.tif")[1]
    path = cases / "three_without_names" / "response.tiff"
    with pytest.raises(BandMissing) as refusal:
        read(path)
    assert "--vv 1 --vh 2" in refusal.value.remedy
    np.testing.assert_allclose(read(path, bands={"VV": 1, "VH": 2})[1], plain, atol=0.001)


def test_a_band_for_each_date_is_asked_for_and_can_be_stated(cases: Path) -> None:
    path = cases / "dates_as_bands"
    for given in (path, first_file(path)):
        with pytest.raises(BandsUnclear, match="6 bands without names; one was expected"):
            read(given)
        last = read(given, bands={"VV": 6, "VH": 6})[1]
        np.testing.assert_allclose(last, read(cases / "plain.tif")[1], atol=0.06)


def test_40_metres_in_degrees_are_a_scene(cases: Path) -> None:
    info, _ = read(cases / "forty_metres_in_degrees")
    assert max(info.pixel_m) == pytest.approx(40.04, abs=0.02)


@pytest.mark.parametrize(
    ("path", "error", "message", "remedy"),
    [
        ("amplitude_not_calibrated", UnitsUnclear, "no radar measures", "Calibrate the scene"),
        (
            "containers/S1A_IW_GRDH_1SDV_20171030T053230_20171030T053255_019034_020325_25AD.zarr",
            SceneUnreadable,
            "an EOPF Zarr product in radar geometry",
            "terrain-correct it first",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_cause(
    path: str, error: type[GlueLinkError], message: str, remedy: str, cases: Path
) -> None:
    with pytest.raises(error, match=message) as refusal:
        read(cases / path)
    assert remedy in refusal.value.remedy


def test_a_dim_without_its_data_says_what_is_missing(cases: Path, tmp_path: Path) -> None:
    alone = shutil.copy(cases / "containers" / f"{SNAP}.dim", tmp_path)
    with pytest.raises(SceneUnreadable, match=r"lie in the folder subset_Orb_Cal_TC\.data"):
        read(Path(alone))


def test_a_virtual_raster_is_read_below_its_folder_and_nowhere_else(
    cases: Path, tmp_path: Path
) -> None:
    vrt = cases / "containers" / "merged.vrt"
    np.testing.assert_array_equal(read(vrt)[1], read(cases / "plain.tif")[1])
    elsewhere = Path(shutil.copy(vrt, tmp_path))
    elsewhere.write_text(elsewhere.read_text().replace("plain.tif", str(cases / "plain.tif")))
    with pytest.raises(SceneUnreadable, match="not a file below its own folder") as refusal:
        read(elsewhere)
    assert "Export it as GeoTIFF" in refusal.value.remedy


@pytest.mark.parametrize("case", ["hyp3_amplitude", "db_times_100", "snap_geotiff"])
def test_each_decision_has_its_evidence(case: str, cases: Path) -> None:
    info, _ = read(cases / case)
    by_subject = {finding.about: finding for finding in info.findings}
    assert {"bands", "units", "date", "no data", "geometry"} <= set(by_subject)
    assert all(finding.evidence and 0 < finding.confidence <= 1 for finding in info.findings)
    assert by_subject["units"].evidence in info.summary
