"""What every text encoder is: a text space and one function from phrases to unit vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class TextSpace:
    """The embedding space of one vision-language (or text) model."""

    name: str
    revision: str
    dim: int

    def __str__(self) -> str:
        return f"{self.name}@{self.revision[:12]} ({self.dim}-d)"


class TextEncoder(Protocol):
    """Phrases to unit vectors of a text space."""

    name: str
    space: TextSpace

    def embed(self, phrases: Sequence[str]) -> np.ndarray:
        """Unit vectors (n, D) float32 of `phrases`, in their order."""
        ...
