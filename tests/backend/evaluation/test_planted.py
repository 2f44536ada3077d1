"""Surveys whose truth is known: photographs are a linear function of features, plus noise."""

import numpy as np
import pytest
import torch

from backend.evaluation import Evaluation, evaluate_head, mean_head
from backend.evaluation.metrics import metric
from backend.evaluation.scores import DEPTHS
from backend.link import LinkHead, Views, fit_head, mask_means

GRID = (14, 14)
TILES, DIM, TEXT_DIM = 1600, 12, 32


def unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


class Planted:
    """Half the tiles to learn from, half to test on; `noise` is the length of a picture's own."""

    def __init__(self, noise: float, offset: float = 0.0, shuffled: bool = False) -> None:
        rng = np.random.default_rng(11)
        weight = rng.standard_normal((DIM, TEXT_DIM)) / DIM**0.5
        bias = offset * unit(rng.standard_normal(TEXT_DIM)) * TEXT_DIM**0.5
        self.truth = LinkHead(torch.from_numpy(weight), torch.from_numpy(bias))
        place = rng.standard_normal((2 * TILES, 1, DIM))
        self.pooled = place + 0.5 * rng.standard_normal((2 * TILES, 4, DIM))
        self.clean = self.pooled @ weight + mask_means(GRID).numpy()[:, None] * bias
        own = rng.standard_normal(self.clean.shape) * np.linalg.norm(
            self.clean, axis=-1, keepdims=True
        )
        self.photos = unit(self.clean + noise * own / TEXT_DIM**0.5)
        self.valid = rng.random((2 * TILES, 4)) < 0.9
        if shuffled:
            order = rng.permutation(2 * TILES)
            self.photos, self.valid = self.photos[order], self.valid[order]
        self.prompts = unit(rng.standard_normal((8, TEXT_DIM)))
        self.vocabulary = unit(rng.standard_normal((150, TEXT_DIM)))
        # A tile's class is what the truth, without noise, would answer.
        tile = unit(unit(self.clean).mean(1))
        self.classes = (tile @ self.prompts.T).argmax(1)

    def fit(self, solver: str = "ridge") -> LinkHead:
        return fit_head(
            self.pooled[:TILES], self.photos[:TILES], self.valid[:TILES], solver, grid=GRID
        )

    def mean_head(self) -> LinkHead:
        parts = (slice(0, 500), slice(500, TILES))
        return mean_head(Views.of(self.pooled[p], self.photos[p], self.valid[p]) for p in parts)

    def evaluate(self, head: LinkHead) -> Evaluation:
        return evaluate_head(
            head,
            self.pooled[TILES:],
            self.photos[TILES:],
            self.valid[TILES:],
            self.classes[TILES:],
            vocabulary=self.vocabulary,
            categories=["all"] * len(self.vocabulary),
            prompts=self.prompts,
            grid=GRID,
            resamples=20,
        )


def test_the_truth_without_noise_is_right_in_every_table() -> None:
    planted = Planted(noise=0.0)
    found = planted.evaluate(planted.truth)
    assert found["test_cosine"].value == pytest.approx(1)
    assert found["top1"].value == 1
    assert np.array_equal(np.diag(np.diag(found.zero_shot.confusion)), found.zero_shot.confusion)
    # Tiles that lack a photograph are judged by the others, so agreement is not quite whole.
    assert found["caption_rho"].value > 0.97 and found["retrieval_rho"].value > 0.97
    assert found["precision_at_100"].value > 0.85


def test_with_noise_the_truth_has_the_cosine_of_the_noise() -> None:
    found = (planted := Planted(noise=0.75)).evaluate(planted.truth)
    assert found["test_cosine"].value == pytest.approx(1 / (1 + 0.75**2) ** 0.5, abs=0.01)
    assert found["top1"].value == 1


@pytest.mark.parametrize("solver", ["ridge", "adamw"])
def test_a_fitted_head_reaches_the_truth(solver: str) -> None:
    planted = Planted(noise=0.5, offset=0.3)
    oracle, found = planted.evaluate(planted.truth), planted.evaluate(planted.fit(solver))
    assert found["test_cosine"].value == pytest.approx(oracle["test_cosine"].value, abs=0.002)
    assert found["caption_rho"].value == pytest.approx(oracle["caption_rho"].value, abs=0.02)
    assert found["retrieval_rho"].value == pytest.approx(oracle["retrieval_rho"].value, abs=0.02)
    assert found["top1"].value > 0.9


@pytest.mark.parametrize("offset", [0.0, 2.0])
def test_shuffled_photographs_leave_chance_and_the_mean_photograph(offset: float) -> None:
    planted = Planted(noise=0.5, offset=offset, shuffled=True)
    found = planted.evaluate(planted.fit())
    mean = planted.evaluate(planted.mean_head())
    assert found["test_cosine"].value == pytest.approx(mean["test_cosine"].value, abs=0.02)
    assert found["caption_rho"].value == pytest.approx(mean["caption_rho"].value, abs=0.02)
    assert found["retrieval_rho"].value == pytest.approx(0, abs=0.02)
    for depth in DEPTHS:
        chance = metric(f"precision_at_{depth}").chance(found.tiles)
        assert found[f"precision_at_{depth}"].value == pytest.approx(chance, abs=0.01)


def test_the_mean_photograph_ranks_no_tile_but_agrees_with_captions() -> None:
    """Some phrases suit all tiles better than others: caption agreement has no zero of its own."""
    planted = Planted(noise=0.5, offset=2.0)
    found = planted.evaluate(planted.mean_head())
    assert found["precision_at_100"].value == pytest.approx(100 / found.tiles)
    assert np.isnan(found["retrieval_rho"].value)
    assert found["caption_rho"].value > 0.4


def test_without_a_common_mean_nothing_agrees_by_chance() -> None:
    planted = Planted(noise=0.5, shuffled=True)
    assert planted.evaluate(planted.fit())["caption_rho"].value == pytest.approx(0, abs=0.02)
