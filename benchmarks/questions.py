"""Compare questions by columns to a plain loop over dictionaries, in one run: equal, and how fast.

python benchmarks/questions.py [--chips 100000]
"""

import argparse
import math
import resource
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import numpy as np

from backend.language import Box, BoxTable, Object, Record
from backend.language.questions import BATCH, box_questions
from backend.language.regions import ON_SIDE, SIDES
from backend.language.wordings import OF_BOXES, WORDINGS
from backend.language.words import one, plural

CLASSES = ("ship", "aircraft", "car", "tank", "bridge", "harbor")
SIDE = 512
Row = tuple[str, str, str, str]


def plain_questions(chips: list[dict[str, Any]], classes: tuple[str, ...]) -> Iterator[Row]:
    """Yield chip, kind, question and answer: the baseline, object by object."""
    for chip in chips:
        key = crc32(chip["chip"].encode())
        by_class: dict[str, list[tuple[int, int]]] = {}
        for each in chip["objects"]:
            by_class.setdefault(each["category"], []).append(_place(each["box"], chip))
        for kind in OF_BOXES:
            wording = WORDINGS[kind][_draw(key, 1000 + OF_BOXES.index(kind), len(WORDINGS[kind]))]
            for question, answer in _RULES[kind](chip, by_class, classes, key, wording):
                yield chip["chip"], kind, question, answer


def _draw(key: int, salt: int, count: int) -> int:
    return ((key + salt) * 2654435761 % 2**32) * count // 2**32


def _place(box: list[float], chip: dict[str, Any]) -> tuple[int, int]:
    u = (box[0] + box[2] / 2) / chip["width"]
    v = (box[1] + box[3] / 2) / chip["height"]
    across, down = u - 0.5, v - 0.5
    if abs(across) < 1 / 6 and abs(down) < 1 / 6:
        side = 4
    elif abs(across) >= abs(down):
        side = 0 if across < 0 else 1
    else:
        side = 2 if down < 0 else 3
    column, row = (min(2, max(0, math.floor(3 * each))) for each in (u, v))
    return side, row * 3 + column


def _presence(chip, by_class, classes, key, wording):  # type: ignore[no-untyped-def]
    start = _draw(key, 1, len(classes))
    turned = [*classes[start:], *classes[:start]]
    there = [name for name in turned if name in by_class]
    absent = [name for name in turned if name not in by_class]
    for names, answer in ((there[: len(absent)], "Yes"), (absent[: len(there)], "No")):
        for name in names:
            yield wording.format(a_class=one(name)), answer


def _presence_side(chip, by_class, classes, key, wording):  # type: ignore[no-untyped-def]
    for number, name in enumerate(classes):
        sides = {side for side, _ in by_class.get(name, ())}
        if 0 < len(sides) < 5:
            start = _draw(key, 100 + number, 5)
            turned = [*range(start, 5), *range(start)]
            yes = next(side for side in turned if side in sides)
            no = next(side for side in turned if side not in sides)
            for side, answer in ((yes, "Yes"), (no, "No")):
                yield wording.format(a_class=one(name), on_side=ON_SIDE[side]), answer


def _other(chip, by_class, classes, key, wording):  # type: ignore[no-untyped-def]
    if len(by_class) == 1 and len(classes) > 1:
        start = _draw(key, 2, len(classes))
        turned = [*classes[start:], *classes[:start]]
        absent = next(name for name in turned if name not in by_class)
        yield wording.format(classes=plural(absent)), "Yes"
        yield wording.format(classes=plural(next(iter(by_class)))), "No"


def _main(chip, by_class, classes, key, wording):  # type: ignore[no-untyped-def]
    most = Counter({name: len(places) for name, places in by_class.items()}).most_common(2)
    if most and (len(most) == 1 or most[0][1] > most[1][1]):
        yield wording, most[0][0]


def _categories(chip, by_class, classes, key, wording):  # type: ignore[no-untyped-def]
    if by_class:
        yield wording, ", ".join(sorted(by_class))


def _count(chip, by_class, classes, key, wording):  # type: ignore[no-untyped-def]
    for name in classes:
        if name in by_class:
            yield wording.format(classes=plural(name)), str(len(by_class[name]))


def _side(chip, by_class, classes, key, wording):  # type: ignore[no-untyped-def]
    for name in classes:
        if name in by_class:
            side, number = Counter(side for side, _ in by_class[name]).most_common(1)[0]
            if 2 * number > len(by_class[name]):
                yield wording.format(classes=plural(name)), SIDES[side]


def _position(chip, by_class, classes, key, wording):  # type: ignore[no-untyped-def]
    for name in classes:
        if name in by_class:
            cells = sorted({cell + 1 for _, cell in by_class[name]})
            yield wording.format(classes=plural(name)), ", ".join(map(str, cells))


def _numbered(field, numbers_of):  # type: ignore[no-untyped-def]
    def rule(chip, by_class, classes, key, wording):  # type: ignore[no-untyped-def]
        texts = []
        for each in chip["objects"]:
            tenths = (math.floor(number * 10 + 0.5) / 10 for number in numbers_of(*each["box"]))
            texts.append(f"[{', '.join(f'{number:.1f}' for number in tenths)}]")
        seen = Counter(texts)
        for text, each in zip(texts, chip["objects"], strict=True):
            if seen[text] == 1:
                yield wording.format(**{field: text}), each["category"]

    return rule


_RULES = {
    "presence": _presence,
    "presence_side": _presence_side,
    "other": _other,
    "main": _main,
    "categories": _categories,
    "count": _count,
    "side": _side,
    "position": _position,
    "box": _numbered("box", lambda x, y, w, h: (x, y, w, h)),
    "recognition": _numbered("point", lambda x, y, w, h: (x + w / 2, y + h / 2)),
}


def by_columns(records: list[Record]) -> Iterator[list[Row]]:
    """Yield chip, kind, question and answer, a batch of chips at a time."""
    for first in range(0, len(records), BATCH):
        pairs = box_questions(BoxTable.of(records[first : first + BATCH], CLASSES))
        columns = (pairs.chip, pairs.kind, pairs.question, pairs.answer)
        yield list(zip(*(column.tolist() for column in columns), strict=True))


def as_dictionaries(records: list[Record]) -> list[dict[str, Any]]:
    """Return the same chips as the baseline takes them."""
    return [
        {
            "chip": record.chip,
            "width": record.width,
            "height": record.height,
            "objects": [
                {
                    "category": each.category,
                    "box": [each.box.x, each.box.y, each.box.width, each.box.height],
                }
                for each in record.objects or ()
            ],
        }
        for record in records
    ]


def draw_records(count: int, seed: int = 0) -> list[Record]:
    """Return chips with up to six objects each, as SARDet's have."""
    generator = np.random.default_rng(seed)
    records = []
    for number in range(count):
        objects = generator.integers(0, 7)
        common = generator.integers(0, len(CLASSES))
        boxes = np.column_stack(
            [generator.uniform(0, SIDE - 60, (objects, 2)), generator.uniform(5, 60, (objects, 2))]
        ).tolist()
        of = np.where(generator.random(objects) < 0.7, common, generator.integers(0, 6, objects))
        found = (Object(CLASSES[c], Box(*box)) for c, box in zip(of, boxes, strict=True))
        records.append(Record(f"chip_{number:06d}", SIDE, SIDE, objects=tuple(found)))
    return records


def main() -> None:
    """Print the pairs, their rate by either way, the ratio and the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chips", type=int, default=100_000)
    records = draw_records(parser.parse_args().chips)
    chips = as_dictionaries(records)
    some = 2 * BATCH
    ours = [row for batch in by_columns(records[:some]) for row in batch]
    assert ours == list(plain_questions(chips[:some], CLASSES)), "the two ways differ"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    pairs = sum(map(len, by_columns(records)))
    columns = time.perf_counter() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    began = time.perf_counter()
    plain = sum(1 for _ in plain_questions(chips, CLASSES))
    loop = time.perf_counter() - began
    assert plain == pairs
    print(f"{len(records):,} chips, {pairs:,} pairs; the first {some:,} chips compared: equal")
    print(f"columns    {pairs / columns:>12,.0f} pairs a second")
    print(f"plain loop {pairs / loop:>12,.0f} pairs a second")
    print(f"ratio      {loop / columns:>12.1f}")
    print(f"memory that grew over all batches: {grown / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
