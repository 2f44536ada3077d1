"""Similarity in one pass, and retrieval: equal to the plain loops over pairs."""

import numpy as np
import pytest

from backend.errors import ConfigInvalid
from backend.evaluation.words.retrieval import retrieval_recall
from backend.evaluation.words.similarity import pairwise_similarity


def test_similarity_is_that_of_all_pairs_of_different_vectors() -> None:
    rows = np.random.default_rng(0).normal(0.3, 1, (40, 7)).astype(np.float32)
    units = rows.astype(float) / np.linalg.norm(rows.astype(float), axis=1, keepdims=True)
    cosines = (units @ units.T)[~np.eye(40, dtype=bool)]
    found = pairwise_similarity([rows[:11], rows[11:]])
    assert found.vectors == 40
    assert found.mean == pytest.approx(cosines.mean(), abs=1e-12)
    assert found.variance == pytest.approx(cosines.var(), abs=1e-12)


def test_equal_vectors_have_a_similarity_of_1_without_variance() -> None:
    found = pairwise_similarity([np.full((5, 3), 0.1)])
    assert (found.mean, found.variance) == (pytest.approx(1), pytest.approx(0, abs=1e-12))


@pytest.mark.parametrize("rows", [np.zeros((3, 2)), np.array([[1.0, np.nan], [1, 0]]), np.eye(1)])
def test_vectors_that_have_no_cosine_are_refused(rows: np.ndarray) -> None:
    with pytest.raises(ConfigInvalid, match=r"length|similarity needs two"):
        pairwise_similarity([rows])


def test_recall_is_that_of_sorted_lists() -> None:
    rng = np.random.default_rng(1)
    images, owners = rng.normal(size=(30, 4)), np.sort(rng.integers(0, 30, 90))
    owners[:30] = np.arange(30)
    texts = images[owners] + rng.normal(size=(90, 4))
    found = retrieval_recall(images, texts, owners)
    scores = texts @ images.T
    first = [owners[np.argsort(-scores[:, image])] for image in range(30)]
    for depth in (1, 5, 10):
        hits = [image in ranked[:depth] for image, ranked in enumerate(first)]
        assert found.image_to_text[depth] == pytest.approx(np.mean(hits))
        back = np.argsort(-scores, axis=1)[:, :depth]
        assert found.text_to_image[depth] == pytest.approx((back == owners[:, None]).any(1).mean())
    six = [*found.image_to_text.values(), *found.text_to_image.values()]
    assert found.mean_recall == pytest.approx(np.mean(six))
    beaten = (scores < scores[np.arange(90), owners][:, None]).sum(1) / 29
    assert found.outscored == pytest.approx(beaten.mean())


def test_a_model_that_says_the_same_of_everything_finds_nothing() -> None:
    same = np.ones((20, 2))
    found = retrieval_recall(same, same, np.arange(20))
    assert found.mean_recall == found.outscored == 0


def test_an_image_without_a_text_is_refused() -> None:
    with pytest.raises(ConfigInvalid, match="Image 1 has no text"):
        retrieval_recall(np.eye(3), np.eye(3), np.array([0, 0, 2]))
    with pytest.raises(ConfigInvalid, match="vectors of one space"):
        retrieval_recall(np.eye(3), np.eye(4), np.arange(4))
