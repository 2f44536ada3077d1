"""The configuration of a training run: a YAML file with options laid over it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError

from backend.errors import ConfigInvalid
from backend.link import Pooling
from backend.link.fit import Recipe
from backend.simulation.survey.build import Simulation

SUFFIX = ".safetensors"
EXAMPLE = "See resources/configs/paper.yaml."


def _as_head(path: Path) -> Path:
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)


class TrainConfig(BaseModel):
    """A training run. Exactly one of `survey` and `simulation` says what to learn from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = ""
    encoder: str = "texture-s1"
    text: str | None = None  # the only one that the survey has photographs for
    survey: Path | None = None
    simulation: Simulation | None = None
    pooling: Literal["wedge", "mean"] = "wedge"
    extent_m: float | None = None  # side of the ground that is pooled; the whole window
    solver: Literal["adamw", "ridge"] = "adamw"
    recipe: Recipe = Recipe()
    device: str | None = None
    output: Annotated[Path, AfterValidator(_as_head)]

    @property
    def views(self) -> Pooling:
        """How feature grids became the views to learn from."""
        return Pooling(self.pooling, self.extent_m)

    def as_yaml(self) -> str:
        """All fields, as `read_config` takes them; a survey's path holds from everywhere."""
        fields = self.model_dump(mode="json")
        if self.survey is not None:
            fields["survey"] = str(self.survey.resolve())
        return yaml.safe_dump(fields, sort_keys=False, allow_unicode=True)


def read_config(path: Path | None, overrides: Mapping[str, Any]) -> TrainConfig:
    """The configuration of a YAML file with options laid over it. ConfigInvalid names the field."""
    fields = read_fields(path) if path else {}
    given = {name: value for name, value in overrides.items() if value is not None}
    if "survey" in given:
        fields.pop("simulation", None)
    if "epochs" in given:
        epochs, recipe = given.pop("epochs"), fields.get("recipe") or {}
        if isinstance(recipe, dict):  # what else it may be is refused below
            fields["recipe"] = {**recipe, "epochs": epochs}
    try:
        config = TrainConfig.model_validate(fields | given)
    except ValidationError as error:
        raise _complaint(error, path) from error
    if (config.survey is None) == (config.simulation is None):
        raise ConfigInvalid(
            "The configuration needs either survey or simulation, not both and not none.",
            "Give --survey DIR, or a simulation in the configuration.",
        )
    return config


def read_fields(path: Path) -> dict[str, Any]:
    """The fields of a YAML file. ConfigInvalid when it is none."""
    try:
        fields = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        problem = " ".join(str(error).split())
        raise ConfigInvalid(
            f"{path} cannot be read as YAML: {problem}.", "Check the file."
        ) from error
    if not isinstance(fields, dict):
        raise ConfigInvalid(f"{path} holds no fields.", EXAMPLE)
    return fields


def _complaint(error: ValidationError, path: Path | None) -> ConfigInvalid:
    """The first thing that is wrong, with the field's name."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    where = str(path) if path else "the configuration"
    if first["type"] == "missing":
        return ConfigInvalid(f"There is no {field} in {where}.", "Give one: -o NAME.safetensors.")
    if first["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return ConfigInvalid(f"The field {field} of {where} is not known.", EXAMPLE)
    expected = first["msg"].removeprefix("Input should be ")
    return ConfigInvalid(
        f"The field {field} of {where} is {first['input']!r}; expected {expected}.", EXAMPLE
    )
