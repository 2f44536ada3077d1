"""Training runs: what a run leaves in its folder, how it is left and taken up, what it refuses."""

import csv
import dataclasses
import re
import resource
import shutil
from itertools import count
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from backend.encoders import Encoder, list_encoders
from backend.errors import ConfigInvalid, DiskFull, EncoderUnknown, OutputUnwritable, SurveyInvalid
from backend.evaluation import evaluate_head
from backend.link import LinkHead, Pooling, fit_head, load_head
from backend.link.adamw import STAGE
from backend.link.fit import Recipe
from backend.link.ridge import L2S
from backend.progress import Cancelled
from backend.survey import Survey
from backend.train import app
from backend.training import RunFolder, TrainConfig, read_config, train_head
from backend.training.linking import source
from backend.training.linking.card import model_card, shortfall_of
from tests.support.in_process import exit_code
from tests.support.split_survey import SPACE, plant_survey

QUICK = {"epochs": 4, "learning_rate": 0.02}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory, texture: Encoder) -> tuple[Survey, LinkHead]:
    return plant_survey(tmp_path_factory.mktemp("planted") / "planted.zarr", texture.spec, 2400)


@pytest.fixture
def survey(planted: tuple[Survey, LinkHead]) -> Survey:
    return planted[0]


def configure(survey: Survey, output: Path, **fields: object) -> TrainConfig:
    recipe = QUICK | dict(fields.pop("recipe", {}))
    fields = {"device": "cpu", "recipe": recipe, "survey": survey.path, "output": output} | fields
    return read_config(None, fields)


def cosine(head: LinkHead, survey: Survey, encoder: Encoder) -> float:
    """The test cosine as the evaluation has it."""
    views = survey.views(encoder.spec, "test")
    words = np.eye(SPACE.dim)[:12]
    found = evaluate_head(
        head, views.pooled, views.photos, views.valid, vocabulary=words, categories=["all"] * 12,
        grid=encoder.spec.grid, resamples=1,
    )  # fmt: skip
    return found["test_cosine"].value


@pytest.mark.parametrize("solver", ["adamw", "ridge"])
def test_a_run_reaches_the_planted_head(planted, texture, tmp_path, solver: str) -> None:
    survey, oracle = planted
    config = configure(survey, tmp_path / "h", solver=solver, recipe={"epochs": 20})
    head = train_head(config)
    assert cosine(head, survey, texture) > cosine(oracle, survey, texture) - 0.002
    assert head.meta.scores["test_cosine"] == pytest.approx(cosine(head, survey, texture), abs=1e-5)


def test_ridge_keeps_the_l2_that_validates_best_unless_one_is_stated(texture, tmp_path) -> None:
    """So few points that the least l2 is too little."""
    survey, _ = plant_survey(tmp_path / "few.zarr", texture.spec, 40)
    chosen = train_head(configure(survey, tmp_path / "chosen", solver="ridge"))
    stated = {
        l2: train_head(configure(survey, tmp_path / f"{l2}", solver="ridge", recipe={"l2": l2}))
        for l2 in L2S
    }
    reached = {l2: head.meta.scores["validation_cosine"] for l2, head in stated.items()}
    assert chosen.meta.training["l2"] == max(reached, key=reached.__getitem__) > min(L2S)
    assert chosen.meta.scores["validation_cosine"] >= max(reached.values()) - 0.001
    assert "the best of 7 by validation cosine" in model_card(chosen.meta)
    assert stated[1.0].meta.training["l2"] == 1.0 and "l2 1, fitted" in model_card(stated[1.0].meta)


@pytest.fixture
def unlearnable(texture, tmp_path) -> Survey:
    """Photographs that have nothing to do with the places they hang at."""
    survey, _ = plant_survey(tmp_path / "few.zarr", texture.spec, 40)
    layer, everything = survey.photo_layer("words", SPACE), slice(0, 40)
    photos, valid = layer.read(everything)
    shuffled = np.random.default_rng(0).permutation(40)
    layer.write(everything, photos[shuffled], valid[shuffled])
    return survey


def test_a_head_below_the_mean_photograph_is_called_so(unlearnable, tmp_path) -> None:
    survey = unlearnable
    worse = train_head(configure(survey, tmp_path / "h", solver="ridge", recipe={"l2": 0.0}))
    scores = worse.meta.scores
    assert scores["test_cosine"] < scores["test_cosine_of_mean"]
    assert "does worse than the mean photograph" in shortfall_of(worse.meta)
    assert shortfall_of(worse.meta) in model_card(worse.meta)
    better = dataclasses.replace(worse.meta, scores=scores | {"test_cosine": 1.0} |
                                 {"validation_cosine": 1.0})  # fmt: skip
    assert shortfall_of(better) == ""


def test_the_command_tells_l2_and_a_head_below_the_mean_photograph(
    unlearnable, tmp_path, monkeypatch, capsys
) -> None:
    stated = tmp_path / "stated.yaml"
    stated.write_text("recipe: {l2: 0.0}")
    common = ["--survey", unlearnable.path, "--solver", "ridge", "--device", "cpu"]
    for name, options in {"stated": ["--config", stated], "chosen": []}.items():
        arguments = [*common, *options, "-o", tmp_path / f"{name}.safetensors"]
        assert exit_code(app, arguments, monkeypatch) == 0
        said = capsys.readouterr().out
        if name == "stated":
            assert "Solved with l2 0.\n" in said
            assert "The head does worse than the mean photograph on validation" in said
        else:
            assert re.search(r"Solved with l2 \S+, the best of 7 by validation cosine\.", said)


def test_a_run_leaves_the_head_and_all_about_it(survey, texture, tmp_path) -> None:
    head = train_head(configure(survey, tmp_path / "runs" / "a.head", title="A | head"))
    folder = tmp_path / "runs" / "a.head"
    assert sorted(p.name for p in folder.iterdir() if p.name != ".lock") == [
        "card.md", "checkpoint", "config.yaml", "curve.csv", "curve.png"
    ]  # fmt: skip
    assert load_head(tmp_path / "runs" / "a.head.safetensors").meta == head.meta
    with (folder / "curve.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["epoch"] for row in rows] == ["1", "2", "3", "4"]
    assert float(rows[-1]["validation_cosine"]) > float(rows[0]["validation_cosine"])
    with Image.open(folder / "curve.png") as picture:
        assert picture.width > 800
    assert read_config(folder / "config.yaml", {}).recipe == Recipe(**QUICK)


def test_a_card_tells_data_space_identity_recipe_scores_and_limits(
    survey, texture, tmp_path
) -> None:
    head = train_head(configure(survey, tmp_path / "h", title="My title"))
    card = (tmp_path / "h" / "card.md").read_text()
    scores, views = head.meta.scores, survey.views(texture.spec, "train")
    for words in (
        "# My title", texture.spec.identity, texture.spec.licence, "planted, revision 1",
        f"| train | {len(views):,} | ", f" | {int(views.valid.sum()):,} |", "learning rate 0.02",
        "highest validation cosine", f"| test | {scores['test_cosine']:.4f} |",
        f"{scores['test_cosine_of_mean']:.4f}", "## Limits", head.meta.training["date"],
    ):  # fmt: skip
        assert words in card
    assert head.meta.training["pooling"] == {"kind": "wedge", "extent_m": None}
    assert scores["test_cosine"] > scores["test_cosine_of_mean"] + 0.2


def test_a_card_tells_the_days_of_photographs_and_the_imagery(survey, texture, tmp_path) -> None:
    imagery = {"scenes": 1200, "products": ["GRD", "RTC"], "dates": ["2018-04-02", "2018-10-01"]}
    survey.feature_layer(texture.spec).note({"imagery": imagery})
    meta = train_head(configure(survey, tmp_path / "h", solver="ridge")).meta
    assert meta.training["imagery"] == imagery
    assert meta.training["regions"] == {"train": 180, "validation": 60, "test": 60}
    days = ["2018-05-01", "2018-09-30"]
    real = {"survey": {"kind": "table"}, "survey_name": "lucas", "surveyed": days}
    card = model_card(dataclasses.replace(meta, training=meta.training | real))
    assert "Survey: lucas, photographed between 2018-05-01 and 2018-09-30." in card
    assert "1,200 scenes (GRD, RTC), taken between 2018-04-02 and 2018-10-01." in card


def test_the_mean_photograph_is_a_head_without_weights(survey, texture, tmp_path) -> None:
    scores = train_head(configure(survey, tmp_path / "h", solver="ridge")).meta.scores
    train = survey.views(texture.spec, "train")
    mean = torch.nn.functional.normalize(train.photos[train.valid].double().mean(0), dim=0)
    mean_head = LinkHead(torch.zeros(texture.spec.dim, SPACE.dim), mean.float())
    assert scores["test_cosine_of_mean"] == pytest.approx(
        cosine(mean_head, survey, texture), abs=1e-5
    )


def test_a_run_without_validation_keeps_the_last_epoch_and_says_so(texture, tmp_path) -> None:
    survey, _ = plant_survey(tmp_path / "s", texture.spec, splits=(0, 0, 2))
    head = train_head(configure(survey, tmp_path / "h"))
    assert "Kept is the last epoch" in (tmp_path / "h" / "card.md").read_text()
    assert set(head.meta.scores) == {"test_cosine", "test_cosine_of_mean"}
    curve = (tmp_path / "h" / "curve.csv").read_text().splitlines()
    assert curve[1].split(",")[3] == ""


@pytest.mark.parametrize("recipe", [{"supervision": "tile"}, {"warm_start": True}])
def test_tiles_and_a_warm_start_learn_as_well(survey, tmp_path, recipe: dict) -> None:
    head = train_head(configure(survey, tmp_path / "h", recipe={"epochs": 12} | recipe))
    assert head.meta.scores["test_cosine"] > 0.85
    assert (tmp_path / "h" / "curve.png").exists()


def test_a_pooling_has_features_and_a_bias_of_its_own(texture, tmp_path) -> None:
    pooling = Pooling("mean", 1000)
    survey, oracle = plant_survey(tmp_path / "s", texture.spec, 800, pooling=pooling)
    head = train_head(
        configure(survey, tmp_path / "h", solver="ridge", pooling="mean", extent_m=1000)
    )
    assert head.meta.training["pooling"] == {"kind": "mean", "extent_m": 1000}
    gap = torch.nn.functional.cosine_similarity(head.bias, oracle.bias, dim=0)
    assert float(gap) > 0.98
    with pytest.raises(SurveyInvalid, match="texture-s1@mean@1000m, not of texture-s1"):
        train_head(configure(survey, tmp_path / "other"))


# Memory


@pytest.mark.parametrize(
    "choices",
    [{"solver": "ridge"}, {"solver": "adamw"}, {"recipe": {"supervision": "tile"}}],
    ids=["ridge", "adamw", "tiles"],
)
def test_what_does_not_fit_in_memory_is_read_as_it_comes_to_the_same_head(
    survey, tmp_path, monkeypatch, choices: dict
) -> None:
    monkeypatch.setattr("backend.survey.cache.CHUNK_ROWS", 256)
    whole = train_head(configure(survey, tmp_path / "whole", **choices))
    monkeypatch.setattr(source, "free_memory", lambda device: 1000)
    monkeypatch.setattr(Survey, "views", None)
    parts = train_head(configure(survey, tmp_path / "parts", **choices))
    assert torch.allclose(parts.weight, whole.weight, atol=1e-6)
    assert parts.meta.scores == pytest.approx(whole.meta.scores, abs=1e-6)


def test_a_run_is_the_fit_of_its_views(survey, texture, tmp_path) -> None:
    views = survey.views(texture.spec, "train")
    columns = texture.spec.dim - texture.spec.surroundings
    pooled = views.pooled[..., :columns]
    fitted = fit_head(pooled, views.photos, views.valid, "ridge", grid=texture.spec.grid)
    same = {"l2": 1e-4}  # as fit_head takes; else validation chooses
    head = train_head(configure(survey, tmp_path / "h", solver="ridge", recipe=same))
    assert torch.equal(head.weight[:columns], fitted.weight)
    assert not head.weight[columns:].any()


# Leaving and going on


def stop_after(reports: int):
    """A progress callback that stops a trainer."""
    left = count(reports, -1)

    def progress(stage: str, done: int, total: int) -> None:
        if stage == STAGE and next(left) == 0:
            raise Cancelled

    return progress


@pytest.mark.parametrize("recipe", [{}, {"warm_start": True}, {"supervision": "tile"}])
def test_a_stopped_run_goes_on_to_the_same_head(survey, tmp_path, recipe: dict) -> None:
    whole = train_head(configure(survey, tmp_path / "whole" / "h", recipe=recipe))
    config = configure(survey, tmp_path / "stopped" / "h", recipe=recipe)
    for _ in range(3):
        with pytest.raises(Cancelled):
            train_head(config, progress=stop_after(0))
        assert not RunFolder(config.output).finished
    assert (tmp_path / "stopped" / "h" / "checkpoint").exists()
    head = train_head(config)
    assert head.meta == whole.meta
    assert torch.equal(head.weight, whole.weight) and torch.equal(head.bias, whole.bias)


def test_a_stopped_run_goes_on_to_the_same_head_with_less_memory(
    survey, tmp_path, monkeypatch
) -> None:
    monkeypatch.setattr("backend.survey.cache.CHUNK_ROWS", 256)
    whole = train_head(configure(survey, tmp_path / "whole" / "h"))
    config = configure(survey, tmp_path / "stopped" / "h")
    with pytest.raises(Cancelled):
        train_head(config, progress=stop_after(1))
    monkeypatch.setattr(source, "free_memory", lambda device: 1000)
    head = train_head(config)
    assert torch.allclose(head.weight, whole.weight, atol=1e-6)
    assert head.meta.scores == pytest.approx(whole.meta.scores, abs=1e-6)


def test_a_finished_run_is_left_as_it_is(survey, tmp_path) -> None:
    config = configure(survey, tmp_path / "h")
    first = train_head(config)
    told = []
    assert train_head(config, progress=lambda *report: told.append(report)).sha256 == first.sha256
    assert told == []
    train_head(config, fresh=True, progress=lambda *report: told.append(report))
    assert told != []


def test_a_run_that_lost_its_card_ends_once_more(survey, tmp_path) -> None:
    """As when it is killed between the head and the card."""
    config = configure(survey, tmp_path / "h")
    head = train_head(config)
    (tmp_path / "h" / "card.md").unlink()
    assert torch.equal(train_head(config).weight, head.weight)
    assert RunFolder(config.output).finished


def test_another_configuration_needs_another_output_or_a_fresh_start(survey, tmp_path) -> None:
    train_head(configure(survey, tmp_path / "h"))
    other = configure(survey, tmp_path / "h", recipe={"seed": 1})
    with pytest.raises(ConfigInvalid, match=r"its recipe\.seed is 0, not 1.*--fresh"):
        train_head(other)
    assert train_head(other, fresh=True).meta.training["recipe"]["seed"] == 1


def test_a_head_that_no_run_here_made_is_not_overwritten(survey, tmp_path) -> None:
    config = configure(survey, tmp_path / "h")
    config.output.write_bytes(b"precious")
    with pytest.raises(ConfigInvalid, match=r"a model at .* already"):
        train_head(config)
    assert config.output.read_bytes() == b"precious"
    train_head(config, fresh=True)
    assert load_head(config.output).meta.name == "h"


def test_a_survey_that_grew_meanwhile_is_noticed(texture, tmp_path) -> None:
    survey, _ = plant_survey(tmp_path / "s", texture.spec)
    config = configure(survey, tmp_path / "h")
    with pytest.raises(Cancelled):
        train_head(config, progress=stop_after(1))
    shutil.rmtree(tmp_path / "s")
    plant_survey(tmp_path / "s", texture.spec, 480)
    with pytest.raises(SurveyInvalid, match="h learns from has changed since"):
        train_head(config)


def test_a_finished_run_notices_that_its_survey_has_changed_or_is_gone(texture, tmp_path) -> None:
    survey, _ = plant_survey(tmp_path / "s", texture.spec)
    config = configure(survey, tmp_path / "h", solver="ridge")
    train_head(config)
    shutil.rmtree(tmp_path / "s")
    with pytest.raises(SurveyInvalid, match="no survey at"):
        train_head(config)
    plant_survey(tmp_path / "s", texture.spec, 480)
    with pytest.raises(SurveyInvalid, match=r"the run .*h learns from has changed since it was"):
        train_head(config)
    assert load_head(config.output).meta.training["survey"]["points"] == 400


@pytest.mark.parametrize("keep", [0, 100, -9])
def test_a_damaged_checkpoint_is_told(survey, tmp_path, keep: int) -> None:
    config = configure(survey, tmp_path / "h")
    with pytest.raises(Cancelled):
        train_head(config, progress=stop_after(1))
    checkpoint = tmp_path / "h" / "checkpoint"
    checkpoint.write_bytes(checkpoint.read_bytes()[:keep])
    with pytest.raises(ConfigInvalid, match="checkpoint is damaged"):
        train_head(config)


def test_two_runs_do_not_share_a_folder(survey, tmp_path) -> None:
    config = configure(survey, tmp_path / "h")
    with RunFolder(config.output).held(), pytest.raises(OutputUnwritable, match="Another run"):
        train_head(config)


# Refusals


def test_features_of_another_identity_are_refused(texture, tmp_path) -> None:
    other = dataclasses.replace(texture.spec, identity="texture-s1/0")
    survey, _ = plant_survey(tmp_path / "s", other)
    with pytest.raises(SurveyInvalid, match="features of texture-s1/0, not of texture-s1/4"):
        train_head(configure(survey, tmp_path / "h"))


def test_an_encoder_whose_weights_are_elsewhere_is_linked_by_its_features(tmp_path) -> None:
    spec = next(spec for spec in list_encoders() if spec.name == "betaearth-s1")
    there = dataclasses.replace(spec, identity=f"{spec.identity}/abc/linear")
    survey, _ = plant_survey(tmp_path / "s", there)
    head = train_head(configure(survey, tmp_path / "h", encoder=spec.name, solver="ridge"))
    assert head.meta.encoder_identity == there.identity


def test_a_survey_without_a_train_split_is_refused(texture, tmp_path) -> None:
    survey, _ = plant_survey(tmp_path / "s", texture.spec, splits=(1, 2))
    with pytest.raises(SurveyInvalid, match=r"no point .* in the train split"):
        train_head(configure(survey, tmp_path / "h"))


def test_nan_features_are_named_by_survey_row_and_point(texture, tmp_path) -> None:
    survey, _ = plant_survey(tmp_path / "s", texture.spec)
    layer = survey.feature_layer(texture.spec)
    rows = slice(64, 96)  # 80 to 87 are train
    vectors, valid = layer.read(rows)
    vectors[83 - 64, :, 5] = np.nan
    layer.write(rows, vectors, valid)
    for solver in ("adamw", "ridge"):
        with pytest.raises(
            SurveyInvalid,
            match=r"Row 83 of the survey s \(texture-s1, words\), point p00083, view (north|east)",
        ):
            train_head(configure(survey, tmp_path / solver, solver=solver))


@pytest.mark.parametrize(
    ("fields", "error", "sentence"),
    [
        ({"encoder": "nothing"}, EncoderUnknown, "no encoder 'nothing'"),
        ({"encoder": "dinov2-s1"}, SurveyInvalid, "features of texture-s1, not of dinov2-s1"),
        ({"text": "minilm"}, ConfigInvalid, "'minilm' was asked for"),
        ({"extent_m": -5.0}, ConfigInvalid, "-5.0 m"),
        ({"device": "abacus"}, ConfigInvalid, "abacus"),
    ],
)
def test_what_does_not_fit_the_survey_is_one_sentence(
    survey, tmp_path, fields: dict, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        train_head(configure(survey, tmp_path / "runs" / "h", **fields))
    assert not (tmp_path / "runs" / "h").exists()


def test_an_output_that_cannot_be_written_is_told_before_anything_else(survey, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputUnwritable, match="cannot be written"):
        train_head(configure(survey, tmp_path / "file" / "h"))


def test_a_full_disk_is_one_sentence_and_leaves_no_half_checkpoint(
    survey: Survey, tmp_path: Path
) -> None:
    _, most = limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, most))  # a checkpoint is larger
    try:
        with pytest.raises(DiskFull, match=r"became full while .*checkpoint was written"):
            train_head(configure(survey, tmp_path / "h"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert {path.name for path in (tmp_path / "h").iterdir()} <= {".lock", "config.yaml"}
