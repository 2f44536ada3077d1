"""How right counts are: how many are equal when rounded, and by how much they are off."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def exact_share(found: Sequence[float], truth: Sequence[int]) -> float:
    """Return the share of counts that are right when rounded; NaN in `found` is wrong.

    Example:
        exact_share([2.6, 1.0], [3, 2])  # 0.5
    """
    return float((np.rint(found) == np.asarray(truth)).mean())


def mean_error(found: Sequence[float], truth: Sequence[int]) -> float:
    """Return the mean absolute error of counts; NaN in `found` counts as none."""
    values = np.nan_to_num(np.asarray(found, np.float64), nan=0.0)
    return float(np.abs(values - np.asarray(truth)).mean())


def usual_count(truth: Sequence[int]) -> int:
    """Return the most frequent count, the smallest of several: what ignorance says."""
    return int(np.bincount(np.asarray(truth, np.int64)).argmax())


def median_count(truth: Sequence[int]) -> float:
    """Return the median, which is off by the least in the mean of all that never look."""
    return float(np.median(truth))
