"""Figures of a map agree with their definitions, and their intervals hold what they promise."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from backend.accuracy.measures import (
    _auc_covariance,
    area_under_curve,
    best_threshold,
    compare,
    measure,
    share,
)
from backend.errors import TruthInvalid


def drawn(seed: int, n: int, apart: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Scores (n,), with some that are equal, and which of them are wanted (n,)."""
    rng = np.random.default_rng(seed)
    wanted = np.arange(n) < n // 3
    return np.round(rng.normal(wanted * apart, 1), 1), wanted


@given(st.integers(0, 10**6), st.integers(15, 60))
@settings(max_examples=30)
def test_the_area_is_the_chance_that_a_wanted_cell_outscores_another(seed: int, n: int) -> None:
    scores, wanted = drawn(seed, n)
    pairs = scores[wanted][:, None] - scores[~wanted]
    assert area_under_curve(scores, wanted) == pytest.approx(
        ((pairs > 0) + 0.5 * (pairs == 0)).mean()
    )


@given(st.integers(0, 10**6), st.integers(15, 60))
@settings(max_examples=30)
def test_no_other_threshold_tells_more_apart(seed: int, n: int) -> None:
    scores, wanted = drawn(seed, n)

    def gain(threshold: float) -> float:
        above = scores >= threshold
        return above[wanted].mean() - above[~wanted].mean()

    best = best_threshold(scores, wanted)
    assert gain(best) == pytest.approx(max(gain(one) for one in [*scores, np.inf]))


def test_the_variance_is_delongs() -> None:
    """Sums over pairs, as DeLong and others (1988) write them."""
    first, wanted = drawn(1, 90)
    scores = np.stack([first, first + np.random.default_rng(2).normal(0, 1, 90)])
    kernel = np.sign(scores[:, wanted][:, :, None] - scores[:, ~wanted][:, None]) / 2 + 0.5
    expected = np.cov(kernel.mean(2)) / 30 + np.cov(kernel.mean(1)) / 60
    aucs, covariance = _auc_covariance(scores, wanted, np.arange(90))
    assert aucs == pytest.approx(kernel.mean((1, 2))) and covariance == pytest.approx(expected)


def test_precision_and_recall_have_the_published_exact_interval() -> None:
    flags = np.arange(50) < 45
    one = share(flags, np.arange(50))
    exact = stats.binomtest(45, 50).proportion_ci(method="exact")
    assert (one.low, one.high) == pytest.approx((exact.low, exact.high))
    assert share(flags[:45], np.arange(45)).high == 1


def test_labels_that_lie_together_say_less() -> None:
    rng = np.random.default_rng(0)
    scores = np.repeat(rng.normal([1.0] * 20 + [0.0] * 40, 1), 50) + rng.normal(0, 0.1, 3000)
    wanted, place = np.arange(3000) < 1000, np.arange(3000) // 50
    alone, together = measure(scores, wanted), measure(scores, wanted, place)
    assert together.auc.value == alone.auc.value and together.places == 60
    for one, other in ((alone.auc, together.auc), (alone.recall, together.recall)):
        assert other.high - other.low > 3 * (one.high - one.low)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """100 labels in 50 places that share what they are off by: 95 of 100 intervals hold the AUC."""
    rng, held, false_alarms = np.random.default_rng(3), [], []
    wanted, place = np.arange(100) % 4 < 2, np.arange(100) // 2
    truth = stats.norm.cdf(1.5 / 2)  # of normal scores of variance 2 that are 1.5 apart
    for _ in range(150):
        common = rng.normal(0, 1, 50)[place]
        scores = wanted * 1.5 + common + rng.normal(0, 1, 100)
        auc = measure(scores, wanted, place).auc
        held.append(auc.low < truth < auc.high)
        as_good = wanted * 1.5 + common + rng.normal(0, 1, 100)
        false_alarms.append(compare(scores, as_good, wanted, place).p_value < 0.05)
    assert 0.90 <= np.mean(held) <= 0.99
    assert np.mean(false_alarms) < 0.09


def test_a_hundred_labels_show_which_map_is_better() -> None:
    rng = np.random.default_rng(0)
    wanted = np.arange(100) < 40
    good, poor = (rng.normal(wanted * apart, 1) for apart in (3.0, 0.7))
    found = compare(good, poor, wanted)
    assert found.p_value < 0.001 and found.difference.low > 0
    assert found.first.precision.low > found.second.precision.value
    assert compare(poor, good, wanted).p_value == pytest.approx(found.p_value)
    same = compare(good, good, wanted)
    assert same.p_value == 1 and same.difference.value == 0


def test_a_map_that_is_always_right_is_not_certain() -> None:
    wanted = np.arange(40) < 10
    found = measure(wanted.astype(float), wanted)
    assert found.auc.value == found.precision.value == found.recall.value == 1
    assert found.auc.low < 0.8 and 0.6 < found.recall.low < 0.8 and 0 < found.threshold < 1


def test_too_few_labels_or_places_are_refused() -> None:
    scores = np.arange(100.0)
    with pytest.raises(TruthInvalid, match="3 labelled cells are wanted ones; at least 5"):
        measure(scores, scores < 3)
    with pytest.raises(TruthInvalid, match="lie in one place"):
        measure(scores, scores < 50, np.where(scores < 50, 0, scores))
