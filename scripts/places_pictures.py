"""Draw the sections of runs and best places into docs/images.

Run it with the Python of QGIS: `.venv-qgis/bin/python -m scripts.places_pictures`. It simulates a
scene, asks it, and takes each section in light and dark and at 14 pt, as wide as a narrow panel.
`--all DIR` writes every picture there; otherwise those that the documentation shows are written.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from qgis.core import QgsProject
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QApplication, QWidget

from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.dock.panel import Panel
from scripts.panel_pictures import (
    IMAGES,
    MARGIN,
    PYTHON,
    ROOT,
    SIZE,
    Window,
    dark_palette,
    save_stacked,
    shown_panel,
    wait_until,
)

LOOKS = ("light", "dark", "large")
SHOWN = {"runs-light": "runs.png", "compare": "compare.png", "places-light": "places.png"}
"""The pictures of the documentation."""


@contextmanager
def look(name: str, panel: Panel) -> Iterator[None]:
    """Show the panel so while the context lasts."""
    usual = QApplication.palette()
    if name == "dark":
        QApplication.setPalette(dark_palette())
    panel.setStyleSheet("* { font-size: 14pt }" if name == "large" else "")
    QTest.qWait(100)
    yield
    QApplication.setPalette(usual)
    panel.setStyleSheet("")


class Desk:
    """A panel beside a map, with a scene that was asked."""

    def __init__(self, window: Window, panel: Panel, folder: Path) -> None:
        self.canvas, self.panel, self.session = window.canvas, panel, panel.session
        command = [str(PYTHON), "-m", "backend.survey", "scene", "--size", "1024"]
        subprocess.run(
            [*command, "-o", str(folder)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
        panel.sections["scene"].add_file(folder / "scene.tif")
        wait_until(lambda: self.session.scene or self.session.refusal, "Checking the scene")
        self.layer = panel.sections["scene"].layers.currentLayer()
        self.layer_source = self.layer.source()
        self.canvas.setDestinationCrs(self.layer.crs())
        self.canvas.setLayers([self.layer])
        self.canvas.setExtent(self.layer.extent())
        panel.sections["area"].choose(AreaChoice.SCENE)

    def ask(self, *phrases: str) -> None:
        """Ask, and wait for the maps."""
        self.panel.sections["ask"].ask_for(phrases)
        wait_until(lambda: not self.session.busy, "The job")
        if self.panel.message.isVisible():
            sys.exit(f"The panel says: {self.panel.message.sentence.text()}")

    def draw(self, name: str, folder: Path, *more: QWidget) -> None:
        """Keep a picture of a section in each look."""
        section = self.panel.sections[name.split("-")[0]]
        for each in LOOKS:
            with look(each, self.panel):
                if section.width() > SIZE[0] - 2 * MARGIN:
                    sys.exit(f"{name} is {section.width()} px wide in the look {each}.")
                drawn = [section.grab(), *(widget.grab() for widget in more)]
                save_stacked(drawn, self.panel, folder / f"{name}-{each}.png")


def draw_runs(desk: Desk, folder: Path) -> None:
    """Draw the list of runs, empty and full, and two maps side by side."""
    runs = desk.panel.sections["runs"]
    desk.draw("runs-empty", folder)
    desk.ask("open water")
    desk.panel.sections["area"].choose(AreaChoice.VIEW)
    desk.ask("a dense town", "a harbour with ships at the quay", "coniferous forest")
    desk.ask("open water")
    runs.list.clearSelection()
    runs.list.item(1).setSelected(True)
    runs.actions_of_run["Compare"].trigger()
    dialog = runs._compared
    QTest.qWait(500)
    wait_until(lambda: not any(view.isDrawing() for view in dialog.views), "Drawing the maps")
    dialog.grab().save(str(folder / "compare.png"))
    runs.list.clearSelection()
    runs.list.item(0).setSelected(True)
    desk.draw("runs", folder)


def draw_places(desk: Desk, folder: Path) -> None:
    """Draw the best places of a map."""
    places = desk.panel.sections["places"]
    QgsProject.instance().removeAllMapLayers()
    QTest.qWait(100)
    desk.draw("places-empty", folder)
    desk.panel.sections["scene"].add_file(Path(desk.layer_source))
    desk.ask("open water")
    wait_until(lambda: places.places, "Looking for places")
    QTest.qWait(1500)
    desk.draw("places", folder)


DRAWERS: tuple[Callable[[Desk, Path], None], ...] = (draw_runs, draw_places)


def main() -> None:
    """Make the scene, start a backend and draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, help="folder for every picture")
    chosen = parser.parse_args().all
    with shown_panel() as (window, panel, folder):
        target = chosen or folder
        target.mkdir(parents=True, exist_ok=True)
        desk = Desk(window, panel, folder)
        for draw in DRAWERS:
            draw(desk, target)
        for name, shown in SHOWN.items():
            (IMAGES / shown).write_bytes((target / f"{name}.png").read_bytes())


if __name__ == "__main__":
    main()
