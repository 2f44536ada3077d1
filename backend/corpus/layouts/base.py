r"""What a layout is: how records of published files become chips, texts and objects, and back.

Columns and keys are taken by name, in the spellings that were seen; when none is there, the message
says which there are and which were wanted.

Example:
    class Plain(Layout):
        name, title, source, licence = "plain", "Plain captions", "nowhere", "public domain"
        patterns, expected = (r"plain\.csv",), "plain.csv"

        def records(self, file, name):
            return read_table(file, name)

        def entry(self, row, images):
            chip = Chip(row.text("image"), row.text("image"))
            return Entry(chip, (Text(chip.name, (Fragment(row.text("words")),)),))

        def write(self, corpus, sinks):
            for text in corpus.texts():
                sinks.table("plain.csv", ("image", "words")).add([text.chip, text.plain])

    LAYOUTS = (Plain(),)
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from backend.corpus.files import Corpus
from backend.corpus.json_stream import read_records
from backend.corpus.lines import FILE, Row
from backend.corpus.records import Chip, Text
from backend.corpus.sinks import Sinks
from backend.errors import CorpusInvalid, SceneUnreadable
from backend.language import Object, Place
from backend.scenes.files import open_raster

UNKNOWN_LICENCE = "none stated by its authors; ask them before you use it"

_SPLITS = {
    "train": "train", "training": "train", "trainval": "train", "val": "validation",
    "valid": "validation", "validation": "validation", "test": "test",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """What one record of a published file says."""

    chip: Chip
    """The chip that it is about; the same chip may come with many records."""
    texts: tuple[Text, ...] = ()
    """Captions, questions and answers."""
    objects: tuple[Object, ...] | None = None
    """Its boxes; None where the record does not say."""
    place: Place | None = None
    """Its centre, where that is known without a CRS."""


class Images:
    """The folder of the pictures that records name; pictures may be missing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def size(self, file: str) -> tuple[int, int] | None:
        """Return width and height of a picture by its header; None where it cannot be read."""
        path = self.folder / file
        try:
            if path.suffix.lower() in (".tif", ".tiff"):
                with open_raster(path) as raster:
                    return raster.width, raster.height
            with Image.open(path) as image:
                return image.size
        except (OSError, SceneUnreadable):
            return None

    def require_size(self, file: str, row: Row) -> tuple[int, int]:
        """Return width and height of a picture.

        Raises:
            CorpusInvalid: there is none that can be read.
        """
        size = self.size(file)
        if size is None:
            raise CorpusInvalid(
                f"{row.file}, line {row.line}: the picture {file} is not in {self.folder}, and its "
                "boxes need its size.",
                "Name the folder of the pictures with --images.",
            )
        return size


class Layout(ABC):
    """One way in which records are published."""

    name: str
    """How commands call it: by its repository where several works have one name."""
    title: str
    """What people call it."""
    source: str
    """Where it is published."""
    licence: str
    """Its licence as far as it is known, printed whenever it is read."""
    patterns: tuple[str, ...]
    """Regular expressions of its files' paths below the folder, whatever their case."""
    expected: str
    """Its files in a few words."""
    holds: frozenset[str] = frozenset({"captions"})
    """What it has a place for: captions, questions, boxes."""
    pictures: bool = True
    """Whether chips are pictures of 8 bits; else they stay what they are."""

    def files(self, path: Path) -> list[Path]:
        """Return the file that was given, or the layout's files in a folder, in order.

        Raises:
            CorpusInvalid: a folder holds none.
        """
        if not path.is_dir():
            return [path]
        expression = re.compile("|".join(f"(?:{one})" for one in self.patterns), re.IGNORECASE)
        there = sorted(one for one in path.rglob("*") if one.is_file())
        found = [one for one in there if expression.fullmatch(one.relative_to(path).as_posix())]
        if not found:
            names = ", ".join(one.name for one in there[:5]) or "no file"
            raise CorpusInvalid(
                f"{path} holds {names}; {self.title} has {self.expected}.",
                "Give the folder of the unpacked files, or one of the files.",
            )
        return found

    def takes(self, text: Text) -> bool:
        """Return whether it has a place for a text."""
        return f"{text.kind}s" in self.holds

    def about(self, path: Path) -> Mapping[str, Any]:
        """Return `categories` and `more` of corpus.json, as far as the files state them."""
        return {}

    def rows(self, path: Path) -> Iterator[Row]:
        """Yield the records of a file, or of the layout's files in a folder.

        Raises:
            CorpusInvalid: a file cannot be read, or is of another layout.
        """
        for file in self.files(path):
            yield from self.records(file, relative_to(path, file))

    def records(self, file: Path, name: str) -> Iterator[Row]:
        """Yield the records of one file, which a corpus calls `name`: those of JSON, if not stated.

        Raises:
            CorpusInvalid: it cannot be read, or is of another layout.
        """
        return read_records(file, name)

    @abstractmethod
    def entry(self, row: Row, images: Images) -> Entry:
        """Return what a record says.

        Raises:
            CorpusInvalid: a field is missing or wrong; the message names file, line and field.
        """

    @abstractmethod
    def write(self, corpus: Corpus, sinks: Sinks) -> None:
        """Write a corpus in this layout.

        Raises:
            CorpusInvalid: the corpus lacks what the layout needs.
        """


def relative_to(path: Path, file: Path) -> str:
    """Return how a corpus calls a file that was found at a path."""
    return file.relative_to(path).as_posix() if path.is_dir() else file.name


def split_of(name: str) -> str:
    """Return the split that a file's name states: train, validation or test; nothing for others."""
    words = re.split(r"[^a-z]+", name.lower())
    return next((_SPLITS[word] for word in words if word in _SPLITS), "")


def leftover(row: Row, *taken: str) -> dict[str, Any]:
    """Return the fields of a record that have no place elsewhere, its file among them."""
    return {name: value for name, value in row.fields.items() if name not in taken}


def published(more: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that a text or chip kept of its published record."""
    return {name: value for name, value in more.items() if not name.startswith("__")}


def file_of(one: Text | Chip, default: str) -> str:
    """Return the file that a text or chip was read from, or the default for one of our own."""
    return str(one.more.get(FILE, default))
