"""Text encoders by name, and the image encoders of those that have one.

A text encoder stands in the `MODELS` of a module of this package; nothing else lists it. Names are
known, and a wrong one is refused, without importing torch.
"""

from __future__ import annotations

from pathlib import Path

from backend.device import Device, choose_device
from backend.errors import ConfigInvalid, TextEncoderUnknown
from backend.modules import modules_of
from backend.resources import user_path
from backend.text.base import ImageEncoder, TextEncoder, TextModel, VisionLanguageModel
from backend.text.clip import own_clip_texts
from backend.text.towers import tower_texts


def text_models() -> dict[str, TextModel]:
    """Return the text encoders by name, in the order of lists."""
    models = [
        model for module in modules_of(__package__) for model in getattr(module, "MODELS", ())
    ]
    named = {model.name: model for model in models}
    own = own_clip_texts() | tower_texts()
    models += [model for name, model in own.items() if name not in named]
    return {model.name: model for model in sorted(models, key=lambda model: model.position)}


def list_text_encoders() -> list[str]:
    """Return the names of the text encoders."""
    return list(text_models())


def find_text_model(name: str) -> TextModel:
    """Return the text encoder of this name, without importing torch.

    Raises:
        TextEncoderUnknown: there is none.
    """
    models = text_models()
    if name not in models:
        raise TextEncoderUnknown(
            f"There is no text encoder {name!r}.", f"Text encoders: {', '.join(models)}."
        )
    return models[name]


def load_text_encoder(
    name: str,
    weights: str | Path | None = None,
    device: str | Device | None = None,
    *,
    remember: bool = True,
) -> TextEncoder:
    """Return the text encoder of this name; `remember` keeps phrases on disk between runs.

    `weights` is a folder with the published files; minilm has its own. The model itself is loaded
    by the first phrase that is not remembered.

    Example:
        encoder = load_text_encoder("minilm")
        vectors = encoder.embed(["open water", "a dense forest"])  # (2, 384), unit length

    Raises:
        TextEncoderUnknown: there is no text encoder of this name.
        ConfigInvalid: it takes no weights, and some were given.
        WeightsMissing: its files are not on this machine.
        WeightsInvalid: they are damaged, or another model's.
    """
    model, memory = find_text_model(name), user_path("phrases") if remember else None
    space, load = model.open_text(Path(weights) if weights else None, choose_device(device))
    return TextEncoder(name, space, load, memory)


def load_image_encoder(
    name: str, weights: str | Path | None = None, device: str | Device | None = None
) -> ImageEncoder:
    """Return the image encoder of a text encoder's space: photographs and phrases compare.

    The model itself is loaded by the first photograph.

    Raises:
        TextEncoderUnknown: there is no text encoder of this name.
        ConfigInvalid: it reads text only.
        WeightsMissing: its files are not on this machine.
        WeightsInvalid: they are damaged, or another model's.
    """
    model = find_text_model(name)
    if not isinstance(model, VisionLanguageModel):
        models = text_models().values()
        with_images = [one.name for one in models if isinstance(one, VisionLanguageModel)]
        raise ConfigInvalid(
            f"{name} reads text only; photographs need a text encoder with an image tower.",
            f"Choose one of {', '.join(with_images)}.",
        )
    where = choose_device(device)
    space, load = model.open_images(Path(weights) if weights else None, where)
    return ImageEncoder(name, space, where, load)
