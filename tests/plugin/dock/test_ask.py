"""Phrases are written, and only encoders and heads that fit can be chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsApplication, QgsRectangle
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.dock.remedies import Action
from gluelink_plugin.settings import Settings, terminal_command
from tests.plugin.conftest import NORTH, WEST, Desk, lake_scene, wait_until, write_raster
from tests.plugin.dock.conftest import choose, encoders
from tests.plugin.jobs.test_alignment import results
from tests.plugin.scripted import ScriptedBackend

RADAR = ("ssl4eo-s1", "dinov2-s1", "betaearth-s1-10m")
"""All but betaearth-s1, which is asked where the date is."""
FOUR_WINDOWS = QgsRectangle(WEST + 1000, NORTH - 1250, WEST + 1250, NORTH - 1000)
"""Overlapping windows that are encoded over each place: here no more than a single cell needs."""


@pytest.fixture
def desk(tidy_desk: Desk) -> Desk:
    """A desk whose backend has weights for every encoder."""
    return tidy_desk


def test_encoders_are_shown_once_the_backend_has_started(
    new_desk: Desk, scripted: ScriptedBackend
) -> None:
    combo = new_desk.ask.encoders
    assert combo.count() == 0 and not combo.isEnabled()
    assert new_desk.ask.unlisted.isVisible()
    new_desk.connect(scripted.address)
    assert combo.currentData() == "texture-s1" and combo.isEnabled()
    assert not new_desk.ask.unlisted.isVisible()


def test_weights_that_are_missing_come_with_the_command_that_fetches_them(
    new_desk: Desk, scripted: ScriptedBackend
) -> None:
    told = "The weights of ssl4eo-s1 are not at /models. Fetch them (1.2 GB): "
    command = "python -m backend.models pull ssl4eo-s1"
    encoder = scripted.replies["GET /v1/capabilities"]["encoders"][0]
    lacking = {**encoder, "name": "ssl4eo-s1", "title": "SSL4EO", "available": False}
    encoders = [encoder, {**lacking, "remedy": f"{told}{command}."}]
    scripted.replies["GET /v1/capabilities"]["encoders"] = encoders
    new_desk.connect(scripted.address)
    assert new_desk.ask.lacking.isVisible()
    assert new_desk.ask.lacking.text() == "1 encoder lacks weights…"
    (action,) = new_desk.ask.lacking.menu().actions()
    assert action.text() == "SSL4EO"
    action.trigger()
    assert new_desk.said.startswith("The weights of SSL4EO (1.2 GB) are not on the backend's")
    assert new_desk.said.endswith(f"\n{command}")
    new_desk.panel.message.asked.emit(Action.COPY)
    assert QgsApplication.clipboard().text() == command


def test_a_command_names_the_folder_and_the_python_of_our_backend() -> None:
    settings = Settings(folder="/glue link")
    command = terminal_command(settings, "python -m backend.models list")
    assert command == 'cd "/glue link" && "/glue link/.venv/bin/python" -m backend.models list'


def test_only_pairs_that_fit_can_be_chosen(desk: Desk) -> None:
    ask = desk.ask
    heads = [ask.heads.itemData(i) for i in range(ask.heads.count())]
    capabilities = desk.session.backend.capabilities
    assert heads == [h.name for h in capabilities.heads if h.encoder == ask.encoders.currentData()]
    assert "Text space" in ask.heads.toolTip()


def test_more_phrases_than_the_backend_takes_cannot_be_added(desk: Desk) -> None:
    limit = int(desk.session.backend.capabilities.limit("max_phrases", 0))
    desk.ask.box.set_question([f"phrase {number}" for number in range(limit)])
    assert not desk.ask.box.add.isEnabled() and not desk.ask.box.subtract.isEnabled()
    assert desk.ask.box.question().count == limit


def test_the_encoder_of_before_comes_back_with_its_scenes(
    desk: Desk, furnished: Path, scene_path: Path
) -> None:
    desk.open(scene_path)
    combo = desk.ask.encoders
    combo.setCurrentIndex(combo.findData("dinov2-s1"))
    combo.activated.emit(combo.currentIndex())
    assert not encoders(desk)["alphaearth"]
    choose(desk, furnished / "2024" / "32N" / "tile.tiff")
    assert combo.currentData() == "alphaearth"
    desk.open(scene_path)
    assert combo.currentData() == "dinov2-s1"


def test_an_encoder_of_several_dates_cannot_be_chosen_for_one(
    desk: Desk, scene_path: Path, tmp_path: Path
) -> None:
    desk.open(scene_path)
    combo = desk.ask.encoders
    row = combo.findData("texture-s1-dates")
    assert desk.session.scene.dates == 1 and not encoders(desk)["texture-s1-dates"]
    assert "It takes 2 dates or more; the scene has 1." in combo.itemData(
        row, Qt.ItemDataRole.ToolTipRole
    )
    later = write_raster(tmp_path / "lake_20240513.tif", lake_scene(448))
    desk.session.set_option("also", [str(later)])
    wait_until(lambda: desk.session.scene is not None)
    assert desk.session.scene.dates == 2 and encoders(desk)["texture-s1-dates"]
    combo.setCurrentIndex(row)
    combo.activated.emit(row)
    desk.session.set_option("also", None)
    wait_until(lambda: desk.session.scene is not None)
    assert combo.currentData() != "texture-s1-dates" and not encoders(desk)["texture-s1-dates"]


def test_a_question_that_waits_is_asked_with_the_encoder_that_fits(
    desk: Desk, furnished: Path, scene_path: Path
) -> None:
    desk.open(scene_path)
    desk.click(AreaChoice.SCENE)
    desk.type("open water")
    desk.scene.add_file(furnished / "2024" / "32N" / "tile.tiff")
    desk.press_enter()
    assert desk.session.busy and desk.session.run is None
    wait_until(lambda: desk.session.run is not None)
    assert desk.session.run.request.encoder == "alphaearth"
    desk.wait_for_end()
    assert desk.said == ""


@pytest.mark.parametrize("encoder", RADAR)
def test_every_radar_encoder_is_asked(desk: Desk, scene_path: Path, encoder: str) -> None:
    desk.open(scene_path)
    desk.draw_box(FOUR_WINDOWS)
    combo = desk.ask.encoders
    combo.setCurrentIndex(combo.findData(encoder))
    desk.type("open water")
    desk.press_enter()
    desk.wait_for_end()
    assert_asked_with(desk, encoder)


def assert_asked_with(desk: Desk, encoder: str) -> None:
    """The map is there, in the encoder's cells."""
    assert desk.said == ""
    (layer,) = results()
    info = next(e for e in desk.session.backend.capabilities.encoders if e.name == encoder)
    assert layer.rasterUnitsPerPixelX() == info.cell_m
    assert "siglip2-base" in desk.ask.heads.toolTip()


def test_an_encoder_of_seasons_asks_for_the_date(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_raster(tmp_path / "lake.tif", lake_scene(224)))
    desk.draw_box(FOUR_WINDOWS)
    combo = desk.ask.encoders
    combo.setCurrentIndex(combo.findData("betaearth-s1"))
    desk.type("open water")
    desk.press_enter()
    desk.wait_for_end()
    assert desk.said.startswith("betaearth-s1 needs the scene's date")
    desk.panel.message.asked.emit(Action.DATE)
    QTest.keyClicks(desk.scene.options.fields["date"], "2024-05-01")
    QTest.keyClick(desk.scene.options.fields["date"], Qt.Key.Key_Return)
    wait_until(lambda: desk.session.scene is not None)
    assert desk.session.scene.date == "2024-05-01"
    desk.press_enter()
    desk.wait_for_end()
    assert_asked_with(desk, "betaearth-s1")
