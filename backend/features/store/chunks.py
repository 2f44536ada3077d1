"""One chunk of an array as it lies in the store, and cells as small numbers.

A chunk is the array's bytes, little-endian, and the four bytes of their CRC-32C: what zarr makes
with the codecs `bytes` and `crc32c`. Zarr takes a chunk that is missing for zeros; here it is
missing. They are not compressed: asking reads at the speed of memory, and unpacking does not
(docs/store.md has the figures).
"""

import math
from typing import Literal

import google_crc32c
import numpy as np
from numpy.typing import NDArray

from backend.features.store.home import Bytes

Precision = Literal["int8", "float16"]

TAIL = 4
"""Bytes of the checksum."""

_MOST = {"int8": 127.0, "float16": 65504.0}


def pack(values: NDArray[np.generic]) -> tuple[Bytes, int]:
    """Return a chunk (n,) of an array, and its checksum."""
    plain = np.ascontiguousarray(values).astype(values.dtype.newbyteorder("<"), copy=False)
    body = plain.reshape(-1).view(np.uint8)
    checksum = google_crc32c.value(body)
    return np.concatenate(
        [body, np.frombuffer(checksum.to_bytes(TAIL, "little"), np.uint8)]
    ), checksum


def unpack(
    chunk: Bytes | None, dtype: str, shape: tuple[int, ...], checksum: int | None = None
) -> NDArray[np.generic] | None:
    """Return the array (shape) of a chunk without a copy; None where it is not what was written.

    `checksum` is the one that a receipt has; None takes the chunk's own.
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if chunk is None or len(chunk) != size + TAIL:
        return None
    body, tail = chunk[:size], chunk[size:]
    stored = int.from_bytes(tail.tobytes(), "little")
    if checksum not in (None, stored) or stored != google_crc32c.value(body):
        return None
    return body.view(np.dtype(dtype).newbyteorder("<")).reshape(shape)


def quantise(
    features: NDArray[np.float32], valid: NDArray[np.bool_], precision: Precision
) -> tuple[NDArray[np.generic], NDArray[np.float32]]:
    """Return features (h, w, d) as small numbers, and scales (h, w): value = number × scale.

    An int8 is off by at most half a step, 1/254 of the largest number of its cell. float16 keeps
    the numbers as they are, but for cells beyond its range. Cells that are not valid are all 0.
    """
    features = np.where(valid[..., None], features, np.float32(0))
    largest = np.abs(features).max(axis=2)
    scales = largest / np.float32(_MOST[precision])
    if precision == "float16":
        scales = np.maximum(scales, np.float32(1))
    divisor = np.where(scales > 0, scales, np.float32(1))
    scaled = features / divisor[..., None]
    numbers = np.rint(scaled) if precision == "int8" else scaled
    return numbers.astype(precision), np.where(valid, scales, np.float32(0))


def dequantise(numbers: NDArray[np.generic], scales: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return features (…, d) of numbers (…, d) and scales (…)."""
    return numbers.astype(np.float32) * scales[..., None]
