import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from shapely.geometry import Polygon
from shapely.ops import unary_union

from backend.describers.outline import MOST_CELLS, outlines


@settings(max_examples=20)
@given(arrays(bool, st.tuples(st.integers(1, 6), st.integers(1, 6))))
def test_outlines_hold_the_chosen_cells_and_no_other(chosen: np.ndarray) -> None:
    polygons = [Polygon(rings[0], rings[1:]) for rings in outlines(chosen, 8.0)]
    whole = unary_union(polygons)
    assert all(each.is_valid for each in polygons)
    assert whole.area == pytest.approx(64 * chosen.sum())
    for row, col in np.argwhere(chosen):
        cell = (8 * col, 8 * row), (8 * col + 8, 8 * row), (8 * col + 8, 8 * row + 8)
        assert whole.covers(Polygon(cell))


def test_many_cells_are_outlined_coarsely_and_a_lone_one_stays() -> None:
    chosen = np.zeros((1000, 700), bool)
    chosen[:, :350] = True
    (rings,) = outlines(chosen, 8.0)
    assert Polygon(rings[0]).area == pytest.approx(64 * chosen.sum(), rel=2 / MOST_CELLS)
    chosen[:] = False
    chosen[333, 444] = True
    (rings,) = outlines(chosen, 8.0)
    west, north, east, south = Polygon(rings[0]).bounds
    assert west <= 8 * 444 < east and north <= 8 * 333 < south
