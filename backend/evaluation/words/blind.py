"""What would be said of chips that nobody has looked at: what training says the most often.

A measure of captions means little without it: what captions have in common is right by itself.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np

from backend.corpus.records import Text
from backend.evaluation.words.tokens import unicode_words

LONGEST = 2
"""Words of the longest n-gram by which captions are compared."""
MOST = 2000
"""Captions that are compared; of more, as many are taken at equal distances."""


class Baseline(Protocol):
    """Says something of each chip for another reason than a model has."""

    name: str
    """What it is called in tables."""

    def caption(self, text: Text) -> str | None:
        """Return a caption of the chip and the type of this one; None where it has none."""

    def answer(self, text: Text) -> str | None:
        """Return an answer to this question; None where it has none."""


class Blind:
    """Answers and captions without the picture, from the texts of the train split.

    An answer is the most frequent one to the same question, or else to questions of the type. A
    caption is, for all chips, the one of the type whose words are the most like those of all.
    """

    name = "no image"

    def __init__(self, train: Iterable[Text]) -> None:
        """Read the texts of the train split."""
        self._answers: dict[tuple[str, str], Counter[str]] = {}
        self._captions: dict[str, list[str]] = {}
        self._typical: dict[str, str] = {}
        for text in train:
            if text.kind == "question":
                for key in (("question", text.question), ("type", text.task)):
                    self._answers.setdefault(key, Counter())[text.plain] += 1
            else:
                self._captions.setdefault(text.task, []).append(text.plain)

    def answer(self, text: Text) -> str | None:
        """Return its answer; None without a train split that has questions."""
        if not self._answers:
            return None
        for key in (("question", text.question), ("type", text.task)):
            if key in self._answers:
                return self._answers[key].most_common(1)[0][0]
        return ""

    def caption(self, text: Text) -> str | None:
        """Return the caption of its type; None where the train split has none of it."""
        if text.task not in self._typical and text.task in self._captions:
            self._typical[text.task] = most_typical(self._captions[text.task])
        return self._typical.get(text.task)


def most_typical(captions: Sequence[str]) -> str:
    """Return the caption whose counts of n-grams have the highest mean cosine with those of all.

    Of equal ones the first is taken.

    Example:
        most_typical(["a lake", "a lake and a town", "a forest"])  # "a lake"
    """
    chosen = captions[:: -(-len(captions) // MOST)]
    numbers: dict[tuple[str, ...], int] = {}
    rows, columns, counts = list[int](), list[int](), list[float]()
    for row, caption in enumerate(chosen):
        words = unicode_words(caption)
        grams = Counter(
            tuple(words[k : k + size])
            for size in range(1, LONGEST + 1)
            for k in range(len(words) - size + 1)
        )
        length = sum(count**2 for count in grams.values()) ** 0.5
        for gram, count in grams.items():
            rows.append(row)
            columns.append(numbers.setdefault(gram, len(numbers)))
            counts.append(count / length)
    mean = np.bincount(columns, counts, len(numbers))
    likeness = np.bincount(rows, mean[columns] * np.array(counts), len(chosen))
    return chosen[int(np.argmax(np.round(likeness, 9)))]
