"""Boxes as YOLO has them: a text file for each picture, one line a box.

A line has the number of a class, then the middle, width and height of the box as shares of the
picture's sides. The names of the classes stand in `classes.txt`, one a line; labels lie in
`labels/` and pictures in `images/`, under the same names.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from backend.corpus.files import Corpus
from backend.corpus.layouts.base import (
    Entry,
    Images,
    Layout,
    file_of,
    relative_to,
    split_of,
)
from backend.corpus.lines import FILE, Row
from backend.corpus.records import Chip
from backend.corpus.sinks import Sinks
from backend.errors import CorpusInvalid
from backend.language import Box, Object

CLASSES = "classes.txt"
SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
_SLACK = 1e-6


class Yolo(Layout):
    """Boxes in files of YOLO."""

    name, title = "yolo", "YOLO boxes"
    holds = frozenset({"boxes"})
    source, licence = "docs.ultralytics.com/datasets/detect", "that of the boxes"
    patterns = (r"(.*/)?(?!classes\.txt|readme|train|val|test)[^/]+\.txt",)
    expected = "a text file for each picture, and classes.txt with the names of the classes"

    def about(self, path: Path) -> Mapping[str, Any]:
        """Return the classes with their numbers."""
        return {"categories": {name: {"id": n} for n, name in enumerate(_classes(path))}}

    def rows(self, path: Path) -> Iterator[Row]:
        """Yield a record for each picture, with all of its lines.

        Raises:
            CorpusInvalid: a file cannot be read as text.
        """
        names = _classes(path)
        for file in self.files(path):
            try:
                lines = file.read_text(encoding="utf-8").splitlines()
            except (OSError, UnicodeDecodeError) as error:
                raise CorpusInvalid(f"{file} cannot be read: {error}.", "Check it.") from error
            fields = {"lines": lines, "classes": names, FILE: relative_to(path, file)}
            yield Row(str(file), 1, fields)

    def entry(self, row: Row, images: Images) -> Entry:
        """Return a picture and its boxes; the picture states its size."""
        label = Path(row.fields[FILE])
        file, size = _picture(label, images, row)
        chip = Chip(file, file, *size, split=split_of(label.as_posix()), more={FILE: str(label)})
        lines = enumerate(row.fields["lines"], 1)
        return Entry(
            chip,
            objects=tuple(
                _object(Row(row.file, number, {"box": line}), row.fields["classes"], size)
                for number, line in lines
                if line.strip()
            ),
        )

    def write(self, corpus: Corpus, sinks: Sinks) -> None:
        """Write classes.txt and a file for each chip with boxes."""
        known = corpus.about.categories
        ids = {name: (value or {}).get("id", n) for n, (name, value) in enumerate(known.items())}
        names = sorted(ids, key=lambda name: ids[name])
        sinks.text(CLASSES, "".join(f"{name}\n" for name in names))
        number = {name: n for n, name in enumerate(names)}
        chips = {chip.name: chip for chip in corpus.chips()}
        for record in corpus.facts():
            if record.objects is None:
                continue
            chip = chips[record.chip]
            lines = [
                f"{number[one.category]} {_shares(one.box, record.width, record.height)}\n"
                for one in record.objects
            ]
            name = file_of(chip, f"labels/{Path(chip.file).with_suffix('.txt').as_posix()}")
            sinks.text(name, "".join(lines))


def _classes(path: Path) -> list[str]:
    folders = [path, *path.parents[:2]] if path.is_dir() else list(path.parents[:2])
    for folder in folders:
        if (folder / CLASSES).is_file():
            names = (folder / CLASSES).read_text(encoding="utf-8").splitlines()
            return [name.strip() for name in names if name.strip()]
    raise CorpusInvalid(
        f"There is no {CLASSES} in {folders[0]}, so the numbers of classes have no names.",
        f"Write {CLASSES} with one name a line, in the order of the numbers.",
    )


def _picture(label: Path, images: Images, row: Row) -> tuple[str, tuple[int, int]]:
    """Return the file and size of the picture that a file of labels belongs to."""
    parts = [part for part in label.with_suffix("").parts if part != "labels"]
    stem = "/".join(parts)
    for name in (f"{base}{stem}{suffix}" for base in ("", "images/") for suffix in SUFFIXES):
        size = images.size(name)
        if size is not None:
            return name, size
    return stem, images.require_size(f"{stem}{SUFFIXES[0]}", row)


def _object(row: Row, names: list[str], size: tuple[int, int]) -> Object:
    width, height = size
    words = row.fields["box"].split()
    try:
        number, (x, y, w, h) = int(words[0]), map(float, words[1:])
    except (ValueError, IndexError):
        raise row.invalid("box", row.fields["box"], "a class, x, y, width and height") from None
    if not 0 <= number < len(names):
        raise row.invalid("class", number, f"0 to {len(names) - 1}, as {CLASSES} has names for")
    inside = 0 < w <= 1 + _SLACK and 0 < h <= 1 + _SLACK and 0 <= x <= 1 and 0 <= y <= 1
    if not inside:
        raise row.invalid("box", row.fields["box"], "shares from 0 to 1 of the picture's size")
    box = Box((x - w / 2) * width, (y - h / 2) * height, w * width, h * height)
    return Object(names[number], box)


def _shares(box: Box, width: int, height: int) -> str:
    (x, y), w, h = box.centre, box.width, box.height
    return f"{x / width:.6f} {y / height:.6f} {w / width:.6f} {h / height:.6f}"


LAYOUTS = (Yolo(),)
