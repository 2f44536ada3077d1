"""A scene is a file, a folder or an embedding; what no layer can show stands beside the layers."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsMapLayerModel,
    QgsProject,
    QgsRectangle,
)
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.remedies import Action
from tests.plugin.conftest import NORTH, PIXEL, WEST, Desk, wait_until
from tests.plugin.dock.conftest import ask, choose, encoders


@pytest.fixture
def desk(tidy_desk: Desk) -> Desk:
    """A desk whose backend has weights for every encoder, and a map in UTM."""
    tidy_desk.canvas.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:32632"))
    return tidy_desk


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


def test_a_backend_elsewhere_is_sent_the_file(
    far_desk: Desk, furnished: Path, scene_path: Path
) -> None:
    assert not far_desk.session.backend.stays_here
    far_desk.open(scene_path)
    assert ask(far_desk).isValid()
    assert list((furnished / "home").rglob(scene_path.name))


def test_a_backend_elsewhere_is_sent_both_files_of_a_pair(far_desk: Desk, furnished: Path) -> None:
    far_desk.open(furnished / "pair" / "s1_20240501_VH.tif")
    assert far_desk.said == ""
    names = {Path(file).name for file in far_desk.session.scene.files}
    assert names == {"s1_20240501_VH.tif", "s1_20240501_VV.tif"}
    sent = {file.name: file.read_bytes() for file in (furnished / "home").rglob("s1_20240501_*")}
    assert sent == {file.name: file.read_bytes() for file in (furnished / "pair").glob("*.tif")}


def test_a_pair_is_sent_whatever_its_names_are(
    far_desk: Desk, furnished: Path, tmp_path: Path
) -> None:
    name = "2024-05-01-00:00_Sentinel-1_IW_VV+VH_{}_(Raw) & more.tif"
    for band in ("VV", "VH"):
        file = furnished / "pair" / f"s1_20240501_{band}.tif"
        (tmp_path / name.format(band)).write_bytes(file.read_bytes())
    far_desk.open(tmp_path / name.format("VV"))
    assert far_desk.said == ""
    sent = {Path(file).name for file in far_desk.session.scene.files}
    assert sent == {name.format(band).replace(":", "-") for band in ("VV", "VH")}


def test_of_one_file_of_a_pair_the_panel_says_that_it_went_alone(
    far_desk: Desk, furnished: Path, tmp_path: Path
) -> None:
    lonely = tmp_path / "s1_20240501_VV.tif"
    lonely.write_bytes((furnished / "pair" / lonely.name).read_bytes())
    far_desk.open(lonely)
    assert far_desk.said.startswith("s1_20240501_VV.tif was sent alone: no file beside it")
    assert "Merge, each file in a separate band" in far_desk.said


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
