"""The structure of a tiled GeoTIFF: where its blocks lie, and a smaller file of some of them.

A remote file of 2 GB is read by its directory and a few blocks. The blocks are put into a small
file under the same directory, which GDAL unpacks. GDAL can read remote files itself, but it takes
whatever bytes come for those that were asked for, gives all up for one lost reply, and remembers
for the whole process what went wrong.
Source: the TIFF 6.0 and BigTIFF specifications.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH, LENGTH, SAMPLES, PLANAR = 256, 257, 277, 284
TILE_WIDTH, TILE_LENGTH, TILE_OFFSETS, TILE_SIZES, SUB_DIRECTORIES = 322, 323, 324, 325, 330

MOST_FIELDS = 1000
LARGEST_FIELD = 2**26  # bytes
LARGEST_SIDE = 8192  # pixels of a block

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8}
_NUMBERS = {1: "u1", 3: "u2", 4: "u4", 13: "u4", 16: "u8", 18: "u8"}
_LONG8 = 16

Read = Callable[[int, int], bytes]
"""The bytes from one place to another."""


@dataclass(frozen=True)
class Field:
    """One entry of a directory: its type's number, how many values, and their bytes."""

    kind: int
    count: int
    data: bytes


@dataclass(frozen=True)
class Directory:
    """A file's first directory; `order` is < or >. ValueError when it has no tiles."""

    order: str
    fields: dict[int, Field]

    def numbers(self, tag: int) -> NDArray[np.int64]:
        """The whole numbers of a field. ValueError."""
        field = self.fields.get(tag)
        if field is None or field.kind not in _NUMBERS or not field.count:
            raise ValueError(f"it has no field {tag}, as a tiled GeoTIFF has")
        return np.frombuffer(field.data, self.order + _NUMBERS[field.kind]).astype(np.int64)

    def number(self, tag: int) -> int:
        """The only one."""
        return int(self.numbers(tag)[0])

    @property
    def block(self) -> tuple[int, int]:
        """Rows and columns of a block."""
        return self.number(TILE_LENGTH), self.number(TILE_WIDTH)

    @property
    def layers(self) -> int:
        """How many blocks lie over one another: one a band, or one for all."""
        return self.number(SAMPLES) if self.number(PLANAR) == 2 else 1

    def places(self) -> NDArray[np.int64]:
        """Offset and size (layers, rows, columns, 2) of all blocks; zeros for one without data."""
        (height, width), size = self.block, (self.number(LENGTH), self.number(WIDTH))
        if min(height, width, *size) < 1 or max(height, width) > LARGEST_SIDE:
            raise ValueError(f"its blocks are of {height} x {width} pixels")
        shape = (self.layers, -(-size[0] // height), -(-size[1] // width))
        places = np.stack([self.numbers(TILE_OFFSETS), self.numbers(TILE_SIZES)], axis=-1)
        if places.min() < 0:
            raise ValueError("its blocks lie nowhere")
        return places.reshape(*shape, 2)


def read_directory(read: Read) -> Directory:
    """The first directory of a TIFF or BigTIFF. ValueError."""
    head = read(0, 16)
    orders = {b"II": "<", b"MM": ">"}
    order = orders.get(head[:2], "")
    version = struct.unpack_from(order + "H", head, 2)[0] if order else 0
    if version not in (42, 43):
        raise ValueError("it does not begin as a TIFF")
    big = version == 43
    offset = struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)[0]
    counter, entry = (order + "Q", order + "HHQ8s") if big else (order + "H", order + "HHI4s")
    begin = offset + struct.calcsize(counter)
    (count,) = struct.unpack(counter, read(offset, begin))
    if count > MOST_FIELDS:
        raise ValueError(f"its directory has {count} fields")
    rows = read(begin, begin + count * struct.calcsize(entry))
    fields = {}
    for tag, kind, values, inline in struct.iter_unpack(entry, rows):
        if kind in _SIZES:
            fields[tag] = Field(kind, values, _data(kind, values, inline, order, read))
    return Directory(order, fields)


def _data(kind: int, count: int, inline: bytes, order: str, read: Read) -> bytes:
    size = _SIZES[kind] * count
    if size > LARGEST_FIELD:
        raise ValueError(f"a field has {size:,} bytes")
    if size <= len(inline):
        return inline[:size]
    offset = int.from_bytes(inline, "little" if order == "<" else "big")
    return read(offset, offset + size)


def small_file(directory: Directory, shape: tuple[int, int], blocks: Sequence[bytes]) -> bytes:
    """A BigTIFF of some blocks under the same directory, but for its size and place.

    `shape` is rows and columns of blocks in each layer; `blocks` are in the order of the layers,
    then rows, then columns, and empty for one without data.
    """
    order, (height, width) = directory.order, directory.block
    replaced = {
        WIDTH: [width * shape[1]],
        LENGTH: [height * shape[0]],
        TILE_SIZES: [len(block) for block in blocks],
        TILE_OFFSETS: [0] * len(blocks),
    }
    fields = {tag: f for tag, f in directory.fields.items() if tag != SUB_DIRECTORIES}
    fields |= {tag: _longs(numbers, order) for tag, numbers in replaced.items()}
    # Header, directory, the values that do not fit into it, blocks.
    start = 16 + 8 + 20 * len(fields) + 8
    start += sum(len(field.data) for field in fields.values() if len(field.data) > 8)
    ends = np.cumsum([start, *replaced[TILE_SIZES]])
    offsets = [int(end) if block else 0 for end, block in zip(ends, blocks, strict=False)]
    fields[TILE_OFFSETS] = _longs(offsets, order)
    return b"".join([_directory(fields, order), *blocks])


def _directory(fields: dict[int, Field], order: str) -> bytes:
    """A BigTIFF's header, directory and values."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HHHQ", 43, 8, 0, 16)
    entries, beyond = [struct.pack(order + "Q", len(fields))], []
    place = 16 + 8 + 20 * len(fields) + 8
    for tag, field in sorted(fields.items()):
        inline = field.data
        if len(inline) > 8:
            beyond.append(inline)
            inline = struct.pack(order + "Q", place)
            place += len(field.data)
        entries.append(struct.pack(order + "HHQ8s", tag, field.kind, field.count, inline))
    return b"".join([head, *entries, bytes(8), *beyond])


def _longs(numbers: Sequence[int], order: str) -> Field:
    return Field(_LONG8, len(numbers), struct.pack(f"{order}{len(numbers)}Q", *numbers))
