"""What a line of words asks."""

from __future__ import annotations

import re
from dataclasses import dataclass

SUBTRACTS = re.compile(r"(?:^|\s+)but not(?:\s+|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Question:
    """What is asked."""

    phrases: tuple[str, ...]
    but_not: tuple[str, ...] = ()
    """What is subtracted from each phrase."""

    @classmethod
    def of(cls, text: str) -> Question:
        """Return what a line asks: “ship but not pier” subtracts “pier” from “ship”."""
        first, *rest = (" ".join(part.split()) for part in SUBTRACTS.split(text))
        return cls((first,) if first else (), tuple(part for part in rest if part))

    def with_more(self, other: Question) -> Question:
        """Return this question with the phrases of another one; none stands in it twice."""
        return Question(
            tuple(dict.fromkeys(self.phrases + other.phrases)),
            tuple(dict.fromkeys(self.but_not + other.but_not)),
        )

    @property
    def count(self) -> int:
        """How many phrases there are."""
        return len(self.phrases) + len(self.but_not)
