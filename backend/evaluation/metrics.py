"""What Tables 1 and 2 measure, on scores: rank agreement over phrases and over tiles.

Source: Czerkawski, Talk is Cheap (2026). Ties share the mean of their ranks, as in scipy.
"""

from collections.abc import Sequence

import numpy as np
from scipy.stats import rankdata


def cosines(tiles: np.ndarray, phrases: np.ndarray) -> np.ndarray:
    """Cosines (n, q) of unit vectors (n, D) and (q, D).

    Equal tiles and equal phrases must tie, but a matrix product sums its rows in different orders.
    So equal ones share one product, and rounding at 1e-12 hides the last bits from call to call.
    """
    kinds, tile = np.unique(tiles, axis=0, return_inverse=True)
    words, phrase = np.unique(phrases, axis=0, return_inverse=True)
    return np.round(kinds @ words.T, 12)[tile][:, phrase]


def spearman(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Spearman's rho (n,) of the rows of `a` and `b` (n, q); NaN where a row is constant."""
    centre = (a.shape[1] + 1) / 2  # the mean of the ranks, ties or not
    ranks_a, ranks_b = (rankdata(rows, axis=1) - centre for rows in (a, b))
    squares = (ranks_a**2).sum(1) * (ranks_b**2).sum(1)
    products = (ranks_a * ranks_b).sum(1)
    return _ratio(products, np.sqrt(squares))


def confusion(classes: np.ndarray, answers: np.ndarray, n_classes: int) -> np.ndarray:
    """Numbers of tiles (true class, answered class); tiles of class -1 have none."""
    known = classes >= 0
    cells = classes[known] * n_classes + answers[known]
    return np.bincount(cells, minlength=n_classes**2).reshape(n_classes, n_classes)


class Rankings:
    """Retrieval agreement: two rankings of all tiles for each phrase, and how alike they are."""

    def __init__(self, predicted: np.ndarray, photographed: np.ndarray) -> None:
        """`predicted` and `photographed` are scores (n, p) of every tile with p phrases."""
        self._pair = (_Ranking(predicted.T), _Ranking(photographed.T))

    def agreement(self, counts: np.ndarray, depths: Sequence[int]) -> np.ndarray:
        """P@K of each depth, then Spearman's rho (depths + 1, p); each tile counts (n,) times.

        P@K is the share of the first K that both rankings have; where the K-th place is tied, its
        expectation over the order of the tied. NaN when there are fewer than K tiles.
        """
        total = counts.sum()
        pair = [ranking.places(counts) for ranking in self._pair]
        found = np.full((len(depths) + 1, len(pair[0][0])), np.nan)
        for row, depth in enumerate(depths):
            if depth <= total:
                first, second = (_among_the_first(depth, total, *places) for places in pair)
                found[row] = (first * second) @ counts / depth
        # Ranks (below + 1 + upto) / 2 less their mean (total + 1) / 2.
        a, b = ((below + upto - total) / 2 for below, upto in pair)
        found[-1] = _ratio((a * b) @ counts, np.sqrt((a**2 @ counts) * (b**2 @ counts)))
        return found


class _Ranking:
    """The tiles in the order of their scores (p, n), lowest first."""

    def __init__(self, scores: np.ndarray) -> None:
        p, n = scores.shape
        rows = np.arange(p)[:, None] * (n + 1)
        self._order = np.argsort(scores, axis=1)
        # Where each tile's ties begin and end in the order, as flat indices into (p, n + 1).
        self._below = (rankdata(scores, "min", axis=1).astype(np.intp) - 1) + rows
        self._upto = rankdata(scores, "max", axis=1).astype(np.intp) + rows

    def places(self, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How many tiles lie below each tile, and how many below or level with it, (p, n)."""
        p, n = self._order.shape
        passed = np.zeros((p, n + 1))
        np.cumsum(counts[self._order], axis=1, out=passed[:, 1:])
        return passed.take(self._below), passed.take(self._upto)


def mean_of_known(values: np.ndarray) -> np.ndarray:
    """Means of the rows, NaN left out; NaN where there is nothing else."""
    known = np.isfinite(values)
    return _ratio(np.where(known, values, 0).sum(1), known.sum(1))


def _among_the_first(depth: int, total: float, below: np.ndarray, upto: np.ndarray) -> np.ndarray:
    """Chance (p, n) of each tile to be among the first `depth` of `total`."""
    level = np.maximum(upto - below, 1)
    return np.clip((depth - (total - upto)) / level, 0, 1)


def _ratio(products: np.ndarray, norms: np.ndarray) -> np.ndarray:
    return np.divide(products, norms, out=np.full(products.shape, np.nan), where=norms > 0)
