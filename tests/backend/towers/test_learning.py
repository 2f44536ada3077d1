"""A tower learns which caption belongs to which chip, where it begins at chance."""

from pathlib import Path

import torch

from backend.corpus import open_corpus
from backend.text.minilm import model_folder
from backend.towers.sizes import SIZES, Sizes
from backend.towers.tower import Tower
from backend.towers.words import Vocabulary
from backend.training.towers.config import Recipe
from backend.training.towers.learner import Learner, Texts, learning_rate
from backend.training.towers.pairs import open_pairs
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
