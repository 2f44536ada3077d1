"""What is said of the chip of training that looks the most alike, by who reads no question."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from backend.corpus.files import About, Corpus, create_corpus
from backend.corpus.records import Chip, Fragment, Text, plain_values
from backend.errors import CorpusInvalid
from backend.evaluation.words.nearest import ALIKE, SIDE, Nearest, small_picture
from tests.support.rasters import write_raster

LEVELS = {"lake": -22.0, "field": -12.0, "town": -3.0, "pond": -21.0, "village": -4.0}
"""Mean dB of each chip; the last two are asked about."""


def text(chip: str, words: str, question: str = "", task: str = "") -> Text:
    kind = "question" if question else "caption"
    return Text(chip, (Fragment(words),), kind, question, task)


TRAIN = [
    text("lake", "Still water."),
    text("field", "A field of maize."),
    text("town", "Houses and streets."),
    text("town", "A town has houses.", task="concise"),
]


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    corpus = create_corpus(tmp_path / "corpus", About("small", "none"))
    speckle = np.random.default_rng(0).normal(0, 2, (len(LEVELS), 2, 36, 40))
    with corpus.adding("chips.jsonl") as chips:
        for (name, level), noise in zip(LEVELS.items(), speckle, strict=True):
            write_raster(corpus.images / f"{name}.tif", (level + noise).astype("float32"))
            known = {"polarisations": ("VV", "VH"), "cut_db": {"VV": (-25.0, 0.0)}}
            chips.add(plain_values(Chip(name, f"{name}.tif", 40, 36, **known)))
    return corpus


def test_a_caption_is_that_of_the_chip_that_looks_the_most_alike(corpus: Corpus) -> None:
    nearest = Nearest(corpus, TRAIN, ["pond", "village"])
    found = [nearest.caption(text(chip, "")) for chip in ("pond", "village", "pond")]
    assert found == ["Still water.", "Houses and streets.", "Still water."]
    concise = [nearest.caption(text("pond", "", task=task)) for task in ("concise", "complex")]
    assert concise == ["A town has houses.", None]
    assert nearest.answer(text("pond", "", "Is there water?")) is None


def test_an_answer_is_the_most_frequent_one_of_chips_alike_whatever_was_asked(
    corpus: Corpus,
) -> None:
    questions = [
        text("lake", "Yes", "Is there water?"),
        text("lake", "water", "What is it?"),
        text("town", "No", "Is there water?"),
        text("field", "No", "Is there water?"),
        text("field", "Yes", "Is there a field?"),
        text("field", "Yes", "Is it dry?"),
    ]
    nearest = Nearest(corpus, questions, ["pond", "village"])
    assert nearest.answer(text("pond", "", "How many ships are there?")) == "Yes"
    assert len(questions) <= ALIKE, "all are counted"
    once = Nearest(corpus, [*questions[:3], *TRAIN], ["village"])
    assert once.answer(text("village", "", "Is there water?")) == "No", "the nearest of equals"


def test_only_the_chips_alike_are_counted(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backend.evaluation.words.nearest.ALIKE", 1)
    questions = [text("lake", "Yes", "Is it wet?"), text("town", "No", "Is it wet?")]
    nearest = Nearest(corpus, questions, ["pond", "village"])
    found = [nearest.answer(text(chip, "", "Is it wet?")) for chip in ("pond", "village")]
    assert found == ["Yes", "No"]


def test_of_many_chips_some_at_equal_distances_are_looked_at(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.evaluation.words.nearest.MOST", 2)
    nearest = Nearest(corpus, TRAIN, ["pond"])  # field and town, of three in order
    assert nearest.caption(text("pond", "")) == "A field of maize."


def test_chips_of_other_bands_are_not_compared(corpus: Corpus) -> None:
    write_raster(corpus.images / "pond.tif", np.full((1, 36, 40), -21, "float32"))
    nearest = Nearest(corpus, TRAIN, ["pond"])
    assert nearest.caption(text("pond", "")) is None


def test_a_chip_without_its_file_is_named(corpus: Corpus) -> None:
    (corpus.images / "field.tif").unlink()
    with pytest.raises(CorpusInvalid, match=r"no file field\.tif of the chip field"):
        Nearest(corpus, TRAIN, ["pond"])
    with pytest.raises(CorpusInvalid, match="the chip moor, which"):
        Nearest(corpus, TRAIN[:1], ["moor"])


SHAPES = st.tuples(st.integers(1, 3), st.integers(1, 40), st.integers(1, 40))
DB = st.floats(-40, 10, width=32)


@given(arrays(np.float32, SHAPES, elements=DB), st.integers(1, 5))
def test_a_small_picture_has_the_means_of_its_cells(pixels: np.ndarray, times: int) -> None:
    small = small_picture(pixels)
    assert small.shape == (len(pixels), SIDE, SIDE)
    assert small.min() >= pixels.min() - 1e-3 and small.max() <= pixels.max() + 1e-3
    larger = np.repeat(np.repeat(small, times, 1), times, 2)
    assert small_picture(larger) == pytest.approx(small, abs=1e-3)


@given(arrays(np.float32, SHAPES, elements=DB | st.just(float("nan"))))
def test_a_small_picture_has_no_holes(pixels: np.ndarray) -> None:
    assert np.isfinite(small_picture(pixels)).all()
