"""Captions of chips that nobody has looked at: the caption of training that is most like all."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.evaluation.words.answers import Answered
from backend.evaluation.words.blind import most_typical
from backend.evaluation.words.joined import Captioned, Joined
from backend.evaluation.words.report import measure_texts
from backend.evaluation.words.tables import caption_table, sarchat_table

WORDS = st.lists(st.sampled_from(["lake", "town", "forest", "by", "a"]), max_size=6).map(" ".join)


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_the_typical_caption_has_the_highest_mean_cosine(captions: list[str]) -> None:
    def grams(caption: str) -> dict[tuple[str, ...], int]:
        words, found = caption.split(), dict[tuple[str, ...], int]()
        for gram in [*((one,) for one in words), *itertools.pairwise(words)]:
            found[gram] = found.get(gram, 0) + 1
        return found

    def cosine(one: str, other: str) -> float:
        a, b = grams(one), grams(other)
        length = (sum(n * n for n in a.values()) * sum(n * n for n in b.values())) ** 0.5
        return sum(n * b.get(gram, 0) for gram, n in a.items()) / length if length else 0.0

    means = [sum(cosine(one, other) for other in captions) for one in captions]
    found = most_typical(captions)
    assert means[captions.index(found)] == pytest.approx(max(means), abs=1e-6)


def test_figures_stand_beside_those_of_what_training_says_of_every_chip() -> None:
    said = ("a lake by a town", "a forest")
    captions = tuple(
        Captioned(chip, "", one, (one,), {"no image": "a lake by a forest"})
        for chip, one in zip("ab", said, strict=True)
    )
    report = measure_texts(Joined("test", captions, (), 0, 0), resamples=0)
    own, blind = report.captions[:2]
    assert (own.baseline, blind.baseline) == ("", "no image") and own.variant == blind.variant
    assert own.figures["bleu_1"].value == pytest.approx(1) and own.items == blind.items == 2
    assert 0 < blind.figures["bleu_1"].value < 1
    texts = list(caption_table(report).columns[0].cells)
    assert texts[:2] == ["all", "all, no image"]
    alone = tuple(Captioned(one.chip, "", one.caption, one.references) for one in captions)
    assert not any(row.baseline for row in measure_texts(Joined("", alone, (), 0, 0)).captions)


def test_scores_of_sarchat_stand_beside_those_of_who_has_not_looked() -> None:
    asked = [
        Answered("How many ships?", "3", "3", "classify_count", "a", baselines={"no image": "2"}),
        Answered("How many ships?", "2", "3", "classify_count", "b", baselines={"no image": "2"}),
        Answered("How many ships?", "2", "2", "classify_count", "c", baselines={"no image": "2"}),
    ]
    report = measure_texts(Joined("test", (), tuple(asked), 0, 0), resamples=0)
    assert report.sarchat and report.sarchat.total == pytest.approx(2 / 3)
    assert report.sarchat_baselines["no image"].total == pytest.approx(2 / 3)
    table = sarchat_table(report)
    rows = list(zip(*(column.cells for column in table.columns), strict=True))
    assert ("total", "3", "66.67", "66.67") in rows
    assert rows[-1] == ("total, Qwen2-VL-7B, printed", "", "90.76", "")
    alone = tuple(replace(one, baselines={}) for one in asked)
    assert not measure_texts(Joined("", (), alone, 0, 0), resamples=0).sarchat_baselines
