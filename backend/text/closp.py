"""The text towers of CLOSP, whose radar towers look at windows themselves.

A tower is all-MiniLM-L6-v2's network with weights of its own: 64 tokens at most, and of the last
states that of the class token, scaled to unit length; minilm takes their mean instead, so the two
spaces differ even where the weights do not. CLOSP was published without a tokenizer: it is that of
MiniLM, which is always here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from backend.device import Device
from backend.encoders.closp import ClospS1, ClospS1Large
from backend.errors import WeightsInvalid, WeightsMissing
from backend.io.hashes import file_sha256
from backend.io.weights import PublishedWeights
from backend.text.base import Embed, TextModel, TextSpace
from backend.text.minilm import model_folder
from backend.text.snapshot import remedy

PREFIX = "text_model."
MAX_TOKENS = 64
BATCH = 64
HEADS, EPS = 12, 1e-12  # all-MiniLM-L6-v2's, which the file does not say


@dataclass(frozen=True)
class ClospText(TextModel):
    """The text tower beside a radar tower, in the same file."""

    weights: PublishedWeights
    position = 30

    def open_text(
        self, weights: Path | None, device: Device
    ) -> tuple[TextSpace, Callable[[], Embed]]:
        """Return the space of the file on this disk, and a function that loads the tower.

        Raises:
            WeightsMissing: the file is not on this machine.
            WeightsInvalid: it is damaged.
        """
        from backend.encoders.networks.closp import joint_dim

        file = (weights or self.weights.folder) / self.weights.files[0]
        if not file.is_file():
            raise WeightsMissing(
                f"The weights of {self.name} are not at {file}.", remedy(self.weights)
            )
        space = TextSpace(self.weights.repository, file_sha256(file), joint_dim(file))
        return space, partial(load_text_model, file, model_folder(), device)


def load_text_model(file: Path, tokenizer: Path, device: Device) -> Embed:
    """Return the text tower: from phrases to unit vectors (n, D) float32.

    Raises:
        WeightsInvalid: the file cannot be read, or has no such tower.
    """
    import torch

    from backend.encoders.networks.weights import read_tensors
    from backend.text.networks.bert import Bert, BertTokenizer

    tensors = {
        key.removeprefix(PREFIX): tensor
        for key, tensor in read_tensors(file).items()
        if key.startswith(PREFIX)
    }
    words = tensors.get("embeddings.word_embeddings.weight")
    if words is None or words.ndim != 2 or words.shape[1] % HEADS:
        raise WeightsInvalid(
            f"{file} holds no text tower of CLOSP.", "Use CLOSP's own published weights."
        )
    layers = {key.split(".")[2] for key in tensors if key.startswith("encoder.layer.")}
    config = {
        "hidden_size": words.shape[1],
        "num_attention_heads": HEADS,
        "num_hidden_layers": len(layers),
        "layer_norm_eps": EPS,
    }
    tokenize, network = BertTokenizer(tokenizer, MAX_TOKENS), Bert(config, tensors, device, file)

    @torch.inference_mode()
    def embed(phrases: Sequence[str]) -> np.ndarray:
        vectors = []
        for start in range(0, len(phrases), BATCH):
            tokens, attended = tokenize(phrases[start : start + BATCH])
            states = network(tokens.to(device), attended.to(device))[:, 0]
            vectors.append(torch.nn.functional.normalize(states.float(), dim=1).cpu().numpy())
        return np.concatenate(vectors)

    return embed


MODELS = tuple(ClospText(kind.weights.name, kind.weights) for kind in (ClospS1, ClospS1Large))
