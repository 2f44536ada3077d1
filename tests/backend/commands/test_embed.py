"""Encoding into a store, and asking it, from the command line."""

from pathlib import Path

import numpy as np
import pytest
import rasterio

from tests.support import forked
from tests.support.rasters import speckled, write_raster


@pytest.fixture(scope="module")
def scene_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scene")
    return write_raster(folder / "S1A_IW_GRDH_20240501.tif", speckled(240, 240))


def test_a_scene_is_embedded_once_and_asked_from_the_store(
    scene_file: Path, head_file: Path, tmp_path: Path
) -> None:
    store, query = tmp_path / "store", ("-m", "backend.query", scene_file, "open water")
    embed = ("-m", "backend.embed", scene_file, "--store", store, "--device", "cpu")
    done = forked.run(*embed)
    assert done.returncode == 0, done.stderr
    assert "1 blocks encoded, 0 were there, 900 cells" in done.stdout
    assert "0 blocks encoded, 1 were there, 900 cells" in forked.run(*embed).stdout

    maps = []
    for name, more in (("kept.tif", ("--store", store)), ("anew.tif", ())):
        options = ("--head", head_file, "--device", "cpu", "-o", tmp_path / name, *more)
        done = forked.run(*query, *options)
        assert done.returncode == 0, done.stderr
        assert ("Store: 1 blocks found, 0 encoded" in done.stdout) == bool(more)
        with rasterio.open(tmp_path / name) as file:
            maps.append(file.read(1))
    assert np.isfinite(maps[0]).all()
    assert 0 < np.abs(maps[0] - maps[1]).max() < 0.006


def test_a_folder_of_other_things_is_not_made_a_store(scene_file: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    done = forked.run("-m", "backend.embed", scene_file, "--store", tmp_path)
    assert done.returncode == 2
    assert "is not a feature store. Give another folder, or a new name." in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
