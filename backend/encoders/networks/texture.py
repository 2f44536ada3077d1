"""The operations of texture-s1, whose module has the table of its 64 numbers."""

from collections.abc import Sequence

import numpy as np
import torch
from torch.nn import functional

from backend.encoders.texture_s1 import CELL

CENTRE = (-11.0, -18.0)
VV_KNOTS = tuple(range(-25, 0, 3))
VH_KNOTS = tuple(range(-31, -6, 3))
RATIO_KNOTS = tuple(range(0, 16, 3))
VV_PAIR_KNOTS = (-21, -16, -11, -6)
VH_PAIR_KNOTS = (-27, -22, -17, -12)
LAGS = (2, 4, 8)
STANDOUT_DB = 5.0
DIRECTIONS = ((0, 1), (1, 1), (1, 0), (1, -1))


def texture_features(windows: torch.Tensor) -> torch.Tensor:
    """Return feature grids (n, H/8, W/8, 64) of windows (n, 2, H, W) in dB."""
    valid = torch.isfinite(windows).all(dim=1, keepdim=True)
    smooth = _multilook(_despike(_fill(windows, valid)), valid.float())
    return _features(smooth, _Pool(valid.float())).permute(0, 2, 3, 1)


class _Pool:
    """Means over cells that leave out pixels without data (n, k, H, W) -> (n, k, h, w)."""

    def __init__(self, valid: torch.Tensor, side: int = CELL) -> None:
        self.valid = valid
        self.side = side
        # A cell without any data takes what was filled in, so features stay finite.
        self.weight = valid + 1e-4
        self.cell_weight = functional.avg_pool2d(self.weight, side)

    def cell(self, pixels: torch.Tensor) -> torch.Tensor:
        """Return the mean over each cell."""
        return functional.avg_pool2d(pixels * self.weight, self.side) / self.cell_weight

    def around(self, cells: torch.Tensor, side: int) -> torch.Tensor:
        """Return the mean over side x side cells around each; at the edge, over those there are."""
        return _box(cells * self.cell_weight, side) / _box(self.cell_weight, side)


def _box(values: torch.Tensor, side: int) -> torch.Tensor:
    return functional.avg_pool2d(values, side, stride=1, padding=side // 2, count_include_pad=False)


def _fill(db: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    """Return dB within [-40, 15]; pixels without data have the window's mean."""
    clipped = torch.where(valid, db, 0.0).clamp(-40.0, 15.0)
    count = valid.sum(dim=(2, 3), keepdim=True)
    mean = (clipped * valid).sum(dim=(2, 3), keepdim=True) / count.clamp(min=1)
    centre = torch.tensor(CENTRE, device=db.device)[None, :, None, None]
    return torch.where(valid, clipped, torch.where(count > 0, mean, centre))


def _despike(db: torch.Tensor) -> torch.Tensor:
    """Limit each pixel to the second-highest and second-lowest of its 3 x 3 neighbourhood."""
    padded = functional.pad(db, (1, 1, 1, 1), mode="reflect")
    height, width = db.shape[2:]
    high = second_high = torch.full_like(db, -torch.inf)
    low = second_low = torch.full_like(db, torch.inf)
    for row in range(3):
        for column in range(3):
            x = padded[:, :, row : row + height, column : column + width]
            second_high = torch.maximum(second_high, torch.minimum(high, x))
            second_low = torch.minimum(second_low, torch.maximum(low, x))
            high, low = torch.maximum(high, x), torch.minimum(low, x)
    return torch.maximum(torch.minimum(db, second_high), second_low)


def _multilook(db: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    """Return dB of the mean power over 3 x 3 px with data."""
    weight = valid + 1e-4  # more than 0, so that a neighbourhood without data divides nothing by 0
    power = _box(torch.exp(db * (np.log(10) / 10)) * weight, 3) / _box(weight, 3)
    return torch.log(power) * (10 / np.log(10))


def _hats(values: torch.Tensor, knots: Sequence[int]) -> torch.Tensor:
    """Return linear B-splines (n, k, H, W) of values (n, 1, H, W); the outer two stay 1 beyond."""
    centres = torch.tensor(knots, dtype=values.dtype, device=values.device)[None, :, None, None]
    inside = values.clamp(float(knots[0]), float(knots[-1]))
    return (1 - (inside - centres).abs() / (knots[1] - knots[0])).clamp(min=0)


def _shares(smooth: torch.Tensor, pool: _Pool) -> torch.Tensor:
    """Return shares (n, 40, h, w) of a cell in bins of VV, VH, VV - VH, and VV with VH."""
    # After smoothing over 3 x 3 px every second pixel is enough, at a quarter of the work.
    vv, vh = smooth[:, :1, ::2, ::2], smooth[:, 1:, ::2, ::2]
    single = [_hats(vv, VV_KNOTS), _hats(vh, VH_KNOTS), _hats(vv - vh, RATIO_KNOTS)]
    pairs = _hats(vv, VV_PAIR_KNOTS)[:, :, None] * _hats(vh, VH_PAIR_KNOTS)[:, None]
    thinned = _Pool(pool.valid[..., ::2, ::2], CELL // 2)
    return thinned.cell(torch.cat([*single, pairs.flatten(1, 2)], dim=1))


def _line_energy(smooth: torch.Tensor, pool: _Pool) -> torch.Tensor:
    """Return the line response (n, 2, lags, 4, h, w) of VV and VH per lag and direction, in dB."""
    height, width = smooth.shape[2:]
    responses = []
    for lag in LAGS:
        scaled = _box(smooth, lag // 2 * 2 - 1)  # what is finer than the lag is another lag's
        padded = functional.pad(scaled, (lag, lag, lag, lag), mode="reflect")
        for dy, dx in DIRECTIONS:
            ahead, behind = (
                padded[:, :, lag + s * lag * dy :, lag + s * lag * dx :][:, :, :height, :width]
                for s in (1, -1)
            )
            response = (scaled - (ahead + behind) / 2).abs()
            responses.append(pool.cell(response))
    energy = torch.stack(responses, dim=2)
    return energy.unflatten(2, (len(LAGS), len(DIRECTIONS)))


def _features(smooth: torch.Tensor, pool: _Pool) -> torch.Tensor:
    """Return the 64 numbers of each cell (n, 64, h, w) from smooth dB (n, 2, H, W)."""
    level = pool.cell(smooth)
    near, wide = pool.around(level, 3), pool.around(level, 7)
    centre = torch.tensor(CENTRE, device=smooth.device)[None, :, None, None]

    inside = (pool.cell(smooth**2) - level**2).clamp(min=0).sqrt()
    across = (pool.around(level**2, 7) - wide**2).clamp(min=0).sqrt()

    energy = _line_energy(smooth, pool)
    strength = energy.mean(dim=3).flatten(1, 2)
    oriented = (energy.amax(dim=3) - energy.amin(dim=3))[:, :, 1:].flatten(1, 2)

    above = smooth - functional.interpolate(wide, scale_factor=CELL, mode="nearest")
    standout = torch.cat([above, -above], dim=1) - STANDOUT_DB

    table = [(level - centre) / 5, (level - near) / 3, (level - wide) / 3]
    table += [_shares(smooth, pool) * 2, inside / 3, across / 3, strength / 2, oriented / 2]
    return torch.cat([*table, pool.cell((standout / 2 + 0.5).clamp(0, 1)) * 2], dim=1)
