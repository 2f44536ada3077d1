"""Blocks of a plan: encoded once, found ever after, the same as without a store."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from backend.errors import DiskFull, OutputUnwritable
from backend.features.store import FeatureArray, FeatureStore, Filled, fill, stored_blocks
from backend.features.strips import blended_strips
from backend.progress import silent
from backend.scenes import open_scene
from tests.backend.features.store.conftest import CELLS, plan_of
from tests.support.small_encoder import WindowEncoder

ArrayOf = Callable[..., FeatureArray]


@pytest.mark.parametrize(("precision", "steps"), [("int8", 254), ("float16", 2048)])
def test_stored_features_are_those_of_a_map_without_a_store(
    scene_file: Path, encoder: WindowEncoder, array_of: ArrayOf, precision: str, steps: int
) -> None:
    with open_scene(scene_file) as scene:
        plan = plan_of(scene, encoder)
        array = array_of(scene, precision=precision)
        blocks = list(stored_blocks(array, scene, plan, encoder))
        for strip in blended_strips(scene, plan, encoder, silent):
            for block in blocks:
                cells = strip.cells.intersection(block.cells)
                if cells.empty:
                    continue
                here, there = cells.within(block.cells), cells.within(strip.cells)
                assert np.array_equal(block.valid[here], strip.answered[there])
                valid, exact = block.valid[here], strip.features.numpy()[there]
                largest = np.abs(exact).max(axis=2, keepdims=True)
                off = np.abs(block.features[here] - exact) / largest
                assert off[valid].max() <= 1.01 / steps
                assert (block.features[here][~valid] == 0).all()


def test_what_is_stored_is_not_encoded_again(
    scene_file: Path, encoder: WindowEncoder, array_of: ArrayOf
) -> None:
    with open_scene(scene_file) as scene:
        array, plan = array_of(scene), plan_of(scene, encoder)
        assert fill(array, scene, plan, encoder) == Filled(0, 4, CELLS)
        first = list(stored_blocks(array, scene, plan, encoder))
        windows = encoder.encoded
    with open_scene(scene_file) as scene:
        array = array_of(scene)
        assert fill(array, scene, plan_of(scene, encoder), encoder) == Filled(4, 0, CELLS)
        for block in first:
            (again,) = (array.read(i) for i in array.blocks(block.cells))
            assert again is not None and np.array_equal(again.values, block.values)
    assert encoder.encoded == windows


def test_a_store_that_may_only_be_read_is_asked_and_the_rest_encoded_without_being_kept(
    scene_file: Path, encoder: WindowEncoder, tmp_path: Path
) -> None:
    FeatureStore.open(tmp_path / "store")
    store = FeatureStore.open(tmp_path / "store", writable=False)
    with open_scene(scene_file) as scene:
        plan = plan_of(scene, encoder)
        array = store.array_for(scene, encoder.spec, plan.lattice)
        for _ in range(2):
            filled = Filled()
            assert len(list(stored_blocks(array, scene, plan, encoder, filled=filled))) == 4
            assert (filled.encoded, filled.unkept) == (4, "The store may be read only.")
        with pytest.raises(OutputUnwritable, match="may be read only"):
            fill(array, scene, plan, encoder)
    assert [path.name for path in (tmp_path / "store").iterdir()] == ["zarr.json"]


def test_what_is_beyond_the_cap_is_answered_and_not_kept(
    scene_file: Path, encoder: WindowEncoder, tmp_path: Path
) -> None:
    store = FeatureStore.open(tmp_path / "store")
    store.set_cap(1000)
    with open_scene(scene_file) as scene:
        plan, filled = plan_of(scene, encoder), Filled()
        array = store.array_for(scene, encoder.spec, plan.lattice)
        assert len(list(stored_blocks(array, scene, plan, encoder, filled=filled))) == 4
        assert filled.encoded == 4 and "may hold" in filled.unkept
        assert not [*array.receipts()]
        with pytest.raises(DiskFull, match="may hold"):
            fill(array, scene, plan, encoder)
