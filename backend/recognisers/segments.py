"""What covers each pixel of a chip: the mask transformer of Segmenter on the cells of a grid.

Cells and one token for each class go through two layers of self-attention together. A class's mask
is how well each cell fits its token; it is made as large as the chip by linear interpolation.
Source: Strudel et al., Segmenter (2021): two layers, both sides of unit length, masks normalised
over classes. The width is ours; cells bring no position of their own but what the encoder gave.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from backend.recognisers.base import Recogniser

LAYERS, HEAD_WIDTH = 2, 32
UNKNOWN = -1
"""The class of a pixel of which nothing is known; it does not count."""


class MaskTransformer(Recogniser):
    """A class for each pixel. What is right are the numbers of classes, (rows, columns)."""

    def __init__(self, dim: int, cell_px: int, names: Sequence[str], width: int = 128) -> None:
        """Make one with random weights."""
        super().__init__(dim, cell_px, names, width)
        self.enter = nn.Linear(dim, width)
        self.tokens = nn.Parameter(torch.empty(1, len(names), width))
        nn.init.trunc_normal_(self.tokens, std=0.02)
        layer = nn.TransformerEncoderLayer(
            width,
            max(1, width // HEAD_WIDTH),
            4 * width,
            dropout=0.0,  # a run that goes on must not need the state of any dropout
            activation="gelu",
            batch_first=True,
            norm_first=True,
        )
        self.layers = nn.TransformerEncoder(layer, LAYERS, enable_nested_tensor=False)
        self.norm = nn.LayerNorm(width)
        self.of_cells = nn.Linear(width, width, bias=False)
        self.of_classes = nn.Linear(width, width, bias=False)
        self.mask_norm = nn.LayerNorm(len(names))

    def forward(self, grids: torch.Tensor) -> torch.Tensor:
        """Return logits (n, classes, rows, columns), of as many pixels as the cells have."""
        n, h, w, _ = grids.shape
        cells = self.enter(self.scaled(grids)).flatten(1, 2)  # (n, h · w, width)
        both = torch.cat([cells, self.tokens.expand(n, -1, -1)], dim=1)
        states = self.norm(self.layers(both))
        of_cells = functional.normalize(self.of_cells(states[:, : h * w]), dim=2)
        of_classes = functional.normalize(self.of_classes(states[:, h * w :]), dim=2)
        masks = self.mask_norm(of_cells @ of_classes.transpose(1, 2))  # (n, h · w, classes)
        masks = masks.transpose(1, 2).unflatten(2, (h, w))
        return functional.interpolate(masks, scale_factor=self.cell_px, mode="bilinear")

    def loss(self, grids: torch.Tensor, truths: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return the cross-entropy of pixels whose class is known; a truth is (rows, columns)."""
        right = torch.stack(list(truths))
        logits = self(grids)[:, :, : right.shape[1], : right.shape[2]]
        known = int((right != UNKNOWN).sum())
        total = functional.cross_entropy(logits, right, ignore_index=UNKNOWN, reduction="sum")
        return total / max(1, known)

    def reply(self, grids: torch.Tensor, shape: tuple[int, int]) -> list[dict[str, Any]]:
        """Return the number of the likeliest class of each pixel of chips of `shape`, uint8."""
        found = self(grids)[:, :, : shape[0], : shape[1]].argmax(dim=1)
        return [{"segments": one} for one in found.to(torch.uint8).cpu().numpy()]
