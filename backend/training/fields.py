"""Configurations of tasks: the fields of a YAML file, checked against a model of pydantic."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, ValidationError
from pydantic_core import ErrorDetails

from backend.errors import ConfigInvalid, WeightsMissing
from backend.io.yaml import load_yaml

EXAMPLES = {
    "adapter": "adapter-sarlang",
    "clip": "clip-transfer",
    "recogniser": "recogniser",
    "tower": "tower-demo",
}
"""A configuration in resources/configs to look at, by the kind of what is trained; a head's if not
here."""

Config = TypeVar("Config", bound=BaseModel)
OwnPath = Annotated[Path, AfterValidator(lambda path: Path(os.path.expanduser(path)))]
"""A path that may begin with ~, as in a shell."""
AbsolutePath = Annotated[
    OwnPath, PlainSerializer(lambda path: str(path.resolve()), when_used="json")
]
"""A path that is written down absolute, so that a run goes on wherever it is started again."""
Count = Annotated[int, Field(ge=1, lt=2**31)]
"""How many, or how large."""
Seed = Annotated[int, Field(ge=0, lt=2**32)]
"""What draws follow from; torch takes no larger ones."""
EXPECTED = {
    "dataclass_type": "fields of its own, such as {name: value}",
    "model_type": "fields of its own, such as {name: value}",
    "path_type": "a path",
    "string_type": "a text",
    "tuple_type": "a list, such as [a, b]",
}
"""What pydantic says in the words of Python, in those of YAML."""
OPTIONS = {"corpus": "--corpus", "model": "--model", "output": "-o NAME"}
"""What fields that must be given can be given by, beside the file."""
SHOWN = 80  # characters of a wrong value


class Fields(BaseModel):
    """Fields of a configuration: none but those that are known, and no NaN or infinite numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class TaskConfig(Fields):
    """What the configurations of all tasks share."""

    def as_yaml(self) -> str:
        """Return all fields, as they are read from a file."""
        fields = self.model_dump(mode="json")
        return yaml.safe_dump(fields, sort_keys=False, allow_unicode=True)

    def settings(self) -> dict[str, Any]:
        """Return all fields; those within others have names such as recipe.epochs."""
        return _flat(self.model_dump(mode="json"))

    def settings_in(self, fields: dict[str, Any]) -> dict[str, Any]:
        """Return the settings in a file of an earlier version: fields that came since are default.

        Where the file has one that is gone, what stands in it is returned as it is.
        """
        try:
            return type(self).model_validate(fields).settings()
        except ValidationError:
            return _flat(fields)


def _flat(fields: dict[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in fields.items():
        nested = isinstance(value, dict)
        flat |= _flat(value, f"{above}{name}.") if nested else {above + name: value}
    return flat


def read_fields(path: Path) -> dict[str, Any]:
    """Return the fields of a YAML file.

    Raises:
        ConfigInvalid: the file cannot be read, or holds no fields.
    """
    try:
        fields = load_yaml(path)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        problem = " ".join(str(error).split())
        raise ConfigInvalid(
            f"{path} cannot be read as YAML: {problem}.", "Check the file."
        ) from error
    if not isinstance(fields, dict):
        raise ConfigInvalid(f"{path} holds no fields.", "See resources/configs.")
    return fields


def validate(model: type[Config], fields: Mapping[str, Any], path: Path | None) -> Config:
    """Return `fields`, those of the file at `path` if there is one, as a configuration.

    Raises:
        ConfigInvalid: names the first field that is missing, not known or wrong.
    """
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        example = EXAMPLES.get(str(fields.get("kind")), "paper")
        raise _complaint(error, path, f"See resources/configs/{example}.yaml.") from error


def find_start(start: Path, kind: str, files: Sequence[Path]) -> Path:
    """Return the file of a tower or CLIP by its name among the user's `files`, or at its path.

    Raises:
        WeightsMissing: there is none.
    """
    by_name = {path.stem: path for path in files}
    found = by_name.get(str(start), start)
    if not found.is_file():
        known = ", ".join(sorted(by_name)) or "none"
        raise WeightsMissing(
            f"There is no {kind} {start} to begin with.",
            f"Give a file, or one of those in the folder of {kind}s: {known}.",
        )
    return found


def _complaint(error: ValidationError, path: Path | None, example: str) -> ConfigInvalid:
    """Return the first thing that is wrong, with the field's name and an example of all fields."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    where = str(path) if path else "the configuration"
    if first["type"] == "missing":
        remedy = (
            f"Give one: {OPTIONS[field]}." if field in OPTIONS else f"Write it there. {example}"
        )
        return ConfigInvalid(f"There is no {field} in {where}.", remedy)
    if first["type"] in ("extra_forbidden", "unexpected_keyword_argument", "invalid_key"):
        return ConfigInvalid(f"The field {field} of {where} is not known.", example)
    shown = json.dumps(first["input"], ensure_ascii=False, default=str)
    shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
    return ConfigInvalid(f"The field {field} of {where} is {shown}{_why_not(first)}.", example)


def _why_not(fault: ErrorDetails) -> str:
    """Return what a field may be instead, in words that who writes YAML knows."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "value_error":
        return f": {context['error']}"
    if kind == "too_short":
        return f"; expected a list of at least {context['min_length']}"
    return f"; expected {EXPECTED.get(kind, fault['msg'].removeprefix('Input should be '))}"
