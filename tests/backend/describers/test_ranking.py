"""Answers from a closed list: the one whose words a model finds most likely."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from backend.corpus import Fragment, Text, open_corpus
from backend.describers import Chip, load_describer
from backend.describers.corpora import chip_of, write_answers
from backend.describers.loading import PublishedDescriber
from backend.describers.ranking import choices_of, choose
from backend.errors import ConfigInvalid, CorpusInvalid
from scripts.samples.describers import write_blip, write_internvl
from tests.support.toy_corpus import QUESTION, louder, write_toy_corpus

CHOICES = ["yes", "no", "how many ships lie at sea", "a forest"]
WRITERS: dict[str, Callable[[Path], Path]] = {
    "blip": lambda folder: write_blip(folder, question=True),
    "internvl": write_internvl,
}


@pytest.mark.parametrize("name", WRITERS)
def test_the_likelihood_of_an_answer_is_that_of_its_words(name: str, tmp_path: Path) -> None:
    corpus = write_toy_corpus(tmp_path / "toy", 4, held_out=1)
    describer = load_describer(str(louder(WRITERS[name](tmp_path / name))), "cpu")
    assert isinstance(describer, PublishedDescriber)
    chip: Chip = chip_of(corpus, next(corpus.chips()))
    found = describer.likelihoods(chip, QUESTION, CHOICES)
    seen: list[torch.Tensor] = []
    if name == "blip":  # which gives logits of its decoder alone
        decoder = describer.parts.model.text_decoder
        decoder.register_forward_hook(lambda module, given, made: seen.append(made.logits))
    for choice, value in zip(CHOICES, found, strict=True):
        inputs = describer.lesson(describer.draw(chip), QUESTION, choice)
        labels = inputs.pop("labels")
        with torch.inference_mode():
            made = describer.parts.model(**inputs)
        logits = seen[-1] if seen else made.logits
        words = logits.log_softmax(-1)[0, :-1]
        plain = sum(
            float(row[label]) for row, label in zip(words, labels[0, 1:], strict=True) if label >= 0
        )
        assert value == pytest.approx(plain, rel=1e-4)
    assert choose(describer, chip, QUESTION, CHOICES) == CHOICES[found.index(max(found))]
    path = tmp_path / "answers.jsonl"
    opened = open_corpus(corpus.folder)
    describer.writes = ("question",)
    assert write_answers(describer, opened, "validation", path, closed=True) == 1
    said = json.loads(path.read_text())
    assert said["answer"] in choices_of(opened)[""] and said["by"].endswith("closed list")
    with pytest.raises(ConfigInvalid, match="facts cannot say how likely"):
        write_answers(load_describer("facts"), opened, "train", tmp_path / "b", closed=True)
    how_many = Text("c03", (Fragment("3"),), kind="question", task="count", question="how many ?")
    corpus.write_texts([*opened.texts(), how_many])
    with pytest.raises(CorpusInvalid, match="no question of the type count"):
        write_answers(describer, opened, "validation", tmp_path / "c", closed=True)
    corpus.write_splits({"train": [], "validation": ["c00"], "test": []}, {})
    with pytest.raises(CorpusInvalid, match="no questions in its train split"):
        choices_of(opened)
