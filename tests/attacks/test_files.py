"""Files: regular ones alone, no address behind them, bounded, and whole or an error."""

import os
import socket
from pathlib import Path

import numpy as np
import pytest

from backend.errors import SceneUnreadable
from backend.io.arrays import ArrayFile
from backend.io.ranges import LocalFile
from backend.maps.alignment import require_unchanged
from backend.scenes import files as files_module
from backend.scenes.files import OpenFiles, local_path, open_raster
from backend.scenes.open import open_any
from backend.scenes.sentinel1 import containers
from backend.scenes.tiled import source
from tests.support.rasters import speckled, write_raster

posix = pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")


@posix
@pytest.mark.parametrize("name", ["a.tif", "a.nc", "a.vrt", "a.zarr", "a_VV.tif"])
@pytest.mark.parametrize("kind", ["pipe", "socket", "device", "link"])
def test_a_special_file_is_refused_and_never_waited_for(
    tmp_path: Path, name: str, kind: str
) -> None:
    path = tmp_path / name
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            os.chdir(tmp_path)
            made.bind(name)
    else:
        path.symlink_to("/dev/zero" if kind == "device" else name)
    for given in (path, tmp_path):
        with pytest.raises(SceneUnreadable):
            open_any(given)


@posix
@pytest.mark.parametrize(
    "path", ["/proc", "/sys", "/dev", "/proc/self/mem", "/dev/zero", "/dev/fd"]
)
def test_folders_of_the_system_are_refused(path: str) -> None:
    with pytest.raises(SceneUnreadable):
        local_path(path)


@posix
def test_a_pipe_beside_a_scene_is_refused(tmp_path: Path) -> None:
    scene = write_raster(tmp_path / "a.tif", speckled(64, 64))
    os.mkfifo(tmp_path / "a.tif.msk")
    with pytest.raises(SceneUnreadable, match="regular"):
        open_raster(scene)
    os.mkfifo(tmp_path / "zarr.json")
    with pytest.raises(SceneUnreadable, match="regular"):
        LocalFile(tmp_path / "zarr.json").read(0, 1)


@posix
def test_links_that_lead_back_are_followed_once(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    for number in range(5):
        (folder / f"up{number}").symlink_to(tmp_path)
    (folder / "x.tif").touch()
    assert [file.name for file in source.files_below(tmp_path)] == ["x.tif"]


def test_folders_are_looked_at_up_to_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "MOST_ENTRIES", 3)
    monkeypatch.setattr(containers, "MOST_ENTRIES", 3)
    for number in range(4):
        (tmp_path / f"{number}.txt").touch()
    for look in (lambda: list(source.files_below(tmp_path)), lambda: open_any(tmp_path)):
        with pytest.raises(SceneUnreadable, match=r"too much|more than 3 entries"):
            look()
    monkeypatch.setattr(source, "MOST_ENTRIES", 100)
    monkeypatch.setattr(source, "LONGEST_S", -1.0)
    with pytest.raises(SceneUnreadable, match="too much"):
        list(source.files_below(tmp_path))


@pytest.mark.parametrize("end", [".msk", ".ovr", ".msk.ovr"])
def test_what_lies_beside_a_scene_leads_to_no_address(tmp_path: Path, end: str) -> None:
    scene = write_raster(tmp_path / "a.tif", speckled(64, 64))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"/vsicurl/http://127.0.0.1:{listener.getsockname()[1]}/a.tif"
        (tmp_path / f"a.tif{end}").write_text(
            '<VRTDataset rasterXSize="64" rasterYSize="64"><VRTRasterBand dataType="Byte" band="1">'
            f"<SimpleSource><SourceFilename>{address}</SourceFilename></SimpleSource>"
            "</VRTRasterBand></VRTDataset>"
        )
        with pytest.raises(SceneUnreadable, match="not a TIFF"):
            open_raster(scene)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_gdal_asks_no_address(tmp_path: Path) -> None:
    import rasterio

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        with pytest.raises(rasterio.errors.RasterioError):
            rasterio.open(f"/vsicurl/http://127.0.0.1:{listener.getsockname()[1]}/a.tif")
        with pytest.raises(TimeoutError):
            listener.accept()


def test_a_raster_with_large_blocks_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_module, "LARGEST_BLOCK", 64 * 64 * 4)
    fits = write_raster(
        tmp_path / "fits.tif", speckled(64, 64), tiled=True, blockxsize=64, blockysize=64
    )
    open_raster(fits).close()
    large = write_raster(
        tmp_path / "large.tif", speckled(64, 64), tiled=True, blockxsize=64, blockysize=80
    )
    with pytest.raises(SceneUnreadable, match="blocks of 80 x 64 pixels"):
        open_raster(large)


def test_a_tile_that_is_cut_short_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "grid.npy"
    np.save(path, np.ones((40, 40, 8), np.int8))
    array = ArrayFile(LocalFile(path))
    assert array.read(slice(30, 40), slice(0, 40)).all()
    os.truncate(path, 5000)
    with pytest.raises(SceneUnreadable, match="cut short while it was read"):
        array.read(slice(30, 40), slice(0, 40))


def test_no_imagery_is_mapped_into_memory() -> None:
    """A mapped file that is cut short ends the process: SIGBUS."""
    for folder in ("scenes", "io", "features", "maps"):
        for file in (Path(files_module.__file__).parents[1] / folder).rglob("*.py"):
            assert "mmap" not in file.read_text(), file


def test_a_scene_that_is_zeroed_while_it_is_read_is_an_error(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "lake_20240501.tif", speckled(224, 224))
    with open_any(path) as scene:
        require_unchanged(scene)
        path.write_bytes(bytes(path.stat().st_size))
        with pytest.raises(SceneUnreadable, match="changed while it was read"):
            require_unchanged(scene)


def test_files_stay_readable(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", speckled(64, 64))
    files = OpenFiles()
    assert files.header(path).names == ["VV", "VH"]
    files.close()
