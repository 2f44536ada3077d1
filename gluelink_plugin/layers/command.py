"""What was asked in the panel as a command line of the backend."""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path
from typing import Any

from ..question import Question, labels_of
from .result import Recipe, new_result_path
from .runs import DESCRIBE


def command_of(recipe: Recipe) -> tuple[str, Path | None]:
    """Return the command that asks the same, and the file that its area was written to.

    The command begins with "python -m"; the file is None where the whole scene was asked.

    Raises:
        OSError: the area cannot be written.
    """
    request = recipe.request
    if request.get("kind") == DESCRIBE:
        return _describing(recipe)
    question = Question.of_request(request)
    target = new_result_path(Path(recipe.scene).stem, labels_of(question, request.get("measure")))
    words, area = _shared(request, target)
    examples = {
        "like": [",".join(map(str, place)) for place in question.like],
        "unlike": [",".join(map(str, place)) for place in question.unlike],
    }
    if request.get("measure"):
        words += ["--measure", request["measure"]]
    flags = {"but_not": question.but_not, **examples, **(recipe.options or {})}
    for name, value in flags.items():
        words += _flags(name, value)
    words += ["--output", str(target), "--", recipe.scene, *question.phrases]
    return " ".join(["python -m backend.query", *map(_quoted, words)]), area


def _describing(recipe: Recipe) -> tuple[str, Path | None]:
    """Return the command that describes the same, or answers; it writes to the terminal alone."""
    request = recipe.request
    asked = request.get("question")
    words, area = _shared(request, new_result_path(Path(recipe.scene).stem, [asked or DESCRIBE]))
    for name, value in (recipe.options or {}).items():
        words += _flags(name, value)
    words += ["--ask", asked] if asked else []
    words += ["--with", request["describer"]] if request.get("describer") else []
    words += ["--", recipe.scene]
    return " ".join(["python -m backend.describe", *map(_quoted, words)]), area


def _shared(request: dict[str, Any], target: Path) -> tuple[list[str], Path | None]:
    """Return encoder, head and area as options, and the file that the area was written to."""
    words = ["--encoder", request["encoder"]]
    if request.get("head"):
        words += ["--head", request["head"]]
    area = _write_area(request, target) if request.get("aoi") else None
    return (words if area is None else [*words, "--aoi", str(area)]), area


def _write_area(request: dict[str, Any], target: Path) -> Path:
    """Write the area as GeoJSON beside the map that the command will write."""
    name = {"type": "name", "properties": {"name": request.get("aoi_crs") or "EPSG:4326"}}
    path = target.with_suffix(".area.geojson")
    path.write_text(json.dumps({**request["aoi"], "crs": name}), encoding="utf-8")
    return path


def _flags(name: str, value: Any) -> list[str]:
    """Return an option of a scene as the command takes it."""
    flag = f"--{name.replace('_', '-')}"
    if isinstance(value, bool):
        return [flag if value else flag.replace("--", "--no-", 1)]
    if isinstance(value, dict):  # the number of each band
        return [
            word for band, number in value.items() for word in (f"--{band.lower()}", f"{number}")
        ]
    each = value if isinstance(value, (list, tuple)) else [value]
    return [word for one in each for word in (flag, str(one))]


def _quoted(word: str) -> str:
    """Return a word as the shell of this computer reads it."""
    if os.name != "nt":
        return shlex.quote(word)
    safe = word and all(letter.isalnum() or letter in "-_.:\\/" for letter in word)
    return word if safe else '"{}"'.format(word.replace('"', '\\"'))
