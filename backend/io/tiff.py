"""The structure of a GeoTIFF: where its blocks lie, and a sparse copy that holds some of them.

A remote file of 2 GB is read by its directories and a few blocks. A copy in memory has the same
directories and these blocks alone, and GDAL reads the copy: whatever GDAL can unpack can be read
remotely. GDAL could fetch the blocks itself, but it takes whatever bytes come for those that were
asked for, gives up after one lost reply, and remembers for the whole process what went wrong.
Source: the TIFF 6.0 and BigTIFF specifications.
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

KIND, WIDTH, LENGTH, SAMPLES, PLANAR = 254, 256, 257, 277, 284
STRIP_OFFSETS, ROWS_PER_STRIP, STRIP_SIZES = 273, 278, 279
TILE_WIDTH, TILE_LENGTH, TILE_OFFSETS, TILE_SIZES = 322, 323, 324, 325
SUB_DIRECTORIES = 330
METADATA, NO_DATA = 42112, 42113  # of GDAL, both text
MASK = 4  # the kind of a directory that says which pixels of the first one have data

MOST_DIRECTORIES = 64
MOST_FIELDS = 1000
LARGEST_FIELD = 2**26  # bytes
LARGEST_BLOCK = 2**26  # pixels

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_SIZES |= {16: 8, 17: 8, 18: 8}
_NUMBERS = {1: "u1", 3: "u2", 4: "u4", 13: "u4", 16: "u8", 18: "u8"}
_ASCII = 2
_LONG8 = 16

Read = Callable[[int, int], bytes]
"""Returns the bytes from one place to another."""


@dataclass(frozen=True)
class Field:
    """One entry of a directory."""

    kind: int
    """The number of the values' type."""

    count: int
    """How many values there are."""

    data: bytes
    """The values."""


@dataclass(frozen=True)
class Directory:
    """One image of a file: its pixels, or the mask of them."""

    order: str
    """The order of bytes, < or >."""

    fields: dict[int, Field]
    """The entries by their tags."""

    def numbers(self, tag: int) -> NDArray[np.int64]:
        """Return the integers (count,) of a field.

        Raises:
            ValueError: there is no such field, or it holds none.
        """
        field = self.fields.get(tag)
        if field is None or field.kind not in _NUMBERS or not field.count:
            raise ValueError(f"it has no field {tag}")
        return np.frombuffer(field.data, self.order + _NUMBERS[field.kind]).astype(np.int64)

    def number(self, tag: int, default: int | None = None) -> int:
        """Return the first integer of a field, or `default` when there is no such field."""
        if default is not None and tag not in self.fields:
            return default
        return int(self.numbers(tag)[0])

    @property
    def tags_of_blocks(self) -> tuple[int, int]:
        """The tags of the offsets and the sizes of blocks: tiles or strips."""
        tiled = TILE_WIDTH in self.fields
        return (TILE_OFFSETS, TILE_SIZES) if tiled else (STRIP_OFFSETS, STRIP_SIZES)

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the image."""
        return self.number(LENGTH), self.number(WIDTH)

    @property
    def block(self) -> tuple[int, int]:
        """Rows and columns of a block; a strip is as wide as the image."""
        if TILE_WIDTH in self.fields:
            return self.number(TILE_LENGTH), self.number(TILE_WIDTH)
        rows, columns = self.size
        return min(self.number(ROWS_PER_STRIP, rows), rows), columns

    @property
    def layers(self) -> int:
        """How many blocks lie over one another: one a band, or one for all."""
        return self.number(SAMPLES, 1) if self.number(PLANAR, 1) == 2 else 1

    def places(self) -> NDArray[np.int64]:
        """Return offset and size (layers, rows, columns, 2) of all blocks; 0 for one without data.

        Raises ValueError when they make no sense.
        """
        (height, width), size = self.block, self.size
        if min(height, width, *size) < 1 or height * width > LARGEST_BLOCK:
            raise ValueError(f"its blocks are of {height} x {width} pixels")
        shape = (self.layers, -(-size[0] // height), -(-size[1] // width))
        places = np.stack([self.numbers(tag) for tag in self.tags_of_blocks], axis=-1)
        if places.min() < 0:
            raise ValueError("its blocks lie outside the file")
        return places.reshape(*shape, 2)


def read_directories(read: Read) -> list[Directory]:
    """Return the directory of a TIFF's or BigTIFF's pixels and, if it has one, of their mask.

    Raises ValueError or struct.error when the file is not a TIFF.
    """
    head = read(0, 16)
    order = {b"II": "<", b"MM": ">"}.get(head[:2], "")
    version = struct.unpack_from(order + "H", head, 2)[0] if order else 0
    if version not in (42, 43):
        raise ValueError("it does not begin as a TIFF")
    big = version == 43
    (offset,) = struct.unpack_from(order + ("Q" if big else "I"), head, 8 if big else 4)
    first, offset = _read_directory(read, offset, order, big)
    for _ in range(MOST_DIRECTORIES):
        if not offset:
            break
        other, offset = _read_directory(read, offset, order, big)
        if other.number(KIND, 0) == MASK and other.size == first.size:
            return [first, other]
    return [first]


def _read_directory(read: Read, offset: int, order: str, big: bool) -> tuple[Directory, int]:
    """Return the directory at an offset, and the offset of the next one, or 0."""
    counter, entry, link = ("Q", "HHQ8s", "Q") if big else ("H", "HHI4s", "I")
    begin = offset + struct.calcsize(order + counter)
    (count,) = struct.unpack(order + counter, read(offset, begin))
    if count > MOST_FIELDS:
        raise ValueError(f"its directory has {count} fields")
    end = begin + count * struct.calcsize(order + entry)
    fields = {}
    for tag, kind, values, inline in struct.iter_unpack(order + entry, read(begin, end)):
        if kind in _SIZES:
            fields[tag] = Field(kind, values, _data(kind, values, inline, order, read))
    (following,) = struct.unpack(order + link, read(end, end + struct.calcsize(order + link)))
    return Directory(order, fields), following


def _data(kind: int, count: int, inline: bytes, order: str, read: Read) -> bytes:
    size = _SIZES[kind] * count
    if size > LARGEST_FIELD:
        raise ValueError(f"a field has {size:,} bytes")
    if size <= len(inline):
        return inline[:size]
    offset = int.from_bytes(inline, "little" if order == "<" else "big")
    return read(offset, offset + size)


def stating(directory: Directory, scale: float, offset: float, no_data: float | None) -> Directory:
    """Return the directory of pixels with what is known of its first band from elsewhere.

    What the file itself states counts more. Source: GDAL's GeoTIFF driver, tags 42112 and 42113.
    """
    fields = dict(directory.fields)
    own = (
        fields[METADATA].data.rstrip(b"\0").decode("utf-8", "replace") if METADATA in fields else ""
    )
    if (scale, offset) != (1, 0) and not ('role="scale"' in own or 'role="offset"' in own):
        items = "".join(
            f'<Item name="{role.upper()}" sample="0" role="{role}">{value!r}</Item>'
            for role, value in (("offset", offset), ("scale", scale))
        )
        begin, end, after = (own or "<GDALMetadata></GDALMetadata>").rpartition("</GDALMetadata>")
        fields[METADATA] = _text(f"{begin}{items}{end}{after}")
    if no_data is not None and NO_DATA not in fields:
        fields[NO_DATA] = _text(f"{no_data:.17g}")
    return Directory(directory.order, fields)


def _text(words: str) -> Field:
    data = words.encode() + b"\0"
    return Field(_ASCII, len(data), data)


def sparse_copy(directories: Sequence[Directory], blocks: Sequence[Mapping[int, bytes]]) -> bytes:
    """Return a BigTIFF with the same directories, of whose blocks only some have data.

    `blocks` are, for each directory, the bytes of blocks by their numbers.
    """
    order = directories[0].order
    tables = [np.zeros((2, len(d.numbers(d.tags_of_blocks[0]))), np.int64) for d in directories]
    lengths = [_length(_fields(*one)) for one in zip(directories, tables, strict=True)]
    starts = np.cumsum([16, *lengths]).tolist()
    place = starts[-1]  # blocks lie behind the directories
    for table, held in zip(tables, blocks, strict=True):
        for number, data in held.items():
            table[:, number] = place, len(data)
            place += len(data)
    links = [*starts[1:-1], 0]
    return b"".join(
        [
            (b"II" if order == "<" else b"MM") + struct.pack(order + "HHHQ", 43, 8, 0, 16),
            *(
                _packed(_fields(directory, table), start, link, order)
                for directory, table, start, link in zip(
                    directories, tables, starts, links, strict=False
                )
            ),
            *(data for held in blocks for data in held.values()),
        ]
    )


def _fields(directory: Directory, table: NDArray[np.int64]) -> dict[int, Field]:
    """Return the entries of a directory in a copy; `table` has offsets and sizes of its blocks."""
    fields = {tag: one for tag, one in directory.fields.items() if tag != SUB_DIRECTORIES}
    for tag, numbers in zip(directory.tags_of_blocks, table, strict=True):
        data = numbers.astype(directory.order + "u8").tobytes()
        fields[tag] = Field(_LONG8, len(numbers), data)
    return fields


def _length(fields: Mapping[int, Field]) -> int:
    """Return how many bytes a directory takes, with the values that do not fit into its entries."""
    return 8 + 20 * len(fields) + 8 + sum(len(f.data) for f in fields.values() if len(f.data) > 8)


def _packed(fields: Mapping[int, Field], start: int, link: int, order: str) -> bytes:
    """Return a directory of a BigTIFF and its values; `link` is where the next one lies."""
    entries, beyond = [struct.pack(order + "Q", len(fields))], []
    place = start + 8 + 20 * len(fields) + 8
    for tag, field in sorted(fields.items()):
        inline = field.data
        if len(inline) > 8:
            beyond.append(inline)
            inline = struct.pack(order + "Q", place)
            place += len(field.data)
        entries.append(struct.pack(order + "HHQ8s", tag, field.kind, field.count, inline))
    return b"".join([*entries, struct.pack(order + "Q", link), *beyond])
