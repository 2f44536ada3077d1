"""dinov2-s1: DINOv2, which was trained on photographs, on a colour composite of radar.

Red is VV from -25 to 0 dB, green VH from -32 to -7 dB, blue VV - VH from 0 to 15 dB, each cut off
at its ends and brought to 0 ... 1; then the mean and deviation of ImageNet, which DINOv2 expects.
The three ranges hold nearly all of Sentinel-1 over land and water. They are this project's choice,
named "composite-1" in the identity. Pixels without data take their band's mean over the window.

Weights: a folder with `config.json` and `model.safetensors` as on Hugging Face, of any size.
Features are all patch tokens after the last normalisation, without the class token.
Source: Oquab et al., DINOv2 (2023).
"""

import dataclasses
from pathlib import Path
from typing import Any

from backend.device import Module, Tensor
from backend.encoders.base import EncoderSpec, Windows
from backend.encoders.published import PublishedEncoder, read_config, reading, unfit
from backend.io.weights import PublishedWeights

PATCH = 14
SIZES = {384: "S", 768: "B", 1024: "L", 1536: "g"}
USUAL_DB = (-11.0, -18.0)
LOW_DB = (-25.0, -32.0, 0.0)
HIGH_DB = (0.0, -7.0, 15.0)
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)


class Dinov2S1(PublishedEncoder):
    """DINOv2's patch tokens of a radar composite."""

    position = 30
    weights = PublishedWeights(
        name="dinov2-s1",
        repository="facebook/dinov2-large",
        revision="47b73eefe95e8d44ec3623f8890bd894b6ea2d6c",
        files=("config.json", "model.safetensors"),
        size="1.2 GB",
        licence="Apache-2.0",
    )
    spec = EncoderSpec(
        name="dinov2-s1",
        title="DINOv2 ViT-L/14 on a radar composite",
        modality="sentinel-1",
        bands=("VV", "VH"),
        dim=1024,
        window_px=224,
        pixel_m=10.0,
        grid=(224 // PATCH, 224 // PATCH),
        identity="dinov2-s1",
        licence=weights.licence,
        source=weights.source,
        scaling="composite-1",
    )

    def encode(self, windows: Windows) -> Tensor:
        """Return feature grids (n, 16, 16, d) float32 of windows (n, 2, 224, 224) in dB."""
        from backend.encoders.networks.windows import fill_gaps, take_windows

        with self._inference():
            filled = fill_gaps(take_windows(windows, self.spec, self.device), USUAL_DB)
            tokens = self._network(composite(filled)).last_hidden_state[:, 1:]
            return tokens.float().unflatten(1, self.spec.grid)

    @classmethod
    def _describe(cls, path: Path) -> EncoderSpec:
        spec = super()._describe(path / "model.safetensors")
        config = read_config(path, "dinov2")
        width, patch = config.get("hidden_size"), config.get("patch_size")
        if patch != PATCH or not isinstance(width, int):
            raise unfit(path, f"holds a dinov2 with patches of {patch} px; expected {PATCH} px")
        title = spec.title.replace("ViT-L", f"ViT-{SIZES.get(width, f'{width} wide')}")
        return dataclasses.replace(spec, dim=width, title=title)

    def _load(self, path: Path) -> Module:
        import torch
        from transformers import Dinov2Model

        from backend.encoders.networks.weights import frozen, quiet

        with reading(path), quiet():
            loaded: Any = Dinov2Model.from_pretrained(
                path,
                local_files_only=True,
                use_safetensors=True,
                dtype=torch.float32,
                output_loading_info=True,
                ignore_mismatched_sizes=True,
            )
        network, keys = loaded
        problems = [f"lacks {key}" for key in sorted(keys["missing_keys"])]
        problems += [
            f"has {k}, which this encoder does not" for k in sorted(keys["unexpected_keys"])
        ]
        for key, found, expected in sorted(keys["mismatched_keys"]):
            problems += [f"has {key} of shape {tuple(found)}; expected {tuple(expected)}"]
        if problems:
            raise unfit(path, problems[0])
        return frozen(network.to(self.device), path)


def composite(db: Tensor) -> Tensor:
    """Return colours (n, 3, H, W), as DINOv2 expects them, of VV and VH (n, 2, H, W) in dB."""
    import torch

    from backend.encoders.networks.windows import per_band

    bands = torch.cat([db, db[:, :1] - db[:, 1:]], dim=1)
    low, high = per_band(LOW_DB, db), per_band(HIGH_DB, db)
    colours = ((bands - low) / (high - low)).clamp(0, 1)
    return (colours - per_band(MEAN, db)) / per_band(STD, db)
