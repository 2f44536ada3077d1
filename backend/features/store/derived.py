"""Small arrays that are computed from the cells of a block and kept beside them.

They belong to the very cells that they were computed from: a note holds the checksum of those
cells and of each chunk that was written. What does not fit is computed again, never used.
"""

from collections.abc import Mapping
from contextlib import suppress

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.storage import MemoryStore

from backend.errors import GlueLinkError
from backend.features.lattice import CellBox
from backend.features.store.array import FeatureArray, Index, create_array
from backend.features.store.block import StoredBlock
from backend.features.store.chunks import pack, unpack

Part = tuple[str, tuple[int, ...]]
"""Type and shape of what is kept of one block."""

NOTE = "made_of"


class DerivedArrays:
    """Arrays of one name beside the features of an array; for any thread.

    Example:
        norms = DerivedArrays(array, "norms/0123456789ab", {"norms": ("float32", (128, 128))})
        kept = norms.read(block.cells, block.checksum)
    """

    def __init__(self, array: FeatureArray, name: str, parts: Mapping[str, Part]) -> None:
        self._array = array
        self._group = f"{array.info.name}/{name}"
        self._parts = parts

    def read(self, cells: CellBox, checksum: int) -> dict[str, NDArray[np.generic]] | None:
        """Return the parts of a block, in their shapes; None where cells differ or it is damaged.

        `checksum` is that of the block, which its receipt has, too.

        Raises:
            StoreInvalid: the store cannot be read.
        """
        home, index = self._array.home, self._array.index(cells)
        size = 1 + len(self._parts)
        note = unpack(home.get(self._key(NOTE, index, 3)), "uint32", (size,))
        if note is None or not checksum or int(note[0]) != checksum:
            return None
        found = {}
        for (name, (dtype, shape)), written in zip(self._parts.items(), note[1:], strict=True):
            chunk = home.get(self._key(name, index, len(shape)))
            values = unpack(chunk, dtype, shape, int(written))
            if values is None:
                return None
            found[name] = values
        return found

    def write(self, block: StoredBlock, arrays: Mapping[str, NDArray[np.generic]]) -> None:
        """Keep the parts of a stored block, in their shapes, where the store can be written to."""
        home, index = self._array.home, self._array.index(block.cells)
        if not (home.writable and block.checksum):
            return
        with suppress(GlueLinkError):  # what cannot be kept costs time, never an answer
            if home.get(f"{self._group}/zarr.json") is None:
                self._create()
            note = [block.checksum]
            for name, (_, shape) in self._parts.items():
                chunk, checksum = pack(arrays[name])
                home.put(self._key(name, index, len(shape)), chunk)
                note.append(checksum)
            home.put(self._key(NOTE, index, 3), pack(np.array(note, np.uint32))[0])

    def _key(self, name: str, index: Index, dimensions: int) -> str:
        tail = "/0" * (dimensions - 2)
        return f"{self._group}/{name}/c/{index[0]}/{index[1]}{tail}"

    def _create(self) -> None:
        """Write what zarr needs to know of the arrays."""
        memory = MemoryStore()
        group = zarr.create_group(memory)
        rows, columns = self._array.shape
        for name, (dtype, shape) in self._parts.items():
            size = (rows * shape[0], columns * shape[1], *shape[2:])
            dimensions = ("y", "x", "feature")[: len(shape)]
            create_array(group, name, size, shape, dtype, dimensions)
        note = 1 + len(self._parts)
        dimensions = ("block_row", "block_column", "checksum")
        create_array(group, NOTE, (rows, columns, note), (1, 1, note), "uint32", dimensions)
        # The group's own document last: then all of it is there.
        for key in sorted(memory._store_dict, key=lambda key: -key.count("/")):
            data = np.asarray(memory._store_dict[key].as_numpy_array()).view(np.uint8)
            self._array.home.put(f"{self._group}/{key}", data)
