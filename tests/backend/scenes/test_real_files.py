"""Real Sentinel-1 files, as different as they come, read as they should."""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray

from backend.errors import BandsUnclear, GlueLinkError, NotRadar, UnitsUnclear
from backend.scenes import open_scene
from backend.scenes.sentinel1.unit_decision import decide_units
from tests.support.rasters import write_raster


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "spain_flood_2019/s1_grd_db.tif",
            {"utm": "EPSG:32630", "units": "db", "product_type": "GRD", "date": None},
        ),
        (
            "denmark_2017/s1_rtc_db.tif",
            {"utm": "EPSG:32632", "units": "db", "product_type": "RTC", "date": "2017-10-30"},
        ),
        (
            "tanzania_2023",
            {"utm": "EPSG:32736", "units": "db", "product_type": "RTC", "date": "2023-06-10"},
        ),
        (
            "inn_river_2017",
            {"utm": "EPSG:32633", "units": "db", "product_type": "GRD", "date": "2017-06-13"},
        ),
    ],
)
def test_what_is_known_of_a_scene_is_found(
    real: Path, path: str, expected: dict[str, str | None]
) -> None:
    with open_scene(real / path) as scene:
        found = dataclasses.asdict(scene.info)
        assert {key: found[key] for key in expected} == expected
        vv, vh = np.nanmedian(scene.read(scene.extent), axis=(1, 2))
    assert -14 < vv < -8 and -20 < vh < -15


def test_one_file_of_the_inn_finds_its_pair_and_the_folder_all_three_patches(real: Path) -> None:
    files = sorted((real / "inn_river_2017").glob("*_VH.tif"))
    with open_scene(files[0]) as one, open_scene(files[0].parent) as all_three:
        assert one.extent.intersection(all_three.extent) == one.extent
        read = all_three.read(one.extent)
        np.testing.assert_array_equal(read, one.read(one.extent))
        assert np.isfinite(all_three.read(all_three.extent)).all()
    with rasterio.open(files[0]) as file:
        np.testing.assert_allclose(read[1], file.read(1), atol=1e-5)


def test_digital_numbers_of_belgium_are_told_and_read(real: Path, tmp_path: Path) -> None:
    source = real / "belgium_2021" / "s1_monthly.nc"
    month = 6
    for name in ("VV", "VH"):
        with rasterio.open(f"netcdf:{source}:S1-SIGMA0-{name}") as file:
            values, crs, transform = file.read([month]), file.crs, file.transform
        path = tmp_path / f"belgium_{name}.tif"
        write_raster(path, values, crs, transform, names=None, nodata=32769)
    with open_scene(path) as scene, open_scene(source, date="2021-04-01") as of_netcdf:
        assert scene.info.units == "dn"
        read = scene.read(scene.extent)
        np.testing.assert_array_equal(of_netcdf.read(of_netcdf.extent), read)
        assert of_netcdf.info.nodata is None  # the file states none, whatever GDAL makes of that
    np.testing.assert_allclose(read[1], 20 * np.log10(values[0].astype(float)) - 83, atol=1e-4)


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("denmark_2017/land_cover.tif", NotRadar),
        ("denmark_2017/s2_rgb.tif", NotRadar),
        ("spain_flood_2019/water_label.tif", GlueLinkError),
        ("belgium_2021/s1_monthly.nc", BandsUnclear),  # it holds 12 dates
    ],
)
def test_what_is_no_radar_is_refused(real: Path, path: str, error: type[GlueLinkError]) -> None:
    with pytest.raises(error):
        open_scene(real / path)


PIECE = 112
WRITTEN = {
    "db 1": (lambda db: db, False),
    "linear 1": (lambda db: 10 ** (db / 10), False),
    "amplitude 1": (lambda db: 10 ** (db / 20), False),
    "dn 1": (lambda db: np.round(10 ** ((db + 83) / 20)), True),
    "db 0.01": (lambda db: np.round(db * 100), True),
    "linear 1.5259e-05": (lambda db: np.minimum(np.round(10 ** (db / 10) * 65535), 65535), True),
}


def pieces(real: Path) -> Iterator[NDArray[np.float64]]:
    """dB (2, n) of squares of all scenes of two bands."""
    for path in sorted(real.glob("*/s1_*_db.tif")):
        with rasterio.open(path) as file:
            db = file.read().astype(np.float64)
        for row in range(0, db.shape[1] - PIECE + 1, PIECE):
            for column in range(0, db.shape[2] - PIECE + 1, PIECE):
                piece = db[:, row : row + PIECE, column : column + PIECE].reshape(2, -1)
                piece = piece[:, np.isfinite(piece).all(axis=0)][:, ::4]
                if piece.shape[1] > 500:
                    yield piece


def test_no_piece_of_a_real_scene_is_taken_for_what_it_is_not(real: Path) -> None:
    """Without a name the units are right, or asked for; dB and power are never asked for."""
    asked: Counter[str] = Counter()
    scenes = list(pieces(real))
    for db in scenes:
        for form, (write, whole) in WRITTEN.items():
            try:
                units = decide_units(write(db).astype(np.float32), whole)
            except UnitsUnclear:
                asked[form] += 1
            else:
                assert f"{units.name} {units.scale:g}" == form
    assert len(scenes) > 60
    assert not asked["db 1"] + asked["linear 1"] + asked["db 0.01"], asked
