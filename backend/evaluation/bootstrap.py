"""Figures with their confidence intervals, bootstrapped over tiles.

A figure is a function of how often each tile counts: once in the survey itself, and as often as
it was drawn in a resample of as many tiles with replacement. So the value and its interval come
from the same code.
"""

from dataclasses import dataclass

import numpy as np

LEVEL = 0.95


@dataclass(frozen=True)
class Figure:
    """A value and the ends of its 95 % interval; NaN where there is nothing to measure."""

    value: float
    low: float = float("nan")
    high: float = float("nan")


def resample(tiles: int, resamples: int, seed: int) -> np.ndarray:
    """How often each tile counts (1 + resamples, tiles) float64; the first row is the survey."""
    rng = np.random.default_rng(seed)
    counts = np.ones((1 + resamples, tiles))
    for row in counts[1:]:
        row[:] = np.bincount(rng.integers(tiles, size=tiles), minlength=tiles)
    return counts


def figure(values: np.ndarray) -> Figure:
    """The figure of values (1 + resamples,): the survey's own and those of the resamples."""
    drawn = values[1:][np.isfinite(values[1:])]
    if not len(drawn) or not np.isfinite(values[0]):
        return Figure(float(values[0]))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Figure(float(values[0]), float(low), float(high))


def mean_figures(
    values: np.ndarray, counts: np.ndarray, weights: np.ndarray | None = None
) -> list[Figure]:
    """Means over tiles of values (n, m), NaN left out, with `weights` (n, m)."""
    there = np.isfinite(values)
    weights = there.astype(float) if weights is None else np.where(there, weights, 0.0)
    sums = counts @ (np.where(there, values, 0) * weights)
    totals = counts @ weights
    means = np.divide(sums, totals, out=np.full_like(sums, np.nan), where=totals > 0)
    return [figure(column) for column in means.T]
