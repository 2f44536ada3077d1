"""Split a survey by region, as near to given sizes as the regions allow; and draw a part of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from backend.errors import ConfigInvalid, SurveyInvalid
from backend.survey.points import SPLITS, SurveyPoints

LUCAS_SIZES = (160_936, 21_439, 22_634)  # points of train, validation and test in the paper


def split_points(
    points: SurveyPoints, sizes: Sequence[float], name: str = "the survey"
) -> SurveyPoints:
    """Return the points with a split; no region is in two.

    `sizes` are those of train, validation and test, scaled to the number of points. The number of
    points held out of train is as near to its size as any choice of regions can come, and so is
    validation among those. The same regions give the same split, in whatever order the points
    stand. A message calls the points `name`.

    Example:
        points = split_points(read_points(table), (80, 10, 10))

    Raises:
        ConfigInvalid: a size is not positive.
        SurveyInvalid: there are fewer regions than splits.
    """
    if not all(0 < size < np.inf for size in sizes):
        raise ConfigInvalid(
            f"The sizes of the splits are {', '.join(map(str, sizes))}; expected positive numbers.",
            "Give three positive numbers, for train, validation and test.",
        )
    unique, region, counts = np.unique(points.region, return_inverse=True, return_counts=True)
    names = unique.tolist()
    if len(names) < len(SPLITS):
        raise SurveyInvalid(
            f"The number of regions in {name} is {len(names)}; expected at least {len(SPLITS)}, "
            "one for each split.",
            "Divide the points into smaller regions.",
        )
    _, validation, test = np.asarray(sizes, float) / sum(sizes) * len(points)
    # In the order of their names' hashes: large and small regions of every country alike.
    order = sorted(range(len(names)), key=lambda i: hashlib.sha256(names[i].encode()).digest())
    held = _nearest(counts, order, validation + test, least=2)
    assigned = np.full(len(names), SPLITS.index("train"), np.uint8)
    assigned[held] = SPLITS.index("test")
    assigned[_nearest(counts, held, validation)] = SPLITS.index("validation")
    return replace(points, split=assigned[region])


def require_split(points: SurveyPoints, name: str) -> np.ndarray:
    """Return the split (n,) of the points of the table `name`.

    Raises:
        SurveyInvalid: the points have no split.
    """
    if points.split is None:
        raise SurveyInvalid(
            f"{name} has no column split; expected one of {', '.join(SPLITS)} in every row.",
            "Make one: python -m backend.survey points.",
        )
    return points.split


def describe_split(points: SurveyPoints) -> str:
    """Return the number of points and regions of each split, in words."""
    split = require_split(points, "the survey")
    return ", ".join(
        f"{name} {np.sum(split == k):,} in {_regions(points.region[split == k])}"
        for k, name in enumerate(SPLITS)
    )


def _regions(names: np.ndarray) -> str:
    number = len(np.unique(names))
    return f"{number} region{'' if number == 1 else 's'}"


def _nearest(counts: np.ndarray, order: Sequence[int], target: float, least: int = 1) -> list[int]:
    """Choose regions of `order`, at least `least` and not all, of about `target` points in sum.

    Subset sums by dynamic programming. reach[j] is a set of sums, held as the bits of one
    integer: those that j of the regions so far make (at least j for the last).
    """
    sizes = [int(counts[i]) for i in order]
    reach = [1] + [0] * least
    history = [reach]
    for size in sizes:
        shifted = [sums << size for sums in reach]
        reach = [
            sums | (shifted[j - 1] if j else 0) | (shifted[j] if j == least else 0)
            for j, sums in enumerate(reach)
        ]
        history.append(reach)
    total = sum(sizes)
    # Bit `total` stands for all regions together; only the sums below it are looked at.
    packed = (reach[least] & ((1 << total) - 1)).to_bytes(total // 8 + 1, "little")
    bits = np.unpackbits(np.frombuffer(packed, np.uint8), count=total, bitorder="little")
    sums = np.flatnonzero(bits)
    # Backwards from that sum: a region is left out where those before it reach the sum, too.
    left, chosen, j = int(sums[np.argmin(np.abs(sums - target))]), [], least
    for k in range(len(sizes), 0, -1):
        before = history[k - 1]
        if before[j] >> left & 1:
            continue
        left -= sizes[k - 1]
        chosen.append(order[k - 1])
        if j < least or not before[j] >> left & 1:
            j -= 1
    return chosen[::-1]


def sample_points(points: SurveyPoints, size: int) -> SurveyPoints:
    """Draw a part that looks like all of it: every class of every region keeps its share.

    Shares are as exact as entire points allow; rare strata are drawn by chance. The same points
    give the same sample, and a larger sample holds the smaller ones, so what was fetched for a
    small survey serves a larger one.

    Raises:
        ConfigInvalid: there are not that many points.
    """
    if not 1 <= size <= len(points):
        raise ConfigInvalid(
            f"A sample of {size:,} points was asked for; the survey has {len(points):,}.",
            f"Choose a number from 1 to {len(points):,}.",
        )
    drawn = np.array([_fraction(name) for name in points.ids])
    strata: dict[tuple[str, int], list[int]] = {}
    for row, stratum in enumerate(zip(points.region, points.land_class.tolist(), strict=True)):
        strata.setdefault(stratum, []).append(row)
    turn = np.empty(len(points))  # the share of its stratum that is drawn before a point is
    for (region, land_class), rows in strata.items():
        order = np.array(rows)[np.argsort(drawn[rows])]
        # Without it the first points of all strata would be drawn before any second one.
        offset = _fraction(f"{region} {land_class}")
        turn[order] = (np.arange(len(rows)) + offset) / len(rows)
    return points.take(np.sort(np.lexsort((drawn, turn))[:size]))


def _fraction(text: str) -> float:
    """Return a number from 0 to 1 that looks random and is always the same for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64
