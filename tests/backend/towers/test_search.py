"""Searching for texts: against all texts there are, and against transformers' own search."""

import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import BertConfig, BertLMHeadModel

from backend.towers.search import Step, Written, search
from backend.towers.settings import Search

END, WORDS = 0, 3


def table(seed: int, spread: float = 1.5) -> Step:
    """What depends on all tokens so far, and is the same wherever it is asked."""

    def step(ids: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        found = []
        for row in ids.tolist():
            rng = torch.Generator().manual_seed(hash((seed, *row)) % 2**31)
            found.append(spread * torch.randn(WORDS, generator=rng))
        return torch.stack(found)

    return step


def all_texts(step: Step, how: Search) -> list[Written]:
    """Every text there is, by its score."""
    found = []
    for length in range(how.most + 1):
        for own in itertools.product(range(1, WORDS), repeat=length):
            ended = [END] if length < how.most else []
            if how.least <= length and len(own) + len(ended) > 0:
                found.append(scored(step, (*own, *ended), how))
    return sorted(found, key=lambda one: -one.score)


def scored(step: Step, words: tuple[int, ...], how: Search) -> Written:
    total = 0.0
    for k, word in enumerate(words):
        scores = step(torch.tensor([[9, *words[:k]]]), torch.arange(1))[0].log_softmax(0)
        total += float(scores[word])
    text = words[:-1] if words[-1] == END else words
    return Written(text, total, total / len(words) ** how.length_power)


@given(st.integers(0, 10_000), st.integers(0, 2), st.sampled_from([0.0, 0.7, 1.0]))
@settings(max_examples=15)
def test_with_a_beam_for_every_text_a_search_is_exhaustive(
    seed: int, least: int, power: float
) -> None:
    how, step = Search(beams=40, least=least, most=4, length_power=power), table(seed)
    wanted, found = all_texts(step, how), search(step, [9], END, how)
    assert found[0].tokens == wanted[0].tokens
    assert found[0].score == pytest.approx(wanted[0].score, abs=1e-5)
    tokens = [one.tokens for one in found]
    assert tokens == [one.tokens for one in wanted[: len(tokens)]]


@given(st.integers(0, 10_000))
@settings(max_examples=10)
def test_greedy_takes_the_likeliest_word_until_the_end(seed: int) -> None:
    step, text = table(seed), [9]
    for _ in range(6):
        text.append(int(step(torch.tensor([text]), torch.arange(1))[0].argmax()))
        if text[-1] == END:
            break
    (found,) = search(step, [9], END, Search(beams=1, least=0, most=6))
    assert [9, *found.tokens] == [one for one in text if one != END]


@pytest.fixture(scope="module")
def published() -> BertLMHeadModel:
    """A small decoder of transformers, whose next words differ clearly."""
    torch.manual_seed(5)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = BertConfig(vocab_size=40, intermediate_size=64, is_decoder=True, **sizes)
    model = BertLMHeadModel(config).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(9 if weight.ndim > 1 else 1)
    return model


@pytest.mark.parametrize("beams", [1, 2, 5])
@pytest.mark.parametrize("power", [0.0, 1.0])
@pytest.mark.parametrize("first", [7, 11, 23])
def test_the_best_text_is_that_of_transformers(
    published: BertLMHeadModel, beams: int, power: float, first: int
) -> None:
    def step(ids: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = published(ids, use_cache=False).logits[:, -1]
        return logits

    how = Search(beams=beams, least=3, most=9, length_power=power)
    found = search(step, [first], END, how)[0]
    options = {"num_beams": beams, "length_penalty": power, "early_stopping": "never"}
    wanted = published.generate(
        torch.tensor([[first]]),
        attention_mask=torch.ones(1, 1, dtype=torch.long),
        min_new_tokens=3,
        max_new_tokens=9,
        eos_token_id=END,
        pad_token_id=END,
        **(options if beams > 1 else {}),
    )
    assert list(found.tokens) == [one for one in wanted[0, 1:].tolist() if one != END]
    assert 3 <= len(found.tokens) <= 9


def test_groups_are_alike_without_a_penalty_and_differ_with_one() -> None:
    """As Vijayakumar et al. have it: a word costs by how many beams took it before."""
    step = table(3)
    alike = search(step, [9], END, Search(6, 3, least=1, most=6))
    one = search(step, [9], END, Search(2, 1, least=1, most=6))
    assert {text.tokens for text in alike} == {text.tokens for text in one}
    apart = search(step, [9], END, Search(6, 3, diversity=50.0, least=0, most=6))
    assert len({text.tokens for text in apart}) > len({text.tokens for text in alike})
    how = Search(2, 2, diversity=50.0, least=1, most=2)
    first, other = search(step, [9], END, how)
    assert first.tokens[0] != other.tokens[0]  # two beams, and two words but the end
    for text in (first, other):  # what a word cost is no part of its score
        whole = text.tokens if len(text.tokens) == how.most else (*text.tokens, END)
        assert text.score == pytest.approx(scored(step, whole, how).score, abs=1e-5)


@pytest.mark.parametrize(
    "wrong",
    [{"beams": 5, "groups": 2}, {"beams": 0}, {"least": 9, "most": 9}, {"diversity": float("inf")}],
)
def test_settings_that_no_search_can_have_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"beams do not divide|tokens"):
        Search(**wrong)
