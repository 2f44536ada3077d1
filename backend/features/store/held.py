"""How much of a plan a store holds, from receipts alone: no pixel is read."""

import json
from collections.abc import Iterator
from contextlib import suppress
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
    blocks = dict(_encoded(array, pixels))
    where = _Place(store.home.name, array.info.name, array)
    footprint = _outline(where, frozenset(index for index, valid in blocks.items() if valid))
    boxes = {index: array.box(index) for index in array.blocks(plan.cells)}
    cells = {index: int(plan.requested(box).sum()) for index, box in boxes.items()}
    found = sum(count for index, count in cells.items() if index in blocks)
    lacking = sum(1 for index, count in cells.items() if count and index not in blocks)
    return Held(found / max(1, sum(cells.values())), lacking * array.windows_per_block, footprint)


@dataclass(frozen=True)
class _Place:
    """An array, by its names."""

    home: str
    name: str
    array: FeatureArray = field(compare=False)


def _encoded(array: FeatureArray, pixels: PixelHashes) -> Iterator[tuple[Index, int]]:
    """Yield the blocks that are encoded of these pixels, with their cells that have data."""
    where = _Place(array.home.name, array.info.name, array)
    for index in array.receipts():
        if known := pixels.get(index):
            with suppress(LookupError):
                yield index, _valid(where, index, known)


@lru_cache(maxsize=2**16)
def _valid(where: _Place, index: Index, sha256: str) -> int:
    """Return how many cells of a block have data, as its receipt for these pixels says.

    Receipts are small files, hundreds to a scene, and areas change with every move of a map: each
    is read once. Only what was found is remembered: a block may be encoded the moment after.

    Raises:
        LookupError: the block is not encoded of these pixels.
    """
    receipt = where.array.receipt(index)
    if receipt is None or receipt.pixels != sha256:
        raise LookupError(index)
    return receipt.valid


@lru_cache(maxsize=16)
def _outline(where: _Place, blocks: frozenset[Index]) -> dict[str, Any] | None:
    shape = footprint_of(where.array, sorted(blocks))
    return None if shape.is_empty else dict(json.loads(shapely.to_geojson(shape)))
