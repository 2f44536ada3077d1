"""ssl4eo-s1: a vision transformer, pretrained on Sentinel-1 as a masked autoencoder.

Weights: the encoder alone (`B2_vitl16_mae_ep99_enc.pth`), or the whole training checkpoint, of
which the decoder is left out; ViT-S, ViT-B and ViT-L are told apart by their shapes.
Features are all patch tokens after the last normalisation, without the class token.

The weights saw GRD dB as clip((dB - (mean - 2 std)) / (4 std), 0, 1): the scaling "published".
Heads fitted with another library, which feeds the same weights (dB - mean) / std, need "z-score".
Pixels without data take their band's mean over the window.
Source: Wang et al., SSL4EO-S12 (2023).
"""

import dataclasses
from pathlib import Path

import numpy as np
import torch

from backend.encoders.base import EncoderSpec
from backend.encoders.published import PublishedEncoder
from backend.encoders.vit import HEAD_WIDTH, VisionTransformer
from backend.encoders.weights import load_network, read_tensors, unfit
from backend.encoders.windows import fill_gaps, per_band, take_windows

MEAN = (-12.54847273, -20.19237134)
STD = (5.25697717, 5.91150917)
PATCH = 16
SIDE = 14
WIDEST = 4096
SIZES = {384: "S", 768: "B", 1024: "L"}


class Ssl4eoS1(PublishedEncoder):
    """The vision transformer on dB scaled as in its training."""

    weights = "ssl4eo-s1/B2_vitl16_mae_ep99_enc.pth"
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
        licence="CC-BY-4.0",
        source="wangyi111/SSL4EO-S12@75c72195d35201dc1fb210818993518c25da566b",
        scaling="published",
        product_type="GRD",
    )

    @torch.no_grad()
    def encode(self, db: torch.Tensor | np.ndarray) -> torch.Tensor:
        """Feature grids (n, 14, 14, d) float32 of windows (n, 2, 224, 224) in dB."""
        windows = fill_gaps(take_windows(db, self.spec, self.device), MEAN)
        with self._mixing():
            return self._network(self._scale(windows)).float()

    def _scale(self, db: torch.Tensor) -> torch.Tensor:
        mean, std = per_band(MEAN, db), per_band(STD, db)
        return ((db - (mean - 2 * std)) / (4 * std)).clamp(0, 1)

    @classmethod
    def _describe(cls, path: Path) -> EncoderSpec:
        width, _ = _size(_encoder_tensors(path), path)
        title = cls.spec.title.replace("ViT-L", f"ViT-{SIZES.get(width, f'{width} wide')}")
        return dataclasses.replace(super()._describe(path), dim=width, title=title)

    def _load(self, path: Path) -> torch.nn.Module:
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
        return (db - per_band(MEAN, db)) / per_band(STD, db)


class Ssl4eoS1Base(Ssl4eoS1):
    """The same with ViT-B."""

    weights = "ssl4eo-s1-vitb16/B2_vitb16_mae_ep99_enc.pth"
    spec = dataclasses.replace(
        Ssl4eoS1.spec, name="ssl4eo-s1-vitb16", title="SSL4EO-S12 MAE ViT-B/16", dim=768
    )


class Ssl4eoS1Small(Ssl4eoS1):
    """The same with ViT-S."""

    weights = "ssl4eo-s1-vits16/B2_vits16_mae_ep99_enc.pth"
    spec = dataclasses.replace(
        Ssl4eoS1.spec, name="ssl4eo-s1-vits16", title="SSL4EO-S12 MAE ViT-S/16", dim=384
    )


def _encoder_tensors(path: Path) -> dict[str, torch.Tensor]:
    """The state dict without what a masked autoencoder needs for its training alone."""
    tensors = read_tensors(path)
    return {
        key: tensor
        for key, tensor in tensors.items()
        if key != "mask_token" and not key.startswith("decoder_")
    }


def _size(tensors: dict[str, torch.Tensor], path: Path) -> tuple[int, int]:
    """Width and depth of the vision transformer with these tensors. WeightsInvalid."""
    width = tensors["norm.bias"].numel() if "norm.bias" in tensors else 0
    depth = len({key.split(".")[1] for key in tensors if key.startswith("blocks.")})
    if not (0 < width <= WIDEST and width % HEAD_WIDTH == 0 and depth):
        raise unfit(path, f"holds no vision transformer with heads {HEAD_WIDTH} wide")
    return width, depth
