"""SigLIP 2: phrases in 109 languages, and photographs, in one space (Tschannen et al., 2025).

Source: google/siglip2-* on Hugging Face, the checkpoints of one image size. Those are
transformers' model type "siglip", whatever their name says; only the NaFlex ones are "siglip2".

Phrases: lower case, the checkpoint's Gemma tokenizer with its final <eos>, 64 tokens, cut or padded
on the right, and no attention mask, since the tower was trained attending to its padding.
Photographs: upright, RGB, then as the checkpoint's preprocessor_config.json says.

A tower gives its pooled output, scaled to unit length. Either is loaded without the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from backend.errors import WeightsInvalid
from backend.io.weights import PublishedWeights
from backend.text.base import Embed, ImageModel, TextSpace, VisionLanguageModel
from backend.text.snapshot import BESIDE, Snapshot, find_snapshot, remedy

if TYPE_CHECKING:
    import torch
    from PIL import Image

MAX_TOKENS = 64
BATCH = 64


@dataclass(frozen=True)
class Siglip2(VisionLanguageModel):
    """One checkpoint."""

    weights: PublishedWeights
    dim: int
    position = 10

    def open_text(
        self, weights: Path | None, device: torch.device
    ) -> tuple[TextSpace, Callable[[], Embed]]:
        """Return the space of its files on this disk, and a function that loads the text tower."""
        snapshot = find_snapshot(self.weights, self.dim, weights)
        return snapshot.space, partial(load_text_model, snapshot, device)

    def open_images(
        self, weights: Path | None, device: torch.device
    ) -> tuple[TextSpace, Callable[[], ImageModel]]:
        """Return the same for the image tower."""
        snapshot = find_snapshot(self.weights, self.dim, weights)
        return snapshot.space, partial(load_image_model, snapshot, device)


def load_text_model(snapshot: Snapshot, device: torch.device) -> Embed:
    """Return the text tower: from phrases to unit vectors (n, D) float32.

    Raises:
        WeightsInvalid: the library cannot read the files, or weights are missing in them.
    """
    import torch
    from transformers import AutoTokenizer, SiglipTextModel

    tokenizer = _read(AutoTokenizer.from_pretrained, snapshot, trust_remote_code=False)
    tower = _read_tower(SiglipTextModel, snapshot, device)

    @torch.inference_mode()
    def embed(phrases: Sequence[str]) -> np.ndarray:
        vectors = []
        for start in range(0, len(phrases), BATCH):
            tokens = tokenizer(
                [phrase.lower() for phrase in phrases[start : start + BATCH]],
                padding="max_length",
                padding_side="right",
                truncation=True,
                max_length=MAX_TOKENS,
                return_tensors="pt",
            )
            vectors.append(_unit(tower(input_ids=tokens.input_ids.to(device)).pooler_output))
        return np.concatenate(vectors)

    return embed


def load_image_model(snapshot: Snapshot, device: torch.device) -> ImageModel:
    """Return the image tower, in mixed precision on CUDA and in float32 elsewhere.

    Raises:
        WeightsInvalid: the library cannot read the files, or weights are missing in them.
    """
    import torch
    from transformers import AutoImageProcessor, SiglipVisionModel

    # The library's other processor needs torchvision, and resizes a little differently.
    read = AutoImageProcessor.from_pretrained
    processor = _read(read, snapshot, backend="pil", trust_remote_code=False)
    tower = _read_tower(SiglipVisionModel, snapshot, device)
    mixed = partial(torch.autocast, "cuda", torch.bfloat16, enabled=device.type == "cuda")

    def prepare(image: Image.Image) -> torch.Tensor:
        pixels: torch.Tensor = processor(upright_rgb(image), return_tensors="pt").pixel_values
        return pixels[0]

    @torch.inference_mode()
    def encode(pixels: torch.Tensor) -> np.ndarray:
        with mixed():
            pooled = tower(pixel_values=pixels.to(device)).pooler_output
        return _unit(pooled)

    return ImageModel(prepare, encode)


def upright_rgb(image: Image.Image) -> Image.Image:
    """Return a photograph turned as its EXIF data says, in RGB.

    What is transparent keeps its colour.
    """
    from PIL import ExifTags, ImageOps

    if image.getexif().get(ExifTags.Base.Orientation, 1) != 1:
        image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16 bits of grey, which PIL would clip to 8 and not scale
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if "transparency" in image.info:
        image = image.convert("RGBA")
    return image if image.mode == "RGB" else image.convert("RGB")


def _unit(pooled: torch.Tensor) -> np.ndarray:
    import torch

    return torch.nn.functional.normalize(pooled.float(), dim=1).cpu().numpy()


def _read_tower(kind: Any, snapshot: Snapshot, device: torch.device) -> Any:
    """Return one tower of the model in float32; the weights of the other one are not read."""
    import torch

    tower, report = _read(
        kind.from_pretrained,
        snapshot,
        use_safetensors=True,
        dtype=torch.float32,
        output_loading_info=True,
    )
    if report["missing_keys"]:
        raise WeightsInvalid(
            f"The weights in {snapshot.folder} lack {min(report['missing_keys'])}.",
            remedy(snapshot.weights),
        )
    return tower.eval().to(device)


def _read(load: Callable[..., Any], snapshot: Snapshot, **options: Any) -> Any:
    """Return a part of the snapshot by the library's own reader, from these files only."""
    from backend.encoders.networks.weights import quiet

    try:
        with quiet():
            return load(snapshot.folder, local_files_only=True, **options)
    except MemoryError:
        raise
    except Exception as error:  # the readers of three libraries fail in many ways
        reason = " ".join(str(error).split())
        raise WeightsInvalid(
            f"The files in {snapshot.folder} cannot be read: {reason}.", remedy(snapshot.weights)
        ) from error


def _checkpoint(name: str, repository: str, revision: str, dim: int, size: str) -> Siglip2:
    files = (*BESIDE, "model*.safetensors*")
    about = (f"google/{repository}", revision, files, size, "Apache-2.0")
    return Siglip2(name, PublishedWeights(name, *about, in_hub_cache=True), dim)


MODELS = (
    _checkpoint(
        "siglip2-base",
        "siglip2-base-patch16-384",
        "f775b65a79762255128c981547af89addcfe0f88",
        768,
        "1.5 GB",
    ),
    _checkpoint("siglip2-large", "siglip2-large-patch16-384", "main", 1024, "3.5 GB"),
    _checkpoint(
        "siglip2-so400m",
        "siglip2-so400m-patch14-384",
        "e8e487298228002f3d8a82e0cd5c8ea9c567f57f",
        1152,
        "4.5 GB",
    ),
    _checkpoint(
        "siglip2-giant",
        "siglip2-giant-opt-patch16-384",
        "a713301b217d38485fb2204c808367d10bc3cc40",
        1536,
        "7.5 GB",
    ),
)
