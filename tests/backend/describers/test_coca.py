"""CoCas as describers: they write what open_clip writes, and what their corpus said."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from backend.corpus import Corpus, Fragment
from backend.corpus.pixels import read_db
from backend.describers import Chip, load_describer
from backend.describers.coca import CocaDescriber, next_word
from backend.describers.corpora import chip_of, write_answers
from backend.describers.offered import list_describers, open_offered
from backend.encoders.networks.own import CocaFiles, read_own
from backend.errors import ConfigInvalid, WeightsMissing
from backend.evaluation.words.joined import join_answers
from backend.evaluation.words.report import measure_texts
from backend.language import Record
from backend.towers.search import search
from backend.towers.settings import Search
from backend.training.clips import ClipConfig, Clips
from backend.training.clips.config import ClipRecipe, ClipStage
from scripts.samples import coca
from scripts.samples.small_clip import write_small_clip, write_words
from tests.support.tiny_clip import plant_pictures
from tests.support.tiny_tower import SIDE, plant_corpus

BEGIN, END, WORDS = 18, 19, 20
OPEN_CLIP = {
    1: (
        (6, 3, 3, 12, 12, 12, 12, 5, 12, 12, 12),
        (1, 3, 3, 10, 12, 12, 5, 3, 3, 5, 12),
        (3, 3, 5, 3, 5, 8, 5, 5, 5, 3, 3),
        (3, 3, 10, 3, 10, 10),
    ),
    6: (
        (6, 3, 10, 12, 12, 12, 12, 5, 12, 12, 12),
        (6, 3, 10, 12, 12, 12, 12, 5, 12, 12, 12),
        (1, 3, 3, 3, 3, 3),
        (1, 3, 3, 3, 3, 3),
    ),
}
"""By beams, what `generate` of open_clip's main branch of June 2026 (4.2.0.dev0) writes of these
weights and pictures, with transformers 5.23: max_length 12, min_length 5, one group."""


def test_captions_are_those_of_open_clip(tmp_path: Path) -> None:
    path = tmp_path / "coca.safetensors"
    state = coca.write_coca(path, WORDS)
    state["text_decoder.text_projection"][:, END] *= 3  # so that some texts end
    save_file(state, path)
    files = read_own(path)
    assert isinstance(files, CocaFiles)
    network, places = files.both(torch.device("cpu")), torch.arange(4 * 3 * 32 * 32)
    waves = 2 * torch.sin(places * 0.37 + places // (3 * 32 * 32))
    seen = network.encode_image(waves.reshape(4, 3, 32, 32))[1]
    for beams, texts in OPEN_CLIP.items():
        how = Search(beams=beams, least=4, most=11)
        found = [search(next_word(network, one[None]), [BEGIN], END, how)[0] for one in seen]
        assert tuple(one.tokens for one in found) == texts


@pytest.fixture(scope="module")
def learnt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Corpus, ClipConfig]]:
    """Four chips with captions of two types, and a CoCa of the user that knows one by heart."""
    folder = tmp_path_factory.mktemp("coca")
    corpus = plant_corpus(folder / "corpus")
    rich = [replace(one, task="complex") for one in corpus.texts()]
    few = [replace(one, task="concise", fragments=(Fragment("A place."),)) for one in rich]
    corpus.write_texts([*rich, *few])
    splits = {"train": range(4), "validation": range(16, 18), "test": range(20, 22)}
    corpus.write_splits({k: [f"c{n:02d}" for n in of] for k, of in splits.items()}, {})
    clips = folder / "home" / "clips"
    clips.mkdir(parents=True)
    words = [one.text for text in corpus.texts() for one in text.fragments]
    coca.write_coca(clips / "random.safetensors", write_words(clips, words), SIDE, places=20)
    config = ClipConfig(
        start=clips / "random.safetensors",
        corpus=corpus.folder,
        output=clips / "wordy.safetensors",
        picture="dual",
        side_px=SIDE,
        stages=(ClipStage(epochs=60, tasks=("complex",)),),
        recipe=ClipRecipe(batch_size=4, warmup_steps=4, learning_rate=4e-3, caption_weight=2),
        device="cpu",
    )
    task = Clips(config)
    for _ in task.epochs():  # without a folder, which would keep each of them
        pass
    finished = task.finish()
    finished.save(config.output)
    assert "trained by contrast and by writing captions" in finished.card
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLUELINK_HOME", str(folder / "home"))
        yield corpus, config


def test_a_coca_says_by_its_name_what_it_learnt(learnt: tuple[Corpus, ClipConfig]) -> None:
    corpus, describer = learnt[0], load_describer("wordy", "cpu")
    chips = [chip_of(corpus, one) for one in list(corpus.chips())[:4]]
    said = [describer.caption(chip) for chip in chips]
    assert [one.text for one in said] == [
        f"North: {north}. South: a lake. Sizes: {n} fields."
        for n, north in enumerate(("a lake", "a forest", "a town", "bare soil"))
    ]
    assert [one.text for one in said[0].sentences][1] == "South: a lake."
    assert said[0].made_with["search"]["beams"] == 6
    assert describer.name.startswith("wordy@") and describer.writes == ("caption",)


def test_only_what_it_learnt_is_measured(learnt: tuple[Corpus, ClipConfig], tmp_path: Path) -> None:
    corpus, said = learnt[0], tmp_path / "answers.jsonl"
    assert write_answers(load_describer("wordy", "cpu"), corpus, "train", said) == 4
    assert {json.loads(row)["task"] for row in said.read_text().splitlines()} == {"complex"}
    assert write_answers(load_describer("wordy", "cpu"), corpus, "train", said) == 0
    report = measure_texts(join_answers(corpus, said, "train"), resamples=0)
    assert {row.task for row in report.captions} == {"complex"}
    assert report.captions[0].figures["bleu_4"].value > 0.99
    assert report.left_out == {"concise captions": 4} and report.missing["captions"] == 0


def test_what_a_coca_does_not_look_at_gets_one_sentence(
    learnt: tuple[Corpus, ClipConfig], tmp_path: Path
) -> None:
    corpus, config = learnt
    describer = load_describer(str(config.output), "cpu")
    assert isinstance(describer, CocaDescriber)
    chip = next(corpus.chips())
    db, record = read_db(corpus, chip), Record(chip.name, SIDE, SIDE, metres_per_pixel=10.0)
    colours = plant_pictures(tmp_path / "colours", corpus)
    shown = chip_of(colours, next(colours.chips()), colours=True)
    assert shown.picture is not None and len(np.unique(shown.picture, axis=0)) == 3
    assert describer.caption(shown).text
    with pytest.raises(ConfigInvalid, match=r"has 32 x 16 pixels; wordy describes at most 16 x 16"):
        describer.caption(Chip(record, np.tile(db, 2)))
    with pytest.raises(ConfigInvalid, match="pixels of 20 m; wordy learnt those of 10 m"):
        describer.caption(Chip(replace(record, metres_per_pixel=20.0), db))
    with pytest.raises(ConfigInvalid, match="wordy is a CoCa, which answers no questions"):
        describer.answer(Chip(record, db), "Is there water?")
    write_small_clip(tmp_path / "mute.safetensors", ["a lake"], width=64, depth=1)
    clips = config.output.parent
    for ending in ("safetensors", "json"):
        shutil.copy(tmp_path / f"mute.{ending}", clips / f"silent.{ending}")
    (clips / "broken.safetensors").write_bytes(b"no tensors at all")
    (clips / "broken.json").write_text('{"quick_gelu": false}')
    offers = {one.name: one for one in list_describers()}
    assert list(offers) == ["facts", "broken", "random", "wordy"]
    assert "is cut short or damaged" in offers["broken"].problem
    wordy = open_offered("wordy")
    assert (wordy.chip_px, wordy.pixel_m, wordy.title) == (SIDE, 10.0, "wordy")
    assert wordy.caption(shown).text == describer.caption(shown).text
    with pytest.raises(ConfigInvalid, match="silent is a CLIP, which writes no texts"):
        open_offered("silent")
    with pytest.raises(ConfigInvalid, match="mute is a CLIP, which writes no texts"):
        load_describer(str(tmp_path / "mute.safetensors"))
    with pytest.raises(WeightsMissing, match="no tower at"):
        load_describer(str(tmp_path / "none.safetensors"))
