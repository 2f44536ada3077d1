"""clip-rgb and ms-clip: vision-language models that look at the satellite image of a tile.

They need no head: their image tower gives a window one vector in the space of their own text tower
(`backend.text.clip`), and stand beside linked heads as references. A window is one cell.

- `clip-rgb`: OpenAI's CLIP ViT-B/16 on true colour, display values 0 to 255 as on a screen, with
  CLIP's own mean and deviation. Its 224 px are the window's.
- `ms-clip`: Llama3-MS-CLIP on ten bands of surface reflectance x 10,000. Its authors' mean and
  deviation are those of files with Sentinel-2's offset of 1000; for values without it, as here,
  they take 1000 off the mean.

Pixels without data take their band's mean over the window.
Sources: Radford et al., CLIP (2021); Marimo et al., Beyond the Visible (2025), and IBM/MS-CLIP.
"""

import dataclasses
from pathlib import Path
from typing import ClassVar

from backend.device import Module, Tensor
from backend.encoders.base import EncoderSpec, Windows
from backend.encoders.published import PublishedEncoder, unfit
from backend.io.weights import PublishedWeights

SIDE_PX = 224
OFFSET = 1000.0
MS_MEAN = (
    *(1925.161, 2183.128, 2338.041, 2667.254, 3233.633),
    *(3460.96, 3555.569, 3619.542, 3406.497, 2841.645),
)
MS_STD = (
    *(1205.586, 1223.713, 1399.638, 1403.298, 1378.513),
    *(1434.924, 1491.141, 1454.089, 1473.248, 1365.08),
)


class ClipRgb(PublishedEncoder):
    """CLIP's vector of a true-colour picture."""

    position = 50
    weights = PublishedWeights(
        name="clip-vitb16",
        repository="openai/clip-vit-base-patch16",
        revision="57c216476eefef5ab752ec549e440a49ae4ae5f3",
        files=("config.json", "tokenizer.json", "*model.[bs]*"),
        size="600 MB",
        licence="MIT",
    )
    mean: ClassVar[tuple[float, ...]] = tuple(255 * m for m in (0.48145466, 0.4578275, 0.40821073))
    std: ClassVar[tuple[float, ...]] = tuple(255 * s for s in (0.26862954, 0.26130258, 0.27577711))
    spec = EncoderSpec(
        name="clip-rgb",
        title="CLIP ViT-B/16 on true colour",
        modality="sentinel-2-rgb",
        bands=("B04", "B03", "B02"),
        dim=512,
        window_px=SIDE_PX,
        pixel_m=10.0,
        grid=(1, 1),
        identity="clip-rgb",
        licence=weights.licence,
        source=weights.source,
        scaling="display",
        text="clip-vitb16",
    )

    def encode(self, windows: Windows) -> Tensor:
        """Return vectors (n, 1, 1, D) float32, not of unit length, of windows (n, bands, 224, 224).

        They hold display values from 0 to 255 or, for MS-CLIP, reflectance x 10,000.
        """
        from backend.encoders.networks.windows import fill_gaps, per_band, take_windows

        with self._inference():
            filled = fill_gaps(take_windows(windows, self.spec, self.device), self.mean)
            scaled = (filled - per_band(self.mean, filled)) / per_band(self.std, filled)
            return self._network(scaled).image_embeds.float()[:, None, None]

    @classmethod
    def _describe(cls, path: Path) -> EncoderSpec:
        from backend.encoders.networks.clip import joint_dim, weights_file

        spec = super()._describe(weights_file(path))
        return dataclasses.replace(spec, dim=joint_dim(path))

    def _load(self, path: Path) -> Module:
        from backend.encoders.networks.clip import read_clip

        files = read_clip(path)
        bands = files.vision.num_channels
        if bands != len(self.spec.bands):
            raise unfit(files.path, f"reads {bands} bands; expected {len(self.spec.bands)}")
        return files.image_tower(self.device)


class MsClip(ClipRgb):
    """MS-CLIP's vector of a picture of ten bands."""

    weights = PublishedWeights(
        name="ms-clip",
        repository="ibm-esa-geospatial/Llama3-MS-CLIP-base",
        revision="main",
        files=("Llama3_MS_CLIP_weights.pt",),
        size="600 MB",
        licence="Llama 3 Community Licence",
    )
    mean = tuple(mean - OFFSET for mean in MS_MEAN)
    std = MS_STD
    spec = dataclasses.replace(
        ClipRgb.spec,
        name="ms-clip",
        title="Llama3-MS-CLIP ViT-B/16 on ten bands",
        modality="sentinel-2",
        bands=("B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12"),
        identity="ms-clip",
        licence=weights.licence,
        source=weights.source,
        scaling="reflectance",
        text="ms-clip",
    )
