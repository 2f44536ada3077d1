"""The shipped head, which saw simulated landscapes only, on real Sentinel-1 scenes."""

from pathlib import Path

import numpy as np
import pytest
import rasterio

from backend.accuracy import judge
from backend.accuracy.measures import area_under_curve
from backend.link import find_head
from backend.maps import align
from backend.scenes import open_scene

CELL_PX = 8


def ask(path: Path, phrase: str, output: Path, texture, minilm) -> Path:
    """The alignment map of a scene."""
    head = find_head("texture-s1_minilm", texture.spec)
    with open_scene(str(path)) as scene:
        align(scene, None, [phrase], texture, head, minilm, output)
    return output


@pytest.mark.parametrize("phrase", ["open water", "water", "a lake"])
def test_water_is_found_in_a_flood(real, tmp_path, texture, minilm, phrase: str) -> None:
    folder = real / "spain_flood_2019"
    water = ask(folder / "s1_grd_db.tif", phrase, tmp_path / "m.tif", texture, minilm)
    found = judge(water, folder / "water_label.tif", unknown=["-1"])
    assert found.auc.value >= 0.94 and found.recall.low > 0.5


@pytest.mark.parametrize("phrase", ["a town", "houses"])
def test_houses_are_found_on_a_plain(real, tmp_path, texture, minilm, phrase: str) -> None:
    folder = real / "spain_flood_2019"
    built = ask(folder / "s1_grd_db.tif", phrase, tmp_path / "m.tif", texture, minilm)
    assert judge(built, folder / "truth_s2.tif", ["5"], ["255"]).auc.value >= 0.9


@pytest.mark.parametrize("phrase", ["a forest", "trees"])
def test_trees_are_found_among_danish_fields(real, tmp_path, texture, minilm, phrase: str) -> None:
    folder = real / "denmark_2017"
    woods = ask(folder / "s1_rtc_db.tif", phrase, tmp_path / "m.tif", texture, minilm)
    assert judge(woods, folder / "truth_s2.tif", ["2"], ["255"]).auc.value >= 0.95


def test_the_river_inn_stands_out_of_its_valley(real, tmp_path, texture, minilm) -> None:
    folder = real / "inn_river_2017"
    river = ask(folder, "a river", tmp_path / "m.tif", texture, minilm)
    with rasterio.open(river) as raster:
        scores, profile = raster.read(1), raster.profile
    with open_scene(str(folder)) as scene:
        db = scene.read(scene.extent)
        left, top = profile["transform"].c / 10, -profile["transform"].f / 10
        rows = slice(round(top) - scene.extent.row0, None)
        columns = slice(round(left) - scene.extent.col0, None)
    assert rows.start <= 0 and columns.start <= 0
    canvas = np.full((2, profile["height"] * CELL_PX, profile["width"] * CELL_PX), np.nan)
    canvas[
        :, -rows.start : -rows.start + db.shape[1], -columns.start : -columns.start + db.shape[2]
    ] = db
    dark = (canvas[0] < -17) & (canvas[1] < -23)
    share = dark.reshape(profile["height"], CELL_PX, profile["width"], CELL_PX).mean((1, 3))
    known = ((share > 0.6) | (share < 0.05)) & np.isfinite(scores)
    assert area_under_curve(scores[known], share[known] > 0.6) >= 0.90
