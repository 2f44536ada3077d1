"""VV and VH are found by name, in one file or two; what has none is refused in one sentence."""

from pathlib import Path

import numpy as np
import pytest
import rasterio.shutil
from affine import Affine
from numpy.typing import NDArray

from backend.errors import BandMissing, BandsUnclear, GlueLinkError, NotRadar, SceneUnreadable
from backend.scenes import open_scene
from tests.support.rasters import speckled, write_raster


@pytest.fixture(scope="module")
def db() -> NDArray[np.float32]:
    return speckled(80, 90)


def read(path: Path, **options: object) -> NDArray[np.float32]:
    with open_scene(path, **options) as scene:  # type: ignore[arg-type]
        return scene.read(scene.extent)


@pytest.mark.parametrize(
    "names",
    [("VH", "VV"), ("sigma0_vh_db", "Sigma0_VV_db"), ("Gamma0-VH", "gamma0.vv")],
)
def test_bands_are_told_by_their_names_in_any_order(
    names: tuple[str, str], db: NDArray[np.float32], tmp_path: Path
) -> None:
    path = write_raster(tmp_path / "scene.tif", db[::-1], names=names)
    np.testing.assert_allclose(read(path), db, atol=1e-5)


def test_further_bands_are_passed_over(db: NDArray[np.float32], tmp_path: Path) -> None:
    angle = np.full((1, *db.shape[1:]), 38, np.float32)
    bands = np.concatenate([angle, db, db[:1] - db[1:]])
    path = write_raster(tmp_path / "scene.tif", bands, names=("angle", "VV", "VH", "VV/VH"))
    np.testing.assert_allclose(read(path), db, atol=1e-5)


def test_two_bands_without_names_are_taken_in_order_with_a_warning(
    db: NDArray[np.float32], tmp_path: Path
) -> None:
    path = write_raster(tmp_path / "scene.tif", db, names=None)
    with open_scene(path) as scene:
        first = scene.info.checks[0]
        np.testing.assert_allclose(scene.read(scene.extent), db, atol=1e-5)
    assert first.level == "warning" and "band 1 is taken as VV" in first.text


def test_of_two_bands_without_names_the_brighter_one_is_vv(
    db: NDArray[np.float32], tmp_path: Path
) -> None:
    path = write_raster(tmp_path / "scene.tif", db[::-1], names=None)
    with open_scene(path) as scene:
        np.testing.assert_allclose(scene.read(scene.extent), db, atol=1e-5)
        assert "band 2 is brighter and is taken as VV" in scene.info.checks[0].text


def test_names_that_the_values_contradict_are_refused_until_bands_are_stated(
    db: NDArray[np.float32], tmp_path: Path
) -> None:
    path = write_raster(tmp_path / "scene.tif", db[::-1], names=("VV", "VH"))
    with pytest.raises(BandsUnclear, match="named VV and VH have medians") as refusal:
        open_scene(path)
    assert "--vv 1 --vh 2" in refusal.value.remedy
    np.testing.assert_allclose(read(path, bands={"VV": 2, "VH": 1}), db, atol=1e-5)
    with open_scene(path, bands={"VV": 1, "VH": 2}) as scene:
        assert any("VH is brighter than VV" in check.text for check in scene.info.checks)


def test_stated_bands_count_more_than_names(db: NDArray[np.float32], tmp_path: Path) -> None:
    path = write_raster(tmp_path / "scene.tif", db, names=("VH", "VV"))
    np.testing.assert_allclose(read(path, bands={"VV": 1, "VH": 2}), db, atol=1e-5)


@pytest.mark.parametrize("bands", [{"VH": 1}, {"VV": 1, "VH": 3}, {"VV": 0, "VH": 1}, {}])
def test_stated_bands_that_do_not_exist_are_refused(
    bands: dict[str, int], db: NDArray[np.float32], tmp_path: Path
) -> None:
    path = write_raster(tmp_path / "scene.tif", db)
    with pytest.raises(BandMissing):
        open_scene(path, bands=bands)


PAIRS = [
    ("S1A_20170613T165043_VV.tif", "S1A_20170613T165043_VH.tif"),
    ("s1_vv_20200101.TIFF", "s1_vh_20200101.TIFF"),
    (
        "s1a-iw-grd-vv-20170613t165043-20170613t165108-017018-01c5a5-001.tiff",
        "s1a-iw-grd-vh-20170613t165043-20170613t165108-017018-01c5a5-002.tiff",
    ),
]


@pytest.mark.parametrize("names", PAIRS)
@pytest.mark.parametrize("given", [0, 1])
def test_one_file_of_a_pair_finds_the_other(
    names: tuple[str, str], given: int, db: NDArray[np.float32], tmp_path: Path
) -> None:
    paths = [
        write_raster(tmp_path / name, db[band : band + 1], names=None)
        for band, name in enumerate(names)
    ]
    write_raster(tmp_path / "another_VV.tif", db[:1] - 3, names=None)
    np.testing.assert_allclose(read(paths[given]), db, atol=1e-5)


def test_a_pair_is_called_by_what_its_names_share(db: NDArray[np.float32], tmp_path: Path) -> None:
    for band, name in enumerate(("S1A_20170613_VV.tif", "S1A_20170613_VH.tif")):
        path = write_raster(tmp_path / name, db[band : band + 1], names=None)
    with open_scene(path) as scene:
        assert scene.info.name == "S1A_20170613"


def test_snap_data_folders_are_read(db: NDArray[np.float32], tmp_path: Path) -> None:
    for band, name in enumerate(("Sigma0_VV_db.img", "Sigma0_VH_db.img")):
        write_raster(tmp_path / name, db[band : band + 1], names=None, driver="ENVI")
    np.testing.assert_allclose(read(tmp_path), db, atol=1e-5)


def test_other_rasters_in_a_folder_are_left_aside_and_named(
    db: NDArray[np.float32], tmp_path: Path
) -> None:
    write_raster(tmp_path / "radar.tif", db)
    write_raster(tmp_path / "cover.tif", np.ones((1, 80, 90), np.uint8), names=None)
    with open_scene(tmp_path) as scene:
        assert any("cover.tif" in check.text for check in scene.info.checks)
        assert [Path(file).name for file in scene.info.files] == ["radar.tif"]


def test_bands_on_different_grids_are_refused(db: NDArray[np.float32], tmp_path: Path) -> None:
    write_raster(tmp_path / "a_VV.tif", db[:1], names=None)
    moved = Affine(10, 0, 400_100, 0, -10, 5_400_000)
    path = write_raster(tmp_path / "a_VH.tif", db[1:], transform=moved, names=None)
    with pytest.raises(SceneUnreadable, match="cover different pixels"):
        open_scene(path)


def test_a_pair_may_differ_in_the_last_digits_of_its_corner(
    db: NDArray[np.float32], tmp_path: Path
) -> None:
    for band, name in enumerate(("a_VV.tif", "a_VH.tif")):
        corner = Affine(10, 0, 400_000 + band * 1e-7, 0, -10, 5_400_000)
        write_raster(tmp_path / name, db[band : band + 1], transform=corner, names=None)
    np.testing.assert_allclose(read(tmp_path), db, atol=1e-5)


def test_a_lonely_polarisation_says_what_is_missing(
    db: NDArray[np.float32], tmp_path: Path
) -> None:
    path = write_raster(tmp_path / "a_VV.tif", db[:1], names=None)
    with pytest.raises(BandMissing, match=r"a_VV\.tif holds VV only, and no VH file"):
        open_scene(path)
    with pytest.raises(BandMissing, match=r"a_VV\.tif holds VV only, and no VH file"):
        open_scene(tmp_path)
    write_raster(tmp_path / "b_VV.tif", db[:1], names=None)
    with pytest.raises(BandMissing, match=r"holds no VV and VH of one acquisition.*a_VV\.tif"):
        open_scene(tmp_path)


RGB = np.full((3, 60, 60), 90, np.uint8)


@pytest.mark.parametrize(
    ("values", "names", "error", "said"),
    [
        (RGB, None, NotRadar, "3 bands of 8-bit whole numbers"),
        (RGB[:1] // 30, None, NotRadar, "1 band of 8-bit whole numbers"),
        (RGB[:2], None, NotRadar, "2 bands of 8-bit"),
        (RGB.astype(np.uint16) * 9, ("B02", "B03", "B04"), NotRadar, "optical image"),
        (RGB.astype(np.float32) / 900, ("red", "nir", None), NotRadar, "optical image"),
        (speckled(60, 60)[:1], None, BandMissing, "has 1 band without names; VV and VH"),
        (speckled(60, 60), ("HH", "HV"), BandMissing, r"2 bands \(HH, HV\)"),
        (RGB.astype(np.float32), None, BandMissing, "has 3 bands without names; VV and VH"),
    ],
)
def test_what_is_no_dual_polarisation_radar_is_refused(
    values: NDArray[np.float32],
    names: tuple[str, ...] | None,
    error: type[GlueLinkError],
    said: str,
    tmp_path: Path,
) -> None:
    path = write_raster(tmp_path / "raster.tif", values, names=names)
    with pytest.raises(error, match=said):
        open_scene(path)


@pytest.mark.parametrize(
    "path",
    [
        "/vsicurl/http://127.0.0.1:9/scene.tif",
        "/VSIZIP/scene.zip/scene.tif",
        "http://127.0.0.1:9/scene.tif",
        "s3://bucket/scene.tif",
        "GTIFF_DIR:1:scene.tif",
        'NETCDF:"scene.nc":VV',
        "HDF5:scene.h5://data",
        "file:///etc/hostname",
        "scene.tif\0.png",
        "<VRTDataset></VRTDataset>",
        "nowhere/scene.tif",
        "~nobody-of-this-name/scene.tif",
        "x" * 5000,
    ],
)
def test_only_local_files_are_opened(path: str) -> None:
    with pytest.raises(SceneUnreadable):
        open_scene(path)


def test_a_colon_in_a_name_is_no_harm(
    db: NDArray[np.float32], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_raster(tmp_path / "scene_10:30.tif", db)
    monkeypatch.chdir(tmp_path)
    np.testing.assert_allclose(read(Path("scene_10:30.tif")), db, atol=1e-5)


def test_complex_numbers_are_refused(db: NDArray[np.float32], tmp_path: Path) -> None:
    path = write_raster(tmp_path / "scene.tif", db.astype(np.complex64))
    with pytest.raises(SceneUnreadable, match="holds complex numbers"):
        open_scene(path)


def test_names_of_other_drivers_do_not_help(tmp_path: Path) -> None:
    """A VRT may point anywhere; one that is called .tif is still no GeoTIFF."""
    source = write_raster(tmp_path / "scene.tif", speckled(50, 50))
    disguised = tmp_path / "disguised.tif"
    rasterio.shutil.copy(source, disguised, driver="VRT")
    with pytest.raises(SceneUnreadable, match=r"disguised\.tif is not a GeoTIFF"):
        open_scene(disguised)


@pytest.mark.parametrize("content", [b"", b"II*\0", b"no raster at all", b"{}" * 500])
def test_files_that_are_no_raster_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "scene.tif"
    path.write_bytes(content)
    with pytest.raises(SceneUnreadable, match=r"scene\.tif is not a GeoTIFF"):
        open_scene(path)


def test_empty_folders_and_radar_geometry_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SceneUnreadable, match="holds no GeoTIFF"):
        open_scene(tmp_path)
    (tmp_path / "measurement").mkdir()
    (tmp_path / "manifest.safe").touch()
    for path in (tmp_path, tmp_path / "manifest.safe"):
        with pytest.raises(SceneUnreadable, match="radar geometry"):
            open_scene(path)
