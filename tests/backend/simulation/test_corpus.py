"""A simulated corpus is sound, the same for a seed, and knows which fragments were planted."""

from pathlib import Path

import numpy as np
import pytest
import rasterio

from backend.corpus.checking import check_corpus
from backend.corpus.segments import read_segments, segments_file
from backend.errors import ConfigInvalid, CorpusInvalid
from backend.simulation.corpus import PLANTED, SUBJECTS, SimulatedChips, simulate_corpus

SMALL = {"chips": 12, "side_px": 32, "landscape_px": 64, "seed": 3}


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Landscapes are drawn in this process: three small ones are not worth another."""
    monkeypatch.setattr("backend.simulation.corpus.usual_workers", lambda: 1)


def test_a_simulated_corpus_is_sound_and_planted_fragments_are_in_training_alone(
    tmp_path: Path,
) -> None:
    clean = simulate_corpus(tmp_path / "clean", SimulatedChips(**SMALL))
    wrong = simulate_corpus(tmp_path / "wrong", SimulatedChips(**SMALL, wrong=0.5))
    report = check_corpus(wrong)
    assert not report.faults and report.chips == report.facts == 12 and report.texts == 24
    splits = wrong.splits()
    assert {name: len(chips) for name, chips in splits.items()} == {
        "train": 4, "validation": 4, "test": 4
    }  # fmt: skip
    scenes = {name: {chip[:15] for chip in chips} for name, chips in splits.items()}
    assert len(set.union(*scenes.values())) == 3  # each landscape is in one split
    replaced = 0
    for one, other in zip(clean.texts(), wrong.texts(), strict=True):
        changed = [
            k for k, (a, b) in enumerate(zip(one.fragments, other.fragments, strict=True)) if a != b
        ]
        assert changed == list(other.more.get(PLANTED, []))
        assert not changed or other.chip in splits["train"]
        replaced += len(changed)
        if other.task == "complex":
            assert tuple(fragment.about for fragment in other.fragments) == SUBJECTS
    assert 4 <= replaced <= 28


def test_chips_that_do_not_fit_a_landscape_are_refused() -> None:
    with pytest.raises(ConfigInvalid, match="cannot be simulated"):
        SimulatedChips(side_px=2000)


def test_the_same_ground_is_drawn_in_optical_colours_with_the_same_captions(tmp_path: Path) -> None:
    radar = simulate_corpus(tmp_path / "radar", SimulatedChips(**SMALL))
    colours = simulate_corpus(tmp_path / "colours", SimulatedChips(**SMALL, optical=True))
    assert list(colours.texts()) == list(radar.texts()) and "optical" not in radar.about.made
    assert colours.splits() == radar.splits() and not check_corpus(colours).faults
    of_class: dict[int, list[np.ndarray]] = {}
    for chip in colours.chips():
        with rasterio.open(colours.images / chip.file) as file:
            pixels = file.read()
        assert pixels.shape == (3, 32, 32) and pixels.dtype == np.uint8 and pixels.all()
        cover = read_segments(segments_file(colours, chip.name))
        for ground in np.unique(cover):
            of_class.setdefault(ground, []).append(pixels[:, cover == ground].mean(axis=1))
    (one, several) = sorted(of_class.items(), key=lambda item: len(item[1]))[-2:]
    apart = np.abs(np.mean(one[1], axis=0) - np.mean(several[1], axis=0)).max()
    assert apart > 10  # of the two commonest classes: colours tell them apart
    with pytest.raises(CorpusInvalid, match="was made otherwise"):
        simulate_corpus(tmp_path / "radar", SimulatedChips(**SMALL, optical=True))
