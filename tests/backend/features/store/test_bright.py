"""Bright objects beside blocks: found when a block is encoded, kept, and never taken for others."""

from pathlib import Path

import numpy as np
import pytest
from affine import Affine

from backend.features.store import FeatureArray, FeatureStore, StoredObjects
from backend.features.store import bright as room
from backend.features.store.pixels import PixelHashes
from backend.scenes import Scene, open_scene
from tests.backend.features.store.test_damage import embed
from tests.support.rasters import write_raster
from tests.support.small_encoder import WindowEncoder

SHIPS = ((40, 60), (120, 64), (140, 200))
"""Rows and columns; the first two lie west of the border of two blocks, at column 192."""


@pytest.fixture
def sea_file(tmp_path: Path) -> Path:
    power = np.random.default_rng(1).gamma(5, 1 / 5, (2, 192, 256))
    power *= 10 ** (np.array([-2.1, -2.8])[:, None, None])
    for row, col in SHIPS:
        power[:, row : row + 3, col : col + 8] *= 100
    values = (10 * np.log10(power)).astype(np.float32)
    path = tmp_path / "S1_20240501.tif"
    return write_raster(path, values, transform=Affine(10, 0, 408_320, 0, -10, 5_397_440))


def places(array: FeatureArray, scene: Scene) -> list[tuple[int, int]]:
    """Rows and columns of all objects, counted from the scene's corner."""
    kept, hashes = StoredObjects(array, ("VV", "VH")), PixelHashes(array.info.digest, scene)
    found = (each for index in array.receipts() for each in kept.of(index, scene, hashes))
    return sorted(
        (int(each.top - scene.extent.row0), int(each.left - scene.extent.col0)) for each in found
    )


def test_ships_are_kept_once_and_read_without_a_pixel(
    sea_file: Path, store: FeatureStore, encoder: WindowEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    array = embed(sea_file, store, encoder)
    monkeypatch.setattr(room, "bright_objects", lambda *bands: pytest.fail("searched again"))
    with open_scene(sea_file) as scene:
        found = places(array, scene)
    assert len(found) == len(SHIPS)
    assert np.abs(np.array(found) - np.array(sorted(SHIPS))).max() <= 1


def test_damaged_ones_are_searched_anew_and_kept_again(
    sea_file: Path, store: FeatureStore, encoder: WindowEncoder
) -> None:
    array = embed(sea_file, store, encoder)
    chunks = [*Path(store.home.name).rglob("bright-1/objects/c/*/*")]
    with open_scene(sea_file) as scene:
        whole = places(array, scene)
        files = [file for file in chunks if file.is_file()]
        before = {file: file.read_bytes() for file in files}
        assert files
        for file in files:
            file.write_bytes(file.read_bytes()[:-9] + bytes(9))
        assert places(array, scene) == whole
    assert {file: file.read_bytes() for file in files} == before


def test_a_block_with_too_many_is_searched_each_time_and_loses_none(
    sea_file: Path, store: FeatureStore, encoder: WindowEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST", 1)
    array = embed(sea_file, store, encoder)
    with open_scene(sea_file) as scene:
        assert len(places(array, scene)) == len(SHIPS)
