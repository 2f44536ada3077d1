"""Pressing places of the map, one after another."""

from __future__ import annotations

from qgis.core import QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent


class PressTool(QgsMapTool):
    """Emits each place that is pressed; Escape ends it."""

    pressed = pyqtSignal(QgsPointXY)  # in the map's CRS
    given_up = pyqtSignal()

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Take this place."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(event.mapPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()  # otherwise the canvas goes on to handle it
            self.given_up.emit()
