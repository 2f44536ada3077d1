"""What tiles are asked: the vocabulary, the phrases drawn from it, and the class prompts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from backend.errors import ConfigInvalid, HeadMismatch
from backend.link.views import Array
from backend.text.vocabulary import LUCAS_CLASSES

SAMPLED_PHRASES = 100


@dataclass(frozen=True)
class Questions:
    """What tiles are asked; predictions and photographs the same phrases, each in their space."""

    vocabulary: np.ndarray
    """(q, d): unit vectors in the space of the predictions."""
    photographed: np.ndarray
    """(q, D): unit vectors of the same phrases in the space of the photographs."""
    members: dict[str, np.ndarray]
    """Rows of the vocabulary by category."""
    sampled: np.ndarray
    """Rows of the phrases that rank all tiles."""
    prompts: np.ndarray | None
    """(8, d): unit vectors of the class prompts in the space of the predictions."""


def read_questions(
    vocabulary: Array,
    photographed: Array,
    categories: Sequence[str],
    prompts: Array | None,
    seed: int,
    *,
    dims: tuple[int, int],
) -> Questions:
    """Return the questions of vectors (q, D) in two spaces of `dims`, prompts (8, D) in the first.

    `seed` draws the phrases that rank all tiles.

    Raises:
        HeadMismatch: the vectors have other dimensions.
        ConfigInvalid: phrases, categories or prompts differ in number.
    """
    vectors, pictured = _unit_vectors(vocabulary, dims[0]), _unit_vectors(photographed, dims[1])
    for asked, counted in (("categories", categories), ("phrases for photographs", pictured)):
        if len(counted) != len(vectors):
            raise ConfigInvalid(
                f"There are {len(vectors)} phrases and {len(counted)} {asked}.",
                "Give every phrase its category, and its vector in both spaces.",
            )
    names = np.asarray(categories)
    members = {name: np.flatnonzero(names == name) for name in dict.fromkeys(categories)}
    rng = np.random.default_rng(seed)
    sampled = rng.choice(len(vectors), min(SAMPLED_PHRASES, len(vectors)), replace=False)
    asked_classes = None if prompts is None else _unit_vectors(prompts, dims[0])
    if asked_classes is not None and len(asked_classes) != len(LUCAS_CLASSES):
        raise ConfigInvalid(
            f"There are {len(asked_classes)} class prompts; expected {len(LUCAS_CLASSES)}.",
            "Embed backend.text.vocabulary.CLASS_PROMPTS.",
        )
    return Questions(vectors, pictured, members, np.sort(sampled), asked_classes)


def _unit_vectors(phrases: Array, dim: int) -> np.ndarray:
    vectors = torch.as_tensor(phrases).cpu().double()
    if vectors.ndim != 2 or vectors.shape[1] != dim:
        raise HeadMismatch(
            f"The phrases are vectors of shape {tuple(vectors.shape)}; expected (q, {dim}).",
            "Embed the phrases with the text encoder of what they are compared with.",
        )
    return torch.nn.functional.normalize(vectors, dim=1).numpy()
