"""The network of BetaEarth as far as Sentinel-1 runs through it.

Source: Czerkawski, BetaEarth (2026), `asterisk-labs/betaearth-segformer-film-robust`.
"""

import math

import torch
from torch import nn
from torch.nn import functional

from backend.encoders.networks.mit import PyramidNetwork, enlarge
from backend.encoders.networks.vit import named

FUSED = 256
DAY = 128
DIM = 64
BRANCHES = ("s2l1c_encoder", "s2l2a_encoder", "s1_encoder", "dem_encoder")
S1 = BRANCHES.index("s1_encoder")
# The other branches; and the frequencies of the day, which are a formula, whatever the file says.
UNUSED = ("time_cond.embedding.", *(f"{b}." for i, b in enumerate(BRANCHES) if i != S1))


class BetaEarthNetwork(nn.Module):
    """The part of BetaEarth that Sentinel-1 needs, its modules named as published."""

    def __init__(self) -> None:
        super().__init__()
        self.s1_encoder = PyramidNetwork(2, FUSED)
        self.time_cond = _DayConditioning()
        self.fusion = nn.Sequential(
            nn.Conv2d(FUSED * len(BRANCHES), FUSED, 1), nn.GELU(), nn.Conv2d(FUSED, DIM, 1)
        )

    def forward(self, images: torch.Tensor, days: torch.Tensor) -> torch.Tensor:
        """Return unit vectors (n, 64, H, W) of scaled images (n, 2, H, W) and days (n,)."""
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
