"""The area section says what an area costs, and shows what is encoded already."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsFeature,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.gui import QgsRubberBand
from qgis.PyQt.QtCore import QPoint
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.client.codec import decode
from gluelink_plugin.client.protocol import Estimate
from gluelink_plugin.dock.area import NO_BREAK, AreaChoice, cost_in_words
from gluelink_plugin.maptools.area import DEGREES, geometry_of
from tests.plugin.conftest import NORTH, WEST, Desk, wait_until
from tests.plugin.scripted import ScriptedBackend

UTM = QgsCoordinateReferenceSystem("EPSG:32632")
WEB = QgsCoordinateReferenceSystem("EPSG:3857")


def in_degrees(east: float, south: float, west: float = 0) -> dict[str, Any]:
    """A box of metres from the scene's corner, as the backend sends it."""
    box = QgsRectangle(WEST + west, NORTH - south, WEST + east, NORTH)
    degrees = QgsGeometry.fromRect(box)
    to_degrees = QgsCoordinateTransform(
        UTM, QgsCoordinateReferenceSystem(DEGREES), QgsProject.instance()
    )
    degrees.transform(to_degrees)
    ring = [[point.x(), point.y()] for point in degrees.asPolygon()[0]]
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


HALF = in_degrees(2240, 4480)


def bands(desk: Desk) -> list[QgsRubberBand]:
    """What is seen on the map, the topmost first."""
    items = desk.canvas.scene().items()
    return [
        item
        for item in items
        if isinstance(item, QgsRubberBand) and item.isVisible() and item.numberOfVertices()
    ]


def hatch(desk: Desk) -> list[QgsGeometry]:
    """What is hatched, by its dark and by its light lines."""
    return [band.asGeometry() for band in bands(desk) if band.zValue() < 0]


def say(desk: Desk, scripted: ScriptedBackend, **estimate: Any) -> None:
    """Let the backend's next estimates say so, and wait for one of the area as it is then."""
    scripted.replies["POST /v1/estimates"].update(estimate)
    desk.canvas.setExtent(desk.canvas.extent().buffered(10))
    wait_until(lambda: desk.session.estimate is None)
    wait_until(lambda: desk.session.estimate is not None)


@pytest.fixture
def told(new_desk: Desk, scripted: ScriptedBackend, scene_path: Path) -> Iterator[Desk]:
    """A desk with a scene, and a backend that says what a test lets it say."""
    new_desk.connect(scripted.address)
    new_desk.open(scene_path)
    wait_until(lambda: new_desk.session.estimate is not None)
    yield new_desk


@pytest.mark.parametrize(
    ("estimate", "line"),
    [
        ({}, "312 km² · 24 windows · about 3 s"),
        (
            {"encoded": 0.6, "lacking": 10},
            "312 km² · 10 windows · about 3 s · 60 % is encoded already",
        ),
        ({"encoded": 0.001}, "312 km² · 24 windows · about 3 s · 1 % is encoded already"),
        ({"encoded": 0.9999}, "312 km² · 24 windows · about 3 s · 99 % is encoded already"),
        (
            {"encoded": 0.5, "seconds": None, "windows": 1},
            "312 km² · 1 window · time unknown before the first run · 50 % is encoded already",
        ),
        (
            {"encoded": 1, "seconds": 0.0, "lacking": 0},
            "312 km² · encoded already: answers at once",
        ),
    ],
)
def test_the_line_says_what_is_encoded(estimate: dict[str, Any], line: str) -> None:
    usual = {"km2": 312.4, "windows": 24, "cells": 48_800, "output_bytes": 195_200, "seconds": 3.1}
    words = cost_in_words(decode(Estimate, {**usual, **estimate}))
    assert words.replace(NO_BREAK, " ") == line
    assert not re.search(r"\d [^·]", words)  # a number stays on the line of its unit


def test_before_the_first_phrase_the_line_counts_the_models_in() -> None:
    estimate = {"km2": 1, "windows": 4, "cells": 9, "output_bytes": 36, "seconds": 0, "encoded": 1}
    words = cost_in_words(decode(Estimate, estimate), is_warm=False)
    assert words.endswith("encoded already: answers as soon as the models are loaded")


@pytest.mark.parametrize("crs", [UTM, WEB, QgsCoordinateReferenceSystem(DEGREES)])
def test_what_is_encoded_is_hatched_in_any_crs(
    told: Desk, scripted: ScriptedBackend, crs: QgsCoordinateReferenceSystem
) -> None:
    say(told, scripted, encoded=0.5, footprint=HALF)
    told.canvas.setDestinationCrs(crs)
    wanted = geometry_of(HALF)
    wanted.transform(
        QgsCoordinateTransform(QgsCoordinateReferenceSystem(DEGREES), crs, QgsProject.instance())
    )
    dark, light = hatch(told)
    for drawn in (dark, light):
        assert drawn.symDifference(wanted).area() < 1e-6 * wanted.area()


def test_the_hatch_lies_under_the_outline_of_the_area(
    told: Desk, scripted: ScriptedBackend
) -> None:
    say(told, scripted, encoded=0.5, footprint=HALF)
    told.click(AreaChoice.SCENE)
    assert [band.zValue() < 0 for band in bands(told)] == [False, True, True]


def test_the_hatch_stays_while_an_area_is_being_estimated(
    told: Desk, scripted: ScriptedBackend
) -> None:
    say(told, scripted, encoded=0.5, footprint=HALF)
    told.click(AreaChoice.SCENE)
    assert told.session.estimate is None
    assert len(hatch(told)) == 2


def test_the_hatch_hides_with_the_panel(told: Desk, scripted: ScriptedBackend) -> None:
    say(told, scripted, encoded=0.5, footprint=HALF)
    told.panel.hide()
    QTest.qWait(1)
    assert hatch(told) == []
    told.canvas.setDestinationCrs(WEB)
    assert hatch(told) == []
    told.panel.show()
    QTest.qWait(1)
    assert len(hatch(told)) == 2


def test_an_area_that_is_all_encoded_is_not_veiled_but_while_the_next_is_drawn(
    told: Desk, scripted: ScriptedBackend
) -> None:
    say(told, scripted, encoded=1, footprint=HALF)
    assert hatch(told) == []
    told.click(AreaChoice.BOX)
    assert len(hatch(told)) == 2
    told.drag(QPoint(100, 100), QPoint(200, 200))
    wait_until(lambda: told.session.estimate is not None)
    assert hatch(told) == []


def test_another_scene_takes_the_hatch_away(
    told: Desk, scripted: ScriptedBackend, scene_path: Path, tmp_path: Path
) -> None:
    say(told, scripted, encoded=0.5, footprint=HALF)
    told.open(Path(shutil.copy(scene_path, tmp_path)))
    assert hatch(told) == []


# Areas that change by themselves


@pytest.fixture
def fields(new_desk: Desk) -> QgsVectorLayer:
    """A polygon layer without polygons, chosen as the area."""
    layer = QgsVectorLayer("Polygon?crs=EPSG:32632", "fields", "memory")
    QgsProject.instance().addMapLayer(layer)
    new_desk.click(AreaChoice.LAYER)
    return layer


def box_at(west: float) -> QgsGeometry:
    return QgsGeometry.fromRect(QgsRectangle(west, NORTH - 100, west + 100, NORTH))


def feature_at(west: float) -> QgsFeature:
    feature = QgsFeature()
    feature.setGeometry(box_at(west))
    return feature


def is_asked_at(desk: Desk, west: float) -> bool:
    area = desk.session.area
    return area is not None and area.geometry.boundingBox().xMinimum() == west


def test_a_polygon_that_was_moved_is_the_area_where_it_is_now(
    new_desk: Desk, fields: QgsVectorLayer
) -> None:
    fields.startEditing()
    fields.addFeature(feature_at(WEST))
    wait_until(lambda: is_asked_at(new_desk, WEST))
    (feature,) = fields.getFeatures()
    fields.changeGeometry(feature.id(), box_at(WEST + 500))
    fields.commitChanges()
    wait_until(lambda: is_asked_at(new_desk, WEST + 500))


def test_an_edit_that_was_given_up_is_not_the_area(new_desk: Desk, fields: QgsVectorLayer) -> None:
    fields.dataProvider().addFeatures([feature_at(WEST)])
    fields.startEditing()
    fields.addFeature(feature_at(WEST - 500))
    wait_until(lambda: is_asked_at(new_desk, WEST - 500))
    fields.rollBack()
    wait_until(lambda: is_asked_at(new_desk, WEST))


def test_polygons_that_another_program_wrote_are_the_area_once_it_is_asked(
    new_desk: Desk, fields: QgsVectorLayer, scene_path: Path
) -> None:
    assert new_desk.said.startswith("fields has no polygons.")
    new_desk.scene.add_file(scene_path)
    fields.dataProvider().addFeatures([feature_at(WEST)])
    new_desk.press_enter()
    assert is_asked_at(new_desk, WEST)
    assert "no polygons" not in new_desk.said


def test_the_view_is_in_the_crs_that_the_map_has_now(new_desk: Desk) -> None:
    new_desk.canvas.setDestinationCrs(WEB)
    new_desk.canvas.setExtent(QgsRectangle(1_000_000, 6_000_000, 1_010_000, 6_010_000))
    for crs in (QgsCoordinateReferenceSystem(DEGREES), UTM, WEB):
        new_desk.canvas.setDestinationCrs(crs)
        area = new_desk.session.area
        assert area.crs == crs
        assert area.geometry.boundingBox().contains(new_desk.canvas.center())


# With a real backend


def test_what_was_asked_is_encoded_and_hatched(
    desk: Desk, scene_path: Path, tmp_path: Path
) -> None:
    scene = Path(shutil.copy(scene_path, tmp_path / "bay_20240509.tif"))
    desk.open(scene)
    desk.click(AreaChoice.SCENE)
    wait_until(lambda: desk.session.estimate is not None)
    assert "encoded" not in desk.area.cost.text()
    assert hatch(desk) == []

    desk.draw_box(QgsRectangle(WEST + 1200, NORTH - 1400, WEST + 1400, NORTH - 1200))
    desk.type("open water")
    desk.press_enter()
    desk.wait_for_end()
    assert desk.said == ""
    wait_until(lambda: desk.area.cost.text().endswith("encoded already: answers at once"))
    assert hatch(desk) == []

    desk.click(AreaChoice.SCENE)
    wait_until(lambda: desk.area.cost.text().endswith("% is encoded already"))
    _, light = hatch(desk)
    box = desk.scene.layers.currentLayer().extent()
    share = light.area() / box.area()
    assert share == pytest.approx(desk.session.estimate.encoded, abs=0.01)
    assert light.boundingBox().contains(QgsPointXY(WEST + 1300, NORTH - 1300))


def test_a_job_that_would_be_refused_is_said_before_it_is_asked(
    told: Desk, scripted: ScriptedBackend
) -> None:
    sentence = "The job has 700,000 km²; at most 500,000 are allowed."
    refusal = {"code": "job_too_large", "message": sentence, "remedy": "Draw a smaller area."}
    say(told, scripted, refusal=refusal)
    assert sentence in told.said
    assert told.area.cost.text()
    say(told, scripted, refusal=None)
    assert not told.said
