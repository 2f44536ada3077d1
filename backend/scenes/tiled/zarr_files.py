"""The files of a Zarr store, in a folder or at an address, read by ranges of bytes.

zarr takes a file that is missing, or holds nothing, for one that holds fill values alone. Here only
one that its host says it does not have is missing; an empty one is damaged.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from zarr.abc.store import (
    ByteRequest,
    OffsetByteRequest,
    RangeByteRequest,
    Store,
    SuffixByteRequest,
)
from zarr.core.buffer import Buffer, BufferPrototype

from backend.errors import SceneUnreadable
from backend.io.blocks import RecentBlocks
from backend.io.ranges import LocalFile, RemoteFile, Span
from backend.io.url import Location, Url
from backend.scenes.tiled.remote import NotThere, Ranges

PAGE = 2**21
"""Remote files are read by pages: zarr asks for one small chunk after the other, and
neighbours on the ground lie near each other in a shard."""

PAGES_BYTES = 2**25
MOST_FILES = 256
BEYOND = 2**62
"""A place after the end of every file."""


class ZarrFiles(Store):
    """A store that is read only, for any thread.

    Example:
        group = zarr.open_group(ZarrFiles(folder, ranges), path="utm33", mode="r")
    """

    supports_writes = supports_deletes = supports_listing = False

    def __init__(self, root: Location, ranges: Ranges) -> None:
        super().__init__(read_only=True)
        self._root = root
        self._ranges = ranges
        self._pages = RecentBlocks(PAGES_BYTES)
        self._file = lru_cache(MOST_FILES)(self._find)

    def __eq__(self, other: object) -> bool:
        return self is other

    async def get(
        self, key: str, prototype: BufferPrototype, byte_range: ByteRequest | None = None
    ) -> Buffer | None:
        """Return the bytes of a file, or a part of them; None where there is no such file.

        Raises:
            SceneUnreadable: the file is empty, or its host is at fault.
        """
        data = await asyncio.to_thread(self._read, key, byte_range)
        return None if data is None else prototype.buffer.from_bytes(data)

    async def get_partial_values(
        self,
        prototype: BufferPrototype,
        key_ranges: Iterable[tuple[str, ByteRequest | None]],
    ) -> list[Buffer | None]:
        """Return parts of several files."""
        return [await self.get(key, prototype, part) for key, part in key_ranges]

    async def exists(self, key: str) -> bool:
        """Return whether there is such a file."""
        return await asyncio.to_thread(self._read, key, RangeByteRequest(0, 1)) is not None

    async def set(self, key: str, value: Buffer) -> None:
        """Refuse: nothing is written."""
        self._check_writable()

    async def delete(self, key: str) -> None:
        """Refuse: nothing is deleted."""
        self._check_writable()

    def list(self) -> AsyncIterator[str]:
        """Refuse: a host of files lists none."""
        raise NotImplementedError

    def list_prefix(self, prefix: str) -> AsyncIterator[str]:
        """Refuse: a host of files lists none."""
        raise NotImplementedError

    def list_dir(self, prefix: str) -> AsyncIterator[str]:
        """Refuse: a host of files lists none."""
        raise NotImplementedError

    def _find(self, key: str) -> "LocalFile | _Pages":
        where = self._root
        for part in key.split("/"):
            where = where / part
        if isinstance(where, Url):
            return _Pages(self._ranges.open(where), key, self._pages)
        return LocalFile(where)

    def _read(self, key: str, part: ByteRequest | None) -> bytes | None:
        try:
            file = self._file(key)
            data = file.read(*_span(part, file))
        except (NotThere, FileNotFoundError, NotADirectoryError):
            return None
        if not data:
            raise SceneUnreadable(
                f"The file {key} of {self._root.name} is cut short.", "Fetch the store again."
            )
        return data


class _Pages:
    """A remote file, of which the pages that were read recently are kept."""

    def __init__(self, file: RemoteFile, key: str, pages: RecentBlocks) -> None:
        self._file = file
        self._key = key
        self._pages = pages

    @property
    def size(self) -> int:
        """The length in bytes."""
        return self._file.size

    def read(self, start: int, stop: int) -> bytes:
        """Return bytes `start` to `stop` - 1, fewer only where the file ends."""
        first = start // PAGE * PAGE
        parts = [self._page(first)[start - first : stop - first]]
        # The length is known once a page has come.
        for at in range(first + PAGE, min(stop, self.size), PAGE):
            parts.append(self._page(at)[: stop - at])
        return b"".join(part.tobytes() for part in parts)

    def _page(self, start: int) -> NDArray[np.generic]:
        def load() -> NDArray[np.uint8]:
            return np.frombuffer(self._file.read(start, start + PAGE), np.uint8)

        return self._pages.get((self._key, start), load)


def _span(part: ByteRequest | None, file: LocalFile | _Pages) -> Span:
    """Return the first byte of a part of a file, and the one after its last."""
    if isinstance(part, RangeByteRequest):
        return part.start, part.end
    if isinstance(part, SuffixByteRequest):
        return max(0, file.size - part.suffix), file.size
    end = file.size if isinstance(file, LocalFile) else BEYOND
    return part.offset if isinstance(part, OffsetByteRequest) else 0, end
