"""The configuration of an adapter's training: a YAML file with options laid over it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from backend.errors import ConfigInvalid
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
from backend.training.lora import LowRank

Rate = Annotated[float, Field(gt=0)]


class Lora(LowRank):
    """The same in every linear layer but the one that gives words."""

    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0


class AdapterRecipe(Fields):
    """How an adapter is trained: AdamW, a linear warm-up, then half a cosine down to 0."""

    epochs: Count = 3
    batch_size: Count = 1
    """Texts that go through the model at once."""
    accumulate: Count = 1
    """Batches whose gradients make one step; every word in them weighs the same."""
    learning_rate: Rate = 1e-4
    warm_up: Annotated[float, Field(ge=0, lt=1)] = 0.1
    """Share of all steps."""
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    clip: Rate = 1.0
    """The longest that a gradient may be."""
    longest: Count = 2048
    """Tokens after which a text is cut off, the picture's among them."""
    checkpointing: bool = False
    """Whether activations are computed twice, to need less memory."""
    seed: Seed = 0


class AdapterConfig(TaskConfig):
    """What an adapter is trained for, on what, and how."""

    kind: Literal["adapter"]
    title: str = ""
    """Over the card and the curve; made of model and corpus when empty."""
    model: str
    """A describer by its name, or the folder of its files."""
    corpus: AbsolutePath
    texts: Literal["captions", "questions", "both"] = "captions"
    """What is learnt."""
    types: tuple[str, ...] = ()
    """Types of texts alone, such as concise, or presence; all when empty."""
    lora: Lora = Lora()
    recipe: AdapterRecipe = AdapterRecipe()
    validate_on: Annotated[int, Field(ge=0)] = 500
    """The most texts of a split that are measured, the first ones: of the validation split after
    every epoch, of that and the test split for the card."""
    device: str | None = None
    output: OwnPath
    """A folder: PEFT's two files, and those of the run."""


def read_adapter_config(path: Path | None, overrides: Mapping[str, Any]) -> AdapterConfig:
    """Return the configuration of a YAML file with options laid over it.

    Example:
        read_adapter_config(
            Path("resources/configs/adapter-sarlang.yaml"), {"corpus": path, "output": folder}
        )

    Raises:
        ConfigInvalid: a field is missing, not known or has a wrong value.
    """
    fields = read_fields(path) if path else {}
    given = {name: value for name, value in overrides.items() if value is not None}
    if "epochs" in given:
        epochs, recipe = given.pop("epochs"), fields.get("recipe") or {}
        if isinstance(recipe, dict):  # anything else is refused below
            fields["recipe"] = {**recipe, "epochs": epochs}
    config = validate(AdapterConfig, {"kind": "adapter"} | fields | given, path)
    if config.output.suffix in (".safetensors", ".json"):
        raise ConfigInvalid(
            f"An adapter is a folder; {config.output} is the name of a file.",
            f"Give {config.output.with_suffix('')}.",
        )
    return config
