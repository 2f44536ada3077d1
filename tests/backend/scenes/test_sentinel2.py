"""Sentinel-2 pictures: which bands of which files are read, as what values, and what is refused."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.enums import ColorInterp

from backend.errors import ConfigInvalid, GlueLinkError, NotRadar, SceneUnreadable
from backend.scenes import open_any, read_scene_index
from backend.scenes.box import PixelBox
from backend.scenes.files import locate
from backend.scenes.sentinel2 import BANDS, RGB, TEN
from backend.scenes.tiled.open import TiledEntry, read_tiles
from tests.support.rasters import speckled, write_raster
from tests.support.tiles import is_embedding

REAL = Path(__file__).parents[4] / "shared" / "data" / "s1"
EAST, NORTH = 400_000, 5_400_000
RNG = np.random.default_rng(0)
SCALED = {"scales": [1e-4] * 10, "offsets": [0.0] * 10}


def write_picture(
    path: Path,
    values: NDArray[np.generic],
    names: tuple[str, ...] = (),
    east: float = EAST,
    pixel: float = 10,
    colours: tuple[ColorInterp, ...] = (),
    **profile: Any,
) -> Path:
    """A GeoTIFF (bands, h, w) of UTM zone 33 with its north-western corner there."""
    place = Affine(pixel, 0, east, 0, -pixel, NORTH)
    write_raster(path, values, transform=place, names=names or None, **profile)
    if colours:
        with rasterio.open(path, "r+") as file:
            file.colorinterp = colours
    return path


def whole_of(entry: TiledEntry) -> NDArray[np.float32]:
    with entry.open() as product:
        return product.read(entry.extent)


def only(folder: Path, kind: str = RGB) -> TiledEntry:
    (entry,), skipped = read_tiles(folder, kind)
    assert not skipped
    return entry


def reflectance(bands: int, side: int = 20) -> NDArray[np.float64]:
    return RNG.uniform(0.01, 0.4, (bands, side, side))


def as_display(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(255 * values / 0.2, 0, 255)


# Values


@pytest.mark.parametrize("place", ["denmark_2017", "tanzania_2023"])
def test_a_real_picture_is_read_pixel_by_pixel(place: str, tmp_path: Path) -> None:
    source = REAL / place / "s2_rgb.tif"
    if not source.is_file():
        pytest.skip(f"the data are not at {REAL}")
    shutil.copy(source, tmp_path / "s2_rgb.tif")
    entry = only(tmp_path)
    with rasterio.open(source) as file:
        stored, grid = file.read(), file.transform
    assert entry.date == {"denmark_2017": date(2017, 10, 30)}.get(place, date(2023, 6, 10))
    assert entry.rules == {"Values are read as 8-bit display values."}
    read = whole_of(entry)
    # Its pixels lie between those of the grid; each of these has the nearest.
    east = 10 * (np.arange(entry.extent.col0, entry.extent.col1) + 0.5)
    north = -10 * (np.arange(entry.extent.row0, entry.extent.row1) + 0.5)
    column, row = (np.floor(v).astype(int) for v in ((east - grid.c) / 10, (grid.f - north) / 10))
    inside = np.ix_((row >= 0) & (row < 224), (column >= 0) & (column < 224))
    wanted = stored[:, row.clip(0, 223)][:, :, column.clip(0, 223)]
    assert np.array_equal(read[:, inside[0], inside[1]], wanted[:, inside[0], inside[1]])
    assert np.isfinite(read[0]).sum() == inside[0].size * inside[1].size


@pytest.mark.parametrize(
    ("dtype", "factor", "scale", "rule"),
    [
        ("uint16", 10_000, {}, "whole numbers of reflectance x 10,000"),
        ("int16", 10_000, {}, "whole numbers of reflectance x 10,000"),
        ("float32", 1, {}, "floating point of reflectance"),
        ("float32", 10_000, {}, "floating point of reflectance x 10,000, since the median is"),
        ("uint16", 10_000, SCALED, "reflectance by the file's own scale and offset"),
    ],
)
def test_reflectance_comes_as_display_values_and_as_itself_whatever_it_is_stored_as(
    dtype: str, factor: float, scale: dict[str, Any], rule: str, tmp_path: Path
) -> None:
    values = reflectance(10)
    stored = np.round(factor * values) if dtype != "float32" else factor * values
    write_picture(tmp_path / "s2.tif", stored.astype(dtype), BANDS[TEN], **scale)
    near = 1e-4 if dtype != "float32" else 1e-6
    assert whole_of(only(tmp_path, TEN)) / 1e4 == pytest.approx(values, abs=near)
    found = whole_of(only(tmp_path))
    assert found == pytest.approx(as_display(values[[2, 1, 0]]), abs=255 * 5 * near)
    assert found.max() == 255
    (told,) = only(tmp_path).rules
    assert rule in told


def test_an_offset_of_the_file_is_taken_off(tmp_path: Path) -> None:
    values = reflectance(10)
    stored = np.round(10_000 * values + 1000).astype(np.uint16)
    write_picture(tmp_path / "s2.tif", stored, BANDS[TEN], **SCALED | {"offsets": [-0.1] * 10})
    assert whole_of(only(tmp_path, TEN)) == pytest.approx(1e4 * values, abs=0.6)


# Bands


def test_bands_are_told_by_name_then_by_colour_then_by_order(tmp_path: Path) -> None:
    values = RNG.integers(1, 255, (4, 9, 9), np.uint8)
    blue, green, red, _ = values
    names = ("B2 (490 nm)", "Green", "b04", "B8")
    write_picture(tmp_path / "named" / "a.tif", values, names)
    colours = (ColorInterp.blue, ColorInterp.green, ColorInterp.red)
    write_picture(tmp_path / "coloured" / "a.tif", values[:3], colours=colours)
    write_picture(tmp_path / "plain" / "a.tif", np.stack([red, green, blue]))
    for folder in tmp_path.iterdir():
        assert np.array_equal(whole_of(only(folder)), np.stack([red, green, blue])), folder


def test_all_twelve_bands_in_any_order_give_the_ten(tmp_path: Path) -> None:
    names = ["B01", *BANDS[TEN], "B09"]
    values = RNG.integers(1, 10_000, (12, 9, 9), np.uint16)
    order = RNG.permutation(12)
    write_picture(tmp_path / "a.tif", values[order], tuple(names[i] for i in order))
    assert whole_of(only(tmp_path, TEN)) == pytest.approx(values[1:11].astype(float), abs=1e-2)


# Gaps


def test_a_pixel_without_data_has_none_in_any_band(tmp_path: Path) -> None:
    values = RNG.integers(10, 250, (3, 8, 8), np.uint8)
    values[:, 0, 0], values[0, 0, 1], values[1, 0, 2] = 0, 0, 7
    lost = np.zeros((8, 8), bool)
    lost[0, 0] = True
    write_picture(tmp_path / "zero" / "a.tif", values)
    write_picture(tmp_path / "said" / "a.tif", values, nodata=0)  # a dark band is not its absence
    for name in ("zero", "said"):
        read = whole_of(only(tmp_path / name))
        assert np.array_equal(np.isnan(read), np.broadcast_to(lost, read.shape))
    write_picture(tmp_path / "seven" / "a.tif", values, nodata=7)
    assert np.isnan(whole_of(only(tmp_path / "seven"))[:, 0, 2]).all()
    alpha = np.where(np.arange(64).reshape(8, 8) < 16, 0, 255).astype(np.uint8)
    colours = (ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha)
    write_picture(tmp_path / "alpha" / "a.tif", np.stack([*values, alpha]), colours=colours)
    read = whole_of(only(tmp_path / "alpha"))
    assert np.isnan(read[:, :2]).all() and np.isfinite(read[:, 2:]).all()
    floats = values.astype(np.float32) / 1000
    floats[1, 5, 5] = np.nan
    write_picture(tmp_path / "nan" / "a.tif", floats)
    assert np.isnan(whole_of(only(tmp_path / "nan"))[:, 5, 5]).all()


def test_pictures_of_one_day_are_one_and_days_stay_apart(tmp_path: Path) -> None:
    first, second, third = RNG.integers(1, 255, (3, 3, 10, 10), np.uint8)
    write_picture(tmp_path / "a_20180601.tif", first)
    write_picture(tmp_path / "b_20180601.tif", second, east=EAST + 50)
    write_picture(tmp_path / "c_20180907.tif", third)
    entries, _ = read_tiles(tmp_path, RGB)
    assert [entry.date for entry in entries] == [date(2018, 6, 1), date(2018, 9, 7)]
    read = whole_of(entries[0])
    assert np.array_equal(read[..., :10], first) and np.array_equal(read[..., 10:], second[..., 5:])


def test_a_damaged_picture_is_named(tmp_path: Path) -> None:
    values = RNG.integers(1, 255, (3, 300, 300), np.uint8)
    path = write_picture(tmp_path / "a.tif", values, compress="deflate")
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 2] = bytes(len(content) // 2 - len(content) // 3)
    path.write_bytes(content)
    with pytest.raises(SceneUnreadable, match=r"a\.tif is cut short or damaged"):
        whole_of(only(tmp_path))


# What is refused


@pytest.mark.parametrize(
    ("values", "names", "kind", "said"),
    [
        (np.ones((2, 9, 9), np.uint8), (), RGB, "2 bands of uint8 (no names); expected B04, B03"),
        (np.ones((10, 9, 9), np.uint16), (), TEN, "10 bands of uint16 (no names); expected B02"),
        (np.ones((3, 9, 9), np.float32), ("VV", "VH", "ratio"), RGB, "3 bands of float32 (VV, VH"),
        (np.full((3, 9, 9), -12, np.float32), (), RGB, "a median of -12; reflectance was expected"),
        (np.ones((10, 9, 9), np.uint8), BANDS[TEN], TEN, "has 8 bits; reflectance was expected"),
    ],
)
def test_what_is_no_picture_is_told_apart(
    values: NDArray[np.generic], names: tuple[str, ...], kind: str, said: str, tmp_path: Path
) -> None:
    write_picture(tmp_path / "a.tif", values, names)
    with pytest.raises(SceneUnreadable) as caught:
        read_tiles(tmp_path, kind)
    assert said in caught.value.message and "docs/encoders.md" in caught.value.remedy


def test_coarse_pixels_and_addresses_are_refused(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.tif", RNG.integers(1, 255, (3, 9, 9), np.uint8), pixel=20)
    with pytest.raises(GlueLinkError, match="20"):
        whole_of(only(tmp_path))
    with pytest.raises(ConfigInvalid, match="is not an address of tiles"):
        read_tiles(locate("https://example.com/s2.tif"), RGB)


def test_radar_and_pictures_are_never_taken_for_each_other(tmp_path: Path) -> None:
    picture = write_picture(tmp_path / "s2.tif", RNG.integers(1, 255, (3, 90, 90), np.uint8))
    ten = write_picture(
        tmp_path / "ten.tif", RNG.integers(1, 9000, (10, 90, 90), np.uint16), BANDS[TEN]
    )
    radar = tmp_path / "s1.tif"
    write_raster(radar, speckled(90, 90))
    assert not any(map(is_embedding, (picture, ten, radar, tmp_path)))
    for path in (picture, ten):
        with pytest.raises(NotRadar):
            open_any(path)
    catalogue = read_scene_index(tmp_path)
    assert [scene.name for scene in catalogue.scenes] == ["s1.tif"]
    entries, skipped = read_tiles(tmp_path, RGB)
    assert [tile.name for entry in entries for tile in entry.tiles] == ["s2.tif", "ten.tif"]
    assert list(skipped) == ["s1.tif"]
    with pytest.raises(SceneUnreadable, match="holds no tile of AlphaEarth"):
        read_tiles(tmp_path, "alphaearth")


def test_a_box_beyond_the_picture_is_empty(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.tif", RNG.integers(1, 255, (3, 9, 9), np.uint8))
    entry = only(tmp_path)
    box = entry.extent
    with entry.open() as product:
        read = product.read(PixelBox(box.row0 - 5, box.col0, box.row1, box.col1))
    assert np.isnan(read[:, :5]).all() and np.isfinite(read[:, 5:]).all()
