"""closp-s1: CLOSP, whose radar tower and text tower were trained to meet in one space.

It needs no head: its radar tower gives a window one vector in the space of its own text tower
(`backend.text.closp`), as `clip-rgb` does for pictures. A window is one cell.

Windows are those of its training: 120 px of 10 m in dB (GRD), VV and VH, not scaled at all, made
224 px wide by bilinear interpolation that keeps the corners, as kornia's Resize does. A vision
transformer (ViT-S, or ViT-L) gives the class token, and one linear layer leads to the space. The
file holds the tower for Sentinel-2, too, which is left out. Pixels without data take their band's
mean over the window.

Source: Rege Cambrin et al., CLOSP (2025), arXiv:2507.10403; github.com/DarthReca/closp. Weights:
CreativeML Open RAIL-M, a licence that forbids some uses.
"""

import dataclasses
from pathlib import Path

from backend.device import Module, Tensor
from backend.encoders.base import EncoderSpec, Windows
from backend.encoders.published import PublishedEncoder
from backend.encoders.ssl4eo import MEAN
from backend.io.weights import PublishedWeights

SIDE_PX = 120


class ClospS1(PublishedEncoder):
    """CLOSP's vector of a radar window; the vision transformer is a small one."""

    position = 55
    weights = PublishedWeights(
        name="closp-vs",
        repository="DarthReca/CLOSP-VS",
        revision="main",
        files=("model.safetensors",),
        size="270 MB",
        licence="CreativeML Open RAIL-M",
    )
    spec = EncoderSpec(
        name="closp-s1",
        title="CLOSP ViT-S/16",
        modality="sentinel-1",
        bands=("VV", "VH"),
        dim=384,
        window_px=SIDE_PX,
        pixel_m=10.0,
        grid=(1, 1),
        identity="closp-s1",
        licence=weights.licence,
        source=weights.source,
        scaling="decibels",
        product_type="GRD",
        text="closp-vs",
    )

    def encode(self, windows: Windows) -> Tensor:
        """Return vectors (n, 1, 1, 384) float32, not of unit length, of windows (n, 2, 120, 120).

        They are in dB.
        """
        from backend.encoders.networks.windows import fill_gaps, take_windows

        with self._inference():
            db = fill_gaps(take_windows(windows, self.spec, self.device), MEAN)
            return self._network(db).float()[:, None, None]

    @classmethod
    def _describe(cls, path: Path) -> EncoderSpec:
        from backend.encoders.networks.closp import joint_dim

        return dataclasses.replace(super()._describe(path), dim=joint_dim(path))

    def _load(self, path: Path) -> Module:
        from backend.encoders.networks.closp import load_radar_tower

        return load_radar_tower(path, self.device)


class ClospS1Large(ClospS1):
    """The same with ViT-L."""

    weights = dataclasses.replace(
        ClospS1.weights, name="closp-vl", repository="DarthReca/CLOSP-VL", size="2.5 GB"
    )
    spec = dataclasses.replace(
        ClospS1.spec,
        name="closp-s1-vitl",
        title="CLOSP ViT-L/16",
        identity="closp-s1-vitl",
        source=weights.source,
        text="closp-vl",
    )
