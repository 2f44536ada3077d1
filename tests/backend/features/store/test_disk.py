"""A store on a disk that is full, or that may only be read."""

import contextlib
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from backend.errors import DiskFull, OutputUnwritable
from backend.features.store import FeatureStore, Filled, stored_blocks
from backend.features.store.check import check_store
from backend.scenes import open_scene
from tests.backend.features.store.conftest import CELLS, plan_of
from tests.backend.features.store.test_damage import embed
from tests.support.small_encoder import WindowEncoder

Remount = Callable[[str], None]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[tuple[Path, Remount]]:
    """A file system with room for two blocks, and how to change it."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def mount(options: str) -> None:
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
        subprocess.run(command, check=True, capture_output=True)

    try:
        mount("size=128k")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no file system can be mounted here")
    yield folder, mount
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_keeps_what_is_finished_and_is_gone_on_with(
    disk: tuple[Path, Remount], scene_file: Path, encoder: WindowEncoder, tmp_path: Path
) -> None:
    folder, mount = disk
    store = FeatureStore.open(folder)
    with pytest.raises(DiskFull, match="became full while"):
        embed(scene_file, store, encoder)
    assert {problem.text for problem in check_store(store)} <= {"has chunks and no receipt"}
    assert not [*folder.rglob("*.partial")]
    (array,) = store.arrays()
    finished = [*array.receipts()]
    assert 0 < len(finished) < 4

    mount("remount,size=2m")
    windows = encoder.encoded
    embed(scene_file, store, encoder)
    assert list(check_store(store)) == []
    whole = embed(scene_file, FeatureStore.open(tmp_path / "whole"), WindowEncoder(cell_px=16))
    assert encoder.encoded - windows < windows
    for index in whole.blocks(whole.cells):
        one, other = array.read(index), whole.read(index)
        assert one is not None and other is not None
        assert np.array_equal(one.values, other.values)


def test_a_full_disk_is_asked(
    disk: tuple[Path, Remount], scene_file: Path, encoder: WindowEncoder
) -> None:
    folder, mount = disk
    mount("remount,size=192k")
    embed(scene_file, FeatureStore.open(folder), encoder)
    with contextlib.suppress(OSError), (folder / "other").open("wb", buffering=0) as other:
        while True:
            other.write(bytes(4096))
    windows = encoder.encoded
    embed(scene_file, FeatureStore.open(folder), encoder)
    assert encoder.encoded == windows


def test_a_question_is_answered_where_the_disk_is_too_small_to_keep_what_it_encodes(
    disk: tuple[Path, Remount], scene_file: Path, encoder: WindowEncoder
) -> None:
    with open_scene(scene_file) as scene:
        plan, filled = plan_of(scene, encoder), Filled()
        array = FeatureStore.open(disk[0]).array_for(scene, encoder.spec, plan.lattice)
        blocks = [*stored_blocks(array, scene, plan, encoder, filled=filled)]
    assert sum(int(block.valid.sum()) for block in blocks) == CELLS
    assert "became full" in filled.unkept


def test_a_disk_that_may_only_be_read_is_asked(
    disk: tuple[Path, Remount], scene_file: Path, encoder: WindowEncoder
) -> None:
    folder, mount = disk
    mount("remount,size=2m")
    array = embed(scene_file, FeatureStore.open(folder), encoder)
    array.remove((0, 0))
    mount("remount,ro")
    store = FeatureStore.open(folder)
    with open_scene(scene_file) as scene:
        plan, filled = plan_of(scene, encoder), Filled()
        array = store.array_for(scene, encoder.spec, plan.lattice)
        blocks = [*stored_blocks(array, scene, plan, encoder, filled=filled)]
    assert sum(int(block.valid.sum()) for block in blocks) == CELLS
    assert filled == Filled(found=3, encoded=1, cells=CELLS, unkept="The store may be read only.")
    with pytest.raises(OutputUnwritable, match="may be read only"):
        embed(scene_file, store, encoder)
    mount("remount,rw")
