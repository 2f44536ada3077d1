"""The hash of the pixels under a block, computed once and remembered.

A hash is remembered in the user's folder for as long as every file that shapes the pixels keeps
its path, size, times of change and inode. Where one has changed, or nothing is remembered, pixels
are read and hashed anew; nothing is encoded when they turn out to be the same.
"""

import hashlib
import json
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.errors import GlueLinkError
from backend.io.disk import write_file
from backend.io.unchanged import state_of
from backend.resources import user_path
from backend.scenes import AnyScene

Index = tuple[int, int]


def pixels_sha256(pixels: NDArray[np.float32]) -> str:
    """Return the SHA-256 of pixels (bands, h, w) and their shape."""
    digest = hashlib.sha256(repr(pixels.shape).encode())
    digest.update(np.ascontiguousarray(pixels).data)
    return digest.hexdigest()


class PixelHashes:
    """What is known of the pixels of one scene, block by block, in the state that its files are in.

    Example:
        hashes = PixelHashes(array.info.digest, scene)
        known = hashes.get((0, 0))
    """

    def __init__(self, digest: str, scene: AnyScene) -> None:
        """Take up what is remembered of a scene, as the array of this digest has its pixels."""
        self._scene = scene
        self._memory: Path | None = None
        if scene.state is not None:
            name = hashlib.sha256(f"{digest}\n{scene.state}".encode()).hexdigest()
            self._memory = user_path("pixels", name)
        self._known = _read(self._memory) if self._unchanged() else {}
        self._changed = False

    @property
    def known(self) -> frozenset[tuple[str, str]]:
        """All blocks whose pixels are known, with their hashes; equal while nothing has changed."""
        return frozenset(self._known.items())

    def get(self, index: Index) -> str | None:
        """Return the hash of a block's pixels, if it is known."""
        return self._known.get(f"{index[0]}.{index[1]}")

    def add(self, index: Index, sha256: str) -> None:
        """Note the hash of a block's pixels."""
        self._known[f"{index[0]}.{index[1]}"] = sha256
        self._changed = True

    def save(self) -> None:
        """Remember what was noted, with what another process has noted meanwhile."""
        if self._memory is None or not self._changed or not self._unchanged():
            return
        self._known = _read(self._memory) | self._known
        self._changed = False
        with suppress(GlueLinkError):  # what cannot be remembered costs time, never an answer
            write_file(self._memory, json.dumps(self._known).encode())

    def _unchanged(self) -> bool:
        """Return whether all files are as they were when the scene was opened."""
        files = self._scene.files
        return files is not None and state_of(files) == self._scene.state


def _read(memory: Path | None) -> dict[str, str]:
    with suppress(OSError, ValueError):  # nothing is remembered, or the memory is damaged
        if memory is not None:
            known = json.loads(memory.read_bytes())
            return {str(place): bytes.fromhex(digest).hex() for place, digest in known.items()}
    return {}
