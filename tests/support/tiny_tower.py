"""A corpus of few small chips, and the configuration of a tower that is trained on it at once."""

from pathlib import Path

import numpy as np
from affine import Affine

from backend.corpus.files import CHIPS, About, Corpus, create_corpus
from backend.corpus.ground import locate_chip
from backend.corpus.records import Chip, Fragment, Text, plain_values
from backend.corpus.slicing import write_geotiff
from backend.training.towers import TowerConfig
from backend.training.towers.config import Recipe, Stage

SIDE = 16
KINDS = (("a lake", -22.0), ("a forest", -9.0), ("a town", -2.0), ("bare soil", -14.0))
SPLITS = {"train": 16, "validation": 4, "test": 4}


def plant_corpus(folder: Path) -> Corpus:
    """Chips whose halves are bright or dark, and captions of three fragments that say so."""
    corpus = create_corpus(folder, About("tiny", "CC0", {"by": "slice"}))
    corpus.images.mkdir()
    splits: dict[str, list[str]] = {name: [] for name in SPLITS}
    texts = []
    with corpus.adding(CHIPS) as chips:
        for number in range(sum(SPLITS.values())):
            split = next(name for name in SPLITS if len(splits[name]) < SPLITS[name])
            chip, text = _pair(corpus, number)
            chips.add(plain_values(chip))
            splits[split].append(chip.name)
            texts.append(text)
    corpus.write_texts(texts)
    corpus.write_splits(splits, {})
    return corpus


def _pair(corpus: Corpus, number: int) -> tuple[Chip, Text]:
    name, rng = f"c{number:02d}", np.random.default_rng(number)
    (north, above), (south, below) = KINDS[number % 4], KINDS[number // 4 % 4]
    db = rng.normal(0, 1, (2, SIDE, SIDE)).astype(np.float32)
    db[:, : SIDE // 2] += above
    db[:, SIDE // 2 :] += below
    transform = Affine(10, 0, 600_000 + 5000 * number, 0, -10, 5_000_000)
    write_geotiff(corpus.images / f"{name}.tif", db, "EPSG:32632", transform, "2024-06-15")
    ground = locate_chip("EPSG:32632", transform, SIDE, SIDE)
    cut = dict.fromkeys(("VV", "VH", "VV-VH"), (-25.0, 0.0))
    chip = Chip(name, f"{name}.tif", SIDE, SIDE, ground, 10.0, cut_db=cut, date="2024-06-15")
    said = (f"North: {north}.", f"South: {south}.", f"Sizes: {number % 4} fields.")
    return chip, Text(name, tuple(Fragment(words) for words in said), source="human")


def tiny_config(corpus: Path, output: Path, **fields: object) -> TowerConfig:
    """A tower of two layers that goes through all three stages."""
    stages = (Stage(epochs=1), Stage(kind="filter", epochs=1), Stage(kind="rebuild", epochs=1))
    recipe = Recipe(batch_size=8, queue=16, warmup_steps=2, learning_rate=2e-3, momentum=0.9)
    usual = {"size": "tiny", "side_px": SIDE, "patch_px": 8, "most_tokens": 40, "device": "cpu"}
    return TowerConfig(
        corpus=corpus, output=output, **{"stages": stages, "recipe": recipe, **usual, **fields}
    )
