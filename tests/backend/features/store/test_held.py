"""What is encoded is known without reading a pixel, and never said of files that have changed."""

import json
import os
import shutil
from pathlib import Path

import pytest
import shapely
import torch

from backend.features.plan import for_encoder, make_plan
from backend.features.store import FeatureStore, Held, fill, footprint_of, held_of
from backend.maps import Area
from backend.scenes import open_scene
from tests.support.small_encoder import WindowEncoder

_BOX = shapely.box(408_400, 5_397_200, 408_600, 5_397_400)
NORTH_WEST = Area.from_geojson(json.loads(shapely.to_geojson(_BOX)), "EPSG:32633")
"""In the first of four blocks."""


def look(path: Path, store: FeatureStore, encoder: WindowEncoder, area: Area | None = None) -> Held:
    with open_scene(path) as scene:
        seen = for_encoder(scene, encoder.spec)
        return held_of(store, seen, make_plan(seen, area, encoder.spec), encoder.spec)


def ask(path: Path, store: FeatureStore, encoder: WindowEncoder, area: Area | None = None) -> None:
    with open_scene(path) as scene:
        plan = make_plan(scene, area, encoder.spec)
        fill(store.array_for(scene, encoder.spec, plan.lattice), scene, plan, encoder)


def test_nothing_is_held_of_a_new_scene_and_looking_leaves_nothing(
    scene_file: Path, store: FeatureStore, encoder: WindowEncoder
) -> None:
    held = look(scene_file, store, encoder)
    assert (held.share, held.footprint) == (0, None)
    assert held.lacking > 0
    assert store.arrays() == []


def test_a_part_counts_and_then_all_of_it(
    scene_file: Path, store: FeatureStore, encoder: WindowEncoder
) -> None:
    whole = look(scene_file, store, encoder).lacking
    ask(scene_file, store, encoder, NORTH_WEST)
    held = look(scene_file, store, encoder)
    assert 0 < held.share < 1
    assert held.lacking == whole * 3 / 4
    inside = look(scene_file, store, encoder, NORTH_WEST)
    assert (inside.share, inside.lacking, inside.footprint) == (1, 0, held.footprint)

    ask(scene_file, store, encoder)
    held = look(scene_file, store, encoder)
    assert (held.share, held.lacking) == (1, 0)
    (array,) = store.arrays()
    assert shapely.equals(shapely.geometry.shape(held.footprint), footprint_of(array))


def test_of_files_that_are_not_known_nothing_is_held_until_they_are_asked(
    scene_file: Path, store: FeatureStore, encoder: WindowEncoder, tmp_path: Path
) -> None:
    ask(scene_file, store, encoder)
    windows = encoder.encoded
    copy = Path(shutil.copy(scene_file, tmp_path / "copy_20240501.tif"))
    assert look(copy, store, encoder).share == 0
    ask(copy, store, encoder)
    assert look(copy, store, encoder).share == 1
    assert encoder.encoded == windows  # its pixels are the same

    os.utime(scene_file, (1, 1))
    assert look(scene_file, store, encoder).share == 0


def test_a_block_counts_though_it_was_looked_for_while_it_was_encoded(
    scene_file: Path, store: FeatureStore, encoder: WindowEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    encode, shares = encoder.encode, list[float]()

    def encode_seen(windows: torch.Tensor) -> torch.Tensor:
        shares.append(look(scene_file, store, encoder, NORTH_WEST).share)
        return encode(windows)

    monkeypatch.setattr(encoder, "encode", encode_seen)
    ask(scene_file, store, encoder, NORTH_WEST)
    assert shares and not any(shares)
    assert look(scene_file, store, encoder, NORTH_WEST).share == 1


def test_a_block_that_is_gone_is_lacking(
    scene_file: Path, store: FeatureStore, encoder: WindowEncoder
) -> None:
    ask(scene_file, store, encoder)
    (array,) = store.arrays()
    array.remove((0, 0))
    assert 0 < look(scene_file, store, encoder).share < 1
    array.drop()
    assert look(scene_file, store, encoder).share == 0
