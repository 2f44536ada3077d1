"""The half of the demo that runs inside QGIS: the plugin's own widgets, pressed one by one.

`demo.py` starts QGIS with this file and reads the report that it leaves. Mouse and keys are Qt
events on the real window; nothing of the plugin is called that a user could not reach.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from qgis.core import QgsProject, QgsSettings
from qgis.PyQt.QtCore import QPoint, Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDockWidget, QToolBar
from qgis.utils import iface, plugins

DEMO = Path(os.environ["GLUELINK_DEMO"])
PHRASE = "open water"
SIZE = (1600, 950)
PANEL_WIDTH = 385
LAYERS_WIDTH = 260
TOOLBARS = ("mFileToolBar", "mMapNavToolBar", "mAttributesToolBar", "mPluginToolBar")
MARGIN = 60  # px of the map that stay outside the box
START_S, CHECK_S, JOB_S, DRAW_S = 180, 60, 600, 60

report: dict = {"steps": [], "error": ""}


@contextmanager
def step(words: str) -> Iterator[None]:
    """Note how long a part of the demo takes."""
    began = time.monotonic()
    yield
    report["steps"].append([words, time.monotonic() - began])


def wait_until(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Let QGIS work until `condition` holds; an error in the panel ends the demo."""
    message = plugins["gluelink"].panel.message
    end = time.monotonic() + seconds
    while not condition():
        if message.isVisible():
            raise RuntimeError(f"The panel says: {message.sentence.text()}")
        if time.monotonic() > end:
            raise RuntimeError(f"{what} took longer than {seconds} s.")
        QTest.qWait(50)


def tidy_window() -> None:
    """Put layers on the left, the panel on the right, the map between them."""
    window = iface.mainWindow()
    bars = {bar.objectName(): bar for bar in window.findChildren(QToolBar)}
    for name, bar in bars.items():
        bar.setVisible(name in TOOLBARS)
    # The plugin's own button in the first row, so that there is no second one.
    window.insertToolBar(bars["mAttributesToolBar"], bars["mPluginToolBar"])
    for dock in window.findChildren(QDockWidget):
        if dock.objectName() not in ("Layers", "GlueLinkPanel"):
            dock.hide()
    window.resize(*SIZE)
    layers = window.findChild(QDockWidget, "Layers")
    docks, widths = [layers, plugins["gluelink"].panel], [LAYERS_WIDTH, PANEL_WIDTH]
    window.resizeDocks(docks, widths, Qt.Orientation.Horizontal)
    QTest.qWait(300)


def fill_map() -> None:
    """Zoom in until the scene fills the map from edge to edge."""
    canvas = iface.mapCanvas()
    view, whole = canvas.extent(), canvas.fullExtent()
    canvas.zoomByFactor(min(whole.width() / view.width(), whole.height() / view.height()) * 0.98)


def draw_box() -> None:
    """Drag a box over most of the map."""
    panel, canvas = plugins["gluelink"].panel, iface.mapCanvas()
    button = next(b for c, b in panel.sections["area"].buttons.items() if c.name == "BOX")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    port = canvas.viewport()
    start, end = QPoint(MARGIN, MARGIN), port.rect().bottomRight() - QPoint(MARGIN, MARGIN)
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.3, 0.6, 1.0):
        QTest.mouseMove(
            port,
            start + QPoint(*(round(share * d) for d in ((end - start).x(), (end - start).y()))),
        )
        QTest.qWait(40)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)


def wait_for_map() -> None:
    """Wait until the canvas has drawn what it was asked to."""
    canvas = iface.mapCanvas()
    canvas.refresh()
    QTest.qWait(500)
    wait_until(lambda: not canvas.isDrawing(), DRAW_S, "Drawing the map")


def play() -> None:
    """Play the demo from the open panel to the picture."""
    plugin = plugins["gluelink"]
    panel = plugin.panel
    project = QgsProject.instance()
    with step("open the panel and the scene"):
        project.write(str(DEMO / "demo.qgz"))
        plugin.action.trigger()
        tidy_window()
        panel.sections["scene"].add_file(DEMO / "scene.tif")
        wait_for_map()
        fill_map()
        wait_for_map()
    with step("start the backend"):
        QTest.mouseClick(panel.sections["status"].button, Qt.MouseButton.LeftButton)
        wait_until(lambda: panel.session.backend.capabilities, START_S, "Starting the backend")
    with step("check the scene"):
        wait_until(lambda: panel.session.scene, CHECK_S, "Checking the scene")
    with step("draw the area"):
        draw_box()
        wait_until(lambda: panel.session.estimate, CHECK_S, "Estimating the area")
    with step(f"ask for “{PHRASE}”"):
        edit = panel.sections["ask"].box.edit
        edit.setFocus()
        QTest.keyClicks(edit, PHRASE, delay=20)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        wait_until(lambda: not panel.session.busy, JOB_S, "The job")
    with step("draw and save"):
        finish(project)


def finish(project: QgsProject) -> None:
    """Save the project and the picture of the whole window."""
    maps = [each for each in project.mapLayers().values() if each.name().startswith(PHRASE)]
    if len(maps) != 1:
        raise RuntimeError(f"{len(maps)} layers are named after “{PHRASE}”; one was expected.")
    iface.setActiveLayer(maps[0])
    wait_for_map()
    if not project.write():
        raise RuntimeError(f"The project was not saved: {project.error()}")
    shutil.copyfile(maps[0].source(), DEMO / "open_water.tif")
    iface.mainWindow().statusBar().clearMessage()
    iface.messageBar().clearWidgets()
    QTest.qWait(300)
    smallest = 0  # PNG's own scale: the file, not the picture
    if not iface.mainWindow().grab().save(str(DEMO / "demo.png"), "PNG", smallest):
        raise RuntimeError("The picture was not saved.")


def run() -> None:
    """Play, leave the report, close QGIS as its menu does."""
    try:
        if "gluelink" not in plugins:
            raise RuntimeError("QGIS has not loaded the plugin.")
        play()
    except Exception as error:
        report["error"] = f"{type(error).__name__}: {error}"
        traceback.print_exc(file=sys.stderr)
        iface.mainWindow().grab().save(str(DEMO / "failed.png"))
        QgsProject.instance().setDirty(False)
    (DEMO / "report.json").write_text(json.dumps(report), encoding="utf-8")
    # In a clone under the system's folder for temporary files every layer counts as temporary, and
    # QGIS would ask about them; nobody is there to answer.
    QgsSettings().setValue("app/askToSaveMemoryLayers", False)
    iface.actionExit().trigger()


if __name__ == "__main__":
    # Once QGIS has finished starting: --code runs before the event loop does.
    QTimer.singleShot(0, run)
