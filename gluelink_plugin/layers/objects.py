"""Bright objects as a layer of the project: boxes with a ring and a number, and their figures."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from qgis.core import (
    QgsCentroidFillSymbolLayer,
    QgsFillSymbol,
    QgsLayerNotesUtils,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsProject,
    QgsSingleSymbolRenderer,
    QgsTextBufferSettings,
    QgsTextFormat,
    QgsVectorLayer,
    QgsVectorLayerSimpleLabeling,
)
from qgis.PyQt.QtGui import QColor

from ..translation import mark, tr
from ..words import cannot_write
from .result import new_result_path

EDGE = "0,230,200"
RING_MM, LABEL_MM = "4.5", 4.5
FIELDS = {
    "number": mark("Number"),
    "category": mark("What it is"),
    "length_m": mark("Length (m)"),
    "score_db": mark("Score: above the water (dB)"),
}


def add_objects(
    features: list[dict[str, Any]], name: str, scene: str, notes: list[tuple[str, str]]
) -> QgsVectorLayer:
    """Write GeoJSON features of the backend as a file, and add it to the project, on top.

    Raises:
        ValueError: the file cannot be written or read; the sentence says why.
    """
    try:
        path = new_result_path(scene, ["bright objects"], ".geojson")
        path.write_text(json.dumps(collection_of(features), ensure_ascii=False), encoding="utf-8")
    except OSError as problem:
        raise ValueError(cannot_write(problem.filename, problem.strerror)) from problem
    layer = QgsVectorLayer(str(path), name, "ogr")
    if not layer.isValid():
        raise ValueError(tr("QGIS cannot read the result {path}.", path=path))
    style_objects(layer)
    rows = "".join(
        f"<tr><td><b>{escape(a)}</b></td><td>{escape(b)}</td></tr>" for a, b in notes if b
    )
    QgsLayerNotesUtils.setLayerNotes(layer, f"<p>Made with GLUE-Link.</p><table>{rows}</table>")
    QgsProject.instance().addMapLayer(layer, False)
    QgsProject.instance().layerTreeRoot().insertLayer(0, layer)
    return layer


def collection_of(features: list[dict[str, Any]]) -> dict[str, Any]:
    """Return objects as they are kept: each with its number from 1, its length and its score."""
    kept = []
    for each in features:
        known = each["properties"]
        values = (each["id"] + 1, known["category"], known["length_m"], known["contrast_db"])
        kept.append({**each, "properties": dict(zip(FIELDS, values))})
    return {"type": "FeatureCollection", "features": kept}


def style_objects(layer: QgsVectorLayer) -> None:
    """Draw boxes with a ring that is seen from afar, each with its number."""
    box = {"style": "no", "outline_color": EDGE, "outline_width": "0.5"}
    symbol = QgsFillSymbol.createSimple(box)
    ring = QgsCentroidFillSymbolLayer()
    look = {"name": "circle", "color": "0,0,0,0", "outline_color": EDGE, "size": RING_MM}
    ring.setSubSymbol(QgsMarkerSymbol.createSimple({**look, "outline_width": "0.5"}))
    symbol.appendSymbolLayer(ring)
    layer.setRenderer(QgsSingleSymbolRenderer(symbol))
    outline = QgsTextBufferSettings()
    outline.setEnabled(True)
    outline.setColor(QColor(0, 0, 0))
    text = QgsTextFormat()
    text.setColor(QColor(255, 255, 255))
    text.setSize(9)
    text.setBuffer(outline)
    label = QgsPalLayerSettings()
    label.fieldName = "number"
    label.placement = QgsPalLayerSettings.Placement.OverPoint
    label.xOffset = LABEL_MM
    label.setFormat(text)
    layer.setLabeling(QgsVectorLayerSimpleLabeling(label))
    layer.setLabelsEnabled(True)
    for field, alias in FIELDS.items():
        layer.setFieldAlias(layer.fields().indexOf(field), tr(alias))
