"""An area: a polygon and the CRS it was drawn in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsVectorLayer,
)

MAX_POLYGONS = 5000  # their union is made at once, while the window waits
DEGREES = "EPSG:4326"
DIGITS = 17  # as many as a double holds, so that the backend sees what was drawn


@dataclass(frozen=True)
class Area:
    """A polygon of any CRS."""

    geometry: QgsGeometry
    crs: QgsCoordinateReferenceSystem

    def as_geojson(self) -> dict[str, Any]:
        """The polygon as a GeoJSON geometry in its own CRS."""
        return json.loads(self.geometry.asJson(DIGITS))

    def crs_name(self) -> str:
        """The CRS as the backend's PROJ understands it: its code, or its WKT where it has none."""
        name = self.crs.authid()
        if name and not name.startswith("USER:"):
            return name
        return self.crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED)


def area_of_layer(layer: QgsVectorLayer | None) -> Area:
    """The selected polygons of `layer`, all where none is; ValueError, with a sentence, if none."""
    if layer is None:
        raise ValueError("The project has no polygon layer.")
    count = layer.selectedFeatureCount() or layer.featureCount()
    if count > MAX_POLYGONS:
        raise ValueError(
            f"{layer.name()} has {count} polygons; at most {MAX_POLYGONS} can be an area. "
            "Select some of them."
        )
    request = QgsFeatureRequest().setNoAttributes()
    if layer.selectedFeatureCount():
        request.setFilterFids(layer.selectedFeatureIds())
    shapes = [each.geometry() for each in layer.getFeatures(request) if each.hasGeometry()]
    if not shapes:
        raise ValueError(f"{layer.name()} has no polygons.")
    return Area(QgsGeometry.unaryUnion(shapes), layer.crs())


def geometry_of(polygon: dict[str, Any]) -> QgsGeometry:
    """A GeoJSON Polygon or MultiPolygon; of anything else, and of nothing, an empty geometry."""
    parts = polygon.get("coordinates", [])
    if polygon.get("type") == "Polygon":
        parts = [parts]
    elif polygon.get("type") != "MultiPolygon":
        parts = []
    return QgsGeometry.fromMultiPolygonXY(
        [[[QgsPointXY(x, y) for x, y, *_ in ring] for ring in part] for part in parts]
    )
