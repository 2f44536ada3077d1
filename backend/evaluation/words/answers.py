"""Question accuracy, by three rules side by side: strict, SARLANG's, and judged."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from backend.evaluation.words.tokens import unicode_words

Judge = Callable[[str, str, str], bool]
"""Takes question, true answer and answer; says whether the answer is right."""

_CLOSED = frozenset(["yes", "no", *map(str, range(100))])


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its true answer and the one to be measured."""

    question: str
    """What was asked."""
    truth: str
    """The true answer."""
    answer: str
    """The answer to be measured."""
    kind: str = ""
    """The type of the question, such as count."""
    chip: str = ""
    """The chip that it is about."""
    baselines: Mapping[str, str] = field(default_factory=dict)
    """What is answered without looking, or without the question, by the name of the baseline."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one answer is right, by each rule."""

    strict: bool
    """By the same words, without case and punctuation."""
    sarlang: bool
    """By SARLANG's rule; False where it needs a judge and there is none."""
    judged: bool | None
    """By the same words or by a judge; None without one."""
    undecided: bool = False
    """Whether SARLANG's rule needed a judge that there is not."""
    inside_word: bool = False
    """Whether SARLANG's rule finds the truth inside another word alone: "no" in "north"."""


def measure_answers(answered: Iterable[Answered], judge: Judge | None = None) -> list[Verdict]:
    """Return the verdict on each answer; a judge is asked for those that are not strictly right."""
    return [_measure(one, judge) for one in answered]


def _measure(one: Answered, judge: Judge | None) -> Verdict:
    strict = is_strictly_right(one.truth, one.answer)
    by_rule = sarlang_rule(one.truth, one.answer)
    judged = None
    if judge is not None:
        judged = strict or judge(one.question, one.truth, one.answer)
    return Verdict(
        strict=strict,
        sarlang=bool(judged) if by_rule is None else by_rule,
        judged=judged,
        undecided=by_rule is None and judge is None,
        inside_word=by_rule is True and not _has_words(one.answer, one.truth),
    )


def is_strictly_right(truth: str, answer: str) -> bool:
    """Return whether two answers have the same words, without case and punctuation."""
    true = unicode_words(truth)
    return bool(true) and unicode_words(answer) == true


def sarlang_rule(truth: str, answer: str) -> bool | None:
    """Return whether SARLANG's rule takes an answer for right; None where that is a judge's.

    Right when the truth stands anywhere in the answer; a truth of yes, no or 0 to 99 is right then
    alone. Source: the script of Wei et al., SARLANG-1M (2026), which asks GPT-4 for all others. It
    takes "no" in "north" and "1" in "12" for right: `Verdict.inside_word` counts them.
    """
    true, given = truth.strip().lower(), answer.lower()
    if true and true in given:
        return True
    return False if true in _CLOSED else None


def _has_words(text: str, wanted: str) -> bool:
    """Return whether the words of `wanted` stand in a text, side by side."""
    words, line = unicode_words(text), unicode_words(wanted)
    return any(words[k : k + len(line)] == line for k in range(len(words) - len(line) + 1))
