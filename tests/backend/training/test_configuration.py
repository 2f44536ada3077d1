"""Configurations of training: read, refused with the name of the field, and written back."""

import re
from pathlib import Path

import pytest
import yaml

from backend.errors import ConfigInvalid
from backend.link.fit import Recipe
from backend.resources import resource_path
from backend.train import app
from backend.training import read_config
from backend.training.recognising import read_recogniser_config
from backend.training.towers import read_tower_config

PAPER = resource_path("configs", "paper.yaml")


def test_the_paper_is_the_default() -> None:
    config = read_config(PAPER, {"survey": Path("s"), "output": Path("h")})
    assert config == read_config(None, {"survey": Path("s"), "output": Path("h")})
    assert config.recipe == Recipe() and config.recipe.epochs == 20
    assert (config.recipe.learning_rate, config.recipe.weight_decay) == (1e-3, 1e-4)
    assert (config.recipe.batch_size, config.solver, config.pooling) == (256, "adamw", "wedge")
    assert set(yaml.safe_load(PAPER.read_text())["recipe"]) == set(vars(Recipe()))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("epochs: 3", "field epochs of .* is not known"),
        ("recipe: {epoch: 3}", r"field recipe\.epoch of .* is not known"),
        ("recipe: {l2: .nan}", "l2 of .* is NaN; expected a finite number"),
        (
            "recipe: {learning_rate: .inf}",
            "learning_rate of .* is Infinity; expected a finite number",
        ),
        ("recipe: {epochs: 0}", "epochs is 0.*more than 0"),
        ("recipe: {supervision: cell}", r'supervision .*"cell"; expected .view. or .tile.'),
        ("solver: sgd", "field solver of .* is .sgd.; expected 'adamw' or 'ridge'"),
        ("simulation: {points: many}", r'simulation\.points .*"many"'),
        ("- a list", "no fields"),
        ("a: [", "YAML"),
        ("title: a\nsolver: ridge\ntitle: b", "the field title stands there twice in .* line 1"),
        ("recipe: {epochs: 3, epochs: 4}", "the field epochs stands there twice"),
        ("recipe: {seed: 4294967296}", "seed is 4294967296.*less than"),
        ("encoder: texture-s1", "either survey or simulation"),
    ],
)
def test_a_wrong_configuration_names_the_field(tmp_path, text: str, sentence: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(text)
    with pytest.raises(ConfigInvalid, match=sentence):
        read_config(path, {"output": tmp_path / "h.safetensors"})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("stages: learn", 'field stages of .* is "learn"; expected a list, such as'),
        ("stages: []", r"is \[\]; expected a list of at least 1"),
        ("stages: [learn]", r'stages\.0 of .* is "learn"; expected fields of its own'),
        ("recipe:", "recipe of .* is null; expected fields of its own"),
        ("recipe: {weight_decay: .inf}", "expected a finite number"),
        ("recipe: {seed: 4294967296}", "expected less than 4294967296"),
        ("recipe: {queue: 1000000000000}", "expected less than"),
        ("recipe: {margins: {loss: -1}}", "margins of -1 and 0; expected 0 or more"),
        ("title: 3", "title of .* is 3; expected a text"),
        ("1: 2", "field 1 of .* is not known"),
        ("start: [1]", r"is \[1\]; expected a path"),
        ("decoder: {search: {beams: 5, groups: 2}}", ": 5 beams do not divide into 2 groups"),
        ("decoder: {search: {beams: 1001}}", "at most 1000"),
        ("decoder: {search: {least: 30, most: 20}}", "expected fewer tokens at least than at most"),
    ],
)
def test_what_is_wrong_with_a_tower_is_said_in_the_words_of_yaml(
    tmp_path, text: str, sentence: str
) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(f"kind: tower\n{text}")
    with pytest.raises(ConfigInvalid, match=sentence) as told:
        read_tower_config(path, {"corpus": tmp_path, "output": tmp_path / "t"})
    assert not re.search("tuple|dictionary|instance|Value error|None", str(told.value))


def test_a_field_that_no_option_gives_is_written_into_the_file(tmp_path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("kind: recogniser")
    with pytest.raises(ConfigInvalid, match=r"no task in .*Write it there.*recogniser\.yaml"):
        read_recogniser_config(path, {"corpus": tmp_path, "output": tmp_path / "r"})


@pytest.mark.parametrize("kind", ["[tower]", "3", "null"])
def test_a_kind_that_is_no_name_is_one_sentence(tmp_path, kind: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(f"kind: {kind}")
    with pytest.raises(ConfigInvalid, match=r"The field kind of .*expected head, tower"):
        app([str(path)], standalone_mode=False)


def test_a_recipe_that_is_none_is_told_beside_epochs_too(tmp_path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("recipe: 3")
    with pytest.raises(ConfigInvalid, match=r"field recipe of .* is 3; expected"):
        read_config(path, {"output": tmp_path / "h.safetensors", "epochs": 3})


def test_a_configuration_without_output_says_how_to_give_one() -> None:
    with pytest.raises(ConfigInvalid, match=r"no output in the configuration.*-o NAME"):
        read_config(None, {"survey": Path("s")})


def test_a_configuration_reads_back_as_it_was_written(tmp_path) -> None:
    fields = {
        "survey": tmp_path / "s",
        "output": tmp_path / "h",
        "title": "Ähren",
        "extent_m": 500.0,
    }
    config = read_config(None, fields)
    (tmp_path / "c.yaml").write_text(config.as_yaml(), encoding="utf-8")
    assert read_config(tmp_path / "c.yaml", {}) == config
    assert yaml.safe_load(config.as_yaml())["recipe"]["precision"] == "auto"


def test_a_simulation_is_not_read_where_a_survey_is_given() -> None:
    demo = resource_path("configs", "demo.yaml")
    assert read_config(demo, {"survey": Path("s")}).simulation is None


def test_paths_in_a_file_may_begin_with_a_tilde(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    config = read_config(None, {"survey": Path("~/s"), "output": Path("~/h")})
    assert (config.survey, config.output) == (tmp_path / "s", tmp_path / "h.safetensors")
    assert read_config(None, {"survey": Path("~nobody/s"), "output": Path("h")}).survey


@pytest.mark.parametrize("output", [".", "..", "/"])
def test_an_output_without_a_name_is_one_sentence(output: str) -> None:
    with pytest.raises(ConfigInvalid, match="expected the name of a file, not of a folder alone"):
        read_config(None, {"survey": Path("s"), "output": Path(output)})
