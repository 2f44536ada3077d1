"""What a describer says of all chips of a corpus, as the file of answers that is measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from backend.corpus import Chip, Corpus
from backend.corpus.lines import LineWriter, read_lines
from backend.corpus.pixels import (
    read_colours,
    read_db,
    read_published,
    require_chip,
    require_file,
)
from backend.describers.base import Chip as Seen
from backend.describers.base import Describer
from backend.describers.ranking import choices_of, choose
from backend.errors import ConfigInvalid, CorpusInvalid, ReplyInvalid
from backend.language import Record
from backend.progress import Progress, silent

Asked = tuple[str, str, str]
"""A chip, a question about it, empty for its caption, and the type, empty where it learnt all."""


def chip_of(
    corpus: Corpus, chip: Chip, record: Record | None = None, colours: bool = False
) -> Seen:
    """Return a chip as a describer takes it: its backscatter, or the picture that was published.

    With `colours` the picture has three channels, else one.

    Raises:
        CorpusInvalid: its file is missing or damaged, or has no pixel with data.
    """
    if not chip.cut_db:
        picture = (
            read_colours(corpus, chip) if colours else read_published(require_file(corpus, chip))
        )
        known = record or Record(chip.name, picture.shape[2], picture.shape[1])
        return Seen(known, picture=picture)
    db = read_db(corpus, chip)
    if not np.isfinite(db).any():
        raise CorpusInvalid(
            f"The chip {chip.name} has no pixel with data.", "Run python -m backend.corpus screen."
        )
    return Seen(record or Record(chip.name, db.shape[2], db.shape[1]), db, chip.polarisations)


def write_answers(
    describer: Describer,
    corpus: Corpus,
    split: str,
    path: Path,
    progress: Progress = silent,
    closed: bool = False,
) -> int:
    """Add to a file what a describer says of the chips of a split that have texts of its types.

    Where the describer did not learn all types, a line states its own, so that the others are not
    measured. A model that writes nothing has an empty line. With `closed` answers are chosen among
    those of the train split. Returns how many lines were added: a run that was stopped goes on.

    Raises:
        CorpusInvalid: the corpus has no such split, a chip's file is missing or damaged, or the
            train split answers no question of some type.
        ConfigInvalid: the file holds what another describer said, or what is not asked.
    """
    asked = _asked(describer, corpus, split)
    by = f"{describer.name}, closed list" if closed else describer.name
    done = dict.fromkeys(_answered(path, by))
    if stray := next((one for one in done if one not in asked), None):
        raise ConfigInvalid(
            f'{path} has what {by} said of "{stray[0]}", which the split {split} does not ask: it '
            "is of another split, or the corpus has changed since.",
            "Choose another folder.",
        )
    left = {one: task for one, task in asked.items() if one not in done}
    choices = _choices_of(corpus, asked) if closed else {}
    if not left:
        return 0
    names = {chip for chip, _, _ in left}
    records = {one.chip: one for one in corpus.facts() if one.chip in names}
    chips = {one.name: one for one in corpus.chips() if one.name in names}
    last: Seen | None = None
    with LineWriter(path) as lines:
        for number, ((name, question, learnt), task) in enumerate(left.items()):
            progress(f"asking {describer.name}", number, len(left))
            if last is None or last.record.chip != name:
                last = _look(describer, corpus, chips.get(name), name, records.get(name))
            reply = _ask(describer, last, question, choices.get(task, ()))
            stated = {"task": learnt} if learnt else {}
            lines.add({"chip": name, **reply, **stated, "by": by})
    return len(left)


def _asked(describer: Describer, corpus: Corpus, split: str) -> dict[Asked, str]:
    """Return what to ask and of which type it is; the whole corpus where it has no split.

    Raises:
        CorpusInvalid: there is nothing.
    """
    splits = corpus.splits()
    names = set(splits.get(split, ()))
    learnt = {kind: describer.types.get(kind, ()) for kind in describer.writes}
    asked = {
        (text.chip, text.question, text.task if learnt[text.kind] else ""): text.task
        for text in corpus.texts()
        if text.kind in learnt
        and (not learnt[text.kind] or text.task in learnt[text.kind])
        and ((text.split == split) if text.split else (text.chip in names or not splits))
    }
    if not asked:
        wanted = (f"{'/'.join(of)} {kind}".strip() for kind, of in learnt.items())
        raise CorpusInvalid(
            f"The corpus {corpus.folder} has no {' or '.join(wanted)} in its split {split}.",
            "Write texts and splits: python -m backend.corpus text, and split.",
        )
    return asked


def _choices_of(corpus: Corpus, asked: Mapping[Asked, str]) -> Mapping[str, Sequence[str]]:
    """Return the list of answers to each type of question that is asked."""
    choices = choices_of(corpus)
    for (chip, question, _), task in asked.items():
        if question and task not in choices:
            raise CorpusInvalid(
                f"The train split of {corpus.folder} answers no question of the type "
                f'{task or "none"}, as "{question}" about {chip} is; so there is no list for it.',
                "Leave --closed out, or split the corpus anew: python -m backend.corpus split.",
            )
    return choices


def _answered(path: Path, name: str) -> Iterator[Asked]:
    for row in read_lines(path):
        if row.get("by") != name:
            raise ConfigInvalid(
                f"{path} holds what {row.get('by') or 'somebody else'} said; {name} was asked for.",
                "Choose another folder.",
            )
        yield row.text("chip"), str(row.get("question") or ""), str(row.get("task") or "")


def _look(
    describer: Describer, corpus: Corpus, chip: Chip | None, name: str, record: Record | None
) -> Seen:
    if not describer.needs_pixels and record is not None:
        return Seen(record)
    return chip_of(corpus, require_chip(corpus, chip, name), record, describer.colours)


def _ask(describer: Describer, chip: Seen, question: str, choices: Sequence[str]) -> dict[str, Any]:
    if question and choices:
        return {"question": question, "answer": choose(describer, chip, question, choices)}
    try:
        if not question:
            return {"caption": describer.caption(chip).text}
        return {"question": question, "answer": describer.answer(chip, question).text}
    except ReplyInvalid:
        return {"question": question, "answer": ""} if question else {"caption": ""}
