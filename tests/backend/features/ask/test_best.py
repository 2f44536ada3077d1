"""The best places: those of a finished map, gone through from the best one down."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.features.ask import Answer
from backend.features.ask.best import BestCell, BestCells
from backend.features.lattice import CellBox

ROW, COL = -540_000, 40_000


def in_parts(cosines: np.ndarray, side: int, rng: np.random.Generator) -> list[Answer]:
    """The answers of a map (q, h, w) in blocks, in any order."""
    _, height, width = cosines.shape
    corners = [(r, c) for r in range(0, height, side) for c in range(0, width, side)]
    rng.shuffle(corners)
    return [
        Answer(
            CellBox(ROW + r, COL + c, ROW + min(r + side, height), COL + min(c + side, width)),
            cosines[:, r : r + side, c : c + side],
        )
        for r, c in corners
    ]


def from_a_map(cosines: np.ndarray, count: int, apart: float) -> list[BestCell]:
    """The reference: all cells, sorted."""
    cells = [
        (-float(cosines[at]), ROW + at[0], COL + at[1])
        for at in np.ndindex(cosines.shape)
        if not np.isnan(cosines[at])
    ]
    chosen: list[BestCell] = []
    for negative, row, col in sorted(cells):
        near = any(np.hypot(one.row - row, one.col - col) < apart for one in chosen)
        if not near and len(chosen) < count:
            chosen.append(BestCell(row, col, -negative))
    return chosen


@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 12),
    st.sampled_from([0, 1, 1.5, 2, 3.7]),
    st.integers(2, 9),
)
@settings(max_examples=60, deadline=None)
def test_the_best_places_are_those_of_a_finished_map(
    seed: int, count: int, apart: float, side: int
) -> None:
    rng = np.random.default_rng(seed)
    cosines = rng.integers(-3, 4, (2, 11, 13)).astype(np.float32) / 8  # many are equal
    cosines[:, rng.random((11, 13)) < 0.3] = np.nan
    best = BestCells(2, count, apart)
    for answer in in_parts(cosines, side, rng):
        best.add(answer)
    assert best.found() == [from_a_map(plane, count, apart) for plane in cosines]
