"""Features around points: the right window of the right scene, or the reason there is none."""

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
import rasterio
import torch
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import Transformer

from backend.encoders import Encoder
from backend.errors import ConfigInvalid, DateMissing, OutOfMemory, SceneUnreadable, SurveyInvalid
from backend.features.block import encode_block
from backend.features.lattice import Lattice
from backend.io.batches import Batches
from backend.link import Pooling, wedge_pool
from backend.progress import Cancelled
from backend.scenes import PixelBox, open_scene, read_scene_index
from backend.scenes import files as scene_files
from backend.survey import Survey, create_survey
from backend.survey.features import EARLIER, PoolReport, pool_points
from backend.survey.imagery import NO_DATA, NO_SCENE, UNREADABLE, Imagery
from backend.survey.points import Point, SurveyPoints, gather_points
from tests.support.rasters import speckled, write_raster
from tests.support.small_encoder import TightEncoder, WindowEncoder

EAST, NORTH = 400_000, 5_400_000  # the corner of the rasters that the tests write
ZONE = 32633
Place = tuple[float, float]


def lonlat(east: float, north: float, epsg: int = ZONE) -> Place:
    return zone(epsg).transform(east, north, direction="INVERSE")


def at(column: float, row: float) -> Place:
    """The corner at this column and row of the rasters that the tests write."""
    return lonlat(EAST + 10 * column, NORTH - 10 * row)


def points_at(places: Sequence[Place], day: date | None = None) -> SurveyPoints:
    return gather_points(
        Point(f"p{k:04}", lon, lat, day, f"r{k % 3}", -1, ("n.jpg", "", "", ""), split=k % 3)
        for k, (lon, lat) in enumerate(places)
    )


def survey_at(path: Path, places: Sequence[Place], day: date | None = None, **how: int) -> Survey:
    return create_survey(path, points_at(places, day), {"kind": "table"}, **how)


def pooled(
    survey: Survey, scenes: Path, encoder: Encoder, pooling: Pooling | None = None
) -> tuple[NDArray[np.float16], NDArray[np.bool_], PoolReport]:
    pooling = pooling or Pooling()
    report = pool_points(survey, scenes, encoder, pooling)
    vectors, valid = survey.feature_layer(encoder.spec, pooling).read(slice(None))
    return vectors, valid, report


def by_hand(db: NDArray[np.float32], encoder: Encoder) -> NDArray[np.float16]:
    return wedge_pool(encoder.encode_within(db[None]))[0].numpy().astype(np.float16)


def flat(level: float, height: int = 120, width: int = 120) -> NDArray[np.float32]:
    """A scene that is the same all over, but for a little speckle."""
    return speckled(height, width) * 0.01 + np.array([level, level - 6], np.float32)[:, None, None]


def tiles(side: int) -> dict[str, Any]:
    return {"tiled": True, "blockxsize": side, "blockysize": side}


# The right window


@pytest.mark.parametrize("name", ["denmark_2017", "tanzania_2023", "spain_flood_2019"])
def test_pooled_features_equal_the_same_window_of_a_real_scene_encoded_by_hand(
    real: Path, name: str, texture: Encoder, tmp_path: Path
) -> None:
    (file,) = (real / name).glob("s1_*.tif")
    with open_scene(file) as scene:
        extent, px = scene.extent, texture.spec.window_px
        row = (extent.row0 + extent.row1 - px) // 2
        col = (extent.col0 + extent.col1 - px) // 2
        window = PixelBox(row, col, row + px, col + px)
        expected = by_hand(scene.read(window.grown(texture.spec.margin_px)), texture)
        middle = lonlat(10 * (col + px / 2) + 4, -10 * (row + px / 2) - 4, scene.utm_epsg)
    survey = survey_at(tmp_path / "s", [middle])
    vectors, valid, report = pooled(survey, real / name, texture)
    assert valid.all() and report.pooled == 1
    assert (vectors[0] == expected).all()


def test_a_survey_pools_the_cells_that_a_map_has(texture: Encoder, tmp_path: Path) -> None:
    write_raster(tmp_path / "s1" / "a.tif", speckled(400, 400))
    vectors, _, _ = pooled(survey_at(tmp_path / "s", [at(192, 200)]), tmp_path / "s1", texture)
    lattice = Lattice.of(texture.spec)
    with open_scene(tmp_path / "s1" / "a.tif") as scene:
        corner = PixelBox(scene.extent.row0 + 88, scene.extent.col0 + 80, 0, 0)
        cells = lattice.cells_of(replace(corner, row1=corner.row0 + 224, col1=corner.col0 + 224))
        outer = lattice.around(cells)
        pixels = scene.read(lattice.pixels_of(outer))
    block = encode_block(pixels, texture, lattice, lattice.corners(outer), Batches(1))
    expected = wedge_pool(block.crop(*cells.within(outer)).features[None])[0]
    assert (vectors[0] == expected.numpy().astype(np.float16)).all()


def test_a_window_over_patches_of_one_date_sees_them_all(real: Path, tmp_path: Path) -> None:
    encoder = WindowEncoder(cell_px=4, grid=16)
    folder = real / "inn_river_2017"
    with open_scene(folder) as scene:
        row, col = scene.extent.row0 + 95, scene.extent.col0 + 30
        expected = by_hand(scene.read(PixelBox(row, col, row + 64, col + 64)), encoder)
    place = lonlat(10 * (col + 32), -10 * (row + 32), 32633)
    vectors, valid, _ = pooled(survey_at(tmp_path / "s", [place]), folder, encoder)
    assert valid.all() and (vectors[0] == expected).all()


@given(lon=st.floats(-180, 179.9), lat=st.floats(-79, 83), px=st.integers(1, 300))
@settings(max_examples=60)
def test_the_middle_of_a_window_is_half_a_pixel_from_the_point_at_most(
    lon: float, lat: float, px: int, everywhere: Callable[[float, float, int], PixelBox]
) -> None:
    window = everywhere(lon, lat, px)
    east, north = utm_zone(lon, lat).transform(lon, lat)
    assert window.height == window.width == px
    assert abs(10 * (window.col0 + window.col1) / 2 - east) <= 5 + 1e-6
    assert abs(-10 * (window.row0 + window.row1) / 2 - north) <= 5 + 1e-6


@cache
def zone(epsg: int) -> Transformer:
    return Transformer.from_crs(4326, epsg, always_xy=True)


def utm_zone(lon: float, lat: float) -> Transformer:
    epsg = (32600 if lat >= 0 else 32700) + int((lon + 180) // 6) + 1
    return zone(epsg)


@pytest.fixture(scope="module")
def everywhere() -> Callable[[float, float, int], PixelBox]:
    """The window around a place, of a scene that covers it."""
    from backend.scenes.index import SceneIndex
    from backend.scenes.sentinel1.folder import RadarEntry
    from backend.scenes.sentinel1.pairs import Band, Pair

    band = Band(Path("everywhere.tif"), 1)

    def window(lon: float, lat: float, px: int) -> PixelBox:
        epsg = int(utm_zone(lon, lat).target_crs.to_epsg())
        extent = PixelBox(-1_000_000, -100_000, 1_000_000, 200_000)
        entry = RadarEntry("everywhere.tif", Pair(band, band, ""), epsg, extent, None, None)
        imagery = Imagery(SceneIndex(Path("."), [entry], {}), px)
        unknown = np.array(["NaT"], "datetime64[D]")
        ((candidate,),) = imagery.candidates(np.array([lon]), np.array([lat]), unknown)
        return candidate.window

    return window


@pytest.mark.parametrize(
    ("epsg", "north", "flip"),
    [(32633, 5_400_000, 1), (32736, 9_600_000, 1), (32633, 5_400_000, -1)],
    ids=["north of the equator", "south of it", "rows that grow northwards"],
)
def test_what_lies_north_of_a_point_shows_in_its_north_view(
    epsg: int, north: float, flip: int, tmp_path: Path
) -> None:
    db = flat(-18.0)
    db[:, :60] += 10  # the northern half
    top = north if flip == 1 else north - 1200
    transform = Affine(10, 0, EAST, 0, -10 * flip, top)
    write_raster(tmp_path / "s1" / "a.tif", db[:, ::flip], f"EPSG:{epsg}", transform)
    survey = survey_at(tmp_path / "s", [lonlat(EAST + 600, north - 600, epsg)])
    vectors, _, _ = pooled(survey, tmp_path / "s1", WindowEncoder())
    towards_north, east, south, west = vectors[0, :, 0].astype(float)
    assert towards_north > east + 0.1 and abs(east - west) < 0.01 and west > south + 0.1


# Which scene


def test_of_two_scenes_that_cover_a_point_the_nearer_in_date_is_taken(tmp_path: Path) -> None:
    write_raster(tmp_path / "s1" / "S1_20180105.tif", flat(-8))
    write_raster(tmp_path / "s1" / "b" / "S1_20180720.tif", flat(-14))
    encoder = WindowEncoder()
    for day, level in [(date(2018, 1, 20), -8), (date(2018, 6, 1), -14), (None, -8)]:
        survey = survey_at(tmp_path / str(day), [at(60, 60)], day)
        vectors, _, _ = pooled(survey, tmp_path / "s1", encoder)
        ones = np.full((2, 32, 32), level, np.float32) - np.array([[[0.0]], [[6.0]]], np.float32)
        np.testing.assert_allclose(vectors[0, :, 0], by_hand(ones, encoder)[:, 0], atol=0.01)
    dates = ["2018-01-05", "2018-07-20"]
    assert survey.imagery(encoder.spec.name) == {
        "scenes": 2, "products": ["unknown"], "dates": dates
    }  # fmt: skip


def test_a_scene_that_shows_more_comes_before_a_nearer_date(tmp_path: Path) -> None:
    half = flat(-8)
    half[:, :, 60:] = np.nan
    write_raster(tmp_path / "s1" / "S1_20180605.tif", half)
    write_raster(tmp_path / "s1" / "S1_20180720.tif", flat(-14))
    encoder = WindowEncoder()
    survey = survey_at(tmp_path / "s", [at(60, 60)], date(2018, 6, 5))
    vectors, valid, _ = pooled(survey, tmp_path / "s1", encoder)
    assert valid.all() and vectors[0, 0, 0] < -0.4


def test_a_lost_pixel_is_no_reason_to_take_another_date(tmp_path: Path) -> None:
    speck = flat(-8)
    speck[:, 58, 61] = np.nan
    write_raster(tmp_path / "s1" / "S1_20180605.tif", speck)
    write_raster(tmp_path / "s1" / "S1_20180720.tif", flat(-14))
    survey = survey_at(tmp_path / "s", [at(60, 60)], date(2018, 6, 5))
    vectors, _, _ = pooled(survey, tmp_path / "s1", WindowEncoder())
    assert vectors[0, 0, 0] > -0.4


class SeasonEncoder(WindowEncoder):
    """An encoder that looks at the day of the year, and gives nothing else."""

    def with_date(self, date: str | Sequence[str | None] | None) -> Self:
        days = [date] if date is None or isinstance(date, str) else list(date)
        if None in days:
            raise DateMissing("The season encoder needs the scene's date, which is not known.")
        bound = copy(self)
        bound.days = torch.tensor([int(str(day)[5:7]) for day in days], dtype=torch.float32)
        return bound

    def encode(self, db: torch.Tensor | np.ndarray) -> torch.Tensor:
        return torch.ones_like(super().encode(db)) * self.days[:, None, None, None]


def test_an_encoder_hears_the_date_of_each_scene_and_gets_none_without(tmp_path: Path) -> None:
    folder, encoder = tmp_path / "s1", SeasonEncoder()
    write_raster(folder / "undated.tif", flat(-10))
    with pytest.raises(DateMissing, match="needs the scene's date"):
        pool_points(survey_at(tmp_path / "s", [at(60, 60)]), folder, encoder)
    for k, name in enumerate(("S1_20180305.tif", "S1_20181105.tif")):
        transform = Affine(10, 0, EAST + 1200 * k, 0, -10, NORTH)
        write_raster(folder / name, flat(-10), transform=transform)
    survey = survey_at(tmp_path / "dated", [at(60, 60), at(180, 60), at(60, 50)])
    vectors, _, report = pooled(survey, folder, encoder)
    months = vectors[:, 0, 0] / wedge_pool(torch.ones(1, 8, 8, 1))[0, 0, 0].item()
    np.testing.assert_allclose(months, [3, 11, 3], rtol=1e-3)
    assert report.scenes == 2 and "needs the scene's date" in report.skipped["undated.tif"]


# Views and points without imagery


def test_near_a_border_only_the_views_without_data_are_not_valid(tmp_path: Path) -> None:
    db = flat(-10)
    db[:, 100:] = np.nan
    write_raster(tmp_path / "s1" / "a.tif", db)
    places = [at(60, 60), at(115, 60), at(4, 60), at(60, 97), at(117, 97), at(60, 3)]
    vectors, valid, report = pooled(
        survey_at(tmp_path / "s", places), tmp_path / "s1", WindowEncoder()
    )
    names = ["".join(n for n, ok in zip("nesw", views, strict=True) if ok) for views in valid]
    assert names == ["nesw", "nsw", "nes", "new", "nw", "esw"]
    assert report.pooled == 6 and not report.without
    assert (vectors[~valid] == 0).all() and (np.abs(vectors[valid]).sum(axis=1) > 0).all()


def test_a_smaller_extent_needs_data_in_that_extent_alone(tmp_path: Path) -> None:
    write_raster(tmp_path / "s1" / "a.tif", flat(-10))
    survey, encoder = survey_at(tmp_path / "s", [at(114, 60)]), WindowEncoder()
    pooling = Pooling(extent_m=120)
    vectors, valid, _ = pooled(survey, tmp_path / "s1", encoder, pooling)
    assert valid.all()
    with open_scene(tmp_path / "s1" / "a.tif") as scene:
        row, col = scene.extent.row0 + 44, scene.extent.col0 + 98
        db = scene.read(PixelBox(row, col, row + 32, col + 32))
    expected = pooling.pool(encoder.encode(db[None]), encoder.spec.cell_m)[0].numpy()
    assert (vectors[0] == expected.astype(np.float16)).all()
    _, wide, _ = pooled(survey, tmp_path / "s1", encoder)
    assert wide[0].tolist() == [True, False, True, True]
    _, mean, _ = pooled(survey, tmp_path / "s1", encoder, Pooling("mean"))
    assert mean.all()  # more than half of the window has data


def test_points_without_imagery_are_counted_by_reason(tmp_path: Path) -> None:
    db = flat(-10)
    db[:, :, :50] = np.nan
    write_raster(tmp_path / "s1" / "a.tif", db)
    places = [at(90, 60), at(20, 60), at(30, 50), at(900, 60), (100.0, 0.0), (-20.0, -80.0)]
    vectors, valid, report = pooled(
        survey_at(tmp_path / "s", places), tmp_path / "s1", WindowEncoder()
    )
    assert (report.pooled, dict(report.without)) == (1, {NO_DATA: 2, NO_SCENE: 3})
    assert valid.any(axis=1).tolist() == [True] + [False] * 5
    assert (vectors[1:] == 0).all()


# Folders as they come


def test_files_that_are_no_scene_are_listed_and_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "s1"
    write_raster(folder / "deep" / "er" / "a.tif", flat(-10))
    write_raster(folder / "lonely_VV.tif", flat(-10)[:1], names=None)
    write_raster(folder / "map.tif", np.ones((1, 9, 9), np.uint8), names=None)
    (folder / "broken.tif").write_bytes((folder / "deep" / "er" / "a.tif").read_bytes()[:100])
    (folder / "notes.txt").write_text("no raster")
    write_raster(folder / "nowhere.tif", flat(-10), crs=None)
    _, valid, report = pooled(survey_at(tmp_path / "s", [at(60, 60)]), folder, WindowEncoder())
    assert valid.all() and report.scenes == 1
    assert list(report.skipped) == ["broken.tif", "lonely_VV.tif", "map.tif", "nowhere.tif"]
    assert "holds VV only" in report.skipped["lonely_VV.tif"]
    assert "no map coordinates" in report.skipped["nowhere.tif"]


def test_a_folder_gives_the_same_catalogue_each_time_and_reads_no_link_twice(
    tmp_path: Path,
) -> None:
    for name in ("b/x_VV_20180105.tif", "b/x_VH_20180105.tif", "a/S1_GRDH_20180301.tif"):
        bands = flat(-10)[:1] if "_V" in name else flat(-10)
        write_raster(tmp_path / name, bands, names=None if "_V" in name else ("VV", "VH"))
    (tmp_path / "b" / "loop").symlink_to(tmp_path, target_is_directory=True)
    catalogue = read_scene_index(tmp_path)
    assert catalogue == read_scene_index(tmp_path)
    first, second = catalogue.scenes
    assert (first.name, first.date, first.product_type) == (
        "a/S1_GRDH_20180301.tif",
        date(2018, 3, 1),
        "GRD",
    )
    assert (second.name, second.date, second.product_type) == (
        "b/x_VV_20180105.tif",
        date(2018, 1, 5),
        None,
    )
    assert second.extent == PixelBox(-540_000, 40_000, -539_880, 40_120)


@pytest.mark.parametrize("content", ["nothing", "broken", "file", "absent"])
def test_a_folder_without_a_scene_is_refused_in_one_sentence(content: str, tmp_path: Path) -> None:
    folder = tmp_path / "s1"
    if content == "file":
        folder.write_text("")
    elif content != "absent":
        folder.mkdir()
    if content == "broken":
        (folder / "a.tif").write_bytes(b"II*\0")
    with pytest.raises(SceneUnreadable, match=r"s1 is a file|holds no scene|no file"):
        pool_points(survey_at(tmp_path / "s", [at(60, 60)]), folder, WindowEncoder())


def test_a_scene_that_breaks_off_is_reported_and_another_one_stands_in(tmp_path: Path) -> None:
    folder = tmp_path / "s1"
    broken = write_raster(folder / "S1_20180101.tif", speckled(128, 128), driver="COG")
    write_raster(folder / "S1_20180901.tif", flat(-10, 64, 128))
    broken.write_bytes(broken.read_bytes()[: broken.stat().st_size // 2])
    survey = survey_at(tmp_path / "s", [at(32, 32), at(32, 100)], date(2018, 1, 1))
    _, valid, report = pooled(survey, folder, WindowEncoder())
    assert valid.any(axis=1).tolist() == [True, False]
    assert (report.pooled, dict(report.without)) == (1, {UNREADABLE: 1})
    assert list(report.damaged) == ["S1_20180101.tif"]
    assert "cut short or damaged" in report.damaged["S1_20180101.tif"]


def test_a_damaged_spot_in_a_scene_costs_only_the_points_around_it(tmp_path: Path) -> None:
    file = write_raster(
        tmp_path / "s1" / "a.tif", speckled(512, 512), compress="deflate", **tiles(16)
    )
    with rasterio.open(file) as dataset:
        offset = int(dataset.get_tag_item("BLOCK_OFFSET_2_2", "TIFF", bidx=1))
    with file.open("r+b") as stream:
        stream.seek(offset)
        stream.write(b"\xff" * 40)
    survey = survey_at(tmp_path / "s", [at(40, 40), at(90, 40), at(300, 300)])
    _, valid, report = pooled(survey, tmp_path / "s1", WindowEncoder())
    assert valid.any(axis=1).tolist() == [False, True, True]
    assert dict(report.without) == {UNREADABLE: 1} and list(report.damaged) == ["a.tif"]


def test_a_scene_whose_units_are_unclear_is_reported(tmp_path: Path) -> None:
    write_raster(tmp_path / "s1" / "a.tif", flat(-10) * 1e5)
    _, _, report = pooled(survey_at(tmp_path / "s", [at(60, 60)]), tmp_path / "s1", WindowEncoder())
    assert dict(report.without) == {UNREADABLE: 1} and list(report.damaged) == ["a.tif"]


def test_a_scene_is_opened_a_few_times_and_not_for_every_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for k in range(3):
        transform = Affine(10, 0, EAST + 1200 * k, 0, -10, NORTH)
        write_raster(tmp_path / "s1" / f"{k}.tif", flat(-10), transform=transform)
    opened: list[Path] = []
    really_open = scene_files.open_raster

    def count(path: Path, variable: str) -> object:
        opened.append(path)
        return really_open(path, variable)

    monkeypatch.setattr(scene_files, "open_raster", count)
    monkeypatch.setattr("backend.survey.features.READERS", 2)
    rng = np.random.default_rng(0)
    places = [at(120 * k + 60, row) for k in range(3) for row in rng.integers(20, 100, 100)]
    pool_points(survey_at(tmp_path / "s", places, block=32), tmp_path / "s1", WindowEncoder())
    assert len(opened) <= 3 * (1 + 2)  # for the catalogue, and by each of two threads


# Runs


def many(tmp_path: Path, n: int = 50) -> list[Place]:
    """A scene in `s1`, and places all over it and beyond."""
    write_raster(tmp_path / "s1" / "a.tif", speckled(120, 120))
    rng = np.random.default_rng(3)
    return [at(*place) for place in rng.uniform(-20, 140, (n, 2))]


def test_other_points_do_not_change_a_points_features(tmp_path: Path, texture: Encoder) -> None:
    places = many(tmp_path, 12)
    some, _, _ = pooled(survey_at(tmp_path / "some", places[:5]), tmp_path / "s1", texture)
    all_of_them, _, _ = pooled(survey_at(tmp_path / "all", places), tmp_path / "s1", texture)
    assert (some == all_of_them[:5]).all()


def test_a_stopped_run_goes_on_and_encodes_nothing_twice(tmp_path: Path) -> None:
    places = many(tmp_path)
    whole, valid, report = pooled(
        survey_at(tmp_path / "whole", places, block=8), tmp_path / "s1", WindowEncoder()
    )
    assert 0 < report.pooled < 50 and report.pooled + report.without.total() == 50

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "points" and done >= 20:
            raise Cancelled

    survey, encoder = survey_at(tmp_path / "s", places, block=8), WindowEncoder()
    with pytest.raises(Cancelled):
        pool_points(survey, tmp_path / "s1", encoder, progress=stop)
    left = survey.feature_layer(encoder.spec).missing()
    assert 0 < len(left) < 7
    encoder.encoded = 0
    vectors, valid_now, again = pooled(survey, tmp_path / "s1", encoder)
    assert encoder.encoded == again.pooled <= sum(rows.stop - rows.start for rows in left)
    assert again.present == valid[: left[0].start].any(axis=1).sum()
    assert again.present + again.pooled == report.pooled
    assert again.without.total() == report.without.total()
    assert (vectors == whole).all() and (valid_now == valid).all()
    finished = pool_points(survey, tmp_path / "no folder", encoder)
    assert (finished.present, finished.pooled) == (report.pooled, 0)
    assert finished.without == {EARLIER: report.without.total()}


def test_progress_counts_points_up_to_all_of_them(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    survey = survey_at(tmp_path / "s", many(tmp_path), block=16)
    pool_points(survey, tmp_path / "s1", WindowEncoder(), progress=lambda *at: seen.append(at))
    done = [d for stage, d, total in seen if stage == "points" and total == 50]
    assert done == sorted(done) and done[-1] == 50


def test_a_batch_that_does_not_fit_is_halved_for_good(tmp_path: Path) -> None:
    places = many(tmp_path)
    expected, _, _ = pooled(survey_at(tmp_path / "w", places), tmp_path / "s1", WindowEncoder())
    tight = TightEncoder(3)
    vectors, _, _ = pooled(survey_at(tmp_path / "s", places), tmp_path / "s1", tight)
    assert (vectors == expected).all()
    assert tight.sizes[:3] == [8, 4, 2] and max(tight.sizes[2:]) == 2
    with pytest.raises(OutOfMemory, match="too small for a single item"):
        pool_points(survey_at(tmp_path / "none", places), tmp_path / "s1", TightEncoder(0))


# Refusals


class BadEncoder(WindowEncoder):
    """An encoder whose weights went wrong."""

    def encode(self, db: torch.Tensor | np.ndarray) -> torch.Tensor:
        return super().encode(db) * torch.nan


def test_features_that_are_no_numbers_are_refused_by_the_points_name(tmp_path: Path) -> None:
    write_raster(tmp_path / "s1" / "a.tif", flat(-10))
    survey = survey_at(tmp_path / "s", [(0.0, 0.0), at(60, 60)])
    with pytest.raises(SurveyInvalid, match=r"not finite.*for the point p0001"):
        pool_points(survey, tmp_path / "s1", BadEncoder())
    assert survey.feature_layer(BadEncoder().spec).missing()


def test_an_encoder_of_other_imagery_is_refused(tmp_path: Path) -> None:
    from dataclasses import replace

    encoder = WindowEncoder()
    encoder.spec = replace(encoder.spec, modality="optical")
    survey = survey_at(tmp_path / "s", [at(60, 60)])
    with pytest.raises(ConfigInvalid, match="reads optical"):
        pool_points(survey, tmp_path, encoder)
