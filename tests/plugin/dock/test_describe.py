"""The area in sentences, questions and counts; what they speak of is lit up on the map."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsGeometry,
    QgsLayerNotesUtils,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.dock.describe import HINT, LIGHTING, WordsView
from gluelink_plugin.jobs.describe import is_question
from gluelink_plugin.layers.command import command_of
from gluelink_plugin.layers.runs import keep_runs, kept_runs
from tests.plugin.conftest import NORTH, PIXEL, SHIPS, WEST, Desk, wait_until
from tests.plugin.jobs.test_alignment import results

LAKE, LAND = (224, 224), (20, 20)


@pytest.fixture
def ships(desk: Desk, ships_path: Path) -> Desk:
    """A desk with the lake and its ships, the whole scene being the area."""
    desk.open(ships_path)
    desk.click(AreaChoice.SCENE)
    return desk


def words(desk: Desk) -> WordsView:
    section: WordsView = desk.panel.sections["words"]
    return section


def say(desk: Desk, line: str) -> str:
    """Type a line, press Enter, and return the answer."""
    desk.type(line)
    desk.press_enter()
    desk.wait_for_end()
    assert desk.said == ""
    assert words(desk).list.count() == 1
    return str(words(desk).list.item(0).text())


def describe(desk: Desk) -> list[str]:
    QTest.mouseClick(words(desk).button, Qt.MouseButton.LeftButton)
    desk.wait_for_end()
    assert desk.said == ""
    return [words(desk).list.item(row).text() for row in range(words(desk).list.count())]


def press(desk: Desk, sentence: str) -> None:
    listed = words(desk).list
    (item,) = listed.findItems(sentence, Qt.MatchFlag.MatchContains)
    place = listed.visualItemRect(item).center()
    QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place)


def is_lit(desk: Desk, pixel: tuple[int, int]) -> bool:
    """Whether the light on the map covers the scene's pixel (row, column)."""
    band = words(desk)._light._veil
    row, col = pixel
    place = QgsPointXY(WEST + col * PIXEL, NORTH - row * PIXEL)
    return bool(band.asGeometry().contains(QgsGeometry.fromPointXY(place)))


def test_a_description_lights_up_what_its_sentences_speak_of(ships: Desk) -> None:
    section = words(ships)
    assert section.state.text() == HINT and not section.list.isVisible()
    said = describe(ships)
    assert said[0].startswith("The image covers 4.5 km")
    assert ships.panel.foot.stage.text().startswith("Described in ")
    assert ships.panel.foot.stage.text().endswith(f"{len(said)} sentences.")
    assert section.about.text() == LIGHTING and not is_lit(ships, LAKE)

    press(ships, "Of the ground")
    assert is_lit(ships, LAKE) and not is_lit(ships, LAND)
    assert section.about.text() == "Rests on what reads as water."
    press(ships, "It was taken on 2024-05-01.")
    assert is_lit(ships, LAKE) and is_lit(ships, LAND)
    press(ships, "shows 2 bright objects")
    assert is_lit(ships, (181, 224)) and not is_lit(ships, LAKE)
    assert section._light._rings.asGeometry().constGet().partCount() == len(SHIPS)
    press(ships, "shows 2 bright objects")
    assert not is_lit(ships, (181, 224)) and section.about.text() == LIGHTING
    assert results() == []


def test_the_keyboard_goes_through_the_sentences_and_enter_goes_there(ships: Desk) -> None:
    describe(ships)
    listed = words(ships).list
    listed.setFocus()
    row = listed.row(listed.findItems("shows 2 bright objects", Qt.MatchFlag.MatchContains)[0])
    for _ in range(row + 1):
        QTest.keyClick(listed, Qt.Key.Key_Down)
        if listed.selectedIndexes() and listed.currentRow() == row:
            break
    assert listed.currentRow() == row and is_lit(ships, (181, 224))
    before = ships.canvas.extent()
    QTest.keyClick(listed, Qt.Key.Key_Return)
    assert ships.canvas.extent().width() < before.width() / 2


def test_what_is_lit_is_shown_where_the_map_is_elsewhere_and_hides_with_the_panel(
    ships: Desk,
) -> None:
    describe(ships)
    extent = ships.canvas.extent()
    extent.setXMinimum(extent.xMinimum() + 50_000)
    extent.setXMaximum(extent.xMaximum() + 50_000)
    ships.canvas.setExtent(extent)
    press(ships, "shows 2 bright objects")
    assert ships.canvas.extent().contains(QgsPointXY(WEST + 2240, NORTH - 2100))
    ships.panel.hide()
    assert not is_lit(ships, (181, 224))
    ships.panel.show()
    assert is_lit(ships, (181, 224))


def test_a_question_is_answered_with_its_type_its_certainty_and_its_place(ships: Desk) -> None:
    answer = say(ships, "Is there water?")
    assert answer.startswith("Yes: about ")
    section = words(ships)
    assert section.state.text() == "“Is there water?”"
    about = section.about.text()
    assert about.startswith("Answer to a yes-or-no question; ") and "% certain." in about
    assert about.endswith("Rests on what reads as water.")
    assert is_lit(ships, LAKE) and not is_lit(ships, LAND)
    assert results() == []


def test_an_answer_is_kept_as_a_run_and_asked_again(ships: Desk) -> None:
    answer = say(ships, "Is there water?")
    view = ships.panel.sections["runs"]
    run = view.runs[0]
    assert view.list.item(0).text().startswith(f"Is there water? {answer}")
    keep_runs([run])
    assert kept_runs() == [run] and run.text == answer
    assert run.km2 == pytest.approx(4.48**2, rel=0.005)
    command, _ = command_of(run.recipe)
    assert command.startswith("python -m backend.describe") and "--ask 'Is there water?'" in command
    ships.type("something else")
    QTest.mouseClick(view.buttons["Ask again"], Qt.MouseButton.LeftButton)
    ships.wait_for_end()
    assert ships.said == "" and len(view.runs) == 2
    assert ships.ask.box.edit.text() == "Is there water?"
    describe(ships)
    assert view.runs[0].labels == ["Description"]
    assert "The image covers 4.5 km" in view.list.item(0).toolTip()
    assert not view.actions_of_run["Export map…"].isEnabled()


def test_counted_ships_become_a_layer_with_length_and_score(ships: Desk) -> None:
    assert say(ships, "count ships").startswith("2")
    assert "the 2 bright objects are a layer" in ships.panel.foot.stage.text()
    layer = QgsProject.instance().layerTreeRoot().layerOrder()[0]
    assert isinstance(layer, QgsVectorLayer)
    assert layer.name() == "2 bright objects on water · ships_20240501"
    to_map = QgsCoordinateTransform(
        layer.crs(), QgsCoordinateReferenceSystem("EPSG:32632"), QgsProject.instance()
    )
    found = {}
    for each in layer.getFeatures():
        shape = each.geometry()
        shape.transform(to_map)
        place = shape.centroid().asPoint()
        found[each["number"]] = (each["category"], each["length_m"], each["score_db"] > 10)
        nearest = min(
            abs(place.x() - WEST - 10 * (col + 4.5)) + abs(place.y() - NORTH + 10 * (row + 1.5))
            for row, col in SHIPS
        )
        assert nearest < 30
    assert sorted(found) == [1, 2]
    assert set(found.values()) == {("bright object", 90, True)}
    assert layer.attributeDisplayName(layer.fields().indexOf("score_db")).startswith("Score")
    assert "whether" in words(ships).list.item(0).text()
    assert "does not tell" in QgsLayerNotesUtils.layerNotes(layer)
    assert layer.labelsEnabled() and not words(ships).layer.isVisible()
    assert json.loads(Path(layer.source()).read_text())["type"] == "FeatureCollection"


def test_objects_of_a_description_become_a_layer_when_asked(ships: Desk, tmp_path: Path) -> None:
    describe(ships)
    QTest.mouseClick(words(ships).layer, Qt.MouseButton.LeftButton)
    (layer,) = QgsProject.instance().mapLayersByName("2 bright objects on water · ships_20240501")
    assert not words(ships).layer.isVisible()
    assert QgsProject.instance().write(str(tmp_path / "project.qgz"))
    assert Path(layer.source()).parent == tmp_path / "gluelink"
    assert layer.isValid() and layer.featureCount() == 2


def test_what_was_not_measured_is_not_guessed(ships: Desk) -> None:
    assert say(ships, "Is there an airport?").startswith("Unknown")
    section = words(ships)
    assert section.about.text().startswith("Not answered: a yes-or-no question.")
    assert not section.layer.isVisible()
    assert not is_lit(ships, LAKE) and not is_lit(ships, LAND)
    assert ships.panel.foot.stage.text().startswith("No answer")


def test_a_question_among_phrases_is_refused(ships: Desk) -> None:
    ships.type("open water")
    ships.press_ctrl_enter()
    ships.type("Is there a town?")
    ships.press_enter()
    assert ships.said.startswith("“Is there a town?” is a question, which is asked alone.")
    assert not ships.session.busy


def test_a_description_that_is_cancelled_says_so_and_another_scene_forgets_it(
    desk: Desk, large_scene_path: Path, scene_path: Path
) -> None:
    desk.open(large_scene_path)
    desk.click(AreaChoice.SCENE)
    section = words(desk)
    QTest.mouseClick(section.button, Qt.MouseButton.LeftButton)
    wait_until(lambda: desk.session.run is not None)
    assert section.state.text() == "Describing the area…" and not section.button.isEnabled()
    QTest.mouseClick(desk.panel.foot.cancel, Qt.MouseButton.LeftButton)
    desk.wait_for_end()
    assert section.state.text() == "The area was not described." and section.button.isEnabled()
    desk.open(scene_path)
    describe(desk)
    desk.scene.add_file(large_scene_path)
    wait_until(lambda: not section.list.isVisible())
    assert section.state.text() == HINT


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Is there water?", True),
        ("港口在哪里？ ", True),
        ("count ships", True),
        ("How many boats", True),
        ("counts of ships", False),
        ("count", False),
        ("a country house", False),
        ("open water", False),
    ],
)
def test_a_line_is_a_question_by_its_mark_or_by_its_first_word(line: str, expected: bool) -> None:
    assert is_question(line) is expected
