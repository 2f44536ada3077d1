"""Say what is wrong with a corpus: each fault in one sentence with file, line and field."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from backend.corpus.files import CHIPS, FACTS, SPLITS, TEXTS, Corpus, record_of
from backend.corpus.ground import WORST_PX, round_trip_px
from backend.corpus.lines import Row, read_lines
from backend.corpus.pixels import require_file
from backend.corpus.records import Chip, chip_of, text_of
from backend.errors import CorpusInvalid
from backend.language import Record
from backend.progress import Progress, silent

REPORT_LINES = 5000
_SLACK_PX = 0.5
"""By how much a box may leave its chip: boxes are rounded."""


@dataclass
class CheckReport:
    """What was looked at, and what is wrong with it."""

    chips: int = 0
    """Lines of chips."""
    texts: int = 0
    """Lines of texts."""
    facts: int = 0
    """Lines of facts."""
    without_place: int = 0
    """Chips without a CRS, in a corpus that was published so."""
    faults: list[str] = field(default_factory=list)
    """A sentence for each fault, at most `most` of them."""
    count: int = 0
    """How many faults there are."""
    most: int = 20
    """How many of them are kept as sentences."""

    def add(self, faults: Iterable[str]) -> None:
        """Count faults, an error that is raised on the way among them."""
        try:
            for fault in faults:
                self._note(fault)
        except CorpusInvalid as error:
            self._note(error.message)

    def _note(self, fault: str) -> None:
        self.count += 1
        if len(self.faults) < self.most:
            self.faults.append(fault)


def check_corpus(
    corpus: Corpus, pixels: bool = True, most: int = 20, progress: Progress = silent
) -> CheckReport:
    """Read all of a corpus and return what is wrong; `pixels` looks for the files of chips, too.

    Memory holds the names of the chips alone.
    """
    report = CheckReport(most=most)
    chips: dict[str, Chip] = {}
    described: set[str] = set()
    for row in _rows(corpus, CHIPS, report, progress):
        report.chips += 1
        report.add(_chip_faults(corpus, row, chips, pixels))
    report.without_place = sum(chip.ground is None for chip in chips.values())
    for row in _rows(corpus, TEXTS, report, progress):
        report.texts += 1
        report.add(_text_faults(row, chips))
    for row in _rows(corpus, FACTS, report, progress):
        report.facts += 1
        report.add(_record_faults(corpus, row, chips, described))
    report.add(_split_faults(corpus, chips))
    return report


def _rows(corpus: Corpus, name: str, report: CheckReport, progress: Progress) -> Iterator[Row]:
    """Yield the lines of a file; damaged ones are faults."""
    lines = read_lines(corpus.folder / name, lambda error: report.add([error.message]))
    for done, row in enumerate(lines):
        if done % REPORT_LINES == 0:
            progress(f"checking {name}", done, 0)
        yield row


def _chip_faults(corpus: Corpus, row: Row, chips: dict[str, Chip], pixels: bool) -> Iterator[str]:
    chip = chip_of(row)
    if chip.name in chips:
        yield row.invalid("chip", chip.name, "a name that no other chip has").message
        return
    chips[chip.name] = chip
    if chip.ground is None and corpus.about.made.get("by") == "slice":
        yield row.invalid("ground", None, "the CRS and transform of the chip").message
    if chip.ground is not None and chip.width and chip.height:
        offset = round_trip_px(chip.ground, chip.width, chip.height)
        if not offset < WORST_PX:
            expected = f"corners within {WORST_PX} pixels of the chip's; they are {offset:.3g} off"
            yield row.invalid("ground.corners", chip.ground.corners, expected).message
    if pixels:
        require_file(corpus, chip)


def _text_faults(row: Row, chips: dict[str, Chip]) -> Iterator[str]:
    text = text_of(row)
    if text.chip not in chips:
        yield row.invalid("chip", text.chip, "the name of a chip of the corpus").message
    for number, one in enumerate(text.fragments):
        if not one.text.strip():
            yield row.invalid(f"fragments[{number}].text", one.text, "some words").message
    if not text.fragments:
        yield row.invalid("fragments", [], "at least one fragment").message
    if text.kind == "question" and not text.question.strip():
        yield row.invalid("question", text.question, "the words of the question").message


def _record_faults(
    corpus: Corpus, row: Row, chips: dict[str, Chip], described: set[str]
) -> Iterator[str]:
    record = record_of(row)
    if record.chip in described:
        yield row.invalid("chip", record.chip, "a chip that no other record describes").message
    described.add(record.chip)
    if record.chip not in chips:
        yield row.invalid("chip", record.chip, "the name of a chip of the corpus").message
    categories = corpus.about.categories
    for number, one in enumerate(record.objects or ()):
        at = f"objects[{number}]"
        if categories and one.category not in categories:
            expected = f"one of {', '.join(categories)}"
            yield row.invalid(f"{at}.category", one.category, expected).message
        if _leaves(record, number):
            box = [one.box.x, one.box.y, one.box.width, one.box.height]
            expected = f"a box within {record.width} × {record.height} pixels"
            yield row.invalid(f"{at}.box", box, expected).message


def _leaves(record: Record, number: int) -> bool:
    box = (record.objects or ())[number].box
    return (
        min(box.x, box.y) < -_SLACK_PX
        or box.x + box.width > record.width + _SLACK_PX
        or box.y + box.height > record.height + _SLACK_PX
    )


def _split_faults(corpus: Corpus, chips: dict[str, Chip]) -> Iterator[str]:
    file = corpus.folder / SPLITS
    try:
        splits = corpus.splits()
    except CorpusInvalid as error:
        yield error.message
        return
    for split, names in splits.items():
        for name in names:
            if name not in chips:
                yield f"{file}: {split} names {name}, which is not a chip of the corpus."
