"""A sentence about a chip, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a sentence or an answer rests on; all of it lies in the chip's record."""

    objects: tuple[int, ...] = ()
    """Numbers of the record's objects."""
    classes: tuple[str, ...] = ()
    """Classes of the record's cover."""
    regions: tuple[int, ...] = ()
    """Numbers of the nine regions, 0 to 8, row by row; empty where the whole chip is meant."""
    fields: tuple[str, ...] = ()
    """Other fields of the record, such as date or metres_per_pixel."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence."""

    text: str
    """With its full stop."""
    evidence: Evidence = Evidence()
    """What it rests on; nothing where a model wrote it."""


def as_text(sentences: tuple[Sentence, ...]) -> str:
    """Return sentences as one line."""
    return " ".join(one.text for one in sentences)
