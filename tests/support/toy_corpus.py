"""A corpus of pictures in 16 patterns, and small models that can learn its captions."""

from pathlib import Path

import numpy as np
from PIL import Image
from safetensors.torch import load_file, save_file

from backend.corpus import Chip, Corpus, Fragment, Text, create_corpus
from backend.corpus.files import About
from backend.corpus.records import plain_values

WHAT, WHERE = ("forest", "fields", "harbour", "ships"), ("left", "right", "sea", "side")
QUESTION = "is there a harbour ?"
WORDS, MATRICES = 25, 6
"""How much larger the vectors of words and other matrices of trained models are.

The library draws for widths of a thousand; in a width of 32 hardly anything of a picture would be
left after two layers.
"""


def write_toy_corpus(folder: Path, count: int = 16, held_out: int = 0) -> Corpus:
    """Pictures in 16 patterns, by which caption and answer go; the last ones are held out."""
    corpus = create_corpus(folder, About("toy", "free"))
    corpus.images.mkdir()
    rng, texts = np.random.default_rng(0), []
    patterns = rng.choice([0, 245], (16, 8, 8))
    names = [f"c{k:02}" for k in range(count)]
    with corpus.adding("chips.jsonl") as lines:
        for k, name in enumerate(names):
            row, column = divmod(k % 16, 4)
            noise = rng.integers(0, 10, (32, 32))
            picture = np.tile(patterns[k % 16], (4, 4)) + noise
            Image.fromarray(picture.astype(np.uint8)).save(corpus.images / f"{name}.png")
            lines.add(plain_values(Chip(name, f"{name}.png", 32, 32)))
            caption = f"a {WHAT[row]} covers the {WHERE[column]} describe in one sentence"
            answer = "yes" if WHAT[row] == "harbour" else "no"
            texts.append(Text(name, (Fragment(caption),)))
            texts.append(Text(name, (Fragment(answer),), kind="question", question=QUESTION))
    corpus.write_texts(texts)
    train = names[: count - held_out]
    corpus.write_splits({"train": train, "validation": names[len(train) :], "test": []}, {})
    return corpus


def louder(folder: Path) -> Path:
    """Give a small model of random weights matrices as large as those of a trained one."""
    tensors = load_file(folder / "model.safetensors")
    for name, of in tensors.items():
        if name.endswith(
            ("lm_head.weight", "word_embeddings.weight", "predictions.decoder.weight")
        ):
            tensors[name] = of * WORDS
        elif of.ndim > 1 and "embed_tokens" not in name and "position" not in name:
            tensors[name] = of * MATRICES
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    return folder
