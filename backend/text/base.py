"""What every text encoder is: a text space and one function from phrases to unit vectors.

A vision-language model has an image encoder beside it, from photographs to the same space.
"""

from __future__ import annotations

import hashlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from backend.errors import PhraseInvalid
from backend.io.atomic import atomic
from backend.io.weights import PublishedWeights

if TYPE_CHECKING:
    import torch
    from PIL import Image

Embed = Callable[[Sequence[str]], np.ndarray]
"""From phrases to unit vectors (n, D)."""


@dataclass(frozen=True)
class TextSpace:
    """The embedding space of one vision-language (or text) model."""

    name: str
    """The model's, as it is published."""
    revision: str
    """SHA-256 of the weights: two spaces are equal when their vectors may be compared."""
    dim: int

    def __str__(self) -> str:
        return f"{self.name}@{self.revision[:12]} ({self.dim}-d)"


class TextEncoder:
    """Phrases to unit vectors of a text space; the model is loaded by the first unknown phrase.

    Example:
        encoder = load_text_encoder("minilm")
        vectors = encoder.embed(["open water", "a dense forest"])  # (2, 384), unit length
    """

    def __init__(
        self,
        name: str,
        space: TextSpace,
        load_model: Callable[[], Embed],
        cache: Path | None = None,
    ) -> None:
        """Make an encoder that loads its model when it is needed.

        `cache` is a folder for the vectors of phrases already seen; None keeps nothing.
        """
        self.name = name
        self.space = space
        self._load_model = load_model
        self._model: Embed | None = None
        space_key = hashlib.sha256(f"{space.name}@{space.revision}".encode()).hexdigest()[:16]
        self._cache = cache / space_key if cache else None

    def embed(self, phrases: Sequence[str]) -> np.ndarray:
        """Return unit vectors (n, D) float32 of `phrases`, in their order.

        Raises:
            PhraseInvalid: there is no phrase, or one is empty.
        """
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
        """Return unit vectors (n, D) straight from the model, loading it if need be."""
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
        with suppress(OSError):  # a cache that cannot be written costs time, never an answer
            file.parent.mkdir(parents=True, exist_ok=True)
            with atomic(file) as partial, partial.open("wb") as target:
                np.save(target, vector.astype(np.float32))


@dataclass(frozen=True)
class ImageModel:
    """The two steps from photographs to unit vectors."""

    prepare: Callable[[Image.Image], torch.Tensor]
    """From a photograph to pixels (3, h, w)."""
    encode: Callable[[torch.Tensor], np.ndarray]
    """From pixels (n, 3, h, w) to unit vectors (n, D)."""


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

    def embed(self, images: Sequence[Image.Image]) -> np.ndarray:
        """Return unit vectors (n, D) float32 of photographs of any size and mode."""
        import torch

        if not images:
            return np.empty((0, self.space.dim), np.float32)
        return self.encode(torch.stack([self.prepare(image) for image in images]))

    def prepare(self, image: Image.Image) -> torch.Tensor:
        """Return what the model reads of a photograph (3, h, w); threads may call it at once."""
        return self._loaded().prepare(image)

    def encode(self, pixels: torch.Tensor) -> np.ndarray:
        """Return unit vectors (n, D) float32 of prepared photographs (n, 3, h, w)."""
        return self._loaded().encode(pixels)

    def _loaded(self) -> ImageModel:
        with self._loading:
            if self._model is None:
                self._model = self._load_model()
            return self._model


@dataclass(frozen=True)
class TextModel(ABC):
    """A text encoder that can be chosen by its name.

    A module of this package lists its own as `MODELS`; nothing else does.
    """

    name: str
    weights: PublishedWeights | None
    """Its published files; None when a Python package carries them."""
    position: ClassVar[int] = 100
    """Its place in lists: small numbers first, equal ones by the names of their modules."""

    @abstractmethod
    def open_text(
        self, weights: Path | None, device: torch.device
    ) -> tuple[TextSpace, Callable[[], Embed]]:
        """Return the space of its files on this disk, and a function that loads the text tower.

        The files are those in the folder `weights` when that is given.

        Raises:
            WeightsMissing: the files are not on this machine.
            WeightsInvalid: they are damaged, or another model's.
        """


class VisionLanguageModel(TextModel):
    """A text encoder with a tower for photographs beside it."""

    @abstractmethod
    def open_images(
        self, weights: Path | None, device: torch.device
    ) -> tuple[TextSpace, Callable[[], ImageModel]]:
        """Do the same as `open_text` for the image tower."""
