"""A tower, or a CLIP, asked to find the chips and texts of a corpus by the command."""

import dataclasses
import json
import shutil
from pathlib import Path

import pytest
import torch

from backend.corpus import Corpus, open_corpus
from backend.evaluate import app
from backend.towers.files import load_tower, read_card, save_tower
from backend.towers.tower import Tower
from backend.training.clips import train_clip
from backend.training.clips.files import read_clip_card
from backend.training.towers import train_tower
from backend.training.towers.config import Stage
from tests.support.in_process import exit_code
from tests.support.tiny_clip import plant
from tests.support.tiny_tower import SIDE, plant_corpus, tiny_config


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> tuple[Corpus, Path]:
    """A corpus and the tower that learnt from it for an epoch, in the user's folder."""
    folder = tmp_path_factory.mktemp("searching")
    corpus = plant_corpus(folder / "corpus")
    output = folder / "home" / "towers" / "tiny.safetensors"
    train_tower(tiny_config(corpus.folder, output, stages=(Stage(epochs=1),)))
    return corpus, output


def copied(corpus: Corpus, folder: Path) -> Corpus:
    """A copy that may be changed."""
    shutil.copytree(corpus.folder, folder)
    return open_corpus(folder)


def search(
    tower: object, corpus: Path, output: Path, monkeypatch: pytest.MonkeyPatch, *more: object
) -> object:
    fixed = ["--tower", tower, "--corpus", corpus, "-o", output, "--device", "cpu"]
    return exit_code(app, [*fixed, *more], monkeypatch)


def test_retrieval_on_a_corpus_is_what_its_card_says_and_matching_stands_beside_it(
    straight: tuple[Corpus, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    corpus, output = straight
    monkeypatch.setenv("GLUELINK_HOME", str(output.parent.parent))
    assert search("tiny", corpus.folder, tmp_path / "o", monkeypatch, "--rerank", 3) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "matching of the best 3" in shown and "by chance" in shown
    assert "Every chip has one text" in shown and "not reproduced here" in shown
    found = json.loads((tmp_path / "o" / "retrieval.json").read_text())
    scores = read_card(output).scores
    assert {
        f"{way}_{depth}": value
        for way in ("image_to_text", "text_to_image")
        for depth, value in found["contrast"][way].items()
    }.items() <= scores.items()
    assert found["mean_recall"]["contrast alone"] == pytest.approx(scores["mR"], abs=1e-6)
    assert found["chance"]["text_to_image"]["1"] == 1 / 4 and found["most"] == 3
    # A tower whose matching layer is turned over ranks the same pairs the other way round.
    tower, vocabulary, card = load_tower(output, torch.device("cpu"))
    tower.matching.weight.copy_(1e4 * tower.matching.weight)
    save_tower(tower, vocabulary, card, tmp_path / "sure.safetensors")
    tower.matching.weight.neg_()
    tower.matching.bias.neg_()
    save_tower(tower, vocabulary, card, tmp_path / "turned.safetensors")
    both = []
    for name in ("sure", "turned"):
        file, where = tmp_path / f"{name}.safetensors", tmp_path / name
        assert search(file, corpus.folder, where, monkeypatch) == 0
        both.append(json.loads((where / "retrieval.json").read_text()))
    assert both[0]["contrast"] == both[1]["contrast"] == found["contrast"]
    assert both[0]["rescored"]["outscored"] + both[1]["rescored"]["outscored"] == pytest.approx(1)


def test_retrieval_refuses_in_a_sentence(
    straight: tuple[Corpus, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = straight[1]
    own = copied(straight[0], tmp_path / "corpus")

    def refused(tower: object, corpus: Path, *more: object) -> str:
        assert search(tower, corpus, tmp_path / "o", monkeypatch, *more) == 2
        return capsys.readouterr().err

    assert "There is no tower or CLIP 'none'" in refused("none", own.folder)
    assert "has no nowhere split" in refused(output, own.folder, "--split", "nowhere")
    assert "belong together" in refused(output, own.folder, "--vectors", own.folder / "corpus.json")
    own.write_splits({"train": own.splits()["train"]}, {})
    assert "has no test split; it has train. Make one" in refused(output, own.folder)
    tower, vocabulary, card = load_tower(output, torch.device("cpu"))
    alone = dataclasses.replace(card, training={"decoder": {"alone": True}})
    save_tower(tower, vocabulary, alone, tmp_path / "writes.safetensors")
    said = refused(tmp_path / "writes.safetensors", straight[0].folder)
    assert "learnt to write and nothing else" in said
    broad = dataclasses.replace(card.sizes, side_px=2 * SIDE)
    other = dataclasses.replace(card, sizes=broad)
    save_tower(Tower(broad), vocabulary, other, tmp_path / "broad.safetensors")
    said = refused(tmp_path / "broad.safetensors", straight[0].folder)
    assert "16 × 16 pixels; the tower takes VV and VH of 32 × 32" in said
    own.write_splits(straight[0].splits(), {})
    own.write_texts(text for text in straight[0].texts() if text.chip < "c20")
    assert "test split" in (said := refused(output, own.folder)) and "has 0 chips with" in said
    assert not (tmp_path / "o").exists()


def test_a_clip_that_was_trained_here_is_measured_by_contrast_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = plant(tmp_path)
    train_clip(config)
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))
    assert config.corpus is not None
    assert search("on", config.corpus, tmp_path / "o", monkeypatch) == 0
    found = json.loads((tmp_path / "o" / "retrieval.json").read_text())
    scores = read_clip_card(config.output).scores
    assert found["mean_recall"]["contrast alone"] == pytest.approx(scores["mR"], abs=1e-6)
    assert found["contrast"]["outscored"] == pytest.approx(scores["outscored"], abs=1e-6)
    assert found["rescored"] is None
