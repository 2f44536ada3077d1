"""A recogniser from a corpus: stopped and gone on with, asked, measured, refused in a sentence."""

import json
import shutil
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from safetensors.torch import load_file

from backend.corpus import Corpus, open_corpus
from backend.corpus.segments import segments_file, write_segment_classes, write_segments
from backend.encoders import load_encoder
from backend.errors import ConfigInvalid, CorpusInvalid, HeadInvalid, HeadMismatch
from backend.evaluate import app
from backend.language.record import Box, Object
from backend.recognisers.asking import write_recognised
from backend.recognisers.base import TASKS, Task
from backend.recognisers.features import encode_chips, require_fit, shape_of
from backend.recognisers.files import load_recogniser, save_recogniser
from backend.recognisers.truth import truth_of
from backend.training import train
from backend.training.recognising import RecogniserConfig, Recognising, read_recogniser_config
from backend.training.recognising.config import RecogniserRecipe
from tests.support.in_process import exit_code
from tests.support.square_corpus import plant_squares
from tests.support.stopping import train_for_an_epoch
from tests.support.tiny_tower import plant_corpus

ROOT = Path(__file__).parents[3]

CPU = torch.device("cpu")


def config_of(corpus: Corpus, output: Path, task: Task, **recipe: float) -> RecogniserConfig:
    usual = {"epochs": 2, "batch_size": 5, "learning_rate": 1e-2}
    return RecogniserConfig(
        task=task,
        corpus=corpus.folder,
        output=output,
        device="cpu",
        width=32,
        recipe=RecogniserRecipe(**usual | recipe),
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Ten chips in training, two and four beside them."""
    return plant_squares(tmp_path_factory.mktemp("squares") / "corpus", per_split=1)


@pytest.fixture(scope="module")
def segmenter(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recogniser of segments that was trained without a stop."""
    output = tmp_path_factory.mktemp("runs") / "whole.safetensors"
    train(Recognising(config_of(corpus, output, "segment")))
    return output


def test_a_run_that_is_stopped_ends_with_the_same_recogniser(
    corpus: Corpus, segmenter: Path, tmp_path: Path
) -> None:
    config = config_of(corpus, tmp_path / "again.safetensors", "segment")
    train_for_an_epoch(Recognising(config))
    assert list(config.output.with_suffix("").glob("features-*.npy"))
    train(Recognising(config))
    assert not list(config.output.with_suffix("").glob("features-*.npy"))
    one, other = load_file(segmenter), load_file(config.output)
    assert one.keys() == other.keys()
    assert all(torch.allclose(one[name], other[name], atol=1e-6) for name in one)
    card = (segmenter.with_suffix("") / "card.md").read_text()
    assert "| miou |" in card and "texture-s1" in card and "4 test chips" in card


def test_the_command_asks_a_recogniser_and_prints_its_tables(
    corpus: Corpus,
    segmenter: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = tmp_path / "tables"
    arguments = ("--corpus", corpus.folder, "--recogniser", segmenter, "-o", out, "--device", "cpu")
    assert exit_code(app, arguments, monkeypatch) == 0
    assert "Segmentation" in capsys.readouterr().out
    values = json.loads((out / "recognition.json").read_text())["segments"]
    assert {"accuracy", "miou", "iou ground", "iou bright", "iou pale"} == set(values)
    _, card = load_recogniser(segmenter, CPU)
    assert values["miou"]["value"] == pytest.approx(card.scores["miou"], abs=1e-6)
    assert values["miou"]["chance"] == pytest.approx(card.chance["miou"], abs=1e-6)


@pytest.mark.parametrize("task", TASKS)
def test_what_is_right_follows_from_the_corpus(corpus: Corpus, task: Task) -> None:
    truth, records = truth_of(corpus, task), {one.chip: one for one in corpus.facts()}
    assert [len(truth.chips[split]) for split in ("train", "validation", "test")] == [10, 2, 4]
    for name in truth.chips["train"]:
        right, objects = truth.read(name), records[name].objects
        assert objects
        kind = objects[0].category
        if task == "classify":
            assert truth.names[int(right)] == kind
        elif task == "count":
            assert right[truth.names.index(kind)] == len(objects) == right.sum()
        elif task == "segment":
            area = sum(one.box.width * one.box.height for one in objects)
            assert int((right == truth.names.index(kind)).sum()) == area
        else:
            assert right[:, 3:].sum() > right[:, 1:3].sum() and len(right) == len(objects)


def test_chips_of_several_windows_have_the_cells_of_each(corpus: Corpus) -> None:
    encoder, chips = load_encoder("texture-s1", device="cpu"), list(corpus.chips())[:2]
    whole = encode_chips(corpus, chips, encoder)
    assert whole.shape == (2, 12, 12, 115)
    # As if it took windows of 56 px alone: two by two, the last ones continued by a mirror.
    encoder.spec = replace(encoder.spec, reach_px=None, window_px=56, grid=(7, 7))
    tiled = encode_chips(corpus, chips, encoder)
    assert tiled.shape == (2, 14, 14, 115)
    with rasterio.open(corpus.images / chips[1].file) as file:
        db = np.pad(file.read(), ((0, 0), (0, 16), (0, 16)), mode="symmetric")
    own = encoder.encode(db[None, :, :56, 56:])[0].numpy()
    np.testing.assert_allclose(tiled[1, :7, 7:], own, atol=1e-4)


def changed(corpus: Corpus, folder: Path) -> Corpus:
    """A copy that may be changed."""
    shutil.copytree(corpus.folder, folder)
    return open_corpus(folder)


def test_a_corpus_without_labels_or_splits_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    own = changed(corpus, tmp_path / "own")
    splits = own.splits()
    own.write_splits({**splits, "test": []}, {})
    with pytest.raises(CorpusInvalid, match="has no test split"):
        truth_of(own, "classify")
    own.write_splits(splits, {})
    own.write_facts(replace(one, objects=None) for one in list(own.facts()))
    for task, what in (("classify", "class"), ("count", "boxes"), ("detect", "boxes")):
        with pytest.raises(CorpusInvalid, match=f"No chip in the train split .* known {what}"):
            truth_of(own, task)
    write_segment_classes(own, ["ground", "bright"])
    with pytest.raises(CorpusInvalid, match=r"holds the class 2, which classes.csv does not name"):
        [truth_of(own, "segment").read(name) for name in splits["train"]]
    shutil.rmtree(segments_file(own, "c000").parent)
    with pytest.raises(CorpusInvalid, match="has no segmentations"):
        truth_of(own, "segment")


def test_classes_that_training_lacks_are_measured_but_not_validated(
    corpus: Corpus, tmp_path: Path
) -> None:
    own = changed(corpus, tmp_path / "own")
    splits, other = own.splits(), Object("other", Box(0, 0, 8, 8))

    def make_other(chips: Collection[str]) -> None:
        own.write_facts(
            replace(one, objects=(other,)) if one.chip in chips else one
            for one in list(corpus.facts())
        )

    make_other([splits["test"][0], splits["validation"][0]])
    chips = truth_of(own, "classify").chips
    assert chips["test"] == sorted(splits["test"]) and len(chips["validation"]) == 1
    make_other(splits["validation"])
    with pytest.raises(CorpusInvalid, match=r"No chip in the validation split .* of training"):
        truth_of(own, "classify")


def test_a_chip_of_the_splits_that_is_not_there_is_left_out(corpus: Corpus, tmp_path: Path) -> None:
    own = changed(corpus, tmp_path / "own")
    first = min(own.splits()["train"])
    lines = (own.folder / "chips.jsonl").read_text().splitlines(keepends=True)
    kept = [line for line in lines if f'"chip":"{first}"' not in line]
    (own.folder / "chips.jsonl").write_text("".join(kept))
    tasks: tuple[Task, ...] = ("classify", "count", "segment")
    for task in tasks:
        assert first not in truth_of(own, task).chips["train"]


def test_chips_that_are_too_small_for_an_encoder_are_refused(tmp_path: Path) -> None:
    small = plant_corpus(tmp_path / "small")
    with pytest.raises(ConfigInvalid, match="texture-s1 does not take chips of 16 × 16 pixels"):
        encode_chips(small, list(small.chips())[:2], load_encoder("texture-s1", device="cpu"))


def test_segmentations_of_another_size_are_refused(corpus: Corpus, tmp_path: Path) -> None:
    own = changed(corpus, tmp_path / "own")
    write_segments(own, "c000", np.zeros((50, 40), np.int64))
    with pytest.raises(CorpusInvalid, match=r"c000.png has 40 × 50 pixels, its chip 96 × 96"):
        truth_of(own, "segment").read("c000")


def test_chips_without_data_or_of_other_sizes_are_refused(corpus: Corpus, tmp_path: Path) -> None:
    own = changed(corpus, tmp_path / "own")
    chips = list(own.chips())
    encoder = load_encoder("texture-s1", device="cpu")
    with rasterio.open(own.images / chips[3].file, "r+") as file:
        file.write(np.full(file.read().shape, np.nan, np.float32))
    with pytest.raises(CorpusInvalid, match="The chip c003 has no pixel with data"):
        encode_chips(own, chips[3:4], encoder)
    with pytest.raises(CorpusInvalid, match=r"c002 has 96 × 96 pixels, and not 50 × 96, as chips"):
        encode_chips(own, [chips[1], replace(chips[2], width=50)], encoder)
    with pytest.raises(CorpusInvalid, match="size of the chip c000 is not known"):
        shape_of([replace(one, width=None) for one in chips])
    with pytest.raises(CorpusInvalid, match="c001 has 50 × 96 pixels, c000 96 × 96"):
        shape_of([chips[0], replace(chips[1], width=50)])
    lines = (own.folder / "chips.jsonl").read_text().splitlines(keepends=True)
    lines[-1] = lines[-1].replace('"width":96', '"width":50')
    (own.folder / "chips.jsonl").write_text("".join(lines))
    with pytest.raises(CorpusInvalid, match="c015 has 50 × 96 pixels, c000 96 × 96"):
        _ = Recognising(config_of(own, tmp_path / "own.safetensors", "count")).facts
    with pytest.raises(CorpusInvalid, match="c001 are of 3 m; encoders take 10 m"):
        shape_of([chips[0], replace(chips[1], metres_per_pixel=3.0)])


def test_an_encoder_that_does_not_suit_is_refused(corpus: Corpus, segmenter: Path) -> None:
    spec = load_encoder("texture-s1", device="cpu").spec
    with pytest.raises(ConfigInvalid, match="takes sentinel-2; chips have one date of VV and VH"):
        require_fit(replace(spec, modality="sentinel-2"), "classify", (96, 96))
    with pytest.raises(ConfigInvalid, match="96 × 96 pixels; texture-s1 takes windows of 224"):
        require_fit(replace(spec, reach_px=None), "classify", (96, 96))
    one = replace(spec, window_px=96, grid=(1, 1))
    require_fit(one, "count", (96, 96))
    with pytest.raises(ConfigInvalid, match="one vector, which has no places in it"):
        require_fit(one, "detect", (96, 96))
    _, card = load_recogniser(segmenter, CPU)
    with pytest.raises(HeadMismatch, match="texture-s1/4; texture-s1 here gives those of other"):
        card.check(replace(spec, identity="other/1"))


def test_a_file_that_is_no_recogniser_is_refused(segmenter: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.safetensors"
    path.write_bytes(segmenter.read_bytes()[:-9])
    with pytest.raises(HeadInvalid, match="cut short or damaged"):
        load_recogniser(path, CPU)
    with pytest.raises(HeadInvalid, match="is not of the format gluelink-recogniser/1"):
        load_recogniser(ROOT / "resources/heads/texture-s1_minilm.safetensors", CPU)
    recogniser, card = load_recogniser(segmenter, CPU)
    for wrong in (replace(card, width=100), replace(card, numbers=(0,))):
        save_recogniser(recogniser, wrong, path)
        with pytest.raises(HeadInvalid, match="cannot be read as a recogniser: "):
            load_recogniser(path, CPU)
    text = tmp_path / "wrong.yaml"
    text.write_text("kind: recogniser\ntask: measure\ncorpus: c\noutput: o\n")
    with pytest.raises(ConfigInvalid, match=r"The field task of .* is .measure.; expected 'class"):
        read_recogniser_config(text, {})


@pytest.mark.long("tests/backend/recognisers/test_networks.py")
@pytest.mark.parametrize(
    ("task", "figure", "least"),
    [
        ("classify", "top1", 0.98),
        ("count", "exact", 0.8),
        ("segment", "miou", 0.8),
        ("detect", "ap50", 0.9),
    ],
)
def test_every_task_is_solved_in_chips_that_were_never_seen(
    tmp_path_factory: pytest.TempPathFactory, task: Task, figure: str, least: float
) -> None:
    folder = tmp_path_factory.getbasetemp() / "many"
    corpus = open_corpus(folder) if folder.exists() else plant_squares(folder, per_split=8)
    output = tmp_path_factory.mktemp(task) / "solved.safetensors"
    config = config_of(corpus, output, task, epochs=20, batch_size=8, learning_rate=3e-3)
    card = train(Recognising(config))
    print(f"{task}: {figure} {card.scores[figure]:.3f}, by chance {card.chance[figure]:.3f}")
    assert card.scores[figure] > least > card.chance[figure] + 0.2
    recogniser, card = load_recogniser(output, CPU)
    encoder = load_encoder("texture-s1", device="cpu")
    found = write_recognised(recogniser, card, encoder, corpus, "test", output.parent / "asked")
    assert len(found.read_text().splitlines()) == 32
