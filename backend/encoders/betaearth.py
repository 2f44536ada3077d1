"""betaearth-s1: BetaEarth on Sentinel-1 alone, at its own 10 m or as means over 160 m.

The published network has four branches (two Sentinel-2 products, Sentinel-1, elevation), each a
MiT-B2 with a feature pyramid; a day of year scales and shifts what comes out of the first three,
and two 1 x 1 convolutions fuse the four. What is not observed enters the fusion as zeros, so only
the branch of Sentinel-1 is loaded and run. Features are unit vectors; means of them are shorter.

Input is clip((dB + 25) / 25, 0, 1) for both bands, and 0 where there is no data, as in training.
Source: Czerkawski, BetaEarth (2026), `asterisk-labs/betaearth-segformer-film-robust`.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence
from datetime import date as calendar_date
from pathlib import Path
from typing import Self

from backend.device import Module, Tensor
from backend.encoders.base import EncoderSpec, Windows
from backend.encoders.published import PublishedEncoder
from backend.errors import DateMissing
from backend.io.weights import PublishedWeights

FLOOR_DB = -25.0
SPAN_DB = 25.0
STEP = 32  # sides of windows are multiples of what the deepest stage of the network halves to
CELL = 16


class BetaEarthS1(PublishedEncoder):
    """Means of the features over cells of 160 m: what heads are fitted on."""

    position = 20
    weights = PublishedWeights(
        name="betaearth-s1",
        repository="asterisk-labs/betaearth-segformer-film-robust",
        revision="main",
        files=("model.pt",),
        size="420 MB",
        licence="CC-BY-4.0",
    )
    spec = EncoderSpec(
        name="betaearth-s1",
        title="BetaEarth, Sentinel-1 alone",
        modality="sentinel-1",
        bands=("VV", "VH"),
        dim=64,
        window_px=224,
        pixel_m=10.0,
        grid=(224 // CELL, 224 // CELL),
        identity="betaearth-s1",
        licence=weights.licence,
        source=weights.source,
        scaling="published",
        product_type="RTC",
    )
    _days: Tensor | None = None

    def with_date(self, date: str | Sequence[str | None] | None) -> Self:
        """Return this encoder for windows of an ISO date, or of one date each.

        Raises:
            DateMissing: a date is None.
        """
        import torch

        days = []
        for one in [date] if date is None or isinstance(date, str) else date:
            if one is None:
                raise self._no_date()
            days.append(calendar_date.fromisoformat(one).timetuple().tm_yday)
        bound = copy.copy(self)
        bound._days = torch.tensor(days, device=self.device)
        return bound

    def encode(self, windows: Windows) -> Tensor:
        """Return feature grids (n, H / cell, W / cell, 64) float32 of windows (n, 2, H, W) in dB.

        H and W are multiples of 32, at least 224.

        Raises:
            DateMissing: `with_date` was not called.
        """
        import torch

        from backend.encoders.networks.windows import take_windows

        if self._days is None:
            raise self._no_date()
        with self._inference():
            images = take_windows(windows, self.spec, self.device, STEP)
            # No data is 0 after the scaling, as in training, and not the mean of the window.
            scaled = ((images - FLOOR_DB) / SPAN_DB).nan_to_num(0).clamp(0, 1)
            days = self._days.expand(len(scaled))
            # One window at a time is enough on a CPU: 256 features a pixel are 50 MB.
            at_once = 1 if self.device.type == "cpu" else max(len(scaled), 1)
            parts = zip(scaled.split(at_once), days.split(at_once), strict=True)
            features = (self._network(*part) for part in parts)
            pool, side = torch.nn.functional.avg_pool2d, self.spec.cell_px
            return torch.cat([pool(one, side) for one in features]).permute(0, 2, 3, 1)

    def _load(self, path: Path) -> Module:
        from backend.encoders.networks.betaearth import UNUSED, BetaEarthNetwork
        from backend.encoders.networks.weights import load_network, read_tensors

        tensors = {k: v for k, v in read_tensors(path).items() if not k.startswith(UNUSED)}
        return load_network(BetaEarthNetwork, path, tensors, self.device)

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
