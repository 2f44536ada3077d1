"""Chips of equal ground: whole, nested, in their places to 0.01 pixels, and resumable."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given
from hypothesis import strategies as st

from backend.corpus import Corpus, open_corpus
from backend.corpus.__main__ import app
from backend.corpus.ground import crop_transform, degrees_of, locate_chip, round_trip_px
from backend.corpus.pixels import read_db, read_picture
from backend.corpus.slicing import Slicing, begin_corpus, open_scenes, slice_scene
from backend.errors import ConfigInvalid, CorpusInvalid
from backend.scenes import open_any
from tests.backend.corpus.conftest import SLICING
from tests.support.rasters import speckled, write_raster


@pytest.mark.parametrize("pixel_m", [10, 20, 40])
def test_chips_cover_the_same_ground_whatever_their_pixels(
    pixel_m: float, scene_file: Path, tmp_path: Path
) -> None:
    slicing = Slicing((2240.0,), pixel_m)
    corpus = begin_corpus(tmp_path / "c", "c", "free", slicing)
    with open_any(scene_file) as scene:
        assert slice_scene(corpus, scene, "demo", slicing).cut == 4
    for chip in corpus.chips():
        assert (chip.width, chip.height) == (2240 / pixel_m, 2240 / pixel_m)
        assert chip.metres_per_pixel == pixel_m and chip.ground is not None
        with rasterio.open(corpus.images / chip.file) as file:
            west, south, east, north = file.bounds
            assert (east - west, north - south) == (2240, 2240)
            assert file.descriptions == ("VV", "VH")
            assert tuple(file.transform[:6]) == chip.ground.transform
        assert round_trip_px(chip.ground, chip.width, chip.height) < 0.01


def test_large_chips_hold_four_small_ones_exactly(cut: Path) -> None:
    corpus = open_corpus(cut)
    chips = {chip.name: chip for chip in corpus.chips()}
    large = [chip for chip in chips.values() if chip.width == 128]
    assert len(large) == 16 and len(chips) == 80
    boxes = {}
    for chip in chips.values():
        with rasterio.open(corpus.images / chip.file) as file:
            boxes[chip.name] = file.bounds
    for chip in large:
        outer = boxes[chip.name]
        inner = [
            one
            for one in boxes.values()
            if outer.left <= one.left and one.right <= outer.right
            and outer.bottom <= one.bottom and one.top <= outer.top
        ]  # fmt: skip
        assert len(inner) == 5  # itself and four


def test_coarse_pixels_are_means_of_power(tmp_path: Path) -> None:
    dbs, path = [], write_raster(tmp_path / "scene.tif", speckled(64, 64))
    for pixel_m in (10, 20):
        slicing = Slicing((640.0,), pixel_m)
        corpus = begin_corpus(tmp_path / f"{pixel_m}", "c", "free", slicing)
        with open_any(path) as scene:
            slice_scene(corpus, scene, "demo", slicing)
        dbs.append(read_db(corpus, next(corpus.chips())))
    power = (10 ** (dbs[0].astype(float) / 10)).reshape(2, 32, 2, 32, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(10 * np.log10(power), dbs[1], atol=1e-3)


def test_a_chip_opens_as_a_scene_with_the_same_pixels(cut: Path) -> None:
    corpus = open_corpus(cut)
    chip = next(corpus.chips())
    with open_any(corpus.images / chip.file) as scene:
        np.testing.assert_allclose(scene.read(scene.extent), read_db(corpus, chip), atol=1e-3)
    picture = read_picture(corpus, chip, ("VV", "VH", "VV-VH"))
    assert picture.shape == (3, 128, 128) and picture.min() >= 1


def test_a_run_goes_on_with_the_chips_that_are_missing(
    corpus: Corpus, scene_file: Path, cut: Path
) -> None:
    lines = (corpus.folder / "chips.jsonl").read_bytes()
    (corpus.folder / "chips.jsonl").write_bytes(lines[: len(lines) // 2])  # torn in a line
    with open_any(scene_file) as scene:
        report = slice_scene(corpus, scene, "demo", SLICING)
    assert report.present + report.cut == 80 and 30 < report.cut < 50
    assert (corpus.folder / "chips.jsonl").read_bytes() == lines
    assert [one.chip for one in corpus.facts()] == [one.name for one in corpus.chips()]


def test_places_without_data_are_not_cut(tmp_path: Path) -> None:
    db = speckled(256, 256)
    db[:, :, 100:] = np.nan
    path = write_raster(tmp_path / "half.tif", db, nodata=np.nan)
    corpus = begin_corpus(tmp_path / "c", "c", "free", Slicing((640.0,)))
    with open_any(path) as scene:
        report = slice_scene(corpus, scene, "half", Slicing((640.0,)))
    assert (report.cut, report.empty) == (4, 12)


def test_pixels_that_do_not_fill_an_extent_are_refused() -> None:
    for extent, pixel in ((2240.0, 30.0), (2245.0, 10.0), (2240.0, 5.0)):
        with pytest.raises(ConfigInvalid, match="whole pixels"):
            Slicing((extent,), pixel)


def test_files_of_one_name_in_two_folders_are_two_scenes(scene_file: Path, tmp_path: Path) -> None:
    for day in ("first", "second"):
        (tmp_path / day).mkdir()
        shutil.copy(scene_file, tmp_path / day / "scene.tif")
    paths = [tmp_path / day / "scene.tif" for day in ("first", "second")]
    assert [name for name, _ in open_scenes(paths)] == ["first_scene", "second_scene"]
    assert [name for name, _ in open_scenes([*paths[:1], *paths[:1]])] == ["scene", "scene"]


def test_another_corpus_in_the_folder_is_left_alone(corpus: Corpus) -> None:
    with pytest.raises(CorpusInvalid, match="made otherwise"):
        begin_corpus(corpus.folder, "cut", "free", Slicing((320.0,)))


@given(
    st.integers(1, 60), st.floats(-70, 70), st.floats(-2.5, 2.5), st.integers(16, 1024),
    st.sampled_from([0.2, 1.0, 3.0, 10.0]), st.floats(-0.5, 0.5),
)  # fmt: skip
def test_corners_come_back_from_degrees(
    zone: int, latitude: float, east: float, side: int, metres: float, turn: float
) -> None:
    crs = f"EPSG:{(32600 if latitude >= 0 else 32700) + zone}"
    north = latitude * 110_000 + (0 if latitude >= 0 else 10_000_000)
    scene = Affine(metres, turn, 500_000 + east * 80_000, turn, -metres, north)
    transform = crop_transform(scene, 37, 911, (2, 2))
    ground = locate_chip(crs, transform, side, side)
    assert round_trip_px(ground, side, side) < 0.01
    corners = degrees_of(ground, [(0, 0), (side, 0), (side, side), (0, side)])
    np.testing.assert_allclose(corners, ground.corners, atol=1e-12)
    assert transform @ (0, 0) == pytest.approx(scene @ (37, 911))


def test_a_corpus_of_nothing_and_a_crs_of_nowhere_are_said(tmp_path: Path) -> None:
    with pytest.raises(CorpusInvalid, match=r"holds no corpus\.json"):
        open_corpus(tmp_path)
    with pytest.raises(CorpusInvalid, match=r"CRS of a chip, \"EPSG:1\""):
        locate_chip("EPSG:1", Affine.identity(), 10, 10)


def test_a_scene_that_holds_no_whole_chip_is_said_to(
    scene_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = str(tmp_path / "none")
    app(["slice", str(scene_file), "-o", output, "--extent-m", "90000"], standalone_mode=False)
    assert "holds no whole chip: give a smaller --extent-m" in capsys.readouterr().out
