"""Text encoders by name, and the image encoders of those that have one."""

from functools import partial
from pathlib import Path

import torch

from backend.device import choose_device
from backend.errors import ConfigInvalid, TextEncoderUnknown
from backend.resources import user_path
from backend.text import clip, minilm, siglip2
from backend.text.base import ImageEncoder, TextEncoder
from backend.text.snapshot import Snapshot, find_snapshot


def list_text_encoders() -> list[str]:
    """Names of the text encoders."""
    return [minilm.NAME, *siglip2.CHECKPOINTS, *clip.CHECKPOINTS]


def load_text_encoder(
    name: str,
    weights: str | Path | None = None,
    device: str | torch.device | None = None,
    *,
    remember: bool = True,
) -> TextEncoder:
    """The text encoder of this name; `remember` keeps phrases on disk between runs.

    `weights` is a folder with the published files; minilm has its own. The model itself is loaded
    by the first phrase that is not remembered. Raises TextEncoderUnknown, ConfigInvalid,
    WeightsMissing, WeightsInvalid.
    """
    memory = user_path("phrases") if remember else None
    where = choose_device(device)
    if name in clip.CHECKPOINTS:
        found = clip.find_clip(name, None if weights is None else Path(weights))
        return TextEncoder(name, found.space, partial(clip.load_text_model, found, where), memory)
    if name != minilm.NAME:
        snapshot = _find(name, weights)
        load = partial(siglip2.load_text_model, snapshot, where)
        return TextEncoder(name, snapshot.space, load, memory)
    if weights is not None:
        raise ConfigInvalid(
            f"minilm brings its own weights; {weights} was given.", "Leave the weights out."
        )
    return TextEncoder(name, minilm.SPACE, partial(minilm.load_model, where), memory)


def load_image_encoder(
    name: str,
    weights: str | Path | None = None,
    device: str | torch.device | None = None,
) -> ImageEncoder:
    """The image encoder of a text encoder's space: photographs and phrases may be compared.

    The model itself is loaded by the first photograph. Raises TextEncoderUnknown, ConfigInvalid
    for one that reads text only, WeightsMissing, WeightsInvalid.
    """
    if name == minilm.NAME or name in clip.CHECKPOINTS:
        raise ConfigInvalid(
            f"{name} reads text only; photographs need a text encoder with an image tower.",
            f"Choose one of {', '.join(siglip2.CHECKPOINTS)}.",
        )
    snapshot = _find(name, weights)
    where = choose_device(device)
    load = partial(siglip2.load_image_model, snapshot, where)
    return ImageEncoder(name, snapshot.space, where, load)


def _find(name: str, weights: str | Path | None) -> Snapshot:
    if name not in siglip2.CHECKPOINTS:
        raise TextEncoderUnknown(
            f"There is no text encoder {name!r}.",
            f"Text encoders: {', '.join(list_text_encoders())}.",
        )
    return find_snapshot(siglip2.CHECKPOINTS[name], None if weights is None else Path(weights))
