"""How well chips and captions find each other, by contrast alone."""

from collections.abc import Callable, Sequence

import numpy as np
import torch

from backend.evaluation.words.retrieval import Retrieval, retrieval_recall
from backend.training.towers.pairs import Part

MEASURED = 64  # chips or texts at a time


def measure_retrieval(
    part: Part,
    see: Callable[[torch.Tensor], torch.Tensor],
    read: Callable[[Sequence[Sequence[str]]], torch.Tensor],
) -> Retrieval:
    """Return the recall of chips by captions and of captions by chips.

    `see` and `read` give unit vectors (n, d) of chips and of texts in fragments. Where a chip has
    captions of several fragments, those of one are left out: many chips fit the same few words.
    """
    rows = [list(range(n, min(n + MEASURED, len(part)))) for n in range(0, len(part), MEASURED)]
    images = [see(chips) for chips in part.batches(rows)]
    owners, texts = [], []
    for number, captions in enumerate(part.captions):
        longest = max(len(one.fragments) for one in captions)
        chosen = [one for one in captions if len(one.fragments) > 1 or longest == 1]
        owners += [number] * len(chosen)
        texts += [one.fragments for one in chosen]
    vectors = [read(texts[n : n + MEASURED]) for n in range(0, len(texts), MEASURED)]
    seen, words = (torch.cat(one).cpu().numpy() for one in (images, vectors))
    return retrieval_recall(seen, words, np.array(owners))
