"""The best places of a phrase, without a map."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.features.ask.ask import Answer


@dataclass(frozen=True)
class BestCell:
    """One of the best cells."""

    row: int
    """Of the lattice."""

    col: int
    """Of the lattice."""

    cosine: float
    """Its cosine with the phrase."""


class BestCells:
    """The cells of the highest cosines with each phrase, from answers in any order.

    Of equal cosines the northernmost cell counts first, then the westernmost. Cells without an
    answer never count. Cells nearer than `apart` to a better place are left out; what is found is
    the same as if all cells of a finished map were gone through from the best one down.

    Example:
        best = BestCells(phrases=1, count=10)
        for answer in answers:
            best.add(answer)
        print(best.found()[0])
    """

    def __init__(self, phrases: int, count: int, apart: float = 0.0) -> None:
        """Find `count` places of each phrase, `apart` cells from each other or more."""
        self._count, self._apart = count, apart
        # Each place hides at most the cells around it, so the best of all lie among so many.
        self._kept = (count - 1) * _cells_within(apart) + 1
        empty = np.empty(0, [("row", np.int64), ("col", np.int64), ("cosine", np.float32)])
        self._candidates = [empty for _ in range(phrases)]

    def add(self, answer: Answer) -> None:
        """Take in the cosines of some cells."""
        for number, cosines in enumerate(answer.cosines):
            known = self._candidates[number]
            least = known["cosine"][-1] if len(known) == self._kept else -np.inf
            rows, columns = np.nonzero(cosines >= least)
            found = np.empty(len(rows), known.dtype)
            found["row"], found["col"] = rows + answer.cells.row0, columns + answer.cells.col0
            found["cosine"] = cosines[rows, columns]
            together = np.concatenate([known, found])
            order = np.lexsort((together["col"], together["row"], -together["cosine"]))
            self._candidates[number] = together[order[: self._kept]]

    def found(self) -> list[list[BestCell]]:
        """Return the places of each phrase, the best one first."""
        return [self._chosen(candidates) for candidates in self._candidates]

    def _chosen(self, candidates: NDArray[np.void]) -> list[BestCell]:
        chosen: list[BestCell] = []
        left = np.ones(len(candidates), bool)
        while len(chosen) < self._count and left.any():
            row, col, cosine = candidates[np.argmax(left)].tolist()
            chosen.append(BestCell(row, col, cosine))
            left &= np.hypot(candidates["row"] - row, candidates["col"] - col) >= self._apart
            left &= (candidates["row"] != row) | (candidates["col"] != col)
        return chosen


def _cells_within(apart: float) -> int:
    """Return how many cells lie nearer to a cell than `apart`, the cell itself among them."""
    reach = np.arange(-int(apart), int(apart) + 1)
    near = np.hypot(*np.meshgrid(reach, reach)) < apart
    return max(1, int(np.count_nonzero(near)))
