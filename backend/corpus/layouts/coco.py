"""Boxes as COCO has them: one JSON object with images, annotations and categories.

SARDet-100k is published so: boxes are x, y, width, height in pixels from the upper left corner.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from backend.corpus.files import Corpus
from backend.corpus.json_stream import as_row, read_object
from backend.corpus.layouts.base import (
    Entry,
    Images,
    Layout,
    file_of,
    split_of,
)
from backend.corpus.lines import FILE, Row
from backend.corpus.records import Chip
from backend.corpus.sinks import Sinks
from backend.language import Box, Object, Record

_ANNOTATIONS, _CATEGORIES = "__annotations__", "__categories__"
_TAKEN = ("bbox", "category_id", "image_id")


class Coco(Layout):
    """Boxes in a file of COCO."""

    holds = frozenset({"boxes"})

    def __init__(self, name: str, title: str, source: str, licence: str, expected: str) -> None:
        """Take what a corpus in this layout is called."""
        self.name, self.title, self.source, self.licence = name, title, source, licence
        self.patterns, self.expected = (r"(.*/)?[^/]+\.json",), expected

    def about(self, path: Path) -> Mapping[str, Any]:
        """Return the categories with their numbers."""
        known: dict[str, Any] = {}
        for file in self.files(path):
            for key, line, value in read_object(file):
                if key == "categories":
                    row = as_row(file, line, value)
                    known.setdefault(row.text("name"), value)
        return {"categories": known}

    def records(self, file: Path, name: str) -> Iterator[Row]:
        """Yield the images, each with its annotations."""
        images, names = [], {}
        of_image: dict[Any, list[Row]] = defaultdict(list)
        for key, line, value in read_object(file):
            if key in ("images", "annotations", "categories"):
                row = as_row(file, line, value)
                if key == "images":
                    images.append(row)
                elif key == "annotations":
                    of_image[_id_in(row, "image_id")].append(row)
                else:
                    names[_id_in(row, "id")] = row.text("name")
        for row in images:
            extra = {
                _ANNOTATIONS: of_image.pop(_id_in(row, "id"), []),
                _CATEGORIES: names,
                FILE: name,
            }
            yield replace(row, fields={**row.fields, **extra})
        for number, rows in of_image.items():
            for row in rows:
                fault = row.invalid("image_id", number, "the id of an image of the file")
                yield replace(row, fault=row.fault or fault)

    def entry(self, row: Row, images: Images) -> Entry:
        """Return an image and its boxes."""
        name = row.text("file_name")
        width, height = (_whole(row, side) for side in ("width", "height"))
        names, annotations = row.fields[_CATEGORIES], row.fields[_ANNOTATIONS]
        more = {
            key: value
            for key, value in row.fields.items()
            if key not in ("file_name", "width", "height", _ANNOTATIONS, _CATEGORIES)
        }
        more[_ANNOTATIONS] = [
            {key: value for key, value in one.fields.items() if key not in _TAKEN}
            for one in annotations
        ]
        chip = Chip(name, name, width, height, split=split_of(row.fields[FILE]), more=more)
        return Entry(chip, objects=tuple(_object(one, names, chip) for one in annotations))

    def write(self, corpus: Corpus, sinks: Sinks) -> None:
        """Write a file for each split, or each file that was read."""
        known = corpus.about.categories
        ids = {name: (value or {}).get("id", n) for n, (name, value) in enumerate(known.items(), 1)}
        facts = {record.chip: record for record in corpus.facts() if record.objects is not None}
        by_file: dict[str, list[Chip]] = defaultdict(list)
        for chip in corpus.chips():
            if chip.name in facts:
                by_file[file_of(chip, f"{chip.split or 'annotations'}.json")].append(chip)
        for name, chips in by_file.items():
            sinks.json(
                name,
                {
                    "images": [_image(chip, n) for n, chip in enumerate(chips, 1)],
                    "annotations": _annotations(chips, facts, ids),
                    "categories": [{"name": n, **(known[n] or {}), "id": ids[n]} for n in known],
                },
            )


def _id_in(row: Row, field: str) -> int | str | None:
    """Return an id; None for a record with a fault, which no other record can belong to.

    Raises:
        CorpusInvalid: it is missing, or neither a number nor a text.
    """
    if row.fault is not None:
        return None
    value = row.require(field)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise row.invalid(field, value, "a whole number or a text")
    return value


def _whole(row: Row, side: str) -> int:
    value = row.number(side)
    if value < 1 or value != int(value):
        raise row.invalid(side, value, "a number of pixels")
    return int(value)


def _object(row: Row, names: Mapping[Any, str], chip: Chip) -> Object:
    box, category = row.require("bbox"), _id_in(row, "category_id")
    if category not in names:
        raise row.invalid("category_id", category, f"one of {', '.join(map(str, names))}")
    try:
        x, y, width, height = map(float, box)
    except (TypeError, ValueError):
        raise row.invalid("bbox", box, "four numbers: x, y, width, height") from None
    return require_meeting(
        row, "bbox", box, Object(names[category], Box(x, y, width, height)), chip
    )


def require_meeting(row: Row, field: str, value: Any, one: Object, chip: Chip) -> Object:
    """Return an object whose box meets its chip.

    Raises:
        CorpusInvalid: it lies outside, or has no extent.
    """
    box, width, height = one.box, chip.width or 0, chip.height or 0
    meets = box.width > 0 and box.height > 0
    meets = meets and -box.width < box.x < width and -box.height < box.y < height
    if not meets:
        raise row.invalid(field, value, f"a box that meets {width} × {height} pixels")
    return one


def _image(chip: Chip, number: int) -> dict[str, Any]:
    kept = {key: value for key, value in chip.more.items() if not key.startswith("__")}
    sides = {"width": chip.width, "height": chip.height}
    return {"id": number, **kept, "file_name": chip.file, **sides}


def _annotations(
    chips: list[Chip], facts: Mapping[str, Record], ids: Mapping[str, Any]
) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for place, chip in enumerate(chips, 1):
        objects = facts[chip.name].objects or ()
        kept = chip.more.get(_ANNOTATIONS) or [{}] * len(objects)
        for one, extra in zip(objects, kept, strict=True):
            box = one.box
            own = {"id": len(made) + 1, "iscrowd": 0, "area": box.width * box.height}
            made.append(
                {
                    **(extra or own),
                    "image_id": chip.more.get("id", place),
                    "category_id": ids[one.category],
                    "bbox": [box.x, box.y, box.width, box.height],
                }
            )
    return made


LAYOUTS = (
    Coco("coco", "COCO boxes", "cocodataset.org", "that of the boxes", "a JSON file of COCO"),
    Coco(
        "sardet",
        "SARDet-100k",
        "github.com/zcablii/SARDet_100K",
        "CC BY-NC 4.0",
        "Annotations/train.json, val.json and test.json",
    ),
)
