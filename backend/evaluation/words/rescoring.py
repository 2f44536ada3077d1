"""Retrieval in two steps: the best by cosine, put in order by a model that sees image and text.

The score is the logit of "matched" plus the cosine, and all that were not among the best come last.
Source: the published code of Yang et al., SAR-KnowLIP (2025), as that of Li et al., BLIP (2022).
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from backend.errors import ConfigInvalid
from backend.evaluation.words.retrieval import Retrieval, require_vectors
from backend.progress import Progress, silent

Match = Callable[[int, NDArray[np.int64]], NDArray[np.floating]]
"""Takes an image and texts (k,) by number; returns the logits (k,) that they belong together."""


def rescored_recall(
    images: NDArray[np.floating],
    texts: NDArray[np.floating],
    owners: NDArray[np.integer],
    match: Match,
    most: int,
    progress: Progress = silent,
) -> Retrieval:
    """Return the recall of images (n, d) and texts (m, d), the best `most` of each put in order.

    `owners` (m,) is the image of each text. Of equal scores the right one comes last, in the choice
    of the best as well. Each image is matched once with all texts that any question needs.

    Raises:
        ConfigInvalid: the vectors do not fit each other, or an image has no text.
    """
    require_vectors(images, texts, owners)
    if most < 1:
        raise ConfigInvalid(f"The best {most} cannot be put in order.", "Give 1 or more.")
    n, m = len(images), len(texts)
    of_images = np.stack([_best(texts @ images[i], owners == i, most) for i in range(n)])
    of_texts = np.stack(
        [_best(images @ texts[j], owners[j] == np.arange(n), most) for j in range(m)]
    )
    asked = (np.arange(n)[:, None] * m + of_images, of_texts * m + np.arange(m)[:, None])
    pairs = np.unique(np.concatenate([one.ravel() for one in asked]))
    scores = np.empty(len(pairs))
    for i in range(n):
        own = slice(*np.searchsorted(pairs, (i * m, (i + 1) * m)))
        chosen = pairs[own] - i * m
        scores[own] = match(i, chosen) + texts[chosen] @ images[i]
        progress("matching chips and texts", i + 1, n)
    to_text, to_image = (scores[np.searchsorted(pairs, one)] for one in asked)
    own_texts = np.bincount(owners, minlength=n)
    return Retrieval.of_ranks(
        _ranks(to_text, owners[of_images] == np.arange(n)[:, None], m - own_texts),
        _ranks(to_image, of_texts == owners[:, None], np.full(m, n - 1)),
    )


def _best(scores: NDArray[np.floating], own: NDArray[np.bool_], most: int) -> NDArray[np.int64]:
    """Return the places of the highest scores; of equal ones, those that are right come last."""
    return np.lexsort((own, -scores))[:most]


def _ranks(
    scores: NDArray[np.floating], own: NDArray[np.bool_], others: NDArray[np.integer]
) -> NDArray[np.int64]:
    """Return the rank of the best right one in each row; after all others where none is there."""
    best = np.where(own, scores, -np.inf).max(axis=1, keepdims=True)
    ahead = ((scores >= best) & ~own).sum(axis=1)
    ranks: NDArray[np.int64] = 1 + np.where(own.any(axis=1), ahead, others)
    return ranks
