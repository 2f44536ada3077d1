"""Example cells: press what the map is to be more like, and less like."""

from __future__ import annotations

import math

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsWkbTypes,
)
from qgis.gui import QgsMapCanvas, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import QToolButton, QVBoxLayout, QWidget

from ..maptools.area import DEGREES
from ..maptools.draw import area_band
from ..maptools.press import PressTool
from ..question import LonLat, Question
from ..session import Session
from ..translation import mark, tr
from .flow import FlowLayout
from .widgets import caption, fill

LIKE, UNLIKE = "like", "unlike"
COLOURS = {LIKE: QColor(0, 210, 120), UNLIKE: QColor(255, 110, 60)}
SIGN_PX = 13
DIGITS = 6
"""Of degrees: a decimetre."""
HINT = mark("Press a cell of the scene; Esc ends it.")
OUTSIDE = mark("The scene does not reach there.")
FULL = mark("The question is full: take something out of it first.")


class ExamplesView(QWidget):
    """Two buttons for the map tool. A pressed cell counts as a phrase does, for or against.

    On the map, cells that are examples have an outline and a plus, or a broken one and a cross.
    """

    chosen = pyqtSignal(object)  # Question of one example

    def __init__(self, session: Session, canvas: QgsMapCanvas) -> None:
        super().__init__()
        self._session, self._canvas = session, canvas
        self._sign = LIKE
        self._asked, self._full = Question(), False
        self._shown = True
        self._tool = PressTool(canvas)
        self._outlines = {sign: area_band(canvas, colour) for sign, colour in COLOURS.items()}
        self._outlines[UNLIKE].setLineStyle(Qt.PenStyle.DashLine)
        self._signs = {sign: _sign_band(canvas, sign) for sign in COLOURS}
        words = {
            LIKE: (tr("+ Like here"), tr("Press cells that look like what you look for")),
            UNLIKE: (
                tr("− Not like here"),
                tr("Press cells that look like what you do not look for"),
            ),
        }
        self.buttons = {
            sign: QToolButton(
                text=text,
                checkable=True,
                autoRaise=True,
                focusPolicy=Qt.FocusPolicy.TabFocus,
                toolTip=tip,
            )
            for sign, (text, tip) in words.items()
        }
        row = FlowLayout(spacing=4)
        for sign, button in self.buttons.items():
            row.addWidget(button)
            button.clicked.connect(lambda on, sign=sign: self._use(sign, on))
        self.hint = caption()
        fill(QVBoxLayout(self, spacing=2), row, self.hint)
        self._tool.pressed.connect(self._press)
        canvas.mapToolSet.connect(self._refresh)
        canvas.destinationCrsChanged.connect(self._draw)
        session.scene_changed.connect(self._refresh)
        session.pair_changed.connect(self._draw)
        self._refresh()

    def show_places(self, asked: Question, full: bool) -> None:
        """Mark the examples of a question on the map; a `full` one takes no more."""
        self._asked, self._full = asked, full
        self._draw()

    def set_shown(self, shown: bool) -> None:
        """Show or hide the marks with the panel."""
        self._shown = shown
        self._draw()

    def remove(self) -> None:
        """Take tool and marks off the map, and stop listening to it."""
        self._tool.put_away()
        self._canvas.mapToolSet.disconnect(self._refresh)
        self._canvas.destinationCrsChanged.disconnect(self._draw)
        for band in (*self._outlines.values(), *self._signs.values()):
            self._canvas.scene().removeItem(band)
        self._tool.deleteLater()

    @property
    def _cell_m(self) -> float | None:
        """The side of a cell; None while no encoder is known."""
        known, name = self._session.backend.capabilities, self._session.pair[0]
        encoders = known.encoders if known is not None else []
        return next((each.cell_m for each in encoders if each.name == name), None)

    def _use(self, sign: str, wanted: bool) -> None:
        self._sign = sign
        if wanted:
            self._tool.take_up()
        else:
            self._tool.put_away()
        self._refresh()

    def _press(self, place: QgsPointXY) -> None:
        """Take the cell that was pressed as an example, by its centre."""
        scene, side = self._session.scene, self._cell_m
        if scene is None or side is None:
            return
        map_crs, zone = self._canvas.mapSettings().destinationCrs(), _crs(scene.utm)
        try:
            cell = cell_around(_moved(place, map_crs, zone), side)
            centre = _moved(cell.center(), zone, _crs(DEGREES))
        except QgsCsException:
            self.hint.setText(tr(OUTSIDE))
            return
        west, south, east, north = scene.bounds
        if not QgsRectangle(west, south, east, north).contains(centre):
            self.hint.setText(tr(OUTSIDE))
            return
        self.hint.setText(tr(FULL if self._full else HINT))
        if self._full:
            return
        examples = ((round(centre.x(), DIGITS), round(centre.y(), DIGITS)),)
        is_liked = self._sign == LIKE
        self.chosen.emit(Question(like=examples) if is_liked else Question(unlike=examples))

    def _refresh(self, *_changed: object) -> None:
        """Show which button is in use."""
        is_active, has_scene = self._tool.is_active, self._session.scene is not None
        for sign, button in self.buttons.items():
            button.setChecked(is_active and sign == self._sign)
            button.setEnabled(has_scene)
        if not is_active:
            self.hint.setText(tr(HINT))
        self.hint.setVisible(is_active)
        self._draw()

    def _draw(self, *_changed: object) -> None:
        scene, side = self._session.scene, self._cell_m
        for sign, places in ((LIKE, self._asked.like), (UNLIKE, self._asked.unlike)):
            outline, marks = self._outlines[sign], self._signs[sign]
            outline.reset(QgsWkbTypes.GeometryType.PolygonGeometry)
            marks.reset(QgsWkbTypes.GeometryType.PointGeometry)
            if scene is not None and side is not None and self._shown:
                zone = _crs(scene.utm)
                for cell in _cells(places, zone, side):
                    outline.addGeometry(QgsGeometry.fromRect(cell), zone)
                    marks.addGeometry(QgsGeometry.fromPointXY(cell.center()), zone)


def cell_around(place: QgsPointXY, side: float) -> QgsRectangle:
    """Return the cell that holds a place of a zone, in metres; cells begin at its origin."""
    west, south = math.floor(place.x() / side) * side, math.floor(place.y() / side) * side
    return QgsRectangle(west, south, west + side, south + side)


def _cells(
    places: tuple[LonLat, ...], zone: QgsCoordinateReferenceSystem, side: float
) -> list[QgsRectangle]:
    """Return the cells of examples; without those that the zone does not reach."""
    cells = []
    for place in places:
        try:
            cells.append(cell_around(_moved(QgsPointXY(*place), _crs(DEGREES), zone), side))
        except QgsCsException:
            continue
    return cells


def _moved(
    place: QgsPointXY, source: QgsCoordinateReferenceSystem, target: QgsCoordinateReferenceSystem
) -> QgsPointXY:
    return QgsCoordinateTransform(source, target, QgsProject.instance()).transform(place)


def _crs(name: str) -> QgsCoordinateReferenceSystem:
    return QgsCoordinateReferenceSystem(name)


def _sign_band(canvas: QgsMapCanvas, sign: str) -> QgsRubberBand:
    """Return what marks cells however small they are on the map."""
    icons = {LIKE: QgsRubberBand.IconType.ICON_CROSS, UNLIKE: QgsRubberBand.IconType.ICON_X}
    band = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.PointGeometry)
    band.setIcon(icons[sign])
    band.setIconSize(SIGN_PX)
    band.setColor(COLOURS[sign])
    band.setWidth(3)
    return band
