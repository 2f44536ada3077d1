"""The three losses on toys that are reckoned by hand, and that classes and masks are right."""

import math

import numpy as np
import pytest
import torch

from backend.towers.losses import (
    IGNORED,
    MATCHED,
    contrast,
    draw_negatives,
    itc_loss,
    itm_labels,
    itm_loss,
    mask_words,
    mlm_loss,
    soft_targets,
)
from backend.towers.momentum import Queue, follow, slow_copy
from backend.towers.tower import COLDEST, HOTTEST, TEMPERATURE
from backend.training.towers.config import Recipe
from backend.training.towers.learner import learning_rate

ONE = torch.tensor(1.0)
EAST, NORTH, WEST = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]), torch.tensor([-1.0, 0.0])


def test_alpha_blends_the_pair_itself_with_what_the_slow_copy_says() -> None:
    scores = torch.log(torch.tensor([[1.0, 3.0, 4.0], [2.0, 2.0, 4.0]]))
    wanted = [[0.6 + 0.4 / 8, 0.4 * 3 / 8, 0.4 / 2], [0.4 / 4, 0.6 + 0.4 / 4, 0.4 / 2]]
    assert soft_targets(scores, 0.4).numpy() == pytest.approx(np.array(wanted))
    assert soft_targets(scores, 0.0).tolist() == [[1, 0, 0], [0, 1, 0]]


def test_contrast_is_the_cross_entropy_of_the_targets() -> None:
    scores = torch.log(torch.tensor([[1.0, 3.0]]))
    found = contrast(scores, torch.tensor([[0.25, 0.75]]))
    assert float(found) == pytest.approx(-0.25 * math.log(1 / 4) - 0.75 * math.log(3 / 4))


def test_itc_contrasts_both_ways_against_the_batch_and_the_queue() -> None:
    images, texts = torch.stack([EAST, NORTH]), torch.stack([EAST, NORTH])
    queue = (WEST[None], NORTH[None])  # an image, and a text that fits the second image
    found = itc_loss((images, texts), (images, texts), queue, ONE, alpha=0.0)
    e = math.e
    # Images against the texts EAST, NORTH, and NORTH of the queue; texts against EAST, NORTH, WEST.
    to_texts = (-math.log(e / (e + 2)) - math.log(e / (2 * e + 1))) / 2
    to_images = (-math.log(e / (e + 1 + 1 / e)) - math.log(e / (e + 2))) / 2
    assert float(found) == pytest.approx((to_texts + to_images) / 2)


def test_a_colder_temperature_makes_a_right_pair_surer() -> None:
    pairs = (torch.stack([EAST, NORTH]),) * 2
    none = (torch.zeros(0, 2), torch.zeros(0, 2))
    losses = [
        float(itc_loss(pairs, pairs, none, torch.tensor(t), 0.0))
        for t in (COLDEST, TEMPERATURE, HOTTEST)
    ]
    assert losses == sorted(losses)
    assert losses[2] == pytest.approx(math.log(1 + math.exp(-1 / HOTTEST)), rel=1e-4)


def test_negatives_are_never_the_pair_itself_nor_the_same_text() -> None:
    rng, scores = torch.Generator().manual_seed(0), torch.zeros(4, 4)
    same = torch.eye(4, dtype=torch.bool)
    same[0, 1] = same[1, 0] = True
    drawn = torch.stack([draw_negatives(scores, same, rng) for _ in range(60)])
    assert set(drawn[:, 0].tolist()) == {2, 3} and set(drawn[:, 3].tolist()) == {0, 1, 2}
    diverged = draw_negatives(torch.full((4, 4), torch.nan), torch.eye(4, dtype=torch.bool), rng)
    assert not (diverged == torch.arange(4)).any()
    everything = torch.ones(4, 4, dtype=torch.bool)
    alone = torch.stack([draw_negatives(scores, everything, rng) for _ in range(9)])
    assert not (alone == torch.arange(4)).any()


def test_hard_negatives_are_drawn_by_how_alike_they_are() -> None:
    rng, same = torch.Generator().manual_seed(0), torch.eye(3, dtype=torch.bool)
    scores = torch.log(torch.tensor([[1.0, 1.0, 3.0]] * 3))
    drawn = torch.stack([draw_negatives(scores, same, rng)[0] for _ in range(400)])
    assert float((drawn == 2).float().mean()) == pytest.approx(0.75, abs=0.08)


def test_matched_pairs_are_of_class_one() -> None:
    assert MATCHED == 1 and itm_labels(2, torch.device("cpu")).tolist() == [1, 1, 0, 0, 0, 0]
    right = torch.tensor([[-9.0, 9.0]] + [[9.0, -9.0]] * 2)  # logits: not matched, matched
    assert float(itm_loss(right)) < 1e-6 < 9 < float(itm_loss(-right))


def test_of_the_chosen_words_half_are_hidden_a_tenth_others_and_the_rest_stay() -> None:
    rng = torch.Generator().manual_seed(0)
    tokens = torch.full((100, 200), 7)
    chosen = torch.zeros(100, 200, dtype=torch.bool)
    chosen[:, :100] = True
    shown, labels = mask_words(tokens, chosen, 3, 30_000, rng)
    assert (shown[:, 100:] == 7).all() and (labels[:, 100:] == IGNORED).all()
    assert (labels[:, :100] == 7).all()
    part = shown[:, :100]
    shares = [float((part == 3).float().mean()), float((part == 7).float().mean())]
    assert shares == pytest.approx([0.5, 0.4], abs=0.02)


def test_only_hidden_words_count() -> None:
    logits = torch.log(torch.tensor([[1.0, 3.0], [1.0, 1.0]]))
    found = mlm_loss(logits, torch.tensor([1, 0]))
    assert float(found) == pytest.approx((-math.log(0.75) - math.log(0.5)) / 2)
    assert float(mlm_loss(torch.zeros(0, 2), torch.zeros(0, dtype=torch.long))) == 0


def test_the_slow_copy_moves_by_what_momentum_leaves() -> None:
    network = torch.nn.Linear(1, 1)
    slow = slow_copy(network)
    before = float(slow.weight.detach())
    with torch.no_grad():
        network.weight.fill_(5.0)
    follow(slow, network, 0.75)
    assert float(slow.weight) == pytest.approx(0.75 * before + 0.25 * 5)
    assert not slow.weight.requires_grad


def test_the_queue_holds_the_newest_pairs_and_no_random_ones() -> None:
    queue = Queue(3, 1, torch.device("cpu"))
    assert len(queue.vectors[0]) == 0
    for k in range(2):
        queue.push(torch.tensor([[2.0 * k], [2.0 * k + 1]]), -torch.tensor([[2.0 * k], [0.0]]))
    images, texts = queue.vectors
    assert sorted(images[:, 0].tolist()) == [1, 2, 3]
    assert texts[images[:, 0] == 2].item() == -2  # a pair stays a pair
    other = Queue(3, 1, torch.device("cpu"))
    other.restore(queue.state())
    for each in (queue, other):
        each.push(torch.tensor([[9.0]]), torch.tensor([[9.0]]))
    assert torch.equal(queue.vectors[0], other.vectors[0])
    assert sorted(other.vectors[0][:, 0].tolist()) == [2, 3, 9]


def test_the_rate_rises_then_falls_from_epoch_to_epoch_to_its_floor() -> None:
    recipe = Recipe(warmup_steps=10)
    assert learning_rate(recipe, 0, 0) == 1e-6
    assert learning_rate(recipe, 5, 0) == pytest.approx((1e-6 + 3e-4) / 2, rel=1e-3)
    assert learning_rate(recipe, 10, 0) == 3e-4
    assert learning_rate(recipe, 99, 2) == pytest.approx(3e-4 * 0.81)
    assert learning_rate(recipe, 99, 500) == 1e-6
