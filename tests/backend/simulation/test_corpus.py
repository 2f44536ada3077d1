"""A simulated corpus is sound, the same for a seed, and knows which fragments were planted."""

from pathlib import Path

import pytest

from backend.corpus.checking import check_corpus
from backend.errors import ConfigInvalid
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
