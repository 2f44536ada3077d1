"""Radar as a picture: less speckle, the same edges, grey that rises with dB, 0 without data."""

from pathlib import Path

import numpy as np
import pytest

from backend.errors import ConfigInvalid
from backend.scenes import PixelBox, open_any
from backend.scenes.sentinel1.picture import Picture, filter_db, measure_cut, read_filtered
from tests.support.rasters import speckled, write_raster

SCENES = ("denmark_2017/s1_rtc_db.tif", "usa_lake_2019/s1_grd_db.tif")


def looks(db: np.ndarray) -> float:
    """Equivalent number of looks of the most even 16 × 16 pixels."""
    power = 10 ** (db.astype(float) / 10)
    rows, columns = (side // 16 * 16 for side in power.shape)
    blocks = power[:rows, :columns].reshape(rows // 16, 16, columns // 16, 16)
    return float(np.nanmax(np.nanmean(blocks, axis=(1, 3)) ** 2 / np.nanvar(blocks, axis=(1, 3))))


@pytest.mark.parametrize("name", SCENES)
def test_real_scenes_become_pictures_with_less_speckle_and_rising_grey(
    name: str, real: Path
) -> None:
    with open_any(real / name) as scene:
        e = scene.extent
        box = PixelBox(e.row0 + 20, e.col0 + 30, e.row0 + 180, e.col0 + 190)
        plain, filtered = scene.read(box), read_filtered(scene, box)
        assert looks(filtered[0]) > 2 * looks(plain[0])
        cut = measure_cut(scene, Picture())
    grey = Picture().draw(filtered, cut)[0]
    known = np.isfinite(filtered[0])
    assert ((grey > 0) == known).all()
    order = np.argsort(filtered[0][known])
    assert (np.diff(grey[known][order].astype(int)) >= 0).all()
    low, high = cut["VV"]
    inside = ((filtered[0] > low) & (filtered[0] < high))[known].mean()
    assert inside > 0.8 and len(np.unique(grey)) > 50


def test_an_edge_stays_where_it_is_and_as_sharp(tmp_path: Path) -> None:
    db = speckled(96, 96)
    filtered = filter_db(db)[0]
    step = filtered.mean(axis=0)
    assert abs(int(np.argmax(-np.diff(step))) - 47) <= 1
    assert step[44] - step[51] > 8.5  # of 10 dB, within seven pixels


def test_pixels_do_not_depend_on_the_box_that_is_read(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "scene.tif", speckled(64, 64))
    with open_any(path) as scene:
        whole = read_filtered(scene, scene.extent)
        e = scene.extent
        part = read_filtered(scene, PixelBox(e.row0 + 10, e.col0 + 5, e.row0 + 40, e.col0 + 50))
    np.testing.assert_array_equal(whole[:, 10:40, 5:50], part)


def test_the_cut_is_the_percentiles_of_all_pixels_with_data(tmp_path: Path) -> None:
    db = speckled(128, 1100)  # more than one block
    db[:, :30] = np.nan
    path = write_raster(tmp_path / "scene.tif", db, nodata=np.nan)
    picture = Picture(("VV", "VH", "VV-VH"), filtered=False, percentiles=(10, 90))
    with open_any(path) as scene:
        cut = measure_cut(scene, picture)
        planes = picture.planes(scene.read(scene.extent))
    for name, plane in zip(picture.channels, planes, strict=True):
        assert cut[name] == pytest.approx(np.nanpercentile(plane, [10, 90]), abs=0.03)
    drawn = picture.draw(planes[:2], cut)
    assert drawn.shape == (3, 128, 1100) and (drawn[:, :30] == 0).all()
    assert picture.facts["percentiles"] == [10, 90] and picture.facts["filter"] is None


def test_a_cut_at_0_and_100_percent_is_the_darkest_and_the_brightest_pixel() -> None:
    db = np.linspace(-20, -5, 2 * 32 * 32, dtype=np.float32).reshape(2, 32, 32)
    cut = Picture(("VH",), percentiles=(0, 100)).cut_of(db)
    assert cut["VH"] == pytest.approx((db[1].min(), db[1].max()), abs=0.02)


def test_pictures_that_cannot_be_are_refused() -> None:
    for wrong in ({"channels": ("HH",)}, {"channels": ()}, {"percentiles": (98.0, 2.0)}):
        with pytest.raises(ConfigInvalid, match="picture has the channels"):
            Picture(**wrong)
