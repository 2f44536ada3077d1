"""The screen finds planted blank, saturated and speckle-only chips, and says why."""

from pathlib import Path

import numpy as np
import pytest

from backend.corpus import Corpus, open_corpus
from backend.corpus.pixels import read_vv
from backend.corpus.records import plain_values
from backend.corpus.screening import Features, judge, left_out, read_labels, screen_corpus
from backend.corpus.texture import co_occurrence, describe_texture
from backend.errors import CorpusInvalid
from backend.scenes.sentinel1.picture import Picture, filter_db

SIDE = 64


def planted(kind: str, count: int, cut: dict[str, tuple[float, float]]) -> list[Features]:
    rng = np.random.default_rng(5)
    found = []
    for _ in range(count):
        level, noise = rng.uniform(-14, -8), 10 * np.log10(rng.gamma(4.4, 1 / 4.4, (2, SIDE, SIDE)))
        db = {
            "blank": np.full((2, SIDE, SIDE), level),
            "saturated": np.full((2, SIDE, SIDE), 6.0) + noise / 4,
            "speckle alone": level + noise,
        }[kind].astype(np.float32)
        found.append(describe_texture(Picture().draw(filter_db(db), cut)[0], db[0]))
    return found


def area_under_curve(good: list[float], bad: list[float]) -> float:
    pairs = np.subtract.outer(np.minimum(bad, 1e9), np.minimum(good, 1e9))
    return float(np.mean((pairs > 0) + 0.5 * (pairs == 0)))


@pytest.fixture(scope="module")
def features(cut: Path) -> list[Features]:
    corpus = open_corpus(cut)
    return [
        describe_texture(*read_vv(corpus, chip)) for chip in corpus.chips() if chip.width == SIDE
    ]


@pytest.mark.parametrize("kind", ["blank", "saturated", "speckle alone"])
def test_planted_chips_are_found(kind: str, features: list[Features], cut: Path) -> None:
    limits = next(open_corpus(cut).chips()).cut_db
    everything = [*features, *planted(kind, 20, dict(limits))]
    verdicts = judge(everything, [None] * len(everything))
    distance = [verdict.distance for verdict in verdicts]
    assert area_under_curve(distance[: len(features)], distance[len(features) :]) >= 0.95
    assert {verdict.reason for verdict in verdicts[len(features) :]} == {kind}
    assert sum(not verdict.reason for verdict in verdicts[: len(features)]) >= len(features) - 3


def test_labels_decide_by_majority(features: list[Features]) -> None:
    brightness = np.array([one["mean"] for one in features])
    bad = brightness > np.median(brightness)
    labels = [None if place % 3 == 0 else not bad[place] for place in range(len(features))]
    verdicts = judge(features, labels)
    called = np.array([bool(verdict.reason) for verdict in verdicts])
    assert (called == bad)[::3].mean() > 0.75  # of those without a label


def test_a_corpus_is_screened_once_and_then_added_to(corpus: Corpus, tmp_path: Path) -> None:
    report = screen_corpus(corpus)
    assert report.kept + report.out.total() == 80 and set(report.out) == {"unlike the others"}
    assert len(left_out(corpus)) == report.out.total()
    again: list[int] = []
    screen_corpus(corpus, progress=lambda stage, done, total: again.append(done))
    assert len(left_out(corpus)) == report.out.total()
    labels = tmp_path / "labels.csv"
    names = [chip.name for chip in corpus.chips()]
    labels.write_text("chip,good\n" + "".join(f"{name},1\n" for name in names[:20]))
    assert screen_corpus(corpus, read_labels(labels)).kept == 80
    labels.write_text("chip,good\na,perhaps\n")
    with pytest.raises(CorpusInvalid, match='line 2: good is "perhaps"; expected 1 or 0'):
        read_labels(labels)


def test_a_chip_whose_file_is_gone_is_named(corpus: Corpus) -> None:
    chip = next(corpus.chips())
    (corpus.images / chip.file).unlink()
    with pytest.raises(CorpusInvalid, match=f"no file {chip.file}"):
        screen_corpus(corpus)
    with corpus.adding("chips.jsonl") as chips:
        chips.add(plain_values(type(chip)("out", "../corpus.json", cut_db=chip.cut_db)))
    with pytest.raises(CorpusInvalid, match=r"no file \.\./corpus.json"):
        read_vv(corpus, list(corpus.chips())[-1])


def test_co_occurrence_of_pictures_that_can_be_counted_by_hand() -> None:
    flat = co_occurrence(np.full((9, 9), 100, np.uint8))
    assert flat == pytest.approx(
        {"contrast": 0, "correlation": 1, "energy": 1, "homogeneity": 1, "entropy": 0}
    )
    stripes = np.tile(np.array([1, 255], np.uint8), (8, 4))
    found = co_occurrence(stripes)
    # Three of four directions cross from level 0 to level 31; the one along the stripes stays.
    assert found["contrast"] == pytest.approx(31**2 * 3 / 4)
    assert found["entropy"] == pytest.approx(1)
    assert found["correlation"] == pytest.approx(-0.5, abs=0.02)
    checked = describe_texture(np.zeros((8, 8), np.uint8), None)
    assert checked["nodata"] == 1 and checked["contrast"] == 0
