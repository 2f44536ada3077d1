"""The networks of a tower, and how a frozen one judges fragments."""

import copy

import pytest
import torch
from safetensors.torch import load_file
from transformers import BertConfig, BertModel

from backend.text.minilm import model_folder
from backend.towers.reading import Chips
from backend.towers.scio import Judge, is_better
from backend.towers.settings import Margins
from backend.towers.sizes import SIZES, Sizes
from backend.towers.tower import COLDEST, HOTTEST, Tower
from backend.towers.words import Vocabulary


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary((model_folder() / "tokenizer.json").read_bytes())


@pytest.fixture(scope="module")
def tower() -> Tower:
    torch.manual_seed(0)
    return Tower(Sizes(*SIZES["tiny"], side_px=16, patch_px=8, most_tokens=40)).eval()


def chips(n: int) -> torch.Tensor:
    return torch.randn(n, 2, 16, 16, generator=torch.Generator().manual_seed(n)) * 4 - 14


BLOCK = ("self.query", "self.key", "self.value", "output.dense", "output.LayerNorm")
IN_BERT = (*(f"attention.{one}" for one in BLOCK), *(f"crossattention.{one}" for one in BLOCK),
           "intermediate.dense", "output.dense", "output.LayerNorm")  # fmt: skip
IN_VIT = (*(f"attention.{one}_proj" for one in "qkvo"), "mlp.fc1", "mlp.fc2", "layernorm_before",
          "layernorm_after")  # fmt: skip
WITH_BIAS = ("bert.embeddings.LayerNorm", "vit.embeddings.patch_embeddings.projection",
             "vit.layernorm", "image_projection", "text_projection", "matching", "filling.0",
             "filling.2")  # fmt: skip
ALONE = (*(f"bert.embeddings.{one}_embeddings.weight" for one in
           ("word", "position", "token_type")), "vit.embeddings.cls_token",
         "vit.embeddings.position_embeddings", "filling_bias", "temperature")  # fmt: skip


def test_layers_are_called_what_files_of_towers_call_them(tower: Tower) -> None:
    """Where a release of transformers calls them otherwise, files need a table of both names."""
    of_layers = {f"bert.encoder.layer.{n}.{one}" for n in (0, 1) for one in IN_BERT}
    of_layers |= {f"vit.layers.{n}.{one}" for n in (0, 1) for one in IN_VIT}
    of_layers |= {f"decoder.layers.{n}.{one}" for n in (0, 1) for one in BLOCK}
    both = {f"{one}.{of}" for one in (*of_layers, *WITH_BIAS) for of in ("weight", "bias")}
    writing = copy.deepcopy(tower)
    writing.add_decoder()
    assert set(writing.state_dict()) == both | set(ALONE)


@torch.no_grad()
def test_a_text_is_read_from_both_sides_and_padding_counts_for_nothing(
    tower: Tower, vocabulary: Vocabulary
) -> None:
    both = vocabulary.tokenise([["a lake by a forest in the north"], ["a lake by a town"]], 40)
    one = vocabulary.tokenise([["a lake by a town"]], 40)
    padded = tower.read(both.ids, both.attended)[1:, : one.ids.shape[1]]
    assert torch.allclose(padded, tower.read(one.ids, one.attended), atol=1e-6)
    later = one.ids.clone()
    later[0, -2] += 1
    change = tower.read(later, one.attended) - tower.read(one.ids, one.attended)
    assert change[0, 1].abs().max() > 1e-5  # a word feels what comes after it


@torch.no_grad()
def test_the_text_side_alone_is_transformers_bert(tower: Tower, vocabulary: Vocabulary) -> None:
    sizes = {"num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 128}
    theirs = BertModel(BertConfig(vocab_size=30_522, hidden_size=32, **sizes), False).eval()
    own = {k: v for k, v in tower.bert.state_dict().items() if "crossattention" not in k}
    theirs.load_state_dict(own)
    tokens = vocabulary.tokenise([["a lake"], ["a town by the sea"]], 40)
    wanted = theirs(input_ids=tokens.ids, attention_mask=tokens.attended.long())
    found = tower.read(tokens.ids, tokens.attended)
    assert torch.allclose(found[0, :4], wanted.last_hidden_state[0, :4], atol=1e-5)
    assert torch.allclose(found[1], wanted.last_hidden_state[1], atol=1e-5)


@torch.no_grad()
def test_a_text_looks_at_its_own_chip(tower: Tower, vocabulary: Vocabulary) -> None:
    tokens, seen = vocabulary.tokenise([["a lake"]] * 2, 40), tower.see(chips(2))
    logits = tower.match(tower.read(tokens.ids, tokens.attended, seen))
    assert logits.shape == (2, 2) and not torch.allclose(logits[0], logits[1])
    swapped = tower.match(tower.read(tokens.ids, tokens.attended, seen.flip(0)))
    assert torch.allclose(swapped.flip(0), logits, atol=1e-6)
    vectors = tower.image_vectors(seen)
    assert torch.allclose(vectors.norm(dim=1), torch.ones(2), atol=1e-6)


@pytest.mark.parametrize("looking", [True, False])
def test_words_that_are_asked_for_are_what_the_layers_of_transformers_give(
    tower: Tower, vocabulary: Vocabulary, looking: bool
) -> None:
    """Of texts of many lengths that share chips, with all that flows back, in double precision."""
    texts = [["a lake by a forest in the north"], ["a town"], ["bare soil, and a river"], ["a"]]
    tokens, of = vocabulary.tokenise(texts, 40), torch.tensor([1, 0, 1, 1])
    asked = torch.zeros_like(tokens.attended)
    asked[[0, 0, 0, 1, 2, 3], [0, 4, 6, 1, 2, 0]] = True
    own, found = copy.deepcopy(tower).double(), []
    for whole in (True, False):
        own.zero_grad()
        seen = own.see(chips(2).double()) if looking else None
        if whole:
            chip = None if seen is None else seen[of]
            states = own.read(tokens.ids, tokens.attended, chip)[asked]
        else:
            shared = None if seen is None else Chips(seen, of)
            states = own.read_asked(tokens.ids, tokens.attended, asked, shared)
        (states * torch.arange(32)).sin().sum().backward()
        grads = {k: v.grad for k, v in own.named_parameters() if v.grad is not None}
        found.append({"states": states.detach(), **grads})
    plain, ours = found
    assert plain.keys() == ours.keys()
    assert all(torch.allclose(plain[name], ours[name], atol=1e-9) for name in plain)
    classes = own.read_asked(tokens.ids, tokens.attended)
    assert torch.allclose(classes, own.read(tokens.ids, tokens.attended)[:, 0])


def test_the_temperature_stays_in_its_range(tower: Tower) -> None:
    before = tower.temperature.detach().clone()
    for wild, kept in ((9.0, HOTTEST), (-1.0, COLDEST)):
        tower.temperature.data.fill_(wild)
        tower.clamp_temperature()
        assert float(tower.temperature.detach()) == pytest.approx(kept)
    tower.temperature.data.copy_(before)


def test_minilm_starts_the_text_side() -> None:
    published = load_file(model_folder() / "model.safetensors")
    small = Sizes(*SIZES["small"], side_px=16, patch_px=8)
    with torch.device("meta"):
        tower = Tower(small)
    tower.to_empty(device="cpu").start_text(published)
    word = "embeddings.word_embeddings.weight"
    assert torch.equal(tower.bert.state_dict()[word], published[word])
    del published[word]
    with pytest.raises(RuntimeError, match="word_embeddings"):
        tower.start_text(published)


def test_a_change_is_better_in_both_ways_or_not_at_all() -> None:
    assert is_better(-0.1, 0.1) and not is_better(-0.1, -0.1) and not is_better(0.1, 0.1)
    assert not is_better(-0.1, 0.1, Margins(loss=0.2)) and not is_better(0.0, 0.0)
    assert not is_better(-0.1, 0.1, Margins(match=0.2)) and is_better(-0.3, 0.1, Margins(0.2))
    with pytest.raises(ValueError, match="expected 0 or more"):
        Margins(-0.1)


@torch.no_grad()
def test_a_chip_is_judged_by_itself_against_a_bank_without_it(
    tower: Tower, vocabulary: Vocabulary
) -> None:
    db = chips(6)
    bank = tower.image_vectors(tower.see(db[:5]))
    judge = Judge(tower, vocabulary, bank)
    texts = [["North: a lake.", "South: a town."], ["North: a lake."], ["South: a town."]]
    found = judge.judge(judge.see(db[5]), texts)
    # By hand: the chip against four of the bank, as many as where it is in there itself.
    tokens = vocabulary.tokenise(texts, 40)
    words = tower.text_vectors(tower.read(tokens.ids, tokens.attended))
    images = torch.cat([tower.image_vectors(tower.see(db[5:])), bank[:4]])
    rows = -(words @ images.T / tower.temperature).log_softmax(dim=1)[:, 0]
    assert torch.allclose(found.loss, rows, atol=1e-5)
    changes = judge.without_each(judge.see(db[5]), texts[0])
    wanted = [(float(found.loss[k] - found.loss[0])) for k in (2, 1)]
    assert [loss for loss, _ in changes] == pytest.approx(wanted, abs=1e-5)
    inside = judge.judge(judge.see(db[2]), texts, own=2)
    others = torch.cat([bank[2:3], bank[:2], bank[3:]])
    rows = -(words @ others.T / tower.temperature).log_softmax(dim=1)[:, 0]
    assert torch.allclose(inside.loss, rows, atol=1e-5)
    assert judge.without_each(judge.see(db[5]), texts[0]) == changes  # bit for bit


def test_new_words_keep_the_lead_in_and_are_no_special_ones(
    tower: Tower, vocabulary: Vocabulary
) -> None:
    with torch.no_grad():
        judge = Judge(tower, vocabulary, tower.image_vectors(tower.see(chips(3))))
    seen, fragments = judge.see(chips(1)[0]), ["North: a lake.", "South: a town."]
    words = judge.rewrite(seen, fragments, 1)
    assert words.startswith("south :") and "[" not in words
    assert judge.rewrite(seen, fragments, 1) == words
    same = judge.replacing(seen, fragments, 1, "South: a town.")
    assert same == (0.0, 0.0)
