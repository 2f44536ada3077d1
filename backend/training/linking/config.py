"""The configuration of linking: a YAML file with options laid over it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from backend.errors import ConfigInvalid
from backend.link import Pooling
from backend.link.fit import Recipe
from backend.simulation.survey.build import Simulation
from backend.simulation.survey.cells import SingleCellFit
from backend.training.fields import AbsolutePath, OwnPath, TaskConfig, read_fields, validate

SUFFIX = ".safetensors"


def as_safetensors(path: Path) -> Path:
    """Return a path with the ending of models' files.

    Raises:
        ValueError: it names no file.
    """
    if path.name in ("", ".."):
        raise ValueError("expected the name of a file, not of a folder alone")
    return path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)


class TrainConfig(TaskConfig):
    """How a head is fitted. Exactly one of `survey` and `simulation` says what to learn from."""

    title: str = ""
    """Over the model card and the curve; made of encoder, text encoder and survey when empty."""
    encoder: str = "texture-s1"
    text: str | None = None
    """The text encoder; None for the only one that the survey has photographs for."""
    survey: AbsolutePath | None = None
    simulation: Simulation | None = None
    captions: AbsolutePath | None = None
    """A survey of a corpus' captions, which is learnt from together with the photographs."""
    captions_weight: Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)] = 1.0
    """Pairs of captions for each pair of a photograph."""
    pooling: Literal["wedge", "mean"] = "wedge"
    """How feature grids became views."""
    extent_m: float | None = None
    """Side of the ground that was pooled; None for the encoder's whole window."""
    solver: Literal["adamw", "ridge"] = "adamw"
    recipe: Recipe = Recipe()
    cells: SingleCellFit | None = None
    """A second fit, on simulated cells, which begins where the first one ends."""
    device: str | None = None
    output: Annotated[OwnPath, AfterValidator(as_safetensors)]

    @property
    def view_pooling(self) -> Pooling:
        """The same as the survey's cache has it."""
        return Pooling(self.pooling, self.extent_m)


def read_config(path: Path | None, overrides: Mapping[str, Any]) -> TrainConfig:
    """Return the configuration of a YAML file with options laid over it.

    Example:
        read_config(Path("resources/configs/paper.yaml"), {"survey": path, "output": head})

    Raises:
        ConfigInvalid: a field is missing, not known or has a wrong value.
    """
    fields = read_fields(path) if path else {}
    fields.pop("kind", None)  # another module's business
    given = {name: value for name, value in overrides.items() if value is not None}
    if "survey" in given:
        fields.pop("simulation", None)
    if "epochs" in given:
        epochs, recipe = given.pop("epochs"), fields.get("recipe") or {}
        if isinstance(recipe, dict):  # anything else is refused below
            fields["recipe"] = {**recipe, "epochs": epochs}
    config = validate(TrainConfig, fields | given, path)
    if (config.survey is None) == (config.simulation is None):
        raise ConfigInvalid(
            "The configuration needs either survey or simulation, and not both.",
            "Give --survey DIR, or a simulation in the configuration.",
        )
    return config
