"""How many objects of each category a chip has, by Poisson regression.

A cell holds softplus(w · x + b) of a category, and a chip the sum of its cells, so that the same
weights count in chips of any size. The softplus is a sharp one: where a cell is covered by half of
an object it can hold half of it.
Source: densities that are linear in features, Lempitsky and Zisserman (2010); the link is ours.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from backend.recognisers.base import Recogniser

SHARPNESS = 10.0
LEAST = 1e-3
"""What no expected number of a chip falls below."""


class Counter(Recogniser):
    """Numbers of objects. What is right are those of a chip, (categories,)."""

    def __init__(self, dim: int, cell_px: int, names: Sequence[str], width: int = 128) -> None:
        """Make one that finds the same everywhere."""
        super().__init__(dim, cell_px, names, width)
        self.linear = nn.Linear(dim, len(names))
        nn.init.zeros_(self.linear.weight)

    @torch.no_grad()
    def start(self, grids: torch.Tensor, truths: Sequence[torch.Tensor]) -> None:
        """Begin with the mean of counts (names,), spread over all cells of grids (n, h, w, d)."""
        super().start(grids, truths)
        mean = torch.stack(list(truths)).float().mean(dim=0).clamp_min(LEAST)
        of_cell = mean / (grids.shape[1] * grids.shape[2])
        # The inverse of softplus, in the form that does not overflow where one cell holds many.
        below = (-(-SHARPNESS * of_cell).expm1()).log() / SHARPNESS
        self.linear.bias.copy_(of_cell + below)

    def forward(self, grids: torch.Tensor) -> torch.Tensor:
        """Return expected numbers (n, categories)."""
        cells = functional.softplus(self.linear(self.scaled(grids)), SHARPNESS)  # (n, h, w, c)
        return cells.sum(dim=(1, 2)).clamp_min(LEAST)

    def loss(self, grids: torch.Tensor, truths: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return minus the log-likelihood of counts (names,), but for what no weight changes."""
        expected, right = self(grids), torch.stack(list(truths)).float()
        likelihood = right * expected.log() - expected  # (n, categories)
        return -likelihood.sum(dim=1).mean()

    def reply(self, grids: torch.Tensor, shape: tuple[int, int]) -> list[dict[str, Any]]:
        """Return the numbers to expect in chips with grids (n, h, w, d); round for whole ones."""
        rows = self(grids).tolist()
        return [{"counts": dict(zip(self.names, row, strict=True))} for row in rows]
