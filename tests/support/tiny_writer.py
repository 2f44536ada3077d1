"""A tower of a few seconds that writes of four chips, and a scene that has them in a corner."""

from pathlib import Path

import numpy as np

from backend.corpus import Corpus, Fragment, Text
from backend.corpus.pixels import read_db
from backend.towers.settings import Search
from backend.training.towers import train_tower
from backend.training.towers.config import Recipe, Stage, TowerConfig, Writing
from tests.support.tiny_tower import KINDS, SIDE, plant_corpus, tiny_config

QUESTION = "What is in the north?"
SEARCH = Search(beams=3, least=20, most=39)
FEW = {"train": range(4), "validation": range(16, 18), "test": range(20, 22)}
CORNER_PX = 32
"""Row and column of the first chip in the scene; the others follow eastwards."""


def plant(folder: Path, splits: dict[str, range] | None = None) -> Corpus:
    """Chips whose captions follow from them, a question about each, and few of them if so said."""
    corpus = plant_corpus(folder)
    asked = [
        Text(f"c{n:02d}", (Fragment(KINDS[n % 4][0]),), "question", QUESTION, "north")
        for n in range(24)
    ]
    corpus.write_texts([*corpus.texts(), *asked])
    if splits:
        corpus.write_splits({k: [f"c{n:02d}" for n in of] for k, of in splits.items()}, {})
    return corpus


def config_of(
    corpus: Corpus, output: Path, epochs: int, learns: str = "both", alone: bool = True
) -> TowerConfig:
    recipe = Recipe(
        batch_size=4, queue=8, warmup_steps=4, learning_rate=6e-3, momentum=0.9, decay=1.0
    )
    return tiny_config(
        corpus.folder,
        output,
        vocabulary="corpus",
        stages=(Stage(epochs=epochs),),
        recipe=recipe,
        decoder=Writing(learns=learns, alone=alone, search=SEARCH),
    )


def put_chips(corpus: Corpus, values: np.ndarray) -> None:
    """Put the chips that the tower has learnt, side by side, into a scene (2, h, w) in dB."""
    chips = list(corpus.chips())[:4]
    row = np.concatenate([read_db(corpus, one) for one in chips], axis=2)
    values[:, CORNER_PX : CORNER_PX + SIDE, CORNER_PX : CORNER_PX + 4 * SIDE] = row


def train_writer(folder: Path, home: Path, epochs: int) -> Corpus:
    """Train the tower `wordy` of a user's own folder, beside all other losses."""
    corpus = plant(folder, FEW)
    train_tower(config_of(corpus, home / "towers" / "wordy.safetensors", epochs, alone=False))
    return corpus
