"""AP50, mIoU, overall accuracy and top-k equal plain references on random boxes and labels."""

import numpy as np
import pytest

from backend.evaluation.recognition.boxes import (
    Detection,
    TrueBox,
    average_precisions,
    overlaps,
)
from backend.evaluation.recognition.classes import chance_at, hits_at
from backend.evaluation.recognition.segments import (
    class_overlaps,
    confusion,
    mean_overlap,
    of_one_class,
    overall_accuracy,
)
from backend.language.record import Box

CATEGORIES = ("bridge", "ship", "tank")


def plain_iou(one: Box, other: Box) -> float:
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    shared = max(wide, 0) * max(high, 0)
    return shared / (one.width * one.height + other.width * other.height - shared)


def plain_ap(category: str, found: dict, truth: dict) -> float:  # type: ignore[type-arg]
    """As COCO's rules read, one detection after the other."""
    ranked = [(one, chip) for chip in truth for one in found.get(chip, ())]
    ranked = sorted((p for p in ranked if p[0].category == category), key=lambda p: -p[0].score)
    wanted = sum(one.category == category for boxes in truth.values() for one in boxes)
    taken: set[tuple[str, int]] = set()
    points, right = [], 0
    for number, (one, chip) in enumerate(ranked, 1):
        best, at = 0.5, -1
        for place, true in enumerate(truth[chip]):
            shared = plain_iou(one.box, true.box)
            free = true.category == category and (chip, place) not in taken
            if free and shared >= best and (at < 0 or shared > best):
                best, at = shared, place
        if at >= 0:
            taken.add((chip, at))
            right += 1
        points.append((right / wanted, right / number))
    heights = []
    for recall in np.linspace(0, 1, 101):
        heights.append(max((p for r, p in points if r >= recall), default=0.0))
    return float(np.mean(heights))


def random_boxes(rng: np.random.Generator) -> tuple[dict, dict]:  # type: ignore[type-arg]
    truth, found = {}, {}
    for n in range(rng.integers(1, 12)):
        true, said = [], []
        for _ in range(rng.integers(0, 6)):
            box = Box(*rng.uniform(0, 40, 2), *rng.uniform(4, 12, 2))
            name = str(rng.choice(CATEGORIES))
            true.append(TrueBox(name, box))
            for _ in range(rng.integers(0, 3)):  # found again, about there
                x, y = rng.normal((box.x, box.y), 1.5)
                said.append(Detection(name, Box(x, y, box.width, box.height), rng.random()))
        said += [
            Detection(str(rng.choice(CATEGORIES)), Box(*rng.uniform(1, 40, 4)), rng.random())
            for _ in range(rng.integers(0, 4))
        ]
        truth[f"c{n}"], found[f"c{n}"] = true, said
    return found, truth


@pytest.mark.parametrize("seed", range(40))
def test_average_precision_is_that_of_the_plain_rules(seed: int) -> None:
    found, truth = random_boxes(np.random.default_rng(seed))
    ours = average_precisions(found, truth)
    assert set(ours) == {one.category for boxes in truth.values() for one in boxes}
    for name, value in ours.items():
        assert value == pytest.approx(plain_ap(name, found, truth), abs=1e-12)


def test_average_precision_by_hand() -> None:
    ship, off = Box(0, 0, 4, 4), Box(2, 0, 4, 4)  # IoU 8/24
    truth = {"a": [TrueBox("ship", ship)], "b": [TrueBox("ship", ship)]}
    assert overlaps([ship], [off]) == pytest.approx(np.array([[1 / 3]]))
    sure, unsure = Detection("ship", ship, 0.9), Detection("ship", ship, 0.1)
    assert average_precisions({"a": [sure], "b": [unsure]}, truth) == {"ship": 1.0}
    assert average_precisions({}, truth) == {"ship": 0.0}
    # One of two found: precision 1 up to recall 0.5, the first 51 of 101.
    assert average_precisions({"a": [sure]}, truth)["ship"] == pytest.approx(51 / 101)
    # Said twice: the second one is wrong, and comes last.
    assert average_precisions({"a": [sure, unsure]}, truth)["ship"] == pytest.approx(51 / 101)
    assert average_precisions({"a": [Detection("ship", off, 1)]}, truth)["ship"] == 0.0


@pytest.mark.parametrize("seed", range(20))
def test_overlaps_of_segments_are_those_of_plain_sets(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth, found = rng.integers(-1, 4, (2, 9, 7))
    counts = confusion(found, truth, 5)  # class 4 never occurs
    places = [(r, c) for r in range(9) for c in range(7) if truth[r, c] >= 0]
    right = sum(truth[p] == found[p] for p in places)
    assert overall_accuracy(counts) == pytest.approx(right / len(places))
    expected = []
    for name in range(4):
        true = {p for p in places if truth[p] == name}
        said = {p for p in places if found[p] == name}
        expected.append(len(true & said) / len(true | said))
    assert class_overlaps(counts)[:4] == pytest.approx(expected)
    assert np.isnan(class_overlaps(counts)[4])
    assert mean_overlap(counts) == pytest.approx(np.mean(expected))
    most = max((truth == name).sum() for name in range(4)) / len(places)
    assert overall_accuracy(of_one_class(counts)) == pytest.approx(most)


@pytest.mark.parametrize("seed", range(20))
def test_top_k_is_that_of_a_sorted_list(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, truth = rng.integers(0, 5, (30, 6)).astype(float), rng.integers(0, 6, 30)
    for k in (1, 3):
        expected = []
        for row, right in zip(scores, truth, strict=True):
            worst_first = sorted(range(6), key=lambda name: (-row[name], name == right))
            expected.append(right in worst_first[:k])
        assert hits_at(scores, truth, k).tolist() == expected
        common = np.sort(np.bincount(truth, minlength=6))[::-1][:k].sum() / 30
        assert chance_at(truth, 6, k) == pytest.approx(common)
    assert not hits_at(np.full((1, 2), -np.inf), [0], 3).any()
