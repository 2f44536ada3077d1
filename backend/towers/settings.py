"""How a tower's texts are searched for and judged; apart, since cards are read without torch."""

import math
from dataclasses import dataclass

MOST_BEAMS = 1000


@dataclass(frozen=True)
class Search:
    """How texts are searched for. The defaults are those of SAR-KnowLIP's captions.

    Example:
        Search(beams=6, groups=3, least=5, most=77)  # as CoCa's published code
    """

    beams: int = 5
    """Texts that are written side by side; 1 is greedy."""
    groups: int = 1
    """Groups of beams, each of which avoids the words that earlier ones took in the same step."""
    diversity: float = 0.0
    """What a word loses for each beam of earlier groups that took it; at 0 groups are equal."""
    least: int = 10
    """Tokens before a text may end."""
    most: int = 100
    """Tokens of the longest text, its end included."""
    length_power: float = 1.0
    """The power of a text's length that its log-likelihood is divided by."""

    def __post_init__(self) -> None:
        """Raise ValueError for settings that no search can have."""
        if min(self.beams, self.groups) < 1 or self.beams % self.groups:
            raise ValueError(f"{self.beams} beams do not divide into {self.groups} groups")
        if self.beams > MOST_BEAMS:
            raise ValueError(f"{self.beams} beams; expected at most {MOST_BEAMS}")
        if not (
            0 <= self.least < self.most
            and 0 <= self.diversity < math.inf
            and 0 <= self.length_power < math.inf
        ):
            raise ValueError(
                f"{self.least} to {self.most} tokens, a diversity of {self.diversity:g} and a "
                f"power of {self.length_power:g}; expected fewer tokens at least than at most, and "
                "numbers from 0 on"
            )


@dataclass(frozen=True)
class Margins:
    """By how much both scores of a text must be better, each on a scale of its own."""

    loss: float = 0.0
    """Of the contrast with other chips."""
    match: float = 0.0
    """Of the probability that text and chip belong together."""

    def __post_init__(self) -> None:
        """Raise ValueError for margins by which a worse text would be better."""
        if not (0 <= self.loss < math.inf and 0 <= self.match < math.inf):
            raise ValueError(f"margins of {self.loss:g} and {self.match:g}; expected 0 or more")
