"""Commands that are killed at random moments leave a store in which all that counts is whole."""

import json
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import rasterio

from backend.encoders import Encoder
from backend.features.store import FeatureStore
from backend.features.store.check import check_store
from tests.backend.features.store.conftest import write_scene
from tests.backend.features.store.test_damage import embed
from tests.support.killing import contents, finish, kill, written

UNFINISHED = "has chunks and no receipt"
STARTS_S = 2.0
"""About what a command takes before it does anything."""


def test_encoding_goes_on_where_it_was_killed(
    tmp_path: Path, kills: int, long: bool, texture: Encoder
) -> None:
    rng = random.Random(1)
    scene = write_scene(tmp_path / "S1_20240501.tif", rows=192 if long else 16)
    command = ["-m", "backend.embed", scene, "--device", "cpu", "--store"]
    began = time.monotonic()
    embed(scene, FeatureStore.open(tmp_path / "unbroken"), texture)
    lasts, left, rounds = STARTS_S + time.monotonic() - began, 4 * kills if long else 1, 0
    while left:
        rounds += 1
        store, there = tmp_path / f"store{rounds}", dict[str, int]()
        while left and kill(*command, store, when=lambda: True, after_s=rng.uniform(0, lasts)):
            left -= 1
            now = _finished(store)
            assert there.items() <= now.items(), "a finished block was written again"
            there = now
        finish(*command, store)
        assert there.items() <= _finished(store).items()
        assert _numbers(store) == _numbers(tmp_path / "unbroken")
        assert [*check_store(FeatureStore.open(store))] == []


def test_asking_can_be_killed_at_any_moment(tmp_path: Path, kills: int, head_file: Path) -> None:
    rng = random.Random(2)
    scene, store = write_scene(tmp_path / "S1_20240501.tif"), tmp_path / "store"
    command = ["-m", "backend.query", scene, "open water", "--device", "cpu", "--head", head_file]
    command += ["--store", store, "-o"]
    began = time.monotonic()
    finish(*command, tmp_path / "whole.tif")
    lasts, before, numbers = time.monotonic() - began, _finished(store), _numbers(store)
    expected = _values(tmp_path / "whole.tif")
    for _ in range(kills):
        output = tmp_path / "map.tif"
        output.unlink(missing_ok=True)
        kill(*command, output, when=lambda: True, after_s=rng.uniform(0, lasts))
        assert not output.exists() or np.array_equal(_values(output), expected, equal_nan=True)
        assert _finished(store) == before
        assert [*check_store(FeatureStore.open(store))] == []
    finish(*command, tmp_path / "map.tif")
    assert np.array_equal(_values(tmp_path / "map.tif"), expected, equal_nan=True)
    assert _numbers(store) == numbers


def _finished(store: Path) -> dict[str, int]:
    """When each block with a receipt was written; all of them must be whole."""
    if not (store / "zarr.json").exists():
        return {}
    opened = FeatureStore.open(store)
    problems = [*check_store(opened)]
    assert {problem.text for problem in problems} <= {
        UNFINISHED,
        "its metadata is missing or broken",
    }
    return {name: time for name, time in written(store).items() if "/receipts/c/" in name}


def _numbers(store: Path) -> dict[str, Any]:
    """All that is kept, but for when."""
    found: dict[str, Any] = contents(store)
    for name in [*found]:
        if "/receipts/c/" in name:
            receipt = json.loads(found[name][:-4])
            found[name] = {key: value for key, value in receipt.items() if key != "time"}
        elif name.endswith("/used/c"):
            del found[name]
    return found


def _values(path: Path) -> np.ndarray:
    with rasterio.open(path) as file:
        return file.read()
