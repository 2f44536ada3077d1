"""Overall accuracy and mean intersection over union of rasters of classes, from one table."""

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
"""(k, k + 1): pixels by true class and by what was found, in the last column no class."""


def confusion(found: NDArray[np.integer], truth: NDArray[np.integer], classes: int) -> Counts:
    """Return the counts of maps of class numbers of one shape.

    Pixels whose truth is negative are not known ground and are left out; those of which only what
    was found is negative stand in the last column, where nothing is right.

    Example:
        counts = sum(confusion(map_, truth, 4) for map_, truth in pairs)
    """
    known = truth >= 0
    true, predicted = truth[known].astype(np.int64), found[known].astype(np.int64)
    predicted = np.where((predicted < 0) | (predicted >= classes), classes, predicted)
    flat = np.bincount(true * (classes + 1) + predicted, minlength=classes * (classes + 1))
    return flat.reshape(classes, classes + 1)


def overall_accuracy(counts: Counts) -> float:
    """Return the share of pixels that are right; NaN without any."""
    total = counts.sum()
    return float(np.trace(counts[:, :-1]) / total) if total else float("nan")


def class_overlaps(counts: Counts) -> NDArray[np.float64]:
    """Return the intersection over union (k,) of each class; NaN for one that nowhere occurs."""
    right = np.diag(counts[:, :-1]).astype(np.float64)
    union = counts.sum(axis=1) + counts[:, :-1].sum(axis=0) - right
    return np.divide(right, union, out=np.full(len(right), np.nan), where=union > 0)


def mean_overlap(counts: Counts) -> float:
    """Return the mean intersection over union of the classes that occur; NaN without any."""
    overlaps = class_overlaps(counts)
    return float(np.nanmean(overlaps)) if np.isfinite(overlaps).any() else float("nan")


def of_one_class(counts: Counts) -> Counts:
    """Return the table of a map that is all of the most frequent class: what ignorance gets."""
    guessed = np.zeros_like(counts)
    guessed[:, counts.sum(axis=1).argmax()] = counts.sum(axis=1)
    return guessed
