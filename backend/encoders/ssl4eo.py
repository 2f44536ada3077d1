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

from backend.device import Module, Tensor
from backend.encoders.base import EncoderSpec, Windows
from backend.encoders.published import PublishedEncoder, unfit
from backend.io.weights import PublishedWeights

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

    def encode(self, windows: Windows) -> Tensor:
        """Return feature grids (n, 14, 14, d) float32 of windows (n, 2, 224, 224) in dB."""
        from backend.encoders.networks.windows import fill_gaps, per_band, take_windows

        with self._inference():
            db = fill_gaps(take_windows(windows, self.spec, self.device), MEAN)
            scaled = self._scale(db, per_band(MEAN, db), per_band(STD, db))
            return self._network(scaled).float()

    def _scale(self, db: Tensor, mean: Tensor, std: Tensor) -> Tensor:
        return ((db - (mean - 2 * std)) / (4 * std)).clamp(0, 1)

    @classmethod
    def _describe(cls, path: Path) -> EncoderSpec:
        _, width, _ = _read(path)
        title = cls.spec.title.replace("ViT-L", f"ViT-{SIZES.get(width, f'{width} wide')}")
        return dataclasses.replace(super()._describe(path), dim=width, title=title)

    def _load(self, path: Path) -> Module:
        from backend.encoders.networks.vit import VisionTransformer
        from backend.encoders.networks.weights import load_network

        tensors, width, depth = _read(path)
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

    def _scale(self, db: Tensor, mean: Tensor, std: Tensor) -> Tensor:
        return (db - mean) / std


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


def _read(path: Path) -> tuple[dict[str, Tensor], int, int]:
    """Return the tensors of the encoder without those of its training, its width and its depth.

    Raises:
        WeightsInvalid: they are not those of a vision transformer.
    """
    from backend.encoders.networks.vit import HEAD_WIDTH
    from backend.encoders.networks.weights import read_tensors

    training = ("mask_token", "decoder_")
    tensors = {k: v for k, v in read_tensors(path).items() if not k.startswith(training)}
    width = tensors["norm.bias"].numel() if "norm.bias" in tensors else 0
    depth = len({key.split(".")[1] for key in tensors if key.startswith("blocks.")})
    if not (0 < width <= WIDEST and width % HEAD_WIDTH == 0 and depth):
        raise unfit(path, f"holds no vision transformer with heads {HEAD_WIDTH} wide")
    return tensors, width, depth
