"""Draw what a tower writes of an area below what was measured there, into docs/images.

Run it with the Python of QGIS: `.venv-qgis/bin/python -m scripts.tower_pictures TOWER`, where TOWER
is the file of one that writes captions, as docs/towers.md trains it. It simulates a scene that the
tower has not seen, has a part of it described, and presses the first passage about a chip. A
second argument names another folder for the picture.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from qgis.core import QgsGeometry, QgsProject, QgsRectangle
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.dock.area import AreaChoice
from gluelink_plugin.dock.panel import Panel
from scripts.panel_pictures import (
    IMAGES,
    MARGIN,
    PYTHON,
    ROOT,
    SIZE,
    save_stacked,
    shown_panel,
    wait_until,
)

MAP_SIZE = (SIZE[0] - 2 * MARGIN, 280)
SEED, SIDE_PX = 77, 512  # a coast
CHIP_M, CHIPS = 320, 2  # on each side of the area


def show_scene(folder: Path, panel: Panel, canvas: QgsMapCanvas) -> QgsRectangle:
    """Simulate a scene, choose it, and return its extent."""
    size = ("--seed", str(SEED), "--size", str(SIDE_PX))
    command = [str(PYTHON), "-m", "backend.survey", "scene", *size, "-o", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    panel.sections["scene"].add_file(folder / "scene.tif")
    wait_until(lambda: panel.session.scene or panel.session.refusal, "Checking the scene")
    layer = panel.sections["scene"].layers.currentLayer()
    canvas.setDestinationCrs(layer.crs())
    canvas.setLayers([layer])
    return layer.extent()


def describe(panel: Panel, canvas: QgsMapCanvas, box: QgsRectangle) -> None:
    """Have a box described by the tower."""
    session, words = panel.session, panel.sections["words"]
    panel.sections["area"].choose(AreaChoice.BOX)
    canvas.mapTool().drawn.emit(QgsGeometry.fromRect(box))
    wait_until(lambda: session.estimate, "Estimating the area")
    combo = words.describers.combo
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    words.button.click()
    wait_until(lambda: not session.busy, "The description")
    if not words.written.count():
        sys.exit(f"The tower wrote nothing: {words.by.text() or words.state.text()}")
    words.written.setCurrentRow(0)


def draw(panel: Panel, canvas: QgsMapCanvas, box: QgsRectangle, picture: Path) -> None:
    """Keep a picture of the map above the section."""
    canvas.resize(*MAP_SIZE)
    canvas.setLayers(QgsProject.instance().layerTreeRoot().layerOrder())
    canvas.setExtent(box)
    canvas.refresh()
    QTest.qWait(400)
    wait_until(lambda: not canvas.isDrawing(), "Drawing the map")
    save_stacked([canvas.grab(), panel.sections["words"].grab()], panel, picture)


def main() -> None:
    """Start a backend that has the tower, ask it, and draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tower", type=Path)
    parser.add_argument("folder", nargs="?", type=Path, default=IMAGES)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with shown_panel(towers=[given.tower.resolve()]) as (window, panel, folder):
        extent = show_scene(folder, panel, window.canvas)
        box = QgsRectangle(extent.center(), extent.center()).buffered(CHIP_M * CHIPS / 2)
        describe(panel, window.canvas, box)
        draw(panel, window.canvas, box.buffered(CHIP_M / 2), given.folder / "tower-words.png")


if __name__ == "__main__":
    main()
