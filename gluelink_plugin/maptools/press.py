"""Pressing places of the map, one after another."""

from __future__ import annotations

from qgis.core import QgsPointXY
from qgis.gui import QgsMapCanvas, QgsMapMouseEvent, QgsMapTool
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QKeyEvent


class PressTool(QgsMapTool):
    """Emits each place that is pressed; Escape ends it, and the map has its earlier tool again."""

    pressed = pyqtSignal(QgsPointXY)  # in the map's CRS

    def __init__(self, canvas: QgsMapCanvas) -> None:
        super().__init__(canvas)
        self._earlier: QgsMapTool | None = None
        self.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def is_active(self) -> bool:
        """Whether it is the tool of the map."""
        return bool(self.canvas().mapTool() is self)

    def take_up(self) -> None:
        """Become the tool of the map."""
        if not self.is_active:
            tool = self.canvas().mapTool()
            self._earlier = tool._earlier if isinstance(tool, PressTool) else tool
            self.canvas().setMapTool(self)

    def put_away(self) -> None:
        """Give the map the tool back that it had."""
        if not self.is_active:
            return
        if self._earlier is not None:
            self.canvas().setMapTool(self._earlier)
        else:
            self.canvas().unsetMapTool(self)

    def canvasPressEvent(self, event: QgsMapMouseEvent) -> None:
        """Take this place."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(event.mapPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give up on Escape."""
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()  # otherwise the canvas goes on to handle it
            self.put_away()
