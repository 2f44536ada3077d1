"""What a tower decided on the fragments of texts, written into the corpus and taken back.

A decision stands with its fragment: `status`, and in `scores` how much better the text became.
Where words were written anew, `more` of the text keeps the old ones.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from backend.corpus.files import Corpus
from backend.corpus.records import Fragment, Status, Text
from backend.errors import CorpusInvalid

SCIO = "__scio__"
"""The field of a text's `more` that says who decided, and keeps words that were replaced."""
STATUS = get_args(Status)
"""What may become of a fragment."""
LOSS, MATCH = "scio_loss", "scio_match"
"""Scores of a fragment: how contrast and matching change without it, or with its new words."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on one fragment."""

    status: Status
    """Whether it stays, is noise, or was written anew."""
    loss: float
    """Change of the contrast: below 0 where the text became better."""
    match: float
    """Change of the matching score: above 0 where the text became better."""
    words: str = ""
    """The new words of one that was written anew."""


def original_words(text: Text) -> list[str]:
    """Return the fragments of a text as they were before any decision."""
    replaced = _judgement(text).get("original", {})
    return [replaced.get(str(n), one.text) for n, one in enumerate(text.fragments)]


def write_decisions(
    corpus: Corpus, decisions: Mapping[int, Sequence[Decision]], by: str, stage: int
) -> None:
    """Write decisions on texts, by their place in the file; those of earlier stages are replaced.

    `by` is the tower that decided, before its stage of this number. Other texts stay as they are.

    Raises:
        CorpusInvalid: a line is damaged.
        DiskFull: the disk has no room for it.
    """

    def texts() -> Iterator[Text]:
        for place, text in enumerate(corpus.texts()):
            own = decisions.get(place)
            yield text if own is None else _decided(text, own, by, stage)

    corpus.write_texts(texts())


def undo_decisions(corpus: Corpus) -> int:
    """Put all texts back as they were before any decision; return how many were changed.

    Raises:
        CorpusInvalid: a line is damaged.
    """
    changed = 0

    def texts() -> Iterator[Text]:
        nonlocal changed
        for text in corpus.texts():
            changed += SCIO in text.more
            yield _original(text)

    corpus.write_texts(texts())
    return changed


def count_decisions(text: Text) -> Counter[Status]:
    """Return how many fragments of a text were decided on, by what was decided."""
    return Counter(one.status for one in text.fragments if LOSS in one.scores)


def judge_of(text: Text) -> str:
    """Return which tower judged a text, and before which of its stages; empty if none did."""
    about = _judgement(text)
    return f"{about['by']} before stage {about['stage']}" if about else ""


def _judgement(text: Text) -> Mapping[str, Any]:
    """Return what `more` says of who judged a text, and of its old words; empty if nobody did.

    Raises:
        CorpusInvalid: it says something else.
    """
    about = text.more.get(SCIO, {})
    if isinstance(about, dict) and (not about or {"by", "stage"} <= about.keys()):
        words = about.get("original", {})
        if isinstance(words, dict) and all(isinstance(one, str) for one in words.values()):
            return about
    raise CorpusInvalid(
        f"What a text of the chip {text.chip} says of who judged it is damaged.",
        f"Correct {SCIO} in its more, or make the texts anew.",
    )


def _original(text: Text) -> Text:
    if SCIO not in text.more:
        return text
    fragments = [
        replace(one, text=words, status="kept", scores=_without(one))
        for one, words in zip(text.fragments, original_words(text), strict=True)
    ]
    more = {name: value for name, value in text.more.items() if name != SCIO}
    return replace(text, fragments=tuple(fragments), more=more)


def _without(fragment: Fragment) -> dict[str, float]:
    return {name: value for name, value in fragment.scores.items() if name not in (LOSS, MATCH)}


def _decided(text: Text, decisions: Sequence[Decision], by: str, stage: int) -> Text:
    text = _original(text)
    replaced = {
        str(n): one.text
        for n, (one, decision) in enumerate(zip(text.fragments, decisions, strict=True))
        if decision.status == "rebuilt"
    }
    fragments = [
        replace(
            one,
            text=decision.words or one.text,
            status=decision.status,
            scores={**one.scores, LOSS: decision.loss, MATCH: decision.match},
        )
        for one, decision in zip(text.fragments, decisions, strict=True)
    ]
    about = {"by": by, "stage": stage} | ({"original": replaced} if replaced else {})
    return replace(text, fragments=tuple(fragments), more={**text.more, SCIO: about})
