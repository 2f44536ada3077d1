"""Captions and views of the simulated survey: true to direction, clean in grammar."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backend.simulation import CLASSES, Ground, Season
from backend.simulation.cover import WATER
from backend.simulation.survey.captions import Sight, caption, topics, with_adjective
from backend.simulation.survey.points import simulate_points, view_shares
from backend.simulation.survey.words import HILLS, MEETINGS, MIXTURES, MOUNTAINS, WORDS

N = len(CLASSES)
SHARES = arrays(np.float64, N, elements=st.floats(0, 1)).filter(lambda a: a.sum() > 0.1)
ALL_WORDS = [*WORDS.values(), *MIXTURES.values(), *MEETINGS.values(), HILLS, MOUNTAINS]


def normal(shares: np.ndarray) -> np.ndarray:
    return shares / shares.sum()


@given(SHARES, SHARES, st.sampled_from(Season), st.floats(0, 800), st.integers(0, 2**32))
def test_captions_are_clean_english(
    near: np.ndarray, far: np.ndarray, season: Season, relief_m: float, seed: int
) -> None:
    sight = Sight(normal(near), normal(far), season, relief_m)
    text = caption(sight, np.random.default_rng(seed))
    assert text == caption(sight, np.random.default_rng(seed))
    assert text.strip() == text and text
    assert "  " not in text and "{" not in text and " ," not in text
    assert not re.search(r"\ba [aeio]", text), text
    assert not re.search(r"\ban [^aeiou]", text), text
    assert not re.search(r"\b(\w+) \1\b", text), text
    assert not re.search(r"\b(a|an|the) (a|an|the)\b", text), text


@pytest.mark.parametrize("ground", list(Ground))
def test_every_class_is_named_by_its_own_words(ground: Ground) -> None:
    alone = np.eye(N)[ground]
    assert topics(alone) == [WORDS[ground]]
    assert len(set(WORDS[ground].phrases)) >= 6


def test_no_two_words_make_bad_english() -> None:
    for words in ALL_WORDS:
        for phrase in words.phrases:
            assert phrase == phrase.strip() and "  " not in phrase
            for adjective in words.adjectives:
                joined = with_adjective(adjective, phrase)
                assert not re.search(r"\ba [aeio]|\ban [^aeiou]", joined), joined


@given(SHARES)
def test_the_largest_topic_comes_first_and_something_is_always_named(shares: np.ndarray) -> None:
    shares = normal(shares)
    named = topics(shares)
    assert named
    if shares.max() > 0.6:
        assert named[0] is WORDS[Ground(int(shares.argmax()))] or named[0] in MIXTURES.values()


def test_what_meets_may_be_named_together() -> None:
    shares = np.zeros(N)
    shares[[Ground.SEA, Ground.INDUSTRY]] = 0.5
    rng = np.random.default_rng(0)
    said = " ".join(caption(Sight(shares, shares, Season.GROWING), rng) for _ in range(60))
    assert "harbour" in said and "sea" in said


def test_a_caption_does_not_say_the_same_thing_twice() -> None:
    lake, flood = np.eye(N)[Ground.LAKE], np.eye(N)[Ground.FLOOD]
    rng = np.random.default_rng(0)
    said = [caption(Sight(lake, flood, Season.GROWING), rng) for _ in range(200)]
    assert not any(text.count("water") > 2 or text.count("sheet of") > 1 for text in said)


def water_north() -> np.ndarray:
    cover = np.full((224, 224), Ground.CONIFEROUS_FOREST, np.uint8)
    cover[:100] = Ground.LAKE
    return cover


@pytest.mark.parametrize(("turns", "wet"), [(0, 0), (3, 1), (2, 2), (1, 3)])
def test_only_the_view_towards_the_water_sees_it(turns: int, wet: int) -> None:
    near, far, whole = view_shares(np.rot90(water_north(), turns))
    lake = whole[:, Ground.LAKE]
    assert lake.argmax() == wet and lake[wet] > 0.6
    assert lake[(wet + 2) % 4] == 0
    rng = np.random.default_rng(0)
    waters = [phrase for ground in WATER for phrase in WORDS[ground].phrases]
    for _ in range(50):
        said = [caption(Sight(near[v], far[v], Season.GROWING), rng) for v in range(4)]
        assert any(word in said[wet] for word in ("lake", "water", "reservoir", "pond", "shore"))
        assert not any(re.search(rf"\b{phrase}\b", said[(wet + 2) % 4]) for phrase in waters)


def test_what_is_near_counts_more_than_what_is_far() -> None:
    cover = np.full((224, 224), Ground.TOWN, np.uint8)
    row, col = np.indices(cover.shape)
    cover[np.hypot(row - 111.5, col - 111.5) < 70] = Ground.GRASSLAND
    near, far, whole = view_shares(cover)
    assert near[0, Ground.GRASSLAND] == pytest.approx(1)
    assert far[0, Ground.TOWN] > 0.5
    by_area = 0.5 * np.pi / 4 * (70 / 112) ** 2  # of the square half towards north, at most
    assert whole[0, Ground.GRASSLAND] > 1.3 * by_area
    np.testing.assert_allclose(whole.sum(axis=1), 1, atol=1e-5)


def test_trees_close_by_hide_what_lies_behind() -> None:
    near, far = np.eye(N)[Ground.RAINFOREST], np.eye(N)[Ground.LAKE]
    rng = np.random.default_rng(0)
    said = [caption(Sight(near, far, Season.GROWING), rng) for _ in range(200)]
    assert sum("lake" in text or "water" in text for text in said) < 30


@pytest.mark.parametrize("workers", [1, 2])
def test_points_do_not_depend_on_how_many_are_drawn_or_by_whom(workers: int) -> None:
    few = next(simulate_points(3, seed=2))
    many = list(simulate_points(40, seed=2, workers=workers))
    assert few.windows.tobytes() == many[0].windows[:3].tobytes()
    assert few.captions == many[0].captions[:3]
    assert sum(len(batch.captions) for batch in many) == 40


def test_a_batch_holds_windows_captions_and_shares_of_one_landscape() -> None:
    batch, wide = (next(simulate_points(5, seed=11, margin_px=px)) for px in (0, 48))
    assert wide.windows[..., 48:-48, 48:-48].tobytes() == batch.windows.tobytes()
    assert batch.windows.shape == (5, 2, 224, 224) and batch.windows.dtype == np.float32
    assert [len(views) for views in batch.captions] == [4] * 5
    assert batch.cover_fractions.shape == (5, 4, N)
    np.testing.assert_allclose(batch.cover_fractions.sum(axis=2), 1, atol=1e-5)
    assert len(set(batch.landscape_id.tolist())) == 1
