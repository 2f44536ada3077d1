"""Answers by ranking a closed list: the one that a model finds most likely, word by word.

As SAR-KnowLIP answers (Yang et al., arXiv 2509.23927): its answers come from a list of 128. What a
model would write by itself can be anything; ranking never leaves the list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from backend.corpus import Corpus
from backend.describers.base import Chip, Describer
from backend.describers.model import UNLABELLED
from backend.errors import ConfigInvalid, CorpusInvalid

if TYPE_CHECKING:
    from backend.describers.blip import Blip
    from backend.describers.chat import ChatModel

MOST = 128


def likelihoods(
    describer: Blip | ChatModel, chip: Chip, question: str, choices: Sequence[str]
) -> list[float]:
    """Return the logarithm of how likely a model finds each answer, its end included.

    Raises:
        ConfigInvalid: the chip has no pixels, or the checkpoint writes captions.
        WeightsInvalid: the files cannot be read.
    """
    import torch

    image, found = describer.draw(chip), []
    model = describer.parts.model
    for choice in choices:
        inputs = describer.lesson(image, question, choice)
        words = int((inputs["labels"][:, 1:] != UNLABELLED).sum())
        moved = {
            name: of.to(model.device, model.dtype if of.is_floating_point() else None)
            for name, of in inputs.items()
        }
        with torch.inference_mode():
            found.append(-float(model(**moved).loss) * words)  # the loss is a mean over words
    return found


def choose(describer: Describer, chip: Chip, question: str, choices: Sequence[str]) -> str:
    """Return the answer of a list that a model finds most likely, the first of equal ones.

    Example:
        choose(load_describer("blip-answers"), chip, "Is there a harbour?", ["yes", "no"])

    Raises:
        ConfigInvalid: the describer cannot say how likely an answer is, or writes captions only.
        WeightsInvalid: the files cannot be read.
    """
    from backend.describers.blip import Blip
    from backend.describers.chat import ChatModel
    from backend.describers.tower import TowerDescriber

    if isinstance(describer, TowerDescriber):
        found = describer.likelihoods(chip, question, choices)
        return choices[found.index(max(found))]
    if not isinstance(describer, Blip | ChatModel):
        raise ConfigInvalid(
            f"{describer.name} cannot say how likely an answer is.",
            "Choose a tower, a published model or an adapter, or leave --closed out.",
        )
    found = likelihoods(describer, chip, question, choices)
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
