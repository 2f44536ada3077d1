"""A map is asked again of its own scene and area, and its recipe can be copied."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsMapLayer, QgsProject
from qgis.PyQt.QtWidgets import QAction, QMainWindow

from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.dock.layer_menu import LayerMenu
from tests.plugin.conftest import Desk
from tests.plugin.jobs.test_alignment import BOX, ask, results


class Menus:
    """The menus of QGIS's layer tree."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.actions: list[str] = []
        self.of_layers: dict[str, list[str]] = {}
        self.layer: QgsMapLayer | None = None

    def mainWindow(self) -> QMainWindow:
        return self._window

    def activeLayer(self) -> QgsMapLayer | None:
        return self.layer

    def addCustomActionForLayerType(self, action: QAction, *_: Any) -> None:
        self.actions.append(action.text())

    def removeCustomActionForLayerType(self, action: QAction) -> None:
        self.actions.remove(action.text())

    def addCustomActionForLayer(self, action: QAction, layer: QgsMapLayer) -> None:
        self.of_layers.setdefault(layer.name(), []).append(action.text())


def test_a_map_is_asked_again_of_its_own_scene_and_area(
    desk: Desk, scene_path: Path, tmp_path: Path
) -> None:
    menus = Menus(desk.window.main)
    menu = LayerMenu(menus, desk.panel.ask_again)
    (first,) = ask(desk, scene_path, "open water")
    assert menus.of_layers == {first.name(): ["Ask again", "Copy recipe"]}
    desk.open(Path(shutil.copy(scene_path, tmp_path / "other_20240501.tif")))
    desk.click(AreaChoice.VIEW)
    desk.type("a forest")
    menus.layer = first
    menu.copy.trigger()
    recipe = json.loads(QgsApplication.clipboard().text())
    assert recipe["scene"] == str(scene_path) and recipe["phrases"] == ["open water"]
    menu.again.trigger()
    desk.wait_for_end()
    assert desk.said == ""
    again, _ = results()
    assert again.name() == first.name()
    assert again.extent() == first.extent() and BOX.intersects(again.extent())
    menu.remove()
    assert menus.actions == []


def test_other_layers_have_no_such_menu(desk: Desk, scene_path: Path) -> None:
    menus = Menus(desk.window.main)
    menu = LayerMenu(menus, desk.panel.ask_again)
    desk.scene.add_file(scene_path)
    menus.layer = next(iter(QgsProject.instance().mapLayers().values()))
    menu.again.trigger()
    assert menus.of_layers == {} and not desk.session.busy
    menu.remove()
