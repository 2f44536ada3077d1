"""How the cosines of each phrase are spread, in memory that does not grow with the map."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 20_000


@dataclass(frozen=True)
class PhraseStatistics:
    """One band of the map; the fields of the protocol's message of the same name."""

    band: int
    phrase: str
    minimum: float
    maximum: float
    mean: float
    percentile_2: float
    percentile_98: float


class RunningStatistics:
    """Running statistics of one phrase; percentiles from bins of 0.0001."""

    def __init__(self) -> None:
        self.count = 0
        self._sum = 0.0
        self._low, self._high = np.inf, -np.inf
        self._bins = np.zeros(BINS, np.int64)

    def add(self, cosines: NDArray[np.float32]) -> None:
        """Count in finite cosines (n,)."""
        self.count += len(cosines)
        self._sum += float(cosines.sum(dtype=np.float64))
        self._low = min(self._low, float(cosines.min(initial=np.inf)))
        self._high = max(self._high, float(cosines.max(initial=-np.inf)))
        bins = ((cosines + 1) * (BINS / 2)).astype(np.int64).clip(0, BINS - 1)
        self._bins += np.bincount(bins, minlength=BINS)

    def summary(self, band: int, phrase: str) -> PhraseStatistics:
        """What was counted; needs at least one cosine."""
        return PhraseStatistics(
            band,
            phrase,
            self._low,
            self._high,
            self._sum / self.count,
            self._percentile(2),
            self._percentile(98),
        )

    def _percentile(self, percent: float) -> float:
        """The middle of the bin that holds it, never beyond what was seen."""
        rank = percent / 100 * (self.count - 1)
        index = int(np.searchsorted(np.cumsum(self._bins), rank, side="right"))
        return float(np.clip((index + 0.5) / (BINS / 2) - 1, self._low, self._high))
