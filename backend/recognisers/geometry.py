"""Overlaps of boxes (left, top, right, bottom), and which of those that overlap are kept."""

import torch

TINY = 1e-9


def areas(boxes: torch.Tensor) -> torch.Tensor:
    """Return the areas (n,) of boxes (n, 4)."""
    return (boxes[:, 2:] - boxes[:, :2]).clamp_min(0).prod(dim=1)


def overlaps(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Return the intersection over union (n, m) of boxes (n, 4) and (m, 4)."""
    low = torch.maximum(one[:, None, :2], other[None, :, :2])
    high = torch.minimum(one[:, None, 2:], other[None, :, 2:])
    shared = (high - low).clamp_min(0).prod(dim=2)
    return shared / (areas(one)[:, None] + areas(other)[None] - shared).clamp_min(TINY)


def generalised_overlaps(one: torch.Tensor, other: torch.Tensor) -> torch.Tensor:
    """Return the generalised intersection over union (n,) of boxes (n, 4), pair by pair.

    It is below 0 for boxes that lie apart, the more the farther.
    Source: Rezatofighi et al., GIoU (2019).
    """
    low, high = torch.maximum(one[:, :2], other[:, :2]), torch.minimum(one[:, 2:], other[:, 2:])
    shared = (high - low).clamp_min(0).prod(dim=1)
    union = (areas(one) + areas(other) - shared).clamp_min(TINY)
    outer = torch.maximum(one[:, 2:], other[:, 2:]) - torch.minimum(one[:, :2], other[:, :2])
    around = outer.prod(dim=1).clamp_min(TINY)
    return shared / union - (around - union) / around


def keep_best(boxes: torch.Tensor, scores: torch.Tensor, most_overlap: float) -> torch.Tensor:
    """Return the numbers (k,) of boxes that no better box overlaps by more, best first.

    A box that is left out leaves out none (non-maximum suppression).
    """
    order = scores.argsort(descending=True, stable=True)
    shared = overlaps(boxes[order], boxes[order]).cpu()
    free = torch.ones(len(order), dtype=torch.bool)
    for row in range(len(order)):
        if free[row]:
            free[row + 1 :] &= shared[row, row + 1 :] <= most_overlap
    return order[free.to(order.device)]
