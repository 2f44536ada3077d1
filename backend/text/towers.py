"""The text sides of towers that were trained here: every file of `towers/` in the user's folder."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from backend.device import Device
from backend.errors import ConfigInvalid, WeightsInvalid
from backend.io.hashes import file_sha256
from backend.resources import tower_files
from backend.text.base import Embed, TextModel, TextSpace
from backend.towers.files import PREFIX, REMEDY, TowerCard, read_card, read_tensors, vocabulary_of

BATCH = 64


@dataclass(frozen=True)
class TowerText(TextModel):
    """The text side of one file."""

    file: Path
    """Where the tower lies."""
    position = 40

    def open_text(
        self, weights: Path | None, device: Device
    ) -> tuple[TextSpace, Callable[[], Embed]]:
        """Return the space of the tower, and a function that loads its text side.

        Raises:
            ConfigInvalid: other weights were given.
            WeightsMissing: the file is gone.
            WeightsInvalid: it is damaged, or not a tower.
        """
        if weights is not None:
            raise ConfigInvalid(
                f"{self.name} was given the weights {weights}; it has its own.", "Leave them out."
            )
        card = read_card(self.file)
        space = TextSpace(card.name, file_sha256(self.file), card.sizes.dim)
        return space, partial(load_text_model, self.file, card, device)


def tower_texts() -> dict[str, TextModel]:
    """Return the text side of each tower on this machine, by the name of its file."""
    return {path.stem: TowerText(path.stem, None, path) for path in tower_files()}


def load_text_model(path: Path, card: TowerCard, device: Device) -> Embed:
    """Return the text side: from phrases to unit vectors (n, dim) float32.

    Raises:
        WeightsInvalid: the file is damaged, or its text side is of another size than it states.
    """
    import torch
    from torch.nn import functional

    from backend.text.networks.bert import Bert

    tensors = read_tensors(path)
    vocabulary = vocabulary_of(tensors, card, path)
    bert = {
        name.removeprefix(f"{PREFIX}bert."): tensor
        for name, tensor in tensors.items()
        if name.startswith(f"{PREFIX}bert.") and "crossattention" not in name
    }
    text = card.sizes.text
    config = {
        "hidden_size": text.width,
        "num_attention_heads": text.heads,
        "num_hidden_layers": text.depth,
        "layer_norm_eps": 1e-12,
    }
    network = Bert(config, bert, device, path)
    weight, bias = (tensors.get(f"{PREFIX}text_projection.{end}") for end in ("weight", "bias"))
    if weight is None or bias is None or weight.shape != (card.sizes.dim, text.width):
        raise WeightsInvalid(f"{path.name} has no projection of texts of its size.", REMEDY)
    weight, bias = weight.to(device), bias.to(device)

    @torch.inference_mode()
    def embed(phrases: Sequence[str]) -> np.ndarray:
        vectors = []
        for start in range(0, len(phrases), BATCH):
            texts = [[phrase] for phrase in phrases[start : start + BATCH]]
            tokens = vocabulary.tokenise(texts, card.sizes.most_tokens).to(device)
            states = network(tokens.ids, tokens.attended)[:, 0]
            vectors.append(functional.normalize(functional.linear(states, weight, bias), dim=1))
        return torch.cat(vectors).cpu().numpy()

    return embed
