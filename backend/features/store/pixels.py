"""The hash of the pixels under a block, computed once and remembered.

A hash is remembered in the user's folder for as long as every file that shapes the pixels keeps
its path, size, times of change and inode. Where one has changed, or nothing is remembered, pixels
are read and hashed anew; nothing is encoded when they turn out to be the same.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.errors import GlueLinkError
from backend.io.disk import write_file
from backend.resources import user_path

Index = tuple[int, int]


def pixels_sha256(pixels: NDArray[np.float32]) -> str:
    """Return the SHA-256 of pixels (bands, h, w) and their shape."""
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


class PixelHashes:
    """What is known of the pixels of one scene, block by block, in the state its files have now.

    Example:
        hashes = PixelHashes.of(array.info.digest, scene.files)
        known = hashes.get((0, 0))
    """

    def __init__(self, memory: Path | None) -> None:
        """Take the file that remembers; None remembers nothing beyond this object."""
        self._memory = memory
        self._known: dict[str, str] = _read(memory)
        self._changed = False

    @classmethod
    def of(cls, digest: str, files: Sequence[Path] | None) -> "PixelHashes":
        """Return what is remembered of the array of this digest, made from these files.

        None are files that cannot be told unchanged, as at addresses.
        """
        state = _state(files) if files else None
        if state is None:
            return cls(None)
        name = hashlib.sha256(f"{digest}\n{state}".encode()).hexdigest()
        return cls(user_path("pixels", name))

    def get(self, index: Index) -> str | None:
        """Return the hash of a block's pixels, if it is known."""
        return self._known.get(f"{index[0]}.{index[1]}")

    def add(self, index: Index, sha256: str) -> None:
        """Note the hash of a block's pixels."""
        self._known[f"{index[0]}.{index[1]}"] = sha256
        self._changed = True

    def save(self) -> None:
        """Remember what was noted, with what another process has noted meanwhile."""
        if self._memory is None or not self._changed:
            return
        self._known = _read(self._memory) | self._known
        self._changed = False
        with suppress(GlueLinkError):  # what cannot be remembered costs time, never an answer
            write_file(self._memory, json.dumps(self._known).encode())


def _read(memory: Path | None) -> dict[str, str]:
    with suppress(OSError, ValueError):  # nothing is remembered, or the memory is damaged
        if memory is not None:
            known = json.loads(memory.read_bytes())
            return {str(place): bytes.fromhex(digest).hex() for place, digest in known.items()}
    return {}


def _state(files: Sequence[Path]) -> str | None:
    """Return what changes when a file does; None where one cannot be looked at."""
    lines = []
    try:
        for file in files:
            real = file.resolve()
            is_ = real.stat()
            lines.append(f"{real} {is_.st_size} {is_.st_mtime_ns} {is_.st_ctime_ns} {is_.st_ino}")
    except OSError:
        return None
    return "\n".join(lines)
