"""The half of the first run that runs inside QGIS: see first_run.py, which starts it there."""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from pathlib import Path

from qgis.core import Qgis, QgsProject, QgsSettings
from qgis.PyQt.QtCore import Qt, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QToolButton, QWidget
from qgis.utils import iface, plugins

sys.path.insert(0, os.environ["GLUELINK_SCRIPTS"])
from scripts.demo_in_qgis import (
    CHECK_S,
    JOB_S,
    fill_map,
    report,
    step,
    tidy_window,
    wait_for_map,
    wait_until,
)

sys.path.pop(0)  # nothing of the clone may be found from here on

FOLDER = Path(os.environ["GLUELINK_DEMO"])
ZIP, SCENE = Path(os.environ["GLUELINK_ZIP"]), Path(os.environ["GLUELINK_SCENE"])
PHRASES = ("open water", "a forest", "a village")
SET_UP_S = 1800
DONE = "✔"

pictures = 0


def picture(widget: QWidget, name: str) -> None:
    """Save a widget, as it is now."""
    global pictures
    pictures += 1
    QTest.qWait(300)
    widget.grab().save(str(FOLDER / f"{pictures:02d}-{name}.png"), "PNG", 0)


def install() -> None:
    """Install the zip as the plugin manager does, and open the panel by its button."""
    import pyplugin_installer

    pyplugin_installer.instance().installFromZipFile(str(ZIP))
    iface.messageBar().clearWidgets()
    if "gluelink" not in plugins:
        raise RuntimeError("QGIS has not loaded the plugin that was installed.")
    action = plugins["gluelink"].action
    button = next(b for b in iface.mainWindow().findChildren(QToolButton) if action in b.actions())
    button.show()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    tidy_window()


def set_up() -> None:
    """Press “Set up” and wait until the backend is ready, with a picture of each step."""
    panel = plugins["gluelink"].panel
    status, backend = panel.sections["status"], panel.session.backend
    view = status.setup
    if not view.isVisible() or not backend.settings.folder.startswith(str(Path.home())):
        raise RuntimeError(f"Nothing offers to set up {backend.settings.folder}.")
    picture(status, "offer")
    began = time.monotonic()
    QTest.mouseClick(view.button, Qt.MouseButton.LeftButton)
    for number, (each, label) in enumerate(view.steps.items(), 1):
        with step(each.value):
            wait_until(lambda: DONE in label.text(), SET_UP_S, each.value)  # noqa: B023
        if number < len(view.steps):
            QTest.qWait(2000)  # what is done next has begun
        picture(status, f"step-{number}")
    with step("start the backend"):
        wait_until(lambda: backend.capabilities, SET_UP_S, "Starting the backend")
    report["set_up_s"] = time.monotonic() - began
    picture(status, "ready")


def ask() -> None:
    """Open the scene and ask for each phrase, all of it."""
    panel, project = plugins["gluelink"].panel, QgsProject.instance()
    panel.sections["scene"].add_file(SCENE)
    wait_for_map()
    fill_map()
    wait_until(lambda: panel.session.scene, CHECK_S, "Checking the scene")
    button = next(b for c, b in panel.sections["area"].buttons.items() if c.name == "SCENE")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_until(lambda: panel.session.estimate, CHECK_S, "Estimating the area")
    report["maps"] = {}
    for phrase in PHRASES:
        with step(f"ask for “{phrase}”"):
            edit = panel.sections["ask"].box.edit
            edit.clear()
            QTest.keyClicks(edit, phrase, delay=20)
            QTest.keyClick(edit, Qt.Key.Key_Return)
            wait_until(lambda: not panel.session.busy, JOB_S, "The job")
        (layer,) = (m for m in project.mapLayers().values() if m.name().startswith(phrase))
        report["maps"][phrase] = str(FOLDER / f"{phrase.replace(' ', '_')}.tif")
        Path(report["maps"][phrase]).write_bytes(Path(layer.source()).read_bytes())
        wait_for_map()
        picture(iface.mainWindow(), phrase.replace(" ", "-"))


def run() -> None:
    """Play, leave the report, close QGIS as its menu does."""
    report.update(qgis=Qgis.QGIS_VERSION.split("-")[0])
    try:
        with step("install the zip"):
            install()
        set_up()
        ask()
    except Exception as error:
        report["error"] = f"{type(error).__name__}: {error}"
        traceback.print_exc(file=sys.stderr)
        picture(iface.mainWindow(), "failed")
    (FOLDER / "report.json").write_text(json.dumps(report), encoding="utf-8")
    QgsSettings().setValue("app/askToSaveMemoryLayers", False)
    QgsProject.instance().clear()
    iface.actionExit().trigger()


# Once QGIS has finished starting: --code runs before the event loop does.
QTimer.singleShot(0, run)
