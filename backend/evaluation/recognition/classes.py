"""Top-k: how often the right class is among the k that a model finds most likely."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def hits_at(scores: Floats, truth: Sequence[int], k: int) -> Floats:
    """Return 1.0 where the right class is among the k best, for scores (n, classes).

    Of classes with equal scores the right one comes last, so that equal scores gain nothing. A
    class whose score is -inf was not named at all, and is never a hit.

    Example:
        hits_at(np.array([[0.2, 0.5, 0.3]]), [2], 2)  # [1.0]
    """
    scores = np.asarray(scores, np.float64)
    right = scores[np.arange(len(scores)), np.asarray(truth, np.int64)]
    hits = ((scores >= right[:, None]).sum(axis=1) <= k) & (right > -np.inf)
    return hits.astype(np.float64)


def chance_at(truth: Sequence[int], classes: int, k: int) -> float:
    """Return the share that the k most frequent classes of the truth have: what ignorance gets."""
    counts = np.bincount(np.asarray(truth, np.int64), minlength=classes)
    return float(np.sort(counts)[::-1][:k].sum() / max(counts.sum(), 1))
