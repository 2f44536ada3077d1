"""A second fit on single cells takes what they can tell, and keeps the first fit for all else."""

import numpy as np
import torch

from backend.link import LinkHead
from backend.link.fit import fit_cells

N, D, SPACE = 4000, 6, 9


def planted(seed: int) -> tuple[LinkHead, torch.Tensor, torch.Tensor, torch.Tensor]:
    """A head, features (n, d) whose last column is 0, what the head says of them, and weights."""
    rng = torch.Generator().manual_seed(seed)
    truth = LinkHead(torch.randn(D, SPACE, generator=rng), torch.randn(SPACE, generator=rng))
    features = torch.randn(N, D, generator=rng)
    features[:, -1] = 0
    weights = torch.rand(N, generator=rng) + 0.5
    return truth, features, features @ truth.weight + truth.bias, weights


def test_cells_decide_what_they_can_tell_and_the_first_fit_all_else() -> None:
    truth, features, targets, weights = planted(0)
    start = LinkHead(torch.ones(D, SPACE), torch.zeros(SPACE))
    fitted = fit_cells(start, features, targets, weights, l2=1e-6)
    assert torch.allclose(fitted.weight[:-1], truth.weight[:-1], atol=1e-3)
    assert torch.allclose(fitted.bias, truth.bias, atol=1e-3)
    assert torch.allclose(fitted.weight[-1], start.weight[-1], atol=1e-6)


def test_a_large_l2_moves_the_bias_alone() -> None:
    _, features, targets, weights = planted(1)
    start = LinkHead(torch.ones(D, SPACE), torch.zeros(SPACE))
    fitted = fit_cells(start, features, targets, weights, l2=1e9)
    assert torch.allclose(fitted.weight, start.weight, atol=1e-4)
    left = (weights[:, None] * (features @ fitted.weight + fitted.bias - targets)).sum(0)
    assert np.abs(left.numpy()).max() < 0.05


def test_a_cell_counts_by_its_weight() -> None:
    _, features, targets, _ = planted(2)
    twice = torch.cat([features, features[:1000]]), torch.cat([targets, targets[:1000] + 1])
    start = LinkHead(torch.zeros(D, SPACE), torch.zeros(SPACE))
    weights = torch.cat([torch.ones(N), torch.zeros(1000)])
    alone = fit_cells(start, features, targets, torch.ones(N), l2=0.1)
    assert torch.allclose(fit_cells(start, *twice, weights, l2=0.1).bias, alone.bias, atol=1e-4)


def test_a_feature_that_is_kept_moves_less_than_one_that_is_free() -> None:
    truth, features, targets, weights = planted(3)
    start = LinkHead(torch.zeros(D, SPACE), truth.bias)
    keep = torch.ones(D)
    alike = fit_cells(start, features, targets, weights, l2=1.0, keep=keep)
    assert torch.allclose(alike.weight, fit_cells(start, features, targets, weights, 1.0).weight)
    keep[:2] = 1e9
    held = fit_cells(start, features, targets, weights, l2=1.0, keep=keep)
    assert held.weight[:2].abs().max() < 1e-6 < alike.weight[:2].abs().max()
    # What is left is a ridge on the other features, with the same penalty.
    penalty = (weights[:, None] * features.double() ** 2).sum(0).mean()
    x = torch.cat([features[:, 2:], torch.ones(N, 1)], dim=1).double()
    shrunk = torch.diag(torch.tensor([*[float(penalty)] * (D - 2), 0.0], dtype=torch.float64))
    normal = (x * weights[:, None]).T @ x + shrunk
    left = targets.double() - truth.bias
    expected = torch.linalg.solve(normal, (x * weights[:, None]).T @ left)
    assert torch.allclose(held.weight[2:].double(), expected[:-1], atol=1e-4)
