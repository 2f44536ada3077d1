"""A job's file as layers of the project: one per phrase, in a group named after the scene."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from html import escape
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsBox3d,
    QgsLayerMetadata,
    QgsLayerNotesUtils,
    QgsLayerTreeGroup,
    QgsProject,
    QgsRasterLayer,
)

from ..client.protocol import AlignmentResult, Job, PhraseStatistics
from .style import style_alignment

GROUP_PROPERTY = "gluelink/scene"
REQUEST_PROPERTY = "gluelink/request"
PROVENANCE_PROPERTY = "gluelink/provenance"


def new_result_path(scene: str, phrases: list[str]) -> Path:
    """A name that no result had before, beside the project or, unsaved, in the user's profile."""
    home = QgsProject.instance().absolutePath()
    if home:
        folder = Path(home) / "gluelink"
    else:
        folder = Path(QgsApplication.qgisSettingsDirPath()) / "gluelink" / "results"
    folder.mkdir(parents=True, exist_ok=True)
    more = f"_and_{len(phrases) - 1}_more" if len(phrases) > 1 else ""
    stem = f"{_slug(scene)}_{_slug(phrases[0])}{more}_{datetime.now():%Y%m%d-%H%M%S}"
    path = folder / f"{stem}.tif"
    number = 2
    while path.exists():
        path = folder / f"{stem}_{number}.tif"
        number += 1
    return path


def add_result(job: Job, path: Path, scene: str) -> list[QgsRasterLayer]:
    """Add the map of every phrase; the first is seen. ValueError if QGIS cannot read the file."""
    if job.result is None:
        raise ValueError("The job has no result.")
    layers = [_phrase_layer(job, job.result, each, path, scene) for each in job.result.phrases]
    group = _group(scene)
    # One map at a time: two see-through maps on top of each other would show a third.
    group.setIsMutuallyExclusive(False)
    for place, layer in enumerate(layers):
        QgsProject.instance().addMapLayer(layer, False)
        group.insertLayer(place, layer)
    group.setIsMutuallyExclusive(True, 0)
    return layers


def is_result(layer: QgsRasterLayer) -> bool:
    """True for a layer that `add_result` made, also after it was saved and read again."""
    return bool(layer.customProperty(REQUEST_PROPERTY))


def _phrase_layer(
    job: Job, result: AlignmentResult, statistics: PhraseStatistics, path: Path, scene: str
) -> QgsRasterLayer:
    layer = QgsRasterLayer(str(path), f"{statistics.phrase} · {scene}")
    if not layer.isValid():
        raise ValueError(f"QGIS cannot read the result {path}.")
    style_alignment(layer, statistics)
    layer.setMetadata(_metadata(layer, job, result, statistics, scene))
    QgsLayerNotesUtils.setLayerNotes(layer, _notes(result, statistics, scene))
    layer.setCustomProperty(REQUEST_PROPERTY, json.dumps(asdict(job.request)))
    layer.setCustomProperty(PROVENANCE_PROPERTY, json.dumps(result.provenance))
    return layer


def _group(scene: str) -> QgsLayerTreeGroup:
    root = QgsProject.instance().layerTreeRoot()
    for group in root.findGroups():
        if group.customProperty(GROUP_PROPERTY) == scene:
            return group
    group = root.insertGroup(0, scene)
    group.setCustomProperty(GROUP_PROPERTY, scene)
    return group


def _metadata(
    layer: QgsRasterLayer,
    job: Job,
    result: AlignmentResult,
    statistics: PhraseStatistics,
    scene: str,
) -> QgsLayerMetadata:
    metadata = QgsLayerMetadata()
    metadata.setIdentifier(f"gluelink:{job.id}:{statistics.band}")
    metadata.setType("dataset")
    metadata.setTitle(layer.name())
    metadata.setAbstract(
        f"Alignment map: the cosine of every cell of {scene} with “{statistics.phrase}”, "
        f"from {statistics.minimum:.3f} to {statistics.maximum:.3f}."
    )
    metadata.setKeywords(
        {"gmd:topicCategory": ["imageryBaseMapsEarthCover"], "phrase": [statistics.phrase]}
    )
    metadata.setHistory([f"{name}: {value}" for name, value in _told(result.provenance)])
    metadata.setCrs(layer.crs())
    extent = QgsLayerMetadata.SpatialExtent()
    extent.extentCrs = layer.crs()
    extent.bounds = QgsBox3d(layer.extent())
    spatial = QgsLayerMetadata.Extent()
    spatial.setSpatialExtents([extent])
    metadata.setExtent(spatial)
    return metadata


def _notes(result: AlignmentResult, statistics: PhraseStatistics, scene: str) -> str:
    rows = [
        ("phrase", statistics.phrase),
        ("scene", scene),
        ("area", f"{result.km2:.1f} km², {result.cells} cells, {result.windows} windows"),
        ("cosine", f"{statistics.minimum:.3f} to {statistics.maximum:.3f}"),
        *_told(result.provenance),
    ]
    cells = "".join(f"<tr><td><b>{escape(a)}</b></td><td>{escape(b)}</td></tr>" for a, b in rows)
    return f"<p>Made with GLUE-Link.</p><table>{cells}</table>"


def _told(provenance: dict[str, object], prefix: str = "") -> list[tuple[str, str]]:
    """The provenance as flat lines for people."""
    lines = []
    for name, value in provenance.items():
        if isinstance(value, dict):
            lines += _told(value, f"{prefix}{name}.")
        else:
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            lines.append((f"{prefix}{name}", text))
    return lines


def _slug(text: str) -> str:
    """`text` as part of a file name: letters and digits of any script, at most 40."""
    return re.sub(r"\W+", "_", text.lower()).strip("_")[:40] or "map"
