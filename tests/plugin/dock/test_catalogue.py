"""Imagery from a catalogue, a folder or an annual product, asked with every encoder."""

from __future__ import annotations

import math
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.core import QgsMapLayerModel, QgsProject, QgsRasterLayer, QgsRectangle
from qgis.PyQt.QtCore import QDate, Qt
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.client.backend import State
from gluelink_plugin.dock.area import Way
from gluelink_plugin.dock.catalogue import CatalogueDialog
from gluelink_plugin.dock.remedies import Action
from gluelink_plugin.layers.scene import SceneSource
from tests.plugin.conftest import (
    NORTH,
    PIXEL,
    PYTHON,
    ROOT,
    WEST,
    Desk,
    Window,
    lake_scene,
    wait_until,
    write_raster,
)
from tests.plugin.jobs.test_alignment import results, value_at
from tests.protocol.server import TOKEN, start_server

SCENE = "S1A_IW_GRDH_1SDV_20240509T053512_rtc"
PLACE = QgsRectangle(WEST + 800, NORTH - 3700, WEST + 3700, NORTH - 800)
RADAR = ("ssl4eo-s1", "dinov2-s1", "betaearth-s1", "betaearth-s1-10m")


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of imagery; in its `home` weights, heads and a catalogue that is being served."""
    folder = tmp_path_factory.mktemp("furnished")
    command = [str(PYTHON), "-m", "tests.protocol.furnished", str(folder)]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    url = process.stdout.readline().strip()
    assert url.startswith("http://"), "the imagery was not made"
    catalogues = folder / "home" / "catalogues.yaml"
    catalogues.write_text(
        f"here: {{url: '{url}', collection: sentinel-1-rtc}}\n"
        "gone: {url: 'http://127.0.0.1:9', collection: sentinel-1-rtc}\n"
    )
    yield folder
    process.stdin.close()
    assert process.wait(20) == 0


@pytest.fixture(scope="module")
def furnished_desk(window: Window, furnished: Path) -> Iterator[Desk]:
    usual = os.environ["GLUELINK_HOME"]
    os.environ["GLUELINK_HOME"] = str(furnished / "home")
    desk = Desk(window)
    desk.start_backend()
    os.environ["GLUELINK_HOME"] = usual
    yield desk
    desk.close()


@pytest.fixture
def desk(furnished_desk: Desk) -> Iterator[Desk]:
    yield furnished_desk
    furnished_desk.scene.catalogue.hide()
    furnished_desk.tidy()


def choose(desk: Desk, source: Path) -> None:
    """Choose a file or a folder as its menu does, and wait for what the backend says of it."""
    if source.is_file():
        desk.scene.add_file(source)
    else:
        desk.scene.add_path(SceneSource(str(source), source.name))
    wait_until(lambda: desk.session.scene is not None or desk.session.refusal is not None)


def ask(desk: Desk, way: Way = Way.SCENE) -> QgsRasterLayer:
    desk.click(way)
    desk.type("open water")
    desk.press_enter()
    desk.wait_for_end()
    assert desk.said == ""
    (layer,) = results()
    return layer


def open_search(desk: Desk, catalogue: str = "here") -> CatalogueDialog:
    """The dialog, over a place that has scenes, in May 2024."""
    desk.canvas.setDestinationCrs(QgsProject.instance().crs().fromEpsgId(32632))
    desk.canvas.setExtent(PLACE)
    desk.scene.search()
    dialog = desk.scene.catalogue
    wait_until(lambda: dialog.catalogues.count())
    dialog.catalogues.setCurrentIndex(dialog.catalogues.findText(catalogue))
    dialog.first.setDate(QDate(2024, 5, 1))
    dialog.last.setDate(QDate(2024, 5, 31))
    return dialog


def search(dialog: CatalogueDialog) -> None:
    QTest.mouseClick(dialog.search, Qt.MouseButton.LeftButton)
    wait_until(lambda: dialog.search.text() == "&Search")


def row_of(dialog: CatalogueDialog, column: int, text: str) -> int:
    (item,) = dialog.table.findItems(text, Qt.MatchFlag.MatchStartsWith)
    assert item.column() == column
    return item.row()


def encoders(desk: Desk) -> dict[str, bool]:
    """The encoders by name: can they be chosen?"""
    combo = desk.ask.encoders
    places = range(combo.count())
    return {combo.itemData(i): combo.model().item(i).isEnabled() for i in places}


def test_a_scene_is_found_fetched_and_asked(desk: Desk) -> None:
    dialog = open_search(desk)
    search(dialog)
    assert dialog.table.rowCount() == 2
    cells = [dialog.table.item(1, column).text() for column in range(6)]
    assert cells == ["2024-05-09 05:35", "ascending", "15", "VV, VH", "RTC", "100"]
    dialog.table.selectRow(1)
    outline = desk.scene.catalogue._band.asGeometry().boundingBox()
    assert outline.contains(PLACE)
    QTest.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()
    assert dialog._band.asGeometry().isEmpty()
    assert desk.session.run.request.item == SCENE
    desk.wait_for_end()
    assert desk.panel.foot.stage.text().startswith("Fetched in")
    layer = desk.scene.layers.currentLayer()
    assert layer.name() == SCENE and layer.extent().contains(PLACE)
    wait_until(lambda: desk.session.scene is not None)
    assert (desk.session.scene.product_type, desk.session.scene.date) == ("RTC", "2024-05-09")
    made = ask(desk, Way.VIEW)
    assert math.isfinite(value_at(made, 1, 224))


def test_a_scene_that_cannot_be_fetched_says_why(desk: Desk) -> None:
    dialog = open_search(desk)
    search(dialog)
    row = row_of(dialog, 0, "2024-05-21")
    dialog.table.selectRow(row)
    assert dialog.summary.text().startswith("It cannot be fetched: its files lie in an Amazon S3")
    assert not dialog.fetch.isEnabled()
    dialog.table.selectRow(1 - row)
    assert dialog.fetch.isEnabled()


@pytest.mark.parametrize(
    ("catalogue", "year", "said"),
    [
        ("gone", 2024, "The catalogue gone cannot be reached"),
        ("here", 2023, "here has no scene of sentinel-1-rtc with VV and VH over the area"),
    ],
)
def test_a_search_that_fails_is_one_sentence(
    desk: Desk, catalogue: str, year: int, said: str
) -> None:
    dialog = open_search(desk, catalogue)
    dialog.first.setDate(QDate(year, 5, 1))
    dialog.last.setDate(QDate(year, 5, 31))
    search(dialog)
    assert dialog.message.isVisible()
    assert dialog.message.sentence.text().startswith(said)
    assert dialog.table.rowCount() == 0 and not dialog.fetch.isEnabled()
    assert desk.said == ""


def test_a_search_can_be_stopped(desk: Desk) -> None:
    dialog = open_search(desk, "gone")
    QTest.mouseClick(dialog.search, Qt.MouseButton.LeftButton)
    assert dialog.search.text() == "&Stop"
    QTest.mouseClick(dialog.search, Qt.MouseButton.LeftButton)
    assert dialog.search.text() == "&Search"
    QTest.qWait(300)
    assert not dialog.message.isVisible()


def test_a_fetch_that_is_cancelled_leaves_the_scene_that_was_chosen(
    desk: Desk, scene_path: Path
) -> None:
    desk.open(scene_path)
    dialog = open_search(desk)
    search(dialog)
    dialog.table.selectRow(1)
    QTest.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
    QTest.mouseClick(desk.panel.foot.cancel, Qt.MouseButton.LeftButton)
    desk.wait_for_end()
    assert desk.said == ""
    assert desk.scene.layers.currentLayer().name() == "lake_20240501"


def test_a_folder_of_a_pair_is_asked(desk: Desk, furnished: Path) -> None:
    choose(desk, furnished / "pair")
    layers = desk.scene.layers
    assert layers.currentText() == "pair" and layers.currentLayer() is None
    assert layers.toolTip() == str(furnished / "pair")
    made = ask(desk)
    assert made.name() == "open water · pair"
    outline = desk.area._band.asGeometry().boundingBox()
    assert outline.intersects(made.extent())


def test_a_tile_of_alphaearth_is_asked_with_its_encoder(desk: Desk, furnished: Path) -> None:
    choose(desk, furnished / "2024" / "32N" / "tile.tiff")
    assert desk.ask.encoders.currentData() == "alphaearth"
    assert [name for name, can in encoders(desk).items() if can] == ["alphaearth"]
    tip = desk.ask.encoders.model().item(0).toolTip()
    assert "It reads Sentinel-1; the scene is AlphaEarth." in tip
    assert not desk.scene.options.fields["units"].isEnabled()
    made = ask(desk)
    assert made.extent().width() == 80 * PIXEL


def test_of_a_folder_with_two_years_one_is_stated(desk: Desk, furnished: Path) -> None:
    choose(desk, furnished / "tessera")
    assert desk.said == "There are tiles of 2023, 2024.\nState one of these years as the date."
    desk.panel.message.asked.emit(Action.DATE)
    assert desk.window.main.focusWidget() is desk.scene.options.fields["date"]
    QTest.keyClicks(desk.scene.options.fields["date"], "2024")
    QTest.keyClick(desk.scene.options.fields["date"], Qt.Key.Key_Return)
    wait_until(lambda: desk.session.scene is not None)
    assert desk.said == ""
    assert desk.ask.encoders.currentData() == "tessera"
    desk.area.zoom_to_scene()
    assert desk.canvas.extent().contains(QgsRectangle(WEST, NORTH - 500, WEST + 600, NORTH))
    ask(desk)


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


def test_a_question_that_waits_is_asked_with_the_encoder_that_fits(
    desk: Desk, furnished: Path, scene_path: Path
) -> None:
    desk.open(scene_path)
    desk.click(Way.SCENE)
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
    desk.draw_box(QgsRectangle(WEST + 700, NORTH - 1500, WEST + 1500, NORTH - 700))
    combo = desk.ask.encoders
    combo.setCurrentIndex(combo.findData(encoder))
    desk.type("open water")
    desk.press_enter()
    desk.wait_for_end()
    assert desk.said == ""
    (layer,) = results()
    info = next(e for e in desk.session.backend.capabilities.encoders if e.name == encoder)
    assert layer.rasterUnitsPerPixelX() == info.cell_m
    assert "siglip2-base" in desk.ask.heads.toolTip()


def test_an_encoder_of_seasons_asks_for_the_date(desk: Desk, tmp_path: Path) -> None:
    desk.open(write_raster(tmp_path / "lake.tif", lake_scene(224)))
    desk.click(Way.SCENE)
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
    ask(desk)


@pytest.fixture(scope="module")
def linked_desk(window: Window, furnished: Path) -> Iterator[Desk]:
    """A desk whose backend runs elsewhere, as far as the panel can tell."""
    name = socket.gethostname()
    try:
        address = socket.gethostbyname(name)
    except OSError:
        pytest.skip(f"this machine does not know its own name, {name}")
    server = start_server(furnished / "home", "--host", address, "--allow-host", name)
    desk = Desk(window)
    backend = desk.session.backend
    there = f"http://{name}:{server.port}"
    backend.configure(replace(backend.settings, address=there, token=TOKEN))
    backend.start()
    wait_until(lambda: backend.state is State.READY)
    yield desk
    desk.close()
    server.stop()


@pytest.fixture
def far_desk(linked_desk: Desk) -> Iterator[Desk]:
    yield linked_desk
    linked_desk.tidy()


def test_a_backend_elsewhere_asks_what_it_has_fetched_and_is_sent_nothing(
    far_desk: Desk, furnished: Path
) -> None:
    dialog = open_search(far_desk)
    search(dialog)
    dialog.table.selectRow(1)
    QTest.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
    far_desk.wait_for_end()
    layers = far_desk.scene.layers
    assert layers.currentText() == SCENE and layers.currentLayer() is None
    wait_until(lambda: far_desk.session.scene is not None)
    ask(far_desk, Way.VIEW)
    assert not list((furnished / "home" / "service").rglob("uploads/*"))


@pytest.mark.parametrize("path", ["pair", "2024/32N/tile.tiff"])
def test_no_folder_and_no_product_is_sent_elsewhere(
    far_desk: Desk, furnished: Path, path: str
) -> None:
    choose(far_desk, furnished / path)
    name = Path(path).stem
    assert far_desk.said.startswith(f"“{name}” lies on this computer; a backend elsewhere")


def test_entries_that_are_no_layers_go_with_the_project(desk: Desk, furnished: Path) -> None:
    choose(desk, furnished / "pair")
    QgsProject.instance().clear()
    combo = desk.scene.layers
    role = QgsMapLayerModel.ItemDataRole.AdditionalRole
    assert not any(combo.itemData(i, role) for i in range(combo.count()))
    assert desk.session.source is None
