"""Captions in a table: one row for a picture and its caption.

SAR-TEXT, SARCAP, SARVLM-1M and FSAR-Cap are published so; the layout of FSAR-Cap is not documented
and is read by any of the spellings of the others.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from backend.corpus.files import Corpus
from backend.corpus.layouts.base import (
    UNKNOWN_LICENCE,
    Entry,
    Images,
    Layout,
    file_of,
    leftover,
    published,
    relative_to,
    split_of,
)
from backend.corpus.lines import FILE, Row, read_table
from backend.corpus.records import Chip, Fragment, Source, Text
from backend.corpus.sinks import Sinks
from backend.language import Box, Object

IMAGE = ("filepath", "imgpath", "filename", "image", "image_path", "img", "file_name", "path")
CAPTION = ("caption", "captions", "text", "description", "sentence")
_BOX = re.compile(r"\s*(\D+?)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*")


class CaptionTable(Layout):
    """A corpus of captions in tables."""

    def __init__(
        self,
        name: str,
        title: str,
        source: str,
        licence: str,
        patterns: tuple[str, ...],
        expected: str,
        columns: tuple[str, str],
        default: str,
        made_of: Source = "unknown",
        delimiter: str = ",",
    ) -> None:
        """Take the layout's columns of pictures and captions, and the file of an export."""
        self.name, self.title, self.source, self.licence = name, title, source, licence
        self.patterns, self.expected, self.columns = patterns, expected, columns
        self.default, self.made_of, self.delimiter = default, made_of, delimiter

    def records(self, file: Path, name: str) -> Iterator[Row]:
        """Yield the rows of a table."""
        return read_table(file, name, self.delimiter)

    def about(self, path: Path) -> Mapping[str, Any]:
        """Return the columns of each table, in order."""
        columns = {}
        for file in self.tables(path):
            rows = (row for row in read_table(file, "", self.delimiter) if row.fault is None)
            first = next(rows, None)
            if first:
                columns[relative_to(path, file)] = [name for name in first.fields if name != FILE]
        return {"more": {"columns": columns}}

    def tables(self, path: Path) -> list[Path]:
        """Return those of its files that hold captions."""
        return self.files(path)

    def entry(self, row: Row, images: Images) -> Entry:
        """Return the picture and caption of a row, and the boxes where a caption lists them."""
        image, caption = row.text(*self._image), row.text(*self._caption)
        split = split_of(row.fields[FILE])
        objects = boxes_in(caption)
        size = images.size(image) if objects else None
        width, height = size or (None, None)
        chip = Chip(image, image, width, height, split=split)
        taken = next((n for n in self._image if n in row.fields), ""), self._caption_of(row)
        text = Text(
            chip.name,
            (Fragment(caption),),
            task="boxes" if objects else "",
            source="boxes" if objects else self.made_of,
            more=leftover(row, *taken),
        )
        return Entry(chip, (text,), objects if size else None)

    @property
    def _image(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.columns[0], *IMAGE)))

    @property
    def _caption(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.columns[1], *CAPTION)))

    def _caption_of(self, row: Row) -> str:
        return next((name for name in self._caption if name in row.fields), "")

    def write(self, corpus: Corpus, sinks: Sinks) -> None:
        """Write each caption as a row of the table that it comes from."""
        known = corpus.about.more.get("columns", {})
        files = {chip.name: chip.file for chip in corpus.chips()}
        for text in corpus.texts():
            if text.kind != "caption":
                continue
            name = file_of(text, self.default)
            columns = known.get(name, self.columns)
            values = {**published(text.more), **self._values(columns, files[text.chip], text.plain)}
            sink = sinks.table(name, columns, self.delimiter)
            sink.add([values.get(column, "") for column in columns])

    def _values(self, columns: Any, image: str, caption: str) -> dict[str, str]:
        return {
            next(name for name in self._image if name in columns): image,
            next(name for name in self._caption if name in columns): caption,
        }


def boxes_in(caption: str) -> tuple[Object, ...] | None:
    """Return the objects of a caption that lists `category x1 y1 x2 y2`, or None for words."""
    parts = [part for part in caption.split(";") if part.strip()]
    found = [_BOX.fullmatch(part) for part in parts]
    if not parts or not all(found):
        return None
    objects = []
    for match in found:
        assert match is not None
        left, top, right, bottom = (float(match[k]) for k in range(2, 6))
        objects.append(Object(match[1], Box(left, top, right - left, bottom - top)))
    return tuple(objects)


LAYOUTS = (
    CaptionTable(
        "sar-text",
        "SAR-TEXT",
        "github.com/YiguoHe/SAR-TEXT",
        f"data: {UNKNOWN_LICENCE}; code: Apache-2.0",
        (r"(.*/)?annotations_[^/]+\.csv", r"(.*/)?[^/]+_caption\.csv"),
        "annotations_SOURCE.csv",
        ("filepath", "caption"),
        "annotations_own.csv",
        "optical",
    ),
    CaptionTable(
        "caesar-radi-sarcap",
        "SARCAP of CAESAR-Radi",
        "github.com/CAESAR-Radi/SARCLIP",
        "data: not for commercial use; code: MIT",
        (r"(.*/)?img_caption\.csv",),
        "img_caption.csv, separated by tabs",
        ("filename", "caption"),
        "img_caption.csv",
        delimiter="\t",
    ),
    CaptionTable(
        "klayma-sarvlm",
        "SARVLM-1M",
        "github.com/KlayMa527/SARVLM",
        f"data: {UNKNOWN_LICENCE}",
        (r"(.*/)?[^/]+\.csv",),
        "CSV files with the columns imgpath and caption",
        ("imgpath", "caption"),
        "captions.csv",
    ),
    CaptionTable(
        "fsar-cap",
        "FSAR-Cap",
        "github.com/hitjiao/FSAR-Cap",
        f"data: {UNKNOWN_LICENCE}",
        (r"(.*/)?[^/]+\.csv",),
        "tables with a column for pictures and one for captions; their names are not documented",
        ("image", "caption"),
        "captions.csv",
        "boxes",
    ),
)
