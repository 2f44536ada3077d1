"""A scene is read as dB on one absolute grid, whatever the file's grid, type and units are."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from backend.errors import NotGeoreferenced, PixelsUnfit, SceneUnreadable
from backend.scenes import Box, PixelBox, open_scene
from tests.support.rasters import speckled, write_raster

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")

DEGREES_10M = 9e-5


def whole(path: Path, **options: Any) -> NDArray[np.float32]:
    with open_scene(path, **options) as scene:
        return scene.read(scene.extent)


@pytest.fixture(scope="module")
def db() -> NDArray[np.float32]:
    return speckled(150, 170)


def as_linear(db: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.power(10, db / 10).astype(np.float32)


def as_dn(db: NDArray[np.float32], offset: float = -83.0) -> NDArray[np.uint16]:
    return np.round(np.power(10, (db.astype(np.float64) - offset) / 20)).astype(np.uint16)


@pytest.mark.parametrize(
    ("values", "options", "tolerance"),
    [
        (lambda db: db.astype(np.float64), {}, 1e-5),
        (as_linear, {}, 1e-4),
        (lambda db: as_linear(db).astype(np.float64), {}, 1e-4),
        (as_dn, {}, 0.05),
        (lambda db: as_dn(db, -70), {"dn_offset_db": -70}, 0.1),
        (lambda db: as_dn(db).astype(np.float32), {}, 0.05),
    ],
    ids=["float64", "linear", "linear64", "dn", "dn-offset", "dn-float"],
)
def test_the_same_scene_in_other_units_reads_the_same(
    db: NDArray[np.float32], values: Any, options: dict[str, Any], tolerance: float, tmp_path: Path
) -> None:
    path = write_raster(tmp_path / "scene.tif", values(db))
    np.testing.assert_allclose(whole(path, **options), db, atol=tolerance)


def test_scale_and_offset_tags_are_applied(db: NDArray[np.float32], tmp_path: Path) -> None:
    stored = np.round(db * 100).astype(np.int16)
    path = write_raster(tmp_path / "scene.tif", stored, scales=(0.01, 0.01), offsets=(0, 0))
    np.testing.assert_allclose(whole(path), db, atol=0.006)


HOLE = (slice(None), slice(40, 60), slice(30, 50))


@pytest.mark.parametrize(
    ("hole", "convert", "profile"),
    [
        (np.nan, None, {}),
        (np.nan, None, {"nodata": np.nan}),
        (-9999, None, {"nodata": -9999}),
        (-9999, None, {}),
        (-32768, None, {}),
        (np.inf, None, {}),
        (-np.inf, None, {}),
        (0, None, {}),
        (3.4e38, None, {}),
        (0, as_linear, {}),
        (-9999, as_linear, {}),
        (0, as_dn, {}),
        (65535, as_dn, {"nodata": 65535}),
    ],
)
def test_no_data_is_seen_tagged_or_not(
    db: NDArray[np.float32], hole: float, convert: Any, profile: dict[str, Any], tmp_path: Path
) -> None:
    values = convert(db) if convert else db.copy()
    values[HOLE] = hole
    read = whole(write_raster(tmp_path / "scene.tif", values, **profile))
    expected = np.zeros(read.shape, bool)
    expected[HOLE] = True
    assert (np.isnan(read) == expected).all()


def test_no_data_in_one_band_is_no_data_in_both(db: NDArray[np.float32], tmp_path: Path) -> None:
    values = db.copy()
    values[1, 10, 20] = np.nan
    assert np.isnan(whole(write_raster(tmp_path / "scene.tif", values))[:, 10, 20]).all()


@pytest.mark.parametrize("convert", [as_linear, as_dn, None])
def test_a_signal_below_the_noise_is_dark_and_not_absent(
    db: NDArray[np.float32], convert: Any, tmp_path: Path
) -> None:
    values = convert(db) if convert else db.copy()
    values[1, 10, 20] = 0 if convert else -np.inf
    read = whole(write_raster(tmp_path / "scene.tif", values))
    assert read[0, 10, 20] == pytest.approx(db[0, 10, 20], abs=0.05)
    assert read[1, 10, 20] == -40


def test_a_mask_inside_the_file_counts(db: NDArray[np.float32], tmp_path: Path) -> None:
    path = tmp_path / "scene.tif"
    with rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True):
        write_raster(path, db)
        with rasterio.open(path, "r+") as file:
            mask = np.full(db.shape[1:], 255, np.uint8)
            mask[40:60, 30:50] = 0
            file.write_mask(mask)
    assert np.isnan(whole(path)).sum() == 2 * 20 * 20


@settings(max_examples=25)
@given(
    longitude=st.floats(-179, 179),
    latitude=st.floats(-75, 80),
    kind=st.sampled_from(["degrees", "utm", "web", "rotated", "bottom-up"]),
    shift=st.tuples(st.floats(0, 10), st.floats(0, 10)),
)
def test_every_place_on_earth_has_the_value_of_the_pixel_it_lies_in(
    longitude: float,
    latitude: float,
    kind: str,
    shift: tuple[float, float],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """The file's values are its own row and column, so what was read tells where it came from."""
    size = 60
    rows, columns = np.mgrid[0:size, 0:size]
    values = np.stack([-1 - rows / 10, -1 - columns / 10]).astype(np.float32)
    number = int((longitude + 180) // 6) + 1
    zone = CRS.from_epsg((32600 if latitude >= 0 else 32700) + number)
    crs, transform = _grid(kind, zone, longitude, latitude, shift)
    path = tmp_path_factory.mktemp("earth") / "scene.tif"
    write_raster(path, values, crs.to_string(), transform)
    with open_scene(path, units="db") as scene:
        box = scene.extent
        read = scene.read(box)
        zone = CRS.from_epsg(scene.utm_epsg)
    inside = np.argwhere(np.isfinite(read[0]))
    assert len(inside) > 300
    row, column = inside.T
    x, y = Transformer.from_crs(zone, crs, always_xy=True).transform(
        (box.col0 + column + 0.5) * 10, -(box.row0 + row + 0.5) * 10
    )
    true_column, true_row = ~transform @ (np.asarray(x), np.asarray(y))
    found_row, found_column = (-(read[i][row, column] + 1) * 10 for i in (0, 1))
    assert np.abs(found_row + 0.5 - true_row).max() < 0.501
    assert np.abs(found_column + 0.5 - true_column).max() < 0.501


def _grid(
    kind: str, zone: CRS, longitude: float, latitude: float, shift: tuple[float, float]
) -> tuple[CRS, Affine]:
    if kind == "degrees":
        wide = DEGREES_10M / np.cos(np.radians(latitude))
        return CRS.from_epsg(4326), Affine(wide, 0, longitude, 0, -DEGREES_10M, latitude)
    crs = CRS.from_epsg(3857) if kind == "web" else zone
    x, y = Transformer.from_crs("EPSG:4326", crs, always_xy=True).transform(longitude, latitude)
    side = 10 / np.cos(np.radians(latitude)) if kind == "web" else 10
    corner = Affine.translation(x + shift[0], y + shift[1])
    turn = Affine.rotation(25) if kind == "rotated" else Affine.identity()
    return crs, corner @ turn @ Affine.scale(side, side if kind == "bottom-up" else -side)


@pytest.fixture(scope="module", params=["EPSG:32633", "EPSG:4326", "EPSG:3035"])
def any_crs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    corners = {
        "EPSG:32633": Affine(10, 0, 399_995, 0, -10, 5_400_005),
        "EPSG:4326": Affine(1.3e-4, 0, 14.2, 0, -9e-5, 48.7),
        "EPSG:3035": Affine(10, 0, 4_600_003, 0, -10, 2_800_007),
    }
    path = tmp_path_factory.mktemp("crs") / "scene.tif"
    return write_raster(path, speckled(400, 400), request.param, corners[request.param])


@settings(max_examples=25)
@given(
    row=st.integers(-50, 420),
    column=st.integers(-50, 420),
    height=st.integers(1, 300),
    width=st.integers(1, 300),
)
def test_a_pixel_is_the_same_whatever_is_read_around_it(
    any_crs: Path, row: int, column: int, height: int, width: int
) -> None:
    with open_scene(any_crs) as scene:
        top, left = scene.extent.row0 + row, scene.extent.col0 + column
        box = PixelBox(top, left, top + height, left + width)
        around = box.union(scene.extent)
        part, everything = scene.read(box), scene.read(around)
    rows, columns = box.within(around)
    np.testing.assert_array_equal(part, everything[:, rows, columns])


def test_a_finer_file_is_averaged_as_power(tmp_path: Path) -> None:
    db = speckled(200, 200)
    path = write_raster(
        tmp_path / "scene.tif", db, transform=Affine(5, 0, 400_000, 0, -5, 5_400_000)
    )
    expected = 10 * np.log10(as_linear(db).reshape(2, 100, 2, 100, 2).mean(axis=(2, 4)))
    np.testing.assert_allclose(whole(path), expected, atol=1e-3)


def test_a_coarser_file_is_interpolated(tmp_path: Path) -> None:
    """Power that grows evenly with the easting keeps doing so between the file's pixels."""
    power = np.tile(np.linspace(0.05, 0.25, 81, dtype=np.float32), (2, 60, 1))
    power[1] /= 5
    path = write_raster(
        tmp_path / "scene.tif", power, transform=Affine(20, 0, 400_000, 0, -20, 5_400_000)
    )
    read = np.power(10, whole(path) / 10)[:, 4:-4, 4:-4]
    steps = np.diff(read, axis=2)
    np.testing.assert_allclose(steps[0], 0.2 / 80 / 2, rtol=0.02)
    np.testing.assert_allclose(steps[1], 0.2 / 80 / 2 / 5, rtol=0.02)


@pytest.mark.parametrize("side", [60, 0.5])
def test_pixels_that_cannot_be_sentinel_1_are_refused(side: float, tmp_path: Path) -> None:
    transform = Affine(side, 0, 400_000, 0, -side, 5_400_000)
    path = write_raster(tmp_path / "scene.tif", speckled(50, 50), transform=transform)
    with pytest.raises(PixelsUnfit, match=f"pixels of {side:g} × {side:g} m"):
        open_scene(path)


def test_touching_patches_read_like_the_whole(tmp_path: Path) -> None:
    db = speckled(240, 120)
    for number, rows in enumerate([slice(0, 120), slice(120, 240)]):
        corner = Affine(10, 0, 400_000, 0, -10, 5_400_000 - 1200 * number)
        for band, name in enumerate(("VV", "VH")):
            path = tmp_path / f"patch_20240101_{number}_{name}.tif"
            write_raster(path, db[band : band + 1, rows], transform=corner, names=None)
    with open_scene(tmp_path) as scene:
        assert scene.info.size == (120, 240)
        assert len(scene.info.files) == 4
        np.testing.assert_allclose(scene.read(scene.extent), db, atol=1e-5)


def test_a_scene_across_two_zones_lies_in_the_zone_of_its_centre(tmp_path: Path) -> None:
    transform = Affine(1.3e-4, 0, 12 - 1.3e-4 * 120, 0, -9e-5, 48)
    path = write_raster(tmp_path / "scene.tif", speckled(100, 300), "EPSG:4326", transform)
    with open_scene(path) as scene:
        assert scene.utm_epsg == 32633
        read = scene.read(scene.extent)
    assert np.isfinite(read).mean() > 0.8


def test_a_scene_across_the_date_line_is_whole(tmp_path: Path) -> None:
    transform = Affine(9e-5, 0, 180 - 9e-5 * 100, 0, -9e-5, -17)
    path = write_raster(tmp_path / "scene.tif", speckled(100, 150), "EPSG:4326", transform)
    with open_scene(path) as scene:
        west, _, east, _ = scene.info.bounds
        assert scene.utm_epsg == 32760
        assert np.isfinite(scene.read(scene.extent)).mean() > 0.9
    assert west == pytest.approx(180 - 0.009) and east == pytest.approx(-180 + 0.0045)


def test_the_own_zone_of_a_file_is_kept(tmp_path: Path) -> None:
    """Metres of zone 32 far east of it stay metres of zone 32."""
    path = write_raster(tmp_path / "scene.tif", speckled(50, 50), "EPSG:32632")
    with open_scene(path) as scene:
        assert scene.info.utm == "EPSG:32632"
        assert scene.extent == Box(-540_000, 40_000, -539_950, 40_050)


def test_a_file_cut_short_is_refused_when_it_is_read(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "scene.tif", speckled(600, 600), compress="deflate")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(SceneUnreadable, match=r"scene\.tif is"):
        whole(path)


@pytest.mark.parametrize(
    ("crs", "transform"),
    [(None, None), ("EPSG:32633", Affine.identity())],
    ids=["crs", "transform"],
)
def test_a_raster_without_a_place_is_refused(
    crs: str | None, transform: Affine | None, tmp_path: Path
) -> None:
    path = write_raster(tmp_path / "scene.tif", speckled(50, 50), crs, transform)
    with pytest.raises(NotGeoreferenced, match="no map coordinates"):
        open_scene(path)


def test_a_crs_of_no_place_on_earth_is_refused(tmp_path: Path) -> None:
    local = 'LOCAL_CS["a building site",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]'
    path = write_raster(tmp_path / "scene.tif", speckled(50, 50), local)
    with pytest.raises(NotGeoreferenced):
        open_scene(path)


def test_a_product_in_radar_geometry_is_told_to_be_corrected(tmp_path: Path) -> None:
    path = tmp_path / "scene.tif"
    corners = [(0, 0, 14, 48), (0, 50, 14.1, 48), (50, 0, 14, 47.9), (50, 50, 14.1, 47.9)]
    points = [rasterio.control.GroundControlPoint(*corner) for corner in corners]
    profile = {"driver": "GTiff", "count": 2, "height": 50, "width": 50, "dtype": "float32"}
    with rasterio.open(path, "w", **profile) as file:
        file.write(speckled(50, 50))
        file.descriptions = ("VV", "VH")
        file.gcps = (points, rasterio.crs.CRS.from_epsg(4326))
    with pytest.raises(NotGeoreferenced, match="radar geometry"):
        open_scene(path)
