"""Ridge: every l2 from one eigendecomposition, and the way to the optimum of the cosine."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.link import LinkHead, Views, mask_means
from backend.link.adamw import AdamWTrainer, Recipe, cosine_loss, mean_cosine
from backend.link.ridge import RidgeSums, fit_ridge
from tests.support.planted_views import GRID, PlantedViews, unit


class SkewedViews(PlantedViews):
    """Features with long tails, as those of bright targets are: predictions vary much in length."""

    def __init__(self, seed: int, n: int = 1200, dim: int = 24, text_dim: int = 96) -> None:
        super().__init__(seed, n, dim, text_dim)
        rng = np.random.default_rng(seed)
        self.pooled = (0.3 * np.exp(rng.standard_normal((n, 4, dim))) - 0.5).astype(np.float32)
        truth = self.pooled @ self.oracle.weight.numpy()
        truth += mask_means(GRID).numpy()[:, None] * self.oracle.bias.numpy()
        self.photos = unit(unit(truth) + rng.standard_normal(truth.shape) * 0.1 / text_dim**0.5)

    def halves(self) -> tuple[Views, Views]:
        middle = len(self.pooled) // 2
        return self.views.part(slice(0, middle)), self.views.part(slice(middle, None))


def gradient(head: LinkHead, views: Views, supervision: str = "view") -> torch.Tensor:
    """The gradient of the mean cosine loss in A (d + 1, D)."""
    batch = next(views.batches(4 * len(views), None, supervision))
    x = torch.cat([batch.pooled, batch.means[:, None]], dim=1).double()
    z = x @ torch.cat([head.weight, head.bias[None]]).double()
    _, pull = cosine_loss(z.unflatten(0, (len(batch.photos), -1)), batch.photos.double())
    return x.T @ pull.flatten(0, 1) / len(batch.photos)


def test_reweighting_reaches_a_planted_head_where_least_squares_and_adamw_stay_below() -> None:
    survey = SkewedViews(0, n=600)
    fitted, held = survey.halves()
    oracle = mean_cosine(survey.oracle, held.batches)

    def reached(reweightings: int) -> float:
        recipe = Recipe(reweightings=reweightings)
        head, _ = fit_ridge(fitted.batches, fitted.dims, fitted.pairs(), recipe)
        return mean_cosine(head, held.batches)

    trainer = AdamWTrainer(fitted.dims, Recipe(), fitted.device)
    for _ in trainer.epochs(fitted.batches, fitted.pairs(), None):
        pass
    assert reached(0) < oracle - 0.015
    assert mean_cosine(trainer.head, held.batches) < oracle - 0.015
    assert reached(1) > oracle - 0.003
    assert reached(2) > oracle - 0.001


@pytest.mark.parametrize(("supervision", "once", "often"), [("view", 2, 1000), ("tile", 1.1, 30)])
def test_it_comes_to_where_the_gradient_of_the_cosine_is_zero(
    supervision: str, once: float, often: float
) -> None:
    """With a wrong weight or target anywhere it would come to somewhere else."""
    survey = SkewedViews(1, n=150, dim=6, text_dim=9)
    survey.pooled = survey.pooled.astype(np.float64)
    views = survey.views

    def batches(size: int, rng: np.random.Generator | None):
        return views.batches(size, rng, supervision)

    lengths = []
    for reweightings in (0, 1, 30):
        recipe = Recipe(reweightings=reweightings, l2=0, supervision=supervision)
        head, _ = fit_ridge(batches, views.dims, views.pairs(supervision), recipe)
        lengths.append(float(gradient(head, views, supervision).norm()))
    assert lengths[1] < lengths[0] / once
    assert lengths[2] < lengths[0] / often


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_the_path_is_every_l2_solved_by_itself(seed: int) -> None:
    survey = PlantedViews(seed, n=60)
    survey.pooled[..., 2] = 0  # leaves the sums without an inverse
    batch = next(survey.views.batches(240))
    x = torch.cat([batch.pooled, batch.means[:, None]], dim=1).double()
    sums = RidgeSums(*survey.views.dims)
    sums.add(x, batch.photos)
    path = sums.path()
    for l2 in (0.0, 1e-4, 1.0, 100.0):
        shrink = torch.diag(torch.diag(sums.xx)[:-1].mean() * l2 * torch.ones(9))
        shrink[-1] = 0
        wanted = torch.linalg.lstsq(sums.xx + shrink, sums.xg, driver="gelsd").solution
        head = path.head(l2)
        assert torch.allclose(head.weight.double(), wanted[:-1], atol=1e-5)
        assert torch.allclose(head.bias.double(), wanted[-1], atol=1e-5)


def test_a_sample_to_start_from_costs_nothing() -> None:
    """With more pairs than the sample holds, against all pairs in every pass."""
    survey = SkewedViews(2, n=9000, dim=4, text_dim=6)
    views = survey.views
    sampled, _ = fit_ridge(views.batches, views.dims, views.pairs())
    whole, _ = fit_ridge(views.batches, views.dims, 1)  # as if there were no more than the sample
    assert survey.cosine(sampled) == pytest.approx(survey.cosine(whole), abs=1e-5)


def test_views_that_predict_nothing_and_the_opposite_stay_finite() -> None:
    survey = SkewedViews(3, n=100)
    survey.pooled[:50, :3] = 0
    survey.photos[::2] *= -1
    for supervision in ("view", "tile"):
        head = survey.fit("ridge", supervision=supervision)
        assert head.weight.isfinite().all() and head.bias.isfinite().all()
