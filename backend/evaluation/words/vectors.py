"""Vectors of chips and texts in one space, from a file, for retrieval and similarity.

The file is a .npz: `chips` (n,) names, `images` (n, d), and of texts `text_chips` (m,) names and
`texts` (m, d).
"""

import zlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from backend.errors import ConfigInvalid
from backend.evaluation.words.retrieval import Retrieval, chance_recall, retrieval_recall
from backend.evaluation.words.similarity import Similarity, pairwise_similarity

ARRAYS = ("chips", "images", "text_chips", "texts")
_ROWS = 4096  # vectors that are read at a time


@dataclass(frozen=True)
class VectorReport:
    """What is measured of vectors."""

    retrieval: Retrieval
    """Recall both ways, by cosine."""
    chance: Retrieval
    """What a random order comes to."""
    images: Similarity
    """Of all chips."""
    texts: Similarity
    """Of all texts."""


def measure_vectors(path: Path) -> VectorReport:
    """Return the retrieval and similarity of the vectors in a file.

    Raises:
        ConfigInvalid: the file cannot be read, or its arrays do not fit each other.
    """
    chips, images, text_chips, texts = _read(path)
    numbers = {str(name): row for row, name in enumerate(chips)}
    unknown = [str(name) for name in text_chips if str(name) not in numbers]
    if unknown or len(numbers) < len(chips):
        problem = f'a text of the chip "{unknown[0]}"' if unknown else "a chip twice"
        raise ConfigInvalid(
            f"{path} has {problem}; expected every chip once, and texts of these alone.",
            "Write the names of chips as they stand in `chips`.",
        )
    owners = np.array([numbers[str(name)] for name in text_chips])
    images, texts = _units(images), _units(texts)
    retrieval = retrieval_recall(images, texts, owners)
    chance = chance_recall(owners)
    return VectorReport(retrieval, chance, _similarity(images), _similarity(texts))


def _read(path: Path) -> list[NDArray]:
    try:
        with path.open("rb") as file:
            loaded = np.load(file, allow_pickle=False)
            if isinstance(loaded, np.ndarray):
                raise ValueError("it holds one array without a name")
            arrays = [loaded[name] for name in ARRAYS]
    except (OSError, EOFError, ValueError, KeyError, BadZipFile, zlib.error) as error:
        raise ConfigInvalid(
            f"{path} cannot be read as vectors: {error}.",
            f"Write it by numpy.savez with {', '.join(ARRAYS)}.",
        ) from error
    chips, images, text_chips, texts = arrays
    named = ((chips, images), (text_chips, texts))
    if not all(
        names.ndim == 1
        and vectors.ndim == 2
        and vectors.dtype.kind in "fiu"
        and len(names) == len(vectors)
        for names, vectors in named
    ):
        shapes = ", ".join(
            f"{name} {one.dtype} {one.shape}" for name, one in zip(ARRAYS, arrays, strict=True)
        )
        raise ConfigInvalid(
            f"{path} has {shapes}; expected (n,), (n, d), (m,) and (m, d), the vectors as numbers.",
            "Write a name for each vector.",
        )
    return arrays


def _units(vectors: NDArray) -> NDArray[np.float64]:
    rows = vectors.astype(np.float64)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.finfo(float).tiny)


def _similarity(vectors: NDArray[np.float64]) -> Similarity:
    return pairwise_similarity(vectors[k : k + _ROWS] for k in range(0, len(vectors), _ROWS))
