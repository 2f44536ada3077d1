"""Fitting: ridge in closed form, the paper's trainer, and what is refused."""

import dataclasses
import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.errors import ConfigInvalid, SurveyInvalid
from backend.link import fit_head, mask_means
from backend.link.adamw import AdamWTrainer, cosine_loss
from backend.link.fit import Recipe
from backend.link.ridge import ridge_sums
from tests.support.planted_views import GRID, PlantedViews, unit

seeds = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize("solver", ["ridge", "adamw"])
def test_both_solvers_find_a_planted_head(solver: str) -> None:
    survey = PlantedViews(0, dim=32, text_dim=64)
    head = survey.fit(solver, learning_rate=1e-2)
    assert survey.cosine(head) > survey.cosine(survey.oracle) - 0.002


@pytest.mark.parametrize("solver", ["ridge", "adamw"])
def test_tiles_are_learnt_from_as_well_as_views(solver: str) -> None:
    survey = PlantedViews(0, dim=32, text_dim=64)
    head = survey.fit(solver, learning_rate=1e-2, supervision="tile")
    assert survey.tile_cosine(head) > survey.tile_cosine(survey.oracle) - 0.002


@pytest.mark.parametrize("solver", ["ridge", "adamw"])
@pytest.mark.parametrize("supervision", ["view", "tile"])
def test_a_missing_photograph_has_no_say(solver: str, supervision: str) -> None:
    survey = PlantedViews(1, n=200)
    clean = survey.fit(solver, supervision=supervision, epochs=2)
    survey.photos[~survey.valid] = np.nan
    if supervision == "view":
        survey.pooled[~survey.valid] = np.nan
    assert torch.equal(clean.weight, survey.fit(solver, supervision=supervision, epochs=2).weight)


def test_a_view_without_imagery_has_no_say_in_its_tile() -> None:
    survey = PlantedViews(1, n=60)
    survey.pooled[:, 3] = 0
    survey.valid[:, 3] = False
    batch = next(survey.views.batches(240, supervision="tile"))
    z = batch.pooled @ survey.oracle.weight + batch.means[:, None] * survey.oracle.bias
    loss, gradient = cosine_loss(z.unflatten(0, (-1, 4)), batch.photos)
    three, _ = cosine_loss(z.unflatten(0, (-1, 4))[:, :3], batch.photos)
    assert float(loss) == pytest.approx(float(three))
    assert gradient.isfinite().all()
    assert torch.isfinite(survey.fit("ridge", supervision="tile").weight).all()


@given(seeds, st.sampled_from([1, 4]), st.integers(1, 5), st.integers(2, 9))
def test_the_written_out_gradient_is_the_losss_own(seed: int, k: int, pairs: int, dim: int) -> None:
    rng = np.random.default_rng(seed)
    z = torch.from_numpy(rng.standard_normal((pairs, k, dim))).requires_grad_()
    g = torch.from_numpy(unit(rng.standard_normal((pairs, dim))))
    mean = torch.nn.functional.normalize(z, dim=2).mean(1)
    wanted = (1 - torch.nn.functional.cosine_similarity(mean, g)).sum()
    wanted.backward()
    loss, gradient = cosine_loss(z.detach(), g)
    assert float(loss) == pytest.approx(float(wanted.detach()), abs=1e-9)
    assert torch.allclose(gradient, z.grad, atol=1e-9)


@given(seeds, st.sampled_from(["float16", "float32", "float64"]), st.sampled_from([1e-4, 0.1]))
@settings(max_examples=20)
def test_ridge_is_least_squares_with_a_penalty(seed: int, dtype: str, l2: float) -> None:
    """The same as lstsq on all pairs at once, the penalty written as further rows."""
    survey = PlantedViews(seed, n=60)
    survey.pooled, survey.photos = survey.pooled.astype(dtype), survey.photos.astype(dtype)
    head = survey.fit("ridge", l2=l2, reweightings=0)
    x = np.concatenate(
        [survey.pooled, np.broadcast_to(mask_means(GRID).numpy()[:, None], (60, 4, 1))], axis=2
    )[survey.valid].astype(float)
    shrink = np.eye(9)[:-1] * (l2 * (x[:, :-1] ** 2).sum(0).mean()) ** 0.5
    g = unit(survey.photos[survey.valid].astype(float))
    wanted = np.linalg.lstsq(
        np.concatenate([x, shrink]), np.concatenate([g, np.zeros((8, 16))]), rcond=None
    )[0]
    assert np.abs(head.weight.numpy() - wanted[:-1]).max() < 2e-6
    assert np.abs(head.bias.numpy() - wanted[-1]).max() < 2e-6


def test_a_feature_that_is_always_zero_does_not_stop_ridge() -> None:
    survey = PlantedViews(4, n=100)
    survey.pooled[..., 2] = 0
    assert torch.allclose(survey.fit("ridge", l2=0).weight[2], torch.zeros(16), atol=1e-6)


def test_parts_make_the_same_ridge_as_the_whole() -> None:
    survey = PlantedViews(5, n=300)
    whole = survey.views
    parts = [whole.part(slice(0, 100)), whole.part(np.arange(300) >= 100)]
    assert sum(part.pairs() for part in parts) == whole.pairs() == survey.valid.sum()

    def batches(size: int, rng: np.random.Generator | None):
        for part in parts:
            yield from part.batches(size, rng)

    of_parts = ridge_sums(batches, whole.dims, whole.pairs()).solve(1e-4)
    assert torch.allclose(of_parts.weight, survey.fit("ridge", reweightings=0).weight, atol=1e-6)


def test_bfloat16_matrices_leave_the_cosine_as_it_is() -> None:
    survey = PlantedViews(8, dim=64, text_dim=96)
    full, half = (survey.fit(precision=p, epochs=10) for p in ("float32", "bfloat16"))
    assert survey.cosine(half) == pytest.approx(survey.cosine(full), abs=0.001)


def test_the_learning_rate_falls_along_half_a_cosine() -> None:
    survey = PlantedViews(9, n=100)
    views = survey.views
    trainer = AdamWTrainer(views.dims, Recipe(epochs=4, batch_size=views.pairs()), views.device)
    rates = [e.learning_rate for e in trainer.epochs(views.batches, views.pairs(), None)]
    wanted = [1e-3 * (1 + math.cos(math.pi * epoch / 4)) / 2 for epoch in range(4)]
    assert rates == pytest.approx(wanted)


def test_a_step_is_pytorchs_own() -> None:
    """Two epochs of one batch each, beside AdamW, its schedule and autograd as PyTorch has them."""
    survey = PlantedViews(9, n=50)
    views = survey.views
    recipe = Recipe(epochs=2, batch_size=views.pairs(), precision="float32", learning_rate=0.1)
    start = survey.oracle
    trainer = AdamWTrainer(views.dims, recipe, views.device, start)
    for _ in trainer.epochs(views.batches, views.pairs(), None):
        pass
    batch = next(views.batches(views.pairs()))
    weight, bias = (a.clone().requires_grad_() for a in (start.weight, start.bias))
    optimiser = torch.optim.AdamW([weight, bias], lr=0.1, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, T_max=2)
    for _ in range(2):
        z = batch.pooled @ weight + batch.means[:, None] * bias
        loss = (1 - torch.nn.functional.cosine_similarity(z, batch.photos)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    assert torch.allclose(trainer.head.weight, weight, atol=1e-4)
    assert torch.allclose(trainer.head.bias, bias, atol=1e-4)


def test_a_warm_start_begins_where_ridge_ends() -> None:
    survey = PlantedViews(10, n=300)
    cold, warm = (survey.fit(warm_start=w, epochs=1) for w in (False, True))
    ridge = survey.cosine(survey.fit("ridge"))
    assert survey.cosine(warm) > ridge - 0.001 > survey.cosine(cold)


def test_the_best_epoch_is_kept() -> None:
    """Validation photographs point the other way: what fits best is the first epoch."""
    survey, against = PlantedViews(11, n=300), PlantedViews(11, n=300)
    against.photos = -against.photos
    views, wrong = survey.views, against.views
    trainer = AdamWTrainer(views.dims, Recipe(epochs=3), views.device)
    heads = []
    for _ in trainer.epochs(views.batches, views.pairs(), wrong.batches):
        heads.append(trainer.head)
    cosines = [epoch.validation_cosine for epoch in trainer.curve]
    assert cosines == sorted(cosines, reverse=True)
    assert torch.equal(trainer.best.weight, heads[0].weight)
    assert not torch.equal(trainer.best.weight, heads[-1].weight)


@pytest.mark.parametrize("stopped", [1, 2])
def test_a_trainer_goes_on_where_it_was_left(stopped: int) -> None:
    views = PlantedViews(12, n=200).views

    def begin() -> AdamWTrainer:
        return AdamWTrainer(views.dims, Recipe(epochs=3), views.device)

    def epochs(trainer: AdamWTrainer):
        return trainer.epochs(views.batches, views.pairs(), views.batches)

    whole, first, second = begin(), begin(), begin()
    for _ in epochs(whole):
        pass
    for _ in itertools.islice(epochs(first), stopped):
        pass
    second.restore(first.state())
    assert len(list(epochs(second))) == 3 - stopped
    assert torch.equal(second.best.weight, whole.best.weight)
    for one, other in zip(second.curve, whole.curve, strict=True):
        assert dataclasses.replace(one, seconds=0) == dataclasses.replace(other, seconds=0)


def test_the_same_seed_gives_the_same_head() -> None:
    survey = PlantedViews(2, n=300)
    first, second, other = (survey.fit(epochs=2, seed=seed) for seed in (5, 5, 6))
    assert torch.equal(first.weight, second.weight)
    assert not torch.equal(first.weight, other.weight)


def test_progress_tells_pairs_and_ends_whole() -> None:
    survey, seen = PlantedViews(2, n=300), []
    arrays = survey.pooled, survey.photos, survey.valid
    fit_head(*arrays, recipe=Recipe(epochs=2), progress=lambda *report: seen.append(report))
    assert seen[-1] == ("fitting the head", 2 * survey.valid.sum(), 2 * survey.valid.sum())


def test_fitting_says_what_is_wrong_with_a_survey() -> None:
    survey = PlantedViews(3, n=20)
    pooled, photos, valid = survey.pooled, survey.photos, survey.valid
    with pytest.raises(SurveyInvalid, match=r"\(20, 4, 8\).*\(19, 4, 16\)"):
        fit_head(pooled, photos[:19], valid)
    with pytest.raises(SurveyInvalid, match="no view"):
        fit_head(pooled, photos, np.zeros_like(valid))
    with pytest.raises(ConfigInvalid, match="lbfgs"):
        fit_head(pooled[:2], photos[:2], None, "lbfgs")
    with pytest.raises(ConfigInvalid, match="epochs is 0"):
        Recipe(epochs=0)


@pytest.mark.parametrize("name", ["learning_rate", "weight_decay", "l2", "reweightings"])
@pytest.mark.parametrize("value", [math.nan, math.inf, -1.0])
def test_a_recipe_takes_finite_numbers_only(name: str, value: float) -> None:
    with pytest.raises(ConfigInvalid, match=f"recipe's {name} is {value}. Expected a finite"):
        Recipe(**{name: value})


def test_a_learning_rate_that_leaves_all_bounds_is_to_be_lowered() -> None:
    with pytest.raises(ConfigInvalid, match=r"in epoch \d+, at the learning rate 100000. Lower"):
        PlantedViews(3, n=200).fit(learning_rate=1e5, batch_size=8)
