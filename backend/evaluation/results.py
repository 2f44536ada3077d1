"""The figures of one head, as they stand in Tables 1 and 2, bootstrapped over tiles.

A figure is a function of how often each tile counts: once in the survey itself, and as often as it
was drawn in a resample of as many tiles with replacement. So the same code computes the value and
its interval.
"""

import math
from dataclasses import dataclass

import numpy as np

LEVEL = 0.95


@dataclass(frozen=True)
class Figure:
    """A value and the ends of its 95 % interval; NaN where there is nothing to measure."""

    value: float
    low: float = math.nan
    high: float = math.nan


def resample(tiles: int, resamples: int, seed: int) -> np.ndarray:
    """Return how often each tile counts (1 + resamples, tiles); the first row is the survey."""
    rng = np.random.default_rng(seed)
    counts = np.ones((1 + resamples, tiles))
    for row in counts[1:]:
        row[:] = np.bincount(rng.integers(tiles, size=tiles), minlength=tiles)
    return counts


def figure(values: np.ndarray) -> Figure:
    """Return the figure of values (1 + resamples,), of which the first is the survey's own."""
    drawn = values[1:][np.isfinite(values[1:])]
    if not len(drawn) or not np.isfinite(values[0]):
        return Figure(float(values[0]))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Figure(float(values[0]), float(low), float(high))


def mean_figures(
    values: np.ndarray, counts: np.ndarray, weights: np.ndarray | None = None
) -> list[Figure]:
    """Return means over tiles of values (n, m), NaN left out, with `weights` (n, m)."""
    known = np.isfinite(values)
    weights = known.astype(float) if weights is None else np.where(known, weights, 0.0)
    sums = counts @ (np.where(known, values, 0) * weights)  # all resamples at once
    totals = counts @ weights
    means = np.divide(sums, totals, out=np.full_like(sums, np.nan), where=totals > 0)
    return [figure(column) for column in means.T]


@dataclass(frozen=True)
class ZeroShot:
    """Land cover answered by the class prompt with the highest cosine."""

    by_class: dict[str, Figure]
    """Accuracy by LUCAS letter; NaN for a class without tiles."""
    confusion: tuple[tuple[int, ...], ...]
    """Numbers of tiles by true class, then by answered class."""


@dataclass(frozen=True)
class PhraseAgreement:
    """Retrieval agreement of one phrase."""

    phrase: int
    """Its row in the vocabulary."""
    precision: dict[int, float]
    """P@K by depth."""
    rho: float


@dataclass(frozen=True)
class Evaluation:
    """Every figure of one head on one split.

    Example:
        evaluation = evaluate_head(head, pooled, photos, vocabulary=…, categories=…)
        print(evaluation["caption_rho"].value, evaluation["caption_rho"].low)
    """

    tiles: int
    """How many tiles have a photograph."""
    views: int
    """How many photographs they have."""
    figures: dict[str, Figure]
    """What was measured, by the key of its metric."""
    zero_shot: ZeroShot | None
    """Answers by class; None without classes or prompts."""
    by_category: dict[str, Figure]
    """Caption agreement over the phrases of each category."""
    by_phrase: tuple[PhraseAgreement, ...]
    """Retrieval agreement of each phrase that ranks all tiles."""

    def __getitem__(self, metric: str) -> Figure:
        """Return the figure of a metric by its key; NaN where it was not measured."""
        return self.figures.get(metric, Figure(math.nan))
