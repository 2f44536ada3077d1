"""Overlaps and which boxes are kept equal plain loops."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.recognisers.geometry import generalised_overlaps, keep_best, overlaps

SIDES = st.integers(0, 12)
BOXES = st.lists(st.tuples(SIDES, SIDES, st.integers(1, 8), st.integers(1, 8)), max_size=12)


def plain_overlap(a: list[float], b: list[float]) -> float:
    across = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    down = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    sizes = [(one[2] - one[0]) * (one[3] - one[1]) for one in (a, b)]
    return across * down / (sum(sizes) - across * down)


def plainly_kept(boxes: list[list[float]], scores: list[float], most: float) -> list[int]:
    """Take the best box that is left, drop what it overlaps by more, and so on."""
    left = sorted(range(len(boxes)), key=lambda n: -scores[n])
    kept = []
    while left:
        kept.append(left.pop(0))
        left = [n for n in left if plain_overlap(boxes[kept[-1]], boxes[n]) <= most]
    return kept


@settings(max_examples=25, deadline=None)
@given(BOXES, st.sampled_from([0.1, 0.3, 0.5, 0.7]), st.integers(0, 99))
def test_kept_boxes_are_those_of_a_plain_loop(
    found: list[tuple[int, int, int, int]], most: float, seed: int
) -> None:
    boxes = [[x, y, x + w, y + h] for x, y, w, h in found]
    scores = np.random.default_rng(seed).permutation(len(boxes)).tolist()
    as_tensor = torch.tensor(boxes, dtype=torch.float64).reshape(-1, 4)
    kept = keep_best(as_tensor, torch.tensor(scores), most)
    assert kept.tolist() == plainly_kept(boxes, scores, most)
    table = overlaps(as_tensor, as_tensor).tolist()
    assert table == [pytest.approx([plain_overlap(a, b) for b in boxes]) for a in boxes]


def test_a_generalised_overlap_falls_below_zero_with_the_distance() -> None:
    one = torch.tensor([[0.0, 0.0, 2.0, 2.0]]).expand(3, 4)
    other = torch.tensor([[0.0, 0.0, 2.0, 2.0], [2.0, 0.0, 4.0, 2.0], [6.0, 0.0, 8.0, 2.0]])
    assert generalised_overlaps(one, other).tolist() == pytest.approx([1.0, 0.0, -0.5])
