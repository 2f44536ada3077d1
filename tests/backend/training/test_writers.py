"""Towers that write: learnt by heart, stopped and gone on with, begun with others, and asked."""

import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from backend.corpus import Corpus
from backend.corpus.decisions import undo_decisions
from backend.corpus.pixels import read_db
from backend.describers import Chip, load_describer
from backend.describers.corpora import chip_of, write_answers
from backend.describers.ranking import choose
from backend.describers.tower import TowerDescriber
from backend.encoders import load_encoder
from backend.errors import ConfigInvalid, CorpusInvalid, PhraseInvalid, WeightsInvalid
from backend.evaluation.words.joined import join_answers
from backend.evaluation.words.report import TextReport, measure_texts
from backend.language import Record
from backend.towers.files import load_tower, read_card, save_tower
from backend.towers.spelling import as_written, tight_signs
from backend.towers.words import Vocabulary, words_of
from backend.training.towers import Towers, read_tower_config, train_tower
from backend.training.towers.config import Stage, Writing
from backend.training.towers.pairs import Draw
from backend.training.towers.writers import WritingTowers
from tests.support.stopping import train_for_an_epoch
from tests.support.tiny_tower import KINDS, SIDE
from tests.support.tiny_writer import FEW, QUESTION, config_of, plant


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> tuple[Corpus, Path]:
    """Four chips, and a tower of the user that has learnt to write of them and nothing else."""
    folder = tmp_path_factory.mktemp("writers")
    corpus = plant(folder / "corpus", FEW)
    output = folder / "home" / "towers" / "wordy.safetensors"
    train_tower(config_of(corpus, output, 45))
    return corpus, output


def measured(tower: Path, corpus: Corpus, said: Path) -> TextReport:
    write_answers(load_describer(str(tower), "cpu"), corpus, "train", said)
    return measure_texts(join_answers(corpus, said, "train"), resamples=0)


def test_a_few_chips_are_learnt_by_heart(few: tuple[Corpus, Path], tmp_path: Path) -> None:
    report = measured(few[1], few[0], tmp_path / "answers.jsonl")
    assert report.captions[0].figures["bleu_4"].value > 0.9
    assert report.answers[0].strict.value == 1
    card = read_card(few[1])
    assert card.writes == ("caption", "question") and card.search is not None
    assert card.search.least == 15 and card.search.beams == 3  # tokens of the shortest caption
    folder = few[1].with_suffix("")
    told = " ".join((folder / "card.md").read_text().split())
    assert "learnt captions and questions, and nothing else" in told
    assert "Texts are written by 3 beams, with 15 to 39 tokens." in told
    heading, first, *_ = (folder / "curve.csv").read_text().splitlines()
    assert heading.endswith("noise,rebuilt,lm,validation_lm") and ",,,,,0,0," in first


@pytest.mark.long("test_a_few_chips_are_learnt_by_heart")
def test_16_chips_are_learnt_by_heart(tmp_path: Path) -> None:
    corpus, output = plant(tmp_path / "corpus"), tmp_path / "t.safetensors"
    config = config_of(corpus, output, 100, "captions")
    slower = config.recipe.model_copy(
        update={"learning_rate": 3e-3, "batch_size": 8, "warmup_steps": 20}
    )
    train_tower(config.model_copy(update={"recipe": slower}))
    report = measured(output, corpus, tmp_path / "answers.jsonl")
    found = report.captions[0].figures["bleu_4"].value
    print(f"BLEU-4 {found:.3f}")
    assert found > 0.9


def test_a_tower_is_a_describer_by_its_name(
    few: tuple[Corpus, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, output = few
    monkeypatch.setenv("GLUELINK_HOME", str(output.parent.parent))
    describer = load_describer("wordy", "cpu")
    assert isinstance(describer, TowerDescriber) and describer.name.startswith("wordy@")
    chips = [chip_of(corpus, one) for one in list(corpus.chips())[:4]]
    found = describer.caption(chips[1])
    assert [one.text for one in found.sentences] == [
        "North: a forest.",
        "South: a lake.",
        "Sizes: 1 fields.",
    ]
    assert found.made_with["licence"] == "CC0" and found.made_with["search"]["beams"] == 3
    answer = describer.answer(chips[1], QUESTION)
    assert answer.text == "A forest" and answer.certainty is not None
    choices = [name for name, _ in KINDS]
    logs = describer.likelihoods(chips[1], QUESTION, choices)
    assert answer.certainty == pytest.approx(math.exp(logs[1]), rel=1e-3)
    assert [choose(describer, chip, QUESTION, choices) for chip in chips] == choices
    assert load_encoder("wordy", device="cpu").spec.text == "wordy"  # still an encoder
    with pytest.raises(PhraseInvalid, match="question is empty"):
        describer.answer(chips[0], " ")


def test_what_a_tower_does_not_look_at_gets_one_sentence(few: tuple[Corpus, Path]) -> None:
    corpus, output = few
    describer = load_describer(str(output), "cpu")
    chip = next(corpus.chips())
    db = read_db(corpus, chip)
    record = Record(chip.name, SIDE, SIDE, metres_per_pixel=10.0)
    small = Chip(record, db[:, 4:12, 2:14])
    around = np.full_like(db, np.nan)
    around[:, 4:12, 2:14] = small.pixels
    assert describer.caption(small).text == describer.caption(Chip(record, around)).text
    wide = np.tile(db, 2)
    with pytest.raises(ConfigInvalid, match=r"has 32 x 16 pixels; wordy describes at most 16 x 16"):
        describer.caption(Chip(record, wide))
    with pytest.raises(ConfigInvalid, match="has no backscatter; wordy looks at VV and VH"):
        describer.caption(Chip(record, picture=np.zeros((1, SIDE, SIDE), np.uint8)))
    with pytest.raises(ConfigInvalid, match="has the bands HH, HV"):
        describer.caption(Chip(record, db, ("HH", "HV")))
    with pytest.raises(ConfigInvalid, match="pixels of 20 m; wordy learnt those of 10 m"):
        describer.caption(Chip(dataclasses.replace(record, metres_per_pixel=20.0), db))


def test_a_run_that_is_stopped_ends_with_the_tower_of_a_straight_one(tmp_path: Path) -> None:
    """Through all stages, beside the other losses, with captions and questions."""
    corpus, towers = plant(tmp_path / "corpus", FEW), []
    for name in ("straight", "left"):
        undo_decisions(corpus)
        stages = (Stage(epochs=1), Stage(kind="filter", epochs=1), Stage(kind="rebuild", epochs=1))
        config = config_of(corpus, tmp_path / f"{name}.safetensors", 1, alone=False)
        config = config.model_copy(update={"stages": stages})
        for _ in range(3 if name == "left" else 0):
            torch.manual_seed(99)  # whatever was drawn before
            train_for_an_epoch(WritingTowers(config))
        card = train_tower(config)
        towers.append(load_file(config.output))
    one, other = towers
    assert one.keys() == other.keys() and any(".decoder." in name for name in one)
    assert all(torch.equal(one[name], other[name]) for name in one)
    curves = [(tmp_path / name / "curve.csv").read_text() for name in ("straight", "left")]
    assert curves[0] == curves[1] and len(curves[0].splitlines()) == 4
    assert {"mR", "lm"} <= card.scores.keys()


def test_a_decoder_leaves_what_the_others_learn_as_it_was(tmp_path: Path) -> None:
    corpus = plant(tmp_path / "corpus")
    wordy = config_of(corpus, tmp_path / "t.safetensors", 1, "questions", alone=False)
    plain, losses = wordy.model_copy(update={"decoder": None}), []
    for task in (Towers(plain), WritingTowers(wordy)):
        learner, part = task.learner, task.pairs.train
        draw = Draw.of(part, 4, 0, 0)
        learner.seed(0, 0)
        (db,) = part.batches(draw.rows[:1])
        losses.append(learner.add(db, task._texts(draw, 0, plain.stages[0]), 0.1))
        assert (learner.tower.decoder is None) == (len(losses) == 1)
    assert losses[0] == losses[1][:3] and len(losses[1]) == 4
    asked = WritingTowers(wordy)
    lessons = asked._texts(Draw.of(asked.pairs.train, 4, 0, 0), 0, plain.stages[0]).lessons
    assert lessons is not None and {one.question for one in lessons} == {QUESTION}


def test_a_tower_learns_to_write_when_it_knows_the_rest(
    few: tuple[Corpus, Path], tmp_path: Path
) -> None:
    corpus, wordy = few
    without = tmp_path / "silent.safetensors"
    start = config_of(corpus, without, 1).model_copy(update={"decoder": None, "start": wordy})
    train_tower(start)  # begins with a tower that writes, and leaves its decoder
    first = load_file(without)
    assert not any("decoder" in name for name in first) and read_card(without).writes == ()
    tuned = config_of(corpus, tmp_path / "tuned.safetensors", 1, "captions")
    tuned = tuned.model_copy(update={"start": without})
    begun = WritingTowers(tuned).learner.tower.state_dict()
    assert all(torch.equal(begun[k.removeprefix("tower.")], of) for k, of in first.items()
               if k != "vocabulary")  # fmt: skip
    own = "0.self.query.weight"
    assert torch.equal(
        begun[f"decoder.layers.{own}"],
        begun[f"bert.encoder.layer.{own.replace('.self', '.attention.self')}"],
    )
    train_tower(tuned)
    with pytest.raises(ConfigInvalid, match=r"tuned learnt no questions; it learnt captions\."):
        load_describer(str(tuned.output), "cpu").answer(Chip(Record("a", 16, 16)), QUESTION)
    with pytest.raises(ConfigInvalid, match="silent writes no texts"):
        load_describer(str(without))
    on = tuned.model_copy(update={"start": wordy, "output": tmp_path / "on.safetensors"})
    learnt = load_file(wordy)
    assert all(torch.equal(learnt[f"tower.{k}"], of) for k, of in
               WritingTowers(on).learner.tower.state_dict().items())  # fmt: skip
    with pytest.raises(WeightsInvalid, match=r"wordy\.safetensors is a tower of another size"):
        train_tower(on.model_copy(update={"size": "mini"}))


def test_a_file_that_is_not_whole_gets_one_sentence(
    few: tuple[Corpus, Path], tmp_path: Path
) -> None:
    corpus, wordy = few
    tower, _, card = load_tower(wordy, torch.device("cpu"))
    path = tmp_path / "other.safetensors"
    save_tower(tower, Vocabulary(words_of(["a whale"])), card, path)
    with pytest.raises(WeightsInvalid, match=r"knows \d+ words, its vocabulary \d+"):
        load_describer(str(path), "cpu").caption(chip_of(corpus, next(corpus.chips())))
    save_tower(tower, load_tower(wordy, torch.device("cpu"))[1],
               dataclasses.replace(card, writes=("poems",)), path)  # fmt: skip
    with pytest.raises(WeightsInvalid, match="a decoder that writes"):
        load_describer(str(path))
    tensors = {k: of for k, of in load_file(wordy).items() if "decoder.layers.1" not in k}
    save_file(tensors, path, {"format": "gluelink-tower/1",
                              "card": json.dumps(dataclasses.asdict(card))})  # fmt: skip
    with pytest.raises(WeightsInvalid, match=r"its decoder\.layers\.1.* is none; expected"):
        load_tower(path, torch.device("cpu"))


def test_what_cannot_be_learnt_gets_one_sentence(few: tuple[Corpus, Path], tmp_path: Path) -> None:
    corpus = few[0]
    path = tmp_path / "c.yaml"
    where = {"corpus": corpus.folder, "output": tmp_path / "t.safetensors"}
    path.write_text("kind: tower\ndecoder: {alone: true}\n")
    with pytest.raises(ConfigInvalid, match="learns alone screens no texts"):
        read_tower_config(path, where)
    path.write_text("kind: tower\ndecoder: {search: {beams: 5, groups: 2}}\n")
    with pytest.raises(ConfigInvalid, match="5 beams do not divide into 2 groups"):
        read_tower_config(path, where)
    for alone in (True, False):
        config = config_of(corpus, tmp_path / "t.safetensors", 1, "questions", alone)
        decoder = Writing(learns="questions", alone=alone, types=("count",))
        with pytest.raises(
            CorpusInvalid, match=r"no questions of the types|0 chips with count questions"
        ):
            train_tower(config.model_copy(update={"decoder": decoder}))


def test_small_letters_become_sentences() -> None:
    words = "north : a lake ( large ). is it , 3 % of it ? yes."
    assert as_written(words) == "North: a lake (large). Is it , 3% of it ? Yes."
    apart = "tall _ crops, a high - rise of 2. 5 m. 4 of 2024 - 06 - 15"
    together = "Tall_crops, a high-rise of 2.5 m. 4 of 2024-06-15"
    assert as_written(apart) == together


@pytest.mark.parametrize(
    "texts",
    [
        ["Fields: 2. 5 houses.", "a low - rise"],
        ["Fields of 2.5 ha.", "A low-rise; tall_crops on 2024-06-15."],
    ],
)
def test_signs_are_written_as_the_texts_of_training_have_them(texts: list[str]) -> None:
    vocabulary = Vocabulary(words_of(texts))
    ids = vocabulary.tokenise([[text] for text in texts], 40).ids.tolist()
    written = [as_written(vocabulary.words(one), tight_signs(texts)) for one in ids]
    assert [one.lower() for one in written] == [text.lower() for text in texts]
