"""Where objects lie: ViTDet's simple pyramid on one grid, and a head without anchors.

The pyramid has cells of a quarter, half, once and twice the encoder's, each made from its last grid
alone. At each of their middles the head says how probable each category is, and how far off the
four sides of its box are. A box is learnt by one level, by its longer side, at the middles
within 1.5 cells of its own.
Sources: Li et al., ViTDet (2022), whose two-stage head is not here; Tian et al., FCOS (2019), for
the head, but for its centerness; Lin et al., focal loss (2017); Rezatofighi et al., GIoU (2019).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from backend.recognisers.base import Recogniser
from backend.recognisers.geometry import areas, generalised_overlaps, keep_best

SCALES = (0.25, 0.5, 1.0, 2.0)
"""Sides of a level's cells, in those of the encoder's."""
CELLS_OF_BOX = 8
"""The longest side of a box that a level learns, in its cells; the last level takes all above."""
RADIUS = 1.5
BALANCE, FOCUS = 0.25, 2.0
"""Alpha and gamma of the focal loss."""
RARE = 0.01
"""How probable a category is at first, anywhere."""
LEAST_SCORE, MOST_OVERLAP, CANDIDATES, MOST_BOXES = 0.05, 0.5, 400, 100
_GROUPS = 8


@dataclass(frozen=True)
class Points:
    """The middles of the cells of all levels."""

    at: torch.Tensor
    """(p, 2): x and y in pixels."""
    stride: torch.Tensor
    """(p,): sides of their cells, in pixels."""
    level: torch.Tensor
    """(p,): their levels."""


class Detector(Recogniser):
    """Boxes with a category. What is right is category, left, top, right, bottom (k, 5)."""

    def __init__(self, dim: int, cell_px: int, names: Sequence[str], width: int = 128) -> None:
        """Make one that finds nothing anywhere."""
        super().__init__(dim, cell_px, names, width)
        self.enter = nn.Conv2d(dim, width, 1)
        self.pyramid = nn.ModuleList(
            nn.Sequential(*steps, nn.Conv2d(width, width, 1), _norm(width), _conv(width, width))
            for steps in (
                (_double(width), _norm(width), nn.GELU(), _double(width)),
                (_double(width),),
                (),
                (nn.MaxPool2d(2, ceil_mode=True),),
            )
        )
        self.norms = nn.ModuleList(_norm(width) for _ in SCALES)
        self.shared = nn.Sequential(_conv(width, width), _norm(width), nn.GELU())
        self.category, self.sides = _conv(width, len(names)), _conv(width, 4)
        self.scales = nn.Parameter(torch.ones(len(SCALES)))
        for layer in (self.category, self.sides):
            nn.init.normal_(layer.weight, std=0.01)
        assert self.category.bias is not None
        nn.init.constant_(self.category.bias, -math.log((1 - RARE) / RARE))

    def forward(self, grids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, Points]:
        """Return logits (n, p, categories) and boxes (n, p, 4) at all points, and the points."""
        entered = self.enter(self.scaled(grids).permute(0, 3, 1, 2))  # (n, width, h, w)
        logits, boxes, points = [], [], []
        for number, (level, norm) in enumerate(zip(self.pyramid, self.norms, strict=True)):
            states = self.shared(norm(level(entered)))
            own = self._points(number, states)
            # FCOS takes exp, which runs away in a few steps at these rates.
            off = functional.softplus(self.scales[number] * self.sides(states))
            off = off.flatten(2).transpose(1, 2) * own.stride[:, None]  # (n, p, 4) in pixels
            boxes.append(torch.cat([own.at - off[..., :2], own.at + off[..., 2:]], dim=2))
            logits.append(self.category(states).flatten(2).transpose(1, 2))
            points.append(own)
        together = (torch.cat(one) for one in zip(*(vars(p).values() for p in points), strict=True))
        return torch.cat(logits, dim=1), torch.cat(boxes, dim=1), Points(*together)

    def _points(self, level: int, states: torch.Tensor) -> Points:
        """Return the middles of the cells of a level's states (n, width, rows, columns)."""
        stride = self.cell_px * SCALES[level]
        y, x = ((torch.arange(n, device=states.device) + 0.5) * stride for n in states.shape[2:])
        at = torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=2).reshape(-1, 2)
        same = torch.ones(len(at), device=states.device)
        return Points(at, stride * same, level * same.long())

    def loss(self, grids: torch.Tensor, truths: Sequence[torch.Tensor]) -> torch.Tensor:
        """Return focal loss and 1 − GIoU, each over the points that learn a box.

        Grids are (n, h, w, d); a truth is (boxes, 5): category, left, top, right, bottom in pixels.
        """
        logits, boxes, points = self(grids)
        wanted, sides, found = torch.zeros_like(logits), [], []
        for n, truth in enumerate(truths):
            owner = assign(truth[:, 1:], points)
            learnt = owner >= 0
            right = truth[owner[learnt]]
            wanted[n, learnt, right[:, 0].long()] = 1.0
            sides.append(right[:, 1:])
            found.append(boxes[n, learnt])
        count = max(1, sum(map(len, sides)))
        apart = 1 - generalised_overlaps(torch.cat(found), torch.cat(sides))
        return (focal_loss(logits, wanted) + apart.sum()) / count

    def reply(self, grids: torch.Tensor, shape: tuple[int, int]) -> list[dict[str, Any]]:
        """Return the boxes of chips of `shape` (rows, columns), those of the best score first."""
        logits, boxes, _ = self(grids)
        rows, columns = shape
        most = boxes.new_tensor([columns, rows, columns, rows])
        inside = boxes.clamp_min(0).minimum(most)
        return [
            {"boxes": self._boxes(scores, at)}
            for scores, at in zip(logits.sigmoid(), inside, strict=True)
        ]

    def _boxes(self, scores: torch.Tensor, at: torch.Tensor) -> list[dict[str, Any]]:
        """Return the boxes of one chip from scores (p, categories) and boxes (p, 4)."""
        found: list[dict[str, Any]] = []
        for number, name in enumerate(self.names):
            own = scores[:, number].masked_fill(areas(at) <= 0, 0.0)
            own, best = own.topk(min(CANDIDATES, len(own)))
            best = best[own >= LEAST_SCORE]
            best = best[keep_best(at[best], scores[best, number], MOST_OVERLAP)]
            for score, (left, top, right, bottom) in zip(
                scores[best, number].tolist(), at[best].tolist(), strict=True
            ):
                box = [left, top, right - left, bottom - top]
                found.append({"category": name, "box": box, "score": score})
        return sorted(found, key=lambda one: -one["score"])[:MOST_BOXES]


def _double(width: int) -> nn.Module:
    return nn.ConvTranspose2d(width, width, 2, 2)


def _conv(width: int, out: int) -> nn.Conv2d:
    return nn.Conv2d(width, out, 3, padding=1)


def _norm(width: int) -> nn.Module:
    return nn.GroupNorm(_GROUPS, width)


def assign(boxes: torch.Tensor, points: Points) -> torch.Tensor:
    """Return for each point (p,) the number of the box (k, 4) that it learns; -1 for none.

    Of several boxes it is the smallest. Each box has at least the point that is nearest to its
    middle, unless a smaller one takes that.
    """
    if not len(boxes):
        return torch.full_like(points.level, -1)
    longest = (boxes[:, 2:] - boxes[:, :2]).amax(dim=1)  # (k,)
    finest = points.stride.min()
    level = (longest / (CELLS_OF_BOX * finest)).log2().ceil().clamp(0, len(SCALES) - 1).long()
    same = points.level[:, None] == level[None]  # (p, k)
    middle = (boxes[:, :2] + boxes[:, 2:]) / 2
    away = (points.at[:, None] - middle[None]).abs()  # (p, k, 2)
    half = (boxes[:, 2:] - boxes[:, :2]) / 2
    near = (away <= RADIUS * points.stride[:, None, None]).all(dim=2) & (away < half).all(dim=2)
    nearest = away.sum(dim=2).masked_fill(~same, torch.inf).argmin(dim=0)  # (k,)
    near[nearest, torch.arange(len(boxes), device=near.device)] = True
    size = areas(boxes)[None].expand(len(near), -1).masked_fill(~(near & same), torch.inf)
    smallest, owner = size.min(dim=1)
    return owner.masked_fill(smallest.isinf(), -1)


def focal_loss(logits: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Return the sum of the focal loss of logits (n, points, names) that should say 0 or 1."""
    entropy = functional.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
    missed = torch.where(wanted > 0, 1 - logits.sigmoid(), logits.sigmoid())
    balance = torch.where(wanted > 0, BALANCE, 1 - BALANCE)
    return (balance * missed**FOCUS * entropy).sum()
