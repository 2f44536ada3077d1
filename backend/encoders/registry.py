"""Encoders by name."""

from pathlib import Path

import torch

from backend.device import choose_device
from backend.encoders.base import Encoder, EncoderSpec
from backend.encoders.texture_s1 import TextureS1
from backend.errors import EncoderUnknown

_KNOWN: dict[str, type[TextureS1]] = {TextureS1.spec.name: TextureS1}


def list_encoders() -> list[EncoderSpec]:
    """Specifications of all encoders."""
    return [encoder.spec for encoder in _KNOWN.values()]


def load_encoder(
    name: str, weights: str | Path | None = None, device: str | torch.device | None = None
) -> Encoder:
    """The encoder of this name on `device` (CUDA where there is one when None).

    `weights` is a file of the encoder's published weights; texture-s1 has none.
    Raises EncoderUnknown, WeightsMissing.
    """
    if name not in _KNOWN:
        raise EncoderUnknown(
            f"There is no encoder {name!r}.", f"Encoders: {', '.join(sorted(_KNOWN))}."
        )
    return _KNOWN[name](weights=weights, device=choose_device(device))
