"""Means over cells and over cells around them, and the hats of texture-s1's shares."""

from collections.abc import Sequence

import torch
from torch.nn import functional

from backend.encoders.texture_s1 import CELL


class Cells:
    """Means over cells, (n, k, H, W) to (n, k, h, w), of pixels with these weights (n, 1, H, W)."""

    def __init__(self, weight: torch.Tensor, side: int = CELL) -> None:
        self.weight = weight
        self.side = side
        self.total = sum_cells(weight, side)

    def mean(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the mean (n, k, h, w) of pixels (n, k, H, W) over each cell."""
        return sum_cells(pixels * self.weight, self.side) / self.total

    def around(self, cells: torch.Tensor, side: int) -> torch.Tensor:
        """Return the mean of cells (n, k, h, w) over side x side around each, fewer at the edge."""
        return box_cells(cells * self.total, side) / box_cells(self.total, side)


def sum_cells(pixels: torch.Tensor, side: int = CELL) -> torch.Tensor:
    """Return sums (…, h, w) of pixels (…, H, W) over cells."""
    return pixels.unflatten(-2, (-1, side)).sum(-2).unflatten(-1, (-1, side)).sum(-1)


def box_cells(cells: torch.Tensor, side: int) -> torch.Tensor:
    """Return means of cells (n, k, h, w) over side x side around each; fewer at the edge."""
    return functional.avg_pool2d(cells, side, stride=1, padding=side // 2, count_include_pad=False)


def to_pixels(cells: torch.Tensor) -> torch.Tensor:
    """Return the value of its cell for every pixel: (n, k, h, w) to (n, k, H, W)."""
    return functional.interpolate(cells, scale_factor=CELL, mode="nearest")


def hats(values: torch.Tensor, knots: Sequence[int]) -> torch.Tensor:
    """Return linear B-splines (n, k, H, W) of values (n, 1, H, W); the outer two stay 1 beyond."""
    centres = torch.tensor(knots, dtype=values.dtype, device=values.device)[None, :, None, None]
    inside = values.clamp(float(knots[0]), float(knots[-1]))
    return (inside - centres).abs_().div_(knots[0] - knots[1]).add_(1).clamp_(min=0)


def by_cell(pixels: torch.Tensor) -> torch.Tensor:
    """Return the 64 pixels of each cell, (n, k, H, W) to (n, k, h, w, 64)."""
    blocks = pixels.unflatten(-2, (-1, CELL)).unflatten(-1, (-1, CELL))
    return blocks.transpose(-2, -3).flatten(-2)
