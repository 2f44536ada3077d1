"""Screen a corpus before a stage: what the slow copy of a tower says of every fragment."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from backend.corpus.decisions import Decision
from backend.progress import Progress
from backend.towers.scio import BANK, Judge, is_better
from backend.towers.settings import Margins
from backend.towers.tower import Tower
from backend.towers.words import Vocabulary
from backend.training.towers.pairs import Caption, Part

BATCH = 64
REPORT_CHIPS = 20

Decisions = Mapping[int, Sequence[Decision]]
"""Decisions on the fragments of each caption, by its place in the corpus."""


def screen_captions(
    tower: Tower,
    vocabulary: Vocabulary,
    part: Part,
    rebuild: bool,
    margins: Margins,
    progress: Progress,
    share: slice = slice(None),
) -> dict[int, list[Decision]]:
    """Return decisions on all captions of several fragments, or on those of a share of the chips.

    The bank is the first chips of the split in the order of their names, so that the same tower
    and corpus give the same decisions. With `rebuild` noise is written anew where that is better.

    Raises:
        CorpusInvalid: a chip cannot be read.
    """
    device = tower.temperature.device
    size = min(BANK + 1, len(part))
    # Drawn once for all: names often follow the place, and neighbours look alike.
    bank = np.random.default_rng(0).permutation(len(part))[:size].tolist()
    rows = [bank[start : start + BATCH] for start in range(0, size, BATCH)]
    with torch.no_grad():
        vectors = [tower.image_vectors(tower.see(db.to(device))) for db in part.batches(rows)]
    judge = Judge(tower, vocabulary, torch.cat(vectors))
    places = {number: place for place, number in enumerate(bank)}
    found: dict[int, list[Decision]] = {}
    numbers = range(len(part))[share]
    for number, db in zip(numbers, part.batches([[one] for one in numbers]), strict=True):
        if number % REPORT_CHIPS == 0:
            progress("screening captions", number - numbers.start, len(numbers))
        seen = judge.see(db[0])
        for caption in part.captions[number]:
            if len(caption.fragments) > 1:
                own = places.get(number)
                found[caption.place] = _decide(judge, seen, caption, own, rebuild, margins)
    return found


def _decide(
    judge: Judge,
    seen: torch.Tensor,
    caption: Caption,
    own: int | None,
    rebuild: bool,
    margins: Margins,
) -> list[Decision]:
    decisions = []
    for number, change in enumerate(judge.without_each(seen, caption.fragments, own)):
        if not is_better(*change, margins):
            decisions.append(Decision("kept", *change))
            continue
        decision = Decision("noise", *change)
        if rebuild:
            words = judge.rewrite(seen, caption.fragments, number)
            better = judge.replacing(seen, caption.fragments, number, words, own)
            if is_better(*better, margins):
                decision = Decision("rebuilt", *better, words)
        decisions.append(decision)
    return decisions


def whole_text(caption: Caption, decisions: Decisions) -> list[str]:
    """Return the fragments that chips are contrasted and matched with: all, new words included."""
    own = decisions.get(caption.place)
    if own is None:
        return list(caption.fragments)
    return [one.words or old for one, old in zip(own, caption.fragments, strict=True)]


def clean_text(caption: Caption, decisions: Decisions) -> list[str]:
    """Return the fragments whose words are filled in: those that are not noise.

    A text that is noise throughout stays whole.
    """
    own, whole = decisions.get(caption.place), whole_text(caption, decisions)
    if own is None:
        return whole
    kept = [one for one, decision in zip(whole, own, strict=True) if decision.status != "noise"]
    return kept or whole


def as_plain(decisions: Decisions) -> dict[int, list[list[Any]]]:
    """Return decisions as a checkpoint keeps them."""
    return {
        place: [[one.status, one.loss, one.match, one.words] for one in of]
        for place, of in decisions.items()
    }


def from_plain(values: Mapping[int, Sequence[Sequence[Any]]]) -> dict[int, list[Decision]]:
    """Return decisions from a checkpoint."""
    return {place: [Decision(*one) for one in of] for place, of in values.items()}


def counted(decisions: Decisions) -> dict[str, int]:
    """Return how many fragments were kept, are noise, and were written anew."""
    states = [one.status for one in _every(decisions)]
    return {name: states.count(name) for name in ("kept", "noise", "rebuilt")}


def _every(decisions: Decisions) -> Iterator[Decision]:
    return (one for of in decisions.values() for one in of)
