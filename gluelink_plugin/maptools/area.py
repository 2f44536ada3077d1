"""An area: a polygon and its CRS; from a layer, the view of the map, or a scene."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsDistanceArea,
    QgsFeatureRequest,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsMapCanvas

from ..translation import tr

MAX_POLYGONS = 5000  # their union is made at once, while the window waits
DEGREES = "EPSG:4326"
DIGITS = 17  # as many as a double holds, so that the backend sees what was drawn


@dataclass(frozen=True)
class Area:
    """A polygon in any CRS."""

    geometry: QgsGeometry
    crs: QgsCoordinateReferenceSystem

    def as_geojson(self) -> dict[str, Any]:
        """Return the polygon as a GeoJSON geometry in its own CRS."""
        return dict(json.loads(self.geometry.asJson(DIGITS)))

    def km2(self) -> float:
        """Return its size on the ellipsoid."""
        measure = QgsDistanceArea()
        measure.setSourceCrs(self.crs, QgsProject.instance().transformContext())
        measure.setEllipsoid("EPSG:7030")  # WGS 84
        return float(measure.measureArea(self.geometry)) / 1e6

    def crs_name(self) -> str:
        """Return the CRS as the backend's PROJ understands it: its code, else its WKT."""
        name = self.crs.authid()
        if name and not name.startswith("USER:"):
            return str(name)
        return str(self.crs.toWkt(QgsCoordinateReferenceSystem.WktVariant.WKT_PREFERRED))


def area_of_layer(layer: QgsVectorLayer | None) -> Area:
    """Return the selected polygons of a layer, or all where none is selected.

    Raises:
        ValueError: there are none, or too many; the sentence says so.
    """
    if layer is None:
        raise ValueError(tr("The project has no polygon layer."))
    count = layer.selectedFeatureCount() or layer.featureCount()
    if count > MAX_POLYGONS:
        raise ValueError(
            tr(
                "{layer} has {count} polygons; at most {most} can be an area. Select some of them.",
                layer=layer.name(),
                count=count,
                most=MAX_POLYGONS,
            )
        )
    request = QgsFeatureRequest().setNoAttributes()
    if layer.selectedFeatureCount():
        request.setFilterFids(layer.selectedFeatureIds())
    shapes = [each.geometry() for each in layer.getFeatures(request) if each.hasGeometry()]
    if not shapes:
        raise ValueError(tr("{layer} has no polygons.", layer=layer.name()))
    return Area(QgsGeometry.unaryUnion(shapes), layer.crs())


def area_of_view(canvas: QgsMapCanvas) -> Area:
    """Return what the map shows."""
    settings = canvas.mapSettings()
    corners = [QgsPointXY(corner) for corner in settings.visiblePolygon()]
    return Area(QgsGeometry.fromPolygonXY([corners]), settings.destinationCrs())


def area_of_bounds(bounds: QgsRectangle) -> Area:
    """Return a rectangle in degrees."""
    return Area(QgsGeometry.fromRect(bounds), QgsCoordinateReferenceSystem(DEGREES))


def area_of_geojson(polygons: dict[str, Any]) -> Area:
    """Return a GeoJSON Polygon or MultiPolygon in degrees."""
    return Area(geometry_of(polygons), QgsCoordinateReferenceSystem(DEGREES))


def area_of_request(request: dict[str, Any]) -> Area | None:
    """Return the area of a job's request; None where it was the whole scene."""
    if not request.get("aoi"):
        return None
    crs = QgsCoordinateReferenceSystem(request.get("aoi_crs") or DEGREES)
    return Area(geometry_of(request["aoi"]), crs)


def geometry_of(polygon: dict[str, Any]) -> QgsGeometry:
    """Return a GeoJSON Polygon or MultiPolygon; an empty geometry where it is something else."""
    parts = polygon.get("coordinates", [])
    if polygon.get("type") == "Polygon":
        parts = [parts]
    elif polygon.get("type") != "MultiPolygon":
        parts = []
    return QgsGeometry.fromMultiPolygonXY(
        [[[QgsPointXY(x, y) for x, y, *_ in ring] for ring in part] for part in parts]
    )
