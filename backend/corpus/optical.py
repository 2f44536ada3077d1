"""Captions of optical pairs, made radar's."""

from dataclasses import dataclass
from pathlib import Path

from backend.corpus.files import Corpus
from backend.corpus.lines import read_table
from backend.corpus.records import Fragment, Text
from backend.errors import CorpusInvalid
from backend.language.rewriting import rewrite
from backend.progress import Progress, silent

TASK = "optical"
REPORT_ROWS = 2000


@dataclass
class OpticalReport:
    """What was written."""

    written: int = 0
    """Captions that say something of the radar image."""
    changed: int = 0
    """Of these, how many had to be changed."""
    empty: int = 0
    """Captions of which nothing is left."""


def write_optical(corpus: Corpus, table: Path, progress: Progress = silent) -> OpticalReport:
    """Write captions of the chips' optical pairs as radar's: CSV with the columns chip, caption.

    Counts stay where the boxes of a chip agree. The caption as it was is kept beside each. Captions
    that an earlier run wrote are replaced; all other texts stay.

    Raises:
        CorpusInvalid: a column is missing, or a chip is not in the corpus.
    """
    report = OpticalReport()
    facts = {record.chip: record for record in corpus.facts()}
    names = {chip.name for chip in corpus.chips()}
    texts = [text for text in corpus.texts() if text.task != TASK]
    for number, row in enumerate(read_table(table, table.name)):
        if number % REPORT_ROWS == 0:
            progress("rewriting captions", number, 0)
        chip, caption = row.text("chip").strip(), row.text("caption")
        if chip not in names:
            raise row.invalid("chip", chip, "a chip of the corpus")
        found = rewrite(caption, facts.get(chip))
        if not found:
            report.empty += 1
            continue
        report.written += 1
        report.changed += found != caption.strip()
        more = {"optical": caption}
        texts.append(Text(chip, (Fragment(found),), task=TASK, source="optical", more=more))
    if not report.written:
        raise CorpusInvalid(
            f"{table} has no caption of which something is left.",
            "Expected the columns chip and caption, a row each.",
        )
    corpus.write_texts(texts)
    return report
