"""Wedges: which cells lie in front of a view, and the mean of their features.

Source: Czerkawski, Talk is Cheap (2026), section on directional pooling.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch

from backend.errors import ConfigInvalid
from backend.link.directions import VIEWS


def directional_masks(
    height: int, width: int, dtype: torch.dtype = torch.float32, device: torch.device | str = "cpu"
) -> torch.Tensor:
    """Return the masks M (4, h, w) of the views north, east, south, west over a feature grid.

    M_v(i, j) = max(0, cos(theta(i, j) - theta_v)), theta the azimuth from the grid's centre to the
    cell's centre, clockwise from north; row 0 is the northern edge. A cell exactly at the centre
    has no direction and gets 0.
    """
    north = (height - 1) / 2 - torch.arange(height, dtype=torch.float64)[:, None]
    east = torch.arange(width, dtype=torch.float64)[None, :] - (width - 1) / 2
    distance = torch.hypot(*torch.broadcast_tensors(north, east))
    distance[distance == 0] = torch.inf  # at the centre: 0 instead of 0 / 0
    cosines = torch.stack([north / distance, east / distance, -north / distance, -east / distance])
    return cosines.clamp(min=0).to(dtype=dtype, device=device)


def mask_means(grid: tuple[int, int] | None) -> torch.Tensor:
    """Return the mean of each mask over the grid (4,) float64: the bias' factor in a pooled view.

    Without a grid: the limit of a fine square grid, which real ones come within a percent of. A
    single cell has no direction: it counts fully in every view.
    """
    if grid == (1, 1):
        return torch.ones(len(VIEWS), dtype=torch.float64)
    return directional_masks(*(grid or (512, 512)), dtype=torch.float64).mean(dim=(1, 2))


def wedge_pool(features: torch.Tensor | np.ndarray) -> torch.Tensor:
    """Return pooled views (n, 4, d) of feature grids (n, h, w, d): means over cells of M_v * F.

    Pooling commutes with the head: mean(M_v (F W + b)) = wedge_pool(F) W + mean(M_v) b, so a
    survey point is 4 d numbers and no cell is ever projected for training.
    """
    grids = torch.as_tensor(features)
    n, height, width, dim = grids.shape
    masks = directional_masks(height, width, grids.dtype, grids.device).flatten(1)
    return (masks / (height * width)) @ grids.reshape(n, height * width, dim)


@dataclass(frozen=True)
class Pooling:
    """How a feature grid becomes four views.

    Example:
        views = Pooling("wedge", extent_m=1120).pool(encoder.encode(windows), encoder.spec.cell_m)
    """

    kind: Literal["wedge", "mean"] = "wedge"
    """`wedge` is the method's; `mean` is the mean of all cells, the same in every direction."""
    extent_m: float | None = None
    """The side of the square around the centre whose cells are kept; None keeps the window.

    With it, encoders with windows of different extent see the same ground.
    """

    def __post_init__(self) -> None:
        possible = self.extent_m is None or 0 < self.extent_m < math.inf
        if self.kind not in ("wedge", "mean") or not possible:
            raise ConfigInvalid(
                f"The pooling is {self.kind!r} over {self.extent_m} m.",
                "Expected wedge or mean, and an extent of more than 0 m.",
            )

    @property
    def suffix(self) -> str:
        """What the name of a layer of features ends in; nothing for the method's own pooling."""
        kind = "" if self.kind == "wedge" else f"@{self.kind}"
        return kind if self.extent_m is None else f"{kind}@{self.extent_m:g}m"

    def grid(self, grid: tuple[int, int], cell_m: float) -> tuple[int, int]:
        """Return the rows and columns that are kept of a feature grid, centred in it.

        Raises:
            ConfigInvalid: the extent is beyond the grid's, or a single cell has no wedges.
        """
        rows, columns = grid
        if self.extent_m is not None:
            window_m = max(grid) * cell_m
            if self.extent_m > window_m:
                raise ConfigInvalid(
                    f"The pooling is over {self.extent_m:g} m; the encoder's window has "
                    f"{window_m:g} m.",
                    "Choose an extent within it, or leave it out for the whole window.",
                )
            rows, columns = (_centred(side, self.extent_m / cell_m) for side in grid)
        if self.kind == "wedge" and (rows, columns) == (1, 1):
            raise ConfigInvalid(
                f"One cell of {cell_m:g} m has no wedges in front of its views.",
                "Choose the pooling mean, or a larger extent where there are more cells.",
            )
        return rows, columns

    def pool(self, features: torch.Tensor, cell_m: float) -> torch.Tensor:
        """Return pooled views (n, 4, d) of feature grids (n, h, w, d), cells of `cell_m` metres.

        The plain mean is multiplied with each mask's mean, as a wedge over equal cells is.
        """
        height, width = features.shape[1:3]
        rows, columns = self.grid((height, width), cell_m)
        top, left = (height - rows) // 2, (width - columns) // 2
        kept = features[:, top : top + rows, left : left + columns]
        if self.kind == "wedge":
            return wedge_pool(kept)
        scale = mask_means((rows, columns)).to(kept)[:, None]
        return kept.mean(dim=(1, 2))[:, None] * scale


WEDGES = Pooling()


def choose_pooling(
    grid: tuple[int, int],
    extent_m: float | None = None,
    kind: Literal["wedge", "mean"] | None = None,
) -> Pooling:
    """Return the pooling of a kind; without one the method's own, or the mean for a single cell."""
    return Pooling(kind or ("mean" if grid == (1, 1) else "wedge"), extent_m)


def _centred(side: int, cells: float) -> int:
    """Return the number nearest to `cells` that can lie in the middle of `side` cells."""
    least = 2 - side % 2 if side > 1 else 1
    choices = range(least, side + 1, 2)  # as odd as the side, so that the middle is the middle
    return min(choices, key=lambda choice: abs(choice - cells))
