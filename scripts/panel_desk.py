"""A panel with the hands of a user, for its photographs, and scenes that are right or wrong."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from osgeo import gdal
from qgis.core import QgsApplication, QgsProject, QgsRasterLayer, QgsTask
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.client.backend import State
from gluelink_plugin.dock.area import AreaChoice
from scripts.panel_pictures import PYTHON, ROOT, Window, add_panel, wait_until
from tests.plugin.scripted import ScriptedBackend

REAL = ROOT.parent / "shared" / "data" / "s1"
SCENE, FLOOD = REAL / "denmark_2017" / "s1_rtc_db.tif", REAL / "spain_flood_2019" / "s1_grd_db.tif"
REPEATS = 5  # of a scene, so that its encoding takes long enough to be stopped


class BusyTask(QgsTask):
    """Holds a thread of QGIS's task manager until it is let go."""

    def __init__(self, over: threading.Event) -> None:
        super().__init__("Something else")
        self._over = over

    def run(self) -> bool:
        """Wait."""
        return self._over.wait(60)


class Desk:
    """A panel with the hands of a user, beside a map."""

    def __init__(self, window: Window, folder: Path, height: int) -> None:
        self.window, self.canvas, self.folder, self._height = window, window.canvas, folder, height
        self.files = make_scenes(folder)
        self.panel = add_panel(window, height)
        self._settings = self.session.backend.settings

    @property
    def session(self) -> Any:
        """What the panel works on."""
        return self.panel.session

    def section(self, name: str) -> Any:
        """Return a section of the panel."""
        return self.panel.sections[name]

    def begin(self) -> None:
        """Start a backend where none runs."""
        if self.session.backend.state is not State.READY:
            self.section("status").button.click()
            wait_until(lambda: self.session.backend.state is State.READY, "Starting the backend")

    def open(self, scene: str, area: AreaChoice = AreaChoice.SCENE) -> None:
        """Choose a scene, and wait for what the backend says of it."""
        self.begin()
        self.choose(scene, area)
        wait_until(lambda: self.session.scene or self.session.refusal, "Checking the scene")
        if self.session.scene:
            wait_until(self.is_estimated, "Estimating the area")

    def choose(self, scene: str, area: AreaChoice = AreaChoice.SCENE) -> None:
        """Choose a scene, and an area of it."""
        self.section("scene").add_file(self.files[scene])
        layer = self.section("scene").layers.currentLayer()
        if layer is not None:
            self.canvas.setDestinationCrs(layer.crs())
            self.canvas.setLayers([layer])
            self.canvas.setExtent(layer.extent())
        self.section("area").choose(area)

    def train_tower(self) -> None:
        """Train towers of a few seconds in the backend's own folder, once."""
        if not (self.folder / "towers").exists():
            call = "from tests.protocol.furnished import *; write_towers(Path(sys.argv[1]))"
            command = [str(PYTHON), "-c", call, str(self.folder)]
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    def is_estimated(self) -> bool:
        """Return whether the area is known, or refused."""
        return self.session.estimate is not None or self.panel.message.isVisible()

    def ask(self, *phrases: str) -> QgsRasterLayer:
        """Ask, and return the map of the first phrase."""
        self.section("ask").ask_for(phrases)
        wait_until(lambda: not self.session.busy, "The job")
        if self.panel.message.isVisible():
            sys.exit(f"The panel says: {self.panel.message.sentence.text()}")
        layer = self.section("map").layer
        self.canvas.setCurrentLayer(layer)
        return layer

    def begin_to_ask(self) -> None:
        """Ask a large scene, and wait until a part of it is encoded."""
        self.open("large")
        self.section("ask").ask_for(["open water"])
        wait_until(lambda: self.session.run and self.session.run.job, "The job")
        wait_until(lambda: self.session.run.job.done > 1, "Encoding")
        QTest.qWait(100)

    @property
    def pid(self) -> int:
        """The backend's process."""
        return int(self.session.backend._process._process.processId())

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the backend still."""
        pid = self.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    @contextmanager
    def busy_tasks(self) -> Iterator[None]:
        """Let all threads of the task manager be busy with something else."""
        over = threading.Event()
        tasks = [BusyTask(over) for _ in range(64)]
        for task in tasks:
            QgsApplication.taskManager().addTask(task)
        try:
            yield
        finally:
            over.set()
            wait_until(lambda: not QgsApplication.taskManager().countActiveTasks(), "The tasks")

    @contextmanager
    def scripted(self) -> Iterator[ScriptedBackend]:
        """Use a backend that answers as it is told."""
        server = ScriptedBackend()
        self.use(address=server.address)
        self.begin()
        try:
            yield server
        finally:
            server.stop()

    def use(self, **settings: str) -> None:
        """Use other settings."""
        self.session.backend.configure(replace(self._settings, **settings))

    def reopen(self) -> None:
        """Close the panel, as QGIS does, and open it anew."""
        self.panel.close_session()
        self.window.removeDockWidget(self.panel)
        self.panel.deleteLater()
        self.panel = add_panel(self.window, self._height)

    def tidy(self) -> None:
        """Begin anew: an empty project, the settings of the beginning."""
        self.session.cancel()
        wait_until(lambda: not self.session.busy, "Cancelling")
        self.section("ask").box.set_question([])
        QgsProject.instance().clear()
        self.section("area").choose(AreaChoice.VIEW)
        if self.session.backend.settings != self._settings:
            self.session.backend.configure(self._settings)
        QTest.qWait(400)
        self.panel.message.clear()
        self.panel.foot.say("")


def make_scenes(folder: Path) -> dict[str, Path]:
    """Return scenes as files, by what is right or wrong with them: real ones where they are."""
    scene, flood = SCENE, FLOOD
    if not SCENE.exists():
        command = [str(PYTHON), "-m", "backend.survey", "scene", "--size", "448"]
        subprocess.run([*command, "-o", str(folder)], cwd=ROOT, check=True, capture_output=True)
        scene = flood = folder / "scene.tif"
    db = gdal.Open(str(scene)).ReadAsArray()[:2].astype(np.float32)
    files = {"scene": folder / "jutland_20171030.tif", "flood": folder / "alicante_20190917.tif"}
    shutil.copy(scene, files["scene"])
    shutil.copy(flood, files["flood"])
    for name, values, bands in (
        ("one_band", db[:1], ("VV",)),
        ("hundredths", np.rint(100 * db).astype(np.int16), ("VV", "VH")),
        ("unclear", np.rint(np.abs(db)), ("VV", "VH")),
        ("large", np.tile(db, (1, REPEATS, REPEATS)), ("VV", "VH")),
    ):
        files[name] = folder / f"{name}_20171030.tif"
        write_like(scene, files[name], values, bands)
    return files


def write_like(scene: Path, path: Path, values: np.ndarray, names: tuple[str, ...]) -> None:
    """Write bands where `scene` lies, in its CRS and with its pixels."""
    like, (count, height, width) = gdal.Open(str(scene)), values.shape
    kind = gdal.GDT_Int16 if values.dtype == np.int16 else gdal.GDT_Float32
    file = gdal.GetDriverByName("GTiff").Create(str(path), width, height, count, kind)
    file.SetGeoTransform(like.GetGeoTransform())
    file.SetProjection(like.GetProjection())
    for number, name in enumerate(names, start=1):
        file.GetRasterBand(number).WriteArray(values[number - 1])
        file.GetRasterBand(number).SetDescription(name)
