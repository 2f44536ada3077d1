"""Answers by ranking a closed list: the one that a model finds most likely, word by word.

As SAR-KnowLIP answers (Yang et al., arXiv 2509.23927): its answers come from a list of 128. What a
model would write by itself can be anything; ranking never leaves the list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from backend.corpus import Corpus
from backend.describers.base import Chip, Describer
from backend.errors import ConfigInvalid, CorpusInvalid

MOST = 128


def choose(describer: Describer, chip: Chip, question: str, choices: Sequence[str]) -> str:
    """Return the answer of a list that a model finds most likely, the first of equal ones.

    Example:
        choose(load_describer("blip-answers"), chip, "Is there a harbour?", ["yes", "no"])

    Raises:
        ConfigInvalid: the describer cannot say how likely an answer is, or writes captions only.
        WeightsInvalid: the files cannot be read.
    """
    from backend.describers.loading import PublishedDescriber
    from backend.describers.tower import TowerDescriber

    if not isinstance(describer, TowerDescriber | PublishedDescriber):
        raise ConfigInvalid(
            f"{describer.name} cannot say how likely an answer is.",
            "Choose a tower, a published model or an adapter, or leave --closed out.",
        )
    found = describer.likelihoods(chip, question, choices)
    return choices[found.index(max(found))]


def choices_of(corpus: Corpus) -> Mapping[str, Sequence[str]]:
    """Return the most frequent answers of the train split by type of question, at most 128 each.

    Raises:
        CorpusInvalid: there are no questions in the train split.
    """
    train = set(corpus.splits().get("train", ()))
    counts: dict[str, Counter[str]] = {}
    for text in corpus.texts():
        if text.kind == "question" and (text.split == "train" or text.chip in train) and text.plain:
            counts.setdefault(text.task, Counter())[text.plain] += 1
    if not counts:
        raise CorpusInvalid(
            f"The corpus {corpus.folder} has no questions in its train split, so there is no list "
            "of answers.",
            "Write texts and splits: python -m backend.corpus text, and split.",
        )
    return {task: [answer for answer, _ in of.most_common(MOST)] for task, of in counts.items()}
