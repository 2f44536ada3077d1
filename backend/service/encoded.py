"""What the store holds: one entry for each scene and encoder."""

import json
from datetime import UTC, datetime
from typing import Any, Literal

import shapely

from backend.features.store import FeatureArray, footprint_of
from backend.service.context import Context, open_store
from backend.service.schemas import Message


class EncodedScene(Message):
    """What is encoded of one scene by one encoder."""

    scene: str
    """Name of the scene that was encoded first; copies of it under other names are found, too."""
    date: str | None
    encoder: str
    quality: Literal["exact", "fine", "fast"]
    """How windows lie; exact where the encoder needs no choice."""
    precision: Literal["int8", "float16"]
    km2: float
    """Size of the cells with data."""
    bytes: int
    last_used: datetime | None
    """When it was last asked or added to; null where that is not known."""
    footprint: dict[str, Any] | None
    """GeoJSON MultiPolygon in degrees; null where nothing is encoded yet."""


class EncodedList(Message):
    """All that the store holds."""

    encoded: list[EncodedScene]


def encoded(context: Context) -> EncodedList:
    """Return what the store holds, the last used first.

    Raises:
        StoreInvalid: the store cannot be read.
    """
    store = open_store(context.settings)
    arrays = sorted(store.arrays() if store else [], key=lambda array: -array.used)
    return EncodedList(encoded=[_scene(array) for array in arrays])


def _scene(array: FeatureArray) -> EncodedScene:
    info, used = array.info, array.used
    receipts = [receipt for index in array.receipts() if (receipt := array.receipt(index))]
    shape = footprint_of(array, [receipt.block for receipt in receipts if receipt.valid])
    return EncodedScene(
        scene=info.scene,
        date=info.date,
        encoder=info.encoder,
        quality=info.lattice.quality,
        precision=info.precision,
        km2=sum(receipt.valid for receipt in receipts) * info.lattice.cell_m**2 / 1e6,
        bytes=array.bytes,
        last_used=datetime.fromtimestamp(used, UTC) if used else None,
        footprint=None if shape.is_empty else json.loads(shapely.to_geojson(shape)),
    )
