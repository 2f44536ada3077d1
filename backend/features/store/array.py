"""One array of a feature store: its blocks, each with a receipt."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import product

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.codecs import Crc32cCodec
from zarr.core.common import JSON
from zarr.storage import MemoryStore

from backend.errors import DiskFull, OutputUnwritable
from backend.features.lattice import CellBox
from backend.features.store.about import KEY, ArrayInfo
from backend.features.store.block import DTYPES, StoredBlock
from backend.features.store.chunks import pack, unpack
from backend.features.store.home import Bytes, Home
from backend.features.store.receipts import SIZE, Receipt

Index = tuple[int, int]
"""Row and column of a block in its array."""

USED = "used"
RECEIPTS = "receipts"


class FeatureArray:
    """The stored cells of one scene and encoder; for any thread.

    Example:
        for index in array.blocks(plan.cells):
            block = array.read(index)
    """

    def __init__(self, home: Home, info: ArrayInfo) -> None:
        self.home = home
        self.info = info
        self.lattice = info.lattice
        self.cells = info.cells
        self.dim = info.dim
        self._dtypes = {"features": str(info.precision), **DTYPES}

    @property
    def shape(self) -> Index:
        """Rows and columns of blocks."""
        return self.cells.height // self.info.block, self.cells.width // self.info.block

    def blocks(self, cells: CellBox) -> list[Index]:
        """Return the blocks that touch `cells`, row by row."""
        inside, side = cells.intersection(self.cells), self.info.block
        if inside.empty:
            return []
        rows = range(
            (inside.row0 - self.cells.row0) // side, -(-(inside.row1 - self.cells.row0) // side)
        )
        columns = range(
            (inside.col0 - self.cells.col0) // side, -(-(inside.col1 - self.cells.col0) // side)
        )
        return [*product(rows, columns)]

    def box(self, index: Index) -> CellBox:
        """Return the cells of a block."""
        side = self.info.block
        top, left = self.cells.row0 + index[0] * side, self.cells.col0 + index[1] * side
        return CellBox(top, left, top + side, left + side)

    def index(self, cells: CellBox) -> Index:
        """Return which block has these cells."""
        side = self.info.block
        return (cells.row0 - self.cells.row0) // side, (cells.col0 - self.cells.col0) // side

    @property
    def block_bytes(self) -> int:
        """Size of a block that is full of data."""
        cells = self.info.block**2
        return cells * (self.dim * np.dtype(self.info.precision).itemsize + 5)

    @property
    def windows_per_block(self) -> int:
        """Windows that are encoded for one block, those around it included."""
        return len(self.lattice.corners(self.lattice.around(self.box((0, 0)))))

    def create(self) -> None:
        """Write what zarr needs to know of the arrays, the group last: then the array is there.

        Two processes that do so at once write the same bytes.

        Raises:
            DiskFull: the disk is full.
            OutputUnwritable: the store may be read only.
        """
        documents = {f"{self.info.name}/{key}": data for key, data in self._documents().items()}
        for key in sorted(documents, key=lambda key: -key.count("/")):
            self.home.put(key, documents[key])

    def receipt(self, index: Index) -> Receipt | None:
        """Return the receipt of a block; None where there is none, or a broken one."""
        chunk = self.home.get(self._key(RECEIPTS, index))
        data = None if chunk is None else unpack(chunk, "uint8", (SIZE,))
        receipt = None if data is None else Receipt.unpacked(data.view(np.uint8))
        return receipt if receipt and receipt.block == index else None

    def read(self, index: Index, pixels_sha256: str | None = None) -> StoredBlock | None:
        """Return a block; None where it is not there, is damaged, or was made of other pixels.

        `pixels_sha256` is the hash of the scene's pixels; None takes the block as it is.

        Raises:
            StoreInvalid: the store cannot be read.
        """
        receipt, box = self.receipt(index), self.box(index)
        if receipt is None or (pixels_sha256 is not None and receipt.pixels != pixels_sha256):
            return None
        if not receipt.valid:
            return StoredBlock.without_data(box, self.dim, self.info.precision)
        arrays: dict[str, NDArray[np.generic]] = {}
        for name, dtype in self._dtypes.items():
            chunk, checksum = self.home.get(self._key(name, index)), receipt.checksums.get(name)
            array = unpack(chunk, dtype, self._block_shape(name), checksum)
            if array is None:
                return None
            arrays[name] = array
        return StoredBlock(
            box,
            arrays["features"],
            arrays["scales"].view(np.float32),
            arrays["observed"].view(np.uint8),
            receipt.checksum,
        )

    def write(
        self,
        index: Index,
        block: StoredBlock,
        pixels_sha256: str,
        device: str = "cpu",
        beside: Callable[[StoredBlock], object] | None = None,
    ) -> StoredBlock:
        """Write a block, and then its receipt; return the block with its checksum.

        `beside` gets the block with its checksum, to keep what belongs to it before it counts.

        Raises:
            DiskFull: the disk is full.
            OutputUnwritable: the store may be read only.
        """
        self.home.remove(self._key(RECEIPTS, index))
        valid = int(np.count_nonzero(block.observed))
        arrays = {"features": block.values, "scales": block.scales, "observed": block.observed}
        checksums = {}
        for name, array in arrays.items():
            if valid:
                chunk, checksums[name] = pack(array)
                self.home.put(self._key(name, index), chunk)
            else:
                self.home.remove(self._key(name, index))
        receipt = Receipt.of(
            index,
            pixels_sha256,
            checksums=checksums,
            shape=block.values.shape,
            valid=valid,
            encoder=self.info.identity,
            device=device,
        )
        block = replace(block, checksum=receipt.checksum)
        if beside is not None:
            beside(block)
        self.home.put(self._key(RECEIPTS, index), pack(receipt.packed())[0])
        return block

    def receipts(self) -> Iterator[Index]:
        """Yield the blocks that have a receipt, which is not looked into, row by row."""
        yield from self._kept_of(RECEIPTS)

    def kept(self) -> dict[Index, bool]:
        """Return whether each block of which anything is kept has a receipt."""
        kept: dict[Index, bool] = {}
        for name in (*self._dtypes, RECEIPTS):
            for index in self._kept_of(name):
                kept[index] = name == RECEIPTS
        return dict(sorted(kept.items()))

    def remove(self, index: Index) -> None:
        """Remove a block, its receipt first.

        Raises:
            OutputUnwritable: the store may be read only.
        """
        for name in (RECEIPTS, *self._dtypes):
            self.home.remove(self._key(name, index))

    @property
    def bytes(self) -> int:
        """Size of all that is kept of it."""
        return self.home.size(self.info.name)

    def has_metadata(self) -> bool:
        """Return whether the metadata of all its parts is what it was made with."""
        return all(
            self.home.get_json(f"{self.info.name}/{key}") == json.loads(data.tobytes())
            for key, data in self._documents().items()
        )

    @property
    def used(self) -> int:
        """When it was last asked or filled, in seconds since 1970; 0 where that is not known."""
        data = self.home.get(f"{self.info.name}/{USED}/c")
        value = None if data is None else unpack(data, "int64", ())
        return 0 if value is None else int(value)

    def touch(self) -> None:
        """Note that it is in use, where that can be written."""
        with suppress(DiskFull, OutputUnwritable):  # not worth an answer
            self.home.put(f"{self.info.name}/{USED}/c", pack(np.array(int(time.time())))[0])

    def drop(self) -> None:
        """Remove it; first that without which it does not count.

        Raises:
            OutputUnwritable: a file cannot be removed.
        """
        self.home.remove(f"{self.info.name}/{RECEIPTS}/zarr.json")
        self.home.remove(f"{self.info.name}/zarr.json")
        self.home.remove_below(self.info.name)

    def _kept_of(self, array: str) -> list[Index]:
        """Return the blocks of which a part is kept."""
        prefix = f"{self.info.name}/{array}/c"
        places = (key.removeprefix(f"{prefix}/").split("/") for key in self.home.keys(prefix))
        depth = 2 if array in DTYPES else 3
        return sorted(
            (int(place[0]), int(place[1]))
            for place in places
            if len(place) == depth and all(part.isdecimal() for part in place)
        )

    def _key(self, array: str, index: Index) -> str:
        place = f"{self.info.name}/{array}/c/{index[0]}/{index[1]}"
        return place if array in DTYPES else f"{place}/0"

    def _block_shape(self, array: str) -> tuple[int, ...]:
        side = self.info.block
        return (side, side) if array in DTYPES else (side, side, self.dim)

    def _documents(self) -> dict[str, Bytes]:
        """Return the metadata of the group and of its arrays, as zarr writes them."""
        memory = MemoryStore()
        group = zarr.create_group(memory, attributes=self.info.attributes)
        size, rows_columns = (self.cells.height, self.cells.width), self.shape
        for name, dtype in self._dtypes.items():
            chunks = self._block_shape(name)
            dimensions = ("y", "x", "feature")[: len(chunks)]
            create_array(group, name, size + chunks[2:], chunks, dtype, dimensions)
        create_array(
            group,
            RECEIPTS,
            (*rows_columns, SIZE),
            (1, 1, SIZE),
            "uint8",
            ("block_row", "block_column", "receipt"),
            {KEY: self.info.attributes[KEY]},  # the group's own may get lost
        )
        since: dict[str, JSON] = {"units": "seconds since 1970-01-01"}
        create_array(group, USED, (), (), "int64", (), since)
        return {
            key: np.asarray(data.as_numpy_array()).view(np.uint8)
            for key, data in memory._store_dict.items()
        }


def create_array(
    group: zarr.Group,
    name: str,
    shape: tuple[int, ...],
    chunks: tuple[int, ...],
    dtype: str,
    dimensions: tuple[str, ...],
    attributes: dict[str, JSON] | None = None,
) -> None:
    """Create an array whose chunks hold plain bytes and their CRC-32C."""
    group.create_array(
        name,
        shape=shape,
        chunks=chunks,
        dtype=dtype,
        fill_value=0,
        compressors=[Crc32cCodec()],
        dimension_names=dimensions,
        attributes=attributes,
    )
