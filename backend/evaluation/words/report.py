"""Everything that is measured of generated captions and answers, before it is printed."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from backend.evaluation.results import Figure, mean_figures, resample
from backend.evaluation.words.answers import (
    Answered,
    Judge,
    Verdict,
    is_strictly_right,
    measure_answers,
)
from backend.evaluation.words.diversity import mtld
from backend.evaluation.words.joined import Captioned, Joined
from backend.evaluation.words.measures import caption_figures
from backend.evaluation.words.pairs import LONGEST, CaptionPairs
from backend.evaluation.words.sarchat import SarchatScores, sarchat_scores, task_of
from backend.evaluation.words.similarity import Similarity, pairwise_similarity
from backend.evaluation.words.tokens import SPLITS, unicode_words

ALL = "all"
Embed = Callable[[Sequence[str]], np.ndarray]
"""From texts to vectors (n, d)."""
_BATCH = 1024  # texts that are embedded at a time
SARCHAT_TASKS = frozenset(["classify", "count", "grounding", "identify", "refer", "describe"])


class Variant(NamedTuple):
    """One of the ways in which figures of captions are computed."""

    split: str
    """How texts are split, by its name in SPLITS."""
    together: bool
    """Whether the references of a chip belong to one caption, or each is an item of its own."""

    @property
    def title(self) -> str:
        """What it is called in tables."""
        return f"{self.split}, {'references together' if self.together else 'each reference alone'}"


VARIANTS = (Variant("Unicode words", True), Variant("spaces", False))
"""As COCO groups captions, on Unicode words; and as SARLANG's script counts them."""


@dataclass(frozen=True)
class CaptionRow:
    """The figures of one type of captions, computed in one way."""

    task: str
    """The type of the references, such as concise; `all` for all of them."""
    variant: str
    """How texts were split and grouped."""
    items: int
    """Generated captions, or references where each is an item of its own."""
    chips: int
    """How many chips they are of."""
    short: int
    """Generated captions of fewer than four words, which have no 4-gram."""
    empty: int
    """Generated captions without a word."""
    figures: Mapping[str, Figure]
    """By the key of a measure."""
    baseline: str = ""
    """Which baseline said these captions; empty for the generated ones."""


@dataclass(frozen=True)
class AnswerRow:
    """The accuracy of one type of questions."""

    kind: str
    """The type; `all` for all questions."""
    questions: int
    """How many there are."""
    strict: Figure
    """Share with the same words."""
    sarlang: Figure
    """Share right by SARLANG's rule."""
    judged: Figure | None
    """Share with the same words, or right by the judge; None without one."""
    baselines: Mapping[str, Figure]
    """Share strictly right of what baselines answer, by their names."""
    undecided: int
    """Answers that SARLANG's rule leaves to a judge, when there is none; they count as wrong."""
    inside_word: int
    """Answers that SARLANG's rule takes for right by a part of a word alone."""


@dataclass(frozen=True)
class Diversity:
    """How diverse texts are."""

    texts: int
    """How many there are."""
    different: int
    """How many of them differ, by their words."""
    words: int
    """How many words they have."""
    mtld: float
    """MTLD of all of them as one text."""
    similarity: Similarity | None = None
    """Of their vectors, where a text encoder was given."""


@dataclass(frozen=True)
class TextReport:
    """All that is measured of a file of answers."""

    split: str
    """The split; empty for the whole corpus."""
    captions: tuple[CaptionRow, ...]
    """A row for each type and variant."""
    answers: tuple[AnswerRow, ...]
    """All questions, and a row for each type."""
    sarchat: SarchatScores | None
    """SARChat's scores, where questions are of its types."""
    sarchat_baselines: Mapping[str, SarchatScores]
    """The same of what baselines answer, by their names."""
    diversity: Mapping[str, Diversity]
    """Of the generated captions and of their references."""
    missing: Mapping[str, int]
    """Captions and answers that the file does not have."""
    left_out: Mapping[str, int]
    """Captions and questions of types that it is not about; they are not measured."""
    not_compared: str
    """Why nothing is compared with the nearest chip; empty where it is."""


def measure_texts(
    joined: Joined,
    *,
    judge: Judge | None = None,
    embed: Embed | None = None,
    categories: Sequence[str] = (),
    resamples: int = 200,
    seed: int = 0,
) -> TextReport:
    """Return all figures of a file of answers, with 95 % intervals over chips.

    `embed` turns captions into vectors, for their similarity; `categories` are the names that
    SARChat's classes may have.
    """
    return TextReport(
        joined.split,
        tuple(_caption_rows(joined.captions, resamples, seed)),
        tuple(_answer_rows(joined.questions, judge, resamples, seed)),
        _sarchat(joined.questions, categories),
        _sarchat_baselines(joined.questions, categories),
        dict(_diversities(joined.captions, embed)),
        {"captions": joined.missing_captions, "answers": joined.missing_answers},
        joined.left_out,
        joined.not_compared,
    )


def _caption_rows(captions: Sequence[Captioned], resamples: int, seed: int) -> Iterable[CaptionRow]:
    if not captions:
        return
    tasks = dict.fromkeys(one.task for one in captions)
    for task in tasks if len(tasks) == 1 else [ALL, *tasks]:
        chosen = [one for one in captions if task in (ALL, one.task)]
        for variant in VARIANTS:
            yield _caption_row(task or ALL, chosen, variant, resamples, seed)
            for name in _names(chosen):
                theirs = [replace(one, caption=one.baselines[name]) for one in chosen]
                row = _caption_row(task or ALL, theirs, variant, resamples, seed)
                yield replace(row, baseline=name)


def _names(items: Sequence[Captioned] | Sequence[Answered]) -> list[str]:
    """Return the baselines that say something of all of these."""
    return [name for name in items[0].baselines if all(name in one.baselines for one in items)]


def _caption_row(
    task: str, captions: Sequence[Captioned], variant: Variant, resamples: int, seed: int
) -> CaptionRow:
    split = SPLITS[variant.split]
    candidates = [split(one.caption) for one in captions]
    references = [[split(reference) for reference in one.references] for one in captions]
    chips = [one.chip for one in captions]
    if not variant.together:
        repeats = [len(of_one) for of_one in references]
        candidates = [words for words, n in zip(candidates, repeats, strict=True) for _ in range(n)]
        chips = [chip for chip, n in zip(chips, repeats, strict=True) for _ in range(n)]
        references = [[words] for of_one in references for words in of_one]
    pairs = CaptionPairs(candidates, references)
    lengths = np.array([len(split(one.caption)) for one in captions])
    figures = caption_figures(pairs, chips, resamples=resamples, seed=seed)
    short, empty = int((lengths < LONGEST).sum()), int((lengths == 0).sum())
    return CaptionRow(task, variant.title, pairs.items, len(set(chips)), short, empty, figures)


def _answer_rows(
    questions: Sequence[Answered], judge: Judge | None, resamples: int, seed: int
) -> Iterable[AnswerRow]:
    if not questions:
        return
    verdicts = measure_answers(questions, judge)
    kinds = dict.fromkeys(one.kind for one in questions)
    for kind in [ALL, *filter(None, kinds)]:
        rows = [row for row, one in enumerate(questions) if kind in (ALL, one.kind)]
        asked = [questions[row] for row in rows]
        yield _answer_row(kind, [verdicts[row] for row in rows], asked, resamples, seed)


def _answer_row(
    kind: str, verdicts: Sequence[Verdict], asked: Sequence[Answered], resamples: int, seed: int
) -> AnswerRow:
    names, rows = np.unique(np.asarray([one.chip for one in asked]), return_inverse=True)
    baselines = _names(asked)
    each = [
        (
            one.strict,
            one.sarlang,
            bool(one.judged),
            *(is_strictly_right(it.truth, it.baselines[name]) for name in baselines),
        )
        for one, it in zip(verdicts, asked, strict=True)
    ]
    number = np.bincount(rows, minlength=len(names)).astype(float)[:, None]
    right = np.stack([np.bincount(rows, column) for column in np.array(each, float).T], axis=1)
    drawn = resample(len(names), resamples, seed)
    weights = np.repeat(number, right.shape[1], axis=1)
    strict, sarlang, judged, *others = mean_figures(right / number, drawn, weights)
    return AnswerRow(
        kind,
        len(verdicts),
        strict,
        sarlang,
        judged if any(one.judged is not None for one in verdicts) else None,
        dict(zip(baselines, others, strict=True)),
        undecided=sum(one.undecided for one in verdicts),
        inside_word=sum(one.inside_word for one in verdicts),
    )


def _sarchat(questions: Sequence[Answered], categories: Sequence[str]) -> SarchatScores | None:
    chosen = [
        (one.kind, one.truth, one.answer)
        for one in questions
        if one.kind.startswith(("classify", "describe")) and task_of(one.kind) in SARCHAT_TASKS
    ]
    return sarchat_scores(chosen, categories) if chosen else None


def _sarchat_baselines(
    questions: Sequence[Answered], categories: Sequence[str]
) -> dict[str, SarchatScores]:
    found = {
        name: _sarchat([replace(one, answer=one.baselines[name]) for one in questions], categories)
        for name in (_names(questions) if questions else ())
    }
    return {name: scores for name, scores in found.items() if scores is not None}


def _diversities(
    captions: Sequence[Captioned], embed: Embed | None
) -> Iterable[tuple[str, Diversity]]:
    if captions:
        yield "generated", diversity([one.caption for one in captions], embed)
        references = [text for one in captions for text in one.references]
        yield "references", diversity(references, embed)


def diversity(texts: Sequence[str], embed: Embed | None = None) -> Diversity:
    """Return how diverse texts are, on Unicode words; of vectors, those with a word."""
    split = [unicode_words(text) for text in texts]
    words = [word for each in split for word in each]
    similarity = None
    with_words = [text for text, each in zip(texts, split, strict=True) if each]
    if embed is not None and len(with_words) > 1:
        batches = range(0, len(with_words), _BATCH)
        similarity = pairwise_similarity(embed(with_words[k : k + _BATCH]) for k in batches)
    return Diversity(len(split), len(set(map(tuple, split))), len(words), mtld(words), similarity)
