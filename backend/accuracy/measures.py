"""Measures of scores (n,) against labels (n,), with intervals that know which labels lie together.

Labels of one place (a polygon, a square of ground) are alike, so thousands of them can say as
little as one. Every label therefore names its place, and places are what is counted as independent;
where each label is a place of its own the formulas are the plain ones.

Sources: DeLong, DeLong and Clarke-Pearson (1988), of two areas under curves on the same labels; Sun
and Xu (2014), the same by ranks; Obuchowski (1997), the same for labels in clusters; Clopper and
Pearson (1934), exact intervals; Korn and Graubard (1998), the same for labels in clusters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from backend.errors import TruthInvalid

LEAST = 5  # labels of either kind, and places
CONFIDENCE = 0.95

Numbers = NDArray[np.floating]
Flags = NDArray[np.bool_]
Places = NDArray[np.integer]


@dataclass(frozen=True)
class Estimate:
    """A figure and its interval of 95 % confidence."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Accuracy:
    """How well one map tells what is wanted from what is not."""

    labels: int
    """Labelled cells that have a score."""
    wanted: int
    """Those of them that show what is wanted."""
    places: int
    """Places that the labels lie in."""
    auc: Estimate
    """Chance that a wanted cell outscores another one; ½ is guessing."""
    threshold: float
    """Where recall exceeds the share of false alarms the most, by all labels."""
    precision: Estimate
    """Share of the cells above a threshold that are wanted, in the mixture of these labels.

    Each half of the places is judged by the threshold of the other half.
    """
    recall: Estimate
    """Share of the wanted cells that are above a threshold, judged in the same way."""


@dataclass(frozen=True)
class Comparison:
    """Two maps on the same labels."""

    first: Accuracy
    second: Accuracy
    difference: Estimate
    """AUC of the first less that of the second."""
    p_value: float
    """Chance of a difference as large where the two maps are as good as each other."""


def measure(scores: Numbers, wanted: Flags, place: Places | None = None) -> Accuracy:
    """Measure scores (n,), higher for what is wanted, against labels `wanted` (n,).

    `place` (n,) numbers the place of each label; None where each stands for itself.

    Raises:
        TruthInvalid: there are too few labels or places of either kind.
    """
    place = _places(wanted, place)
    halves = _halves(wanted, place)
    above = np.empty(len(wanted), bool)
    for half in (halves, ~halves):
        above[half] = scores[half] >= best_threshold(scores[~half], wanted[~half])
    return Accuracy(
        labels=len(wanted),
        wanted=int(wanted.sum()),
        places=len(np.unique(place)),
        auc=_auc_estimate(scores, wanted, place),
        threshold=best_threshold(scores, wanted),
        precision=share(wanted[above], place[above]),
        recall=share(above[wanted], place[wanted]),
    )


def compare(
    first: Numbers, second: Numbers, wanted: Flags, place: Places | None = None
) -> Comparison:
    """Measure two maps on the same labels, and test whether one has the larger AUC.

    Example:
        paired = compare(ours, theirs, labels.wanted, labels.place)
        print(paired.difference.value, paired.p_value)

    Raises:
        TruthInvalid: there are too few labels or places of either kind.
    """
    place = _places(wanted, place)
    aucs, covariance = _auc_covariance(np.stack([first, second]), wanted, place)
    gap = float(aucs[0] - aucs[1])
    error = float(np.sqrt(max(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1], 0.0)))
    half = stats.norm.ppf((1 + CONFIDENCE) / 2) * error
    p_value = float(2 * stats.norm.sf(abs(gap) / error)) if error else float(gap == 0)
    return Comparison(
        measure(first, wanted, place),
        measure(second, wanted, place),
        Estimate(gap, gap - half, gap + half),
        p_value,
    )


def area_under_curve(scores: Numbers, wanted: Flags) -> float:
    """Return the chance that a wanted one of scores (n,) exceeds another; equal ones count half."""
    ranks, count = stats.rankdata(scores)[wanted], int(wanted.sum())
    return float((ranks.mean() - (count + 1) / 2) / (len(wanted) - count))


def best_threshold(scores: Numbers, wanted: Flags) -> float:
    """Return the score from which on recall exceeds the share of false alarms the most.

    Scores are (n,). It is halfway to the next lower one, so that it lies between cells and on none,
    and does not depend on how many labels there are of either kind.
    """
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], wanted[order]
    gain = np.cumsum(np.where(hits, 1 / hits.sum(), -1 / (~hits).sum()))
    gain[:-1][ranked[:-1] == ranked[1:]] = -np.inf  # equal scores are above together
    best = int(gain.argmax())
    below = ranked[best + 1] if best + 1 < len(ranked) else ranked[best]
    return float((ranked[best] + below) / 2)


def share(flags: Flags, place: Places) -> Estimate:
    """Return the share of True among flags (n,), with its exact interval.

    Of labels that lie together the interval is that of fewer labels, as many as say the same.
    """
    n = len(flags)
    if not n:
        return Estimate(float("nan"), 0.0, 1.0)
    value = float(flags.mean())
    _, at = np.unique(place, return_inverse=True)
    places = int(at.max()) + 1
    size = float(n)
    if places < n:
        strayed = np.bincount(at, flags - value) if 0 < value < 1 else np.zeros(places)
        variance = places / max(places - 1, 1) * float((strayed**2).sum()) / n**2
        size = min(size, value * (1 - value) / variance) if variance else float(places)
    return Estimate(value, *_clopper_pearson(value * size, size))


def _clopper_pearson(hits: float, size: float) -> tuple[float, float]:
    tail = (1 - CONFIDENCE) / 2
    low = float(stats.beta.ppf(tail, hits, size - hits + 1)) if hits > 0 else 0.0
    high = float(stats.beta.isf(tail, hits + 1, size - hits)) if hits < size else 1.0
    return low, high


def _places(wanted: Flags, place: Places | None) -> Places:
    """Return the places numbered from 0, once there are enough labels."""
    for name, count in (("wanted", wanted.sum()), ("other", (~wanted).sum())):
        if count < LEAST:
            raise TruthInvalid(
                f"{count} labelled cells are {name} ones; at least {LEAST} are needed of both.",
                "Label more places that the map covers, or check the classes.",
            )
    at = np.arange(len(wanted)) if place is None else np.unique(place, return_inverse=True)[1]
    fewest = min(len(np.unique(at[wanted])), len(np.unique(at[~wanted])))
    if fewest < 2:
        raise TruthInvalid(
            "All wanted cells, or all others, lie in one place: that says nothing about others.",
            "Label at least two places of either kind; a polygon is one place.",
        )
    return at


def _halves(wanted: Flags, place: Places) -> Flags:
    """Return half of the labels, by whole places: every second one of either kind."""
    weight = np.bincount(place, np.where(wanted, 1 / wanted.sum(), -1 / (~wanted).sum()))
    order = np.random.default_rng(0).permutation(len(weight))
    second = np.zeros(len(weight), bool)
    for kind in (weight > 0, weight <= 0):  # mostly wanted, mostly other
        second[order[kind[order]][::2]] = True
    half = second[place]
    for flags in (wanted, ~wanted):
        if half[flags].all() or not half[flags].any():
            # A kind that one half lacks: its places are dealt out by themselves.
            own = np.unique(place[flags])
            second[own[::2]], second[own[1::2]] = True, False
            half = second[place]
    return half


def _auc_estimate(scores: Numbers, wanted: Flags, place: Places) -> Estimate:
    """Return the AUC and its interval, which is symmetric on the scale of log odds."""
    aucs, covariance = _auc_covariance(scores[None], wanted, place)
    auc, variance = float(aucs[0]), float(covariance[0, 0])
    if variance <= 0 or not 0 < auc < 1:
        fewest = min(len(np.unique(place[wanted])), len(np.unique(place[~wanted])))
        low, high = _clopper_pearson(auc * fewest, fewest)
        return Estimate(auc, low, high)
    middle, error = np.log(auc / (1 - auc)), np.sqrt(variance) / (auc * (1 - auc))
    half = stats.norm.ppf((1 + CONFIDENCE) / 2) * error
    low, high = 1 / (1 + np.exp(-(middle + np.array([-half, half]))))
    return Estimate(auc, float(low), float(high))


def _auc_covariance(scores: Numbers, wanted: Flags, place: Places) -> tuple[Numbers, Numbers]:
    """Return the AUC (k,) of k maps (k, n) on the same labels, and their covariance (k, k)."""
    places, m, n = int(place.max()) + 1, int(wanted.sum()), int((~wanted).sum())
    aucs = np.array([area_under_curve(of, wanted) for of in scores])
    # How much each label adds: the share of the other kind that it is right against, less the mean.
    strayed = np.empty((2, len(scores), places))
    for k, of in enumerate(scores):
        ranks = stats.rankdata(of)
        hit = (ranks[wanted] - stats.rankdata(of[wanted])) / n - aucs[k]
        miss = 1 - (ranks[~wanted] - stats.rankdata(of[~wanted])) / m - aucs[k]
        strayed[0, k] = np.bincount(place[wanted], hit, places)
        strayed[1, k] = np.bincount(place[~wanted], miss, places)
    with_hits, with_misses = (len(np.unique(place[of])) for of in (wanted, ~wanted))
    hits, misses = strayed
    covariance = with_hits / (with_hits - 1) / m**2 * (hits @ hits.T)
    covariance += with_misses / (with_misses - 1) / n**2 * (misses @ misses.T)
    both = places / (places - 1) / (m * n) * (hits @ misses.T)
    return aucs, covariance + both + both.T
