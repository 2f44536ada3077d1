"""Results as layers of the project: their files, their groups, and what they say of themselves."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsBox3d,
    QgsDataProvider,
    QgsLayerMetadata,
    QgsLayerNotesUtils,
    QgsLayerTreeGroup,
    QgsMapLayer,
    QgsProject,
    QgsRasterLayer,
)

from ..client.protocol import JobRequest
from ..translation import tr
from .scene import SceneSource, distinct_name

GROUP_PROPERTY = "gluelink/scene"
LIVE_PROPERTY = "gluelink/live"
BEST_PROPERTY = "gluelink/best"
REQUEST_PROPERTY = "gluelink/request"
PROVENANCE_PROPERTY = "gluelink/provenance"
SOURCE_PROPERTY = "gluelink/source"
OPTIONS_PROPERTY = "gluelink/options"
READING_PROPERTY = "gluelink/reading"


@dataclass(frozen=True)
class Recipe:
    """What a map was made of."""

    scene: str
    """The path of the scene."""
    request: dict[str, Any]
    """The job, but for the scene's id, which no other backend knows."""
    options: dict[str, Any] | None = None
    """What was stated of the scene; None where that is not known."""
    on_backend: bool = False
    """Whether the path is one of the backend's computer."""

    def as_json(self) -> str:
        """Return it as JSON: the scene, what was stated of it, and the job."""
        stated = {"scene": self.scene, **(self.options or {}), **self.request}
        return json.dumps(stated, ensure_ascii=False)


def new_result_path(scene: str, phrases: list[str], suffix: str = ".tif") -> Path:
    """Return a new file name beside the project or, while it is not saved, in the profile."""
    home = QgsProject.instance().absolutePath()
    folder = Path(home) / "gluelink" if home else _profile_folder()
    folder.mkdir(parents=True, exist_ok=True)
    more = f"_and_{len(phrases) - 1}_more" if len(phrases) > 1 else ""
    stem = f"{_slug(scene)}_{_slug(phrases[0])}{more}_{datetime.now():%Y%m%d-%H%M%S}"
    return free_path(folder / f"{stem}{suffix}")


def free_path(path: Path) -> Path:
    """Return the path, or one with a number where something lies there."""
    free, number = path, 2
    while free.exists():
        free = path.with_name(f"{path.stem}_{number}{path.suffix}")
        number += 1
    free.with_name(f"{free.name}.aux.xml").unlink(missing_ok=True)  # of an earlier map of this name
    return free


def add_layers(layers: list[QgsRasterLayer], scene: SceneSource) -> None:
    """Add maps to the group of their scene, at its top; the first of them is seen, and unfolded."""
    group = _group(scene)
    # One map at a time: two see-through maps on top of each other would show a third.
    group.setIsMutuallyExclusive(False)
    QgsProject.instance().addMapLayers(layers, False)
    for place, layer in enumerate(layers):
        group.insertLayer(place, layer).setExpanded(place == 0)
    group.setIsMutuallyExclusive(True, 0)
    group.setExpanded(False)  # QGIS folds a group that was empty, and takes it for unfolded
    group.setExpanded(True)


def is_result(layer: QgsMapLayer) -> bool:
    """Return True for a layer that `describe` has marked, also in a project opened again."""
    return bool(layer.customProperty(REQUEST_PROPERTY))


def is_no_scene(layer: QgsMapLayer) -> bool:
    """Return True for every raster that was made here, also from maps or for a moment."""
    marks = (REQUEST_PROPERTY, LIVE_PROPERTY, BEST_PROPERTY)
    return any(layer.customProperty(mark) for mark in marks)


def seen_map(scene: SceneSource) -> str:
    """Return the id of the map of a scene that is seen; empty where none is."""
    seen = [node.layerId() for node in _group(scene).findLayers() if node.isVisible()]
    return str(seen[0]) if seen else ""


def show_map(layer_id: str) -> None:
    """Let a map be seen, where it is still in the project."""
    node = QgsProject.instance().layerTreeRoot().findLayer(layer_id)
    if node is not None:
        node.setItemVisibilityChecked(True)


def recipe_of(layer: QgsMapLayer) -> Recipe | None:
    """Return what a map was made of; None for any other layer."""
    try:
        request = json.loads(layer.customProperty(REQUEST_PROPERTY))
        options = json.loads(layer.customProperty(OPTIONS_PROPERTY) or "null")
    except (TypeError, ValueError):
        return None
    scene = layer.customProperty(SOURCE_PROPERTY)
    return Recipe(str(scene), portable(request), options) if scene else None


def scene_layer(layer: QgsMapLayer) -> QgsRasterLayer | None:
    """Return the layer of the scene that a map is of; None where the project has none."""
    recipe = recipe_of(layer)
    layers = QgsProject.instance().mapLayers().values() if recipe is not None else ()
    found = [each for each in layers if recipe is not None and each.source() == recipe.scene]
    return next((each for each in found if isinstance(each, QgsRasterLayer)), None)


def shown_band(layer: QgsRasterLayer) -> int:
    """Return the band that a map shows; the first where it shows several."""
    renderer = layer.renderer()  # band() until QGIS 3.38
    shown = getattr(renderer, "inputBand", None) or getattr(renderer, "band", None)
    return int(shown()) if shown is not None else 1


def scale_of(layer: QgsRasterLayer, band: int) -> tuple[str, ...]:
    """Return what the values of a band depend on: those of two bands compare where it is alike.

    That is phrase, encoder and head, and with example cells the scene, which they are taken from.
    """
    recipe = recipe_of(layer)
    request = recipe.request if recipe is not None else {}
    phrase = str(layer.bandName(band)).split(": ", 1)[-1]  # after the number of the band
    has_examples = recipe is not None and (request.get("like") or request.get("unlike"))
    scene = recipe.scene if recipe is not None and has_examples else ""
    return phrase, request.get("encoder", ""), request.get("head") or "", scene


def portable(request: dict[str, Any]) -> dict[str, Any]:
    """Return a job without what only its backend knows, and without what is not stated."""
    own = ("scene", "only_encoded")
    stated = {name: value for name, value in request.items() if name not in own}
    if stated.get("kind") == "alignment":  # as every job is that names no kind
        del stated["kind"]
    # There are no phrases where example cells are all that is asked.
    return {
        name: value
        for name, value in stated.items()
        if name == "phrases" or (value is not None and value != [])
    }


def _group(scene: SceneSource) -> QgsLayerTreeGroup:
    """Return the group of the maps of a scene, by its path: names may be alike."""
    root = QgsProject.instance().layerTreeRoot()
    groups = root.findGroups()
    for group in groups:
        if group.customProperty(GROUP_PROPERTY) == scene.path:
            return group
    taken = [group.name() for group in groups]
    group = root.insertGroup(
        0, distinct_name(Path(scene.path), tr("Maps of {scene}", scene=scene.name), taken)
    )
    group.setCustomProperty(GROUP_PROPERTY, scene.path)
    return group


def gather_results() -> list[str]:
    """Move the results of a project that was never saved beside it; return what was not moved.

    Called while the project is saved, before its layers are written.
    """
    project = QgsProject.instance()
    profile, problems = _profile_folder(), []
    sources: dict[Path, list[QgsMapLayer]] = {}
    for layer in project.mapLayers().values():
        if Path(layer.source()).parent == profile:
            sources.setdefault(Path(layer.source()), []).append(layer)
    for source, layers in sources.items():
        try:
            target = _move(source, Path(project.absolutePath()) / "gluelink")
        except OSError as problem:
            problems.append(
                tr(
                    "{file} cannot be moved beside the project: {reason}.",
                    file=source,
                    reason=problem.strerror,
                )
            )
            continue
        for layer in layers:
            options = QgsDataProvider.ProviderOptions()
            layer.setDataSource(str(target), layer.name(), layer.providerType(), options)
    return problems


def _move(source: Path, folder: Path) -> Path:
    """Move a map into a folder; where it is in use, as on Windows, leave the first one as well."""
    folder.mkdir(parents=True, exist_ok=True)
    target = free_path(folder / source.name)
    try:
        shutil.move(source, target)
    except PermissionError:
        shutil.copy2(source, target)
    return target


def _profile_folder() -> Path:
    return Path(QgsApplication.qgisSettingsDirPath()) / "gluelink" / "results"


def describe(
    layer: QgsRasterLayer,
    identifier: str,
    abstract: str,
    keywords: dict[str, list[str]],
    notes: list[tuple[str, str]],
    request: JobRequest,
    provenance: dict[str, Any],
    source: SceneSource,
) -> None:
    """Write down, in the layer, what was asked and where the map comes from."""
    metadata = QgsLayerMetadata()
    metadata.setIdentifier(identifier)
    metadata.setType("dataset")
    metadata.setTitle(layer.name())
    metadata.setAbstract(abstract)
    metadata.setKeywords({"gmd:topicCategory": ["imageryBaseMapsEarthCover"], **keywords})
    metadata.setHistory([f"{name}: {value}" for name, value in provenance_lines(provenance)])
    metadata.setCrs(layer.crs())
    extent = QgsLayerMetadata.SpatialExtent()
    extent.extentCrs = layer.crs()
    extent.bounds = QgsBox3d(layer.extent())
    spatial = QgsLayerMetadata.Extent()
    spatial.setSpatialExtents([extent])
    metadata.setExtent(spatial)
    layer.setMetadata(metadata)
    rows = "".join(
        f"<tr><td><b>{escape(a)}</b></td><td>{escape(b)}</td></tr>" for a, b in notes if b
    )
    text = f"<p>Made with GLUE-Link.</p><table>{rows}</table>"
    QgsLayerNotesUtils.setLayerNotes(layer, text)
    layer.setCustomProperty(REQUEST_PROPERTY, json.dumps(asdict(request)))
    layer.setCustomProperty(PROVENANCE_PROPERTY, json.dumps(provenance))
    layer.setCustomProperty(SOURCE_PROPERTY, source.path)


def provenance_lines(provenance: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return the provenance as flat lines for people: a name and a value each.

    What is not known is left out, and so is a drawn polygon, which the request holds.
    """
    lines = []
    for name, value in provenance.items():
        if value is None or value == [] or f"{prefix}{name}" == "area":
            continue
        if isinstance(value, dict):
            lines += provenance_lines(value, f"{prefix}{name}.")
        else:
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            lines.append((f"{prefix}{name}", text))
    return lines


def _slug(text: str) -> str:
    """Return `text` as part of a file name: letters and digits of any script, at most 40."""
    return re.sub(r"\W+", "_", text.lower()).strip("_")[:40] or "map"
