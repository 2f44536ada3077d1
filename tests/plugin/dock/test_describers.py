"""A tower that was trained here, in the panel and in Processing: it writes, and is asked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from qgis.core import (
    QgsApplication,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.dock.describe import WordsView
from gluelink_plugin.layers.command import command_of
from gluelink_plugin.layers.result import LIVE_PROPERTY
from gluelink_plugin.layers.runs import keep_runs, kept_runs
from gluelink_plugin.processing.provider import GlueLinkProvider
from tests.plugin.conftest import NORTH, WEST, Desk, lake_scene, wait_until, write_raster
from tests.plugin.dock.test_describe import describe, press, say, words
from tests.plugin.jobs.test_alignment import results
from tests.plugin.processing.conftest import run

CHIP_M = 160
TITLE = "Tower of size tiny on tiny"


@pytest.fixture(scope="module")
def small_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of 640 m on a plain, as many chips of the tower as one description has."""
    values = lake_scene(448)[:, 192:256, 192:256]
    return write_raster(tmp_path_factory.mktemp("small") / "pond_20240501.tif", values)


@pytest.fixture
def small(tidy_desk: Desk, small_path: Path) -> Desk:
    tidy_desk.open(small_path)
    tidy_desk.click(AreaChoice.SCENE)
    return tidy_desk


def choose(desk: Desk, name: str | None) -> None:
    """Choose who describes, with the keyboard."""
    combo = words(desk).describers.combo
    row = next(row for row in range(combo.count()) if combo.itemData(row) == name)
    combo.setFocus()
    QTest.keyClick(combo, Qt.Key.Key_Home)
    while combo.currentIndex() != row:
        before = combo.currentIndex()
        QTest.keyClick(combo, Qt.Key.Key_Down)
        assert combo.currentIndex() != before
    assert desk.session.describer == name


def passages(section: WordsView) -> list[str]:
    return [section.written.item(row).text() for row in range(section.written.count())]


def test_where_nothing_but_measurements_describe_there_is_no_choice(desk: Desk) -> None:
    assert not words(desk).describers.isVisible()


def test_what_a_tower_writes_stands_apart_from_what_was_measured(small: Desk) -> None:
    section, combo = words(small), words(small).describers.combo
    assert section.describers.isVisible() and combo.currentText() == "Measurements alone"
    broken = combo.findData("broken")
    assert not combo.model().item(broken).isEnabled()
    assert "cannot be read as a tower" in combo.itemData(broken, Qt.ItemDataRole.ToolTipRole)
    choose(small, "wordy")
    assert "may be wrong" in combo.toolTip() and "160 m" in combo.toolTip()
    measured = describe(small)
    written = passages(section)
    assert measured[0].startswith("The image covers") and len(written) == 16
    assert section.by.text() == f"{TITLE} wrote, and may be wrong:"
    assert not set(written) & set(measured) and section.written.item(0).font().italic()
    port, item = section.written.viewport(), section.written.item(0)
    place = section.written.visualItemRect(item).center()
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=place)
    assert section.about.text().startswith("It may be wrong. Measured in the same place: ")
    chip = QgsPointXY(WEST + CHIP_M / 2, NORTH - CHIP_M / 2)
    lit = section._light._veil.asGeometry()
    assert lit.contains(QgsGeometry.fromPointXY(chip))
    assert not lit.contains(QgsGeometry.fromPointXY(QgsPointXY(WEST + 600, NORTH - 600)))
    press(small, "Of the ground")
    assert not section.written.selectedItems() and section.about.text().startswith("Rests on ")


def test_the_choice_is_kept_with_run_project_and_command(small: Desk, tmp_path: Path) -> None:
    choose(small, "wordy")
    assert say(small, "Is there water?").startswith("Yes")
    section, runs = words(small), small.panel.sections["runs"]
    answers = passages(section)
    section.written.item(0).setSelected(True)
    assert "% certain" in section.about.text() and len(answers) == 16
    (kept,) = runs.runs
    keep_runs([kept])
    assert kept_runs() == [kept] and f"{TITLE} wrote, and may be wrong:" in kept.written
    assert answers[0] in runs.list.item(0).toolTip()
    assert "--with wordy" in command_of(kept.recipe)[0]
    project = str(tmp_path / "project.qgz")
    assert QgsProject.instance().write(project)
    choose(small, None)
    assert say(small, "Is there water?") and not section.written.isVisible()
    QgsProject.instance().clear()
    assert small.session.describer is None and not runs.runs
    assert QgsProject.instance().read(project)
    assert small.session.describer == "wordy"
    choose(small, None)
    wait_until(lambda: small.session.scene is not None)
    runs.list.item(0).setSelected(True)
    QTest.mouseClick(runs.buttons["Ask again"], Qt.MouseButton.LeftButton)
    small.wait_for_end()
    assert small.said == "" and passages(section) == answers
    assert section.describers.combo.currentData() == "wordy"


def test_a_model_that_cannot_do_what_is_asked_is_said_and_measurements_speak(small: Desk) -> None:
    choose(small, "captions")
    assert say(small, "Is there water?").startswith("Yes")
    section = words(small)
    lack = "Captions alone answers no questions. This was measured alone."
    assert section.by.text() == lack and not section.written.isVisible()
    describe(small)
    assert section.by.text().startswith("Captions alone wrote") and passages(section)


def test_what_cannot_be_described_is_one_sentence(
    small: Desk, furnished: Path, scene_path: Path
) -> None:
    choose(small, "gone")
    (furnished / "home" / "towers" / "gone.safetensors").unlink()
    QTest.mouseClick(words(small).button, Qt.MouseButton.LeftButton)
    small.wait_for_end()
    assert small.said.startswith('There is no describer "gone".')
    assert "Describers here: facts, " in small.said
    choose(small, "wordy")
    small.open(scene_path)
    small.click(AreaChoice.SCENE)
    QTest.mouseClick(words(small).button, Qt.MouseButton.LeftButton)
    small.wait_for_end()
    assert small.said.startswith(f"The area has 4.48 x 4.48 km; {TITLE} looks at 0.64 x 0.64 km")


def test_a_tower_is_asked_followed_and_its_best_places_are_listed(small: Desk) -> None:
    """It brings its own text space, so no head is chosen; what it encodes is kept."""
    ask, places = small.ask, small.panel.sections["places"]
    assert ask.choose_pair("wordy", None) and ask.heads.currentText() == "Its own text space"
    small.type("north : a lake.")
    small.press_enter()
    small.wait_for_end()
    assert small.said == ""
    (layer,) = results()
    assert layer.rasterUnitsPerPixelX() == CHIP_M
    wait_until(lambda: places.places)
    assert np.isfinite([place.score for place in places.places]).all()
    wait_until(lambda: ask.live.can_follow)
    small.type("south : a forest.")
    layers = QgsProject.instance().mapLayers
    wait_until(lambda: any(each.customProperty(LIVE_PROPERTY) for each in layers().values()))
    assert small.said == ""
    ask.choose_pair("texture-s1", None)


@pytest.fixture
def provider(qgis_app: QgsApplication):
    own = GlueLinkProvider()
    QgsApplication.processingRegistry().addProvider(own)
    yield
    QgsApplication.processingRegistry().removeProvider(own)


def test_in_processing_a_tower_writes_beside_the_measurements(
    small: Desk, provider: None, small_path: Path, tmp_path: Path
) -> None:
    part = QgsRectangle(WEST, NORTH - CHIP_M, WEST + 2 * CHIP_M, NORTH)
    extent = f"{part.xMinimum()},{part.xMaximum()},{part.yMinimum()},{part.yMaximum()}"
    asked = {"INPUT": str(small_path), "EXTENT": f"{extent} [EPSG:32632]", "DESCRIBER": "wordy"}
    layer = str(tmp_path / "words.gpkg")
    found = run("describe", OUTPUT=layer, **asked)
    assert found.get("TEXT", "").startswith("The image covers"), found
    rows = list(QgsVectorLayer(layer, "words").getFeatures())
    own = [row for row in rows if row["by"].startswith("wordy@")]
    assert "\n".join(row["sentence"] for row in own) == found["WRITTEN"] and len(own) == 2
    assert {row["by"] for row in rows[: found["SENTENCES"]]} == {"measured"}
    assert all(row.geometry().area() > 0 for row in own)
    for name, more in (("answer", {"QUESTION": "Is there water?"}), ("count", {})):
        said = run(name, OUTPUT=str(tmp_path / f"{name}.gpkg"), **asked, **more)
        assert said.get("WRITTEN", "").count("\n") == 1, said
    assert "wordy" in run("status")["DESCRIBERS"].split(",")
    refused = run("describe", **{**asked, "DESCRIBER": "nobody"})
    assert 'There is no describer "nobody". Describers here: facts, ' in refused["error"]
