"""The operations of texture-s1-dates, whose module has the table of its numbers."""

import math

import torch

from backend.encoders.networks.texture import NEAR_CELLS, texture_features
from backend.encoders.networks.texture_cells import box_cells, sum_cells
from backend.encoders.texture_s1 import BRIGHT, CELL, TextureS1

LOG = math.log(10) / 10  # dB to the natural logarithm of power
LEAST_SEEN = 0.5  # of the pixels: with fewer, a date says more of where it ends than of change
LOWEST_DB, HIGHEST_DB = -40.0, 15.0
DEVIATION_DB, RANGE_DB, STEP_DB = 2.0, 5.0, 4.0
OWN = TextureS1.spec.dim - TextureS1.spec.surroundings  # columns about the cell itself


def dates_features(windows: torch.Tensor) -> torch.Tensor:
    """Return feature grids (n, H/8, W/8, 125) of windows (n, 2 dates, H, W) in dB."""
    db = windows.unflatten(1, (-1, 2))  # (n, dates, 2, H, W)
    seen = torch.isfinite(db).all(dim=2, keepdim=True)
    power = torch.where(seen, db, 0.0).clamp_(LOWEST_DB, HIGHEST_DB).mul_(LOG).exp_().mul_(seen)
    mean = power.sum(dim=1).div_(seen.sum(dim=1)).log_().div_(LOG)  # NaN where no date has data
    texture = texture_features(mean)[..., :-BRIGHT]
    # Both bands and the count of pixels are summed alike, by cells and around them.
    sums = sum_cells(torch.cat([power, seen.to(power)], dim=2)) / CELL**2
    near = box_cells(sums.flatten(0, 1), NEAR_CELLS).unflatten(0, sums.shape[:2])
    own, around = change(sums), change(near)
    columns = [texture[..., :OWN], own, texture[..., OWN:], around]
    return torch.cat(columns, dim=-1)


def change(sums: torch.Tensor) -> torch.Tensor:
    """Return deviation, range and largest step (n, h, w, 9) of VV, VH and VV - VH in time.

    `sums` (n, dates, 3, h, w) hold the power of VV and of VH, and the share of pixels with data.
    """
    share = sums[:, :, 2:]
    known = share >= LEAST_SEEN
    level = (sums[:, :, :2] / share.clamp(min=LEAST_SEEN)).clamp(min=1e-4).log() / LOG
    level = torch.cat([level, level[:, :, :1] - level[:, :, 1:]], dim=2)
    count = known.sum(dim=1)
    mean = (level * known).sum(dim=1) / count.clamp(min=1)
    square = ((level - mean[:, None]).square() * known).sum(dim=1)
    # Divided by one less than the dates, so that it does not grow with their number.
    deviation = (square / (count - 1).clamp(min=1)).sqrt()
    highest = torch.where(known, level, -torch.inf).amax(dim=1)
    lowest = torch.where(known, level, torch.inf).amin(dim=1)
    changes = [deviation / DEVIATION_DB, (highest - lowest) / RANGE_DB, _step(level, known)]
    return torch.where(count > 1, torch.cat(changes, dim=1), 0.0).permute(0, 2, 3, 1)


def _step(level: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
    """Return the largest step (n, 3, h, w) from a known date to the next known one."""
    last, seen = level[:, 0], known[:, 0]
    largest = torch.zeros_like(last)
    for now, there in zip(level.unbind(1)[1:], known.unbind(1)[1:], strict=True):
        step = torch.where(there & seen, (now - last).abs(), 0.0)
        largest = torch.maximum(largest, step)
        last, seen = torch.where(there, now, last), seen | there
    return largest / STEP_DB
