"""Results as layers of the project: their files, their groups, and what they say of themselves."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

from qgis.core import (
    QgsApplication,
    QgsBox3d,
    QgsLayerMetadata,
    QgsLayerNotesUtils,
    QgsLayerTreeGroup,
    QgsProject,
    QgsRasterLayer,
)

from ..client.protocol import JobRequest

GROUP_PROPERTY = "gluelink/scene"
REQUEST_PROPERTY = "gluelink/request"
PROVENANCE_PROPERTY = "gluelink/provenance"


def new_result_path(scene: str, phrases: list[str]) -> Path:
    """Return a new file name beside the project or, while it is not saved, in the profile."""
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


def add_layers(layers: list[QgsRasterLayer], scene: str) -> None:
    """Add maps to the group of their scene, at its top; the first of them is seen."""
    group = _group(scene)
    # One map at a time: two see-through maps on top of each other would show a third.
    group.setIsMutuallyExclusive(False)
    for place, layer in enumerate(layers):
        QgsProject.instance().addMapLayer(layer, False)
        group.insertLayer(place, layer)
    group.setIsMutuallyExclusive(True, 0)


def is_result(layer: QgsRasterLayer) -> bool:
    """Return True for a layer that `describe` has marked, also in a project opened again."""
    return bool(layer.customProperty(REQUEST_PROPERTY))


def _group(scene: str) -> QgsLayerTreeGroup:
    root = QgsProject.instance().layerTreeRoot()
    for group in root.findGroups():
        if group.customProperty(GROUP_PROPERTY) == scene:
            return group
    group = root.insertGroup(0, scene)
    group.setCustomProperty(GROUP_PROPERTY, scene)
    return group


def describe(
    layer: QgsRasterLayer,
    identifier: str,
    abstract: str,
    keywords: dict[str, list[str]],
    notes: list[tuple[str, str]],
    request: JobRequest,
    provenance: dict[str, Any],
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
    rows = "".join(f"<tr><td><b>{escape(a)}</b></td><td>{escape(b)}</td></tr>" for a, b in notes)
    text = f"<p>Made with GLUE-Link.</p><table>{rows}</table>"
    QgsLayerNotesUtils.setLayerNotes(layer, text)
    layer.setCustomProperty(REQUEST_PROPERTY, json.dumps(asdict(request)))
    layer.setCustomProperty(PROVENANCE_PROPERTY, json.dumps(provenance))


def provenance_lines(provenance: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Return the provenance as flat lines for people: a name and a value each."""
    lines = []
    for name, value in provenance.items():
        if isinstance(value, dict):
            lines += provenance_lines(value, f"{prefix}{name}.")
        else:
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            lines.append((f"{prefix}{name}", text))
    return lines


def _slug(text: str) -> str:
    """Return `text` as part of a file name: letters and digits of any script, at most 40."""
    return re.sub(r"\W+", "_", text.lower()).strip("_")[:40] or "map"
