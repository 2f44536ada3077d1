"""ssl4eo-s1: a vision transformer, pretrained on Sentinel-1 as a masked autoencoder.

Weights: the encoder alone (`B2_vitl16_mae_ep99_enc.pth`), or the whole training checkpoint, of
which the decoder is left out; ViT-S, ViT-B and ViT-L are told apart by their shapes.
Features are all patch tokens after the last normalisation, without the class token.

The weights saw GRD dB as clip((dB - (mean - 2 std)) / (4 std), 0, 1): the scaling "published".
Heads fitted with another library, which feeds the same weights (dB - mean) / std, need "z-score".
Pixels without data take their band's mean over the window.
Source: Wang et al., SSL4EO-S12 (2023).
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from backend.encoders.base import EncoderSpec
from backend.encoders.published import PublishedEncoder, unfit
from backend.io.weights import PublishedWeights

if TYPE_CHECKING:
    import numpy as np
    import torch

MEAN = (-12.54847273, -20.19237134)
STD = (5.25697717, 5.91150917)
PATCH = 16
SIDE = 14
WIDEST = 4096
SIZES = {384: "S", 768: "B", 1024: "L"}


class Ssl4eoS1(PublishedEncoder):
    """The vision transformer on dB scaled as in its training."""

    position = 10
    weights = PublishedWeights(
        name="ssl4eo-s1",
        repository="wangyi111/SSL4EO-S12",
        revision="75c72195d35201dc1fb210818993518c25da566b",
        files=("B2_vitl16_mae_ep99_enc.pth",),
        size="1.2 GB",
        licence="CC-BY-4.0",
    )
    spec = EncoderSpec(
        name="ssl4eo-s1",
        title="SSL4EO-S12 MAE ViT-L/16",
        modality="sentinel-1",
        bands=("VV", "VH"),
        dim=1024,
        window_px=SIDE * PATCH,
        pixel_m=10.0,
        grid=(SIDE, SIDE),
        identity="ssl4eo-s1",
        licence=weights.licence,
        source=weights.source,
        scaling="published",
        product_type="GRD",
    )

    def encode(self, windows: torch.Tensor | np.ndarray) -> torch.Tensor:
        """Return feature grids (n, 14, 14, d) float32 of windows (n, 2, 224, 224) in dB."""
        import torch

        from backend.encoders.networks.windows import fill_gaps, take_windows

        with torch.no_grad(), self._mixing():
            filled = fill_gaps(take_windows(windows, self.spec, self.device), MEAN)
            return self._network(self._scale(filled)).float()

    def _scale(self, db: torch.Tensor) -> torch.Tensor:
        from backend.encoders.networks.windows import per_band

        mean, std = per_band(MEAN, db), per_band(STD, db)
        return ((db - (mean - 2 * std)) / (4 * std)).clamp(0, 1)

    @classmethod
    def _describe(cls, path: Path) -> EncoderSpec:
        width, _ = _size(_encoder_tensors(path), path)
        title = cls.spec.title.replace("ViT-L", f"ViT-{SIZES.get(width, f'{width} wide')}")
        return dataclasses.replace(super()._describe(path), dim=width, title=title)

    def _load(self, path: Path) -> torch.nn.Module:
        from backend.encoders.networks.vit import VisionTransformer
        from backend.encoders.networks.weights import load_network

        tensors = _encoder_tensors(path)
        width, depth = _size(tensors, path)
        bands = len(self.spec.bands)
        return load_network(
            lambda: VisionTransformer(bands, PATCH, SIDE, width, depth), path, tensors, self.device
        )


class Ssl4eoS1ZScore(Ssl4eoS1):
    """The same network on z-scores, for heads that were fitted so."""

    spec = dataclasses.replace(
        Ssl4eoS1.spec,
        name="ssl4eo-s1-zscore",
        title=f"{Ssl4eoS1.spec.title}, z-score",
        scaling="z-score",
    )

    def _scale(self, db: torch.Tensor) -> torch.Tensor:
        from backend.encoders.networks.windows import per_band

        return (db - per_band(MEAN, db)) / per_band(STD, db)


class Ssl4eoS1Base(Ssl4eoS1):
    """The same with ViT-B."""

    weights = dataclasses.replace(
        Ssl4eoS1.weights,
        name="ssl4eo-s1-vitb16",
        files=("B2_vitb16_mae_ep99_enc.pth",),
        size="340 MB",
    )
    spec = dataclasses.replace(
        Ssl4eoS1.spec, name="ssl4eo-s1-vitb16", title="SSL4EO-S12 MAE ViT-B/16", dim=768
    )


class Ssl4eoS1Small(Ssl4eoS1):
    """The same with ViT-S."""

    weights = dataclasses.replace(
        Ssl4eoS1.weights,
        name="ssl4eo-s1-vits16",
        files=("B2_vits16_mae_ep99_enc.pth",),
        size="90 MB",
    )
    spec = dataclasses.replace(
        Ssl4eoS1.spec, name="ssl4eo-s1-vits16", title="SSL4EO-S12 MAE ViT-S/16", dim=384
    )


def _encoder_tensors(path: Path) -> dict[str, torch.Tensor]:
    """Return the state dict without what a masked autoencoder needs for its training alone."""
    from backend.encoders.networks.weights import read_tensors

    return {
        key: tensor
        for key, tensor in read_tensors(path).items()
        if key != "mask_token" and not key.startswith("decoder_")
    }


def _size(tensors: dict[str, torch.Tensor], path: Path) -> tuple[int, int]:
    """Return width and depth of the vision transformer with these tensors, or raise."""
    from backend.encoders.networks.vit import HEAD_WIDTH

    width = tensors["norm.bias"].numel() if "norm.bias" in tensors else 0
    depth = len({key.split(".")[1] for key in tensors if key.startswith("blocks.")})
    if not (0 < width <= WIDEST and width % HEAD_WIDTH == 0 and depth):
        raise unfit(path, f"holds no vision transformer with heads {HEAD_WIDTH} wide")
    return width, depth
