"""What is right of the chips of a corpus, by task, as the tensors that recognisers learn from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from backend.corpus import Corpus
from backend.corpus.segments import (
    UNKNOWN,
    read_segments,
    segment_classes,
    segments_file,
)
from backend.errors import CorpusInvalid
from backend.evaluation.recognition.report import class_of
from backend.language import Record
from backend.language.record import Object
from backend.recognisers.base import Task
from backend.survey import SPLITS

Read = Callable[[str], torch.Tensor]
BOXES = "Give boxes: python -m backend.corpus text --boxes; or read them."
COVER = "Sample cover: python -m backend.corpus text --cover; or give boxes: text --boxes."


@dataclass(frozen=True)
class Truth:
    """The chips of each split of which something is known."""

    names: Sequence[str]
    """What may be found: classes or categories of the training split, or those of segments."""
    numbers: Sequence[int]
    """The number of each name in pictures of segments; their places otherwise."""
    chips: Mapping[str, Sequence[str]]
    """Names of chips by split, in the order of the alphabet."""
    read: Read
    """Returns what is right of a chip; pictures are read then."""
    facts: Mapping[str, str | int]
    """What a run depends on: numbers of chips, and a hash of what is right."""


def truth_of(corpus: Corpus, task: Task) -> Truth:
    """Return what is right of the chips of a corpus that something is known of.

    Raises:
        CorpusInvalid: a split is missing, or nothing is known of its chips.
    """
    there = {chip.name for chip in corpus.chips()}
    splits = {name: [one for one in of if one in there] for name, of in corpus.splits().items()}
    for name in SPLITS:
        if not splits.get(name):
            raise CorpusInvalid(
                f"The corpus {corpus.folder} has no {name} split.",
                "Make one: python -m backend.corpus split.",
            )
    if task == "segment":
        return _of_segments(corpus, splits)
    records = {one.chip: one for one in corpus.facts()}
    if task == "classify":
        return _of_classes(corpus, splits, records)
    return _of_objects(corpus, splits, records, boxes=task == "detect")


def _of_classes(
    corpus: Corpus, splits: Mapping[str, Sequence[str]], records: Mapping[str, Record]
) -> Truth:
    classes = {chip: of for chip, one in records.items() if (of := class_of(one)) is not None}
    chips = _chips(corpus, splits, classes, "a known class", COVER)
    names = sorted({classes[chip] for chip in chips["train"]})
    if len(names) < 2:
        raise CorpusInvalid(
            f"All chips in training of {corpus.folder} are of the class {names[0]}.",
            "Give the corpus chips of another class.",
        )
    # Nothing can be said of a class that training does not have; where it is measured, it is wrong.
    chips["validation"] = [chip for chip in chips["validation"] if classes[chip] in names]
    if not chips["validation"]:
        raise CorpusInvalid(
            f"No chip in the validation split of {corpus.folder} is of a class of training.",
            "Split it anew with smaller squares: python -m backend.corpus split --square-km.",
        )
    facts = _facts(chips, {chip: classes[chip] for of in chips.values() for chip in of}, names)

    def read(chip: str) -> torch.Tensor:
        return torch.tensor(names.index(classes[chip]))

    return Truth(names, range(len(names)), chips, read, facts)


def _of_objects(
    corpus: Corpus,
    splits: Mapping[str, Sequence[str]],
    records: Mapping[str, Record],
    boxes: bool,
) -> Truth:
    objects = {chip: one.objects for chip, one in records.items() if one.objects is not None}
    chips = _chips(corpus, splits, objects, "known boxes", BOXES)
    names = sorted({one.category for chip in chips["train"] for one in objects[chip]})
    if not names:
        raise CorpusInvalid(f"No chip in training of {corpus.folder} has a box.", BOXES)

    def read(chip: str) -> torch.Tensor:
        known = [one for one in objects[chip] if one.category in names]
        return _rows(known, names) if boxes else _counts(known, names)

    right = {chip: repr(objects[chip]) for of in chips.values() for chip in of}
    return Truth(names, range(len(names)), chips, read, _facts(chips, right, names))


def _rows(objects: Sequence[Object], names: Sequence[str]) -> torch.Tensor:
    """Return category, left, top, right, bottom (k, 5) of boxes."""
    rows = [
        (names.index(one.category), b.x, b.y, b.x + b.width, b.y + b.height)
        for one in objects
        for b in (one.box,)
    ]
    return torch.tensor(rows, dtype=torch.float32).reshape(-1, 5)


def _counts(objects: Sequence[Object], names: Sequence[str]) -> torch.Tensor:
    """Return how many objects of each category there are (categories,)."""
    numbers = torch.tensor([names.index(one.category) for one in objects], dtype=torch.int64)
    return torch.bincount(numbers, minlength=len(names)).float()


def _of_segments(corpus: Corpus, splits: Mapping[str, Sequence[str]]) -> Truth:
    by_number = segment_classes(corpus)
    if not by_number:
        raise CorpusInvalid(
            f"The corpus {corpus.folder} has no segmentations with names of classes.",
            "Sample a raster of classes: python -m backend.corpus text --cover.",
        )
    there = {
        chip: segments_file(corpus, chip).stat().st_size
        for of in splits.values()
        for chip in of
        if segments_file(corpus, chip).is_file()
    }
    chips = _chips(corpus, splits, there, "a segmentation", COVER)
    numbers = sorted(by_number)
    places = np.full(UNKNOWN + 1, -1, np.int64)
    places[numbers] = np.arange(len(numbers))
    sizes = {chip.name: (chip.height, chip.width) for chip in corpus.chips()}

    def read(chip: str) -> torch.Tensor:
        path = segments_file(corpus, chip)
        values = read_segments(path)
        if values.shape != sizes[chip]:
            raise CorpusInvalid(
                f"{path} has {values.shape[1]} × {values.shape[0]} pixels, its chip "
                f"{sizes[chip][1]} × {sizes[chip][0]}.",
                "Write a picture with a pixel for each of the chip's.",
            )
        places_of = np.where(values < 0, -1, places[values])
        if ((places_of < 0) & (values >= 0)).any():
            number = int(values[(places_of < 0) & (values >= 0)][0])
            raise CorpusInvalid(
                f"{path} holds the class {number}, which classes.csv does not name.",
                "Name it there, or write 255 where nothing is known.",
            )
        return torch.from_numpy(places_of)

    names = [by_number[number] for number in numbers]
    return Truth(names, numbers, chips, read, _facts(chips, there, names))


def _chips(
    corpus: Corpus,
    splits: Mapping[str, Sequence[str]],
    known: Mapping[str, object],
    what: str,
    remedy: str,
) -> dict[str, list[str]]:
    """Return the chips of each split of which something is known.

    Raises:
        CorpusInvalid: a split has none.
    """
    chips = {split: sorted(chip for chip in splits[split] if chip in known) for split in SPLITS}
    for split, names in chips.items():
        if not names:
            raise CorpusInvalid(
                f"No chip in the {split} split of {corpus.folder} has {what}.", remedy
            )
    return chips


def _facts(
    chips: Mapping[str, Sequence[str]], right: Mapping[str, object], names: Sequence[str]
) -> dict[str, str | int]:
    known = hashlib.sha256(repr([list(names), sorted(right.items())]).encode())
    counts: dict[str, str | int] = {f"{split}_chips": len(of) for split, of in chips.items()}
    return counts | {"labels": known.hexdigest()}
