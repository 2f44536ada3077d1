"""A small CLIP to begin with, and the same chips as radar and in colours."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from backend.corpus.files import CHIPS, Corpus, create_corpus
from backend.corpus.records import plain_values
from backend.training.clips import ClipConfig
from backend.training.clips.config import ClipRecipe, ClipStage
from scripts.samples.small_clip import write_small_clip
from tests.support.tiny_tower import SIDE, plant_corpus


def plant_pictures(folder: Path, radar: Corpus) -> Corpus:
    """Coloured pictures of other sizes with the captions of radar chips."""
    corpus = create_corpus(folder, replace(radar.about, name="colours"))
    corpus.images.mkdir()
    with corpus.adding(CHIPS) as chips:
        for number, chip in enumerate(radar.chips()):
            hue = np.random.default_rng(number).integers(0, 256, (2, 3, 3), np.uint8)
            image = Image.fromarray(hue).resize((20 + number, 24), Image.Resampling.NEAREST)
            image.save(corpus.images / f"{chip.name}.png")
            own = replace(chip, file=f"{chip.name}.png", cut_db={}, ground=None, date=None)
            chips.add(plain_values(replace(own, width=20 + number, height=24)))
    corpus.write_texts(radar.texts())
    corpus.write_splits(radar.splits(), {})
    return corpus


def plant(folder: Path) -> ClipConfig:
    """A CLIP, two corpora, and how it learns from colours and then from radar."""
    radar = plant_corpus(folder / "radar")
    colours = plant_pictures(folder / "colours", radar)
    words = [one.text for text in radar.texts() for one in text.fragments]
    path = folder / "start" / "small.safetensors"
    start = write_small_clip(path, words, side_px=SIDE, patch_px=8, width=64, depth=1)
    return ClipConfig(
        start=start,
        corpus=radar.folder,
        output=folder / "home" / "clips" / "on.safetensors",
        picture="dual",
        side_px=SIDE,
        stages=(
            ClipStage(name="optical", corpus=colours.folder, epochs=2, learning_rate=1e-3),
            ClipStage(name="radar", epochs=2, batch_size=5, pairs=12),
        ),
        recipe=ClipRecipe(
            batch_size=8, accumulate=2, queue=16, momentum=0.9, alpha=0.2, warmup_steps=2,
            learning_rate=2e-3,
        ),
        device="cpu",
    )  # fmt: skip
