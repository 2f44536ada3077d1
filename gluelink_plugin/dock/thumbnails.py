"""Small pictures of a layer around places, drawn one after another while the window works."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMapLayer,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsPointXY,
    QgsRectangle,
)
from qgis.PyQt.QtCore import QObject, QRectF, QSize, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPainter, QPen, QPixmap

SIDE_PX = 48
MARK = QColor(255, 196, 0)
FRAME = QColor(128, 128, 128)  # seen where a picture reaches beyond the scene, in any theme


class Thumbnails(QObject):
    """Draws pictures of places; `drawn` gives the number of the place and its picture."""

    drawn = pyqtSignal(int, QPixmap)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._job: QgsMapRendererParallelJob | None = None
        self._waiting: deque[tuple[int, QgsRectangle]] = deque()
        self._settings = QgsMapSettings()
        self._cell = 0.0

    def draw(
        self,
        layer: QgsMapLayer,
        crs: QgsCoordinateReferenceSystem,
        places: Sequence[QgsPointXY],
        side: float,
        cell: float,
    ) -> None:
        """Begin anew: squares of `side` in `crs` around places, a cell of `cell` marked in each."""
        self.stop()
        self._cell = SIDE_PX * cell / side
        self._settings.setLayers([layer])
        self._settings.setDestinationCrs(crs)
        self._settings.setOutputSize(QSize(SIDE_PX, SIDE_PX))
        self._settings.setBackgroundColor(QColor(0, 0, 0, 0))  # beyond the scene, in any theme
        self._waiting.extend(
            (number, QgsRectangle.fromCenterAndSize(place, side, side))
            for number, place in enumerate(places)
        )
        self._next()

    def stop(self) -> None:
        """Draw no more, before returning."""
        self._waiting.clear()
        job, self._job = self._job, None
        if job is not None:
            job.finished.disconnect()
            job.cancel()
            job.deleteLater()

    def _next(self) -> None:
        if not self._waiting:
            self._job = None
            return
        number, extent = self._waiting.popleft()
        self._settings.setExtent(extent)
        job = self._job = QgsMapRendererParallelJob(self._settings)
        job.setParent(self)  # so that none is deleted while it says that it has finished
        job.finished.connect(lambda: self._finished(number))
        job.start()

    def _finished(self, number: int) -> None:
        if self._job is None:
            return
        picture = QPixmap.fromImage(self._job.renderedImage())
        self._job.deleteLater()
        painter = QPainter(picture)
        painter.setPen(QPen(FRAME))
        painter.drawRect(0, 0, SIDE_PX - 1, SIDE_PX - 1)
        painter.setPen(QPen(MARK))
        side, start = max(4.0, self._cell), (SIDE_PX - max(4.0, self._cell)) / 2
        painter.drawRect(QRectF(start, start, side, side))
        painter.end()
        self.drawn.emit(number, picture)
        self._next()
