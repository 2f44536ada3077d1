"""Configurations of training: read, refused with the name of the field, and written back."""

from pathlib import Path

import pytest
import yaml

from backend.errors import ConfigInvalid
from backend.link.fit import Recipe
from backend.resources import resource_path
from backend.training import read_config

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
        ("recipe: {l2: .nan}", "l2 is nan.*finite number, 0 or more"),
        ("recipe: {learning_rate: .inf}", "learning_rate is inf.*finite number, more than 0"),
        ("recipe: {epochs: 0}", "epochs is 0.*more than 0"),
        ("recipe: {supervision: cell}", r"recipe\.supervision .*'cell'; expected 'view' or 'tile'"),
        ("solver: sgd", "field solver of .* is 'sgd'; expected 'adamw' or 'ridge'"),
        ("simulation: {points: many}", r"simulation\.points .*'many'"),
        ("- a list", "no fields"),
        ("a: [", "YAML"),
        ("encoder: texture-s1", "either survey or simulation"),
    ],
)
def test_a_wrong_configuration_names_the_field(tmp_path, text: str, sentence: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_text(text)
    with pytest.raises(ConfigInvalid, match=sentence):
        read_config(path, {"output": tmp_path / "h.safetensors"})


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
