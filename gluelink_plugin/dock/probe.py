"""The probe: press a cell of the map, and read what it says of it."""

from __future__ import annotations

import math

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ..client.backend import State
from ..client.protocol import ErrorBody
from ..jobs.probe import ProbeResult, ProbeRun, request_for
from ..layers.cell import Cell, cell_at
from ..layers.result import LIVE_PROPERTY
from ..layers.view import Cells, MapView
from ..maptools.area import DEGREES
from ..maptools.draw import area_band
from ..maptools.press import PressTool
from ..session import Session
from ..translation import mark, tr
from ..words import decimal, signed, significant
from .widgets import caption, fill

OUTLINE = QColor(255, 90, 205)
HINT = mark("Press a cell of the map; Esc ends it.")
NO_DATA = mark("The map has no score there.")
TIP = mark("Press a cell of the map: its score, its rank, and what the encoder saw")
LIVE_TIP = mark("This map changes while you type. Enter keeps it; then its cells can be probed")
ASKING = mark("Looking for the phrases that stand out in this cell…")
STANDING_OUT = mark("Phrases that stand out in this cell against the area; none need be there:")
UNKNOWN = mark(
    "Which phrases stand out can be said while the backend runs and has the map's scene."
)
ABOUT_PHRASES = mark(
    "By how many standard deviations (σ) the cell exceeds the mean of the area, for each phrase by "
    "itself: cosines with different phrases do not compare. It tells the cell from the rest of the "
    "area, not what is there."
)


class ProbeView(QWidget):
    """A button for the map tool; below it score, rank and best phrases of the pressed cell.

    On the map are the outlines of the cell and, broken, of what the encoder saw of it.
    """

    def __init__(self, session: Session, canvas: QgsMapCanvas) -> None:
        super().__init__()
        self._session, self._canvas = session, canvas
        self._run: ProbeRun | None = None
        self._layer_id = ""
        self._view: MapView | None = None
        self._cells: Cells | None = None
        self._place: QgsPointXY | None = None  # in the map's CRS
        self._cell: Cell | None = None
        self._shown = True
        self._tool = PressTool(canvas)
        self._outline, self._window = area_band(canvas, OUTLINE), area_band(canvas, OUTLINE)
        self._window.setLineStyle(Qt.PenStyle.DashLine)
        self.button = QPushButton(tr("Pro&be"), checkable=True)
        self.reading, self.phrases = caption(), caption()
        self.phrases.setToolTip(tr(ABOUT_PHRASES))
        fill(QVBoxLayout(self), self.button, self.reading, self.phrases)
        self.button.clicked.connect(self._use)
        self._tool.pressed.connect(self._press)
        session.backend.changed.connect(self._backend_changed)
        canvas.mapToolSet.connect(self._refresh)
        canvas.destinationCrsChanged.connect(self._refresh)
        self._refresh()

    def look_at(
        self, layer: QgsRasterLayer | None, view: MapView | None, cells: Cells | None
    ) -> None:
        """Read cells of this map; the place that was pressed is read anew."""
        self._layer_id = layer.id() if layer is not None else ""
        self._view, self._cells = view, cells
        is_live = layer is not None and bool(layer.customProperty(LIVE_PROPERTY))
        self.button.setEnabled(not is_live)
        self.button.setToolTip(tr(LIVE_TIP if is_live else TIP))
        if layer is None or is_live:
            self._place = None
            self._tool.put_away()
        self._read()

    def set_shown(self, shown: bool) -> None:
        """Show or hide the outlines on the map."""
        self._shown = shown
        self._refresh()

    def remove(self) -> None:
        """Take tool and outlines off the map, and stop listening to it."""
        self._drop()
        self._tool.put_away()
        self._canvas.mapToolSet.disconnect(self._refresh)
        self._canvas.destinationCrsChanged.disconnect(self._refresh)
        for band in (self._outline, self._window):
            self._canvas.scene().removeItem(band)
        self._tool.deleteLater()

    @property
    def _layer(self) -> QgsRasterLayer | None:
        return QgsProject.instance().mapLayer(self._layer_id) if self._layer_id else None

    def _use(self, wanted: bool) -> None:
        if wanted:
            self._tool.take_up()
        else:
            self._tool.put_away()

    def _press(self, place: QgsPointXY) -> None:
        layer = self._layer
        if layer is not None:
            self._place = self._canvas.mapSettings().mapToLayerCoordinates(layer, place)
            self._read()

    def _read(self) -> None:
        self._drop()
        layer, place, view, cells = self._layer, self._place, self._view, self._cells
        if layer is None or view is None or cells is None or place is None:
            self._cell = None
            self.reading.setText(tr(HINT))
        else:
            self._cell = cell_at(layer, cells, view.band, place)
            self.reading.setText(_in_words(self._cell, view))
        if layer is not None and self._cell is not None and self._tool.is_active:
            self._ask(layer, self._cell)
        self._refresh()

    def _ask(self, layer: QgsRasterLayer, cell: Cell) -> None:
        """Ask the backend for the phrases of a cell, where it has what the map was made of."""
        degrees = QgsCoordinateReferenceSystem(DEGREES)
        to_degrees = QgsCoordinateTransform(layer.crs(), degrees, QgsProject.instance())
        request = request_for(self._session, layer, to_degrees.transform(cell.bounds.center()))
        if request is None:
            self.phrases.setText(tr(UNKNOWN))
            return
        run = self._run = ProbeRun(self._session.backend.api, request)
        run.setParent(self)
        run.done.connect(lambda job, _collected: self._answered(job.result))
        run.failed.connect(self._failed)
        run.cancelled.connect(self._given_up)
        self.phrases.setText(tr(ASKING))
        run.start()

    def _answered(self, result: ProbeResult) -> None:
        self._drop()
        listed = (f"{signed(each.standing, 1)} σ  {each.phrase}" for each in result.phrases)
        self.phrases.setText("\n".join([tr(STANDING_OUT), *listed]))
        self._refresh()

    def _failed(self, error: ErrorBody) -> None:
        self._drop()
        self.phrases.setText(f"{error.message} {error.remedy}".strip())
        self._refresh()

    def _given_up(self) -> None:
        """Show no phrases where the question was ended, as by a backend that is ending."""
        self._drop()
        self._refresh()

    def _drop(self) -> None:
        """Follow no question any more, and forget what was answered."""
        run, self._run = self._run, None
        if run is not None:
            run.drop()
        self.phrases.setText("")

    def _backend_changed(self) -> None:
        if self._session.backend.state is not State.READY and self._run is not None:
            self._given_up()

    def _refresh(self, *_changed: object) -> None:
        """Show on the map and in the panel what was read, while the tool is in use."""
        active, layer, cell = self._tool.is_active, self._layer, self._cell
        self.button.setChecked(active)
        self.reading.setVisible(active)
        self.phrases.setVisible(active and bool(self.phrases.text()))
        self._outline.reset()
        self._window.reset()
        if active and self._shown and layer is not None and cell is not None:
            self._outline.setToGeometry(QgsGeometry.fromRect(cell.bounds), layer.crs())
            if cell.window is not None:
                self._window.setToGeometry(QgsGeometry.fromRect(cell.window), layer.crs())


def _in_words(cell: Cell | None, view: MapView) -> str:
    if cell is None:
        return tr(NO_DATA)
    worse = math.floor(10 * cell.percentile) / 10  # even of the best cell not all do
    words = tr(
        "Score {score}: {percent} % of the map's cells fit worse.",
        score=view.in_words(cell.score, 3),
        percent=decimal(worse, 1),
    )
    if cell.window is None:
        return words
    width = significant(cell.window.width() / 1000, 6)
    saw = tr("The broken outline, {width} km wide, is what the encoder saw of it.", width=width)
    return f"{words} {saw}"
