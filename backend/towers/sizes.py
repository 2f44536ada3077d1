"""How large a tower is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SizeName = Literal["tiny", "mini", "small", "S", "B", "L"]

DIM = 256
"""Numbers in the shared space, as Yang et al., SAR-KnowLIP (2025)."""


@dataclass(frozen=True)
class Transformer:
    """The size of one transformer; its inner layers are four times as wide."""

    width: int
    """Numbers in a token's state."""
    depth: int
    """Layers."""
    heads: int
    """Heads of the attention."""

    def __post_init__(self) -> None:
        """Raise ValueError for numbers that no transformer can have."""
        _require_counts(self.width, self.depth, self.heads)
        if self.width % self.heads:
            raise ValueError(f"a width of {self.width} does not divide into {self.heads} heads")


@dataclass(frozen=True)
class Sizes:
    """All numbers that the shapes of a tower's weights follow from."""

    image: Transformer
    """The vision transformer."""
    text: Transformer
    """The BERT."""
    side_px: int = 224
    """Side of a chip in pixels."""
    patch_px: int = 16
    """Side of a patch."""
    vocabulary: int = 30_522
    """Tokens that the text side knows."""
    most_tokens: int = 100
    """Tokens of the longest text; what lies beyond is cut off."""
    dim: int = DIM
    """Numbers in the shared space."""

    def __post_init__(self) -> None:
        """Raise ValueError for numbers that no tower can have."""
        _require_counts(self.side_px, self.patch_px, self.vocabulary, self.most_tokens, self.dim)
        if self.side_px % self.patch_px:
            raise ValueError(f"{self.side_px} px do not divide into patches of {self.patch_px}")


def _require_counts(*numbers: object) -> None:
    for number in numbers:
        if type(number) is not int or not 1 <= number < 2**31:
            raise ValueError(f"a size is {number!r}; expected a whole number from 1 on")


SIZES: Mapping[str, tuple[Transformer, Transformer]] = {
    "tiny": (Transformer(32, 2, 2), Transformer(32, 2, 2)),
    "mini": (Transformer(64, 3, 2), Transformer(64, 2, 2)),
    "small": (Transformer(384, 6, 6), Transformer(384, 6, 12)),
    "S": (Transformer(384, 12, 6), Transformer(768, 12, 12)),
    "B": (Transformer(768, 12, 12), Transformer(768, 12, 12)),
    "L": (Transformer(1024, 24, 16), Transformer(768, 12, 12)),
}
"""Both sides by name: the text side of `small` is MiniLM's, that of S, B and L BERT-base's."""
