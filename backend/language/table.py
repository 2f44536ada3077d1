"""Objects of many chips as columns, so that numpy counts them all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from backend.errors import RecordInvalid
from backend.language.record import Record
from backend.language.regions import regions_of, sides_of


@dataclass(frozen=True)
class BoxTable:
    """The objects of c chips, n objects in all.

    Example:
        table = BoxTable.of(records, classes=("ship", "bridge"))
        print(table.counts.sum(axis=0))
    """

    chips: Sequence[str]
    """(c,): names."""
    sizes: NDArray[np.float64]
    """(c, 2): width and height in pixels."""
    chip: NDArray[np.int64]
    """(n,): the chip of each object, in order."""
    category: NDArray[np.int64]
    """(n,): the category of each object, by its number among `classes`."""
    boxes: NDArray[np.float64]
    """(n, 4): x, y, width, height in pixels."""
    classes: tuple[str, ...]
    """(k,): the categories of the corpus; no chip has others."""

    @classmethod
    def of(cls, records: Sequence[Record], classes: tuple[str, ...]) -> BoxTable:
        """Return the objects of records.

        Raises:
            RecordInvalid: an object is of a category that is not among `classes`.
        """
        numbers = {name: number for number, name in enumerate(classes)}
        per_chip = [one.objects or () for one in records]
        objects = list(chain.from_iterable(per_chip))
        try:
            category = np.array([numbers[one.category] for one in objects], np.int64)
        except KeyError as error:
            raise RecordInvalid(
                f'An object is of the unknown category "{error.args[0]}".',
                f"The categories of the corpus are {', '.join(classes)}.",
            ) from error
        numbers_of = chain.from_iterable(
            (box.x, box.y, box.width, box.height) for box in (one.box for one in objects)
        )
        return cls(
            [one.chip for one in records],
            np.array([(one.width, one.height) for one in records], np.float64).reshape(-1, 2),
            np.repeat(np.arange(len(records)), [len(found) for found in per_chip]),
            category,
            np.fromiter(numbers_of, np.float64, 4 * len(objects)).reshape(-1, 4),
            classes,
        )

    def batches(self, size: int) -> Iterable[BoxTable]:
        """Yield the table in parts of so many chips."""
        ends = np.searchsorted(self.chip, np.arange(0, len(self.chips) + size, size))
        for part, first in enumerate(range(0, len(self.chips), size)):
            chips, rows = slice(first, first + size), slice(ends[part], ends[part + 1])
            yield BoxTable(
                self.chips[chips],
                self.sizes[chips],
                self.chip[rows] - first,
                self.category[rows],
                self.boxes[rows],
                self.classes,
            )

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """(c,): a number of each name, from which is drawn what is asked of the chip."""
        return np.array([crc32(name.encode()) for name in self.chips], np.uint64)

    def draw(self, salt: int, count: NDArray[np.int64] | int) -> NDArray[np.int64]:
        """Return a number (c,) below `count` for each chip: the same for a name, always.

        Another `salt` draws anew.
        """
        mixed = (self.keys + np.uint64(salt)) * np.uint64(MULTIPLIER) & np.uint64(BITS)
        return (mixed * np.asarray(count, np.uint64) >> np.uint64(32)).astype(np.int64)

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """(c, k): objects by chip and category."""
        return self._count(np.zeros_like(self.chip), 1)[..., 0]

    @cached_property
    def by_side(self) -> NDArray[np.int64]:
        """(c, k, 5): objects by chip, category and side of their centre."""
        return self._count(sides_of(*self._relative), 5)

    @cached_property
    def by_region(self) -> NDArray[np.int64]:
        """(c, k, 9): objects by chip, category and region of their centre."""
        return self._count(regions_of(*self._relative), 9)

    @cached_property
    def centres(self) -> NDArray[np.float64]:
        """(n, 2): middles of the boxes, x and y in pixels."""
        return self.boxes[:, :2] + self.boxes[:, 2:] / 2

    @property
    def _relative(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        u, v = (self.centres / self.sizes[self.chip]).T
        return u, v

    def _count(self, place: NDArray[np.int64], places: int) -> NDArray[np.int64]:
        chips, classes = len(self.chips), len(self.classes)
        flat = (self.chip * classes + self.category) * places + place
        found = np.bincount(flat, minlength=chips * classes * places)
        return found.reshape(chips, classes, places)


MULTIPLIER, BITS = 2654435761, 2**32 - 1


def draw_one(name: str, salt: int, count: int) -> int:
    """Return what `BoxTable.draw` draws for one chip."""
    return ((crc32(name.encode()) + salt) * MULTIPLIER & BITS) * count >> 32
