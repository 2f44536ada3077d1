"""Each network learns a task that can be solved, on grids that are made here: squares on noise.

Masks and boxes are learnt by heart here; what they find in chips that they never saw is proved at
full length (tests/backend/training/test_recognising.py).
"""

from collections.abc import Sequence

import numpy as np
import pytest
import torch

from backend.evaluation.recognition.boxes import Detection, TrueBox, average_precisions
from backend.evaluation.recognition.segments import confusion, mean_overlap
from backend.language.record import Box
from backend.recognisers.base import Recogniser
from backend.recognisers.boxes import Detector, Points, assign, focal_loss
from backend.recognisers.classes import Classifier
from backend.recognisers.counts import Counter
from backend.recognisers.segments import MaskTransformer

SIDE, CELL, NAMES = 32, 4, ("pale", "bright")
Truths = list[torch.Tensor]


def squares(
    count: int, seed: int, kinds: int = 2
) -> tuple[torch.Tensor, list[list[tuple[int, int, int]]]]:
    """Grids (n, 8, 8, 6) of means of halves of cells, and squares of each chip: kind, x, y.

    A chip has one to three squares of 8 px, of one kind, each in its own quarter.
    """
    rng = np.random.default_rng(seed)
    pictures = rng.normal(0, 0.1, (count, SIDE, SIDE))
    placed: list[list[tuple[int, int, int]]] = []
    for number, picture in enumerate(pictures):
        kind, own = number % kinds, []
        for quarter in rng.permutation(4)[: 1 + number // kinds % 3]:
            x, y = (16 * int(k) + int(rng.integers(0, 9)) for k in divmod(int(quarter), 2))
            picture[y : y + 8, x : x + 8] += 1 + kind
            own.append((kind, x, y))
        placed.append(own)
    cells = torch.from_numpy(pictures).float().reshape(count, 8, CELL, 8, CELL)
    halves = [cells[:, :, :2], cells[:, :, 2:], cells[..., :2], cells[..., 2:]]
    features = [half.mean(dim=(2, 4)) for half in halves]
    return torch.stack([*features, *(one.square() for one in features[:2])], dim=-1), placed


def learn(recogniser: Recogniser, grids: torch.Tensor, truths: Truths, steps: int) -> None:
    recogniser.start(grids, truths)
    optimiser = torch.optim.AdamW(recogniser.parameters(), 5e-3, weight_decay=1e-3)
    for _ in range(steps):
        loss = recogniser.loss(grids, truths)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(recogniser.parameters(), 1.0)
        optimiser.step()
    recogniser.eval().requires_grad_(False)


@pytest.fixture(autouse=True)
def seeded() -> None:
    torch.manual_seed(0)


def test_classes_are_told_apart() -> None:
    (grids, placed), (others, right) = squares(32, 0), squares(32, 1)
    classifier = Classifier(6, CELL, NAMES)
    learn(classifier, grids, [torch.tensor(own[0][0]) for own in placed], 80)
    found = [one["scores"] for one in classifier.reply(others, (SIDE, SIDE))]
    pairs = zip(found, right, strict=True)
    hits = [max(one, key=one.get) == NAMES[own[0][0]] for one, own in pairs]
    assert np.mean(hits) > 0.9  # chance is a half
    assert all(sum(one.values()) == pytest.approx(1, abs=1e-5) for one in found)


def test_a_classifier_begins_as_the_linear_layer_on_the_mean_cell() -> None:
    grids, classifier = torch.randn(3, 2, 2, 6), Classifier(6, CELL, NAMES)
    expected = classifier.linear(grids.mean(dim=(1, 2)))
    torch.testing.assert_close(classifier(grids), expected)


def test_squares_are_counted() -> None:
    (grids, placed), (others, right) = squares(64, 0, kinds=1), squares(32, 1, kinds=1)
    counter = Counter(6, CELL, ["square"])
    learn(counter, grids, [torch.tensor([float(len(own))]) for own in placed], 60)
    found = [one["counts"]["square"] for one in counter.reply(others, (SIDE, SIDE))]
    numbers = [len(own) for own in right]
    assert np.mean(np.rint(found) == numbers) > 0.9  # always the same gets a third
    assert np.abs(np.subtract(found, numbers)).mean() < 0.25


def test_a_counter_begins_with_the_mean_and_its_loss_is_poissons() -> None:
    grids, truths = torch.randn(4, 2, 3, 6), [torch.tensor([k, 2.0]) for k in (0.0, 1, 2, 5)]
    counter = Counter(6, CELL, NAMES)
    counter.start(grids, truths)
    torch.testing.assert_close(counter(grids), torch.tensor([[2.0, 2.0]]).expand(4, 2))
    poisson = torch.nn.PoissonNLLLoss(log_input=False, reduction="none", eps=0)
    expected = poisson(counter(grids), torch.stack(truths)).sum(dim=1).mean()
    torch.testing.assert_close(counter.loss(grids, truths), expected)
    counter.start(grids[:, :1, :1], [torch.tensor([40.0, 0.5])] * 4)  # all of them in one cell
    counted = counter(grids[:, :1, :1])
    torch.testing.assert_close(counted, torch.tensor([[40.0, 0.5]]).expand(4, 2))


def test_segments_lie_where_the_squares_do() -> None:
    grids, placed = squares(4, 0)
    network = MaskTransformer(6, CELL, ("ground", *NAMES), width=64)
    learn(network, grids, [torch.from_numpy(_drawn(own)) for own in placed], 80)
    replies = network.reply(grids, (SIDE, SIDE))
    pairs = zip(replies, placed, strict=True)
    counts = sum(confusion(one["segments"], _drawn(own), 3) for one, own in pairs)
    assert mean_overlap(counts) > 0.6  # all ground gets below 0.3


def _drawn(own: Sequence[tuple[int, int, int]]) -> np.ndarray:
    drawn = np.zeros((SIDE, SIDE), np.int64)
    for kind, x, y in own:
        drawn[y : y + 8, x : x + 8] = 1 + kind
    return drawn


def test_unknown_pixels_are_not_learnt_and_replies_are_as_large_as_the_chip() -> None:
    network = MaskTransformer(6, CELL, ("ground", *NAMES), width=32)
    grids, truth = torch.randn(1, 8, 8, 6), torch.full((30, 29), -1)
    assert float(network.loss(grids, [truth]).detach()) == 0.0
    assert network.reply(grids, (30, 29))[0]["segments"].shape == (30, 29)


def test_squares_are_found() -> None:
    grids, placed = squares(4, 0)
    detector = Detector(6, CELL, NAMES, width=16)
    learn(detector, grids, [_rows(own) for own in placed], 30)
    replies = detector.reply(grids, (SIDE, SIDE))
    found = {
        str(n): [Detection(b["category"], Box(*b["box"]), b["score"]) for b in one["boxes"]]
        for n, one in enumerate(replies)
    }
    truth = {
        str(n): [TrueBox(NAMES[kind], Box(x, y, 8, 8)) for kind, x, y in own]
        for n, own in enumerate(placed)
    }
    assert min(average_precisions(found, truth).values()) > 0.9
    scores = [b["score"] for one in replies for b in one["boxes"]]
    assert scores and 0.05 <= min(scores) <= max(scores) <= 1


def _rows(own: Sequence[tuple[int, int, int]]) -> torch.Tensor:
    return torch.tensor([(kind, x, y, x + 8, y + 8) for kind, x, y in own], dtype=torch.float32)


def _points(stride: float, level: int, side: int = 16) -> Points:
    middles = (torch.arange(side / stride) + 0.5) * stride
    at = torch.stack(torch.meshgrid(middles, middles, indexing="xy"), dim=2).reshape(-1, 2)
    return Points(at, torch.full((len(at),), stride), torch.full((len(at),), level))


def test_a_box_is_learnt_at_its_level_around_its_middle_and_the_smaller_one_first() -> None:
    fine, coarse = _points(1.0, 0), _points(2.0, 1)
    pairs = zip(vars(fine).values(), vars(coarse).values(), strict=True)
    points = Points(*(torch.cat(both) for both in pairs))
    boxes = torch.tensor([[0.0, 0, 16, 16], [4, 4, 8, 8], [9.2, 9.2, 9.4, 9.4]])
    owner = assign(boxes, points)
    assert set(owner[:256].tolist()) == {-1, 1, 2}  # of 4 px and of a fifth: the finest level
    inside = points.at[:256][owner[:256] == 1]
    assert inside.min() == 4.5 and inside.max() == 7.5 and len(inside) == 16
    assert points.at[:256][owner[:256] == 2].tolist() == [[9.5, 9.5]]  # the nearest, if none inside
    assert (owner[256:] == 0).sum() == 16 and 0 not in owner[:256]
    assert (assign(torch.zeros(0, 4), points) == -1).all()


def test_focal_loss_is_as_its_paper_defines_it() -> None:
    logits, wanted = torch.tensor([0.3, -2.0]), torch.tensor([1.0, 0.0])
    p = logits.sigmoid().tolist()
    by_hand = -0.25 * (1 - p[0]) ** 2 * np.log(p[0]) - 0.75 * p[1] ** 2 * np.log(1 - p[1])
    assert float(focal_loss(logits, wanted)) == pytest.approx(by_hand, rel=1e-5)
