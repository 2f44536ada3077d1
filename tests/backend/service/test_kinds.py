"""Training and evaluation as jobs: heads and surveys by name, in the user's own folder."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from backend.encoders import Encoder, encoder_spec
from backend.errors import ConfigInvalid, EncoderUnknown, HeadUnknown, SurveyInvalid
from backend.link import choose_pooling
from backend.progress import Cancelled, silent
from backend.service.context import Context
from backend.service.kinds import evaluation, training
from backend.service.kinds.evaluation import EvaluationRequest
from backend.service.kinds.training import TrainingRequest
from backend.service.model_cache import ModelCache
from backend.service.scenes import SceneRegistry
from backend.service.settings import Settings
from backend.service.table import JobTable
from backend.survey import open_survey
from backend.text import TextEncoder
from backend.text.minilm import model_folder
from backend.towers.files import TowerCard, save_tower
from backend.towers.sizes import SIZES, Sizes
from backend.towers.tower import Tower
from backend.towers.words import Vocabulary
from tests.support.planted_survey import Planted, planted_points

PATHS = ["../s", "/etc", "a/b", "..", ".", "", "a\\b", "s\0", "-s"]


@pytest.fixture
def context(
    tmp_path: Path, texture: Encoder, minilm: TextEncoder, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Context]:
    """A service's context whose user has a survey "planted"."""
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path))
    (tmp_path / "surveys").mkdir()
    survey, spaces = tmp_path / "surveys" / "planted", {"minilm": minilm.space}
    Planted(survey, planted_points(), texture.spec, spaces)
    with closing(JobTable(tmp_path / "jobs.sqlite3")) as table:
        scenes = SceneRegistry(table)
        yield Context(Settings(token="a" * 20), ModelCache(), scenes, tmp_path, table)


def ask(head: str = "mine", survey: str = "planted", **fields: object) -> TrainingRequest:
    return TrainingRequest(
        kind="training", head=head, survey=survey, encoder="texture-s1", **fields
    )


def measure(*heads: str, survey: str = "planted") -> EvaluationRequest:
    return EvaluationRequest(kind="evaluation", survey=survey, heads=[*heads], resamples=3)


def test_a_stopped_training_goes_on_and_its_head_is_measured(
    context: Context, tmp_path: Path
) -> None:
    request = ask(epochs=4)
    training.check(request, context)
    curve = tmp_path / "heads" / "mine" / "curve.csv"

    def stop(stage: str, done: int, total: int) -> None:
        if curve.exists() and len(curve.read_text().splitlines()) > 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        training.run(request, context, tmp_path, stop)
    before = curve.read_text().splitlines()
    assert 1 < len(before) - 1 < 4
    training.check(request, context)
    result = training.run(request, context, tmp_path, silent)
    assert curve.read_text().splitlines()[: len(before)] == before
    assert (result.head, result.scores["test_cosine"] > 0) == ("mine", True)
    assert result.card.startswith("#")

    folder = tmp_path / "tables"
    folder.mkdir()
    checked = evaluation.check(measure("mine"), context)
    assert checked.depends_on
    found = evaluation.run(measure("mine"), context, folder, silent)
    assert {file.name for file in found.files} == {
        f"tables.{s}" for s in ("csv", "json", "tex", "txt")
    }
    assert found.tiles["mine"] > 0
    assert "mine" in json.dumps(json.loads((folder / "tables.json").read_text()))


def test_a_tower_is_measured_without_a_head(context: Context, tmp_path: Path) -> None:
    vocabulary = Vocabulary((model_folder() / "tokenizer.json").read_bytes())
    sizes = Sizes(*SIZES["tiny"], side_px=16, patch_px=8)
    path = tmp_path / "towers" / "own.safetensors"
    save_tower(Tower(sizes), vocabulary, TowerCard("own", sizes), path)
    spec, survey = encoder_spec("own"), open_survey(tmp_path / "surveys" / "planted")
    layer = survey.feature_layer(spec, choose_pooling(spec.grid))
    for rows in layer.missing():
        shape = (len(survey.split[rows]), 4)
        values = np.random.default_rng(0).standard_normal((*shape, spec.dim))
        layer.write(rows, values, np.ones(shape, bool))
    request = EvaluationRequest(
        kind="evaluation", survey="planted", references=["own"], resamples=3
    )
    assert evaluation.check(request, context).depends_on == spec.identity
    (tmp_path / "tables").mkdir()
    found = evaluation.run(request, context, tmp_path / "tables", silent)
    assert found.tiles["own"] > 0
    for references, error, sentence in (
        ([], ConfigInvalid, "Neither a head nor a reference"),
        (["texture-s1"], EncoderUnknown, "texture-s1 is not a reference"),
        (["../own"], EncoderUnknown, "no encoder"),
    ):
        with pytest.raises(error, match=sentence):
            evaluation.check(request.model_copy(update={"references": references}), context)


def test_another_configuration_under_the_same_name_is_refused_at_once(context: Context) -> None:
    training.run(ask(epochs=1), context, Path(), silent)
    training.check(ask(epochs=1), context)
    with pytest.raises(ConfigInvalid, match="epochs"):
        training.check(ask(epochs=2), context)


@pytest.mark.parametrize("name", PATHS)
def test_a_path_is_the_name_of_nothing(context: Context, name: str) -> None:
    with pytest.raises(HeadUnknown):
        training.check(ask(head=name), context)
    with pytest.raises(SurveyInvalid):
        training.check(ask(survey=name), context)
    with pytest.raises(HeadUnknown):
        evaluation.check(measure(name), context)
    with pytest.raises(SurveyInvalid):
        evaluation.check(measure("demo", survey=name), context)


def test_what_is_not_there_is_named(context: Context) -> None:
    with pytest.raises(SurveyInvalid, match='no survey "other"'):
        training.check(ask(survey="other"), context)
    with pytest.raises(HeadUnknown, match='no head "none"'):
        evaluation.check(measure("none"), context)
