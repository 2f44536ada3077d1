"""Draw the sections of phrases and of the map, each below a map: docs/images.

Run it with the Python of QGIS: `.venv-qgis/bin/python -m scripts.ask_pictures`. It simulates a
scene, encodes it by a first phrase, and types another one, in a light and in a dark theme. Then it
asks three phrases, hides what is below a threshold, presses example cells, probes a cell, and shows
ranks among words and the best phrase with their legends.
"""

from __future__ import annotations

from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsLayerTreeModel,
    QgsPointXY,
    QgsProject,
    QgsRectangle,
)
from qgis.gui import QgsLayerTreeView
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QWidget

from gluelink_plugin.dock.probe import STANDING_OUT
from gluelink_plugin.layers.view import Cells
from scripts.encoded_pictures import MAP_SIZE, Desk, make_scene, part_of
from scripts.panel_pictures import IMAGES, dark_palette, save_stacked, shown_panel, wait_until

SEEN_M = 4000  # around the cell that is probed


class AskDesk(Desk):
    """A desk on whose map the layers of the project are."""

    def type(self, text: str) -> None:
        """Type into the line, and wait until the live map shows it."""
        ask = self.panel.sections["ask"]
        shown: list[str] = []
        ask.live.shown.connect(lambda layer: shown.append(layer.name()))
        QTest.keyClicks(ask.box.edit, text, delay=20)
        wait_until(lambda: shown, "The live map")

    def draw_section(self, name: str, picture: Path) -> None:
        """Keep a picture of the map above a section."""
        self.draw_above(self.panel.sections[name], picture)

    def draw_legend(self, picture: Path) -> None:
        """Keep a picture of the map above the layer tree."""
        model = QgsLayerTreeModel(QgsProject.instance().layerTreeRoot())
        tree = QgsLayerTreeView()
        tree.setModel(model)
        tree.expandAll()
        tree.resize(MAP_SIZE[0], 190)
        tree.show()
        self.draw_above(tree, picture)

    def draw_above(self, below: QWidget, picture: Path) -> None:
        """Keep a picture of the map above a widget."""
        root = QgsProject.instance().layerTreeRoot()
        self.canvas.setLayers([layer for layer in root.layerOrder() if self.is_seen(layer.id())])
        self.canvas.resize(*MAP_SIZE)
        self.canvas.setExtent(self.extent)
        self.canvas.refresh()
        QTest.qWait(500)
        wait_until(lambda: not self.canvas.isDrawing(), "Drawing the map")
        save_stacked([self.canvas.grab(), below.grab()], self.panel, picture)

    def is_seen(self, layer_id: str) -> bool:
        """Return whether the layer tree shows a layer."""
        node = QgsProject.instance().layerTreeRoot().findLayer(layer_id)
        return node is not None and node.isVisible()


def play(desk: AskDesk, folder: Path) -> None:
    """Ask once, so that all is encoded; then chips and the live map, light and dark."""
    desk.ask(part_of(desk.extent, 0.0, 1.0))
    wait_until(lambda: desk.panel.sections["ask"].live.can_follow, "The estimate")
    ask = desk.panel.sections["ask"]
    ask.box.set_question(["a dense town", "open water", ""], ["a harbour with ships at the quays"])
    desk.type("a conifer forest")
    desk.draw_section("ask", folder / "ask-live.png")
    light = QgsApplication.palette()
    QgsApplication.setPalette(dark_palette())
    QTest.qWait(200)
    desk.draw_section("ask", folder / "ask-live-dark.png")
    QgsApplication.setPalette(light)
    ask.ask_for(["open water", "a dense town", "a conifer forest"])
    wait_until(lambda: not desk.session.busy, "The job")
    section = desk.panel.sections["map"]
    low, high = Cells(section.layer, 1).ends
    section.histogram.moved.emit(low + 0.6 * (high - low))
    desk.draw_section("map", folder / "map-threshold.png")
    section.all.click()
    draw_examples(desk, folder / "ask-examples.png")
    draw_probe(desk, folder / "map-probe.png")
    first = section.layer
    section.among.click()
    wait_until(lambda: section.layer is not first and not desk.session.busy, "The ranks")
    desk.draw_legend(folder / "map-words.png")
    section.look_at(first)
    section.best.click()
    wait_until(lambda: not section.controls.isVisible(), "The best phrase")
    desk.draw_legend(folder / "map-best.png")


def draw_examples(desk: AskDesk, picture: Path) -> None:
    """Press a cell that is liked and one that is not, and keep a picture of the live map."""
    ask, places = desk.panel.sections["ask"], desk.panel.sections["places"]
    wait_until(lambda: places.places, "Looking for places")
    best, whole = places.places[0].centre, desk.extent
    desk.extent = QgsRectangle.fromCenterAndSize(best, 2 * SEEN_M, 2 * SEEN_M)
    desk.canvas.setExtent(desk.extent)
    ask.box.set_question([])
    shown: list[str] = []
    ask.live.shown.connect(lambda layer: shown.append(layer.name()))
    for button, place in (("like", best), ("unlike", QgsPointXY(best.x() - 2000, best.y() + 1200))):
        ask.examples.buttons[button].click()
        desk.canvas.mapTool().pressed.emit(place)
    wait_until(lambda: any("but not" in name for name in shown), "The live map")
    desk.draw_section("ask", picture)
    ask.examples.buttons["unlike"].click()
    ask.box.set_question([])
    desk.extent = whole


def draw_probe(desk: AskDesk, picture: Path) -> None:
    """Press the best cell of the map, and keep a picture of what is around it."""
    places = desk.panel.sections["places"]
    wait_until(lambda: places.places, "Looking for places")
    best = places.places[0].centre
    probe, whole = desk.panel.sections["map"].probe, desk.extent
    desk.extent = QgsRectangle.fromCenterAndSize(best, SEEN_M, SEEN_M)
    probe.button.click()
    desk.canvas.mapTool().pressed.emit(best)
    wait_until(lambda: probe.phrases.text().startswith(STANDING_OUT), "The phrases")
    desk.draw_section("map", picture)
    probe.button.click()
    desk.extent = whole


def main() -> None:
    """Make the scene, start a backend and draw."""
    with shown_panel() as (window, panel, folder):
        play(AskDesk(window, panel, make_scene(folder)), IMAGES)


if __name__ == "__main__":
    main()
