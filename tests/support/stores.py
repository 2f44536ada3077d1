"""Feature stores as bytes, to be compared."""

import re
from collections.abc import Mapping


def comparable(contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """All that a store holds by key, but for when that was written or used."""
    return {
        key: _untimed(data) if "/receipts/c/" in key else data
        for key, data in contents.items()
        if not key.endswith("/used/c/") and not key.endswith("/used/c")
    }


def _untimed(receipt: bytes) -> bytes:
    # What follows is blanks, and the checksum of all of it.
    return re.sub(rb'"time": "[^"]*"', b"", receipt).partition(b"   ")[0]
