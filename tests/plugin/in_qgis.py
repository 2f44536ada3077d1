"""Runs inside a real QGIS that `test_real_qgis.py` has started; writes what it saw as JSON.

GLUELINK_SCENARIO names one of the functions below.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from qgis import utils
from qgis.core import QgsApplication, QgsProject, QgsSettings, QgsTask
from qgis.PyQt.QtCore import QCoreApplication, QObject, QProcess, QThreadPool, QTimer
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QMessageBox
from qgis.utils import iface

REPORT = Path(os.environ["GLUELINK_REPORT"])
SCENE = Path(os.environ["GLUELINK_SCENE"])


def write(report: dict) -> None:
    """Write the report whole."""
    part = REPORT.with_suffix(".part")
    part.write_text(json.dumps(report), encoding="utf-8")
    part.replace(REPORT)


def wait_until(condition: Callable[[], object], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("waited in vain")
        QTest.qWait(20)


def traces() -> dict[str, int]:
    """Everything in which a plugin could leave something behind."""
    window, canvas, project = iface.mainWindow(), iface.mapCanvas(), QgsProject.instance()
    tree = project.layerTreeRoot()
    view = iface.layerTreeView()  # grows by itself with every project
    return {
        "objects of the window": len(window.findChildren(QObject))
        - len(view.findChildren(QObject)),
        "objects of the canvas": len(canvas.findChildren(QObject)),
        "items on the map": len(canvas.scene().items()),
        "tasks": QgsApplication.taskManager().count(),
        "processes": len(QgsApplication.instance().findChildren(QProcess)),
        "ears on layersAdded": project.receivers(project.layersAdded),
        "ears on readProject": project.receivers(project.readProject),
        "ears on cleared": project.receivers(project.cleared),
        "ears on extentsChanged": canvas.receivers(canvas.extentsChanged),
        "ears on destinationCrsChanged": canvas.receivers(canvas.destinationCrsChanged),
        "ears on mapToolSet": canvas.receivers(canvas.mapToolSet),
        "ears on the layer tree": tree.receivers(tree.addedChildren),
        "modules of the plugin": len([m for m in sys.modules if m.startswith("gluelink.")]),
    }


def start_job() -> int:
    """Open the panel, start the backend, ask the scene; the backend's process id."""
    panel = utils.plugins["gluelink"].panel
    utils.plugins["gluelink"].action.trigger()
    panel.sections["status"].button.click()
    wait_until(lambda: panel.session.backend.capabilities)
    panel.sections["scene"].add_file(SCENE)
    wait_until(lambda: panel.session.scene)
    next(b for c, b in panel.sections["area"].buttons.items() if c.name == "SCENE").click()
    panel.sections["ask"].box.edit.setText("open water")
    panel.sections["ask"].run.click()
    wait_until(lambda: panel.session.run.job and panel.session.run.job.done)
    (process,) = panel.findChildren(QProcess)
    return process.processId()


def settle() -> None:
    """Let deferred deletions and queued signals happen."""
    for _ in range(10):
        QTest.qWait(50)
    tasks = QgsApplication.taskManager().tasks()
    wait_until(lambda: not any(t.status() == QgsTask.TaskStatus.Running for t in tasks))


def reload_often() -> dict:
    """Load and unload the plugin in the middle of a job, again and again."""
    seen, pids, algorithms, titles, words = [], [], [], [], []
    for language in ("en", "de", "en"):
        pids.append(start_job())
        algorithms.append(len(utils.plugins["gluelink"].provider.algorithms()))
        utils.unloadPlugin("gluelink")
        QgsProject.instance().clear()
        settle()
        seen.append(traces())
        words.append(QCoreApplication.translate("gluelink", "Area"))
        QgsSettings().setValue("locale/userLocale", language)
        utils.loadPlugin("gluelink")
        utils.startPlugin("gluelink")
        titles.append(utils.plugins["gluelink"].action.text())
    report = {"seen": seen, "pids": pids, "algorithms": algorithms}
    return {**report, "titles": titles, "words": words}


def wake_thread_that_knows_passwords() -> None:
    """Let the next task run in a thread that has read the store of passwords and was idle since.

    Such threads outlive the store in QGIS 3.40: as QGIS closes, nothing may end in one of them.
    """
    manager = QgsApplication.taskManager()
    pools = manager.findChildren(QThreadPool) or [QThreadPool.globalInstance()]
    for pool in pools:
        pool.setExpiryTimeout(50)
    read = QgsTask.fromFunction("read", lambda _task: QgsApplication.authManager().configIds())
    manager.addTask(read)
    wait_until(lambda: not manager.countActiveTasks())
    QTest.qWait(300)
    for pool in pools:
        pool.setExpiryTimeout(30_000)


def quit_in_the_middle() -> dict:
    """Leave by the menu while a job runs: QGIS asks whether to cancel it, and is left again."""
    wake_thread_that_knows_passwords()
    pid = start_job()
    QTimer.singleShot(500, press_yes)
    iface.actionExit().trigger()
    wait_until(lambda: not QgsApplication.taskManager().countActiveTasks())
    QgsProject.instance().clear()  # QGIS would ask about files that lie in /tmp
    QTimer.singleShot(500, iface.actionExit().trigger)
    return {"pids": [pid]}


def reload_and_quit() -> dict:
    """Reload the plugin in the middle of jobs; then leave QGIS in the middle of another."""
    report = reload_often()
    return {**report, "pids": report["pids"] + quit_in_the_middle()["pids"]}


def press_yes() -> None:
    """Answer the question that QGIS asks when tasks are running."""
    QgsApplication.activeModalWidget().button(QMessageBox.StandardButton.Yes).click()


def stay_in_the_middle() -> dict:
    """Let a job run; somebody is going to kill QGIS."""
    return {"pids": [start_job()]}


def run() -> None:
    try:
        report = globals()[os.environ["GLUELINK_SCENARIO"]]()
    except Exception:
        report = {"error": traceback.format_exc()}
    write(report)
    if "error" in report:
        QgsProject.instance().setDirty(False)
        iface.actionExit().trigger()


QTimer.singleShot(0, run)
