"""A hatch over a part of the map, which lets the layers below show through."""

from __future__ import annotations

from typing import Any

from qgis.core import QgsCoordinateReferenceSystem, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor

from .area import DEGREES, geometry_of

LIGHT, DARK = QColor(255, 255, 255, 140), QColor(0, 0, 0, 110)
BELOW_OUTLINES = -1.0


class Hatch:
    """Light lines with a shadow, which are seen on dark and on bright ground.

    Example:
        hatch = Hatch(canvas)
        hatch.cover({"type": "Polygon", "coordinates": [ring]})
        hatch.remove()
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self._footprint: dict[str, Any] = {}
        self._visible = True
        # A band's pattern begins at its corner, which a wider edge moves by a pixel: so the dark
        # lines lie beside the light ones.
        self._bands = [_hatched(canvas, DARK, 2), _hatched(canvas, LIGHT, 1)]
        canvas.destinationCrsChanged.connect(self._draw)

    def cover(self, footprint: dict[str, Any] | None) -> None:
        """Cover GeoJSON polygons in degrees, or nothing."""
        if (footprint or {}) != self._footprint:
            self._footprint = footprint or {}
            self._draw()

    def set_visible(self, visible: bool) -> None:
        """Show or hide it."""
        self._visible = visible
        for band in self._bands:
            band.setVisible(visible)

    def remove(self) -> None:
        """Take it off the map for good."""
        self._canvas.destinationCrsChanged.disconnect(self._draw)
        for band in self._bands:
            self._canvas.scene().removeItem(band)

    def _draw(self) -> None:
        geometry = geometry_of(self._footprint)
        for band in self._bands:
            band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
            if not geometry.isEmpty():
                band.setToGeometry(geometry, QgsCoordinateReferenceSystem(DEGREES))
            band.setVisible(self._visible)  # drawing shows a band


def _hatched(canvas: QgsMapCanvas, colour: QColor, width: int) -> QgsRubberBand:
    band = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
    band.setBrushStyle(Qt.BrushStyle.BDiagPattern)
    band.setFillColor(colour)
    band.setStrokeColor(colour)
    band.setWidth(width)
    band.setZValue(BELOW_OUTLINES)
    return band
