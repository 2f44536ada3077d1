"""Texts of fragments as tokens: lead-ins are never filled in, and which vocabulary is refused."""

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from backend.errors import WeightsInvalid
from backend.text.minilm import model_folder
from backend.towers.words import OUTSIDE, Vocabulary, words_of
from backend.training.towers.config import Recipe
from backend.training.towers.learner import choose_words

GEOVL = ["Water: a lake in the north.", "The roads are described as two lanes.", "Houses"]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary((model_folder() / "tokenizer.json").read_bytes())


def test_what_a_fragment_says_is_told_from_how_it_is_led_in(vocabulary: Vocabulary) -> None:
    tokens = vocabulary.tokenise([GEOVL], 40)
    values = [
        vocabulary.words(tokens.ids[0][tokens.value[0] & (tokens.fragment[0] == k)].tolist())
        for k in range(3)
    ]
    assert values == ["a lake in the north.", "two lanes.", "houses"]
    assert tokens.fragment[0, 0] == tokens.fragment[0, -1] == OUTSIDE
    assert not tokens.value[0, 0] and not tokens.value[0, -1]


def test_a_phrase_alone_has_no_lead_in(vocabulary: Vocabulary) -> None:
    tokens = vocabulary.tokenise([["used as pasture: yes"], ["a lake"]], 40)
    assert tokens.value[0, 1:-1].all() and tokens.value[1].tolist()[:4] == [
        False,
        True,
        True,
        False,
    ]
    assert not tokens.attended[1, 4:].any() and (tokens.ids[1, 4:] == vocabulary.pad).all()


def test_a_long_text_is_cut_and_still_ends(vocabulary: Vocabulary) -> None:
    tokens = vocabulary.tokenise([["water " * 90]], 12)
    assert tokens.ids.shape == (1, 12) and tokens.ids[0, -1] == vocabulary.end


def test_only_values_are_filled_in_and_whole_fragments_are_hidden_together(
    vocabulary: Vocabulary,
) -> None:
    tokens, rng = vocabulary.tokenise([GEOVL] * 200, 40), torch.Generator().manual_seed(0)
    single = choose_words(tokens, Recipe(masked_fragments=0.0), rng)
    assert not (single & ~tokens.value).any() and single.any(dim=1).all()
    whole = choose_words(tokens, Recipe(masked_fragments=1.0), rng)
    assert not (whole & ~tokens.value).any()
    for row, fragment, value in zip(whole, tokens.fragment, tokens.value, strict=True):
        (number,) = set(fragment[row].tolist())
        assert torch.equal(row, value & (fragment == number))


def test_a_vocabulary_of_another_kind_is_refused() -> None:
    with pytest.raises(WeightsInvalid, match="cannot be read"):
        Vocabulary(b"nothing")
    other = Tokenizer(WordLevel({"[PAD]": 0, "[CLS]": 1, "[SEP]": 2, "x": 3}, "x"))
    with pytest.raises(WeightsInvalid, match=r"lacks \[MASK\]"):
        Vocabulary(other.to_str().encode())


def test_the_words_of_texts_are_known_and_others_are_spelt() -> None:
    texts = ["North: a Lake.", "a wind-swept heath"]
    vocabulary = Vocabulary(words_of(texts))
    assert vocabulary.content == words_of(reversed([*texts, *texts]))
    lake, loch, sign = vocabulary.tokenise([["a lake"], ["a loch"], ["a 湖"]], 40).ids.tolist()
    assert vocabulary.words(lake) == "a lake" and vocabulary.words(loch) == "a loch"
    assert lake.index(vocabulary.end) == 3  # one token for each word
    assert loch.index(vocabulary.end) == 6  # l, o, c, h
    assert sign.index(vocabulary.end) == 3 and vocabulary.size < 100  # a sign of no word at all
