"""Average precision of boxes at an intersection over union of 0.5, as COCO counts it.

Predictions of a class go by falling score; each takes the unmatched true box of its chip that it
overlaps most, if by IoU 0.5 or more, and is wrong otherwise. Precision is made to fall with recall,
and read at 101 recalls. AP50 is the mean over classes that the truth has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.language.record import Box

RECALLS = np.linspace(0, 1, 101)
IOU = 0.5

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Detection:
    """A box that a model found."""

    category: str
    """What it is said to be."""
    box: Box
    """Where it lies, in pixels."""
    score: float
    """Higher is surer."""


@dataclass(frozen=True, slots=True)
class TrueBox:
    """A box of the truth."""

    category: str
    """What it is."""
    box: Box
    """Where it lies, in pixels."""


def overlaps(one: Sequence[Box], other: Sequence[Box]) -> Floats:
    """Return the intersection over union (n, m) of boxes.

    Example:
        overlaps([Box(0, 0, 2, 2)], [Box(1, 0, 2, 2)])  # [[1/3]]
    """
    a, b = (
        np.array([(x.x, x.y, x.width, x.height) for x in boxes], np.float64).reshape(-1, 4)
        for boxes in (one, other)
    )
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum((a[:, :2] + a[:, 2:])[:, None], (b[:, :2] + b[:, 2:])[None])
    shared = np.clip(high - low, 0, None).prod(axis=2)
    areas = a[:, 2:].prod(axis=1)[:, None] + b[:, 2:].prod(axis=1)[None]
    return shared / np.maximum(areas - shared, np.finfo(np.float64).tiny)


def average_precisions(
    found: Mapping[str, Sequence[Detection]],
    truth: Mapping[str, Sequence[TrueBox]],
) -> dict[str, float]:
    """Return the average precision of each category of the truth; both are given by chip.

    Detections in chips that the truth has not are left out.

    Example:
        average_precisions({"a": [Detection("ship", box, 0.9)]}, {"a": [TrueBox("ship", box)]})
    """
    categories = sorted({one.category for boxes in truth.values() for one in boxes})
    return {name: _average_precision(name, found, truth) for name in categories}


def _average_precision(
    category: str,
    found: Mapping[str, Sequence[Detection]],
    truth: Mapping[str, Sequence[TrueBox]],
) -> float:
    scores: list[float] = []
    right: list[bool] = []
    wanted = 0
    for chip, boxes in truth.items():
        true = [one.box for one in boxes if one.category == category]
        own = [one for one in found.get(chip, ()) if one.category == category]
        own.sort(key=lambda one: -one.score)  # stable: of equal scores the first one goes first
        wanted += len(true)
        scores += [one.score for one in own]
        right += _matched(overlaps([one.box for one in own], true))
    order = np.argsort(-np.array(scores, np.float64), kind="stable")
    hits = np.cumsum(np.array(right, np.float64)[order])
    precision = hits / np.arange(1, len(hits) + 1)
    falling = np.maximum.accumulate(precision[::-1])[::-1]
    at = np.searchsorted(hits / wanted, RECALLS, side="left")
    return float(np.concatenate([falling, [0.0]])[np.minimum(at, len(hits))].mean())


def _matched(shared: Floats) -> list[bool]:
    """Return which detections (rows, surest first) take a true box (columns)."""
    free, matched = np.ones(shared.shape[1], bool), []
    for row in shared:
        best = int(np.where(free, row, -1.0).argmax()) if free.any() else -1
        hit = best >= 0 and row[best] >= IOU
        if hit:
            free[best] = False
        matched.append(bool(hit))
    return matched
