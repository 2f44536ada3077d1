"""A describer asked about every chip of a split: what is measured, and a run that goes on."""

import json
from pathlib import Path

import pytest

from backend.corpus import open_corpus
from backend.describers import Chip, Description
from backend.describers.corpora import write_answers
from backend.describers.facts import FactsDescriber
from backend.errors import ConfigInvalid, CorpusInvalid, ReplyInvalid
from tests.support.toy_corpus import QUESTION, write_toy_corpus


class Brightness(FactsDescriber):
    """Says how bright a published picture is, and nothing of the first chip."""

    name, needs_pixels = "brightness", True

    def caption(self, chip: Chip) -> Description:
        assert chip.picture is not None and chip.picture.shape == (1, 32, 32)
        if chip.record.chip == "c00":
            raise ReplyInvalid("It wrote nothing.", "Ask again.")
        return Description((), f"{chip.picture.mean():.0f}")


def test_captions_and_answers_of_a_split_are_written_once(tmp_path: Path) -> None:
    corpus = open_corpus(write_toy_corpus(tmp_path / "toy", 4, held_out=1).folder)
    path, who = tmp_path / "answers.jsonl", Brightness()
    assert write_answers(who, corpus, "train", path) == 6
    lines = path.read_text().splitlines()
    said = [json.loads(line) for line in lines]
    assert [one["chip"] for one in said] == ["c00", "c00", "c01", "c01", "c02", "c02"]
    assert said[0] == {"chip": "c00", "caption": "", "by": "brightness"}
    assert said[1]["question"] == QUESTION and said[1]["answer"]
    path.write_text("\n".join(lines[:3]) + '\n{"chip": "c0')  # a run that was killed
    assert write_answers(who, corpus, "train", path) == 3
    assert path.read_text().splitlines() == lines
    assert write_answers(who, corpus, "train", path) == 0
    with pytest.raises(ConfigInvalid, match=r'of "c00", which the split validation does not ask'):
        write_answers(who, corpus, "validation", path)
    with pytest.raises(ConfigInvalid, match="holds what brightness said; facts was asked for"):
        write_answers(FactsDescriber(), corpus, "train", path)
    with pytest.raises(CorpusInvalid, match="has no caption or question in its split test"):
        write_answers(who, corpus, "test", tmp_path / "none.jsonl")
    (corpus.images / "c03.png").unlink()
    with pytest.raises(CorpusInvalid, match=r"no file c03\.png"):
        write_answers(who, corpus, "validation", tmp_path / "b.jsonl")
