"""The map is a valid cloud-optimised GeoTIFF, written whole or not at all."""

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio

from backend.errors import DiskFull, GlueLinkError, OutputUnwritable, SceneUnreadable
from backend.features.lattice import CellBox
from backend.maps import align
from backend.maps.geotiff import MapWriter
from backend.progress import Cancelled
from backend.scenes import open_scene
from backend.text import TextEncoder
from tests.backend.conftest import random_head
from tests.support import forked
from tests.support.rasters import speckled, write_raster
from tests.support.small_encoder import WindowEncoder

CELLS = CellBox(-60_000, 5_000, -59_400, 5_700)
PHRASES = ["open water", "ein dichter Wald"]


def filled(seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = rng.uniform(-1, 1, (2, CELLS.height, CELLS.width)).astype(np.float32)
    values[:, 100:200, 300:650] = np.nan
    return values


def write_map(path: Path, values: np.ndarray) -> Path:
    with MapWriter(path, CELLS, 80.0, 32733, PHRASES) as writer:
        for row in range(0, CELLS.height, 14):
            strip = CellBox(CELLS.row0 + row, CELLS.col0, CELLS.row0 + row + 14, CELLS.col1)
            strip = strip.intersection(CELLS)
            writer.write(strip, values[:, row : row + strip.height])
        writer.finish({"GLUELINK_SCENE": "a scene"})
    return path


def test_the_map_is_cloud_optimised_and_keeps_every_value(tmp_path: Path) -> None:
    values = filled()
    with rasterio.open(write_map(tmp_path / "map.tif", values)) as file:
        np.testing.assert_array_equal(file.read(), values)
        assert file.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert file.overviews(1) == [2, 4]
        assert file.profile["tiled"] and file.profile["compress"] == "deflate"
        assert file.tags(ns="IMAGE_STRUCTURE")["PREDICTOR"] == "3"
        assert np.isnan(file.nodata) and file.dtypes == ("float32", "float32")
        assert file.descriptions == tuple(PHRASES)
        assert file.tags()["GLUELINK_SCENE"] == "a scene"
        assert file.crs.to_epsg() == 32733
        assert tuple(file.transform)[:6] == (80, 0, 400_000, 0, -80, 4_800_000)
    assert [path.name for path in tmp_path.iterdir()] == ["map.tif"]


def test_overviews_average_and_leave_out_what_has_no_answer(tmp_path: Path) -> None:
    values = np.full((2, CELLS.height, CELLS.width), 0.25, np.float32)
    values[:, ::2, ::2] = np.nan
    with rasterio.open(write_map(tmp_path / "map.tif", values), overview_level=0) as file:
        np.testing.assert_allclose(file.read(), 0.25)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("map.png", "does not end in .tif"),
        ("map", "does not end in .tif"),
        ("nowhere/map.tif", "There is no folder"),
        ("folder.tif", "is a folder"),
        ("x" * 300 + ".tif", "cannot be written"),
    ],
)
def test_a_name_that_cannot_be_written_is_refused(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "folder.tif").mkdir()
    with pytest.raises(OutputUnwritable, match=said):
        write_map(tmp_path / name, filled())
    assert [path.name for path in tmp_path.iterdir()] == ["folder.tif"]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputUnwritable, match="cannot be written"):
        write_map(tmp_path / "map.tif", filled())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_map_that_will_not_fit_is_refused_before_it_begins(small_disk: Path) -> None:
    (small_disk / "other").write_bytes(b"0" * 6_000_000)
    with pytest.raises(DiskFull, match=r"needs 10 MB; .* has 7 MB left"):
        write_map(small_disk / "map.tif", filled())
    assert [path.name for path in small_disk.iterdir()] == ["other"]


@pytest.mark.parametrize("rows", [0, 300, 600])
def test_a_disk_that_becomes_full_leaves_nothing(rows: int, small_disk: Path) -> None:
    """Somebody else takes the room at the beginning, in the middle, or just before the end."""
    values = filled()
    other = small_disk / "other"
    with (
        pytest.raises(DiskFull, match="became full"),
        MapWriter(small_disk / "map.tif", CELLS, 80.0, 32733, PHRASES) as writer,
    ):
        for row in range(0, CELLS.height, 100):
            if row >= rows and not other.exists():
                _fill(other)
            strip = CellBox(CELLS.row0 + row, CELLS.col0, CELLS.row0 + row + 100, CELLS.col1)
            writer.write(strip, values[:, row : row + 100])
        if not other.exists():
            _fill(other)
        writer.finish({})
    assert [path.name for path in small_disk.iterdir()] == ["other"]


def _fill(path: Path) -> None:
    with path.open("wb", buffering=0) as file:
        try:
            while file.write(b"0" * 4096):
                pass
        except OSError as error:
            assert error.errno == errno.ENOSPC


def test_a_limit_on_file_size_is_told_as_a_full_disk(tmp_path: Path, head_file: Path) -> None:
    """The whole command, in a process that may write files of 20 kB at most."""
    scene = write_raster(tmp_path / "scene.tif", speckled(700, 700), compress="deflate")
    out = tmp_path / "out"
    out.mkdir()
    limited = (
        "import resource, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); "
        "runpy.run_module('backend.query', run_name='__main__')"
    )
    phrases = ("water", "forest", "town")
    done = forked.run("-c", limited, scene, *phrases, "--head", head_file, "-o", out / "map.tif")
    assert done.returncode == 2 and "became full" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(out.iterdir()) == []


Stop = Callable[[str, int, int], None]


@pytest.fixture(scope="module")
def scene_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scene") / "scene.tif"
    return write_raster(path, speckled(200, 200), compress="deflate", blockysize=8)


def stop_at(stage: str, done: int) -> Stop:
    def progress(now: str, count: int, total: int) -> None:
        if now == stage and count >= done:
            raise Cancelled

    return progress


@pytest.mark.parametrize(
    "progress",
    [
        stop_at("Reading the phrases", 0),
        stop_at("Encoding windows", 0),
        stop_at("Encoding windows", 100),
        stop_at("Writing the map", 0),
    ],
)
def test_a_cancelled_run_leaves_the_earlier_map_and_nothing_else(
    progress: Stop, scene_file: Path, minilm: TextEncoder, tmp_path: Path
) -> None:
    output = tmp_path / "map.tif"
    output.write_bytes(b"the earlier map")
    encoder = WindowEncoder()
    head = random_head(encoder, minilm)
    with open_scene(scene_file) as scene, pytest.raises(Cancelled):
        align(scene, None, ["open water"], encoder, head, minilm, output, progress)
    assert [path.name for path in tmp_path.iterdir()] == ["map.tif"]
    assert output.read_bytes() == b"the earlier map"


def test_a_scene_that_breaks_off_leaves_no_map(minilm: TextEncoder, tmp_path: Path) -> None:
    """The file is damaged while it is read; its units had been sampled before."""
    broken = tmp_path / "broken.tif"
    write_raster(broken, speckled(2000, 60), compress="deflate", blockysize=8)
    content = broken.read_bytes()
    out = tmp_path / "out"
    out.mkdir()
    encoder = WindowEncoder()
    head = random_head(encoder, minilm)

    def damage(stage: str, done: int, total: int) -> None:
        if stage == "Encoding windows" and done > 50:
            broken.write_bytes(content[: len(content) // 4] + b"\0" * (len(content) * 3 // 4))

    with open_scene(broken) as scene, pytest.raises(GlueLinkError) as raised:
        align(scene, None, ["open water"], encoder, head, minilm, out / "map.tif", damage)
    assert isinstance(raised.value, SceneUnreadable)
    assert list(out.iterdir()) == []
