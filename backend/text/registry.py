"""Text encoders by name."""

from functools import partial

import torch

from backend.device import choose_device
from backend.errors import TextEncoderUnknown
from backend.resources import user_path
from backend.text import minilm
from backend.text.base import TextEncoder

_KNOWN = {"minilm": minilm}


def list_text_encoders() -> list[str]:
    """Names of the text encoders."""
    return list(_KNOWN)


def load_text_encoder(
    name: str, device: str | torch.device | None = None, *, remember: bool = True
) -> TextEncoder:
    """The text encoder of this name; `remember` keeps phrases on disk between runs."""
    if name not in _KNOWN:
        raise TextEncoderUnknown(
            f"There is no text encoder {name!r}.", f"Text encoders: {', '.join(_KNOWN)}."
        )
    module = _KNOWN[name]
    load = partial(module.load_model, choose_device(device))
    return TextEncoder(name, module.SPACE, load, user_path("phrases") if remember else None)
