"""Statistics of a phrase's cosines, in memory that does not grow with the map."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.link.reading import Reading

BINS = 20_000  # from -1 to 1: finer than anybody can tell apart on a map


@dataclass(frozen=True)
class PhraseStatistics:
    """One band of the map: its phrase and how its cosines are spread."""

    band: int
    """Number of the band, from 1."""

    phrase: str
    """The phrase."""

    minimum: float
    """Least cosine."""

    maximum: float
    """Greatest cosine."""

    mean: float
    """Mean cosine."""

    percentile_2: float
    """Cosine that 2 % of the cells stay below."""

    percentile_98: float
    """Cosine that 98 % of the cells stay below."""

    reading: Reading | None = None
    """Whether anything like the phrase is there; null where the head tells nothing of it, and for
    means of several cells."""


class RunningStatistics:
    """Statistics of one phrase while its cosines come in; percentiles from bins of 0.0001."""

    def __init__(self) -> None:
        self.count = 0
        self._sum = 0.0
        self._low, self._high = np.inf, -np.inf
        self._bins = np.zeros(BINS, np.int64)

    def add(self, cosines: NDArray[np.float32]) -> None:
        """Add finite cosines (n,)."""
        self.count += len(cosines)
        self._sum += float(cosines.sum(dtype=np.float64))  # float32 loses digits over many cells
        self._low = min(self._low, float(cosines.min(initial=np.inf)))
        self._high = max(self._high, float(cosines.max(initial=-np.inf)))
        bins = ((cosines + 1) * (BINS / 2)).astype(np.int64).clip(0, BINS - 1)
        self._bins += np.bincount(bins, minlength=BINS)

    def summary(self, band: int, phrase: str, reading: Reading | None = None) -> PhraseStatistics:
        """Return the statistics of at least one cosine."""
        return PhraseStatistics(
            band,
            phrase,
            self._low,
            self._high,
            self._sum / self.count,
            self._percentile(2),
            self._percentile(98),
            reading,
        )

    def _percentile(self, percent: float) -> float:
        """Return the middle of the bin that holds a percentile, never beyond the extremes."""
        rank = percent / 100 * (self.count - 1)
        index = int(np.searchsorted(np.cumsum(self._bins), rank, side="right"))
        return float(np.clip((index + 0.5) / (BINS / 2) - 1, self._low, self._high))
