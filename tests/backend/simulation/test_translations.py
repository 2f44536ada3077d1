"""Names of classes in eight languages, and the metric in which languages lie close together."""

from collections.abc import Sequence

import numpy as np
import pytest

from backend.simulation.cover import Ground
from backend.simulation.survey.classes import paraphrase_metric
from backend.simulation.survey.translations import LANGUAGES, TRANSLATIONS
from backend.text import TextEncoder, TextSpace
from scripts.truth_languages import ASKED

DIM = 8
LANGUAGE = np.eye(DIM)[0]  # the direction in which languages lie apart


def embed(phrases: Sequence[str]) -> np.ndarray:
    """Random unit vectors, but each language is moved its own way along one direction."""
    places = {
        phrase: 1 + k // 2 for names in TRANSLATIONS.values() for k, phrase in enumerate(names)
    }
    vectors = []
    for phrase in phrases:
        own = np.random.default_rng(list(phrase.encode())).normal(0, 0.2, DIM)
        vectors.append(own + np.eye(DIM)[1] + 0.2 * places.get(phrase, 0) * LANGUAGE)
    return np.stack([vector / np.linalg.norm(vector) for vector in vectors]).astype(np.float32)


def test_every_class_has_two_names_in_each_language_that_the_measurement_does_not_ask() -> None:
    assert list(TRANSLATIONS) == list(Ground)
    assert {len(names) for names in TRANSLATIONS.values()} == {2 * len(LANGUAGES)}
    names = {name for of_class in TRANSLATIONS.values() for name in of_class}
    asked = {phrase for of in ASKED.values() for phrases in of.values() for phrase in phrases}
    assert not names & asked


@pytest.mark.parametrize("translated", [False, True])
def test_the_metric_hardly_sees_what_sets_languages_apart(translated: bool) -> None:
    text = TextEncoder("double", TextSpace("double", "1", DIM), lambda: embed)
    metric = paraphrase_metric(text, translated).numpy()
    lengths = np.linalg.norm(np.eye(DIM) @ metric, axis=1)
    assert (lengths[0] < 0.75 * np.median(lengths[2:])) == translated
