"""The shipped head, which saw simulated landscapes only, on real Sentinel-1 scenes."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.enums import Resampling
from rasterio.vrt import WarpedVRT
from scipy.stats import mannwhitneyu

from backend.link import find_head
from backend.maps import align
from backend.scenes import open_scene

CELL_PX = 8


def ask(path: Path, phrase: str, output: Path, texture, minilm) -> tuple[np.ndarray, dict]:
    """The alignment map of a scene and its raster profile."""
    head = find_head("texture-s1_minilm", texture.spec)
    with open_scene(str(path)) as scene:
        align(scene, None, [phrase], texture, head, minilm, output)
    with rasterio.open(output) as raster:
        return raster.read(1), raster.profile


def majority(label: Path, profile: dict, unknown: tuple[int, ...]) -> np.ndarray:
    """The most frequent known class of each cell of a map; -99 where nothing is known."""
    transform = profile["transform"] @ rasterio.Affine.scale(1 / CELL_PX)
    height, width = profile["height"], profile["width"]
    with (
        rasterio.open(label) as source,
        WarpedVRT(
            source,
            crs=profile["crs"],
            transform=transform,
            height=height * CELL_PX,
            width=width * CELL_PX,
            resampling=Resampling.nearest,
            nodata=-99,
            dtype="float32",
        ) as warped,
    ):
        pixels = warped.read(1)
    cells = (
        pixels.reshape(height, CELL_PX, width, CELL_PX).swapaxes(1, 2).reshape(height, width, -1)
    )
    classes = [c for c in np.unique(pixels) if c != -99 and c not in unknown]
    counts = np.stack([(cells == c).sum(-1) for c in classes])
    winner = np.array(classes)[counts.argmax(0)]
    return np.where(counts.sum(0) >= CELL_PX**2 / 2, winner, -99)


def area_under_curve(scores: np.ndarray, truth: np.ndarray, wanted: int) -> float:
    """Chance that a cell of the wanted class scores above a cell of any other."""
    known = (truth != -99) & np.isfinite(scores)
    inside, outside = scores[known & (truth == wanted)], scores[known & (truth != wanted)]
    assert len(inside) > 10 and len(outside) > 10
    return float(mannwhitneyu(inside, outside).statistic / (len(inside) * len(outside)))


@pytest.mark.parametrize("phrase", ["open water", "water", "a lake"])
def test_water_is_found_in_a_flood(real, tmp_path, texture, minilm, phrase: str) -> None:
    folder = real / "spain_flood_2019"
    scores, profile = ask(folder / "s1_grd_db.tif", phrase, tmp_path / "m.tif", texture, minilm)
    truth = majority(folder / "water_label.tif", profile, unknown=(-1,))
    assert area_under_curve(scores, truth, 1) >= 0.90


@pytest.mark.parametrize("phrase", ["a forest", "trees"])
def test_trees_are_found_among_danish_fields(real, tmp_path, texture, minilm, phrase: str) -> None:
    folder = real / "denmark_2017"
    scores, profile = ask(folder / "s1_rtc_db.tif", phrase, tmp_path / "m.tif", texture, minilm)
    truth = majority(folder / "land_cover.tif", profile, unknown=(0,))
    assert area_under_curve(scores, truth, 2) >= 0.75


def test_the_river_inn_stands_out_of_its_valley(real, tmp_path, texture, minilm) -> None:
    folder = real / "inn_river_2017"
    scores, profile = ask(folder, "a river", tmp_path / "m.tif", texture, minilm)
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
    river = np.where(share > 0.6, 1, np.where(share < 0.05, 0, -99))
    assert area_under_curve(scores, river, 1) >= 0.90
