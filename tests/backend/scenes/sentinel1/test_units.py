"""Units are proposed from values, reported, and overruled; names and tags give date and product."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from backend.errors import ConfigInvalid, SceneUnreadable, UnitsUnclear
from backend.scenes import open_scene
from backend.scenes.sentinel1.naming import date_of, polarisation_of, product_type_of
from backend.scenes.sentinel1.unit_decision import decide_units
from backend.scenes.sentinel1.units import Claim, Units, to_db, to_power
from tests.support.rasters import speckled, write_raster


def scattered(vv: float, vh: float, seed: int) -> NDArray[np.float64]:
    """dB (2, n) around two levels, with speckle and a tenth of far brighter places."""
    rng = np.random.default_rng(seed)
    level = np.array([[vv], [vh]]) + np.where(rng.random(3000) < 0.1, 9.0, 0.0)
    return level + 10 * np.log10(rng.gamma(4.4, 1 / 4.4, (2, 3000)))


def decided(values: NDArray[np.float64], whole: bool, claim: Claim | None = None) -> str:
    """The units that values are read in, with their scale; empty where they are asked for."""
    try:
        units = decide_units(values.astype(np.float32), whole, claim)
    except UnitsUnclear:
        return ""
    return f"{units.name} {units.scale:g}"


@example(vv=-4.375, below=5.375, seed=27, sea=False)
@given(vv=st.floats(-24, -4), below=st.floats(5, 9), seed=st.integers(0, 99), sea=st.booleans())
def test_land_and_sea_are_told_in_db_power_and_digital_numbers_or_asked_for(
    vv: float, below: float, seed: int, sea: bool
) -> None:
    db = scattered(vv, vv - below, seed)
    if sea:
        db[:, :600] -= 8
    assert decided(db, False) == "db 1"
    assert decided(np.round(db * 100), True) in ("db 0.01", "")
    assert decided(10 ** (db / 10), False) in ("linear 1", *([] if -22 < vv < -9 else [""]))
    assert decided(np.round(10 ** ((db + 83) / 20)), True) in ("dn 1", "")
    sixteen_bits = np.minimum(np.round(10 ** (db / 10) * 65535), 65535)
    assert decided(sixteen_bits, True) in ("linear 1.5259e-05", "")


@given(vv=st.floats(-14, -7), below=st.floats(5, 8), seed=st.integers(0, 99))
def test_amplitude_of_land_is_never_taken_for_power(vv: float, below: float, seed: int) -> None:
    db = scattered(vv, vv - below, seed)
    assert decided(10 ** (db / 20), False) in ("amplitude 1", "")


def test_an_uncalibrated_grd_is_told_from_calibrated_numbers() -> None:
    amplitude = 10 ** (scattered(-10, -17, 1) / 20)
    with pytest.raises(UnitsUnclear, match="before calibration") as refusal:
        decide_units(np.round(amplitude * 474).astype(np.float32), whole=True)
    assert refusal.value.remedy.startswith("Calibrate the scene first")


def test_a_claim_counts_and_what_fits_the_values_better_is_said() -> None:
    power = (10 ** (scattered(-10, -17, 1) / 10)).astype(np.float32)
    claimed = decide_units(power, False, Claim("amplitude", 'by the name "amplitude"'))
    assert claimed.name == "amplitude"
    assert claimed.doubt.startswith("By the values alone, as linear power VV has a median of -10.")
    assert not decide_units(power, False, Claim("linear", "as stated")).doubt


def test_power_that_noise_was_taken_from_is_power_though_some_is_below_zero() -> None:
    power = 10 ** (scattered(-12, -19, 1) / 10)
    power[:, :300] = np.random.default_rng(0).normal(0, 2e-3, (2, 300))  # a calm lake
    assert decided(power, False) == "linear 1"
    assert decided(power, False, Claim("linear", 'by the name "Sigma0_VV"')) == "linear 1"


@pytest.mark.parametrize("units", ["linear", "amplitude", "dn"])
def test_a_median_that_no_radar_has_is_refused_even_when_it_is_stated(units: str) -> None:
    values = np.full((2, 1000), 5e2 if units != "dn" else 5e5, np.float32)
    with pytest.raises(UnitsUnclear, match="no radar measures"):
        decide_units(values, False, Claim(units, "as stated", confidence=1.0))


@pytest.mark.parametrize(
    ("values", "whole"),
    [
        (np.linspace(-180, 180, 1000), False),  # a phase or a longitude
        (np.linspace(5, 15, 1000), False),
        (np.linspace(0.4, 1.0, 1000) * 1e6, False),
        (np.array([1, 2, 3, 4] * 250), True),  # classes
        (np.full(1000, np.nan), False),
    ],
)
def test_values_that_fit_nothing_are_refused(values: NDArray[np.float64], whole: bool) -> None:
    with pytest.raises(UnitsUnclear):
        decide_units(np.stack([values, values]).astype(np.float32), whole)


def test_the_refusal_says_what_was_found_and_what_to_state(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "scene.tif", speckled(60, 60) + 1e7)
    with pytest.raises(UnitsUnclear, match=r"VV lies between .* with median") as raised:
        open_scene(path)
    assert "State the units: dB, linear power, amplitude or digital numbers" in raised.value.remedy


def test_power_that_was_multiplied_is_read_with_a_stated_scale(tmp_path: Path) -> None:
    db = speckled(60, 60)
    stored = np.round(10 ** (db / 10) * 10_000).astype(np.uint16)
    path = write_raster(tmp_path / "scene.tif", stored)
    with pytest.raises(UnitsUnclear):
        open_scene(path)
    with open_scene(path, units="linear", scale=1e-4) as scene:
        np.testing.assert_allclose(scene.read(scene.extent), db, atol=1.5)


def test_values_are_multiplied_with_a_stated_scale_and_nothing_else(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "scene.tif", np.round(speckled(60, 60) * 100).astype(np.int16))
    with pytest.raises(UnitsUnclear, match="Read as dB, as stated, no sampled pixel"):
        open_scene(path, units="db", scale=1)


def test_a_stated_scale_counts_instead_of_the_file_s_own(tmp_path: Path) -> None:
    stored = np.round(speckled(60, 60) * 100).astype(np.int16)
    path = write_raster(tmp_path / "scene.tif", stored, scales=(0.05, 0.05), offsets=(3, 3))
    with open_scene(path, units="db", scale=0.01) as scene:
        np.testing.assert_allclose(scene.read(scene.extent), stored / 100, atol=1e-4)


@given(st.floats(-39, 25), st.floats(-39, 25), st.floats(-90, -40))
def test_power_and_db_are_each_other_s_inverse(vv: float, vh: float, offset: float) -> None:
    db = np.array([[[vv]], [[vh]]], np.float32)
    for name, values in {
        "db": db,
        "linear": 10 ** (db / 10),
        "amplitude": 10 ** (db.astype(np.float64) / 20),
        "dn": 10 ** ((db.astype(np.float64) - offset) / 20),
    }.items():
        if name == "db" and not db.any():
            continue
        power = to_power(values.astype(np.float32), Units(name, "", offset))
        np.testing.assert_allclose(to_db(power), db, atol=1e-4)


def test_stated_units_overrule_and_unusual_levels_are_warned_of(tmp_path: Path) -> None:
    dn = np.round(10 ** ((speckled(80, 80) + 60) / 20)).astype(np.uint16)
    path = write_raster(tmp_path / "scene.tif", dn)
    with open_scene(path, units="dn", dn_offset_db=-76) as scene:
        assert any("is unusual" in check.text for check in scene.info.checks)
    with open_scene(path, units="dn", dn_offset_db=-60) as scene:
        assert scene.info.units_reason == "digital numbers, as stated."
        assert not any("is unusual" in check.text for check in scene.info.checks)


def test_stated_units_under_which_nothing_is_left_are_refused(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "scene.tif", speckled(60, 60) - 10)
    with pytest.raises(UnitsUnclear, match="Read as linear power, as stated, no sampled pixel"):
        open_scene(path, units="linear")


def test_units_of_another_name_are_refused(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "scene.tif", speckled(60, 60))
    with pytest.raises(ConfigInvalid, match='The option "units" is "watts"'):
        open_scene(path, units="watts")


@pytest.mark.parametrize("offset", [np.nan, np.inf, 1e9, -1e9])
def test_an_impossible_offset_is_refused(offset: float, tmp_path: Path) -> None:
    path = write_raster(tmp_path / "scene.tif", speckled(60, 60))
    with pytest.raises(ConfigInvalid, match="dn_offset_db"):
        open_scene(path, units="dn", dn_offset_db=offset)


def test_a_scene_that_is_empty_but_for_a_corner_is_understood(tmp_path: Path) -> None:
    db = np.full((2, 1500, 1500), np.nan, np.float32)
    db[:, -120:, -120:] = speckled(120, 120)
    with open_scene(write_raster(tmp_path / "scene.tif", db)) as scene:
        assert scene.info.units == "db"


@pytest.mark.parametrize("value", [np.nan, 0])
def test_a_scene_without_any_value_is_refused(value: float, tmp_path: Path) -> None:
    path = write_raster(tmp_path / "scene.tif", np.full((2, 60, 60), value, np.float32))
    with pytest.raises(SceneUnreadable, match="holds no data"):
        open_scene(path)


@pytest.mark.parametrize(
    ("name", "tags", "expected"),
    [
        ("S1A_IW_GRDH_1SDV_20170613T165043_33UUP", {}, "2017-06-13"),
        ("s1a-iw-grd-vv-20170613t165043-20170613t165108-017018", {}, "2017-06-13"),
        ("scene_2017-06-13", {"TIFFTAG_DATETIME": "2020:01:01 00:00:00"}, "2017-06-13"),
        ("scene", {"datetime": "2023-06-10T16:04:18.000000000"}, "2023-06-10"),
        ("scene", {"TIFFTAG_DATETIME": "2020:02:03 10:11:12"}, "2020-02-03"),
        (
            "scene",
            {"TIFFTAG_DATETIME": "2020:02:03 10:11:12", "ACQUISITION_DATE": "2019-05-06"},
            "2019-05-06",
        ),
        ("scene_20171399", {}, None),
        ("tile_120170613_5", {}, None),
        ("scene", {}, None),
    ],
)
def test_dates_come_from_names_and_tags(
    name: str, tags: dict[str, str], expected: str | None
) -> None:
    assert date_of(name, tags) == expected


def test_a_stated_date_counts_and_must_be_one(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "scene_20170613.tif", speckled(60, 60))
    with open_scene(path, date="2019-01-02") as scene:
        assert scene.info.date == "2019-01-02"
    with pytest.raises(ConfigInvalid, match='The date is "yesterday"'):
        open_scene(path, date="yesterday")


def test_a_folder_of_several_dates_is_warned_of(tmp_path: Path) -> None:
    for date in ("20170613", "20170625"):
        write_raster(tmp_path / f"scene_{date}.tif", speckled(60, 60))
    with open_scene(tmp_path) as scene:
        assert any("carry 2 dates" in check.text for check in scene.info.checks)


@pytest.mark.parametrize(
    ("texts", "product_type"),
    [
        (["S1A_IW_GRDH_1SDV"], "GRD"),
        (["s1a-iw-grd-vv"], "GRD"),
        (["S1A_IW_20200101T1_DVP_RTC10_G_gpuned"], "RTC"),
        (["S1A_IW_GRDH_rtc"], "RTC"),
        (["upgrade", "Grdanger"], None),
        ([], None),
    ],
)
def test_the_product_is_what_names_say(texts: list[str], product_type: str | None) -> None:
    assert product_type_of(texts) == product_type


@pytest.mark.parametrize(
    ("text", "found"),
    [("VV", "VV"), ("sigma0_vh", "VH"), ("VV/VH", None), ("vvv", None), ("HV", "HV"), ("", None)],
)
def test_a_polarisation_is_named_alone(text: str, found: str | None) -> None:
    assert polarisation_of(text) == found
