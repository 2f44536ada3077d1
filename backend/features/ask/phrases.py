"""Phrases as they are asked of stored cells: one vector of the encoder's width each.

With x = (F, 1) and A = (W; b), the cosine of a cell with a unit phrase vector t is
(F · w + c) / |x A|, w = W t, c = b · t: nothing of the text space's width is left.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.link import Scorer

EXACT = 2**24
"""Up to here float32 holds every whole number, so sums of them do not depend on their order."""

_MOST = np.iinfo(np.int16).max


@dataclass(frozen=True)
class FoldedPhrases:
    """Phrases folded with a head, once for cells of any precision.

    Example:
        phrases = FoldedPhrases.of(Scorer(head, text.embed(["open water"])))
    """

    weights: NDArray[np.float32]
    """(q, d): W t."""

    constants: NDArray[np.float32]
    """(q,): b · t."""

    numbers: NDArray[np.int16]
    """(q, d): `weights` in whole steps, so small that their products with int8 add up exactly."""

    steps: NDArray[np.float32]
    """(q,): the step of each phrase. A weight is off by half of it at most."""

    @classmethod
    def of(cls, scorer: Scorer) -> "FoldedPhrases":
        """Return the phrases of a scorer."""
        folded = scorer.folded.numpy()
        weights, constants = folded[:-1].T, folded[-1]
        steps = np.abs(weights).max(axis=1) / _MOST
        # Rounding may enlarge each number by a half; with room for it no sum leaves `EXACT`.
        room = EXACT / 127 - weights.shape[1] / 2
        steps = np.maximum(steps, np.abs(weights).sum(axis=1) / room)
        steps = np.where(steps > 0, steps, 1.0)
        return cls(
            np.ascontiguousarray(weights, np.float32),
            constants.astype(np.float32),
            np.ascontiguousarray(np.rint(weights / steps[:, None]), np.int16),
            steps.astype(np.float32),
        )
