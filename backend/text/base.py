"""What every text encoder is: a text space and one function from phrases to unit vectors.

A vision-language model has an image encoder beside it, from photographs to the same space.
"""

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from backend.errors import PhraseInvalid

if TYPE_CHECKING:  # phrases are embedded without it
    from PIL import Image

Model = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class TextSpace:
    """The embedding space of one vision-language (or text) model.

    `revision` is the SHA-256 of the weights: two spaces are equal when their vectors may meet.
    """

    name: str
    revision: str
    dim: int

    def __str__(self) -> str:
        return f"{self.name}@{self.revision[:12]} ({self.dim}-d)"


class TextEncoder:
    """Phrases to unit vectors of a text space; the model is loaded by the first unknown phrase."""

    def __init__(
        self,
        name: str,
        space: TextSpace,
        load_model: Callable[[], Model],
        cache: Path | None = None,
    ) -> None:
        """`load_model` gives a function from phrases to unit vectors (n, D).

        `cache` is a folder for the vectors of phrases already seen; None keeps nothing.
        """
        self.name = name
        self.space = space
        self._load_model = load_model
        self._model: Model | None = None
        space_key = hashlib.sha256(f"{space.name}@{space.revision}".encode()).hexdigest()[:16]
        self._cache = cache / space_key if cache else None

    def embed(self, phrases: Sequence[str]) -> np.ndarray:
        """Unit vectors (n, D) float32 of `phrases`, in their order. PhraseInvalid when empty."""
        texts = [" ".join(phrase.split()) for phrase in phrases]
        if not texts or not all(texts):
            raise PhraseInvalid("A phrase is empty.", "Type what to look for, such as open water.")
        known = {text: self._recall(text) for text in texts}
        new = [text for text, vector in known.items() if vector is None]
        if new:
            for text, vector in zip(new, self.model(new), strict=True):
                known[text] = vector
                self._remember(text, vector)
        return np.array([known[text] for text in texts], np.float32)

    def model(self, phrases: Sequence[str]) -> np.ndarray:
        """Unit vectors (n, D) straight from the model, loading it if need be."""
        if self._model is None:
            self._model = self._load_model()
        return self._model(phrases)

    def _file(self, text: str) -> Path | None:
        key = hashlib.sha256(text.encode()).hexdigest()
        return self._cache / f"{key}.npy" if self._cache else None

    def _recall(self, text: str) -> np.ndarray | None:
        file = self._file(text)
        if file is None or not file.is_file():
            return None
        try:
            vector = np.load(file, allow_pickle=False)
        except (OSError, ValueError):
            return None
        return vector if vector.shape == (self.space.dim,) else None

    def _remember(self, text: str, vector: np.ndarray) -> None:
        file = self._file(text)
        if file is None:
            return
        partial = file.with_name(f"{file.name}.{os.getpid()}.partial")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with partial.open("wb") as target:
                np.save(target, vector.astype(np.float32))
            os.replace(partial, file)
        except OSError:  # a cache that cannot be written costs time, never an answer
            partial.unlink(missing_ok=True)


@dataclass(frozen=True)
class ImageModel:
    """The two steps from photographs to unit vectors."""

    prepare: Callable[["Image.Image"], torch.Tensor]
    encode: Callable[[torch.Tensor], np.ndarray]


class ImageEncoder:
    """Photographs to unit vectors of a text space; the model is loaded by the first of them."""

    def __init__(
        self,
        name: str,
        space: TextSpace,
        device: torch.device,
        load_model: Callable[[], ImageModel],
    ) -> None:
        self.name = name
        self.space = space
        self.device = device
        self._load_model = load_model
        self._model: ImageModel | None = None
        self._loading = threading.Lock()

    def embed(self, images: "Sequence[Image.Image]") -> np.ndarray:
        """Unit vectors (n, D) float32 of photographs of any size and mode."""
        if not images:
            return np.empty((0, self.space.dim), np.float32)
        return self.encode(torch.stack([self.prepare(image) for image in images]))

    def prepare(self, image: "Image.Image") -> torch.Tensor:
        """What the model reads of a photograph (3, h, w); several threads may call it at once."""
        return self._loaded().prepare(image)

    def encode(self, pixels: torch.Tensor) -> np.ndarray:
        """Unit vectors (n, D) float32 of prepared photographs (n, 3, h, w)."""
        return self._loaded().encode(pixels)

    def _loaded(self) -> ImageModel:
        with self._loading:
            if self._model is None:
                self._model = self._load_model()
            return self._model
