"""What opening a scene found out is kept until its files change."""

from pathlib import Path

import numpy as np
import pytest

from backend.service.scenes import SceneOpener
from backend.service.schemas import SceneRequest
from tests.support.rasters import speckled, write_raster


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_raster(tmp_path / "scene" / "S1_20240501.tif", speckled(60, 80))


def test_an_unchanged_scene_is_not_looked_into_again_and_reads_the_same(path: Path) -> None:
    opener = SceneOpener(SceneRequest(path=str(path)))
    with opener.open() as scene:
        first, values = scene.info, scene.read(scene.extent)
    with opener.open() as scene:
        assert scene.info is first
        assert np.array_equal(scene.read(scene.extent), values)


def test_a_file_that_has_changed_is_seen(path: Path) -> None:
    opener = SceneOpener(SceneRequest(path=str(path)))
    with opener.open() as scene:
        assert scene.info.units == "db"
    write_raster(path, 10 ** (speckled(60, 80) / 10))
    with opener.open() as scene:
        assert scene.info.units == "linear"


def test_a_file_that_appears_beside_it_is_seen(path: Path) -> None:
    opener = SceneOpener(SceneRequest(path=str(path)))
    with opener.open() as scene:
        first = scene.info
    path.with_name("beside.txt").touch()  # it might have been a mask
    with opener.open() as scene:
        assert scene.info is not first


def test_a_folder_is_looked_at_anew(path: Path) -> None:
    opener = SceneOpener(SceneRequest(path=str(path.parent)))
    with opener.open() as scene:
        first = scene.info
    with opener.open() as scene:
        assert scene.info is not first
