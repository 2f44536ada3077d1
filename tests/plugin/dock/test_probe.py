"""A press on the map says what one cell is worth, and asks nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal
from qgis.core import QgsPointXY, QgsRasterLayer
from qgis.gui import QgsMapToolPan
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock import probe as dock_probe
from gluelink_plugin.dock.probe import HINT, NO_DATA, STANDING_OUT, UNKNOWN, ProbeView
from gluelink_plugin.jobs.probe import ProbeRequest
from gluelink_plugin.layers.result import LIVE_PROPERTY
from tests.plugin.conftest import Desk, wait_until
from tests.plugin.dock.test_map import section_of
from tests.plugin.jobs.test_alignment import ask, results
from tests.plugin.maptools.test_draw import outlines

PHRASES = ["open water", "a lake", "a forest", "a dense town", "a field", "a harbour"]


@pytest.fixture(autouse=True)
def few_phrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare a few phrases: to embed the vocabulary takes seconds, once in a folder's life."""
    request_for = dock_probe.request_for

    def of_few(*given: object) -> ProbeRequest | None:
        request = request_for(*given)
        return replace(request, phrases=PHRASES) if request is not None else None

    monkeypatch.setattr(dock_probe, "request_for", of_few)


@pytest.fixture
def mapped(desk: Desk, scene_path: Path) -> QgsRasterLayer:
    return ask(desk, scene_path, "open water", "a forest")[0]


@pytest.fixture
def probe(desk: Desk, mapped: QgsRasterLayer) -> ProbeView:
    view = section_of(desk).probe
    QTest.mouseClick(view.button, Qt.MouseButton.LeftButton)
    return view


def press(desk: Desk, place: QgsPointXY) -> None:
    """Press a place in the map's CRS, which is that of the canvas."""
    at = desk.canvas.getCoordinateTransform().transform(place).toQPointF().toPoint()
    QTest.mouseClick(desk.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_a_pressed_cell_has_its_score_its_rank_and_two_outlines(
    desk: Desk, mapped: QgsRasterLayer, probe: ProbeView
) -> None:
    assert probe.button.isChecked() and probe.reading.text() == HINT
    before = len(outlines(desk))
    centre = mapped.extent().center()
    press(desk, centre)
    file = gdal.Open(mapped.source())
    values = file.GetRasterBand(1).ReadAsArray()
    west, side, _, north, _, _ = file.GetGeoTransform()
    score = values[int((north - centre.y()) / side), int((centre.x() - west) / side)]
    worse = np.floor(1000 * np.mean(values[np.isfinite(values)] < score)) / 10
    said = probe.reading.text()
    assert said.startswith(f"Score {score:.3f}: {worse:.1f} % of the map's cells fit worse.")
    drawn = sorted((each.boundingBox() for each in outlines(desk)), key=lambda box: box.area())
    assert len(drawn) == before + 2
    assert drawn[0].contains(centre) and drawn[0].width() == pytest.approx(side)
    around = probe._cell.window
    assert around.center().distance(drawn[0].center()) < 1e-3 and around.width() > side
    assert f"{around.width() / 1000:g} km wide" in said
    assert desk.session.run is None


def test_the_phrases_that_stand_out_in_a_cell_are_said_to_do_no_more_than_that(
    desk: Desk, mapped: QgsRasterLayer, probe: ProbeView
) -> None:
    press(desk, mapped.extent().center())
    wait_until(lambda: probe.phrases.text().startswith(STANDING_OUT))
    said = [each.split(" σ  ") for each in probe.phrases.text().splitlines()[1:]]
    standings = [float(standing) for standing, _ in said]
    assert len({phrase for _, phrase in said} & set(PHRASES)) == 5
    assert standings == sorted(standings, reverse=True)
    assert standings[0] > 0 and "none need be there" in STANDING_OUT
    desk.session.set_option("units", "db")  # now the backend has another scene than the map's
    press(desk, mapped.extent().center())
    assert probe.phrases.text() == UNKNOWN


def test_another_map_is_read_at_the_same_place(
    desk: Desk, mapped: QgsRasterLayer, probe: ProbeView
) -> None:
    press(desk, mapped.extent().center())
    first = probe.reading.text()
    desk.canvas.setCurrentLayer(results()[1])
    assert probe.reading.text() != first and probe.reading.text().startswith("Score ")


def test_where_the_map_has_no_score_it_says_so(
    desk: Desk, mapped: QgsRasterLayer, probe: ProbeView
) -> None:
    before = len(outlines(desk))
    view, map_ = desk.canvas.extent(), mapped.extent()
    assert view.xMinimum() < map_.xMinimum()
    press(desk, QgsPointXY((view.xMinimum() + map_.xMinimum()) / 2, map_.center().y()))
    assert probe.reading.text() == NO_DATA and len(outlines(desk)) == before


def test_a_map_that_follows_the_typing_is_not_probed(
    desk: Desk, mapped: QgsRasterLayer, probe: ProbeView
) -> None:
    press(desk, mapped.extent().center())
    live = results()[1]
    live.setCustomProperty(LIVE_PROPERTY, True)
    desk.canvas.setCurrentLayer(live)
    assert not probe.button.isEnabled() and not probe.button.isChecked()
    desk.canvas.setCurrentLayer(mapped)
    assert probe.button.isEnabled()


def test_escape_another_tool_or_another_layer_ends_it_and_leaves_nothing(
    desk: Desk, mapped: QgsRasterLayer, probe: ProbeView
) -> None:
    before = len(outlines(desk))
    press(desk, mapped.extent().center())
    desk.panel.hide()
    assert len(outlines(desk)) < before + 2
    desk.panel.show()
    assert len(outlines(desk)) == before + 2
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    assert not probe.button.isChecked() and len(outlines(desk)) == before
    QTest.mouseClick(probe.button, Qt.MouseButton.LeftButton)
    assert len(outlines(desk)) == before + 2
    pan = QgsMapToolPan(desk.canvas)
    desk.canvas.setMapTool(pan)
    assert not probe.button.isChecked() and len(outlines(desk)) == before
    QTest.mouseClick(probe.button, Qt.MouseButton.LeftButton)
    desk.canvas.setCurrentLayer(desk.scene.layers.currentLayer())
    assert desk.canvas.mapTool() is pan and len(outlines(desk)) == before
    desk.canvas.unsetMapTool(pan)
