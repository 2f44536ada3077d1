"""The receipt of a block: what it was made from, by whom, and what was written."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import torch

from backend import __version__
from backend.features.store.home import Bytes

SIZE = 2048
"""Bytes of a receipt, filled up with blanks."""


@dataclass(frozen=True)
class Receipt:
    """Written after a block; without it the block does not count."""

    block: tuple[int, int]
    """Row and column of the block in the array."""
    pixels: str
    """SHA-256 of the pixels that it was made from, with what lies around them."""
    checksums: dict[str, int]
    """CRC-32C of the chunk of each array; empty for a block without data, which has no chunks."""
    shape: tuple[int, ...]
    """Rows, columns and numbers of a cell."""
    valid: int
    """Number of cells with data."""
    encoder: str
    """Identity of the encoder."""
    made_by: dict[str, str]
    """Versions, and the device."""
    time: str
    """ISO, in UTC."""

    @classmethod
    def of(cls, index: tuple[int, int], pixels: str, device: str, **fields: Any) -> "Receipt":
        """Return a receipt that is made now."""
        versions = {"gluelink": __version__, "torch": torch.__version__, "device": device}
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return cls(index, pixels, **fields, made_by=versions, time=now)

    @property
    def checksum(self) -> int:
        """What tells the cells from others: of their numbers and scales; 0 without data."""
        return self.checksums.get("features", 0) ^ self.checksums.get("scales", 0)

    def packed(self) -> Bytes:
        """Return it as JSON (SIZE,)."""
        text = json.dumps(asdict(self), ensure_ascii=False).encode()
        return np.frombuffer(text.ljust(SIZE), np.uint8)

    @classmethod
    def unpacked(cls, data: Bytes) -> "Receipt | None":
        """Return the receipt in bytes (SIZE,); None where it is broken."""
        try:
            fields = json.loads(data.tobytes())
            fields["block"], fields["shape"] = tuple(fields["block"]), tuple(fields["shape"])
            return cls(**fields)
        except (ValueError, TypeError, KeyError):
            return None
