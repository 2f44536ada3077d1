"""SARLANG-1M: captions in tables, questions in lists of messages.

The columns of its tables are not documented, so the spellings of other corpora are tried. Which
captions are complex and which concise is stated for the test files alone.
Source: Wei et al., SARLANG-1M (2026), and the page of its files.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from backend.corpus.files import Corpus
from backend.corpus.json_stream import read_records
from backend.corpus.layouts.base import (
    UNKNOWN_LICENCE,
    Entry,
    Images,
)
from backend.corpus.layouts.captions import CaptionTable
from backend.corpus.layouts.dialogues import MESSAGES, conversation, write_conversations
from backend.corpus.lines import FILE, Row, read_table
from backend.corpus.sinks import Sinks

_TASKS = {"caption_test": "complex", "caption_test1": "concise"}


class Sarlang(CaptionTable):
    """SARLANG-1M, its captions and its questions together."""

    holds = frozenset({"captions", "questions"})

    def records(self, file: Path, name: str) -> Iterator[Row]:
        """Yield the rows of captions, and the records of questions where they are JSON."""
        if file.suffix.lower() == ".json":
            yield from read_records(file, name)
        elif not file.name.lower().startswith("sarvqa"):  # the same questions once more
            yield from read_table(file, name)

    def tables(self, path: Path) -> list[Path]:
        """Return the tables of captions."""
        return [file for file in self.files(path) if file.suffix.lower() == ".csv"]

    def entry(self, row: Row, images: Images) -> Entry:
        """Return a caption, or a question and its answer."""
        stem = Path(row.fields[FILE]).stem.lower()
        if "messages" in row.fields:
            return conversation(row, "", "boxes" if stem.startswith("sarvqa1") else "optical")
        entry = super().entry(row, images)
        texts = tuple(replace(text, task=_TASKS.get(stem, "")) for text in entry.texts)
        return replace(entry, texts=texts)

    def write(self, corpus: Corpus, sinks: Sinks) -> None:
        """Write captions as tables and questions as messages."""
        super().write(corpus, sinks)
        write_conversations(
            corpus, sinks, lambda _text: "VQA/SARVQA2_train.json", MESSAGES, captions=False
        )


LAYOUTS = (
    Sarlang(
        "sarlang",
        "SARLANG-1M",
        "huggingface.co/datasets/YiminJimmy/SARLANG-1M",
        f"data: {UNKNOWN_LICENCE}; the pictures of SARDet-100k: CC BY-NC 4.0",
        (r"(.*/)?Caption[-_][^/]+\.csv", r"(.*/)?SARVQA[12]_[^/]+\.json"),
        "caption/Caption-training.csv and VQA/SARVQA1_train.json",
        ("image", "caption"),
        "caption/Caption-training.csv",
        "optical",
    ),
)
