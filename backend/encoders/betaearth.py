"""betaearth-s1: BetaEarth on Sentinel-1 alone, at its own 10 m or as means over 160 m.

The published network has four branches (two Sentinel-2 products, Sentinel-1, elevation), each a
MiT-B2 with a feature pyramid; a day of year scales and shifts what comes out of the first three,
and two 1 x 1 convolutions fuse the four. What is not observed enters the fusion as zeros, so only
the branch of Sentinel-1 is loaded and run. Features are unit vectors; means of them are shorter.

Input is clip((dB + 25) / 25, 0, 1) for both bands, and 0 where there is no data, as in training.
Source: Czerkawski, BetaEarth (2026), `asterisk-labs/betaearth-segformer-film-robust`.
"""

import copy
import dataclasses
import math
from collections.abc import Sequence
from datetime import date as calendar_date
from pathlib import Path
from typing import Self

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from backend.encoders.base import EncoderSpec
from backend.encoders.mit import PyramidNetwork, enlarge
from backend.encoders.published import PublishedEncoder
from backend.encoders.vit import named
from backend.encoders.weights import load_network, read_tensors
from backend.encoders.windows import take_windows
from backend.errors import DateMissing

FLOOR_DB = -25.0
SPAN_DB = 25.0
STEP = 32
CELL = 16
FUSED = 256
DAY = 128
DIM = 64
BRANCHES = ("s2l1c_encoder", "s2l2a_encoder", "s1_encoder", "dem_encoder")
S1 = BRANCHES.index("s1_encoder")


class BetaEarthS1(PublishedEncoder):
    """Means of the features over cells of 160 m: what heads are fitted on."""

    weights = "betaearth-s1/model.pt"
    spec = EncoderSpec(
        name="betaearth-s1",
        title="BetaEarth, Sentinel-1 alone",
        modality="sentinel-1",
        bands=("VV", "VH"),
        dim=DIM,
        window_px=224,
        pixel_m=10.0,
        grid=(224 // CELL, 224 // CELL),
        identity="betaearth-s1",
        licence="CC-BY-4.0",
        source="asterisk-labs/betaearth-segformer-film-robust",
        scaling="published",
        product_type="RTC",
    )
    _days: torch.Tensor | None = None

    def with_date(self, date: str | Sequence[str | None] | None) -> Self:
        """This encoder for windows of an ISO date, or of one date each. DateMissing for a None."""
        days = []
        for one in [date] if date is None or isinstance(date, str) else date:
            if one is None:
                raise self._no_date()
            days.append(calendar_date.fromisoformat(one).timetuple().tm_yday)
        bound = copy.copy(self)
        bound._days = torch.tensor(days, device=self.device)
        return bound

    @torch.no_grad()
    def encode(self, db: torch.Tensor | np.ndarray) -> torch.Tensor:
        """Feature grids (n, H / cell, W / cell, 64) float32 of windows (n, 2, H, W) in dB.

        H and W are multiples of 32, at least 224. DateMissing unless bound to a date by `on`.
        """
        if self._days is None:
            raise self._no_date()
        windows = take_windows(db, self.spec, self.device, STEP)
        scaled = ((windows - FLOOR_DB) / SPAN_DB).nan_to_num(0).clamp(0, 1)
        days = self._days.expand(len(scaled))
        # One window at a time is enough on a CPU: 256 features a pixel are 50 MB.
        at_once = 1 if self.device.type == "cpu" else max(len(scaled), 1)
        parts = zip(scaled.split(at_once), days.split(at_once), strict=True)
        with self._mixing():
            features = (self._network(*part) for part in parts)
            grids = [functional.avg_pool2d(one, self.spec.cell_px) for one in features]
        return torch.cat(grids).permute(0, 2, 3, 1)

    def _load(self, path: Path) -> nn.Module:
        # The frequencies of the day are the formula's, whatever the file says.
        unused = ("time_cond.embedding.", *(f"{b}." for i, b in enumerate(BRANCHES) if i != S1))
        tensors = {k: v for k, v in read_tensors(path).items() if not k.startswith(unused)}
        return load_network(_Network, path, tensors, self.device)

    def _no_date(self) -> DateMissing:
        return DateMissing(
            f"{self.spec.name} needs the scene's date, which is not known.",
            "State it as year-month-day.",
        )


class BetaEarthS1Dense(BetaEarthS1):
    """The features of every pixel, for the same heads."""

    spec = dataclasses.replace(
        BetaEarthS1.spec,
        name="betaearth-s1-10m",
        title=f"{BetaEarthS1.spec.title}, every pixel",
        grid=(224, 224),
    )


class _Network(nn.Module):
    """What of BetaEarth Sentinel-1 needs, its modules named as published."""

    def __init__(self) -> None:
        super().__init__()
        self.s1_encoder = PyramidNetwork(2, FUSED)
        self.time_cond = _DayConditioning()
        self.fusion = nn.Sequential(
            nn.Conv2d(FUSED * len(BRANCHES), FUSED, 1), nn.GELU(), nn.Conv2d(FUSED, DIM, 1)
        )

    def forward(self, images: torch.Tensor, days: torch.Tensor) -> torch.Tensor:
        """Unit vectors (n, 64, H, W) of scaled images (n, 2, H, W) of days of the year (n,)."""
        features = self.time_cond(self.s1_encoder(images), days)
        weight, bias = self.fusion.get_parameter("0.weight"), self.fusion.get_parameter("0.bias")
        of_s1 = weight[:, S1 * FUSED : (S1 + 1) * FUSED]
        # The published order enlarges first: the same by linearity, at 16 times the work.
        hidden = enlarge(functional.conv2d(features, of_s1, bias), 4)
        return functional.normalize(self.fusion[1:](hidden).float(), dim=1)


class _DayConditioning(nn.Module):
    """Features scaled and shifted by the day of the year (Perez et al., FiLM, 2018)."""

    def __init__(self) -> None:
        super().__init__()
        self.film = named(proj=nn.Linear(DAY, 2 * FUSED))

    def forward(self, features: torch.Tensor, days: torch.Tensor) -> torch.Tensor:
        frequencies = 10_000 ** (-torch.arange(DAY // 2, device=days.device) / (DAY // 2))
        angles = (2 * math.pi / 366) * days[:, None] * frequencies
        scale, shift = self.film(torch.cat([angles.sin(), angles.cos()], dim=1)).chunk(2, dim=1)
        return scale[..., None, None] * features + shift[..., None, None]
