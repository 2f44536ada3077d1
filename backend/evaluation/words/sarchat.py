"""SARChat's scores: classes, counts, boxes and phrases of six tasks.

Source: Ma et al., SARChat-Bench-2M (2025): accuracy is TP / (TP + FP + FN), counts are right when
equal, boxes from an overlap (IoU) of 0.25 or 0.5 on, a description is compared as a set of phrases.
Their code is not published. Ours where the paper is silent: boxes are matched one to one, the
greatest overlap first; a question about one object is right or wrong; phrases end at punctuation
marks and "and".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.evaluation.words.tokens import unicode_words

OVERLAPS = (0.25, 0.5)
_BOX = re.compile(r"\{\s*" + r"\s*".join([r"<\s*(-?\d+(?:\.\d+)?)\s*>"] * 4) + r"\s*\}")
_PHRASE_END = re.compile(r"[.,;:!?\n]|\band\b")
_ARTICLES = frozenset(["a", "an", "the"])

Boxes = NDArray[np.float64]
"""(n, 4): x1, y1, x2, y2."""


@dataclass(frozen=True, slots=True)
class Hits:
    """How many things an answer has right, has too many, and has left out."""

    right: int = 0
    """True positives."""
    wrong: int = 0
    """False positives."""
    missed: int = 0
    """False negatives."""

    def __add__(self, other: "Hits") -> "Hits":
        return Hits(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def accuracy(self) -> float:
        """TP / (TP + FP + FN); 1 where nothing was there and nothing was said."""
        all_of_them = self.right + self.wrong + self.missed
        return self.right / all_of_them if all_of_them else 1.0


def one_or_none(right: bool) -> Hits:
    """Return the hits of a question that is right or wrong."""
    return Hits(right=int(right), missed=int(not right))


def set_hits(truth: Iterable[str], answer: Iterable[str]) -> Hits:
    """Return the hits of a set of names or phrases."""
    true, given = set(truth), set(answer)
    return Hits(len(true & given), len(given - true), len(true - given))


def named_in(text: str, categories: Iterable[str]) -> set[str]:
    """Return the categories that a text names, in the singular or with an s."""
    words = f" {' '.join(unicode_words(text))} "
    spelt = {name: " ".join(unicode_words(name)) for name in categories}
    return {
        name for name, line in spelt.items() if re.search(rf" {re.escape(line)}(?:e?s)? ", words)
    }


def phrases_of(text: str) -> set[str]:
    """Return the phrases of a description, without case and articles."""
    parts = (unicode_words(part) for part in _PHRASE_END.split(text.casefold()))
    return {" ".join(word for word in part if word not in _ARTICLES) for part in parts if part}


def numbers_in(text: str) -> list[int]:
    """Return the whole numbers of a text in order, those of boxes left out."""
    return [int(word) for word in unicode_words(_BOX.sub(" ", text)) if word.isdecimal()]


def boxes_in(text: str) -> Boxes:
    """Return the boxes (n, 4) of a text, written {<x1><y1><x2><y2>}, with corners in order."""
    found = np.array(_BOX.findall(text), float).reshape(-1, 4)
    return np.concatenate(
        [np.minimum(found[:, :2], found[:, 2:]), np.maximum(found[:, :2], found[:, 2:])], axis=1
    )


def overlaps(first: Boxes, second: Boxes) -> NDArray[np.float64]:
    """Return the IoU of boxes (n, 4) with boxes (m, 4), as (n, m); 0 where both have no area."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    common = np.clip(high - low, 0, None).prod(axis=2)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=1) for boxes in (first, second)]
    union = areas[0][:, None] + areas[1][None] - common
    return np.divide(common, union, out=np.zeros_like(common), where=union > 0)


def box_hits(truth: Boxes, answer: Boxes, overlap: float) -> Hits:
    """Return the hits of boxes (n, 4), matched one to one from the greatest IoU to `overlap`."""
    left = overlaps(truth, answer)
    right = 0
    while left.size and left.max() >= overlap:
        row, column = np.unravel_index(left.argmax(), left.shape)
        left[row], left[:, column] = -1, -1
        right += 1
    return Hits(right, len(answer) - right, len(truth) - right)


def task_hits(
    subtask: str, truth: str, answer: str, categories: Sequence[str]
) -> Mapping[str, Hits]:
    """Return the hits of an answer by the name of the score.

    `subtask` is called as SARChat's files are: classify, classify_count, classify_grounding_single
    and so on, describe. Boxes have one score for each overlap.
    """
    task = task_of(subtask)
    if task == "count":
        return {subtask: one_or_none(numbers_in(answer) == numbers_in(truth))}
    if task == "describe":
        return {subtask: set_hits(phrases_of(truth), phrases_of(answer))}
    if task in ("classify", "identify"):
        return {subtask: set_hits(named_in(truth, categories), named_in(answer, categories))}
    true, given = boxes_in(truth), boxes_in(answer)
    hits = {overlap: box_hits(true, given, overlap) for overlap in OVERLAPS}
    if subtask.endswith("single"):
        hits = {overlap: one_or_none(found.right > 0) for overlap, found in hits.items()}
    return {f"{subtask}, IoU {overlap}": found for overlap, found in hits.items()}


def task_of(subtask: str) -> str:
    """Return the task that a subtask belongs to: the second word of its name, if it has one."""
    return [*subtask.split("_"), ""][1] or subtask


@dataclass(frozen=True)
class SarchatScores:
    """Scores of all tasks, as shares."""

    subtasks: Mapping[str, float]
    """Accuracy by subtask, and overlap where there are boxes."""
    tasks: Mapping[str, float]
    """The mean of its subtasks by task."""
    questions: Mapping[str, int]
    """How many questions each task has."""

    @property
    def total(self) -> float:
        """The mean over tasks, each weighted by its number of questions."""
        weights = [self.questions[task] for task in self.tasks]
        return float(np.average([*self.tasks.values()], weights=weights))


def sarchat_scores(
    answers: Iterable[tuple[str, str, str]], categories: Sequence[str]
) -> SarchatScores:
    """Return the scores of answers: subtask, true answer, and the answer to be measured."""
    sums: dict[str, Hits] = {}
    questions: dict[str, int] = {}
    for subtask, truth, answer in answers:
        questions[task_of(subtask)] = questions.get(task_of(subtask), 0) + 1
        for name, hits in task_hits(subtask, truth, answer, categories).items():
            sums[name] = sums.get(name, Hits()) + hits
    subtasks = {name: hits.accuracy for name, hits in sums.items()}
    by_task: dict[str, list[float]] = {}
    for name, accuracy in subtasks.items():
        by_task.setdefault(task_of(name.partition(",")[0]), []).append(accuracy)
    tasks = {task: float(np.mean(found)) for task, found in by_task.items()}
    return SarchatScores(subtasks, tasks, questions)
