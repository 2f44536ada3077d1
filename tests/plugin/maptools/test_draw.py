"""Areas are drawn with the mouse, on any map, and leave nothing behind."""

from __future__ import annotations

import pytest
from qgis.core import (
    QgsGeometry,
)
from qgis.gui import QgsMapToolPan, QgsRubberBand
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.area import AreaChoice
from tests.plugin.conftest import Desk
from tests.plugin.maptools.conftest import VIEW


def click(desk: Desk, *points: tuple[int, int]) -> None:
    for point in points:
        QTest.mouseClick(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(*point))


def outlines(desk: Desk) -> list[QgsGeometry]:
    """What is drawn on the map by rubber bands."""
    bands = [item for item in desk.canvas.scene().items() if isinstance(item, QgsRubberBand)]
    return [band.asGeometry() for band in bands if band.numberOfVertices()]


def test_a_box_is_what_was_dragged(map_desk: Desk) -> None:
    map_desk.click(AreaChoice.BOX)
    map_desk.drag(QPoint(100, 100), QPoint(300, 250))
    area = map_desk.session.area
    unit = map_desk.canvas.mapUnitsPerPixel()
    assert area.geometry.area() == pytest.approx(200 * 150 * unit**2, rel=1e-3)
    assert area.crs_name() == "EPSG:32632"
    assert len(outlines(map_desk)) == 1


def test_a_box_on_a_turned_map_is_upright_on_the_screen(map_desk: Desk) -> None:
    map_desk.canvas.setRotation(30)
    map_desk.click(AreaChoice.BOX)
    map_desk.drag(QPoint(200, 200), QPoint(400, 300))
    geometry = map_desk.session.area.geometry
    unit = map_desk.canvas.mapUnitsPerPixel()
    assert geometry.area() == pytest.approx(200 * 100 * unit**2, rel=1e-3)
    assert geometry.boundingBox().area() > 1.5 * geometry.area()


def test_the_earlier_tool_is_back_after_drawing(map_desk: Desk) -> None:
    pan = QgsMapToolPan(map_desk.canvas)
    map_desk.canvas.setMapTool(pan)
    map_desk.click(AreaChoice.BOX)
    map_desk.drag(QPoint(100, 100), QPoint(300, 250))
    assert map_desk.canvas.mapTool() is pan
    assert map_desk.area.buttons[AreaChoice.BOX].isChecked()
    map_desk.canvas.unsetMapTool(pan)


def test_a_polygon_is_closed_by_the_right_button(map_desk: Desk) -> None:
    map_desk.click(AreaChoice.POLYGON)
    click(map_desk, (100, 100), (300, 100), (300, 300))
    QTest.mouseClick(map_desk.canvas.viewport(), Qt.MouseButton.RightButton, pos=QPoint(50, 50))
    unit = map_desk.canvas.mapUnitsPerPixel()
    area = map_desk.session.area.geometry.area()
    assert area == pytest.approx(200 * 200 / 2 * unit**2, rel=1e-3)


def test_a_polygons_last_point_can_be_taken_back(map_desk: Desk) -> None:
    map_desk.click(AreaChoice.POLYGON)
    click(map_desk, (100, 100), (300, 100), (555, 333))
    QTest.keyClick(map_desk.canvas, Qt.Key.Key_Backspace)
    click(map_desk, (300, 300))
    QTest.keyClick(map_desk.canvas, Qt.Key.Key_Return)
    unit = map_desk.canvas.mapUnitsPerPixel()
    area = map_desk.session.area.geometry.area()
    assert area == pytest.approx(200 * 200 / 2 * unit**2, rel=1e-3)


def test_escape_gives_up_and_keeps_the_earlier_area(map_desk: Desk) -> None:
    map_desk.click(AreaChoice.SCENE)
    map_desk.click(AreaChoice.POLYGON)
    click(map_desk, (100, 100), (300, 100))
    QTest.keyClick(map_desk.canvas, Qt.Key.Key_Escape)
    assert map_desk.session.area is None
    assert map_desk.area.buttons[AreaChoice.SCENE].isChecked()
    assert outlines(map_desk) == []


def test_the_view_follows_the_map(map_desk: Desk) -> None:
    map_desk.click(AreaChoice.VIEW)
    map_desk.canvas.setExtent(VIEW.buffered(-3000))
    view = map_desk.canvas.extent()
    assert map_desk.session.area.geometry.boundingBox().center().distance(view.center()) < 1
    assert map_desk.session.area.geometry.area() == pytest.approx(view.area(), rel=1e-6)
    assert outlines(map_desk) == []


def test_the_outline_goes_with_the_panel(map_desk: Desk) -> None:
    map_desk.click(AreaChoice.BOX)
    map_desk.drag(QPoint(100, 100), QPoint(300, 250))
    band = next(
        i
        for i in map_desk.canvas.scene().items()
        if isinstance(i, QgsRubberBand) and i.numberOfVertices()
    )
    map_desk.panel.hide()
    QTest.qWait(1)
    assert not band.isVisible()
    map_desk.panel.show()
    QTest.qWait(1)
    assert band.isVisible()
