"""Questions with answers, from the objects and the cover of chips; all chips of a batch at once.

What SARLANG, SARChat and KnowLIP ask by rules, in words of our own. There are as many questions
with the answer no as with yes, chip by chip, and absent categories are drawn from the corpus. Side
means the side where more than half of a category lie; the main category has more objects than any
other. Where that is not clear no question is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from backend.language.record import Record
from backend.language.regions import CORNERS, ON_SIDE, REGION_NAMES, SIDES
from backend.language.table import BoxTable, draw_one
from backend.language.wordings import KINDS, NO, OF_BOXES, WORDINGS, YES
from backend.language.words import one, plural

BATCH = 4096
"""Chips that are held at once."""

LEAST_SHARE = 0.05
"""A class that covers less is not counted among the landforms."""

Texts = NDArray[np.object_]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and its answer."""

    chip: str
    """The chip that is asked."""
    kind: str
    """What kind of question it is: one of `KINDS`."""
    question: str
    """It ends in a question mark."""
    answer: str
    """Yes, No, a number, a side, categories, cells or classes."""


@dataclass(frozen=True)
class Pairs:
    """Questions and answers of a batch of chips, as columns (n,)."""

    chip: Texts
    """Names of the chips, in their order."""
    kind: Texts
    """Kinds of the questions."""
    question: Texts
    """The questions."""
    answer: Texts
    """The answers."""

    def __len__(self) -> int:
        """Return how many pairs there are."""
        return len(self.chip)

    def __iter__(self) -> Iterator[Pair]:
        """Yield them one by one."""
        columns = (self.chip, self.kind, self.question, self.answer)
        return map(Pair, *(column.tolist() for column in columns))


def questions(records: Iterable[Record], classes: Sequence[str]) -> Iterator[Pair]:
    """Yield the questions and answers of records, of which a batch is held at a time.

    `classes` are the categories of the whole corpus, in any order that is always the same.

    Example:
        for pair in questions(records, ("ship", "bridge")):
            print(pair.question, pair.answer)

    Raises:
        RecordInvalid: an object is of a category that is not among `classes`.
    """
    rest = iter(records)
    while batch := list(islice(rest, BATCH)):
        looked_at = [record for record in batch if record.objects is not None]
        table = BoxTable.of(looked_at, tuple(classes))
        pairs = iter(box_questions(table) if looked_at and classes else ())
        waiting = next(pairs, None)
        for record in batch:
            while waiting is not None and waiting.chip == record.chip:
                yield waiting
                waiting = next(pairs, None)
            yield from cover_questions(record)


def box_questions(table: BoxTable) -> Pairs:
    """Return the questions of a batch of chips about their objects, chip by chip."""
    names = np.array(table.chips, object)
    parts = [(kind, *_MAKERS[kind](table)) for kind in OF_BOXES]
    rows = np.concatenate([part[1] for part in parts])
    order = np.argsort(rows, kind="stable")
    kinds = np.repeat(np.array(OF_BOXES, object), [len(part[1]) for part in parts])
    columns = (np.concatenate([part[column] for part in parts])[order] for column in (2, 3))
    return Pairs(names[rows[order]], kinds[order], *columns)


def cover_questions(record: Record) -> Iterator[Pair]:
    """Yield the questions of one chip about what covers it."""
    if record.cover is None:
        return
    answers = [("main_landform", "", largest(record.cover.shares))]
    answers.append(("all_landforms", "", ", ".join(landforms(record.cover.shares))))
    for corner in CORNERS:
        shares = record.cover.regions[corner].shares
        answers.append(("regional_landform", REGION_NAMES[corner], largest(shares)))
    for kind, region, answer in answers:
        if answer:
            wording = WORDINGS[kind][draw_one(record.chip, _salt(kind), len(WORDINGS[kind]))]
            yield Pair(record.chip, kind, wording.format(region=region), answer)


def largest(shares: Mapping[str, float]) -> str:
    """Return the class that covers the most; nothing where two cover as much, or none does."""
    first, *others = [*sorted(shares.values(), reverse=True), 0.0]
    names = [name for name, share in shares.items() if share == first]
    return names[0] if first > 0 and others[0] < first else ""


def landforms(shares: Mapping[str, float], least: float = LEAST_SHARE) -> list[str]:
    """Return the classes that cover at least so much, the largest first, then by name."""
    found = [name for name, share in shares.items() if share >= least]
    return sorted(found, key=lambda name: (-shares[name], name))


def _salt(kind: str) -> int:
    return 1000 + KINDS.index(kind)


def _wordings(table: BoxTable, kind: str, rows: Rows) -> Rows:
    """Return which wording each row's chip draws."""
    return table.draw(_salt(kind), len(WORDINGS[kind]))[rows]


def _texts(kind: str, fields: Sequence[dict[str, str]]) -> Texts:
    """Return the questions (wordings, fields) of a kind."""
    return np.array([[w.format(**one) for one in fields] for w in WORDINGS[kind]], object)


def _class_fields(table: BoxTable) -> list[dict[str, str]]:
    return [{"a_class": one(name), "classes": plural(name)} for name in table.classes]


def _first(wanted: NDArray[np.bool_], start: Rows) -> tuple[Rows, Rows]:
    """Return for rows of choices which ranks they have, counted round from `start`.

    The first result (c, k) is the order in which choices are looked at, the second (c, k) the rank
    of each that is wanted, from 1, and 0 for the others.
    """
    count = wanted.shape[1]
    order = (np.arange(count) + start[:, None]) % count
    turned = np.take_along_axis(wanted, order, axis=1)
    return order, np.where(turned, np.cumsum(turned, axis=1), 0)


def _presence(table: BoxTable) -> tuple[Rows, Texts, Texts]:
    present = table.counts > 0
    number = np.minimum(present.sum(axis=1), (~present).sum(axis=1))[:, None]
    start = table.draw(1, len(table.classes))
    rows, categories, answers = [], [], []
    for wanted, answer in ((present, YES), (~present, NO)):
        order, rank = _first(wanted, start)
        row, place = np.nonzero((rank > 0) & (rank <= number))
        rows.append(row)
        categories.append(order[row, place])
        answers.append(np.full(len(row), answer, object))
    row, category = np.concatenate(rows), np.concatenate(categories)
    texts = _texts("presence", _class_fields(table))
    return row, texts[_wordings(table, "presence", row), category], np.concatenate(answers)


def _presence_side(table: BoxTable) -> tuple[Rows, Texts, Texts]:
    fields = [field | {"on_side": side} for field in _class_fields(table) for side in ON_SIDE]
    texts = _texts("presence_side", fields)
    there = table.by_side > 0
    some = there.any(axis=2) & ~there.all(axis=2)
    row, category = np.nonzero(some)
    start = np.stack([table.draw(100 + k, len(SIDES)) for k in range(len(table.classes))], axis=1)
    sides = []
    for wanted in (there, ~there):
        order, rank = _first(wanted[row, category], start[row, category])
        place = np.argmax(rank == 1, axis=1)
        sides.append(order[np.arange(len(row)), place])
    side = np.stack(sides, axis=1).ravel()
    row, category = np.repeat(row, 2), np.repeat(category, 2)
    questions = texts[_wordings(table, "presence_side", row), category * len(SIDES) + side]
    return row, questions, np.tile(np.array([YES, NO], object), len(row) // 2)


def _other(table: BoxTable) -> tuple[Rows, Texts, Texts]:
    present = table.counts > 0
    alone = np.flatnonzero((present.sum(axis=1) == 1) & (len(table.classes) > 1))
    only = np.argmax(present[alone], axis=1)
    order, rank = _first(~present[alone], table.draw(2, len(table.classes))[alone])
    absent = order[np.arange(len(alone)), np.argmax(rank == 1, axis=1)]
    row, category = np.repeat(alone, 2), np.stack([absent, only], axis=1).ravel()
    texts = _texts("other", _class_fields(table))
    answers = np.tile(np.array([YES, NO], object), len(alone))
    return row, texts[_wordings(table, "other", row), category], answers


def _main(table: BoxTable) -> tuple[Rows, Texts, Texts]:
    counts = table.counts
    most = counts.max(axis=1, initial=0)
    row = np.flatnonzero((most > 0) & ((counts == most[:, None]).sum(axis=1) == 1))
    classes = np.array(table.classes, object)
    questions = _texts("main", [{}])[_wordings(table, "main", row), 0]
    return row, questions, classes[np.argmax(counts[row], axis=1)]


def _categories(table: BoxTable) -> tuple[Rows, Texts, Texts]:
    present = table.counts > 0
    row = np.flatnonzero(present.any(axis=1))
    sets, number = np.unique(np.packbits(present[row], axis=1), axis=0, return_inverse=True)
    names = np.array(table.classes, object)
    unpacked = np.unpackbits(sets, axis=1, count=len(names)).astype(bool)
    lists = np.array([", ".join(sorted(names[one])) for one in unpacked], object)
    questions = _texts("categories", [{}])[_wordings(table, "categories", row), 0]
    return row, questions, lists[number.ravel()]


def _count(table: BoxTable) -> tuple[Rows, Texts, Texts]:
    row, category = np.nonzero(table.counts)
    counts = table.counts[row, category]
    numbers = np.array([str(number) for number in range(counts.max(initial=0) + 1)], object)
    texts = _texts("count", _class_fields(table))
    return row, texts[_wordings(table, "count", row), category], numbers[counts]


def _side(table: BoxTable) -> tuple[Rows, Texts, Texts]:
    most = table.by_side.max(axis=2)
    row, category = np.nonzero(2 * most > table.counts)
    texts = _texts("side", _class_fields(table))
    side = np.argmax(table.by_side[row, category], axis=1)
    answers = np.array(SIDES, object)[side]
    return row, texts[_wordings(table, "side", row), category], answers


def _position(table: BoxTable) -> tuple[Rows, Texts, Texts]:
    row, category = np.nonzero(table.counts)
    held = table.by_region[row, category] > 0
    texts = _texts("position", _class_fields(table))
    answers = _CELLS[held @ (1 << np.arange(9))]
    return row, texts[_wordings(table, "position", row), category], answers


def _box(table: BoxTable) -> tuple[Rows, Texts, Texts]:
    return _of_numbers(table, "box", "[%.1f, %.1f, %.1f, %.1f]", table.boxes)


def _recognition(table: BoxTable) -> tuple[Rows, Texts, Texts]:
    return _of_numbers(table, "recognition", "[%.1f, %.1f]", table.centres)


def _of_numbers(
    table: BoxTable, kind: str, form: str, numbers: NDArray[np.float64]
) -> tuple[Rows, Texts, Texts]:
    """Return a question for each object by its numbers (n, m), where no other has the same."""
    rounded = tenths(numbers)
    keyed = np.concatenate([table.chip[:, None], rounded], axis=1)
    _, first, count = np.unique(
        np.ascontiguousarray(keyed).view([("", keyed.dtype)] * keyed.shape[1]).ravel(),
        return_index=True,
        return_counts=True,
    )
    kept = np.sort(first[count == 1])
    row = table.chip[kept]
    halves = np.array([w.partition("{")[::2] for w in WORDINGS[kind]], object)
    drawn = _wordings(table, kind, row)
    forms = np.array([before + form + after.partition("}")[2] for before, after in halves], object)
    values = (rounded[kept] / 10).tolist()
    questions = np.empty(len(kept), object)
    questions[:] = [text % tuple(each) for text, each in zip(forms[drawn], values, strict=True)]
    return row, questions, np.array(table.classes, object)[table.category[kept]]


def tenths(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return numbers of any shape in whole tenths, halves upwards: what a question says."""
    return np.floor(numbers * 10 + 0.5).astype(np.int64)


_CELLS = np.array(
    [", ".join(str(cell + 1) for cell in range(9) if bits >> cell & 1) for bits in range(512)],
    object,
)
"""The cells of every set of them, by its bits."""

_MAKERS = {
    "presence": _presence,
    "presence_side": _presence_side,
    "other": _other,
    "main": _main,
    "categories": _categories,
    "count": _count,
    "side": _side,
    "box": _box,
    "recognition": _recognition,
    "position": _position,
}
