"""texture-s1: what a radar analyst measures by eye, as 64 numbers a cell. It needs no weights.

A cell is 8 x 8 px of 10 m. Every pixel is first limited to the second-highest and second-lowest
value of its 3 x 3 neighbourhood, so one strange pixel changes nothing; "smooth" below means the
3 x 3 mean of power after that (about 20 looks for a Sentinel-1 GRD product). Means leave out
pixels without data.

| columns | what | unit |
|---|---|---|
| 0-5   | level of VV, VH: mean of smooth dB over 80, 240 and 560 m | (dB - centre) / 5 |
| 6-14  | share of the cell's smooth VV near -25, -22, ... -1 dB (linear hats) | x 2 |
| 15-23 | share of the cell's smooth VH near -31, -28, ... -7 dB | x 2 |
| 24-29 | share of VV - VH at 240 m near 0, 3, ... 15 dB | x 2 |
| 30-38 | the shares of VV again, over 560 m | x 2 |
| 39-47 | the shares of VH again, over 560 m | x 2 |
| 48-51 | spread of dB inside the cell, VV and VH; spread of cell levels over 560 m, VV and VH | / 3 dB |
| 52-57 | oriented energy: mean over 0, 45, 90, 135 degrees of the line response at 20, 40 and
          80 m, for VV and VH | / 2 dB |
| 58-61 | how much the strongest orientation exceeds the weakest, at 40 and 80 m, VV and VH | / 2 dB |
| 62-63 | share of bright targets: smooth VV, VH more than 5 dB above the mean of 560 m | x 2 |

The shares let a linear head draw any response curve over backscatter; the line response of a
pixel x at lag k is |x(p) - (x(p + k) + x(p - k)) / 2|, after a smoothing that fits the lag.
Sources: oriented texture energy after Laws (1980) and Malik and Perona (1990); the hats are
linear B-splines.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional

from backend.encoders.base import EncoderSpec
from backend.errors import ConfigInvalid

CELL = 8
CENTRE = (-11.0, -18.0)
VV_KNOTS = tuple(range(-25, 0, 3))
VH_KNOTS = tuple(range(-31, -6, 3))
RATIO_KNOTS = tuple(range(0, 16, 3))
KNOT_STEP = 3.0
LAGS = (2, 4, 8)
BRIGHT_DB = 5.0
DIRECTIONS = ((0, 1), (1, 1), (1, 0), (1, -1))


class TextureS1:
    """Multi-scale backscatter statistics and oriented texture energy as torch operations."""

    spec = EncoderSpec(
        name="texture-s1",
        title="Texture statistics (no weights)",
        modality="sentinel-1",
        bands=("VV", "VH"),
        dim=64,
        window_px=224,
        pixel_m=10.0,
        grid=(28, 28),
        identity="texture-s1/1",
        licence="GPL-2.0-or-later",
        source="this project",
    )

    def __init__(self, weights: str | Path | None, device: torch.device) -> None:
        if weights is not None:
            raise ConfigInvalid("texture-s1 was given weights; it has none.", "Leave them out.")
        self.device = device

    @torch.no_grad()
    def encode(self, db: torch.Tensor | np.ndarray) -> torch.Tensor:
        """Feature grids (n, H/8, W/8, 64) float32 of windows (n, 2, H, W) in dB.

        H and W are multiples of 8, at least 56. NaN and infinite pixels count as no data.
        """
        windows = torch.as_tensor(db).to(self.device, torch.float32)
        n, bands, height, width = windows.shape
        if bands != 2 or height % CELL or width % CELL or min(height, width) < 7 * CELL:
            raise ConfigInvalid(
                f"texture-s1 got windows of shape {tuple(windows.shape)}.",
                "Expected (n, 2, H, W): VV and VH, sides divisible by 8 and at least 56.",
            )
        # One window at a time keeps a CPU's temporaries in its cache: twice as fast as eight.
        parts = windows.split(1 if self.device.type == "cpu" else max(n, 1))
        return torch.cat([_encode(part) for part in parts])


def _encode(windows: torch.Tensor) -> torch.Tensor:
    valid = torch.isfinite(windows).all(dim=1, keepdim=True)
    smooth = _multilook(_despike(_fill(windows, valid)), valid.float())
    return _features(smooth, _Pool(valid.float())).permute(0, 2, 3, 1)


class _Pool:
    """Means over cells that leave out pixels without data (n, k, H, W) -> (n, k, h, w)."""

    def __init__(self, valid: torch.Tensor) -> None:
        self.valid = valid
        # A cell without any data takes what was filled in, so features stay finite.
        self.weight = valid + 1e-4
        self.cell_weight = functional.avg_pool2d(self.weight, CELL)

    def cell(self, pixels: torch.Tensor) -> torch.Tensor:
        """Mean over each cell."""
        return functional.avg_pool2d(pixels * self.weight, CELL) / self.cell_weight

    def around(self, cells: torch.Tensor, side: int) -> torch.Tensor:
        """Mean over side x side cells around each cell; the window's edge counts what is there."""
        return _box(cells * self.cell_weight, side) / _box(self.cell_weight, side)


def _box(values: torch.Tensor, side: int) -> torch.Tensor:
    return functional.avg_pool2d(values, side, stride=1, padding=side // 2, count_include_pad=False)


def _fill(db: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
    """dB within [-40, 15]; pixels without data take the window's mean."""
    clipped = torch.where(valid, db, 0.0).clamp(-40.0, 15.0)
    count = valid.sum(dim=(2, 3), keepdim=True)
    mean = (clipped * valid).sum(dim=(2, 3), keepdim=True) / count.clamp(min=1)
    centre = torch.tensor(CENTRE, device=db.device)[None, :, None, None]
    return torch.where(valid, clipped, torch.where(count > 0, mean, centre))


def _despike(db: torch.Tensor) -> torch.Tensor:
    """Each pixel limited to the second-highest and second-lowest of its 3 x 3 neighbourhood."""
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
    """dB of the mean power over 3 x 3 px with data."""
    weight = valid + 1e-4
    power = _box(torch.exp(db * (np.log(10) / 10)) * weight, 3) / _box(weight, 3)
    return torch.log(power) * (10 / np.log(10))


def _hats(values: torch.Tensor, knots: Sequence[int]) -> torch.Tensor:
    """Linear B-splines (n, k, H, W) of values (n, 1, H, W); the outer two keep what lies beyond."""
    centres = torch.tensor(knots, dtype=values.dtype, device=values.device)[None, :, None, None]
    inside = values.clamp(float(knots[0]), float(knots[-1]))
    return (1 - (inside - centres).abs() / KNOT_STEP).clamp(min=0)


def _line_energy(smooth: torch.Tensor, pool: _Pool) -> torch.Tensor:
    """Line response (n, 2, lags, 4, h, w) of VV and VH per lag and direction, in dB."""
    height, width = smooth.shape[2:]
    responses = []
    for lag in LAGS:
        scaled = _box(smooth, lag // 2 * 2 - 1)
        padded = functional.pad(scaled, (lag, lag, lag, lag), mode="reflect")
        for dy, dx in DIRECTIONS:
            ahead, behind = (
                padded[:, :, lag + s * lag * dy :, lag + s * lag * dx :][:, :, :height, :width]
                for s in (1, -1)
            )
            responses.append(pool.cell((scaled - (ahead + behind) / 2).abs()))
    energy = torch.stack(responses, dim=2)
    return energy.unflatten(2, (len(LAGS), len(DIRECTIONS)))


def _features(smooth: torch.Tensor, pool: _Pool) -> torch.Tensor:
    """The table of this module's head (n, 64, h, w) from smooth dB (n, 2, H, W)."""
    level = pool.cell(smooth)
    near, wide = pool.around(level, 3), pool.around(level, 7)
    centre = torch.tensor(CENTRE, device=smooth.device)[None, :, None, None]
    levels = [(x - centre) / 5 for x in (level, near, wide)]

    shares = pool.cell(
        torch.cat([_hats(smooth[:, :1], VV_KNOTS), _hats(smooth[:, 1:], VH_KNOTS)], dim=1)
    )
    ratio = _hats(near[:, :1] - near[:, 1:], RATIO_KNOTS)

    inside = (pool.cell(smooth**2) - level**2).clamp(min=0).sqrt()
    across = (pool.around(level**2, 7) - wide**2).clamp(min=0).sqrt()

    energy = _line_energy(smooth, pool)
    strength = energy.mean(dim=3).flatten(1, 2)
    oriented = (energy.amax(dim=3) - energy.amin(dim=3))[:, :, 1:].flatten(1, 2)

    background = functional.interpolate(wide, scale_factor=CELL, mode="nearest")
    bright = pool.cell(((smooth - background - BRIGHT_DB) / 2 + 0.5).clamp(0, 1))

    spread = torch.cat([inside, across], dim=1) / 3
    table = [*levels, shares * 2, ratio * 2, pool.around(shares, 7) * 2]
    return torch.cat([*table, spread, strength / 2, oriented / 2, bright * 2], dim=1)
