"""Drawing an area on the map: a box by dragging, a polygon point by point."""

from __future__ import annotations

from qgis.core import QgsGeometry, QgsPointXY, QgsWkbTypes
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import QPoint, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent

EDGE = QColor(255, 196, 0)
FOOTPRINT = QColor(0, 190, 255)
EDGE_BELOW = QColor(0, 0, 0, 130)  # so that it is seen on bright ground, too


def area_band(canvas: QgsMapCanvas, colour: QColor = EDGE) -> QgsRubberBand:
    """Return an outline for an area, while it is drawn and after."""
    band = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
    band.setStrokeColor(colour)
    band.setFillColor(QColor(0, 0, 0, 0))
    band.setSecondaryStrokeColor(EDGE_BELOW)
    band.setWidth(2)
    return band


class DrawTool(QgsMapTool):
    """Base of both tools: the outline, Escape, and cleaning up."""

    drawn = pyqtSignal(object)  # QgsGeometry in the map's CRS
    given_up = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._points: list[QgsPointXY] = []
        self._band = area_band(canvas)

    def deactivate(self) -> None:
        """Clear what was begun: another tool was chosen."""
        self._clear()
        super().deactivate()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()  # otherwise the canvas goes on to handle it
            self._clear()
            self.given_up.emit()

    def remove(self) -> None:
        """Take the band off the map for good."""
        self.canvas().unsetMapTool(self)
        self.canvas().scene().removeItem(self._band)

    def _clear(self) -> None:
        self._points = []
        self._band.reset(QgsWkbTypes.GeometryType.PolygonGeometry)


class BoxTool(DrawTool):
    """Drag from one corner to the other. The box is upright on the screen, also on a turned map."""

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._corner: QPoint | None = None

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Begin at this corner."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._corner = event.pos()

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Show the box up to the pointer."""
        if self._corner is not None:
            self._band.setToGeometry(self._box(self._corner, event.pos()), None)

    def canvasReleaseEvent(self, event: QgsMapMouseEvent) -> None:
        """Take the box."""
        if self._corner is not None and event.button() == Qt.MouseButton.LeftButton:
            box = self._box(self._corner, event.pos())
            self._clear()
            self.drawn.emit(box)

    def _clear(self) -> None:
        self._corner = None
        super()._clear()

    def _box(self, corner: QPoint, other: QPoint) -> QgsGeometry:
        x0, y0, x1, y1 = corner.x(), corner.y(), other.x(), other.y()
        corners = [QPoint(x0, y0), QPoint(x1, y0), QPoint(x1, y1), QPoint(x0, y1)]
        return QgsGeometry.fromPolygonXY([[self.toMapCoordinates(each) for each in corners]])


class PolygonTool(DrawTool):
    """Click point by point; the right button, a double click or Enter closes; Backspace undoes."""

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Add a corner, or close the polygon."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._points.append(event.mapPoint())
            self._band.setToGeometry(self._polygon(), None)
        elif event.button() == Qt.MouseButton.RightButton:
            self._close()

    def canvasMoveEvent(self, event: QgsMapMouseEvent) -> None:
        """Show the polygon up to the pointer."""
        if self._points:
            self._band.setToGeometry(self._polygon(event.mapPoint()), None)

    def canvasDoubleClickEvent(self, _event: QgsMapMouseEvent) -> None:
        """Close the polygon."""
        self._close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the polygon, or take a corner back."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            self._close()
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            event.ignore()
            del self._points[-1:]
            self._band.setToGeometry(self._polygon(), None)
        else:
            super().keyPressEvent(event)

    def _close(self) -> None:
        if self._points:  # too few of them are for the backend to refuse, with a sentence
            polygon = self._polygon()
            self._clear()
            self.drawn.emit(polygon)

    def _polygon(self, *more: QgsPointXY) -> QgsGeometry:
        return QgsGeometry.fromPolygonXY([[*self._points, *more]])
