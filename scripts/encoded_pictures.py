"""Draw the panel's area section when nothing, a part and all of an area is encoded: docs/images.

Run it with the Python of QGIS: `.venv-qgis/bin/python -m scripts.encoded_pictures`. It simulates a
scene, asks a part of it and then all of it, with a backend whose store is empty at first, and
takes the map above the section each time.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from qgis.core import QgsGeometry, QgsRectangle
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.dock.panel import Panel
from scripts.panel_pictures import (
    IMAGES,
    MARGIN,
    PYTHON,
    ROOT,
    SIZE,
    Window,
    save_stacked,
    shown_panel,
    wait_until,
)

SIDE_PX = 3072  # three blocks of the store
MAP_SIZE = (SIZE[0] - 2 * MARGIN, 240)


def make_scene(folder: Path) -> Path:
    """Simulate a scene that has room for several blocks."""
    command = [str(PYTHON), "-m", "backend.survey", "scene", "--size", str(SIDE_PX)]
    command += ["-o", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return folder / "scene.tif"


def part_of(extent: QgsRectangle, west: float, east: float) -> QgsRectangle:
    """Return a box of the scene, from and to shares of its width."""
    left, width = extent.xMinimum(), extent.width()
    inset = extent.height() * 0.12
    return QgsRectangle(
        left + west * width,
        extent.yMinimum() + inset,
        left + east * width,
        extent.yMaximum() - inset,
    )


class Desk:
    """A panel beside a map, with a scene."""

    def __init__(self, window: Window, panel: Panel, scene: Path) -> None:
        self.canvas, self.panel, self.session = window.canvas, panel, panel.session
        self.area = panel.sections["area"]
        panel.sections["scene"].add_file(scene)
        wait_until(lambda: self.session.scene or self.session.refusal, "Checking the scene")
        layer = panel.sections["scene"].layers.currentLayer()
        self.extent, crs = layer.extent(), layer.crs()
        self.canvas.setDestinationCrs(crs)
        self.canvas.setLayers([layer])

    def choose(self, box: QgsRectangle) -> None:
        """Draw a box as the area, and wait for its estimate."""
        self.area.choose(AreaChoice.BOX)
        self.canvas.mapTool().drawn.emit(QgsGeometry.fromRect(box))
        wait_until(lambda: self.session.estimate, "Estimating the area")

    def ask(self, box: QgsRectangle) -> None:
        """Ask an area, and wait for the map."""
        self.choose(box)
        ask = self.panel.sections["ask"]
        ask.box.edit.setText("open water")
        ask.run.click()
        wait_until(lambda: not self.session.busy, "The job")
        if self.panel.message.isVisible():
            sys.exit(f"The panel says: {self.panel.message.sentence.text()}")

    def draw(self, picture: Path) -> None:
        """Keep a picture of the map above the section."""
        self.canvas.resize(*MAP_SIZE)
        self.canvas.setExtent(self.extent.buffered(self.extent.height() * 0.04))
        self.canvas.refresh()
        QTest.qWait(500)
        wait_until(lambda: not self.canvas.isDrawing(), "Drawing the map")
        wait_until(lambda: self.session.estimate, "Estimating the area")
        drawn = [self.canvas.grab(), self.area.grab()]
        if drawn[1].width() > SIZE[0] - 2 * MARGIN:
            sys.exit(f"The section is {drawn[1].width()} px wide.")
        save_stacked(drawn, self.panel, picture)


def play(desk: Desk, folder: Path) -> None:
    """Ask a part, then all, and draw what is said of the same area before, between and after."""
    area = part_of(desk.extent, 0.05, 0.95)
    desk.choose(area)
    desk.draw(folder / "encoded-none.png")
    desk.ask(part_of(desk.extent, 0.05, 0.4))
    desk.choose(area)
    desk.draw(folder / "encoded-part.png")
    desk.ask(area)
    desk.choose(area)
    desk.draw(folder / "encoded-all.png")


def main() -> None:
    """Make the scene, start a backend and draw."""
    with shown_panel() as (window, panel, folder):
        play(Desk(window, panel, make_scene(folder)), IMAGES)


if __name__ == "__main__":
    main()
