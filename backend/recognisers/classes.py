"""Which class a chip is of: its cells pooled by attention, and one linear layer.

The attention begins as the plain mean. Of an encoder whose window is one cell what is left is the
linear layer on its vector, as Yang et al., SAR-KnowLIP (2025), with label smoothing 0.1.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from backend.recognisers.base import Recogniser

SMOOTHING = 0.1


class Classifier(Recogniser):
    """A class for each chip. What is right is its number, ()."""

    def __init__(self, dim: int, cell_px: int, names: Sequence[str], width: int = 128) -> None:
        """Make one whose cells count alike."""
        super().__init__(dim, cell_px, names, width)
        self.attention = nn.Linear(dim, 1, bias=False)
        nn.init.zeros_(self.attention.weight)
        self.linear = nn.Linear(dim, len(names))

    def forward(self, grids: torch.Tensor) -> torch.Tensor:
        """Return logits (n, classes)."""
        cells = self.scaled(grids).flatten(1, 2)  # (n, h · w, d)
        weights = self.attention(cells).softmax(dim=1)  # (n, h · w, 1)
        logits: torch.Tensor = self.linear((weights * cells).sum(dim=1))
        return logits

    def loss(self, grids: torch.Tensor, truths: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return the cross-entropy of grids (n, h, w, d); a truth is the number of a class."""
        right = torch.stack(list(truths))
        return functional.cross_entropy(self(grids), right, label_smoothing=SMOOTHING)

    def reply(self, grids: torch.Tensor, shape: tuple[int, int]) -> list[dict[str, Any]]:
        """Return the probability of each class for grids (n, h, w, d)."""
        rows = self(grids).softmax(dim=1).tolist()
        return [{"scores": dict(zip(self.names, row, strict=True))} for row in rows]
