"""The configuration of a recogniser's training: a YAML file with options laid over it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from backend.recognisers.base import Task
from backend.training.fields import (
    AbsolutePath,
    Count,
    Fields,
    OwnPath,
    Seed,
    TaskConfig,
    read_fields,
    validate,
)
from backend.training.linking.config import as_safetensors


class RecogniserRecipe(Fields):
    """How a recogniser learns: AdamW, a linear warm-up, then half a cosine down to 0."""

    epochs: Count = 30
    batch_size: Count = 32
    """Chips of a step."""
    learning_rate: Annotated[float, Field(gt=0)] = 1e-3
    """The highest."""
    warm_up: Annotated[float, Field(ge=0, lt=1)] = 0.1
    """Share of all steps."""
    weight_decay: Annotated[float, Field(ge=0)] = 0.05
    clip: Annotated[float, Field(gt=0)] = 1.0
    """The longest that a gradient may be."""
    seed: Seed = 0


class RecogniserConfig(TaskConfig):
    """What a recogniser is to find, by the features of which encoder, and how it learns that.

    Example:
        config = read_recogniser_config(path, {"corpus": folder, "output": file})
    """

    kind: Literal["recogniser"] = "recogniser"
    task: Task
    """What to find: classify, count, segment or detect."""
    title: str = ""
    """Over the card and the curve; made of task, encoder and corpus when empty."""
    corpus: AbsolutePath
    """Folder of the corpus."""
    encoder: str = "texture-s1"
    """The encoder of the features."""
    width: Annotated[int, Field(ge=32, multiple_of=32)] = 128
    """Numbers in the inner states of segment and detect."""
    recipe: RecogniserRecipe = RecogniserRecipe()
    device: str | None = None
    output: Annotated[OwnPath, AfterValidator(as_safetensors)]


def read_recogniser_config(path: Path, overrides: Mapping[str, Any]) -> RecogniserConfig:
    """Return the configuration of a YAML file with options laid over it.

    Raises:
        ConfigInvalid: a field is missing, not known or has a wrong value.
    """
    fields = read_fields(path)
    given = {name: value for name, value in overrides.items() if value is not None}
    if "epochs" in given:
        epochs, recipe = given.pop("epochs"), fields.get("recipe") or {}
        if isinstance(recipe, dict):  # anything else is refused below
            fields["recipe"] = {**recipe, "epochs": epochs}
    return validate(RecogniserConfig, fields | given, path)
