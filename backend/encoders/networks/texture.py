"""The operations of texture-s1, whose module has the table of its numbers."""

from functools import reduce

import numpy as np
import torch
from torch.nn import functional

from backend.encoders.networks.texture_cells import Cells, box_cells, hats, sum_cells, to_pixels
from backend.encoders.networks.texture_pixels import bright_columns, pixel_columns, sorted_pixels
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
SMOOTH_PX = 2  # what smoothing looks at around a pixel: 1 to despike, 1 to multilook
NEAR_CELLS, WIDE_CELLS, FILL_CELLS = 3, 7, 5


def texture_features(windows: torch.Tensor) -> torch.Tensor:
    """Return feature grids (n, H/8, W/8, 115) of windows (n, 2, H, W) in dB."""
    valid = torch.isfinite(windows).all(dim=1, keepdim=True)
    # More than 0, so that nothing is divided by 0: a cell without any data takes what is filled in.
    weight = valid + 1e-4
    filled = _fill(windows, valid)
    smooth, cells = _smooth(filled, weight), Cells(weight)
    level = cells.mean(smooth)
    near, wide = cells.around(level, NEAR_CELLS), cells.around(level, WIDE_CELLS)
    inside = (cells.mean(smooth**2) - level**2).clamp(min=0).sqrt()
    across = (cells.around(level**2, WIDE_CELLS) - wide**2).clamp(min=0).sqrt()
    table = [(level - _centre(level)) / 5, (level - near) / 3, (level - wide) / 3]
    table += [_shares(smooth, cells) * 2, inside / 3, across / 3, _lines(smooth, cells) / 2]
    table += [_standout(smooth, wide, cells) * 2]
    ordered = sorted_pixels(filled)
    table += pixel_columns(filled, ordered, cells, level, near, (NEAR_CELLS, WIDE_CELLS))
    table += _surroundings(near, wide)
    table += bright_columns(ordered, WIDE_CELLS)
    return torch.cat(table, dim=1).permute(0, 2, 3, 1)


def _surroundings(near: torch.Tensor, wide: torch.Tensor) -> list[torch.Tensor]:
    """Return columns (n, k, h, w), 28 in all, of the levels around a cell."""
    vv, vh = near.split(1, dim=1)
    return [
        (near - _centre(near)) / 5,
        (wide - _centre(wide)) / 5,
        hats(vv, VV_KNOTS) * 2,
        hats(vh, VH_KNOTS) * 2,
        hats(vv - vh, RATIO_KNOTS) * 2,
    ]


def _extend(pixels: torch.Tensor, by: int) -> torch.Tensor:
    """Return pixels mirrored at the window's edge, which is cut off where windows have margins."""
    return functional.pad(pixels, (by, by, by, by), mode="reflect")


def _sum_box(pixels: torch.Tensor, side: int) -> torch.Tensor:
    """Return sums over side x side px, (..., H - side + 1, W - side + 1), by a few additions."""
    for dim in (-2, -1):
        length = pixels.shape[dim] - side + 1
        pixels = reduce(torch.add, (pixels.narrow(dim, first, length) for first in range(side)))
    return pixels


def _centre(like: torch.Tensor) -> torch.Tensor:
    return torch.tensor(CENTRE, device=like.device)[None, :, None, None]


def _fill(db: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    """Return dB within [-40, 15]; a pixel without data has the mean of 5 x 5 cells around it.

    So the edge of a gap lights up no more than the ground beside it: what looks at a pixel with
    data looks at no gap deeper than two cells.
    """
    clipped = torch.where(valid, db, 0.0).clamp(-40.0, 15.0)
    count = box_cells(sum_cells(valid.float()), FILL_CELLS)
    mean = box_cells(sum_cells(clipped), FILL_CELLS) / count
    return torch.where(valid, clipped, to_pixels(torch.where(count > 0, mean, _centre(db))))


def _smooth(db: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Return smooth dB (n, 2, H, W): despiked, then the mean power over 3 x 3 px with data."""
    around = _extend(weight, 1)
    power = _despike(_extend(db, SMOOTH_PX)).mul_(np.log(10) / 10).exp_().mul_(around)
    return _sum_box(power, 3).div_(_sum_box(around, 3)).log_().mul_(10 / np.log(10))


def _despike(db: torch.Tensor) -> torch.Tensor:
    """Limit each pixel to the second-highest and second-lowest of its 3 x 3 neighbourhood.

    (n, k, H + 2, W + 2) to (n, k, H, W).
    """
    height, width = db.shape[2] - 2, db.shape[3] - 2
    low, middle, high = _sort3(*(db[:, :, row : row + height] for row in range(3)))
    lows, middles, highs = (
        [line[..., column : column + width] for column in range(3)] for line in (low, middle, high)
    )
    # Second of all is the second of the columns' first, or the second of the first's own column.
    _, second_high, _ = _sort3(*highs)
    _, second_low, _ = _sort3(*lows)
    lowest, _, highest = _sort3(*middles)
    limited = torch.minimum(db[:, :, 1:-1, 1:-1], torch.maximum(second_high, highest))
    return torch.maximum(limited, torch.minimum(second_low, lowest))


def _sort3(
    a: torch.Tensor, b: torch.Tensor, c: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return the lowest, the middle and the highest of three, element by element."""
    low, high = torch.minimum(a, b), torch.maximum(a, b)
    middle = torch.maximum(low, torch.minimum(high, c))
    return torch.minimum(low, c), middle, torch.maximum(high, c)


def _shares(smooth: torch.Tensor, cells: Cells) -> torch.Tensor:
    """Return shares (n, 40, h, w) of a cell in bins of VV, VH, VV - VH, and VV with VH."""
    # After smoothing over 3 x 3 px every second pixel is enough, at a quarter of the work.
    vv, vh = smooth[:, :1, ::2, ::2], smooth[:, 1:, ::2, ::2]
    single = [hats(vv, VV_KNOTS), hats(vh, VH_KNOTS), hats(vv - vh, RATIO_KNOTS)]
    pairs = hats(vv, VV_PAIR_KNOTS)[:, :, None] * hats(vh, VH_PAIR_KNOTS)[:, None]
    thinned = Cells(cells.weight[..., ::2, ::2], CELL // 2)
    return torch.cat([thinned.mean(bins) for bins in (*single, pairs.flatten(1, 2))], dim=1)


def _lines(smooth: torch.Tensor, cells: Cells) -> torch.Tensor:
    """Return oriented energy (n, 6, h, w): the mean over directions at each lag, for VV and VH.

    With it (n, 4, h, w): how much the strongest direction exceeds the weakest, at the longer lags.
    """
    height, width = smooth.shape[2:]
    strength, oriented = [], []
    for lag in LAGS:
        side = lag // 2 * 2 - 1  # what is finer than the lag is another lag's
        scaled = _sum_box(_extend(smooth, lag + side // 2), side).div_(side**2)
        middle = scaled[:, :, lag : lag + height, lag : lag + width]
        energy = []
        for dy, dx in DIRECTIONS:
            ahead, behind = (
                scaled[:, :, lag + s * lag * dy :, lag + s * lag * dx :][:, :, :height, :width]
                for s in (1, -1)
            )
            response = (ahead + behind).div_(-2).add_(middle).abs_()
            energy.append(cells.mean(response))
        directions = torch.stack(energy, dim=2)
        strength.append(directions.mean(dim=2))
        oriented.append(directions.amax(dim=2) - directions.amin(dim=2))
    by_band = [torch.stack(part, dim=2).flatten(1, 2) for part in (strength, oriented[1:])]
    return torch.cat(by_band, dim=1)


def _standout(smooth: torch.Tensor, wide: torch.Tensor, cells: Cells) -> torch.Tensor:
    """Return the shares (n, 4, h, w) of a cell far above, and far below, its surroundings."""
    above = smooth - to_pixels(wide)
    both = torch.cat([above, -above], dim=1)
    return cells.mean(both.sub_(STANDOUT_DB).div_(2).add_(0.5).clamp_(0, 1))
