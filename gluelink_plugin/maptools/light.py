"""Places that a sentence speaks of, lit up on the map."""

from __future__ import annotations

from qgis.core import (
    QgsCoordinateTransform,
    QgsCsException,
    QgsProject,
    QgsRectangle,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtGui import QColor

from .area import Area

EDGE, GLOW, CLEAR = QColor(0, 230, 200), QColor(0, 230, 200, 70), QColor(0, 0, 0, 0)
RING_PX = 15
MOST_RINGS = 500
ROOM = 1.4  # around what is shown
LEAST_M, LEAST_DEGREES = 1000.0, 0.01  # of what is shown: a ship alone would be nothing but pixels


class Light:
    """A veil over places, with a ring around each of those that may be too small to be seen.

    Example:
        light = Light(canvas)
        light.show(area_of_geojson(place), ringed=True)
        light.remove()
    """

    def __init__(self, canvas: QgsMapCanvas) -> None:
        self._canvas = canvas
        self.area: Area | None = None
        """What is lit up, also while it is hidden with the panel."""
        self._ringed, self._visible = False, True
        self._veil = _band(canvas, QgsWkbTypes.GeometryType.PolygonGeometry, GLOW, 1)
        self._rings = _band(canvas, QgsWkbTypes.GeometryType.PointGeometry, CLEAR, 2)
        self._rings.setIcon(QgsRubberBand.IconType.ICON_CIRCLE)
        self._rings.setIconSize(RING_PX)
        canvas.destinationCrsChanged.connect(self._draw)

    def show(self, area: Area | None, ringed: bool = False) -> None:
        """Light up an area, or nothing; `ringed` puts a ring around each of its parts."""
        self.area, self._ringed = area, ringed
        self._draw()

    def set_visible(self, visible: bool) -> None:
        """Show or hide it."""
        self._visible = visible
        self._draw()

    def is_in_sight(self) -> bool:
        """Return whether the map shows a part of what is lit up; True where nothing is."""
        extent = self._extent()
        return extent is None or bool(self._canvas.extent().intersects(extent))

    def go_there(self) -> None:
        """Show all that is lit up on the map, with some room around."""
        extent = self._extent()
        if extent is not None:
            extent.scale(ROOM)
            self._canvas.setExtent(extent)
            self._canvas.refresh()

    def remove(self) -> None:
        """Take it off the map for good."""
        self._canvas.destinationCrsChanged.disconnect(self._draw)
        for band in (self._veil, self._rings):
            self._canvas.scene().removeItem(band)

    def _extent(self) -> QgsRectangle | None:
        """Return the bounds of what is lit up, in the map's CRS; None where there are none."""
        if self.area is None or self.area.geometry.isEmpty():
            return None
        crs = self._canvas.mapSettings().destinationCrs()
        transform = QgsCoordinateTransform(self.area.crs, crs, QgsProject.instance())
        try:
            box = transform.transformBoundingBox(self.area.geometry.boundingBox())
        except QgsCsException:
            return None
        least = LEAST_DEGREES if crs.isGeographic() else LEAST_M
        box.grow(max(0.0, least - max(box.width(), box.height())) / 2)
        return box

    def _draw(self) -> None:
        self._veil.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
        self._rings.reset(QgsWkbTypes.GeometryType.PointGeometry)
        if not self._visible or self.area is None or self.area.geometry.isEmpty():
            return
        self._veil.setToGeometry(self.area.geometry, self.area.crs)
        parts = self.area.geometry.asGeometryCollection() if self._ringed else []
        for part in parts[:MOST_RINGS]:
            self._rings.addGeometry(part.centroid(), self.area.crs)


def _band(
    canvas: QgsMapCanvas, kind: QgsWkbTypes.GeometryType, fill: QColor, width: int
) -> QgsRubberBand:
    band = QgsRubberBand(canvas, kind)
    band.setStrokeColor(EDGE)
    band.setFillColor(fill)
    band.setWidth(width)
    return band
