"""Files of each producer, and what users make of them, are read as they are meant or refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.control import GroundControlPoint
from rasterio.crs import CRS

from backend.errors import (
    BandMissing,
    BandsUnclear,
    GlueLinkError,
    NotGeoreferenced,
    NotRadar,
    SceneUnreadable,
    UnitsUnclear,
)
from backend.scenes import SceneInfo, open_scene
from tests.support.rasters import speckled, write_raster

HYP3 = "S1A_IW_20171030T053230_DVP_RTC30_G_gpuned_FD6A"
BROWSER = "2017-10-30-00_00_2017-10-30-23_59_Sentinel-1_IW_VV_VH_{}_"
DB = speckled(60, 64) + np.float32(4)
POWER = 10 ** (DB / 10)
DAY = "2017-10-30"


def read(path: Path, **stated: Any) -> tuple[SceneInfo, NDArray[np.float32]]:
    with open_scene(path, **stated) as scene:
        return scene.info, scene.read(scene.extent)


def pair(folder: Path, stem: str, values: NDArray[Any], **profile: Any) -> Path:
    """Two files; the path of the first."""
    names = ("vv", "vh") if stem.islower() else ("VV", "VH")
    paths = [
        write_raster(folder / f"{stem.format(name)}.tif", band[None], names=None, **profile)
        for name, band in zip(names, values, strict=True)
    ]
    return paths[0]


def numbers(db: NDArray[np.float32]) -> NDArray[np.uint16]:
    return np.round(10 ** ((db + 83) / 20)).astype(np.uint16)


@pytest.mark.parametrize(
    ("stem", "values", "product_type", "date"),
    [
        ("S1A_IW_20171030T053230_DVP_RTC30_G_gdunem_FD6A_{}", DB, "RTC", DAY),
        ("S1A_IW_RT30_20171030T053230_G_gan_{}", np.sqrt(POWER), "RTC", DAY),
        (
            "OPERA_L2_RTC-S1_T069-147170-IW1_20171030T163901Z_20220101T140222Z_S1A_30_v1.0_{}",
            POWER,
            "RTC",
            DAY,
        ),
        ("s1a-iw-nrb-20171030t053230-030639-0382d5-32tps-{}-g-lin", POWER, "RTC", DAY),
        ("S1A__IW___A_20171030T053230_{}_sigma0-elp_db", DB, "GRD", DAY),
        ("SIG0_20171030T053230__{}_A015_E048N015T3_EU020M_V1M2R3_S1CIWGRDH_TUWIEN", DB, "GRD", DAY),
        ("N48W090_fall_{}_AMP", numbers(DB), "RTC", None),
        ("ga_s1a_nrb_0-1-0_T007-014545-IW2_20171030T050922Z_{}-gamma0", POWER, "RTC", DAY),
        (BROWSER + "(Raw)", POWER, None, DAY),
        ("COPERNICUS_S1_GRD_FLOAT_20171030_{}", POWER, "GRD", DAY),
        ("COPERNICUS_S1_GRD_20171030_{}", DB, "GRD", DAY),
    ],
)
def test_a_producer_s_pair_is_known_by_its_name(
    stem: str,
    values: NDArray[Any],
    product_type: str | None,
    date: str | None,
    tmp_path: Path,
) -> None:
    info, db = read(pair(tmp_path, stem, values))
    np.testing.assert_allclose(db, DB, atol=0.01)
    assert (info.product_type, info.date) == (product_type, date)
    assert not [check for check in info.checks if check.level == "warning"]


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("Bolivia_103757_S1Hand", DB),
        ("ROIs1158_spring_s1_146_p202", DB),
        ("S1_LRW_PD12_SP6_20171030000000-20171112235959", np.concatenate([DB[::-1], DB])),
        (
            "ESA_WorldCover_10m_2021_v200_N46E008_S1VVVHratio",
            np.round(np.concatenate([DB, DB[:1]]) / 0.001 + 45_000).astype(np.uint16),
        ),
    ],
)
def test_the_order_of_bands_without_names_is_the_producer_s(
    name: str, stored: NDArray[Any], tmp_path: Path
) -> None:
    info, db = read(write_raster(tmp_path / f"{name}.tif", stored, names=None))
    np.testing.assert_allclose(db, DB, atol=0.001)
    assert info.findings[0].evidence.startswith("the order of ")


@pytest.mark.parametrize(("tag", "word"), [(float("nan"), "NaN"), (-9999, "-9999")])
def test_a_tag_of_no_data_is_written_as_people_write_it(
    tag: float, word: str, tmp_path: Path
) -> None:
    info, _ = read(write_raster(tmp_path / "s.tif", DB, nodata=tag))
    assert f"no data {word} and below -40 dB in both bands" in [one.value for one in info.findings]


def test_a_folder_of_hyp3_with_further_layers_and_a_copy_in_db_is_one_scene(
    tmp_path: Path,
) -> None:
    folder = tmp_path / HYP3
    pair(folder, HYP3 + "_{}", POWER, nodata=0)
    copy = pair(folder, HYP3 + "_{}_dB", DB)
    for layer, kind in (("inc_map", "float32"), ("ls_map", "uint8"), ("dem", "int16")):
        ones = np.ones((1, 60, 64), kind)
        write_raster(folder / f"{HYP3}_{layer}.tif", ones, names=None)
    info, db = read(folder)
    np.testing.assert_allclose(db, DB, atol=0.001)
    assert (info.units, len(info.files)) == ("linear", 2)
    assert read(copy)[0].units == "db"  # a file that is given is the one that is read


def test_a_raw_band_with_a_data_mask_is_read_and_a_decibel_layer_is_not(tmp_path: Path) -> None:
    for name, band in zip(("VV", "VH"), POWER, strict=True):
        stacked = np.stack([band, np.ones_like(band)])
        path = tmp_path / "raw" / f"{BROWSER.format(name)}(Raw).tiff"
        write_raster(path, stacked, names=None)
    np.testing.assert_allclose(read(tmp_path / "raw")[1], DB, atol=0.001)
    layer = pair(tmp_path / "picture", BROWSER + "-_decibel_gamma0", np.clip(DB / 20 + 1, 0, 1))
    for given in (layer, layer.parent):
        with pytest.raises(NotRadar, match="what is darker is cut off"):
            read(given)


@pytest.mark.parametrize(
    ("stored", "names", "error", "message", "remedy"),
    [
        (np.round(POWER * 1e4).astype(np.uint16), None, UnitsUnclear, "10,000", "scale 0.0001"),
        (
            np.clip((DB / 25 + 1) * 255, 0, 255).astype(np.uint8),
            ("VV", "VH"),
            NotRadar,
            "8-bit",
            "state the units, the scale",
        ),
        (DB, ("HH", "HV"), BandMissing, "HH or HV", "with VV and VH"),
        (
            np.concatenate([DB, DB]),
            ("VV_asc", "VH_asc", "VV_desc", "VH_desc"),
            BandsUnclear,
            "Bands 3 and 4 are named VV_desc",
            "--vv 1 --vh 2",
        ),
        (
            np.concatenate([DB, DB]),
            ("VV_20171018", "VH_20171018", "VV_20171030", "VH_20171030"),
            BandsUnclear,
            "2 dates, 2017-10-18 to 2017-10-30",
            "--date 2017-10-30",
        ),
    ],
)
def test_what_nothing_tells_is_asked_for(
    stored: NDArray[Any],
    names: tuple[str, ...] | None,
    error: type[GlueLinkError],
    message: str,
    remedy: str,
    tmp_path: Path,
) -> None:
    path = write_raster(tmp_path / "s.tif", stored, names=names)
    with pytest.raises(error, match=message) as refusal:
        read(path)
    assert remedy in refusal.value.remedy


@pytest.mark.parametrize(
    ("stem", "values"),
    [
        (HYP3 + "_{}_amp", np.sqrt(POWER)),
        (HYP3.replace("gpuned", "gauned") + "_{}_power", POWER),
        (HYP3 + "_{}_dB", DB),
    ],
)
def test_a_word_at_the_end_counts_more_than_the_producer_s_naming(
    stem: str, values: NDArray[np.float32], tmp_path: Path
) -> None:
    np.testing.assert_allclose(read(pair(tmp_path, stem, values))[1], DB, atol=0.001)


def test_intensity_of_whole_numbers_is_not_calibrated_either(tmp_path: Path) -> None:
    stored = np.round(POWER * 474**2).astype(np.uint32)
    path = write_raster(tmp_path / "s.tif", stored, names=("Intensity_VV", "Intensity_VH"))
    with pytest.raises(UnitsUnclear, match="no radar measures") as refusal:
        read(path)
    assert refusal.value.remedy.startswith("Calibrate the scene first")


def test_a_mask_without_a_name_is_not_a_polarisation(tmp_path: Path) -> None:
    stored = np.stack([POWER[0], np.ones_like(POWER[0])])
    with pytest.raises(BandsUnclear, match="has one value everywhere: a mask"):
        read(write_raster(tmp_path / "response.tif", stored, names=None))


def test_two_bands_of_a_pass_in_hh_are_not_vv(tmp_path: Path) -> None:
    path = tmp_path / "S1A_EW_GRDM_1SDH_20171030T053230_TC.tif"
    with pytest.raises(BandMissing, match="HH or HV"):
        read(write_raster(path, DB, names=None))


def test_dates_that_name_the_bands_of_a_pair_can_be_chosen(tmp_path: Path) -> None:
    for name, band in zip(("VV", "VH"), DB, strict=True):
        path = tmp_path / f"S1_{name}_2019.tif"
        days = ("2019-09-05", "2019-09-17")
        write_raster(path, np.stack([band - 3, band]), names=days)
    with pytest.raises(BandsUnclear, match="holds 2 dates, 2019-09-05 to 2019-09-17"):
        read(path)
    np.testing.assert_allclose(read(path, date="2019-09-17")[1], DB, atol=0.001)


def test_pairs_that_show_the_same_pixels_are_warned_of(tmp_path: Path) -> None:
    for suffix in "MS":
        pair(tmp_path, f"Sigma0_{{}}_db_{suffix}", DB)
    info, _ = read(tmp_path)
    assert any("pairs show the same pixels" in check.text for check in info.checks)


def test_patches_in_different_units_are_not_read_as_one(tmp_path: Path) -> None:
    pair(tmp_path, HYP3 + "_{}", POWER)
    pair(tmp_path, HYP3.replace("gpuned", "gauned") + "_{}", np.sqrt(POWER))
    with pytest.raises(UnitsUnclear, match="different units: amplitude and linear power"):
        read(tmp_path)


def test_patches_whose_names_say_the_same_are_read_so(tmp_path: Path) -> None:
    """The words count, and not the names around them; by the values it would be asked for."""
    for number in (1, 2):
        pair(tmp_path, f"patch_{number}_{{}}_amplitude", np.sqrt(POWER))
    info, db = read(tmp_path)
    assert info.units == "amplitude" and not info.units_reason.startswith("VV lies")
    np.testing.assert_allclose(db, DB, atol=0.001)


def test_stated_bands_hold_for_a_file_for_a_pair_and_for_a_folder_of_one(tmp_path: Path) -> None:
    mask = np.ones((1, 60, 64), np.float32)
    stack = write_raster(tmp_path / "one" / "r.tif", np.concatenate([mask, DB]), names=None)
    for given in (stack, stack.parent):
        np.testing.assert_allclose(read(given, bands={"VV": 2, "VH": 3})[1], DB, atol=0.001)
    for name, band in zip(("VV", "VH"), DB, strict=True):
        write_raster(tmp_path / "two" / f"S1_{name}.tif", np.stack([band - 9, band]), names=None)
    np.testing.assert_allclose(read(tmp_path / "two", bands={"VV": 2, "VH": 2})[1], DB, atol=0.001)
    for given in (tmp_path / "two", tmp_path / "two" / "S1_VV.tif", stack):
        with pytest.raises(BandMissing, match="band 4 was named as VV"):
            read(given, bands={"VV": 4, "VH": 2})
    write_raster(tmp_path / "one" / "other.tif", DB, names=None)
    with pytest.raises(BandMissing, match="which holds 2 files"):
        read(tmp_path / "one", bands={"VV": 1, "VH": 2})


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_geometry_is_told_by_control_points_and_not_by_a_manifest(tmp_path: Path) -> None:
    product = tmp_path / "S1A_IW_GRDH_1SDV_20171030T053230_20171030T053255_019034_020325_2F79"
    path = pair(product / "measurement", "iw-{}.rtc", POWER)
    (product / "manifest.safe").touch()
    np.testing.assert_allclose(read(product)[1], DB, atol=0.001)
    corners = [(0, 0, 9.0, 57.2), (0, 64, 9.4, 57.2), (60, 0, 9.0, 56.9), (60, 64, 9.4, 56.9)]
    points = [GroundControlPoint(row, col, x, y) for row, col, x, y in corners]
    for file in path.parent.iterdir():
        with rasterio.open(file) as given:
            profile = {**given.profile, "transform": None, "crs": None}
            values = given.read()
        with rasterio.open(file, "w", **profile) as raw:
            raw.write(values)
            raw.gcps = points, CRS.from_epsg(4326)
    with pytest.raises(NotGeoreferenced, match="control points in radar geometry") as refusal:
        read(product)
    assert refusal.value.remedy.startswith("Calibrate and terrain-correct")


def test_words_that_name_places_do_not_make_a_scene_something_else(tmp_path: Path) -> None:
    for stem in ("s1_var_{}", "lake_shadow_{}", "the_border_{}"):
        folder = tmp_path / stem[:5]
        np.testing.assert_allclose(read(pair(folder, stem, POWER))[1], DB, atol=0.001)
    mask = pair(tmp_path / "mask", "S1_{}_mask", POWER)
    with pytest.raises(BandMissing, match="is a mask by its name, not backscatter"):
        read(mask)


def test_a_folder_of_grd_and_rtc_is_warned_of(tmp_path: Path) -> None:
    for stem in ("S1A_IW_GRDH_1_{}", "S1A_rtc_2_{}"):
        pair(tmp_path, stem, POWER)
    info, _ = read(tmp_path)
    assert any("are of GRD and RTC" in check.text for check in info.checks)


def test_a_folder_of_folders_leads_to_the_one_with_rasters(tmp_path: Path) -> None:
    pair(tmp_path / "2018" / "01" / "04", "s1_{}", DB)
    np.testing.assert_allclose(read(tmp_path)[1], DB, atol=0.001)
    pair(tmp_path / "2018" / "01" / "05", "s1_{}", DB)
    with pytest.raises(SceneUnreadable, match=r"2 of its folders do: .*01/04") as refusal:
        read(tmp_path)
    assert refusal.value.remedy == "Give one of them."


def test_what_a_remedy_names_is_what_was_found_likely(tmp_path: Path) -> None:
    """Following it leads to the same pixels, whichever of the readings is right."""
    path = write_raster(tmp_path / "s.tif", np.clip(DB / 25 + 1, 1e-6, 1).astype(np.float32))
    with pytest.raises(UnitsUnclear) as refusal:
        read(path)
    assert "dB with the scale 25 and the offset -25" in refusal.value.remedy
    assert "--units db --scale 25 --offset -25" in refusal.value.remedy
    np.testing.assert_allclose(
        read(path, units="db", scale=25, offset=-25)[1], np.maximum(DB, -25), atol=0.01
    )


def test_a_stated_date_chooses_among_bands_and_statistics_choose_themselves(
    tmp_path: Path,
) -> None:
    by_date = ("VV_20171018", "VH_20171018", "VV_20171030", "VH_20171030")
    path = write_raster(tmp_path / "dates.tif", np.concatenate([DB - 3, DB]), names=by_date)
    np.testing.assert_allclose(read(path, date=DAY)[1], DB, atol=0.001)
    statistics = ("VV_stdDev", "VH_stdDev", "VV_mean", "VH_mean")
    path = write_raster(tmp_path / "s.tif", np.concatenate([DB * 0 + 1, DB]), names=statistics)
    np.testing.assert_allclose(read(path)[1], DB, atol=0.001)


@pytest.mark.parametrize("floor", [-30.0, -40.0, -60.0, -100.0])
@pytest.mark.parametrize("write", [lambda db: db, lambda db: 10 ** (db / 10)])
def test_a_border_that_is_filled_with_one_value_is_no_data(
    floor: float, write: Callable[[NDArray[np.float32]], NDArray[np.float32]], tmp_path: Path
) -> None:
    filled = DB.copy()
    filled[:, :, :12] = floor
    filled[1, 30, 40] = floor  # below the noise in one band alone
    path = write_raster(tmp_path / "s.tif", write(filled).astype(np.float32))
    info, db = read(path)
    assert np.isnan(db[:, :, :12]).all() and not np.isnan(db[:, :, 12:]).any()
    assert db[1, 30, 40] == pytest.approx(max(floor, -40), abs=0.01)
    assert any("are taken as no data" in check.text for check in info.checks)
    if floor > -39:
        assert not np.isnan(read(path, noise_floor_db=-40)[1]).any()


def test_names_that_lie_beside_a_file_are_not_taken(tmp_path: Path) -> None:
    """GDAL would take them: an `.aux.xml` outlives the file that it was written for."""
    path = write_raster(tmp_path / "s.tif", DB[::-1], names=("VH", "VV"))
    bands = "".join(
        f'<PAMRasterBand band="{number}"><Description>{name}</Description></PAMRasterBand>'
        for number, name in ((1, "VV"), (2, "VH"))
    )
    path.with_name("s.tif.aux.xml").write_text(f"<PAMDataset>{bands}</PAMDataset>")
    np.testing.assert_allclose(read(path)[1], DB, atol=1e-4)


def test_a_virtual_raster_of_a_file_a_band_has_their_names(tmp_path: Path) -> None:
    pair(tmp_path, "A_{}", POWER)
    band = (
        '<VRTRasterBand dataType="Float32" band="{}"><SimpleSource><SourceFilename '
        'relativeToVRT="1">A_{}.tif</SourceFilename><SourceBand>1</SourceBand></SimpleSource>'
        "</VRTRasterBand>"
    )
    path = tmp_path / "both.vrt"
    path.write_text(
        '<VRTDataset rasterXSize="64" rasterYSize="60"><SRS>EPSG:32633</SRS><GeoTransform>'
        "400000,10,0,5400000,0,-10</GeoTransform>"
        f"{band.format(1, 'VH')}{band.format(2, 'VV')}</VRTDataset>"
    )
    np.testing.assert_allclose(read(path)[1], DB, atol=0.001)


def test_files_that_only_a_corner_tells_apart_keep_their_own_places(tmp_path: Path) -> None:
    for column in range(3):
        corner = Affine(10, 0, 400_000 + 640 * column, 0, -10, 5_400_000)
        for number, name in enumerate(("VV", "VH")):
            write_raster(
                tmp_path / f"S1A_20171030_{column}_{name}.tif",
                DB[number : number + 1] + column,
                transform=corner,
                names=None,
            )
    _, db = read(tmp_path)
    np.testing.assert_allclose(db, np.concatenate([DB, DB + 1, DB + 2], axis=2), atol=1e-4)
