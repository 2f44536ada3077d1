"""Rank agreement over phrases and over tiles: what Tables 1 and 2 measure on scores.

Source: Czerkawski, Talk is Cheap (2026). Ties share the mean of their ranks, as in scipy, whose
`stats` are imported where ranks are needed: they take seconds.
"""

from collections.abc import Sequence

import numpy as np


def cosines(tiles: np.ndarray, phrases: np.ndarray) -> np.ndarray:
    """Return cosines (n, q) of unit vectors (n, D) and (q, D)."""
    # Equal tiles and equal phrases must tie, but a matrix product sums rows in different orders. So
    # equal ones share one product, and rounding at 1e-12 hides the last bits from call to call.
    kinds, tile = _distinct(tiles)
    words, phrase = _distinct(phrases)
    return np.round(kinds @ words.T, 12)[tile][:, phrase]


def _distinct(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the different rows of `vectors` and where each row went, unsorted."""
    first: dict[bytes, int] = {}
    rows = vectors + 0.0  # -0 and 0 are equal
    where = np.array([first.setdefault(row.tobytes(), i) for i, row in enumerate(rows)])
    kept, inverse = np.unique(where, return_inverse=True)
    return vectors[kept], inverse


def spearman(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return Spearman's rho (n,) of the rows of `a` and `b` (n, q); NaN for a constant row."""
    from scipy.stats import rankdata

    centre = (a.shape[1] + 1) / 2  # the mean of the ranks, ties or not
    ranks_a, ranks_b = (rankdata(rows, axis=1) - centre for rows in (a, b))
    squares = (ranks_a**2).sum(1) * (ranks_b**2).sum(1)
    products = (ranks_a * ranks_b).sum(1)
    return _ratio(products, np.sqrt(squares))


def confusion(classes: np.ndarray, answers: np.ndarray, n_classes: int) -> np.ndarray:
    """Return numbers of tiles (k, k), true class by answer, of classes (n,); -1 is left out."""
    known = classes >= 0
    cells = classes[known] * n_classes + answers[known]
    return np.bincount(cells, minlength=n_classes**2).reshape(n_classes, n_classes)


class Rankings:
    """Retrieval agreement: two rankings of all tiles for each phrase, and how alike they are.

    Example:
        precision, rho = Rankings(predicted, photographed).agreement(np.ones(n), depths=(100,))
    """

    def __init__(self, predicted: np.ndarray, photographed: np.ndarray) -> None:
        """Rank all tiles by scores (n, p) of every tile with p phrases."""
        self._pairs = [
            (_Ranking(a), _Ranking(b)) for a, b in zip(predicted.T, photographed.T, strict=True)
        ]

    def agreement(self, counts: np.ndarray, depths: Sequence[int]) -> np.ndarray:
        """Return P@K of each depth, then Spearman's rho (depths + 1, p).

        Each tile counts (n,) times.

        P@K is the share of the first K that both rankings have; where the K-th place is tied, its
        expectation over the order of the tied. It is NaN when there are fewer than K tiles.
        """
        # Phrase by phrase, since one ranking's places fit the processor's cache.
        return np.stack([_agreement(a, b, counts, depths) for a, b in self._pairs], axis=1)


class _Ranking:
    """The tiles in the order of their scores (n,), lowest first."""

    def __init__(self, scores: np.ndarray) -> None:
        self._order = np.argsort(scores)
        # Where each tile's ties begin and end in the order.
        from scipy.stats import rankdata

        self._below = rankdata(scores, "min").astype(np.intp) - 1
        self._upto = rankdata(scores, "max").astype(np.intp)

    def places(self, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how many tiles lie below each tile, and how many below or level with it (n,)."""
        passed = np.concatenate([[0], np.cumsum(counts[self._order])])
        return passed[self._below], passed[self._upto]


def _agreement(a: _Ranking, b: _Ranking, counts: np.ndarray, depths: Sequence[int]) -> list[float]:
    total = counts.sum()
    pair = a.places(counts), b.places(counts)
    figures = []
    for depth in depths:
        first, second = (_among_the_first(depth, total, *places) for places in pair)
        figures.append((first * second) @ counts / depth if depth <= total else np.nan)
    # The mean rank of the tied, (below + 1 + upto) / 2, less the mean of all, (total + 1) / 2.
    x, y = ((below + upto - total) / 2 for below, upto in pair)
    weighted = x * counts
    figures.append(float(_ratio(weighted @ y, np.sqrt((weighted @ x) * ((y * counts) @ y)))))
    return figures


def mean_of_known(values: np.ndarray) -> np.ndarray:
    """Return the means (n,) of rows (n, m), NaN left out; NaN for a row of nothing else."""
    known = np.isfinite(values)
    return _ratio(np.where(known, values, 0).sum(1), known.sum(1))


def _among_the_first(depth: int, total: float, below: np.ndarray, upto: np.ndarray) -> np.ndarray:
    """Return the chance (n,) of each tile to be among the first `depth` of `total`."""
    level = np.maximum(upto - below, 1)
    # Of the tied, the places that are left above them go to each with the same chance.
    return np.clip((depth - (total - upto)) / level, 0, 1)


def _ratio(products: np.ndarray, norms: np.ndarray) -> np.ndarray:
    return np.divide(products, norms, out=np.full(products.shape, np.nan), where=norms > 0)
