"""Scenes of a STAC catalogue are found, fetched and asked."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from qgis.core import QgsProject, QgsRectangle
from qgis.PyQt.QtCore import QDate, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel, QWidget

from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.dock.catalogue import CatalogueDialog
from tests.plugin.conftest import NORTH, WEST, Desk, wait_until
from tests.plugin.dock.conftest import ask
from tests.plugin.jobs.test_alignment import value_at
from tests.plugin.scripted import ScriptedBackend

SCENE = "S1A_IW_GRDH_1SDV_20240509T053512_rtc"
PLACE = QgsRectangle(WEST + 800, NORTH - 3700, WEST + 3700, NORTH - 800)


@pytest.fixture
def desk(tidy_desk: Desk) -> Desk:
    """A desk whose backend has weights for every encoder."""
    return tidy_desk


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
    made = ask(desk, AreaChoice.VIEW)
    assert math.isfinite(value_at(made, 1, 224))


def test_the_newest_scene_of_a_catalogue_is_shown_once_it_is_chosen(desk: Desk) -> None:
    dialog = open_search(desk, "gone")
    assert "Newest scene" not in dialog.about.text()
    dialog.catalogues.setCurrentIndex(dialog.catalogues.findText("here"))
    wait_until(lambda: dialog.about.text() == "Newest scene: 2024-05-21.")
    assert dialog.search.isEnabled()
    dialog.catalogues.setCurrentIndex(dialog.catalogues.findText("planetary-computer"))
    assert dialog.about.text().startswith("Terrain corrected")


def test_a_scene_that_cannot_be_fetched_says_why(desk: Desk) -> None:
    dialog = open_search(desk)
    search(dialog)
    row = row_of(dialog, 0, "2024-05-21")
    dialog.table.selectRow(row)
    assert dialog.summary.text().startswith("It cannot be fetched: its files lie in the Amazon S3")
    assert not dialog.fetch.isEnabled()
    dialog.table.selectRow(1 - row)
    assert dialog.fetch.isEnabled()


def test_a_fetched_scene_of_two_files_is_chosen_as_their_folder(
    desk: Desk, scene_path: Path, tmp_path: Path
) -> None:
    """As the backend leaves a pass that lies in two UTM zones."""
    desk.open(scene_path)
    wait_until(lambda: desk.session.scene is not None)
    folder = tmp_path / "pass_20231217"
    folder.mkdir()
    files = [str(shutil.copy(scene_path, folder / f"part_{i}.tif")) for i in range(2)]
    desk.scene.add_fetched(replace(desk.session.scene, files=files, name="a pass"))
    assert (desk.scene.layers.currentText(), desk.scene.layers.currentLayer()) == ("a pass", None)
    wait_until(lambda: desk.session.scene is not None and len(desk.session.scene.files) == 2)


def test_a_server_elsewhere_that_is_asked_is_named_beforehand_and_afterwards(
    new_desk: Desk, scripted: ScriptedBackend
) -> None:
    far = {"name": "far", "url": "https://stac.example.org/v1", "collection": "s1", "about": ""}
    scripted.replies["GET /v1/imagery/catalogues"] = {"catalogues": [far]}
    new_desk.connect(scripted.address)
    assert "Nothing leaves this computer." in texts(new_desk.status)
    new_desk.scene.search()
    dialog = new_desk.scene.catalogue
    wait_until(lambda: dialog.catalogues.count())
    assert dialog.about.text() == "A search sends area and dates to stac.example.org."
    (told,) = [text for text in texts(new_desk.status) if "leaves this computer" in text]
    assert told == (
        "Searches for scenes, with area and dates, were sent to stac.example.org. "
        "Nothing else leaves this computer."
    )


def texts(view: QWidget) -> list[str]:
    return [label.text().replace("\u200b", "") for label in view.findChildren(QLabel)]


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


def test_a_backend_elsewhere_asks_what_it_has_fetched_and_is_sent_nothing(
    far_desk: Desk, furnished: Path
) -> None:
    uploads = (furnished / "home" / "service").rglob
    before = set(uploads("uploads/*"))
    dialog = open_search(far_desk)
    search(dialog)
    dialog.table.selectRow(1)
    QTest.mouseClick(dialog.fetch, Qt.MouseButton.LeftButton)
    far_desk.wait_for_end()
    layers = far_desk.scene.layers
    assert layers.currentText() == SCENE and layers.currentLayer() is None
    wait_until(lambda: far_desk.session.scene is not None)
    ask(far_desk, AreaChoice.VIEW)
    assert set(uploads("uploads/*")) == before
