"""Retrieval in two steps and by chance, against a whole matrix, random orders and by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from backend.errors import ConfigInvalid
from backend.evaluation.words.rescoring import rescored_recall
from backend.evaluation.words.retrieval import DEPTHS, chance_recall, retrieval_recall


def test_matching_puts_right_what_contrast_has_wrong_among_the_best_alone() -> None:
    """By cosine each chip likes the next one's text best, its own second, the other one last."""
    chips, owners = np.eye(3), np.arange(3)
    texts = np.array([[0.6, 0.1, 0.7], [0.7, 0.6, 0.1], [0.1, 0.7, 0.6]])
    logits = np.full((3, 3), -2.0) + 4 * np.eye(3)

    def match(chip: int, chosen: NDArray[np.int64]) -> NDArray[np.floating]:
        return logits[chip, chosen]

    assert retrieval_recall(chips, texts, owners).image_to_text[1] == 0
    both = rescored_recall(chips, texts, owners, match, 2)
    assert both.image_to_text[1] == both.text_to_image[1] == both.mean_recall == 1
    first = rescored_recall(chips, texts, owners, match, 1)  # the right one is not among these
    assert first.image_to_text[1] == first.text_to_image[1] == first.outscored == 0
    logits[:] = 0  # a model that says the same of all leaves the order of contrast
    assert rescored_recall(chips, texts, owners, match, 3) == retrieval_recall(chips, texts, owners)
    with pytest.raises(ConfigInvalid, match="The best 0 cannot be put in order"):
        rescored_recall(chips, texts, owners, match, 0)


@given(st.integers(1, 14), st.integers(1, 3), st.integers(1, 50), st.integers(0, 999))
def test_it_is_what_a_matrix_filled_with_minus_infinity_gives(
    count: int, each: int, most: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    owners = rng.permutation(np.repeat(np.arange(count), each))
    chips, texts = rng.normal(size=(count, 4)), rng.normal(size=(count * each, 4))
    logits, cosines = rng.normal(size=(count, count * each)), chips @ texts.T
    found = rescored_recall(chips, texts, owners, lambda chip, chosen: logits[chip, chosen], most)

    def ranked(scores: NDArray, first: NDArray, right: NDArray) -> list[int]:
        ranks = []
        for row, score in enumerate(first):
            filled = np.full(len(score), -np.inf)
            best = np.argsort(-score)[:most]
            filled[best] = scores[row, best]
            own = filled[right[row]].max()
            ranks.append(1 + int((filled[~right[row]] >= own).sum()))
        return ranks

    right, both = owners == np.arange(count)[:, None], logits + cosines
    to_text, to_image = ranked(both, cosines, right), ranked(both.T, cosines.T, right.T)
    for depth in DEPTHS:
        assert found.image_to_text[depth] == np.mean([rank <= depth for rank in to_text])
        assert found.text_to_image[depth] == np.mean([rank <= depth for rank in to_image])


def test_chance_is_what_random_vectors_come_to() -> None:
    rng, owners = np.random.default_rng(1), np.repeat(np.arange(12), [1, 2, 3] * 4)
    found = [
        retrieval_recall(rng.normal(size=(12, 30)), rng.normal(size=(24, 30)), owners)
        for _ in range(300)
    ]
    chance = chance_recall(owners)
    for depth in DEPTHS:
        for way in ("image_to_text", "text_to_image"):
            mean = np.mean([getattr(one, way)[depth] for one in found])
            assert getattr(chance, way)[depth] == pytest.approx(mean, abs=0.03)
    assert chance_recall(np.arange(4)).image_to_text == {1: 0.25, 5: 1.0, 10: 1.0}
