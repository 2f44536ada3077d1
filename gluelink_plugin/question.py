"""What is asked: phrases, example cells, and what is subtracted; and what a map of it is called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

SUBTRACTS = re.compile(r"(?:^|\s+)but not(?:\s+|$)", re.IGNORECASE)

LonLat = tuple[float, float]
"""A place in a cell, in degrees."""


@dataclass(frozen=True)
class Question:
    """What is asked.

    Example:
        question = Question.of("ship but not pier")
        assert question.labels == ["ship but not pier"]
    """

    phrases: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()
    """What is subtracted from each phrase."""
    like: tuple[LonLat, ...] = ()
    """Cells that are examples of what is looked for."""
    unlike: tuple[LonLat, ...] = ()
    """Cells that are subtracted, as examples of what is not."""

    @classmethod
    def of(cls, text: str) -> Question:
        """Return what a line asks: “ship but not pier” subtracts “pier” from “ship”."""
        first, *rest = (" ".join(part.split()) for part in SUBTRACTS.split(text))
        return cls((first,) if first else (), tuple(part for part in rest if part))

    @classmethod
    def of_request(cls, request: dict[str, Any]) -> Question:
        """Return what a job asked, by its request."""
        phrases, but_not = (tuple(request.get(name, ())) for name in ("phrases", "but_not"))
        return cls(phrases, but_not, _places(request, "like"), _places(request, "unlike"))

    def with_more(self, other: Question) -> Question:
        """Return this question with what another one asks; nothing stands in it twice."""
        return Question(
            tuple(dict.fromkeys(self.phrases + other.phrases)),
            tuple(dict.fromkeys(self.but_not + other.but_not)),
            tuple(dict.fromkeys(self.like + other.like)),
            tuple(dict.fromkeys(self.unlike + other.unlike)),
        )

    @property
    def count(self) -> int:
        """How many phrases and examples there are."""
        return len(self.phrases) + len(self.but_not) + len(self.like) + len(self.unlike)

    @property
    def has_aim(self) -> bool:
        """Whether something is looked for, and not only subtracted."""
        return bool(self.phrases or self.like)

    @property
    def liked(self) -> str:
        """The examples of what is looked for, in words; empty where there are none."""
        return f"like {' and '.join(map(place_text, self.like))}" if self.like else ""

    @property
    def subtracted(self) -> list[str]:
        """All that is subtracted, each in words."""
        return [*self.but_not, *(f"like {place_text(place)}" for place in self.unlike)]

    @property
    def labels(self) -> list[str]:
        """What the map of each phrase is called: ship like 11.5755,48.1372 but not pier."""
        less = f" but not {' or '.join(self.subtracted)}" if self.subtracted else ""
        return [f"{phrase} {self.liked}".strip() + less for phrase in self.phrases or ("",)]

    def fields(self) -> dict[str, Any]:
        """Return it as the fields of a request."""
        return {
            "phrases": list(self.phrases),
            "but_not": list(self.but_not),
            "like": [list(place) for place in self.like],
            "unlike": [list(place) for place in self.unlike],
        }


BY_RANK = "rank"
"""A measure: the share of the head's neutral words that fit a cell worse than a phrase does."""


def labels_of(question: Question, measure: str | None) -> list[str]:
    """Return what the map of each phrase is called, as the backend calls it."""
    if measure == BY_RANK:
        return [f"{phrase} among words" for phrase in question.phrases]
    return question.labels


def place_text(place: Iterable[float]) -> str:
    """Return longitude and latitude as the command takes them, true to about ten metres."""
    return ",".join(f"{degrees:.4f}" for degrees in place)


def _places(request: dict[str, Any], name: str) -> tuple[LonLat, ...]:
    return tuple((float(lon), float(lat)) for lon, lat in request.get(name, ()))
