"""A tower learns which caption belongs to which chip, where it begins at chance."""

import copy
from pathlib import Path

import pytest
import torch

from backend.corpus import open_corpus
from backend.text.minilm import model_folder
from backend.towers.sizes import SIZES, Sizes
from backend.towers.tower import COLDEST, HOTTEST, Tower
from backend.towers.words import Vocabulary, words_of
from backend.training.towers.config import Recipe
from backend.training.towers.learner import Learner, Texts, learning_rate
from backend.training.towers.pairs import open_pairs
from benchmarks.towers import QUEUE, OurStep, PlainStep
from tests.support.tiny_tower import SIDE, plant_corpus

STEPS = 50


def test_a_tower_learns_pairs_and_words(tmp_path: Path) -> None:
    plant_corpus(tmp_path / "corpus")
    part = open_pairs(open_corpus(tmp_path / "corpus"), (), SIDE).train
    vocabulary = Vocabulary((model_folder() / "tokenizer.json").read_bytes())
    torch.manual_seed(0)
    sizes = Sizes(*SIZES["tiny"], side_px=SIDE, patch_px=8, most_tokens=40)
    recipe = Recipe(queue=0, momentum=0.9, learning_rate=2e-3, warmup_steps=20, decay=1.0)
    learner = Learner(Tower(sizes), vocabulary, recipe, torch.device("cpu"))
    chips = torch.stack([part.pixels(number) for number in range(len(part))])
    texts = [captions[0].fragments for captions in part.captions]
    losses = []
    for step in range(STEPS):
        learner.seed(step, 0)
        losses.append(learner.add(chips, Texts(texts, texts), alpha=0.1))
        learner.update(learning_rate(recipe, learner.steps, 0))
    itc, _, mlm = losses[-1]
    assert itc < 0.75 * losses[0][0] and mlm < 0.6 * losses[0][2]
    tokens = vocabulary.tokenise(texts, 40)
    with torch.no_grad():
        tower = learner.tower
        scores = (
            tower.image_vectors(tower.see(chips))
            @ tower.text_vectors(tower.read(tokens.ids, tokens.attended)).T
        )
    right = scores.argmax(dim=1) == torch.arange(len(part))
    assert right.sum() >= 4  # of 16; chance finds one


def learner(tmp_path: Path, **recipe: object) -> tuple[Learner, torch.Tensor, Texts]:
    """A tower of two layers at its first step, with eight pairs."""
    folder = tmp_path / "corpus"
    corpus = open_corpus(folder) if folder.exists() else plant_corpus(folder)
    part = open_pairs(corpus, (), SIDE).train
    texts = [captions[0].fragments for captions in part.captions[:8]]
    vocabulary = Vocabulary(words_of(words for text in texts for words in text))
    torch.manual_seed(0)
    sizes = Sizes(*SIZES["tiny"], side_px=SIDE, vocabulary=vocabulary.size, patch_px=8)
    of = Learner(Tower(sizes), vocabulary, Recipe(queue=0, **recipe), torch.device("cpu"))
    return of, torch.stack([part.pixels(number) for number in range(8)]), Texts(texts, texts)


def gradients(of: Learner) -> dict[str, torch.Tensor]:
    return {name: one.grad for name, one in of.tower.named_parameters() if one.grad is not None}


def test_steps_have_the_losses_of_the_plain_loop(tmp_path: Path) -> None:
    """One pass of the text side for each purpose, a slow copy and a queue, written out in full."""
    of, chips, texts = learner(tmp_path)
    recipe = Recipe(queue=QUEUE, momentum=0.5)
    plain, ours = (
        kind(copy.deepcopy(of.tower), of.vocabulary, recipe) for kind in (PlainStep, OurStep)
    )
    found = []
    for number in range(3):
        some = torch.randperm(8, generator=torch.Generator().manual_seed(number))[:6].tolist()
        words = [texts.whole[row] for row in some]
        found.append([one.step(chips[some], words, number) for one in (plain, ours)])
        assert found[-1][0] == pytest.approx(found[-1][1], abs=1e-5)
    assert found[2][0][0] > found[0][0][0] + 0.5  # 6 pairs to choose from, and then 18


def test_words_of_noise_are_contrasted_and_not_filled_in(tmp_path: Path) -> None:
    of, chips, texts = learner(tmp_path)
    whole, clean = texts.whole, [fragments[:2] for fragments in texts.whole]
    losses = []
    for both in (Texts(whole, clean), Texts(whole, whole), Texts(clean, clean)):
        of.seed(0, 0)
        losses.append(of.add(chips, both, alpha=0.4))
    mixed, all_words, fewer = losses
    assert mixed[0] == pytest.approx(all_words[0], abs=1e-6) != pytest.approx(fewer[0], abs=1e-4)
    assert mixed[2] == pytest.approx(fewer[2], abs=1e-6) != pytest.approx(all_words[2], abs=1e-4)


def test_alpha_weighs_what_the_slow_copy_says_in_a_step(tmp_path: Path) -> None:
    of, chips, texts = learner(tmp_path)
    losses = []
    for alpha in (0.0, 0.2, 0.4):
        of.seed(0, 0)
        losses.append(of.add(chips, texts, alpha)[0])
    assert losses[1] == pytest.approx((losses[0] + losses[2]) / 2, abs=1e-6)
    assert abs(losses[0] - losses[2]) > 1e-3


def test_no_step_takes_the_temperature_out_of_its_range(tmp_path: Path) -> None:
    of, chips, texts = learner(tmp_path)
    of.add(chips, texts, alpha=0.4)
    of.update(rate=1.0)  # the first step of Adam is as long as the rate
    assert of.tower.temperature.item() in (pytest.approx(COLDEST), HOTTEST)


def test_layers_that_are_computed_twice_give_the_same_gradients(tmp_path: Path) -> None:
    found = []
    for checkpointing in (False, True):
        of, chips, texts = learner(tmp_path, checkpointing=checkpointing)
        kept = list[int]()
        with torch.autograd.graph.saved_tensors_hooks(
            lambda one, kept=kept: kept.append(one.numel()) or one,  # type: ignore[func-returns-value]
            lambda one: one,
        ):
            of.seed(0, 0)
            losses = of.add(chips, texts, alpha=0.4)
        found.append((losses, gradients(of), sum(kept)))
    (one, plain, memory), (other, twice, less) = found
    assert one == pytest.approx(other, abs=1e-6) and plain.keys() == twice.keys()
    assert all(torch.allclose(plain[name], twice[name], atol=1e-6) for name in plain)
    assert less < 0.6 * memory  # numbers that are held for the way back


def test_gradients_of_several_batches_are_their_mean(tmp_path: Path) -> None:
    of, chips, texts = learner(tmp_path)
    several, _, _ = learner(tmp_path, accumulate=2)
    wanted = []
    for batch in range(2):
        some = chips[4 * batch :][:4]
        own = Texts(texts.whole[4 * batch :][:4], texts.clean[4 * batch :][:4])
        for one in (of, several):
            one.seed(0, batch)
            one.add(some, own, alpha=0.4)
        wanted.append(gradients(of))
        of.tower.zero_grad()
    for name, found in gradients(several).items():
        assert torch.allclose(found, (wanted[0][name] + wanted[1][name]) / 2, atol=1e-6)


def test_products_in_half_precision_give_nearly_the_same_losses(tmp_path: Path) -> None:
    losses = []
    for precision in ("float32", "bfloat16"):
        of, chips, texts = learner(tmp_path, precision=precision)
        of.seed(0, 0)
        losses.append(of.add(chips, texts, alpha=0.4))
        assert all(one.dtype == torch.float32 for one in gradients(of).values())
    assert losses[0] == pytest.approx(losses[1], rel=0.05) and losses[0] != losses[1]


def test_the_largest_seed_draws_for_every_batch_what_it_drew_before(tmp_path: Path) -> None:
    of, _, _ = learner(tmp_path, seed=2**32 - 1)
    of.seed(10**6, 10**6)
    first = torch.rand(3, generator=of._rng)
    of.seed(10**6, 10**6)
    assert torch.equal(first, torch.rand(3, generator=of._rng))
