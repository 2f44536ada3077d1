"""Pressed cells stand beside phrases: as chips, on the map, and in what is asked and made."""

from __future__ import annotations

import json
from pathlib import Path

from qgis.core import QgsLayerNotesUtils, QgsPointXY
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.examples import FULL, LIKE, OUTSIDE, UNLIKE, cell_around
from gluelink_plugin.layers.command import command_of
from gluelink_plugin.layers.result import recipe_of
from gluelink_plugin.layers.runs import KeptRun
from gluelink_plugin.question import Question, place_text
from tests.plugin.conftest import NORTH, PIXEL, WEST, Desk, wait_until
from tests.plugin.dock.test_probe import press
from tests.plugin.jobs.test_alignment import results, value_at
from tests.plugin.maptools.test_draw import outlines
from tests.plugin.test_live import encoded as encoded  # a fixture
from tests.plugin.test_live import live_layers

LAKE, LAND = (QgsPointXY(WEST + px * PIXEL, NORTH - px * PIXEL) for px in (224, 100))


def use(desk: Desk, sign: str) -> None:
    QTest.mouseClick(desk.ask.examples.buttons[sign], Qt.MouseButton.LeftButton)


def test_cells_that_are_pressed_are_asked_like_phrases_and_live(encoded: Desk) -> None:
    box, before = encoded.ask.box, len(outlines(encoded))
    use(encoded, LIKE)
    press(encoded, LAKE)
    press(encoded, LAKE)  # the same cell, which counts once
    (lake,) = box.question().like
    wait_until(
        lambda: [each.name() for each in live_layers()] == [f"like {place_text(lake)} (live)"]
    )
    assert value_at(live_layers()[0], 1, 224) > 0.99
    use(encoded, UNLIKE)
    assert encoded.ask.examples.buttons[UNLIKE].isChecked()
    assert not encoded.ask.examples.buttons[LIKE].isChecked()
    press(encoded, LAND)
    QTest.keyClick(encoded.canvas, Qt.Key.Key_Escape)
    assert not encoded.ask.examples.buttons[UNLIKE].isChecked()
    asked = box.question()
    assert len(asked.unlike) == 1 and [chip.text()[:5] for chip in box.chips] == ["like ", "not l"]
    assert len(outlines(encoded)) == before + 4  # of each example the cell, and a sign
    encoded.panel.hide()
    assert len(outlines(encoded)) < before + 4
    encoded.panel.show()
    encoded.type("open water")
    encoded.press_enter()
    encoded.wait_for_end()
    assert encoded.said == ""
    layer, (land,) = results()[0], asked.unlike
    label = f"open water like {place_text(lake)} but not like {place_text(land)}"
    assert layer.name() == f"{label} · lake_20240501"
    assert value_at(layer, 1, 224) > value_at(layer, 1, 100)
    legend = layer.renderer().shader().rasterShaderFunction().legendSettings()
    assert legend.minimumLabel().endswith(f" rather like {place_text(land)}")
    notes = QgsLayerNotesUtils.layerNotes(layer)
    assert place_text(lake) in notes and place_text(land) in notes
    assert f"less that with the cell at {place_text(land)}" in layer.metadata().abstract()


def test_a_full_question_takes_no_example_and_says_so(desk: Desk, scene_path: Path) -> None:
    desk.open(scene_path)
    most = desk.session.backend.capabilities.limit("max_phrases", 32)
    desk.ask.write(Question(tuple(f"phrase {number}" for number in range(int(most)))))
    use(desk, LIKE)
    press(desk, LAKE)
    assert desk.ask.examples.hint.text() == FULL
    assert desk.ask.box.question().count == most and not desk.ask.box.question().like
    QTest.keyClick(desk.canvas, Qt.Key.Key_Escape)
    desk.ask.write(Question())


def test_an_example_alone_is_asked_kept_and_asked_again(encoded: Desk) -> None:
    lake = (10.3767, 48.7334)
    encoded.ask.box.set_question([], like=[lake])
    encoded.ask.run.click()
    encoded.wait_for_end()
    assert encoded.said == ""
    runs = encoded.panel.sections["runs"]
    run: KeptRun = runs.runs[0]
    assert (
        run.question == Question(like=(lake,))
        and "like 10.3767,48.7334" in runs.list.item(0).text()
    )
    recipe = recipe_of(results()[0])
    assert recipe is not None and json.loads(recipe.as_json())["like"] == [list(lake)]
    assert "--like 10.3767,48.7334" in command_of(recipe)[0]
    encoded.ask.box.set_question(["something else"])
    assert encoded.panel.fill_in(recipe)
    assert encoded.ask.box.question() == Question(like=(lake,))


def test_what_the_scene_does_not_reach_is_no_example(encoded: Desk) -> None:
    use(encoded, LIKE)
    encoded.canvas.setExtent(encoded.canvas.extent().scaled(3))
    press(encoded, QgsPointXY(WEST - 500, NORTH + 500))
    assert encoded.ask.examples.hint.text() == OUTSIDE and encoded.ask.box.chips == []
    press(encoded, LAKE)
    QTest.keyClick(encoded.ask.box.edit, Qt.Key.Key_Backspace)
    assert encoded.ask.box.question() == Question()
    use(encoded, LIKE)


def test_cells_begin_at_the_origin_of_the_zone() -> None:
    cell = cell_around(QgsPointXY(-1.0, 170.0), 80.0)
    assert (cell.xMinimum(), cell.yMinimum(), cell.xMaximum()) == (-80.0, 160.0, 0.0)
