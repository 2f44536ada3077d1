"""A map is the exact cosine of blended features, and the same whatever area was drawn."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry import box, mapping

from backend.encoders import Encoder
from backend.errors import AreaOutsideScene, HeadMismatch, PhraseInvalid
from backend.features import plan
from backend.link import LinkHead
from backend.maps import AlignmentResult, Area, align, estimate
from backend.scenes import Scene, open_scene
from backend.text import TextEncoder
from tests.backend.conftest import random_head
from tests.support.rasters import speckled, write_raster
from tests.support.small_encoder import WindowEncoder

WEST, NORTH = 400_000, 5_400_000
PHRASES = ["open water", "a dense town"]

Ask = Callable[..., tuple[AlignmentResult, NDArray[np.float32], Affine]]


@pytest.fixture(scope="module")
def scene_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """160 x 190 px off the lattice, with a hole and a torn edge."""
    db = speckled(160, 190)
    db[:, 60:100, 70:95] = np.nan
    db[:, :, :9] = np.nan
    corner = Affine(10, 0, WEST + 30, 0, -10, NORTH - 70)
    return write_raster(
        tmp_path_factory.mktemp("scene") / "scene_20240501.tif", db, transform=corner
    )


@pytest.fixture
def ask(scene_file: Path, minilm: TextEncoder, tmp_path: Path) -> Ask:
    """Make a map and read it back."""

    def make(
        area: Area | None = None,
        encoder: Encoder | None = None,
        path: Path = scene_file,
        output: Path = tmp_path / "map.tif",
        **options: Any,
    ) -> tuple[AlignmentResult, NDArray[np.float32], Affine]:
        encoder = encoder or WindowEncoder()
        head = random_head(encoder, minilm)
        with open_scene(path, **options) as scene:
            made = align(scene, area, PHRASES, encoder, head, minilm, output)
        with rasterio.open(output) as file:
            return made, file.read(), file.transform

    return make


def metres(west: float, south: float, east: float, north: float) -> Area:
    """A box in metres from the scene's corner."""
    shape = box(WEST + west, NORTH - south, WEST + east, NORTH - north)
    return Area.from_geojson(mapping(shape), "EPSG:32633")


def by_hand(
    scene: Scene, encoder: WindowEncoder, head: LinkHead, text: TextEncoder
) -> tuple[NDArray[np.float64], Affine]:
    """Every window of the lattice, encoded one by one, blended and projected to D in float64."""
    spec = encoder.spec
    cell, grid, window = spec.cell_px, spec.grid[0], spec.window_px
    stride = max(1, grid // 2)
    extent = scene.extent
    rows = range(extent.row0 // (stride * cell) - 3, extent.row1 // (stride * cell) + 1)
    columns = range(extent.col0 // (stride * cell) - 3, extent.col1 // (stride * cell) + 1)
    top, left = rows[0] * stride, columns[0] * stride
    height, width = (len(rows) - 1) * stride + grid, (len(columns) - 1) * stride + grid
    total = np.zeros((height, width, spec.dim))
    weight = np.zeros((height, width, 1))
    line = np.sin(np.pi * (np.arange(grid) + 0.5) / grid) ** 2
    db = np.full((2, height * cell, width * cell), np.nan, np.float32)
    inner = (
        slice(None),
        slice(extent.row0 - top * cell, extent.row1 - top * cell),
        slice(extent.col0 - left * cell, extent.col1 - left * cell),
    )
    db[inner] = scene.read(extent)
    for i in range(len(rows)):
        for j in range(len(columns)):
            r, c = i * stride, j * stride
            pixels = db[None, :, r * cell : r * cell + window, c * cell : c * cell + window]
            if np.isfinite(pixels).any():
                taper = np.outer(line, line)[..., None]
                features = encoder.encode(pixels)[0].double().numpy()
                total[r : r + grid, c : c + grid] += taper * features
                weight[r : r + grid, c : c + grid] += taper
    with np.errstate(invalid="ignore"):
        linked = total / weight @ head.weight.double().numpy() + head.bias.double().numpy()
    linked /= np.linalg.norm(linked, axis=-1, keepdims=True)
    cosines = (linked @ text.embed(PHRASES).T.astype(np.float64)).transpose(2, 0, 1)
    valid = np.isfinite(db[0]).reshape(height, cell, width, cell).mean(axis=(1, 3))
    cosines[:, valid < 0.5] = np.nan
    side = spec.cell_m
    return cosines, Affine(side, 0, left * side, 0, -side, -top * side)


@pytest.mark.parametrize(("cell_px", "grid"), [(4, 8), (3, 7), (1, 10), (8, 1), (5, 2)])
def test_a_map_is_the_exact_cosine_of_features_blended_by_hand(
    cell_px: int, grid: int, ask: Ask, scene_file: Path, minilm: TextEncoder
) -> None:
    encoder = WindowEncoder(cell_px, grid)
    made, cosines, transform = ask(encoder=encoder)
    with open_scene(scene_file) as scene:
        expected, origin = by_hand(scene, encoder, random_head(encoder, minilm), minilm)
    column, row = (round(x) for x in ~origin @ (transform.c, transform.f))
    height, width = cosines.shape[1:]
    cut = expected[:, row : row + height, column : column + width]
    np.testing.assert_allclose(cosines, cut, atol=1e-6)
    assert made.cells == np.isfinite(cut[0]).sum() == np.isfinite(expected[0]).sum()


@pytest.fixture(scope="module", params=[(4, 8), (3, 7)])
def whole(
    request: pytest.FixtureRequest,
    scene_file: Path,
    minilm: TextEncoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[WindowEncoder, Path]:
    """An encoder and its map of the whole scene."""
    encoder, output = WindowEncoder(*request.param), tmp_path_factory.mktemp("whole") / "map.tif"
    with open_scene(scene_file) as scene:
        align(scene, None, PHRASES, encoder, random_head(encoder, minilm), minilm, output)
    return encoder, output


@settings(max_examples=12)
@given(
    west=st.floats(-200, 1800),
    north=st.floats(-200, 1500),
    width=st.floats(20, 1500),
    height=st.floats(20, 1500),
)
def test_a_place_has_one_score_whichever_area_was_drawn(
    west: float,
    north: float,
    width: float,
    height: float,
    whole: tuple[WindowEncoder, Path],
    scene_file: Path,
    minilm: TextEncoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    encoder, map_of_all = whole
    output = tmp_path_factory.mktemp("maps") / "part.tif"
    area = metres(west, north + height, west + width, north)
    with open_scene(scene_file) as scene:
        try:
            align(scene, area, PHRASES, encoder, random_head(encoder, minilm), minilm, output)
        except AreaOutsideScene:
            return
    _assert_equal_where_both_have_answers(output, map_of_all)


def _assert_equal_where_both_have_answers(part: Path, whole: Path) -> None:
    with rasterio.open(part) as one, rasterio.open(whole) as all_of_it:
        inner = one.read()
        window = all_of_it.window(*one.bounds).round_offsets().round_lengths()
        outer = all_of_it.read(window=window)
    answered = np.isfinite(inner)
    assert answered.any() and np.isfinite(outer[answered]).all()
    assert np.abs(inner - outer)[answered].max() < 1e-5


@settings(max_examples=3)
@given(corner=st.tuples(st.floats(0, 3000), st.floats(0, 3000)), size=st.floats(100, 900))
def test_texture_scores_of_a_real_flood_do_not_depend_on_the_area(
    corner: tuple[float, float],
    size: float,
    real: Path,
    texture: Encoder,
    head: LinkHead,
    minilm: TextEncoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("maps")
    with open_scene(real / "spain_flood_2019" / "s1_grd_db.tif") as scene:
        west, north = scene.extent.col0 * 10 + 300, -scene.extent.row0 * 10 - 300
        for name, more in (("part", 0), ("more", 700)):
            x, y = west + corner[0] - more, north - corner[1] - size
            shape = box(x, y, x + size + more, y + size + more / 2)
            area = Area.from_geojson(mapping(shape), f"EPSG:{scene.utm_epsg}")
            align(scene, area, PHRASES, texture, head, minilm, folder / f"{name}.tif")
    _assert_equal_where_both_have_answers(folder / "part.tif", folder / "more.tif")


def test_narrow_swaths_make_the_same_map(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    _, wide, _ = ask()
    monkeypatch.setattr(plan, "SWATH_PX", 44)
    _, narrow, _ = ask()
    np.testing.assert_array_equal(narrow, wide)


def test_the_answer_lies_where_the_area_touches_and_there_is_data(ask: Ask) -> None:
    area = metres(420, 1350, 1250, 310)
    _, cosines, transform = ask(area)
    assert (transform.c - WEST, NORTH - transform.f) == (400, 280)
    assert cosines.shape == (2, 27, 22)
    # The hole begins 730 m east and 670 m south of the corner and ends at 980 m and 1070 m.
    hole = np.isnan(cosines[0])
    assert hole[10:19, 9:14].all()
    hole[10:20, 8:15] = False
    assert not hole.any()


def test_cells_with_less_than_half_of_their_pixels_have_no_answer(ask: Ask) -> None:
    """Data begins 120 m east of the corner."""
    for side, first in ((4, 3), (8, 1), (16, 1), (20, 1)):
        _, cosines, transform = ask(encoder=WindowEncoder(side, 8))
        answered = np.flatnonzero(np.isfinite(cosines[0, 2])) + round(
            (transform.c - WEST) / 10 / side
        )
        assert answered[0] == first


def test_windows_without_data_are_not_encoded(ask: Ask, tmp_path: Path) -> None:
    db = np.full((2, 400, 400), np.nan, np.float32)
    db[:, 200:232, 200:232] = speckled(32, 32)
    path = write_raster(tmp_path / "sparse.tif", db)
    encoder = WindowEncoder(4, 8)
    made, _, _ = ask(encoder=encoder, path=path)
    assert 9 <= encoder.encoded <= 16 < made.windows


@pytest.mark.parametrize("units", ["linear", "dn"])
def test_the_same_scene_in_other_units_gives_the_same_map(
    units: str, ask: Ask, texture: Encoder, tmp_path: Path
) -> None:
    db = speckled(260, 260)
    values = {
        "linear": np.power(10, db.astype(np.float64) / 10),
        "dn": np.round(np.power(10, (db.astype(np.float64) + 83) / 20)).astype(np.uint16),
    }[units]
    _, expected, _ = ask(encoder=texture, path=write_raster(tmp_path / "db.tif", db))
    made, cosines, _ = ask(encoder=texture, path=write_raster(tmp_path / "other.tif", values))
    assert made.provenance["scene"]["units"] == units
    np.testing.assert_allclose(cosines, expected, atol={"linear": 1e-4, "dn": 5e-3}[units])


def test_the_estimate_is_what_the_job_then_does(
    ask: Ask, scene_file: Path, minilm: TextEncoder
) -> None:
    encoder = WindowEncoder()
    for area in (None, metres(420, 1350, 1250, 310)):
        with open_scene(scene_file) as scene:
            cost = estimate(scene, area, encoder.spec)
        made, cosines, _ = ask(area, encoder)
        assert made.windows == cost.windows
        assert made.cells <= cost.cells <= cosines[0].size
        assert cost.output_bytes == cosines[0].nbytes
    assert cost.km2 == pytest.approx(0.83 * 1.04, rel=1e-3)


def test_statistics_are_those_of_the_map(ask: Ask) -> None:
    made, cosines, _ = ask()
    for one, band in zip(made.phrases, cosines, strict=True):
        values = band[np.isfinite(band)].astype(np.float64)
        found = (one.minimum, one.maximum, one.mean, one.percentile_2, one.percentile_98)
        true = (values.min(), values.max(), values.mean(), *np.percentile(values, [2, 98]))
        np.testing.assert_allclose(found, true, atol=3e-4)
    assert [(one.band, one.phrase) for one in made.phrases] == list(enumerate(PHRASES, 1))
    assert made.cells == len(values)


def test_the_map_says_where_it_comes_from(ask: Ask) -> None:
    area = metres(420, 1350, 1250, 310)
    made, _, _ = ask(area)
    with rasterio.open(made.path) as file:
        assert file.descriptions == tuple(PHRASES)
        assert np.isnan(file.nodata) and file.crs.to_epsg() == 32633
        tags = file.tags()
    provenance = json.loads(tags["GLUELINK_PROVENANCE"])
    assert provenance == made.provenance
    assert provenance["scene"]["files"] == ["scene_20240501.tif"]
    assert provenance["scene"]["date"] == tags["GLUELINK_DATE"] == "2024-05-01"
    assert provenance["encoder"]["identity"] == "window/4/8"
    assert provenance["text"]["dim"] == 384 and provenance["phrases"] == PHRASES
    kept = Area.from_geojson(provenance["area"]).degrees
    assert kept.symmetric_difference(area.degrees).area < 1e-4 * area.degrees.area


@pytest.mark.parametrize(
    "phrases", [[], [""], ["open water", " \n\t"]], ids=["none", "empty", "blank"]
)
def test_an_empty_phrase_is_refused(
    phrases: list[str],
    scene_file: Path,
    texture: Encoder,
    head: LinkHead,
    minilm: TextEncoder,
    tmp_path: Path,
) -> None:
    with open_scene(scene_file) as scene, pytest.raises(PhraseInvalid, match="phrase is empty"):
        align(scene, None, phrases, texture, head, minilm, tmp_path / "map.tif")


def test_an_area_elsewhere_or_in_a_hole_is_refused(ask: Ask, tmp_path: Path) -> None:
    with pytest.raises(AreaOutsideScene, match="do not overlap; the scene lies at"):
        ask(metres(5000, 6000, 5500, 5500))
    with pytest.raises(AreaOutsideScene, match="has no data inside the area"):
        ask(metres(800, 900, 850, 850))
    assert list(tmp_path.iterdir()) == []


def test_a_head_of_another_encoder_is_refused(
    scene_file: Path, head: LinkHead, minilm: TextEncoder, tmp_path: Path
) -> None:
    with open_scene(scene_file) as scene, pytest.raises(HeadMismatch):
        align(scene, None, PHRASES, WindowEncoder(), head, minilm, tmp_path / "map.tif")
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_every_window(
    scene_file: Path, minilm: TextEncoder, tmp_path: Path
) -> None:
    encoder = WindowEncoder()
    steps: list[tuple[str, int, int]] = []
    head = random_head(encoder, minilm)
    with open_scene(scene_file) as scene:
        made = align(
            scene, None, PHRASES, encoder, head, minilm, tmp_path / "map.tif",
            lambda *step: steps.append(step),
        )  # fmt: skip
    windows = [step for step in steps if step[0] == "Encoding windows"]
    assert [done for _, done, _ in windows] == sorted(done for _, done, _ in windows)
    assert windows[-1][1] == windows[-1][2] == made.windows
    assert [stage for stage, _, _ in steps][-1] == "Writing the map"
