"""What covers each cell of an area, as a head reads it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import HeadMismatch
from backend.maps import Inquiry
from backend.progress import Progress
from backend.text import TextEncoder

WATER, BUILT = "water", "built-up land"
PHRASES: dict[str, tuple[str, ...]] = {
    WATER: ("open water", "water", "a lake", "a river", "a water surface"),
    "forest": ("a forest", "trees", "woodland", "dense woodland"),
    "fields": ("farmland", "fields", "crops", "a meadow"),
    "bare ground": ("bare soil", "bare land", "sand", "barren ground"),
    BUILT: ("a town", "houses", "a village", "buildings"),
}
"""The fixed list, by class, that a head without a calibration is asked."""
ASKED = [PHRASES[WATER][0]]
"""What an inquiry asks beside the classes: at least one phrase."""

UNKNOWN = -1


@dataclass(frozen=True)
class CoverMap:
    """The class of each cell of an area."""

    classes: tuple[str, ...]
    """What the numbers of `codes` mean."""
    codes: NDArray[np.int8]
    """(h, w): the class of each cell; -1 where nothing is known."""
    highest: dict[str, float]
    """The highest probability of each class in any cell; empty for a head without calibration."""

    def of(self, name: str) -> NDArray[np.bool_]:
        """Return which cells (h, w) are of a class; none where no class is called so."""
        if name not in self.classes:
            return np.zeros(self.codes.shape, bool)
        return np.asarray(self.codes == self.classes.index(name))


def read_cover(asked: Inquiry, progress: Progress) -> CoverMap:
    """Return the cover of all cells that are asked for.

    A cell is of the class that a calibrated head holds for the most probable; without calibration,
    of the class whose phrases fit it best.

    Raises:
        HeadMismatch: the head's calibration knows no water.
        GlueLinkError: what `Inquiry.answers` raises.
    """
    calibration = asked.head.calibration
    if calibration is None:
        classes, vectors = tuple(PHRASES), class_vectors(asked.text)
    else:
        classes, vectors = calibration.classes, calibration.vectors[: len(calibration.classes)]
    if WATER not in classes:
        raise HeadMismatch(
            f"The head {asked.head.meta.name} reads cells as {', '.join(classes)}, not as water.",
            "Describe with the demo head.",
        )
    codes = np.full((asked.cells.height, asked.cells.width), UNKNOWN, np.int8)
    highest = np.zeros(len(classes))
    for answer in asked.answers(progress, vectors):
        known = answer.answered
        cosines = answer.cosines[len(asked.phrases) :, known]
        scores = calibration.posterior(cosines) if calibration else cosines
        codes[answer.cells.within(asked.cells)][known] = np.argmax(scores, axis=0)
        highest = np.maximum(highest, scores.max(axis=1, initial=0.0))
    probable = dict(zip(classes, highest.tolist(), strict=True)) if calibration else {}
    return CoverMap(classes, codes, probable)


def class_vectors(text: TextEncoder) -> NDArray[np.float32]:
    """Return a unit vector of the text space for each class of the fixed list (K, D)."""
    means = np.stack([text.embed(list(of)).mean(axis=0) for of in PHRASES.values()])
    return (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
