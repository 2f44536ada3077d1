"""Draw what the panel says in words, and what it lights up, into docs/images.

Run it with the Python of QGIS: `.venv-qgis/bin/python -m scripts.words_pictures`. It simulates a
coast with ships, has a backend of its own describe it, and draws each state of the section below
the map. A folder as argument takes the pictures instead, also those that the documents do not show;
`--dark` and `--large` draw them on a dark ground and in letters of 14 pt.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from osgeo import gdal, osr
from qgis.core import QgsProject
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication

from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.dock.panel import Panel
from scripts.panel_pictures import (
    IMAGES,
    MARGIN,
    SIZE,
    Window,
    dark_palette,
    save_stacked,
    shown_panel,
    wait_until,
)
from scripts.samples.coast import SIDE_PX, coast_db

MAP_SIZE = (SIZE[0] - 2 * MARGIN, 280)
DOCUMENTED = ("sentences", "answer", "count")
SHIPS = ((60, 40), (75, 90), (130, 60), (150, 150), (200, 30), (240, 110))


def write_coast(path: Path) -> Path:
    """Write calm water with ships in the west, and a town at the coast."""
    file = gdal.GetDriverByName("GTiff").Create(str(path), SIDE_PX, SIDE_PX, 2, gdal.GDT_Float32)
    file.SetGeoTransform((400_000, 10, 0, 5_400_000, 0, -10))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32631)
    file.SetProjection(crs.ExportToWkt())
    for number, (name, values) in enumerate(zip(("VV", "VH"), coast_db(SHIPS)), start=1):
        file.GetRasterBand(number).WriteArray(values)
        file.GetRasterBand(number).SetDescription(name)
    file.FlushCache()
    return path


class States:
    """A panel, asked what is in its view, and its pictures."""

    def __init__(self, window: Window, panel: Panel, folder: Path) -> None:
        self.window, self.panel, self.folder = window, panel, folder
        self.words, self.ask = panel.sections["words"], panel.sections["ask"]

    def open(self, scene: Path) -> None:
        """Choose a scene and show it."""
        self.panel.sections["scene"].add_file(scene)
        (layer,) = QgsProject.instance().mapLayers().values()
        canvas = self.window.canvas
        canvas.setDestinationCrs(layer.crs())
        canvas.setLayers([layer])
        canvas.setExtent(layer.extent())
        self.panel.sections["area"].choose(AreaChoice.SCENE)
        wait_until(lambda: self.panel.session.scene, "Checking the scene")

    def say(self, question: str) -> None:
        """Ask, and wait for what is said."""
        self.ask.box.edit.setText(question)
        self.ask.run.click()
        wait_until(lambda: not self.panel.session.busy, "The answer")

    def draw(self, name: str) -> None:
        """Keep a picture of the map above the section."""
        if self.folder == IMAGES and name not in DOCUMENTED:
            return
        canvas = self.window.canvas
        canvas.resize(*MAP_SIZE)
        layers = QgsProject.instance().layerTreeRoot().layerOrder()
        canvas.setLayers(layers)
        canvas.setExtent(layers[-1].extent())
        canvas.refresh()
        QTest.qWait(400)
        wait_until(lambda: not canvas.isDrawing(), "Drawing the map")
        drawn = [canvas.grab(), self.words.grab()]
        if drawn[1].width() > SIZE[0] - 2 * MARGIN:
            sys.exit(f"The section is {drawn[1].width()} px wide.")
        save_stacked(drawn, self.panel, self.folder / f"words-{name}.png")

    def draw_panel(self) -> None:
        """Keep a picture of the whole panel, as low as it may be."""
        if self.folder != IMAGES:
            QTest.qWait(300)
            self.panel.grab().save(str(self.folder / "words-panel.png"))


def play(states: States) -> None:
    """Draw every state: nothing yet, waiting, refused, sentences, answers, a count."""
    session, words = states.panel.session, states.words
    states.draw("empty")
    words.button.click()
    wait_until(lambda: session.run, "Starting the job")
    states.draw("loading")
    states.panel.foot.cancel.click()
    wait_until(lambda: not session.busy, "Cancelling")
    states.draw("cancelled")
    words.button.click()
    wait_until(lambda: not session.busy, "The description")
    states.draw("described")
    words.list.setCurrentRow(2)
    states.draw("sentences")
    states.say("Is there water?")
    states.draw("answer")
    states.say("Is there an airport?")
    states.draw("unknown")
    states.panel.resize(SIZE[0], 700)
    states.say("count ships")
    states.draw_panel()
    words.list.clearSelection()
    states.draw("count")


def dress(dark: bool, large: bool) -> None:
    """Give the application another ground, or larger letters."""
    application = QApplication.instance()
    if large:
        font = application.font()
        font.setPointSize(14)
        application.setFont(font)
    if dark:
        application.setPalette(dark_palette())


def main() -> None:
    """Make the scene, start a backend and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--large", action="store_true")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with shown_panel() as (window, panel, folder):
        dress(arguments.dark, arguments.large)
        states = States(window, panel, arguments.folder)
        states.open(write_coast(folder / "coast_20240501.tif"))
        play(states)


if __name__ == "__main__":
    main()
