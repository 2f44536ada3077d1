"""A tower from a corpus: killed and gone on with, screened, refused in a sentence, and asked."""

import dataclasses
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
import torch
from safetensors.torch import load_file, save_file

from backend.corpus import Corpus, open_corpus
from backend.corpus.decisions import LOSS, SCIO, undo_decisions
from backend.encoders import load_encoder
from backend.errors import (
    ConfigInvalid,
    CorpusInvalid,
    SurveyInvalid,
    WeightsInvalid,
    WeightsMissing,
)
from backend.evaluation.corpora import measure_corpus
from backend.features.store import FeatureStore
from backend.link import Pooling, find_head
from backend.maps.alignment import align
from backend.scenes import open_scene
from backend.service.capabilities import head_infos
from backend.simulation.survey.build import Simulation, build_simulated_survey
from backend.simulation.survey.points import SurveyBatch, simulate_points
from backend.text import load_text_encoder
from backend.towers.files import FORMAT, load_tower, read_card, save_tower
from backend.training.towers import Towers, train_tower
from backend.training.towers.config import Stage
from backend.training.towers.learner import Learner, Texts
from backend.training.towers.pairs import open_pairs
from tests.support.stopping import train_for_an_epoch
from tests.support.tiny_tower import SIDE, SPLITS, plant_corpus, tiny_config


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> tuple[Corpus, Path]:
    """A corpus and the tower that was trained on it without a stop, in the user's folder."""
    folder = tmp_path_factory.mktemp("towers")
    corpus = plant_corpus(folder / "corpus")
    output = folder / "home" / "towers" / "tiny.safetensors"
    train_tower(tiny_config(corpus.folder, output))
    return corpus, output


def copied(corpus: Corpus, folder: Path) -> Corpus:
    """A copy that may be changed."""
    shutil.copytree(corpus.folder, folder)
    return open_corpus(folder)


def test_a_run_that_is_stopped_again_and_again_ends_with_the_same_tower(
    straight: tuple[Corpus, Path], tmp_path: Path
) -> None:
    corpus, whole = straight
    own = copied(corpus, tmp_path / "corpus")
    undo_decisions(own)
    config = tiny_config(own.folder, tmp_path / "tiny.safetensors")
    for _ in range(2):  # before each of the stages that screen
        train_for_an_epoch(Towers(config))
    train_tower(config)
    one, other = load_file(whole), load_file(config.output)
    assert one.keys() == other.keys()
    assert all(torch.allclose(one[k].float(), other[k].float(), atol=1e-6) for k in one)
    curves = [path.with_suffix("") / "curve.csv" for path in (whole, config.output)]
    assert curves[0].read_text() == curves[1].read_text()
    assert list(own.texts()) == list(corpus.texts())  # the same decisions, bit for bit


def test_decisions_stand_in_the_corpus_and_are_taken_back(
    straight: tuple[Corpus, Path], tmp_path: Path
) -> None:
    corpus = copied(straight[0], tmp_path / "corpus")
    judged = [one for text in corpus.texts() for one in text.fragments if LOSS in one.scores]
    assert len(judged) == 16 * 3  # three fragments of each chip in training
    said = list(measure_corpus(corpus).sentences())
    assert any("48 fragments were judged by tiny before stage 3: kept " in one for one in said)
    assert undo_decisions(corpus) == 16
    assert [text.plain for text in corpus.texts()] == [
        text.plain for text in plant_corpus(tmp_path / "anew").texts()
    ]
    assert not any(SCIO in text.more for text in corpus.texts())


def test_a_tower_is_asked_like_any_encoder_without_a_head(
    straight: tuple[Corpus, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus, output = straight
    monkeypatch.setenv("GLUELINK_HOME", str(output.parent.parent))
    encoder = load_encoder("tiny", device="cpu")
    text = load_text_encoder("tiny", device="cpu", remember=False)
    head = find_head(None, encoder.spec)
    head.check(encoder.spec, text.space)
    assert ("tiny", "tiny") in {(one.name, one.encoder) for one in head_infos()}
    chip = next(corpus.chips())
    with open_scene(corpus.images / chip.file) as scene:
        store = FeatureStore.open(str(tmp_path / "store"))
        found = align(
            scene, None, ["a lake"], encoder, head, text, tmp_path / "map.tif", store=store
        )
        again = align(
            scene, None, ["a lake"], encoder, head, text, tmp_path / "again.tif", store=store
        )
    assert found.cells >= 1 and again.phrases[0].mean == found.phrases[0].mean
    assert find_head("tiny", encoder.spec).meta.text == "tiny"


def test_the_encoder_gives_what_the_tower_learnt(
    straight: tuple[Corpus, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chips one by one, chips side by side in a larger window, and phrases in both ways."""
    _, output = straight
    monkeypatch.setenv("GLUELINK_HOME", str(output.parent.parent))
    tower, vocabulary, card = load_tower(output, torch.device("cpu"))
    db = torch.randn(1, 2, 2 * SIDE, 3 * SIDE, generator=torch.Generator().manual_seed(1)) - 12
    db[..., :4] = torch.nan
    found = load_encoder("tiny", device="cpu").encode(db)
    assert found.shape == (1, 2, 3, card.sizes.dim)
    own = tower.image_vectors(tower.see(db[:, :, SIDE:, SIDE : 2 * SIDE]))
    assert torch.allclose(found[0, 1, 1], own[0], atol=1e-5)
    tokens = vocabulary.tokenise([["a lake"], ["a forest by a town"]], card.sizes.most_tokens)
    wanted = tower.text_vectors(tower.read(tokens.ids, tokens.attended)).numpy()
    text = load_text_encoder("tiny", device="cpu", remember=False)
    assert text.embed(["a lake", "a forest by a town"]) == pytest.approx(wanted, abs=1e-5)
    assert encoder_and_text_are_of_one_file(output)
    with pytest.raises(ConfigInvalid, match="sides divisible by 16"):
        load_encoder("tiny", device="cpu").encode(db[..., 1:])


def test_a_cell_may_be_smaller_than_the_chip_that_it_is_judged_by(
    straight: tuple[Corpus, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    tower, vocabulary, card = load_tower(straight[1], torch.device("cpu"))
    path = tmp_path / "towers" / "fine.safetensors"
    save_tower(tower, vocabulary, dataclasses.replace(card, cell_px=4), path)
    encoder = load_encoder("fine", device="cpu")
    assert (encoder.spec.cell_px, encoder.spec.reach_px) == (4, 6)
    db = torch.randn(1, 2, 24, 32, generator=torch.Generator().manual_seed(1)) - 12
    found = encoder.encode(db)
    assert found.shape == (1, 6, 8, card.sizes.dim)
    around = tower.image_vectors(tower.see(db[:, :, 8 - 6 : 12 + 6, 12 - 6 : 16 + 6]))
    assert torch.allclose(found[0, 2, 3], around[0], atol=1e-5)
    assert encoder.encode_within(db).shape[1:3] == (2, 4)  # without two cells on each side
    with open_scene(straight[0].images / "c00.tif") as scene:
        text, head = load_text_encoder("fine", remember=False), find_head(None, encoder.spec)
        mapped = align(scene, None, ["a lake"], encoder, head, text, tmp_path / "map.tif")
    assert mapped.cells == 16
    for training in (3, {"decoder": 3}, {"tasks": 3}, {"decoder": {"types": [3]}}):
        save_tower(tower, vocabulary, dataclasses.replace(card, training=training), path)
        with pytest.raises(WeightsInvalid, match="cannot be read as a tower"):
            read_card(path)
    for wrong in (17, 5, 4.0):
        save_tower(tower, vocabulary, dataclasses.replace(card, cell_px=wrong), path)
        with pytest.raises(WeightsInvalid, match=f"cells of {wrong} px in chips of 16 px"):
            read_card(path)


def test_a_simulated_survey_has_the_cell_of_each_point(
    straight: tuple[Corpus, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(straight[1].parent.parent))
    encoder, text = load_encoder("tiny", device="cpu"), load_text_encoder("tiny", remember=False)
    seen: list[SurveyBatch] = []

    def simulated(*given: object, **named: object) -> Iterator[SurveyBatch]:
        for batch in simulate_points(*given, **named):  # type: ignore[arg-type]
            seen.append(batch)
            yield batch

    monkeypatch.setattr("backend.simulation.survey.build.simulate_points", simulated)
    survey = build_simulated_survey(tmp_path / "survey", Simulation(points=2), encoder, text)
    found = survey.views(encoder.spec, "train", pooling=Pooling("mean")).pooled.float()
    middle = seen[0].windows[:, :, 112 - 8 : 112 + 8, 112 - 8 : 112 + 8]
    for view in range(4):
        assert torch.allclose(found[:, view], encoder.encode(middle)[:, 0, 0], atol=1e-3)
    with pytest.raises(ConfigInvalid, match="alphaearth reads alphaearth in windows of 50 px"):
        build_simulated_survey(tmp_path / "no", Simulation(2), load_encoder("alphaearth"), text)
    assert not (tmp_path / "no").exists()


def test_a_tower_may_know_the_words_of_its_corpus_alone(
    straight: tuple[Corpus, Path], tmp_path: Path
) -> None:
    own = copied(straight[0], tmp_path / "corpus")
    fields = {"stages": (Stage(epochs=1),), "vocabulary": "corpus"}
    card = train_tower(tiny_config(own.folder, tmp_path / "t.safetensors", **fields))
    assert card.sizes.vocabulary < 120 and 0 <= card.scores["outscored"] <= 1
    on = tiny_config(own.folder, tmp_path / "on.safetensors", start=tmp_path / "t.safetensors")
    assert Towers(on).learner.vocabulary.size == card.sizes.vocabulary


def encoder_and_text_are_of_one_file(output: Path) -> bool:
    encoder = load_encoder("tiny", device="cpu")
    space = load_text_encoder("tiny", device="cpu", remember=False).space
    return encoder.spec.weights_hash == space.revision and encoder.spec.text == output.stem


def test_a_corpus_that_is_not_fit_is_refused_in_a_sentence(
    straight: tuple[Corpus, Path], tmp_path: Path
) -> None:
    own = copied(straight[0], tmp_path / "corpus")
    config = tiny_config(own.folder, tmp_path / "t.safetensors")
    with pytest.raises(
        CorpusInvalid, match=r"c\d\d has 2 bands of 16 × 16 pixels; the tower takes"
    ):
        train_tower(config.model_copy(update={"side_px": 32}))
    splits = own.splits()
    own.write_splits({**splits, "test": []}, {})
    with pytest.raises(CorpusInvalid, match=r"no test split; it has train, validation\."):
        train_tower(config)
    own.write_splits(splits, {})
    texts = [t for t in own.texts() if t.chip in splits["train"]]
    own.write_texts(texts)
    with pytest.raises(CorpusInvalid, match=r"validation split of .* has 0 chips with captions"):
        train_tower(config)
    with pytest.raises(CorpusInvalid, match=r"train split .* has 0 chips with brief captions"):
        train_tower(config.model_copy(update={"tasks": ("brief",)}))
    assert not (tmp_path / "t").exists()


def test_alpha_rises_over_the_first_epoch(
    straight: tuple[Corpus, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, given, add = copied(straight[0], tmp_path / "corpus"), list[float](), Learner.add

    def watched(of: Learner, db: torch.Tensor, texts: Texts, alpha: float) -> tuple[float, ...]:
        given.append(alpha)
        return add(of, db, texts, alpha)

    monkeypatch.setattr(Learner, "add", watched)
    stages = (Stage(epochs=2),)
    train_tower(tiny_config(own.folder, tmp_path / "t.safetensors", stages=stages))
    assert given == pytest.approx([0, 0.2, 0.4, 0.4])  # two batches an epoch


def test_a_tower_of_coarser_chips_says_so(straight: tuple[Corpus, Path]) -> None:
    part = open_pairs(straight[0], (), SIDE).train
    assert part.pixel_m == 10
    chips = [dataclasses.replace(chip, metres_per_pixel=20.0) for chip in part.chips]
    assert dataclasses.replace(part, chips=[part.chips[0], *chips]).pixel_m == 20


@pytest.mark.parametrize("split", SPLITS)
def test_a_chip_without_data_is_named_before_anything_is_kept(
    straight: tuple[Corpus, Path], tmp_path: Path, split: str
) -> None:
    own = copied(straight[0], tmp_path / "corpus")
    name = own.splits()[split][2]
    with rasterio.open(own.images / f"{name}.tif", "r+") as file:
        file.write(np.full((2, SIDE, SIDE), np.nan, np.float32))
    with pytest.raises(CorpusInvalid, match=f"{name} has no data"):
        train_tower(tiny_config(own.folder, tmp_path / "t.safetensors"))
    assert not (tmp_path / "t").exists()


def test_texts_that_changed_since_stop_the_run(
    straight: tuple[Corpus, Path], tmp_path: Path
) -> None:
    own = copied(straight[0], tmp_path / "corpus")
    undo_decisions(own)
    config = tiny_config(own.folder, tmp_path / "t.safetensors")
    train_for_an_epoch(Towers(config))
    first, *others = own.texts()
    words = dataclasses.replace(first.fragments[0], text="North: a desert.")
    own.write_texts([dataclasses.replace(first, fragments=(words, *first.fragments[1:])), *others])
    with pytest.raises(SurveyInvalid, match="in its texts"):
        train_tower(config)


def test_a_tower_begins_with_another_of_its_size_alone(
    straight: tuple[Corpus, Path], tmp_path: Path
) -> None:
    corpus, output = straight
    own = copied(corpus, tmp_path / "corpus")
    one = (Stage(epochs=1),)
    config = tiny_config(own.folder, tmp_path / "t.safetensors", start=output, stages=one)
    begun = Towers(config).learner.tower.state_dict()
    first = load_file(output)
    assert all(torch.equal(first[f"tower.{name}"], value) for name, value in begun.items())
    larger = config.model_copy(update={"size": "mini"})
    with pytest.raises(WeightsInvalid, match="tower of another size"):
        train_tower(larger)
    cut = {k: v for k, v in first.items() if k != "vocabulary"}
    from safetensors import safe_open

    with safe_open(output, "pt") as file:
        header = file.metadata()
    save_file(cut, tmp_path / "cut.safetensors", metadata=header)
    with pytest.raises(WeightsInvalid, match="holds no vocabulary"):
        train_tower(config.model_copy(update={"start": tmp_path / "cut.safetensors"}))
    junk = {**first, "vocabulary": torch.tensor(list(b"none"), dtype=torch.uint8)}
    save_file(junk, tmp_path / "junk.safetensors", metadata=header)
    with pytest.raises(WeightsInvalid, match=r"junk.* is damaged: The vocabulary cannot"):
        load_tower(tmp_path / "junk.safetensors", torch.device("cpu"))
    wide = {**header, "card": header["card"].replace('"width": 32', '"width": 64')}
    save_file(first, tmp_path / "wide.safetensors", metadata=wide)
    with pytest.raises(WeightsInvalid, match=r"wide.* of another size: .* Use a tower that was"):
        load_tower(tmp_path / "wide.safetensors", torch.device("cpu"))
    with pytest.raises(WeightsMissing, match="There is no tower at"):
        train_tower(config.model_copy(update={"start": tmp_path / "nowhere.safetensors"}))
    with pytest.raises(WeightsInvalid, match="damaged"):
        (tmp_path / "torn.safetensors").write_bytes(output.read_bytes()[:5000])
        train_tower(config.model_copy(update={"start": tmp_path / "torn.safetensors"}))


def test_a_damaged_tower_is_listed_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from backend.encoders import list_encoders

    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    (tmp_path / "towers").mkdir()
    (tmp_path / "towers" / "broken.safetensors").write_bytes(b"nothing")
    (found,) = (spec for spec in list_encoders() if spec.name == "broken")
    assert "cannot be read as a tower" in found.unavailable
    with pytest.raises(WeightsInvalid):
        load_encoder("broken", device="cpu")
    transformer = {"width": 32, "depth": 2, "heads": 2}
    for wrong in ({"side_px": "a"}, {"patch_px": 0}, {"text": {**transformer, "heads": 3}}):
        sizes = {"image": transformer, "text": transformer, **wrong}
        about = {"format": FORMAT, "card": json.dumps({"name": "broken", "sizes": sizes})}
        save_file({}, tmp_path / "towers" / "broken.safetensors", metadata=about)
        (found,) = (spec for spec in list_encoders() if spec.name == "broken")
        assert "cannot be read as a tower" in found.unavailable
