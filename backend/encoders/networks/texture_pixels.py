"""The columns of texture-s1 from pixels as they are, and those of what lies around a cell.

Its other columns come from pixels that are limited to their second-highest neighbour, which erases
what is one pixel small and far brighter: a house.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from backend.encoders.networks.texture_cells import Cells, box_cells, by_cell
from backend.encoders.texture_s1 import CELL

USUAL_CV = 0.45  # of Sentinel-1's speckle over ground that is all the same
LEAST_CV = 0.1  # pixels that are all the same, such as a floor that processing cuts off at
STRONG_DB, STRONG_PX = -3.0, 6
BRIGHT_DB = (-6.0, STRONG_DB, 0.0, 3.0), (-12.0, -9.0, -6.0)  # of VV, of VH
LOG = math.log(10) / 10  # dB to the natural logarithm of power


def sorted_pixels(db: torch.Tensor) -> torch.Tensor:
    """Return the 64 pixels of each cell from low to high, (n, 2, H, W) to (n, 2, h, w, 64)."""
    pixels = by_cell(db)
    if pixels.is_cpu:  # seventeen times as fast: torch sorts their places along
        return torch.from_numpy(np.sort(pixels.numpy(), axis=-1))
    return pixels.sort(dim=-1).values


def pixel_columns(
    db: torch.Tensor,
    ordered: torch.Tensor,
    cells: Cells,
    level: torch.Tensor,
    near: torch.Tensor,
    sides: tuple[int, int],
) -> list[torch.Tensor]:
    """Return columns (n, k, h, w), 15 in all, of pixels (n, 2, H, W) in dB and the same sorted.

    `level` and `near` (n, 2, h, w) are means of smooth dB over a cell and over `sides[0]` cells.
    """
    power = (db * LOG).exp_()
    moments = cells.mean(power), cells.mean(power.square())
    contrast = [_log_cv(*moments)]
    contrast += [_log_cv(*(cells.around(of, side) for of in moments)) for side in sides]
    highest, third_lowest = ordered[..., -1], ordered[..., 2]
    middle = (ordered[..., 31] + ordered[..., 32]) / 2
    upper = ordered[..., 60]  # of 64 the 95th percentile
    highest_near = functional.max_pool2d(highest, sides[0], stride=1, padding=sides[0] // 2)
    strong = box_cells(_above(ordered[:, 0], (STRONG_DB,)), sides[1]) * sides[1] ** 2
    return [
        (highest - level) / 5,
        contrast[0],
        (upper - middle) / 4,
        (level - third_lowest) / 4,
        (highest_near - near) / 5,
        contrast[1],
        contrast[2],
        (strong > STRONG_PX - 0.5).float(),
    ]


def bright_columns(ordered: torch.Tensor, side: int) -> list[torch.Tensor]:
    """Return columns (n, k, h, w), 8 in all, of how many of sorted pixels are bright.

    The first is of `side` cells around each.
    """
    vv, vh = (_above(ordered[:, band], levels) for band, levels in enumerate(BRIGHT_DB))
    strong = (vv[:, 1:2] > STRONG_PX - 0.5).float()
    return [box_cells(strong, side) * 8, vv / 8, vh / 8]  # of 64 pixels, eight times the share


def _above(ordered: torch.Tensor, levels: Sequence[float]) -> torch.Tensor:
    """Return how many of the sorted pixels (n, h, w, 64) exceed each level, (n, k, h, w)."""
    sought = ordered.new_tensor(levels).expand(*ordered.shape[:-1], -1).contiguous()
    below = torch.searchsorted(ordered.contiguous(), sought, right=True)
    return (CELL**2 - below).float().movedim(-1, 1)


def _log_cv(mean: torch.Tensor, square: torch.Tensor) -> torch.Tensor:
    """Return twice the logarithm of the coefficient of variation, 0 for that of speckle alone."""
    deviation = (square - mean.square()).clamp_(min=0).sqrt_()
    return (deviation / mean).clamp_(min=LEAST_CV).div_(USUAL_CV).log_().mul_(2)
