"""Single simulated cells carry the cover that lies under them, and rare cover counts for more."""

import numpy as np
import pytest
import torch

from backend.encoders import Encoder
from backend.simulation import Ground
from backend.simulation.survey.cells import SingleCells, class_vectors, simulate_cells
from backend.text import TextEncoder


def test_cells_carry_their_own_cover(texture: Encoder) -> None:
    cells = simulate_cells(2, seed=3, encoder=texture, size_px=256)
    assert cells.features.shape == (2 * 2 * 32 * 32, texture.spec.dim)
    assert cells.shares.sum(1) == pytest.approx(1, abs=1e-5)
    # Water and trees lie far apart in VH, whatever the level that was drawn.
    water = cells.shares[:, [Ground.LAKE, Ground.RIVER, Ground.SEA, Ground.FLOOD]].sum(1)
    level = cells.features[:, 1]
    assert np.isfinite(cells.features).all()
    if (water > 0.9).any():
        assert level[water > 0.9].mean() < level[water < 0.1].mean()


def test_the_same_seed_gives_the_same_cells(texture: Encoder) -> None:
    first, second = (simulate_cells(1, seed=4, encoder=texture, size_px=128) for _ in range(2))
    assert np.array_equal(first.features, second.features)
    assert not np.array_equal(first.features, simulate_cells(1, 5, texture, size_px=128).features)


def test_a_class_counts_by_the_root_of_its_frequency() -> None:
    shares = np.zeros((10, 26), np.float32)
    shares[:9, Ground.SEA], shares[9, Ground.TOWN] = 1, 1
    cells = SingleCells(np.zeros((10, 3), np.float32), shares)
    weights = cells.weights()
    assert weights.mean() == pytest.approx(1)
    assert weights[9] / weights[0] == pytest.approx(3)
    doubled = cells.weights(houses=2.0)
    assert doubled.mean() == pytest.approx(1) and doubled[9] / doubled[0] == pytest.approx(6)


def test_words_of_a_class_lie_near_it(minilm: TextEncoder) -> None:
    vectors = torch.nn.functional.normalize(torch.from_numpy(class_vectors(minilm)), dim=1)
    near = torch.from_numpy(minilm.embed(["open water", "a town", "a pine forest"])) @ vectors.T
    assert [Ground(int(k)) for k in near.argmax(1)][1:] == [Ground.TOWN, Ground.CONIFEROUS_FOREST]
    assert Ground(int(near[0].argmax())) in (Ground.LAKE, Ground.RIVER, Ground.SEA, Ground.FLOOD)
