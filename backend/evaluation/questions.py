"""What tiles are asked: the vocabulary, the phrases drawn from it, and the class prompts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from backend.errors import ConfigInvalid, HeadMismatch
from backend.evaluation.tiles import Array
from backend.link import LinkHead
from backend.text.vocabulary import LUCAS_CLASSES

SAMPLED_PHRASES = 100


@dataclass(frozen=True)
class Questions:
    """What tiles are asked: unit vectors of the vocabulary (q, D) and the class prompts (8, D)."""

    vocabulary: np.ndarray
    members: dict[str, np.ndarray]  # rows of the vocabulary by category
    sampled: np.ndarray  # rows that rank all tiles
    prompts: np.ndarray | None


def read_questions(
    head: LinkHead, vocabulary: Array, categories: Sequence[str], prompts: Array | None, seed: int
) -> Questions:
    """Questions to `head`: vectors (q, D), their categories (q,), and prompts (8, D).

    `seed` draws the phrases that rank all tiles. Raises HeadMismatch, ConfigInvalid.
    """
    vectors = _unit_vectors(head, vocabulary)
    if len(categories) != len(vectors):
        raise ConfigInvalid(
            f"There are {len(vectors)} phrases and {len(categories)} categories.",
            "Give every phrase its category.",
        )
    names = np.asarray(categories)
    members = {name: np.flatnonzero(names == name) for name in dict.fromkeys(categories)}
    rng = np.random.default_rng(seed)
    sampled = rng.choice(len(vectors), min(SAMPLED_PHRASES, len(vectors)), replace=False)
    asked = None if prompts is None else _unit_vectors(head, prompts)
    if asked is not None and len(asked) != len(LUCAS_CLASSES):
        raise ConfigInvalid(
            f"There are {len(asked)} class prompts; expected {len(LUCAS_CLASSES)}.",
            "Embed backend.text.vocabulary.CLASS_PROMPTS.",
        )
    return Questions(vectors, members, np.sort(sampled), asked)


def _unit_vectors(head: LinkHead, phrases: Array) -> np.ndarray:
    vectors = torch.as_tensor(phrases).cpu().double()
    if vectors.ndim != 2 or vectors.shape[1] != head.weight.shape[1]:
        raise HeadMismatch(
            f"The phrases are vectors of shape {tuple(vectors.shape)}; "
            f"the head needs (q, {head.weight.shape[1]}).",
            "Embed the phrases with the head's own text encoder.",
        )
    return torch.nn.functional.normalize(vectors, dim=1).numpy()
