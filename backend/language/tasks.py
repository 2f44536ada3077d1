"""SARChat's tasks about objects: count, ground, identify, refer; boxes as {<x1><y1><x2><y2>}.

Classification is the kind `categories` of `backend.language.questions`, description
`backend.language.captions.object_captions`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from backend.language.captions import ratio
from backend.language.questions import Pair
from backend.language.record import Box, Object, Record
from backend.language.regions import REGION_NAMES, region_of
from backend.language.table import draw_one
from backend.language.task_wordings import TASK_WORDINGS
from backend.language.words import one, plural

TASKS = tuple(TASK_WORDINGS)
SIZES = (
    (0.4, "very large"),
    (0.25, "large"),
    (0.1, "medium"),
    (0.03, "small"),
    (0.0, "very small"),
)
"""From which share of the chip on an object is called so."""
WIDE, TALL = 1.5, 0.67
"""Width divided by height above and below which an object is wide and tall."""

_BOX = re.compile(r"\{<(-?\d+)><(-?\d+)><(-?\d+)><(-?\d+)>\}")


def tasks(record: Record) -> Iterator[Pair]:
    """Yield the tasks of a chip with their answers, each marked as in [count].

    What two objects would answer is not asked.

    Example:
        for pair in tasks(record):
            print(pair.question, pair.answer)
    """
    objects = record.objects or ()
    counts = Counter(each.category for each in objects)
    for number, (name, count) in enumerate(counts.items()):
        yield _pair(record.chip, "count", number, plural(name), str(count))
    for number, name in enumerate(counts):
        boxes = ", ".join(box_text(each.box) for each in objects if each.category == name)
        yield _pair(record.chip, "grounding", number, plural(name), boxes)
    seen = Counter(box_text(each.box) for each in objects)
    for number, each in enumerate(objects):
        place = box_text(each.box)
        if seen[place] == 1:
            yield _pair(record.chip, "identify", number, place, looks(record, each))
    phrases = [phrase(record, each) for each in objects]
    named = Counter(phrases)
    for number, (each, words) in enumerate(zip(objects, phrases, strict=True)):
        if named[words] == 1:
            yield _pair(record.chip, "refer", number, words, box_text(each.box))


def _pair(chip: str, task: str, number: int, about: str, answer: str) -> Pair:
    """Return a question about one thing, the `number`th of its chip, in a wording drawn for it."""
    wordings = TASK_WORDINGS[task]
    salt = 2000 + TASKS.index(task) + len(TASKS) * number
    before, after = re.split(r"\{\w+\}", wordings[draw_one(chip, salt, len(wordings))])
    return Pair(chip, task, f"[{task}] {before}{about}{after}", answer)


def box_text(box: Box) -> str:
    """Return a box as whole pixels of its corners, halves upwards."""
    corners = (box.x, box.y, box.x + box.width, box.y + box.height)
    return "{" + "".join(f"<{int((number + 0.5) // 1)}>" for number in corners) + "}"


def boxes_in(text: str) -> list[tuple[int, int, int, int]]:
    """Return the boxes that a text names, as x1, y1, x2, y2."""
    return [(int(x1), int(y1), int(x2), int(y2)) for x1, y1, x2, y2 in _BOX.findall(text)]


def looks(record: Record, each: Object) -> str:
    """Return an object's category, with its size and its shape."""
    size = next(word for least, word in SIZES if ratio(record, each) >= least)
    aspect = each.box.width / each.box.height
    shape = "wide" if aspect > WIDE else "tall" if aspect < TALL else "about square"
    return f"{one(size)}, {shape} {each.category}"


def phrase(record: Record, each: Object) -> str:
    """Return what an object is called among others: the ship at the top left."""
    return f"the {each.category} at the {REGION_NAMES[region_of(record, each)]}"
