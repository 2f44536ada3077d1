"""A file of what was recognised beside the corpus that it is about.

The file has one JSON object a line, with one or more of four fields beside "chip":

    {"chip": "a", "scores": {"ship": 0.7, "tank": 0.3}}
    {"chip": "a", "boxes": [{"category": "ship", "box": [120, 40, 18, 6], "score": 0.9}]}
    {"chip": "a", "counts": {"ship": 3, "tank": 0}}
    {"chip": "a", "segments": "found/a.png", "truth": "truth/a.png"}

Boxes are x, y, width, height in pixels. A count may be a fraction; it is right when it rounds to
what is. Segments are pictures of class numbers, 255 where nothing is known, beside the file;
without `truth` that of the corpus counts, and a chip that has none there is left out. What is right
of the others follows from the facts of the corpus: the boxes of a chip, and its class: the one
category of its boxes, or without boxes the class that covers most.
"""

import sys
from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.corpus.files import Corpus
from backend.corpus.lines import Row, read_lines
from backend.corpus.segments import (
    MAKE,
    UNKNOWN,
    read_segments,
    segment_classes,
    segments_file,
)
from backend.errors import CorpusInvalid
from backend.evaluation.recognition.boxes import Detection, TrueBox, average_precisions
from backend.evaluation.recognition.classes import chance_at, hits_at
from backend.evaluation.recognition.counts import (
    exact_share,
    mean_error,
    median_count,
    usual_count,
)
from backend.evaluation.recognition.segments import (
    class_overlaps,
    confusion,
    mean_overlap,
    of_one_class,
    overall_accuracy,
)
from backend.language import Record
from backend.language.record import Box, Object

BOXES = "Give them: python -m backend.corpus text --boxes; or read them."
FIELDS = {"scores", "counts", "boxes", "segments"}


@dataclass(frozen=True)
class Measure:
    """A figure and what ignorance gets."""

    value: float
    """From 0 to 1; `mae` is in objects."""
    chance: float
    """The same of a model that has not looked; NaN where that is not known."""


@dataclass(frozen=True)
class RecognitionReport:
    """What was measured, each by name; nothing of what the file has no line of."""

    split: str
    """The split that is measured; empty for the whole corpus."""
    chips: Mapping[str, int]
    """How many chips each of classes, counts, boxes and segments was measured on."""
    missing: Mapping[str, int]
    """Chips with a class, or boxes, that the file says nothing of; they count as wrong."""
    classes: Mapping[str, Measure]
    """top1 and top3."""
    counts: Mapping[str, Measure]
    """exact and mae, the mean absolute error, and exact of every category."""
    boxes: Mapping[str, Measure]
    """ap50, and ap50 of every category."""
    segments: Mapping[str, Measure]
    """accuracy, miou, and iou of every class: its name, or number where the corpus has none."""


def measure_recognition(corpus: Corpus, path: Path, split: str) -> RecognitionReport:
    """Return how right a file is about the chips of a split, of all where there is no split.

    Raises:
        CorpusInvalid: the file or the corpus is damaged, or they have nothing in common.
    """
    splits = corpus.splits()
    names = set(splits.get(split, ())) if splits else {one.name for one in corpus.chips()}
    facts = {one.chip: one for one in corpus.facts() if one.chip in names}
    rows: dict[str, Row] = {}
    for row in read_lines(path, whole=True):
        if row.text("chip") in rows:
            raise CorpusInvalid(
                f"{path}, line {row.line} is about the chip of line {rows[row.text('chip')].line}.",
                "Put all that is known of a chip into one line.",
            )
        rows[row.text("chip")] = row
    given = {
        chip: row for chip, row in rows.items() if chip in names and row.fields.keys() & FIELDS
    }
    if not given:
        raise CorpusInvalid(
            f"{path} says nothing of a chip of {split or 'the corpus'}.",
            'Write one JSON object a line, such as {"chip": "a", "scores": {"ship": 0.7}}; or '
            "counts, boxes or segments.",
        )
    chips: dict[str, int] = {}
    missing: dict[str, int] = {}
    classes = _measure_classes(_with(given, "scores"), facts, chips, missing)
    counts = _measure_counts(_with(given, "counts"), facts, chips, missing)
    boxes = _measure_boxes(_with(given, "boxes"), facts, chips, missing)
    segments = _measure_segments(corpus, path, _with(given, "segments"), chips)
    where = split if splits else ""
    return RecognitionReport(where, chips, missing, classes, counts, boxes, segments)


def _with(given: Mapping[str, Row], field: str) -> dict[str, Row]:
    return {chip: row for chip, row in given.items() if row.get(field) is not None}


def class_of(record: Record) -> str | None:
    """Return the class of a chip; None where its boxes are of several, or nothing is known."""
    if record.objects:
        categories = {one.category for one in record.objects}
        return categories.pop() if len(categories) == 1 else None
    if record.cover is None or not record.cover.shares:
        return None
    return max(record.cover.shares.items(), key=lambda share: share[1])[0]


def _measure_classes(
    given: Mapping[str, Row],
    facts: Mapping[str, Record],
    chips: dict[str, int],
    missing: dict[str, int],
) -> dict[str, Measure]:
    truth = {chip: name for chip, one in facts.items() if (name := class_of(one)) is not None}
    if not given:
        return {}
    scores = {chip: _by_name(row, "scores") for chip, row in given.items() if chip in truth}
    if not scores:
        raise CorpusInvalid(
            "No chip that the file gives scores for has a class.",
            "Give the corpus boxes or cover: python -m backend.corpus read, or text --cover.",
        )
    names = sorted({*truth.values(), *(name for one in scores.values() for name in one)})
    table = np.full((len(truth), len(names)), -np.inf)
    for place, chip in enumerate(truth):
        for name, score in scores.get(chip, {}).items():
            table[place, names.index(name)] = score
    right = [names.index(name) for name in truth.values()]
    chips["classes"], missing["classes"] = len(truth), len(truth.keys() - scores.keys())
    return {
        f"top{k}": Measure(float(hits_at(table, right, k).mean()), chance_at(right, len(names), k))
        for k in (1, 3)
    }


def _by_name(row: Row, field: str) -> dict[str, float]:
    found = row.get(field)
    if not isinstance(found, dict) or not found or not all(map(_is_number, found.values())):
        raise row.invalid(field, found, "a finite number for each class")
    return found


def _is_number(value: Any) -> bool:
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    return usable and abs(value) <= sys.float_info.max


def _measure_counts(
    given: Mapping[str, Row],
    facts: Mapping[str, Record],
    chips: dict[str, int],
    missing: dict[str, int],
) -> dict[str, Measure]:
    if not given:
        return {}
    truth = {
        chip: Tally(one.category for one in objects) for chip, objects in _labelled(facts).items()
    }
    names = sorted({name for one in truth.values() for name in one})
    if not names:
        raise CorpusInvalid("The corpus has no boxes in this split.", BOXES)
    found = {chip: _by_name(row, "counts") for chip, row in given.items() if chip in truth}
    chips["counts"], missing["counts"] = len(truth), len(truth.keys() - found.keys())
    values = {name: [found.get(chip, {}).get(name, np.nan) for chip in truth] for name in names}
    right = {name: [one[name] for one in truth.values()] for name in names}
    by_name = {
        f"exact {name}": Measure(
            exact_share(values[name], of),
            exact_share([usual_count(of)] * len(of), of),
        )
        for name, of in right.items()
    }
    errors = [
        Measure(mean_error(values[name], of), mean_error([median_count(of)] * len(of), of))
        for name, of in right.items()
    ]
    return {"exact": _mean(by_name.values()), "mae": _mean(errors), **by_name}


def _labelled(facts: Mapping[str, Record]) -> dict[str, Sequence[Object]]:
    """Return the objects of the chips that have been looked through for some."""
    return {chip: record.objects for chip, record in facts.items() if record.objects is not None}


def _mean(measures: Iterable[Measure]) -> Measure:
    both = [(one.value, one.chance) for one in measures]
    value, chance = np.mean(both, axis=0).tolist()
    return Measure(value, chance)


def _measure_boxes(
    given: Mapping[str, Row],
    facts: Mapping[str, Record],
    chips: dict[str, int],
    missing: dict[str, int],
) -> dict[str, Measure]:
    if not given:
        return {}
    truth = {
        chip: [TrueBox(one.category, one.box) for one in objects]
        for chip, objects in _labelled(facts).items()
    }
    if not any(truth.values()):
        raise CorpusInvalid("The corpus has no boxes in this split.", BOXES)
    found = {chip: _detections(row) for chip, row in given.items()}
    chips["boxes"], missing["boxes"] = len(truth), len(truth.keys() - found.keys())
    names = list(truth)
    # Each taken for those of another chip: what their number, size and classes alone get.
    moved = {chip: found.get(names[n - len(names) // 2], []) for n, chip in enumerate(names)}
    ours, other = average_precisions(found, truth), average_precisions(moved, truth)
    if len(names) < 2:
        other = dict.fromkeys(ours, float("nan"))
    by_name = {f"ap50 {name}": Measure(ours[name], other[name]) for name in ours}
    mean = Measure(float(np.mean(list(ours.values()))), float(np.mean(list(other.values()))))
    return {"ap50": mean, **by_name}


def _detections(row: Row) -> list[Detection]:
    made = []
    boxes = row.get("boxes")
    if not isinstance(boxes, list):
        raise row.invalid("boxes", boxes, "a list of boxes")
    for one in boxes:
        try:
            x, y, width, height = map(float, one["box"])
            detection = Detection(
                str(one["category"]), Box(x, y, width, height), float(one["score"])
            )
        except (TypeError, KeyError, ValueError, OverflowError) as error:
            raise row.invalid(
                "boxes", one, "category, box (x, y, width, height) and score"
            ) from error
        if not np.isfinite([x, y, width, height, detection.score]).all() or min(width, height) <= 0:
            raise row.invalid("boxes", one, "finite numbers, and a width and height above 0")
        made.append(detection)
    return made


def _measure_segments(
    corpus: Corpus, path: Path, given: Mapping[str, Row], chips: dict[str, int]
) -> dict[str, Measure]:
    if not given:
        return {}
    rows = [
        row
        for chip, row in given.items()
        if row.get("truth") is not None or segments_file(corpus, chip).is_file()
    ]
    if not rows:
        raise CorpusInvalid("No chip that the file gives segments for has a segmentation.", MAKE)
    names = segment_classes(corpus) if all("truth" not in row.fields for row in rows) else {}
    counts = np.zeros((UNKNOWN, UNKNOWN + 1), np.int64)
    for row in rows:
        counts += confusion(*_pair(corpus, path.parent, row), UNKNOWN)
    if not counts.any():
        raise CorpusInvalid("No pixel of the truth is of a known class.", "Check the files.")
    classes = 1 + int(np.flatnonzero(counts.any(axis=1)).max())
    others = counts[:classes, classes:].sum(axis=1, keepdims=True)
    counts = np.concatenate([counts[:classes, :classes], others], axis=1)
    guessed = of_one_class(counts)
    chips["segments"] = len(rows)
    by_class = zip(class_overlaps(counts), class_overlaps(guessed), strict=True)
    return {
        "accuracy": Measure(overall_accuracy(counts), overall_accuracy(guessed)),
        "miou": Measure(mean_overlap(counts), mean_overlap(guessed)),
        **{
            f"iou {names.get(n, n)}": Measure(float(one), float(other))
            for n, (one, other) in enumerate(by_class)
        },
    }


def _pair(corpus: Corpus, folder: Path, row: Row) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    own = segments_file(corpus, row.text("chip")) if row.get("truth") is None else None
    found = _read(folder / row.text("segments"), row)
    truth = _read(own or folder / row.text("truth"), row)
    if found.shape != truth.shape:
        raise row.invalid("segments", found.shape, f"a picture of {truth.shape}, as its truth is")
    return found, truth


def _read(path: Path, row: Row) -> NDArray[np.int64]:
    try:
        return read_segments(path)
    except CorpusInvalid as error:
        raise row.invalid(
            "segments", str(path), "a picture of class numbers: one channel of 8 bits"
        ) from error
