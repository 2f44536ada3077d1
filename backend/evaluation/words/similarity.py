"""Mean and variance of the cosine over all pairs of a corpus, in one pass.

With unit vectors u in the rows of U, the cosines of all ordered pairs add up to ‖ΣU‖² and their
squares to ‖UᵀU‖²; each vector's cosine with itself is taken off. So there is no need for n² pairs.
The measure is that of Wei et al., SARLANG-1M (IEEE TGRS 2026), over VGG16 features of images and
sentence vectors of texts.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import ConfigInvalid


@dataclass(frozen=True)
class Similarity:
    """The cosines of all pairs of different vectors."""

    vectors: int
    """How many there are."""
    mean: float
    """Of the cosines."""
    variance: float
    """Of the cosines; its root is the deviation that SARLANG's equation returns."""


def pairwise_similarity(blocks: Iterable[NDArray[np.floating]]) -> Similarity:
    """Return the similarity of vectors (n, d), given in blocks of rows.

    Raises:
        ConfigInvalid: there are fewer than two vectors, or one has no direction.
    """
    count = 0
    total: NDArray[np.float64] | float = 0.0
    products: NDArray[np.float64] | float = 0.0
    for block in blocks:
        units = _unit_rows(block)
        count += len(units)
        total += units.sum(axis=0)
        products += units.T @ units
    if count < 2:
        raise ConfigInvalid(
            f"There are {count} vectors; similarity needs two.", "Give more texts or images."
        )
    pairs = count * (count - 1)
    mean = (float(np.vdot(total, total)) - count) / pairs
    square = (float(np.vdot(products, products)) - count) / pairs
    return Similarity(count, mean, max(0.0, square - mean**2))


def _unit_rows(block: NDArray[np.floating]) -> NDArray[np.float64]:
    rows = np.asarray(block, np.float64)
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    if not (np.isfinite(lengths).all() and (lengths > 0).all()):
        row = int(np.flatnonzero(~(np.isfinite(lengths) & (lengths > 0)))[0])
        raise ConfigInvalid(
            f"Row {row} of the vectors has the length {float(lengths[row, 0])}; expected a number "
            "above 0.",
            "Leave out texts and images without a vector.",
        )
    return rows / lengths
