"""Captions and questions of a corpus, made from its facts.

Every sentence follows from the record of its chip, and is a fragment with what it rests on. Texts
of other sources stay as they are; those that facts made before are made anew.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import tee
from typing import Any

from backend.corpus.files import Corpus
from backend.corpus.records import Evidence, Fragment, Source, Text
from backend.corpus.screening import left_out
from backend.errors import CorpusInvalid, RecordInvalid
from backend.language import Pair, Record, Sentence, describe, questions
from backend.language.captions import box_captions, object_captions
from backend.language.tasks import boxes_in, tasks
from backend.progress import Progress, silent

BY_FACTS: Mapping[str, Any] = {"by": "facts"}
REPORT_TEXTS = 2000


@dataclass
class TextReport:
    """What was written."""

    captions: int = 0
    """Captions, concise and complex."""
    questions: int = 0
    """Questions with answers."""
    kept: int = 0
    """Texts of other sources."""
    unknown: int = 0
    """Chips of which neither boxes nor cover are known."""


def write_texts(
    corpus: Corpus,
    with_questions: bool = True,
    progress: Progress = silent,
    all_forms: bool = False,
    with_captions: bool = True,
) -> TextReport:
    """Write captions and questions of all chips with facts that the screen has not left out.

    With `all_forms` also what SARChat and KnowLIP make of boxes; see `box_texts`. Without captions
    none of any form is written.

    Raises:
        CorpusInvalid: neither boxes nor cover are known of any chip, or a category is unknown.
    """
    report, out = TextReport(), left_out(corpus)
    categories, known = dict.fromkeys(corpus.about.categories), 0
    for record in _screened(corpus, out):
        is_known = record.objects is not None or record.cover is not None
        known, report.unknown = known + is_known, report.unknown + (not is_known)
        if not corpus.about.categories:
            categories |= dict.fromkeys(one.category for one in record.objects or ())
    if not known:
        raise CorpusInvalid(
            f"Neither boxes nor cover are known of any chip of {corpus.folder}.",
            "Give --cover, a raster of classes, or read boxes: python -m backend.corpus read.",
        )

    def texts() -> Iterator[Text]:
        for text in corpus.texts():
            if text.more != BY_FACTS:
                report.kept += 1
                yield text
        made = fact_texts(_screened(corpus, out), sorted(categories), with_questions, all_forms)
        wanted = (text for text in made if with_captions or text.kind == "question")
        for done, text in enumerate(wanted):
            if done % REPORT_TEXTS == 0:
                progress("writing texts", done, 0)
            report.captions += text.kind == "caption"
            report.questions += text.kind == "question"
            yield text

    try:
        corpus.write_texts(texts())
    except RecordInvalid as error:
        raise CorpusInvalid(error.message, error.remedy) from error
    return report


def _screened(corpus: Corpus, out: Set[str]) -> Iterator[Record]:
    return (record for record in corpus.facts() if record.chip not in out)


def fact_texts(
    records: Iterator[Record],
    categories: Sequence[str],
    with_questions: bool = True,
    all_forms: bool = False,
) -> Iterator[Text]:
    """Yield the captions of records, each followed by its questions; few records are in memory.

    Raises:
        RecordInvalid: an object is of a category that is not among `categories`.
    """
    described, asked = tee(records)
    pairs = questions(asked, categories) if with_questions else iter(())
    waiting: Pair | None = next(pairs, None)
    for record in described:
        yield from captions(record)
        while waiting is not None and waiting.chip == record.chip:
            yield _question(record, waiting)
            waiting = next(pairs, None)
        if all_forms:
            yield from box_texts(record, with_questions)


def _question(record: Record, pair: Pair) -> Text:
    answer = (Fragment(pair.answer, evidence="seen"),)
    return Text(
        record.chip, answer, "question", pair.question, pair.kind, _source(record), more=BY_FACTS
    )


def box_texts(record: Record, with_questions: bool = True) -> Iterator[Text]:
    """Yield KnowLIP's five captions of boxes, SARChat's description of objects, and its tasks.

    Tasks are called as SARChat's files are; single is what one object answers.
    """
    made = [("boxes", (Fragment(one, "objects", "seen"),)) for one in box_captions(record)]
    objects = tuple(Fragment(one.text, "objects", "seen") for one in object_captions(record))
    for task, fragments in [*made, ("description", objects)]:
        if fragments:
            yield Text(record.chip, fragments, task=task, source="boxes", more=BY_FACTS)
    for pair in tasks(record) if with_questions else ():
        one = "single" if len(boxes_in(pair.answer)) < 2 else "multi"
        task = f"classify_{pair.kind}" if pair.kind == "count" else f"classify_{pair.kind}_{one}"
        yield _question(record, replace(pair, kind=task))


def captions(record: Record) -> Iterator[Text]:
    """Yield a complex caption of all sentences of a record, and a concise one of what covers it."""
    sentences = describe(record)
    seen = [one for one in sentences if _evidence(one) == "seen"]
    if not seen:
        return
    for task, chosen in (("complex", sentences), ("concise", seen[:1])):
        fragments = tuple(Fragment(one.text, _about(one), _evidence(one)) for one in chosen)
        yield Text(record.chip, fragments, task=task, source=_source(record), more=BY_FACTS)


def _evidence(sentence: Sentence) -> Evidence:
    return "seen" if sentence.evidence.objects or sentence.evidence.classes else "place"


def _about(sentence: Sentence) -> str:
    if sentence.evidence.objects:
        return "objects"
    return "cover" if sentence.evidence.classes else ", ".join(sentence.evidence.fields)


def _source(record: Record) -> Source:
    return record.cover.source if record.cover is not None else "boxes"
