"""A corpus on the disk: a folder of chips and of files with one JSON object a line.

    corpus.json   format, name, licence, how it was made, the categories of its objects
    chips/        GeoTIFFs: VV and VH in dB, with their georeference
    chips.jsonl   what is known of each chip: its file, CRS, transform, corners in degrees, date …
    texts.jsonl   texts: a chip, fragments with evidence, status and scores, and their source
    facts.jsonl   records of what is known of a chip, as `backend.language` writes them
    splits.json   the chips of train, validation and test, and how they were divided
    screen.jsonl  features of chips, and which of them were left out
    segments/     pictures of class numbers, where chips have a segmentation

Files of lines are read and written as a stream. A run that adds to one may be killed at any moment.
A published corpus that was read has its pixels elsewhere: `images` in corpus.json is their folder.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from backend.corpus.lines import LineWriter, Row, read_lines, write_lines
from backend.corpus.records import Chip, Text, chip_of, plain_values, text_of
from backend.errors import CorpusInvalid, RecordInvalid
from backend.io.disk import write_file, writing
from backend.language import Record, from_json, to_json

FORMAT = "gluelink-corpus/1"
ABOUT, CHIPS, TEXTS, FACTS = "corpus.json", "chips.jsonl", "texts.jsonl", "facts.jsonl"
SPLITS, SCREEN, IMAGES = "splits.json", "screen.jsonl", "chips"
MAKE = "Make one: python -m backend.corpus slice, or read."


@dataclass(frozen=True)
class About:
    """What corpus.json says."""

    name: str
    """What the corpus is called."""
    licence: str
    """The licence of its chips and texts, in a few words."""
    made: Mapping[str, Any] = field(default_factory=dict)
    """How it was made: the command, its options, the versions."""
    categories: Mapping[str, Any] = field(default_factory=dict)
    """The names of the categories that its objects may have, each with what its layout adds."""
    images: str = IMAGES
    """Folder of the pixels: below the corpus, or an absolute path."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Fields of a published layout that have no place elsewhere."""


class Corpus:
    """A corpus in a folder.

    Example:
        corpus = open_corpus(Path("harbours"))
        for text in corpus.texts():
            print(text.chip, text.plain)
    """

    def __init__(self, folder: Path, about: About) -> None:
        self.folder, self.about = folder, about

    @property
    def images(self) -> Path:
        """The folder that the files of chips lie in."""
        return self.folder / self.about.images

    def chips(self) -> Iterator[Chip]:
        """Yield the chips, in the order in which they were added.

        Raises:
            CorpusInvalid: a line is damaged.
        """
        return map(chip_of, self.rows(CHIPS))

    def texts(self) -> Iterator[Text]:
        """Yield the texts, those of a chip one after the other or not.

        Raises:
            CorpusInvalid: a line is damaged.
        """
        return map(text_of, self.rows(TEXTS))

    def facts(self) -> Iterator[Record]:
        """Yield what is known of chips.

        Raises:
            CorpusInvalid: a line is damaged.
        """
        return map(record_of, self.rows(FACTS))

    def rows(self, name: str) -> Iterator[Row]:
        """Yield the lines of one of its files; none where there is no such file yet."""
        return read_lines(self.folder / name)

    def splits(self) -> dict[str, list[str]]:
        """Return the names of the chips of each split; nothing where there is no split.

        Raises:
            CorpusInvalid: the file is damaged, or names a chip twice: what is learnt from cannot
                be a test as well.
        """
        path = self.folder / SPLITS
        if not path.exists():
            return {}
        values = _read_json(path)
        splits = values.get("splits")
        if not isinstance(splits, dict) or not all(map(_are_names, splits.values())):
            raise CorpusInvalid(
                f"{path} has the fields {', '.join(values)}; expected splits, each a list of the "
                "names of chips.",
                "Make it anew: python -m backend.corpus split.",
            )
        found = dict[str, str]()
        for split, names in splits.items():
            for name in names:
                if name in found:
                    raise CorpusInvalid(
                        f"{path} names the chip {name} in {found[name]} and again in {split}.",
                        "Make it anew: python -m backend.corpus split.",
                    )
                found[name] = split
        return splits

    def write_splits(self, splits: Mapping[str, list[str]], made: Mapping[str, Any]) -> None:
        """Write the chips of each split, and how they were divided."""
        _write_json(self.folder / SPLITS, {"made": dict(made), "splits": dict(splits)})

    def write_texts(self, texts: Iterable[Text]) -> int:
        """Replace all texts, whole or not at all; return how many there are."""
        return write_lines(self.folder / TEXTS, map(plain_values, texts))

    def write_facts(self, facts: Iterable[Record]) -> int:
        """Replace all facts, whole or not at all; return how many there are."""
        return write_lines(self.folder / FACTS, map(to_json, facts))

    def adding(self, name: str, buffered: bool = False) -> LineWriter:
        """Return a writer that adds to one of its files; see `LineWriter`."""
        return LineWriter(self.folder / name, buffered)

    def change(self, **fields: Any) -> None:
        """Write corpus.json with other fields."""
        self.about = replace(self.about, **fields)
        _write_json(self.folder / ABOUT, {"format": FORMAT, **asdict(self.about)})


def record_of(row: Row) -> Record:
    """Return the record in a line.

    Raises:
        CorpusInvalid: a field is missing or cannot be what it is meant to be.
    """
    try:
        return from_json(row.fields)
    except RecordInvalid as error:
        raise CorpusInvalid(
            f"{row.file}, line {row.line}: {error.message}", error.remedy
        ) from error


def create_corpus(folder: Path, about: About) -> Corpus:
    """Return a new corpus in a folder, or the one that was begun there in the same way.

    Raises:
        CorpusInvalid: the folder holds another corpus.
        DiskFull: the disk has no room for it.
        OutputUnwritable: nothing can be written there.
    """
    if (folder / ABOUT).exists():
        corpus = open_corpus(folder)
        if (corpus.about.name, corpus.about.made) != (about.name, about.made):
            raise CorpusInvalid(
                f"{folder} holds the corpus {corpus.about.name}, which was made otherwise.",
                "Choose another folder, or the same options to go on.",
            )
        return corpus
    corpus = Corpus(folder, about)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    corpus.change()
    return corpus


def open_corpus(folder: Path) -> Corpus:
    """Open a corpus.

    Raises:
        CorpusInvalid: there is none in the folder, or it is of another format.
    """
    path = folder / ABOUT
    if not path.is_file():
        raise CorpusInvalid(f"There is no corpus in {folder}: it holds no {ABOUT}.", MAKE)
    values = _read_json(path)
    if values.pop("format", None) != FORMAT:
        raise CorpusInvalid(f"{path} is not of the format {FORMAT}.", MAKE)
    try:
        about = About(**values)
    except TypeError as error:
        raise CorpusInvalid(f"{path} has other fields than expected: {error}.", MAKE) from error
    kinds = {"name": str, "licence": str, "images": str, "made": dict, "categories": dict}
    for name, kind in {**kinds, "more": dict}.items():
        if not isinstance(getattr(about, name), kind):
            what = "a text" if kind is str else "an object"
            raise CorpusInvalid(f"{path}: {name} is not {what}.", "Correct it, or write it anew.")
    return Corpus(folder, about)


def _are_names(values: object) -> bool:
    return isinstance(values, list) and all(isinstance(one, str) for one in values)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(values, dict):
            raise ValueError(f"it holds {type(values).__name__}, not an object")
        return values
    except (OSError, ValueError) as error:
        raise CorpusInvalid(f"{path} cannot be read as JSON: {error}.", "Write it anew.") from error


def _write_json(path: Path, values: Mapping[str, Any]) -> None:
    # Through JSON once, so that what is compared later is what was read.
    write_file(path, (json.dumps(values, ensure_ascii=False, indent=2) + "\n").encode())
