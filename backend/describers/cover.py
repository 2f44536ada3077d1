"""What covers each cell of an area, as a head reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.features.lattice import CellBox
from backend.maps import Inquiry
from backend.progress import Progress

PHRASES: dict[str, tuple[str, ...]] = {
    "water": ("open water", "water", "a lake", "a river", "a water surface"),
    "forest": ("a forest", "trees", "woodland", "dense woodland"),
    "fields": ("farmland", "fields", "crops", "a meadow"),
    "bare ground": ("bare soil", "bare land", "sand", "barren ground"),
    "built-up land": ("a town", "houses", "a village", "buildings"),
}
"""The fixed list, by class: asked of heads that carry no calibration."""

SURE = 0.5
"""Probability from which on a cell is of a class."""
UNKNOWN = -1


@dataclass(frozen=True)
class CoverMap:
    """The class of each cell of an area."""

    classes: tuple[str, ...]
    """What the numbers of `codes` mean."""
    codes: NDArray[np.int8]
    """(h, w): the class of each cell; the number of classes where none is sure, -1 unknown."""
    highest: NDArray[np.float32]
    """(classes,): the highest probability of each class in any cell; NaN without a calibration."""


def read_cover(asked: Inquiry, progress: Progress) -> CoverMap:
    """Return the cover of all cells that are asked for; the inquiry's phrases are `phrases_of`.

    Raises:
        GlueLinkError: what `Inquiry.answers` raises.
    """
    classes = tuple(PHRASES)
    codes = np.full((asked.cells.height, asked.cells.width), UNKNOWN, np.int8)
    for cells, found in _codes(asked, progress):
        codes[cells.within(asked.cells)] = found
    return CoverMap(classes, codes, np.full(len(classes), np.nan, np.float32))


def phrases_of() -> list[str]:
    """Return what an inquiry must ask for `read_cover`."""
    return [phrase for phrases in PHRASES.values() for phrase in phrases]


def _codes(asked: Inquiry, progress: Progress) -> Iterator[tuple[CellBox, NDArray[np.int8]]]:
    """Yield the class whose phrases fit best, on average, of each cell."""
    ends = np.cumsum([0, *(len(phrases) for phrases in PHRASES.values())])[:-1]
    counts = np.array([len(phrases) for phrases in PHRASES.values()])
    for answer in asked.answers(progress):
        means = np.add.reduceat(answer.cosines, ends, axis=0) / counts[:, None, None]
        known = answer.answered
        best = np.argmax(np.where(known, means, 0), axis=0)
        yield answer.cells, np.where(known, best, UNKNOWN).astype(np.int8)
