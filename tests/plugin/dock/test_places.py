"""The best places of a map are listed with pictures; one press goes there; they become layers."""

from __future__ import annotations

import numpy as np
import pytest
from qgis.core import QgsPointXY, QgsProject, QgsVectorLayer
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QImage
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.placefinder import find_places
from gluelink_plugin.dock.places import NO_MAP, PlacesView
from gluelink_plugin.processing.raster import Grid
from tests.plugin.conftest import NORTH, PIXEL, WEST, Desk, wait_until
from tests.plugin.jobs.test_alignment import ask

CENTRE = QgsPointXY(WEST + 224 * PIXEL, NORTH - 224 * PIXEL)


def view_of(desk: Desk) -> PlacesView:
    view: PlacesView = desk.panel.sections["places"]
    return view


def made_layers() -> list[QgsVectorLayer]:
    layers = QgsProject.instance().mapLayers().values()
    return [layer for layer in layers if isinstance(layer, QgsVectorLayer)]


def _brightest(picture: QImage) -> int:
    sides = range(picture.width()), range(picture.height())
    return max(QColor(picture.pixel(x, y)).lightness() for x in sides[0] for y in sides[1])


def test_best_places_are_listed_pictured_visited_and_made_a_layer(desk: Desk, scene_path) -> None:
    view = view_of(desk)
    assert view.hint.text() == NO_MAP and not view.list.isVisibleTo(desk.panel)
    (layer,) = ask(desk, scene_path, "open water")
    wait_until(lambda: view.places)
    scores = [place.score for place in view.places]
    assert view.hint.text()[0].isupper()
    assert scores == sorted(scores, reverse=True) and len(scores) == view.list.count()
    assert CENTRE.distance(view.places[0].centre) < 0.3 * 448 * PIXEL  # it is the lake
    assert view.list.item(0).text().startswith(f"1 · score {scores[0]:.3f}\n48.")

    item = view.list.item(0)
    wait_until(lambda: _brightest(item.icon().pixmap(48).toImage()) > 0)
    desk.canvas.setExtent(layer.extent())
    box = view.list.visualItemRect(item)
    QTest.mouseClick(view.list.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert desk.canvas.extent().center().distance(view.places[0].centre) < 1
    assert desk.canvas.extent().width() < layer.extent().width() * 2

    QTest.mouseClick(view.points, Qt.MouseButton.LeftButton)
    QTest.mouseClick(view.polygons, Qt.MouseButton.LeftButton)
    points, polygons = sorted(made_layers(), key=lambda made: made.geometryType())
    assert points.crs() == polygons.crs() == layer.crs()
    first = next(points.getFeatures())
    assert first["rank"] == 1 and first["score"] == pytest.approx(scores[0])
    assert first["phrase"] == "open water" and first["scene"] == str(scene_path)
    assert first["run"] == layer.metadata().identifier()
    best = next(polygons.getFeatures())
    assert best.geometry().contains(view.places[0].centre)
    assert best["hectares"] == pytest.approx(best.geometry().area() / 1e4)
    QgsProject.instance().removeMapLayer(layer)
    assert view.hint.text() == NO_MAP and view.places == []


def test_number_and_distance_are_followed_and_the_keyboard_goes_there(
    desk: Desk, scene_path
) -> None:
    view = view_of(desk)
    ask(desk, scene_path, "open water")
    wait_until(lambda: view.places)
    view.apart.setValue(0)
    view.count.setValue(5)
    wait_until(lambda: len(view.places) == 5)
    view.list.setCurrentRow(4)
    QTest.keyClick(view.list, Qt.Key.Key_Return)
    assert desk.canvas.extent().center().distance(view.places[4].centre) < 1
    view.apart.setValue(500)
    view.count.setValue(20)


def test_a_place_has_the_cells_joined_to_it_that_fit_half_as_well() -> None:
    values = np.full((20, 20), 0.1, np.float32)
    values[4:7, 4:8] = 0.7
    values[5, 5] = 0.9
    values[5, 12:15] = 0.8  # a place of its own
    values[19, 19] = np.nan
    first, second = find_places(values, Grid(0.0, 200.0, 10.0, ""), 2, 60.0)
    assert (first.score, second.score) == pytest.approx((0.9, 0.8))
    assert (first.centre.x(), first.centre.y()) == (55.0, 145.0)
    assert first.region.area() == pytest.approx(12 * 100)
    assert second.region.area() == pytest.approx(3 * 100)


def test_a_map_without_values_has_no_places() -> None:
    assert find_places(np.full((4, 4), np.nan), Grid(0, 0, 10, ""), 5, 10) == []
