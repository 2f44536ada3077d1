"""Runs that are kept with a project: what was asked, where, of which scene, how long it took."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsProject, QgsRasterLayer, QgsRectangle

from ..question import Question, labels_of
from ..translation import tr
from .project import SCOPE
from .result import Recipe
from .scene import SceneSource

KEY = "runs"
DESCRIBE = "describe"
"""The kind of the jobs that describe an area, or answer a question about it."""
MOST_RUNS = 100
MOST_LETTERS = 1_000_000  # of all runs in the project's file: areas may have many corners


@dataclass(frozen=True)
class KeptRun:
    """One run, whether or not its maps are still there.

    Example:
        keep_runs([run])  # while the project is being written
        (run,) = kept_runs()
    """

    scene: SceneSource
    options: dict[str, Any]
    """What was stated of the scene."""
    request: dict[str, Any]
    """The job, but for the scene's id."""
    asked: str
    """When, as ISO in local time."""
    seconds: float
    """How long the user waited."""
    km2: float
    extent: tuple[float, float, float, float]
    """West, south, east and north of the map, in `crs`."""
    crs: str
    """Code or WKT."""
    layers: tuple[str, ...]
    """The ids of the layers of its maps, one for each phrase; none of a description."""
    text: str = ""
    """What was described or answered, as measured."""
    written: str = ""
    """What a model wrote beside it, with its name."""

    @property
    def labels(self) -> list[str]:
        """What its maps are called; of a description the question, if there was one."""
        if self.request.get("kind") == DESCRIBE:
            return [self.request.get("question") or tr("Description")]
        return labels_of(self.question, self.request.get("measure"))

    @property
    def question(self) -> Question:
        """What was asked."""
        return Question.of_request(self.request)

    @property
    def recipe(self) -> Recipe:
        """What asks the same again."""
        return Recipe(self.scene.path, self.request, self.options, self.scene.on_backend)

    @property
    def rectangle(self) -> QgsRectangle:
        """The extent of the map."""
        return QgsRectangle(*self.extent)

    @property
    def map_crs(self) -> QgsCoordinateReferenceSystem:
        """The CRS of the map."""
        return QgsCoordinateReferenceSystem(self.crs)

    def maps(self) -> list[QgsRasterLayer]:
        """Return its maps that are in the project, in the order of the phrases."""
        found = map(QgsProject.instance().mapLayer, self.layers)
        return [layer for layer in found if isinstance(layer, QgsRasterLayer)]


def keep_runs(runs: list[KeptRun]) -> None:
    """Write the runs, the newest first, into the project; the oldest go where there are many."""
    project = QgsProject.instance()
    texts, letters = [], 0
    for run in runs[:MOST_RUNS]:
        texts.append(json.dumps(asdict(_moved(run, project.writePath))))
        letters += len(texts[-1])
        if letters > MOST_LETTERS and len(texts) > 1:
            texts.pop()
            break
    if texts:
        project.writeEntry(SCOPE, KEY, texts)
    else:
        project.removeEntry(SCOPE, KEY)


def kept_runs() -> list[KeptRun]:
    """Return the runs of the project that was opened; without those of another version."""
    project = QgsProject.instance()
    texts, _ = project.readListEntry(SCOPE, KEY)
    runs = []
    for text in texts:
        try:
            run = _run_of(json.loads(text))
        except (KeyError, TypeError, ValueError):
            continue
        runs.append(_moved(run, project.readPath))
    return runs


def _run_of(kept: dict[str, Any]) -> KeptRun:
    """Return a run from its JSON.

    Raises:
        KeyError, TypeError, ValueError: another version has kept it.
    """
    scene, request = SceneSource(**kept["scene"]), kept["request"]
    west, south, east, north = kept["extent"]
    needed = {"encoder"} if request.get("kind") == DESCRIBE else {"encoder", "phrases"}
    if not needed <= request.keys():
        raise KeyError("phrases")
    places = {"extent": (west, south, east, north), "layers": tuple(kept["layers"])}
    return KeptRun(**{**kept, "scene": scene, **places})


def _moved(run: KeptRun, change: Any) -> KeptRun:
    """Return a run whose scene has another path, unless that is one of the backend's computer."""
    if run.scene.on_backend:
        return run
    return replace(run, scene=replace(run.scene, path=change(run.scene.path)))
