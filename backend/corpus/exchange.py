"""Read a published corpus into our own form, and write a corpus as others publish theirs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from PIL import Image

from backend import __version__
from backend.corpus import layouts
from backend.corpus.files import CHIPS, FACTS, TEXTS, About, Corpus, create_corpus
from backend.corpus.layouts.base import Entry, Images, Layout
from backend.corpus.lines import Row
from backend.corpus.pixels import read_picture
from backend.corpus.records import Chip, plain_values
from backend.corpus.sinks import Sinks
from backend.errors import ConfigInvalid, CorpusInvalid, RecordInvalid
from backend.io.atomic import atomic
from backend.io.disk import writing
from backend.language import Record, to_json
from backend.modules import modules_of
from backend.progress import Progress, silent

REPORT_ROWS = 2000
MOST_SHOWN = 20


@dataclass
class ReadReport:
    """What became of the records of a published corpus."""

    records: int = 0
    """Records that were read."""
    chips: int = 0
    """Chips that they are about."""
    texts: int = 0
    """Captions and questions."""
    objects: int = 0
    """Boxes."""
    without_size: int = 0
    """Chips with boxes whose pictures are missing, so that the boxes were left out."""
    broken: int = 0
    """Records that were left out."""
    problems: list[str] = field(default_factory=list)
    """What is wrong with the first of them."""


def find_layouts() -> dict[str, Layout]:
    """Return the layouts by name."""
    found = [one for each in modules_of(layouts.__name__) for one in getattr(each, "LAYOUTS", ())]
    return {layout.name: layout for layout in sorted(found, key=lambda layout: layout.name)}


def find_layout(name: str) -> Layout:
    """Return the layout of this name.

    Raises:
        ConfigInvalid: there is none.
    """
    known = find_layouts()
    if name not in known:
        raise ConfigInvalid(f"There is no layout {name!r}.", f"Layouts: {', '.join(known)}.")
    return known[name]


def read_published(
    layout: Layout,
    path: Path,
    folder: Path,
    images: Path | None = None,
    skip_broken: bool = False,
    progress: Progress = silent,
) -> ReadReport:
    """Read a published corpus into a new one, which appears when all of it was read.

    Pictures stay where they are, in `images` or beside the files. Nothing is downloaded. With
    `skip_broken` records that cannot be are left out and counted.

    Raises:
        CorpusInvalid: a file or record cannot be read, or the folder is taken.
        ExtraMissing: a package that the layout needs is not installed.
        DiskFull: the disk has no room for it.
    """
    if folder.exists():
        raise CorpusInvalid(f"{folder} is there already.", "Choose another folder, or delete it.")
    if not path.exists():
        raise CorpusInvalid(f"There is no file or folder {path}.", "Check the path.")
    where = (images or (path if path.is_dir() else path.parent)).resolve()
    stated = dict(layout.about(path))
    made = {"by": "read", "layout": layout.name, "source": layout.source, "version": __version__}
    about = About(layout.title, layout.licence, made, images=str(where), **stated)
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with atomic(folder) as partial:
            corpus = create_corpus(partial, about)
            reading = _Reading(layout, corpus, Images(where), skip_broken, progress)
            return reading.read(layout.rows(path))


class _Reading:
    """A published corpus on its way into our own form."""

    def __init__(
        self, layout: Layout, corpus: Corpus, images: Images, skip_broken: bool, progress: Progress
    ) -> None:
        self._layout, self._corpus, self._images = layout, corpus, images
        self._skip_broken, self._progress = skip_broken, progress
        self._report = ReadReport()
        self._seen: dict[str, str] = {}  # names of chips, and their splits
        self._described: set[str] = set()
        self._splits: dict[str, list[str]] = {}
        self._categories: dict[str, Any] = dict(corpus.about.categories)

    def read(self, rows: Iterator[Row]) -> ReadReport:
        corpus, report = self._corpus, self._report
        with (
            corpus.adding(CHIPS, buffered=True) as self._chips,
            corpus.adding(TEXTS, buffered=True) as self._texts,
            corpus.adding(FACTS, buffered=True) as self._facts,
        ):
            for row in rows:
                report.records += 1
                if report.records % REPORT_ROWS == 0:
                    self._progress("reading records", report.records, 0)
                try:
                    if row.fault is not None:
                        raise row.fault
                    self._add(self._layout.entry(row, self._images), row)
                except CorpusInvalid as error:
                    if not self._skip_broken:
                        raise
                    report.broken += 1
                    if len(report.problems) < MOST_SHOWN:
                        report.problems.append(error.message)
        if not self._seen:
            raise CorpusInvalid("The files hold no record.", "Check that they are complete.")
        if self._splits:
            corpus.write_splits(self._splits, {"by": "as published"})
        corpus.change(categories=self._categories)
        return report

    def _add(self, entry: Entry, row: Row) -> None:
        chip, facts = entry.chip, self._facts_of(entry, row)
        for text in entry.texts:
            if not text.plain.strip():
                raise row.invalid("the text", text.plain, "some words")
        if chip.name in self._seen:
            if not entry.texts:
                raise row.invalid("chip", chip.name, "a picture that no other record describes")
        else:
            self._seen[chip.name] = chip.split
            self._chips.add(plain_values(chip))
            self._report.chips += 1
            if chip.split:
                self._splits.setdefault(chip.split, []).append(chip.name)
        moved = chip.split != self._seen[chip.name]
        for text in entry.texts:
            self._texts.add(plain_values(replace(text, split=chip.split) if moved else text))
            self._report.texts += 1
        if facts is not None:
            self._described.add(chip.name)
            self._facts.add(facts)
            for one in entry.objects or ():
                self._categories.setdefault(one.category, {})
                self._report.objects += 1

    def _facts_of(self, entry: Entry, row: Row) -> dict[str, Any] | None:
        """Return the record of a chip, once, where anything is known of it."""
        chip = entry.chip
        known = entry.objects is not None or entry.place is not None
        if not known or chip.name in self._described:
            return None
        if chip.width is None or chip.height is None:
            self._report.without_size += 1
            return None
        try:
            record = Record(
                chip.name,
                chip.width,
                chip.height,
                entry.objects,
                place=entry.place,
                metres_per_pixel=chip.metres_per_pixel,
                date=chip.date,
            )
            return to_json(record)
        except RecordInvalid as error:
            where = f"{row.file}, line {row.line}"
            raise CorpusInvalid(f"{where}: {error.message}", error.remedy) from error


@dataclass
class ExportReport:
    """What was written."""

    texts: int = 0
    """Captions and questions."""
    boxes: int = 0
    """Boxes of objects."""
    without: Counter[str] = field(default_factory=Counter)
    """How many captions, questions and boxes the layout has no place for."""
    drawn: int = 0
    """Chips of scenes that became pictures."""


def export_corpus(
    corpus: Corpus, layout: Layout, folder: Path, progress: Progress = silent
) -> ExportReport:
    """Write a corpus in a published layout, into a folder that appears when all of it is there.

    Chips that were cut from scenes become pictures of 8 bits in it, by their scene's cut.

    Raises:
        CorpusInvalid: the folder is taken, the corpus lacks what the layout needs, or has nothing
            that the layout has a place for.
        DiskFull: the disk has no room for it.
    """
    if folder.exists():
        raise CorpusInvalid(f"{folder} is there already.", "Choose another folder, or delete it.")
    report = _measure_export(corpus, layout)
    with writing(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with atomic(folder) as partial:
            partial.mkdir()
            with Sinks(partial) as sinks:
                layout.write(_Pictured(corpus) if layout.pictures else corpus, sinks)
            report.drawn = _draw(corpus, partial, progress) if layout.pictures else 0
    return report


def _measure_export(corpus: Corpus, layout: Layout) -> ExportReport:
    """Return what a layout has a place for, and what it has not."""
    report = ExportReport()
    for text in corpus.texts():
        if layout.takes(text):
            report.texts += 1
        else:
            report.without[f"{text.kind}s"] += 1
    boxes = sum(len(record.objects or ()) for record in corpus.facts())
    if "boxes" in layout.holds:
        report.boxes = boxes
    elif boxes:
        report.without["boxes"] = boxes
    if not report.texts and not report.boxes:
        raise CorpusInvalid(
            f"{corpus.folder} has nothing that {layout.title} has a place for.",
            f"Choose another layout; this one has {layout.expected}.",
        )
    return report


class _Pictured(Corpus):
    """A corpus whose chips are called by the pictures that are drawn of them."""

    def __init__(self, corpus: Corpus) -> None:
        super().__init__(corpus.folder, corpus.about)

    def chips(self) -> Iterator[Chip]:
        for chip in super().chips():
            yield replace(chip, file=_picture_name(chip)) if chip.cut_db else chip


def _picture_name(chip: Chip) -> str:
    return f"images/{Path(chip.file).with_suffix('.png').name}"


def _draw(corpus: Corpus, folder: Path, progress: Progress) -> int:
    """Draw the chips that were cut from scenes, and return how many."""
    drawn = 0
    for chip in corpus.chips():
        if chip.cut_db:
            progress("drawing chips", drawn, 0)
            picture = folder / _picture_name(chip)
            picture.parent.mkdir(exist_ok=True)
            Image.fromarray(read_picture(corpus, chip)[0]).save(picture)
            drawn += 1
    return drawn
