"""BLEU, ROUGE-L, CIDEr-D and MTLD: equal to other programs, and right where those surprise."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import ConfigInvalid
from backend.evaluation.words.bleu import bleu
from backend.evaluation.words.cider import cider
from backend.evaluation.words.diversity import mtld
from backend.evaluation.words.measures import caption_figures
from backend.evaluation.words.pairs import CaptionPairs
from backend.evaluation.words.rouge import longest_common, rouge_l
from backend.evaluation.words.tokens import spaced_pieces, unicode_words

PEERS = json.loads((Path(__file__).parent / "peers.json").read_text(encoding="utf-8"))
LIMIT = 1e-9


@pytest.fixture(scope="module")
def pairs() -> CaptionPairs:
    return CaptionPairs(
        [text.split() for text in PEERS["candidates"]],
        [[text.split() for text in texts] for texts in PEERS["references"]],
    )


def one(candidate: str, *references: str) -> CaptionPairs:
    return CaptionPairs([unicode_words(candidate)], [[unicode_words(text) for text in references]])


def test_bleu_is_that_of_pycocoevalcap(pairs: CaptionPairs) -> None:
    assert bleu(pairs) == pytest.approx(PEERS["bleu"], abs=LIMIT)


def test_cider_is_that_of_pycocoevalcap(pairs: CaptionPairs) -> None:
    assert cider(pairs) == pytest.approx(PEERS["cider"], abs=LIMIT)


def test_rouge_l_is_that_of_pycocoevalcap(pairs: CaptionPairs) -> None:
    assert rouge_l(pairs) == pytest.approx(PEERS["rouge_l"], abs=LIMIT)


def test_mtld_is_that_of_lexicalrichness() -> None:
    found = [mtld(text.split()) for text in PEERS["texts"]]
    assert found == pytest.approx(PEERS["mtld"], abs=LIMIT)


def test_a_perfect_greek_caption_is_perfect() -> None:
    text = "δύο πλοία στο λιμάνι"
    assert bleu(one(text, text)) == pytest.approx(np.ones(4))
    assert rouge_l(one(text, text)) == pytest.approx([1])


def test_a_wrong_number_is_a_wrong_word() -> None:
    assert bleu(one("12 ships", "3 ships"))[0] == pytest.approx(0.5)
    assert bleu(one("12 ships", "12 ships."))[0] == pytest.approx(1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Two ships, 12 m apart!", ["two", "ships", "12", "m", "apart"]),
        ("3.5 km, 1,2,5.", ["3.5", "km", "1", "2", "5"]),
        ("storage_tank built-up", ["storage", "tank", "built", "up"]),
        ("Straße ΛΙΜΑΝΙΣ λιμανις", ["strasse", "λιμανισ", "λιμανισ"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("cafe\u0301", ["café"]),
        ("港口有12艘船", ["港", "口", "有", "12", "艘", "船"]),
        ("… !", []),
    ],
)
def test_words_are_those_of_any_script_with_their_digits(text: str, words: list[str]) -> None:
    assert unicode_words(text) == words


def test_pieces_at_spaces_keep_case_and_punctuation() -> None:
    assert spaced_pieces("Two  ships.") == ["Two", "ships."]


def test_a_caption_of_three_words_has_no_4_gram() -> None:
    text = "two ships here"
    pairs = CaptionPairs([text.split(), ["x", "y"]], [[text.split()], [["z"]]])
    assert cider(pairs) == pytest.approx([7.5, 0])
    assert bleu(one(text, text))[3] == pytest.approx(1e-6 ** (1 / 4), rel=1e-6)


def test_what_every_reference_says_is_worth_nothing_to_cider() -> None:
    same = ["a", "ship", "lies", "at", "sea"]
    assert cider(CaptionPairs([same] * 3, [[same]] * 3)) == pytest.approx([0, 0, 0])


def test_an_empty_caption_scores_nothing_and_breaks_nothing() -> None:
    pairs = CaptionPairs([[], ["a", "ship"]], [[["a", "ship"], []], [["a", "ship"]]])
    assert rouge_l(pairs) == pytest.approx([0, 1])
    assert cider(pairs)[0] == 0
    assert bleu(pairs)[0] == pytest.approx(1)  # the empty reference is the closest
    assert math.isnan(mtld([]))


def test_a_caption_without_a_reference_is_refused() -> None:
    with pytest.raises(ConfigInvalid, match="1 of which are empty lists"):
        CaptionPairs([["a"]], [[]])


@given(st.lists(st.integers(0, 5), max_size=30), st.lists(st.integers(0, 5), max_size=30))
def test_the_longest_common_subsequence_is_that_of_the_table(
    first: list[int], second: list[int]
) -> None:
    table = np.zeros((len(first) + 1, len(second) + 1), int)
    for i, one_word in enumerate(first, 1):
        for j, other in enumerate(second, 1):
            table[i, j] = max(
                table[i - 1, j], table[i, j - 1], table[i - 1, j - 1] + (one_word == other)
            )
    assert longest_common(first, second) == table[-1, -1]


def test_the_interval_comes_from_chips_and_holds_the_value(pairs: CaptionPairs) -> None:
    chips = [f"chip {row // 2}" for row in range(pairs.items)]
    figures = caption_figures(pairs, chips, resamples=50, seed=1)
    assert figures["bleu_4"].value == pytest.approx(PEERS["bleu"][3], abs=LIMIT)
    assert figures["cider_d"].value == pytest.approx(np.mean(PEERS["cider"]), abs=LIMIT)
    assert all(figure.low < figure.value < figure.high for figure in figures.values())
