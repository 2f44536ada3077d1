"""What a tower writes with, against transformers' own model and by plain sums."""

import pytest
import torch
from transformers import BertConfig, BertLMHeadModel

from backend.towers.sizes import SIZES, Sizes
from backend.towers.tower import Tower
from backend.towers.words import Vocabulary, words_of
from backend.towers.writing import begin, likelihoods, lm_loss, next_word, write_script

TEXTS = ["a lake in the north", "a town", "is there a lake ?", "yes"]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(words_of(TEXTS))


@pytest.fixture(scope="module")
def tower(vocabulary: Vocabulary) -> Tower:
    torch.manual_seed(0)
    sizes = Sizes(*SIZES["tiny"], 16, 8, vocabulary=vocabulary.size, most_tokens=24)
    tower = Tower(sizes).eval()
    tower.add_decoder()
    assert tower.decoder is not None
    with torch.no_grad():  # not the same as reading any more
        for weight in tower.decoder.parameters():
            weight.add_(torch.randn_like(weight) * 0.1)
    return tower.eval()


@pytest.fixture(scope="module")
def seen(tower: Tower) -> torch.Tensor:
    db = torch.randn(1, 2, 16, 16, generator=torch.Generator().manual_seed(1)) * 4 - 14
    with torch.no_grad():
        return tower.see(db)


def theirs(tower: Tower) -> BertLMHeadModel:
    """Transformers' own decoder, with the parts that a tower shares and those that it does not."""
    of = tower.bert.config.to_dict()
    model = BertLMHeadModel(BertConfig(**of)).eval()
    assert tower.decoder is not None
    for own, shared, new in zip(
        tower.decoder.layers, tower.bert.encoder.layer, model.bert.encoder.layer, strict=True
    ):
        new.attention, new.crossattention = own, shared.crossattention
        new.intermediate, new.output = shared.intermediate, shared.output
    model.bert.embeddings = tower.bert.embeddings
    return model


@torch.no_grad()
def test_the_decoder_is_transformers_with_shared_parts(tower: Tower, seen: torch.Tensor) -> None:
    tokens = torch.randint(4, tower.sizes.vocabulary, (1, 9))
    wanted = theirs(tower).bert(input_ids=tokens, encoder_hidden_states=tower.bridge(seen))
    assert torch.allclose(tower.write(tokens, seen), wanted.last_hidden_state, atol=1e-5)
    parts = {id(one) for one in tower.parameters()}
    assert tower.decoder is not None
    own = {name for name, _ in tower.decoder.named_parameters()}
    assert {name.split(".")[2] for name in own} == {"self", "output"}  # self-attention alone
    assert len(parts) == len(list(tower.state_dict()))  # nothing is there twice


@torch.no_grad()
def test_a_word_sees_those_before_it_and_the_chip(tower: Tower, seen: torch.Tensor) -> None:
    tokens = torch.randint(4, tower.sizes.vocabulary, (1, 9))
    later = tokens.clone()
    later[0, 5] += 1
    one, other = tower.write(tokens, seen), tower.write(later, seen)
    assert torch.allclose(one[:, :5], other[:, :5], atol=1e-6)
    assert not torch.allclose(one[:, 5:], other[:, 5:], atol=1e-3)
    assert not torch.allclose(one, tower.write(tokens, seen + 0.5), atol=1e-3)


@torch.no_grad()
def test_words_one_by_one_are_those_of_the_whole(
    tower: Tower, vocabulary: Vocabulary, seen: torch.Tensor
) -> None:
    """What was computed of earlier words is kept, and follows when beams change places."""
    rows = torch.randint(4, 20, (3, 6), generator=torch.Generator().manual_seed(2))
    rows[:, :3] = torch.tensor(begin(vocabulary, "a", 24))
    step, order = next_word(tower, vocabulary, seen), torch.tensor([2, 0, 1])
    step(rows[:, :3], torch.arange(3))
    step(rows[:, :4], torch.arange(3))
    found = step(torch.cat([rows[order, :4], rows[:, 4:5]], dim=1), order)
    whole = tower.fill(tower.write(torch.cat([rows[order, :4], rows[:, 4:5]], 1), seen)[:, -1])
    words = torch.isfinite(found)
    assert torch.allclose(found[words], whole[words], atol=1e-5)
    assert set((~words[0]).nonzero()[:, 0].tolist()) == set(vocabulary.no_words) - {vocabulary.end}


@torch.no_grad()
def test_only_what_is_written_is_learnt_and_padding_counts_for_nothing(
    tower: Tower, vocabulary: Vocabulary, seen: torch.Tensor
) -> None:
    both = [("", ["a lake in the north"]), ("is there a lake ?", ["yes"])]
    script = write_script(vocabulary, both, 24)
    asked = [
        vocabulary.words(row[chosen].tolist())
        for row, chosen in zip(script.ids, script.asked, strict=True)
    ]
    assert asked == ["a lake in the north", "yes"]
    assert all(row[chosen][-1] == vocabulary.end for row, chosen in
               zip(script.ids, script.asked, strict=True))  # fmt: skip
    caption = likelihoods(tower, vocabulary, seen, "", ["a lake in the north"])[0]
    answer = likelihoods(tower, vocabulary, seen, "is there a lake ?", ["yes"])[0]
    # Words that stand for none are left out there, and have their share here.
    loss = float(lm_loss(tower, seen.expand(2, -1, -1), script))
    states = tower.write(script.ids[:, :-1], seen.expand(2, -1, -1))
    words = tower.fill(states).log_softmax(2).gather(2, script.ids[:, 1:, None])[..., 0]
    assert loss == pytest.approx(-float(words[script.asked[:, 1:]].mean()), abs=1e-5)
    assert (caption, answer) < (0, 0)
    long = write_script(vocabulary, [("a lake " * 30, ["a town " * 30])], 24)
    assert long.ids.shape == (1, 24) and int(long.asked.sum()) == 12


@torch.no_grad()
def test_the_likelihood_of_an_answer_is_that_of_its_words(
    tower: Tower, vocabulary: Vocabulary, seen: torch.Tensor
) -> None:
    choices = ["yes", "a lake in the north"]
    found = likelihoods(tower, vocabulary, seen, "a town", choices)
    for choice, value in zip(choices, found, strict=True):
        text, total = begin(vocabulary, "a town", 24), 0.0
        for word in vocabulary.tokenise([[choice]], 24).ids[0, 1:].tolist():
            step = next_word(tower, vocabulary, seen)
            total += float(step(torch.tensor([text]), torch.arange(1)).log_softmax(1)[0, word])
            text.append(word)
        assert value == pytest.approx(total, abs=1e-4)


def test_layers_that_are_computed_twice_give_the_same_gradients(
    tower: Tower, vocabulary: Vocabulary, seen: torch.Tensor
) -> None:
    script, found = write_script(vocabulary, [("", ["a lake"])], 24), []
    assert tower.decoder is not None
    for checkpointing in (False, True):
        tower.train().decoder.checkpointing = checkpointing  # type: ignore[union-attr]
        tower.zero_grad()
        lm_loss(tower, seen, script).backward()
        found.append({n: p.grad for n, p in tower.named_parameters() if p.grad is not None})
    tower.eval().zero_grad()
    assert found[0].keys() == found[1].keys() and any("crossattention" in one for one in found[0])
    assert all(torch.allclose(found[0][name], found[1][name], atol=1e-6) for name in found[0])
