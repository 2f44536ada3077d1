"""A product's vectors are the published ones, whichever tile, order, zone or file holds them."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry import box

from backend.encoders import load_encoder
from backend.errors import (
    AreaOutsideScene,
    ConfigInvalid,
    PixelsUnfit,
    SceneUnreadable,
    YearUnclear,
)
from backend.io.blocks import RecentBlocks
from backend.link import Pooling, wedge_pool
from backend.scenes import PixelBox
from backend.scenes.embeddings.alphaearth import VALUES, AlphaEarthTile
from backend.scenes.tiled.open import read_tiles
from backend.scenes.tiled.scene import TiledScene
from backend.survey import Survey, create_survey
from backend.survey.features import pool_points
from backend.survey.points import Point, gather_points
from scripts.samples.embeddings import (
    EAST,
    NORTH,
    index_row,
    quantised,
    values_of,
    write_alphaearth,
    write_index,
    write_tessera,
)
from tests.support.rasters import speckled, write_raster
from tests.support.tiles import is_embedding, open_embedding

TO_32 = Transformer.from_crs(32633, 32632, always_xy=True)


@pytest.fixture(autouse=True)
def no_recent_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.scenes.embeddings.alphaearth.RECENT", RecentBlocks(2**24))


def everything(path: Path | str, **how: str) -> NDArray[np.float32]:
    with open_embedding(path, **how) as product:
        return product.read(product.extent)


# AlphaEarth


def test_every_int8_means_what_the_published_note_says() -> None:
    codes = np.arange(-128, 128).astype(np.int8)
    np.testing.assert_array_equal(VALUES[codes.view(np.uint8)], values_of(codes).astype(np.float32))


def test_a_tile_is_read_exactly_by_any_windows(tmp_path: Path) -> None:
    stored = quantised(150, 130)
    expected = values_of(stored).astype(np.float32)
    with open_embedding(write_alphaearth(tmp_path / "x.tiff", stored)) as product:
        assert (product.modality, product.utm_epsg) == ("alphaearth", 32633)
        assert product.extent == PixelBox(-NORTH // 10, EAST // 10, 150 - NORTH // 10, 40_130)
        np.testing.assert_array_equal(product.read(product.extent), expected)
        at = product.extent
        beyond = product.read(PixelBox(at.row0 - 7, at.col0 - 7, at.row1 + 7, at.col1 + 7))
        np.testing.assert_array_equal(beyond[:, 7:-7, 7:-7], expected)
        assert np.isnan(beyond[:, :7]).all() and np.isnan(beyond[:, :, -7:]).all()
        row, col = at.row0 + 61, at.col0 + 3
        part = product.reopen().read(PixelBox(row, col, row + 9, col + 120))
        np.testing.assert_array_equal(part, expected[:, 61:70, 3:123])


def test_no_data_in_one_dimension_is_no_data_in_all(tmp_path: Path) -> None:
    stored = quantised(40, 40)
    stored[:, 5:9, 5:30] = -128
    stored[17, 20, 20] = -128
    read = everything(write_alphaearth(tmp_path / "x.tiff", stored))
    assert np.isnan(read[:, 5:9, 5:30]).all() and np.isnan(read[:, 20, 20]).all()
    assert np.isnan(read).any(axis=0).sum() == 4 * 25 + 1


@pytest.mark.parametrize("interleave", ["band", "pixel"])
def test_a_file_with_its_south_first_is_the_same_tile(tmp_path: Path, interleave: str) -> None:
    stored = quantised(90, 70)
    usual = write_alphaearth(tmp_path / "usual.tiff", stored, interleave=interleave)
    turned = write_alphaearth(
        tmp_path / "turned.tiff", stored, bottom_up=True, interleave=interleave
    )
    with rasterio.open(turned) as file:
        assert file.transform.e > 0
    np.testing.assert_array_equal(everything(turned), everything(usual))


def linear(stored: NDArray[np.int8]) -> NDArray[np.float32]:
    return (stored / np.float32(127.5)).astype(np.float32)


def linearly_stored(stored: NDArray[np.int8]) -> NDArray[np.int8]:
    return np.round(values_of(stored) * 127).astype(np.int8)


@pytest.mark.parametrize(
    ("mistake", "length"),
    [(linear, r"2\.5\d+"), (linearly_stored, r"0\.[12]\d+")],
)
def test_values_read_linearly_are_refused(
    tmp_path: Path,
    mistake: Callable[[NDArray[np.int8]], NDArray[np.float32]],
    length: str,
) -> None:
    path = write_alphaearth(tmp_path / "x.tiff", mistake(quantised(60, 60)))
    with pytest.raises(SceneUnreadable, match=f"x.tiff have a median length of {length}; 1 was"):
        everything(path)
    with pytest.raises(SceneUnreadable, match="median length"):  # and again
        everything(path)


def test_a_tile_is_judged_by_what_has_data(tmp_path: Path) -> None:
    stored = np.full((64, 300, 60), -128, np.int8)
    stored[:, 290:] = linearly_stored(quantised(10, 60))
    path = write_alphaearth(tmp_path / "x.tiff", stored)
    with open_embedding(path) as product:
        extent = product.extent
        north = PixelBox(extent.row0, extent.col0, extent.row0 + 50, extent.col1)
        assert np.isnan(product.read(north)).all()
        with pytest.raises(SceneUnreadable, match="median length"):
            product.read(extent)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_floats_that_were_read_rightly_are_taken_as_they_are(tmp_path: Path, kind: type) -> None:
    stored = quantised(60, 60)
    values = values_of(stored).astype(kind)
    values[:, 3] = np.nan
    values[:, 4] = 0  # what some exports write where there is nothing
    read = everything(write_alphaearth(tmp_path / "x.tiff", values))
    values[:, 4] = np.nan
    np.testing.assert_array_equal(read, values.astype(np.float32))


def test_blocks_are_unpacked_once_though_strips_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = quantised(520, 260)
    loaded: list[tuple[int, int]] = []

    original = AlphaEarthTile._load

    def counted(self: object, row: int, column: int) -> NDArray[np.generic]:
        loaded.append((row, column))
        return original(self, row, column)

    monkeypatch.setattr(AlphaEarthTile, "_load", counted)
    with open_embedding(write_alphaearth(tmp_path / "x.tiff", stored)) as product:
        at = product.extent
        strips = [
            product.read(PixelBox(row, at.col0, min(row + 50, at.row1), at.col1))
            for row in range(at.row0, at.row1, 50)
        ]
    np.testing.assert_array_equal(np.concatenate(strips, axis=1), values_of(stored).astype("f4"))
    assert sorted(loaded) == [(row, col) for row in (0, 256, 512) for col in (0, 256)]


# Mosaics


def test_tiles_side_by_side_are_one_picture(tmp_path: Path) -> None:
    west, east = quantised(80, 60, 1), quantised(80, 50, 2)
    write_alphaearth(tmp_path / "2024" / "33N" / "b.tiff", west)
    write_alphaearth(tmp_path / "2024" / "33N" / "a.tiff", east, corner=(EAST + 600, NORTH))
    expected = values_of(np.concatenate([west, east], axis=2)).astype(np.float32)
    np.testing.assert_array_equal(everything(tmp_path), expected)


@pytest.fixture(scope="module")
def two_zones(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, NDArray[np.int8]]:
    """A tile of zone 32 at the border to zone 33, and one of zone 33 that overlaps it."""
    root = tmp_path_factory.mktemp("zones")
    east, north = (round(place / 10) * 10 for place in TO_32.transform(281_000, 5_400_000))
    near = quantised(100, 100, 3)
    near[:, :, 60:] = -128
    write_alphaearth(root / "2024" / "32N" / "n.tiff", near, 32632, (east, north))
    over = quantised(400, 400, 4)
    write_alphaearth(root / "2024" / "33N" / "o.tiff", over, 32633, (280_000, 5_401_000))
    return root, over


def test_across_zones_each_pixel_has_the_nearest_vector_of_one_tile(
    two_zones: tuple[Path, NDArray[np.int8]],
) -> None:
    root, over = two_zones
    near = everything(root / "2024" / "32N" / "n.tiff")
    area = box(11.99, 48.68, 12.0, 48.71)
    with open_embedding(root, near=area) as product:
        assert product.utm_epsg == 32632
        with open_embedding(root / "2024" / "32N" / "n.tiff") as one:
            at = one.extent
        read = product.read(at)
    own = np.isfinite(near[0])
    np.testing.assert_array_equal(read[:, own], near[:, own])
    rows, columns = np.nonzero(~own)
    x, y = TO_32.transform(
        (at.col0 + columns + 0.5) * 10, -(at.row0 + rows + 0.5) * 10, direction="INVERSE"
    )
    column, row = (np.array(x) - 280_000) / 10, (5_401_000 - np.array(y)) / 10
    # Interpolated positions are true to millimetres: within one of an edge either side may be.
    clear = (abs(column - np.round(column)) > 1e-3) & (abs(row - np.round(row)) > 1e-3)
    expected = values_of(over)[:, row.astype(int), column.astype(int)].astype(np.float32)
    np.testing.assert_array_equal(read[:, rows, columns][:, clear], expected[:, clear])
    assert clear.mean() > 0.99 and np.isfinite(read).all()


def test_a_place_has_one_vector_whatever_is_read_around_it(
    two_zones: tuple[Path, NDArray[np.int8]],
) -> None:
    with open_embedding(two_zones[0], near=box(11.99, 48.68, 12.0, 48.71)) as product:
        at = product.extent
        whole = product.read(at)
        for row, col in ((0, 0), (37, 12), (120, 205)):
            part = PixelBox(at.row0 + row, at.col0 + col, at.row0 + row + 33, at.col0 + col + 47)
            rows, columns = part.within(at)
            np.testing.assert_array_equal(product.read(part), whole[:, rows, columns])


def test_tiles_of_several_years_are_told_apart(tmp_path: Path) -> None:
    for year in (2023, 2024):
        write_alphaearth(tmp_path / str(year) / "33N" / "x.tiff", quantised(20, 20, year))
    with pytest.raises(YearUnclear, match=r"tiles of 2023, 2024\. State one"):
        open_embedding(tmp_path)
    with pytest.raises(YearUnclear, match="not of 2020"):
        open_embedding(tmp_path, date="2020")
    read = everything(tmp_path, date="2023-06-01")
    np.testing.assert_array_equal(read, values_of(quantised(20, 20, 2023)).astype(np.float32))


# Tessera


def tessera(height: int = 30, width: int = 40) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    rng = np.random.default_rng(5)
    values = rng.integers(-127, 128, (height, width, 128)).astype(np.int8)
    return values, rng.uniform(0.005, 0.2, (height, width)).astype(np.float32)


@pytest.mark.parametrize("per_value", [False, True])
def test_tessera_is_int8_times_its_scales(tmp_path: Path, per_value: bool) -> None:
    values, scales = tessera()
    if per_value:
        scales = np.random.default_rng(6).uniform(0.01, 1, values.shape).astype(np.float32)
    path = write_tessera(tmp_path, values, scales)
    expected = values * (scales if per_value else scales[..., None])
    for where in (path, tmp_path):
        with open_embedding(where) as product:
            assert (product.modality, product.info.date) == ("tessera", "2024-01-01")
            read = product.read(product.extent)
        np.testing.assert_array_equal(read.transpose(1, 2, 0), expected)


def test_tessera_has_no_vector_without_a_scale_or_land(tmp_path: Path) -> None:
    values, scales = tessera()
    scales[0, :4] = np.nan, np.inf, 0, 3e5  # some published files hold huge ones
    land = np.ones(scales.shape, np.uint8)
    land[10:12] = 0
    read = everything(write_tessera(tmp_path, values, scales, land=land))
    lost = np.isnan(read).all(axis=0)
    assert lost[0, :4].all() and lost[10:12].all() and lost.sum() == 4 + 2 * 40


def test_tiles_of_tessera_lie_on_grids_of_their_own(tmp_path: Path) -> None:
    """Corners are no multiples of 10 m; tiles overlap, and the first by name counts."""
    values, scales = tessera()
    corner = (EAST + 3.2, NORTH - 4.1)
    write_tessera(tmp_path, values, scales, corner=corner)
    more = (-values - 1).astype(np.int8)
    write_tessera(
        tmp_path, more, scales, name="grid_13.75_48.75", corner=(corner[0] + 300, corner[1])
    )
    read = everything(tmp_path).transpose(1, 2, 0)
    assert read.shape == (31, 71, 128)
    # A pixel's middle lies 5 m in: inside the first row and column, beyond the last ones.
    assert np.isnan(read[30]).all() and np.isnan(read[:, 70]).all()
    np.testing.assert_array_equal(read[:30, :40], values * scales[..., None])
    np.testing.assert_array_equal(read[:30, 40:70], (more * scales[..., None])[:, 10:])


@pytest.mark.parametrize(
    ("noted", "modality"),
    [
        ({"dataset_version": "1.0", "dataset_variant": "vultr"}, "tessera"),
        ({"dataset_version": "1"}, "tessera"),
        ({"dataset_version": "1.1", "dataset_variant": "cambridge"}, "tessera-1.1-cambridge"),
        ({"dataset_version": "1.1"}, "tessera-1.1-cambridge"),  # the only tiles of 1.1
    ],
)
def test_the_version_of_a_tile_is_what_an_encoder_asks_for(
    tmp_path: Path, noted: dict[str, str], modality: str
) -> None:
    path = write_tessera(tmp_path, *tessera())
    (tmp_path / "tessera_metadata.json").write_text(json.dumps(noted))
    with open_embedding(path) as product:
        assert product.modality == modality
        assert product.info.source.startswith(f"Tessera {noted['dataset_version'][0]}.")
    (entry,) = read_tiles(tmp_path, modality)[0]
    assert entry.name == f"{product.info.source} 2024 in EPSG:32633"


def test_tiles_of_an_unknown_version_are_refused(tmp_path: Path) -> None:
    path = write_tessera(tmp_path, *tessera())
    noted = {"dataset_version": "2.0", "dataset_variant": "2B-L~beta1"}
    (tmp_path / "tessera_metadata.json").write_text(json.dumps(noted))
    with pytest.raises(SceneUnreadable, match=r"is of Tessera 2\.0 2B-L~beta1; its dimensions"):
        open_embedding(path)


def test_versions_are_not_mixed(tmp_path: Path) -> None:
    write_tessera(tmp_path / "old", *tessera())
    write_tessera(tmp_path / "new", *tessera())
    (tmp_path / "new" / "tessera_metadata.json").write_text('{"dataset_version": "1.1"}')
    with pytest.raises(ConfigInvalid, match=r"tiles of Tessera 1\.0 and of Tessera 1\.1 \(Camb"):
        open_embedding(tmp_path)


# The index


def indexed(tmp_path: Path) -> list[dict[str, object]]:
    rows = []
    for year, name, corner in (
        (2024, "w", (EAST, NORTH)),
        (2024, "e", (EAST + 400, NORTH)),
        (2024, "far", (EAST + 90_000, NORTH)),
        (2023, "old", (EAST, NORTH)),
    ):
        path = f"{year}/33N/{name}.tiff"
        if name != "far":
            write_alphaearth(tmp_path / path, quantised(40, 40, len(rows)), corner=corner)
        rows.append(index_row(path, (40, 40), 32633, corner, year))
    return rows


@pytest.mark.parametrize("suffix", [".csv", ".gpkg"])
def test_an_index_leads_from_an_area_to_its_tiles(tmp_path: Path, suffix: str) -> None:
    index = write_index(tmp_path / f"aef_index{suffix}", indexed(tmp_path))
    area = box(13.635, 48.73, 13.66, 48.75)
    with open_embedding(index, date="2024", near=area) as product:
        assert [Path(file).stem for file in product.info.files] == ["e", "w"]
        read = product.read(product.extent)
    both = np.concatenate([quantised(40, 40, 0), quantised(40, 40, 1)], axis=2)
    np.testing.assert_array_equal(read, values_of(both).astype(np.float32))
    with pytest.raises(YearUnclear, match="2023, 2024"):
        open_embedding(index, near=area)
    with pytest.raises(AreaOutsideScene, match=r"lists no tile of 2024 in the area"):
        open_embedding(index, date="2024", near=box(2, 40, 3, 41))
    with pytest.raises(SceneUnreadable, match=r"2024/33N/far\.tiff is not in .*--tiles https"):
        open_embedding(index, date="2024")


def test_the_tiles_of_an_index_may_lie_elsewhere(tmp_path: Path) -> None:
    elsewhere = tmp_path / "disk"
    index = write_index(tmp_path / "aef_index.csv", indexed(elsewhere)[:2])
    with open_embedding(index, tiles=elsewhere) as product:
        assert len(product.info.files) == 2
    with pytest.raises(ConfigInvalid, match="is not an index"):
        open_embedding(elsewhere, date="2024", tiles=elsewhere)


@pytest.mark.parametrize(
    "path",
    ["s3://bucket/../../../secret.tiff", "../../secret.tiff", "2024/../secret.tiff", "", "s3://b"],
)
def test_an_index_cannot_lead_out_of_the_folder(tmp_path: Path, path: str) -> None:
    row = {**index_row("2024/33N/x.tiff", (40, 40), 32633, (EAST, NORTH)), "path": path}
    index = write_index(tmp_path / "aef_index.csv", [row])
    with pytest.raises(SceneUnreadable, match="row that is not a tile"):
        open_embedding(index)


@pytest.mark.parametrize("path", ["/vsicurl/http://localhost/x.tiff", "https://host/x.tiff"])
def test_an_address_in_an_index_is_only_a_name(tmp_path: Path, path: str) -> None:
    row = {**index_row("2024/33N/x.tiff", (40, 40), 32633, (EAST, NORTH)), "path": path}
    index = write_index(tmp_path / "aef_index.csv", [row])
    with pytest.raises(SceneUnreadable, match=r"x\.tiff is not in"):
        open_embedding(index)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("aef_index.parquet", b"PAR1", "as Parquet, which cannot be read"),
        ("a.csv", b"id,lon,lat\n1,2,3\n", "has no column path"),
        ("a.csv", b"\xff\xfe\x00", "cannot be read"),
        ("a.csv", b"", "has no column path"),
        ("a.gpkg", b"no database at all, but long enough to look at", "cannot be read"),
        ("a.gpkg", b"", "cannot be read"),
    ],
)
def test_what_is_no_index_is_refused(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SceneUnreadable, match=said):
        open_embedding(tmp_path / name)


# What is refused


def test_products_are_told_from_radar(tmp_path: Path) -> None:
    radar = write_raster(tmp_path / "radar" / "s1.tif", speckled(30, 30))
    tile = write_alphaearth(tmp_path / "2024" / "33N" / "x.tiff", quantised(20, 20))
    values = write_tessera(tmp_path / "tessera", *tessera())
    (tmp_path / "aef_index.csv").write_text("path\n")
    assert all(map(is_embedding, (tile, tmp_path / "2024", values, tmp_path / "tessera")))
    assert is_embedding(tmp_path / "aef_index.csv") and is_embedding("https://host/npy/v1/2024")
    assert not is_embedding(radar) and not is_embedding(radar.parent)


@pytest.mark.parametrize(
    "name",
    ["/vsicurl/http://localhost/x.tiff", "GTIFF_DIR:1:x.tiff", "ftp://host/x.tiff", "nowhere"],
)
def test_hostile_and_missing_names_are_refused(name: str) -> None:
    for ask in (is_embedding, open_embedding):
        with pytest.raises(SceneUnreadable):
            ask(name)


def coarse(path: Path) -> Path:
    write_alphaearth(path, quantised(20, 20))
    with rasterio.open(path, "r+") as file:
        file.transform = Affine(20, 0, EAST, 0, -20, NORTH)
    return path


def test_pixels_of_another_size_are_refused(tmp_path: Path) -> None:
    with pytest.raises(PixelsUnfit, match=r"20 × 20 m; 9 to 11 m"):
        everything(coarse(tmp_path / "x.tiff"))


def lose_scales(path: Path) -> None:
    path.with_name(f"{path.stem}_scales.npy").unlink()


def lose_mask(path: Path) -> None:
    next(path.parents[3].glob("global_0.1_degree_tiff_all/*")).unlink()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1000])


def pickle(path: Path) -> None:
    np.save(path, np.array([{}], object))


def other_shape(path: Path) -> None:
    np.save(path, np.zeros((5, 6, 128), np.int8))


def other_scales(path: Path) -> None:
    np.save(path.with_name(f"{path.stem}_scales.npy"), np.ones((30, 40), np.float64))


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lose_scales, "scales grid_13.65_48.75_scales.npy of the tile .* is not there"),
        (lose_mask, "land mask grid_13.65_48.75.tiff of the tile .* is not there"),
        (cut, "grid_13.65_48.75.npy has .* bytes; its header promises"),
        (pickle, "grid_13.65_48.75.npy is not a .npy file: it does not hold a plain array"),
        (other_shape, r"int8 of shape \(5, 6, 128\)"),
        (other_scales, "holds float64"),
    ],
)
def test_a_damaged_tile_of_tessera_is_named(
    tmp_path: Path, harm: Callable[[Path], None], said: str
) -> None:
    path = write_tessera(tmp_path, *tessera())
    harm(path)
    with pytest.raises(SceneUnreadable, match=said):
        everything(path)


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (quantised(20, 20)[:3], "has 3 bands"),
        (np.zeros((128, 20, 20), np.float32), "has 128 bands; a tile of AlphaEarth has 64"),
        (quantised(20, 20).astype(np.int16), "64 bands of int16"),
    ],
)
def test_rasters_that_are_no_tile_are_refused(
    tmp_path: Path, stored: NDArray[np.int8], said: str
) -> None:
    with pytest.raises(SceneUnreadable, match=said):
        everything(write_alphaearth(tmp_path / "x.tiff", stored))


def test_a_truncated_tile_is_named(tmp_path: Path) -> None:
    path = write_alphaearth(tmp_path / "x.tiff", quantised(200, 200))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(SceneUnreadable, match=r"x\.tiff (is cut short|is not a GeoTIFF)"):
        everything(path)


def test_two_products_in_one_folder_are_refused(tmp_path: Path) -> None:
    write_alphaearth(tmp_path / "2024" / "33N" / "x.tiff", quantised(20, 20))
    write_tessera(tmp_path, *tessera())
    with pytest.raises(ConfigInvalid, match="AlphaEarth and of Tessera"):
        open_embedding(tmp_path)


def test_a_product_can_be_closed_and_opened_again(tmp_path: Path) -> None:
    product: TiledScene = open_embedding(write_alphaearth(tmp_path / "x.tiff", quantised(20, 20)))
    again = product.reopen()
    product.read(product.extent)
    product.close()
    assert np.isfinite(again.read(again.extent)).all()
    again.close()


# Windows around the points of a survey


def views_of(vectors: NDArray[np.float32]) -> NDArray[np.float16]:
    """Wedge-pooled views (4, d) of a window of vectors (d, 50, 50)."""
    grid = np.ascontiguousarray(vectors.transpose(1, 2, 0))[None]
    return wedge_pool(torch.from_numpy(grid))[0].numpy().astype(np.float16)


def survey_around(path: Path, places: list[tuple[float, float]], day: date) -> Survey:
    """Points at (easting, northing) of zone 33."""
    way = Transformer.from_crs(32633, 4326, always_xy=True)
    points = gather_points(
        Point(f"p{k}", *way.transform(*place), day, "r", -1, ("n.jpg", "", "", ""), split=k % 3)
        for k, place in enumerate(places)
    )
    return create_survey(path, points, {"kind": "table"})


def test_a_survey_pools_the_products_of_its_year(tmp_path: Path) -> None:
    """From a folder, and from an index; a window across two tiles, and one without a tile."""
    encoder = load_encoder("alphaearth", device="cpu")
    for year in (2017, 2018):
        west, east = quantised(80, 60, year), quantised(80, 60, year + 10)
        write_alphaearth(tmp_path / "s" / str(year) / "33N" / "w.tiff", west)
        write_alphaearth(
            tmp_path / "s" / str(year) / "33N" / "e.tiff", east, corner=(EAST + 600, NORTH)
        )
    rows = [
        index_row(f"{year}/33N/{name}.tiff", (80, 60), 32633, (EAST + more, NORTH), year)
        for year in (2017, 2018)
        for name, more in (("w", 0), ("e", 600))
    ]
    index = write_index(tmp_path / "aef_index.csv", rows)
    places = [(EAST + 602.0, NORTH - 398.0), (EAST + 5_000.0, NORTH)]
    both = np.concatenate([quantised(80, 60, 2018), quantised(80, 60, 2028)], axis=2)
    expected = views_of(values_of(both)[:, 15:65, 35:85].astype(np.float32))
    for name, scenes, tiles in (("a", tmp_path / "s", None), ("b", index, tmp_path / "s")):
        survey = survey_around(tmp_path / name, places, date(2018, 1, 4))
        report = pool_points(survey, scenes, encoder, tiles=tiles)
        assert (report.pooled, report.without.total(), report.scenes) == (1, 1, 2)
        vectors, valid = survey.feature_layer(encoder.spec, Pooling()).read(slice(None))
        assert valid.tolist() == [[True] * 4, [False] * 4]
        np.testing.assert_array_equal(vectors[0], expected)


def test_a_window_across_a_zone_s_border_is_whole(
    two_zones: tuple[Path, NDArray[np.int8]], tmp_path: Path
) -> None:
    root, _ = two_zones
    encoder = load_encoder("alphaearth", device="cpu")
    survey = survey_around(tmp_path / "s", [(281_600.0, 5_399_500.0)], date(2024, 5, 1))
    report = pool_points(survey, root, encoder)
    assert (report.pooled, report.scenes) == (1, 2)
    entries, skipped = read_tiles(root, "alphaearth")
    assert [(entry.utm_epsg, len(entry.tiles)) for entry in entries] == [(32632, 2), (32633, 2)]
    assert not skipped


def test_a_folder_without_the_product_asked_for_is_refused(tmp_path: Path) -> None:
    write_tessera(tmp_path, *tessera())
    survey = survey_around(tmp_path / "s", [(EAST + 100.0, NORTH - 100.0)], date(2024, 5, 1))
    with pytest.raises(SceneUnreadable, match=r"no tile of AlphaEarth\. It is a tile of Tessera"):
        pool_points(survey, tmp_path, load_encoder("alphaearth", device="cpu"))
