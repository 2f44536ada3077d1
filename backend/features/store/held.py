"""How much of a plan a store holds, from receipts alone: no pixel is read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import shapely

from backend.encoders import EncoderSpec
from backend.features.plan import Plan
from backend.features.store.array import FeatureArray, Index
from backend.features.store.footprints import footprint_of
from backend.features.store.pixels import PixelHashes
from backend.features.store.store import FeatureStore
from backend.scenes import AnyScene


@dataclass(frozen=True)
class Held:
    """How much of a plan is encoded already."""

    share: float
    """Of the cells that are asked for, from 0 to 1; 1 only when none is lacking."""
    lacking: int
    """Windows still to be encoded, those of whole blocks."""
    footprint: dict[str, Any] | None
    """GeoJSON MultiPolygon in degrees of all that is encoded of the scene; None for nothing."""


def held_of(store: FeatureStore, scene: AnyScene, plan: Plan, spec: EncoderSpec) -> Held:
    """Return how much of a plan a store holds of a scene, as the encoder takes it.

    Blocks count that were made of the scene's files as they are now. Of files that are not known to
    be unchanged, such as new copies and those at addresses, none counts: their pixels have to be
    read first. Whether stored cells are damaged is found when they are asked.

    Raises:
        StoreInvalid: the store cannot be read.
    """
    array = store.array_for(scene, spec, plan.lattice, make=False)
    pixels = PixelHashes(array.info.digest, scene)
    state = _State(store.home.name, array.info.name, array.used, pixels.known, array, pixels)
    blocks, footprint = _look(state)
    boxes = {index: array.box(index) for index in array.blocks(plan.cells)}
    cells = {index: int(plan.requested(box).sum()) for index, box in boxes.items()}
    found = sum(count for index, count in cells.items() if index in blocks)
    lacking = sum(1 for index, count in cells.items() if count and index not in blocks)
    return Held(found / max(1, sum(cells.values())), lacking * array.windows_per_block, footprint)


@dataclass(frozen=True)
class _State:
    """What changes when an array, or what is known of its scene, does."""

    home: str
    name: str
    used: int
    known: frozenset[tuple[str, str]]
    array: FeatureArray = field(compare=False)
    pixels: PixelHashes = field(compare=False)


@lru_cache(maxsize=16)
def _look(state: _State) -> tuple[Mapping[Index, int], dict[str, Any] | None]:
    """Return the blocks of the known pixels with their cells that have data, and a footprint.

    Receipts are small files, hundreds to a scene, and areas change with every move of a map: they
    are read once, until the array is asked or filled again.
    """
    blocks = {}
    for index in state.array.receipts():
        known = state.pixels.get(index)
        receipt = state.array.receipt(index) if known else None
        if receipt is not None and receipt.pixels == known:
            blocks[index] = receipt.valid
    shape = footprint_of(state.array, [index for index, valid in blocks.items() if valid])
    return blocks, None if shape.is_empty else dict(json.loads(shapely.to_geojson(shape)))
