"""Retrieval: how often the first 1, 5 or 10 texts of an image hold one of its own, and back.

Source: the usual protocol, as in Yang et al., SAR-KnowLIP (2025): any text of an image is a hit,
and mR is the mean of the six figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import ConfigInvalid

DEPTHS = (1, 5, 10)
_BLOCK = 1024  # texts whose cosines are held at a time


@dataclass(frozen=True)
class Retrieval:
    """Recall both ways, as shares."""

    images: int
    """How many images there are."""
    texts: int
    """How many texts there are."""
    image_to_text: dict[int, float]
    """Share of images of which a text is among the first K, by K."""
    text_to_image: dict[int, float]
    """Share of texts whose image is among the first K, by K."""
    outscored: float
    """Share of the other images that the right one comes before, as the mean over texts.

    By chance ½. Where many chips fit one text, such as "a lake", recall says little and this more.
    """

    @property
    def mean_recall(self) -> float:
        """The mean of all, called mR."""
        return float(np.mean([*self.image_to_text.values(), *self.text_to_image.values()]))

    @classmethod
    def of_ranks(cls, images: NDArray[np.integer], texts: NDArray[np.integer]) -> "Retrieval":
        """Return the recall of ranks from 1 on: images' best texts (n,), texts' images (m,)."""
        outscored = (len(images) - texts).mean() / max(1, len(images) - 1)
        return cls(len(images), len(texts), _recall(images), _recall(texts), float(outscored))


def chance_recall(owners: NDArray[np.integer]) -> Retrieval:
    """Return the recall to expect of a random order; `owners` (m,) is the image of each text."""
    own, texts = np.unique(owners, return_counts=True)[1], len(owners)
    to_text, missed = {}, np.ones(len(own))
    for drawn in range(max(DEPTHS)):
        left = max(1, texts - drawn)
        missed = missed * np.maximum(0, left - own) / left
        if drawn + 1 in DEPTHS:
            to_text[drawn + 1] = float(1 - missed.mean())
    to_image = {depth: min(1.0, depth / len(own)) for depth in DEPTHS}
    return Retrieval(len(own), texts, to_text, to_image, 0.5)


def retrieval_recall(
    images: NDArray[np.floating], texts: NDArray[np.floating], owners: NDArray[np.integer]
) -> Retrieval:
    """Return the recall of vectors of images (n, d) and texts (m, d), compared by dot product.

    `owners` (m,) is the image of each text. Of equal scores the right one comes last, so a model
    that says the same of everything gets nothing.

    Raises:
        ConfigInvalid: the vectors do not fit each other, or an image has no text.
    """
    require_vectors(images, texts, owners)
    best = np.full(len(images), -np.inf)  # of each image, the score of its best text
    text_ranks = np.empty(len(texts), np.int64)
    for rows, scores in _blocks(images, texts):
        own = scores[np.arange(len(rows)), owners[rows]]
        text_ranks[rows] = (scores >= own[:, None]).sum(axis=1)  # itself included
        np.maximum.at(best, owners[rows], own)
    ahead = np.ones(len(images), np.int64)
    for rows, scores in _blocks(images, texts):
        reached = scores >= best
        reached[np.arange(len(rows)), owners[rows]] = False
        ahead += reached.sum(axis=0)
    return Retrieval.of_ranks(ahead, text_ranks)


def _recall(ranks: NDArray[np.integer]) -> dict[int, float]:
    return {depth: float((ranks <= depth).mean()) for depth in DEPTHS}


def _blocks(
    images: NDArray[np.floating], texts: NDArray[np.floating]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.floating]]]:
    """Yield texts and their scores with all images, as many as are held at a time."""
    for start in range(0, len(texts), _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, len(texts)))
        yield rows, texts[rows] @ images.T


def require_vectors(
    images: NDArray[np.floating], texts: NDArray[np.floating], owners: NDArray[np.integer]
) -> None:
    """Refuse images (n, d), texts (m, d) and owners (m,) that do not fit each other.

    Raises:
        ConfigInvalid: shapes differ, an image has no text, or a value is not finite.
    """
    known = len(owners) == len(texts) and np.isin(owners, np.arange(len(images))).all()
    if not known or images.ndim != 2 or images.shape[1:] != texts.shape[1:]:
        raise ConfigInvalid(
            f"Images are {images.shape}, texts {texts.shape}, and {len(owners)} of them have an "
            "image; expected (n, d), (m, d) and m images from 0 to n - 1.",
            "Give both as vectors of one space, and the image of every text.",
        )
    missing = np.setdiff1d(np.arange(len(images)), owners)
    if len(missing):
        raise ConfigInvalid(
            f"Image {missing[0]} has no text, and {len(missing) - 1} more have none.",
            "Leave out images without a text.",
        )
    if not (np.isfinite(images).all() and np.isfinite(texts).all()):
        raise ConfigInvalid(
            "A vector holds a value that is not a finite number.", "Embed it again."
        )
