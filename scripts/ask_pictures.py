"""Draw the ask section with chips, and a map that follows the typing: docs/images.

Run it with the Python of QGIS: `.venv-qgis/bin/python -m scripts.ask_pictures`. It simulates a
scene, encodes it by a first phrase, and types another one, in a light and in a dark theme.
"""

from __future__ import annotations

from pathlib import Path

from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtTest import QTest

from scripts.encoded_pictures import MAP_SIZE, Desk, make_scene, part_of
from scripts.panel_pictures import IMAGES, save_stacked, shown_panel, wait_until


class AskDesk(Desk):
    """A desk on whose map the layers of the project are."""

    def type(self, text: str) -> None:
        """Type into the line, and wait until the live map shows it."""
        ask = self.panel.sections["ask"]
        shown: list[str] = []
        ask.live.shown.connect(lambda layer: shown.append(layer.name()))
        QTest.keyClicks(ask.box.edit, text, delay=20)
        wait_until(lambda: shown, "The live map")

    def draw_ask(self, picture: Path) -> None:
        """Keep a picture of the map above the section."""
        root = QgsProject.instance().layerTreeRoot()
        self.canvas.setLayers([layer for layer in root.layerOrder() if self.is_seen(layer.id())])
        self.canvas.resize(*MAP_SIZE)
        self.canvas.setExtent(self.extent)
        self.canvas.refresh()
        QTest.qWait(500)
        wait_until(lambda: not self.canvas.isDrawing(), "Drawing the map")
        save_stacked([self.canvas.grab(), self.panel.sections["ask"].grab()], self.panel, picture)

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
    desk.draw_ask(folder / "ask-live.png")
    QgsApplication.setPalette(QPalette(QColor(50, 50, 50)))
    QTest.qWait(200)
    desk.draw_ask(folder / "ask-live-dark.png")


def main() -> None:
    """Make the scene, start a backend and draw."""
    with shown_panel() as (window, panel, folder):
        play(AskDesk(window, panel, make_scene(folder)), IMAGES)


if __name__ == "__main__":
    main()
