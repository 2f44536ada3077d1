"""What all recognisers are: a network on feature grids, its loss, and what it replies."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Literal, get_args

import torch
from torch import nn

Task = Literal["classify", "count", "segment", "detect"]
TASKS: tuple[Task, ...] = get_args(Task)
LEAST_STD = 1e-6


class Recogniser(nn.Module, ABC):
    """A network on the feature grids (n, h, w, d) of chips.

    What is right of a chip is one tensor; its form is that of the task.

    Example:
        recogniser = Classifier(115, 8, ["land", "water"])
        recogniser.start(grids, truths)
        recogniser.loss(grids, truths).backward()
        recogniser.reply(grids, (64, 64))  # [{"scores": {"land": 0.5, "water": 0.5}}, …]
    """

    mean: torch.Tensor
    std: torch.Tensor

    def __init__(self, dim: int, cell_px: int, names: Sequence[str], width: int = 128) -> None:
        """Make one with random weights.

        `dim` numbers are in a feature, a cell has sides of `cell_px`, `names` are what may be
        found, and inner layers are `width` wide, where there are any.
        """
        super().__init__()
        self.dim, self.cell_px, self.names, self.width = dim, cell_px, list(names), width
        self.register_buffer("mean", torch.zeros(dim))
        self.register_buffer("std", torch.ones(dim))

    @torch.no_grad()
    def start(self, grids: torch.Tensor, truths: Sequence[torch.Tensor]) -> None:
        """Take the scale of features from some grids (n, h, w, d) of the training split."""
        flat = grids.float().reshape(-1, self.dim)
        self.mean.copy_(flat.mean(dim=0))
        std = flat.std(dim=0, correction=0)
        self.std.copy_(torch.where(std > LEAST_STD, std, torch.ones_like(std)))

    def scaled(self, grids: torch.Tensor) -> torch.Tensor:
        """Return grids (n, h, w, d) with features of mean 0 and deviation 1 over training."""
        return (grids - self.mean) / self.std

    @abstractmethod
    def loss(self, grids: torch.Tensor, truths: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return the mean loss of grids (n, h, w, d) and what is right of their chips."""

    @abstractmethod
    def reply(self, grids: torch.Tensor, shape: tuple[int, int]) -> list[dict[str, Any]]:
        """Return what is found in chips of `shape` (rows, columns): fields of a line each.

        They are those of the file that is measured (`backend.evaluation.recognition.report`), but
        that segments are an array of class numbers.
        """
