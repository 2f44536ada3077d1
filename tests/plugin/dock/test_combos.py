"""What is cut off says so, and bars are seen on a ground of their own colour."""

from __future__ import annotations

import pytest
from qgis.core import QgsProject
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QImage
from qgis.PyQt.QtWidgets import QComboBox, QWidget

from gluelink_plugin.dock.combos import Combo, LayerCombo
from gluelink_plugin.dock.histogram import Histogram
from gluelink_plugin.dock.widgets import make_narrow
from gluelink_plugin.layers.scene import open_raster
from tests.plugin.conftest import Desk, lake_scene, write_raster

LONG = "Texture statistics (no weights), 80 m"
pytestmark = pytest.mark.usefixtures("qgis_app")


def picture_of(widget: QWidget, width: int = 120) -> QImage:
    widget.resize(width, widget.sizeHint().height())
    return widget.grab().toImage()


def plain(entry: str) -> QComboBox:
    combo = make_narrow(QComboBox())
    combo.addItem(entry)
    return combo


def test_an_entry_that_is_cut_ends_in_an_ellipsis_and_a_short_one_is_whole() -> None:
    combo = make_narrow(Combo())
    combo.addItem(LONG)
    shown = picture_of(combo)
    cut = [f"{LONG[:count]}…" for count in range(5, len(LONG))]
    assert shown != picture_of(plain(LONG))
    assert shown in [picture_of(plain(each)) for each in cut]
    combo.setItemText(0, "Texture")
    assert picture_of(combo) == picture_of(plain("Texture"))


def test_what_stands_for_no_entry_is_seen() -> None:
    combo = Combo()
    empty = picture_of(combo)
    combo.setPlaceholderText("none fits")
    assert picture_of(combo) != empty


def test_a_layer_has_its_icon_and_as_much_of_its_name_as_there_is_room_for(tmp_path) -> None:
    layer = open_raster(write_raster(tmp_path / "a.tif", lake_scene(16)), LONG)
    QgsProject.instance().addMapLayer(layer)
    combo = make_narrow(LayerCombo())
    narrow, wide = picture_of(combo), picture_of(combo, 400)
    assert narrow.copy(0, 0, 40, 20) == wide.copy(0, 0, 40, 20) and narrow != wide
    QgsProject.instance().clear()


def test_every_combo_box_of_the_panel_says_that_it_is_cut(desk: Desk) -> None:
    kinds = {type(each) for each in desk.panel.findChildren(QComboBox)}
    assert len(kinds) > 2 and all(issubclass(kind, (Combo, LayerCombo)) for kind in kinds)


def test_bars_in_the_colour_of_the_ground_are_seen() -> None:
    histogram, pictures = Histogram(), []
    histogram.recolour(lambda _value: QColor(Qt.GlobalColor.white))
    for bars in ([1, 4, 2], [0, 0, 0]):
        histogram.show_bars(bars, 0, 1)
        pictures.append(picture_of(histogram))
    assert pictures[0] != pictures[1]
