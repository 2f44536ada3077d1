"""What is kept with a project: the scene, what is stated of it, and who describes."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from qgis.core import QgsProject

from .scene import SceneSource

SCOPE, KEY, DESCRIBER = "gluelink", "scene", "describer"


def keep_scene(source: SceneSource | None, options: dict[str, Any]) -> None:
    """Write the scene into the project, which is about to be saved."""
    project = QgsProject.instance()
    if source is None:
        project.removeEntry(SCOPE, KEY)
        return
    # As the project's own paths are: relative ones survive a move of the folder.
    path = source.path if source.on_backend else project.writePath(source.path)
    kept = {**asdict(source), "path": path, "options": options}
    project.writeEntry(SCOPE, KEY, json.dumps(kept))


def keep_describer(name: str | None) -> None:
    """Write who describes into the project, which is about to be saved; None for nobody chosen."""
    project = QgsProject.instance()
    if name is None:
        project.removeEntry(SCOPE, DESCRIBER)
    else:
        project.writeEntry(SCOPE, DESCRIBER, name)


def kept_describer() -> str | None:
    """Return who describes in the project that was opened."""
    name, _ = QgsProject.instance().readEntry(SCOPE, DESCRIBER, "")
    return name or None


def kept_scene() -> tuple[SceneSource | None, dict[str, Any]]:
    """Return the scene that the project was saved with, and what was stated of it."""
    project = QgsProject.instance()
    text, _ = project.readEntry(SCOPE, KEY, "")
    try:
        kept = json.loads(text)
        options = dict(kept.pop("options"))
        source = SceneSource(**kept)
    except (KeyError, TypeError, ValueError):  # none, or that of another version
        return None, {}
    if not source.on_backend:
        source = SceneSource(**{**kept, "path": project.readPath(source.path)})
    return source, options
