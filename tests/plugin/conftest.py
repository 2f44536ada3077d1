"""The panel in a real QGIS, and the backend it starts itself. Nothing here imports the backend."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from osgeo import gdal, osr
from qgis.core import QgsApplication, QgsMapLayer, QgsProject, QgsRectangle, QgsSettings
from qgis.gui import QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QPoint, Qt
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QAction, QMainWindow

from gluelink_plugin.client.backend import State
from gluelink_plugin.dock.area import AreaChoice, AreaView
from gluelink_plugin.dock.ask import AskView
from gluelink_plugin.dock.panel import SECTIONS, Panel
from gluelink_plugin.dock.scene import SceneView
from gluelink_plugin.dock.section import Section
from gluelink_plugin.dock.status import StatusView
from gluelink_plugin.session import Session
from tests.plugin.scripted import ScriptedBackend

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv" / "bin" / "python"
WEST, NORTH, PIXEL = 600_000, 5_400_000, 10
PATIENCE_MS = 180_000


def wait_until(condition: Callable[[], object], patience_ms: int = PATIENCE_MS) -> None:
    """Let Qt work until `condition` holds."""
    end = time.monotonic() + patience_ms / 1000
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"Not so after {patience_ms / 1000:.0f} s.")
        QTest.qWait(20)


def write_raster(
    path: Path,
    values: np.ndarray,
    names: tuple[str, ...] = ("VV", "VH"),
    compress: str = "DEFLATE",
) -> Path:
    """`values` (bands, height, width) as a GeoTIFF of 10 m pixels in UTM 32 N."""
    count, height, width = values.shape
    file = gdal.GetDriverByName("GTiff").Create(
        str(path), width, height, count, gdal.GDT_Float32, [f"COMPRESS={compress}"]
    )
    file.SetGeoTransform((WEST, PIXEL, 0, NORTH, 0, -PIXEL))
    crs = osr.SpatialReference()
    crs.ImportFromEPSG(32632)
    file.SetProjection(crs.ExportToWkt())
    for number in range(count):
        file.GetRasterBand(number + 1).WriteArray(values[number])
        file.GetRasterBand(number + 1).SetDescription(names[number])
    file.FlushCache()
    return path


def lake_scene(size_px: int) -> np.ndarray:
    """Land with speckle and a lake in its middle, (2, size, size) in dB."""
    rng = np.random.default_rng(7)
    db = np.array([-9.0, -15.5])[:, None, None] + rng.normal(0, 1.3, (2, size_px, size_px))
    row, col = np.mgrid[:size_px, :size_px] / size_px - 0.5
    lake = np.hypot(row, col) < 0.25
    db[:, lake] = np.array([-20.0, -27.0])[:, None] + rng.normal(0, 1.0, (2, lake.sum()))
    return db.astype(np.float32)


@pytest.fixture(scope="session")
def scene_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_raster(tmp_path_factory.mktemp("scenes") / "lake_20240501.tif", lake_scene(448))


SHIPS = ((180, 220), (250, 200))
"""Rows and columns of the upper left pixels of ships in the lake; each is 3 by 9 pixels."""


@pytest.fixture(scope="session")
def ships_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    values = lake_scene(448)
    for row, col in SHIPS:
        values[:, row : row + 3, col : col + 9] += 20
    return write_raster(tmp_path_factory.mktemp("ships") / "ships_20240501.tif", values)


@pytest.fixture(scope="session")
def large_scene_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Work for long enough to be stopped in the middle."""
    values = np.tile(lake_scene(448), (1, 6, 6))
    path = tmp_path_factory.mktemp("scenes") / "large_20240501.tif"
    return write_raster(path, values, compress="NONE")


@pytest.fixture(scope="session")
def middling_scene_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Work that is stopped at once, and done a second time to its end: a quarter of the large."""
    values = np.tile(lake_scene(448), (1, 3, 3))
    path = tmp_path_factory.mktemp("scenes") / "middling_20240501.tif"
    return write_raster(path, values, compress="NONE")


class Window:
    """As much of QGIS's main window as the plugin touches: a real window with a real canvas."""

    def __init__(self) -> None:
        self.main = QMainWindow()
        self.canvas = QgsMapCanvas()
        self.main.setCentralWidget(self.canvas)
        self.main.resize(1200, 800)
        self.log_openings = 0
        self.actions: list[QAction] = []

    def mainWindow(self) -> QMainWindow:
        return self.main

    def mapCanvas(self) -> QgsMapCanvas:
        return self.canvas

    def setActiveLayer(self, layer: QgsMapLayer) -> None:
        self.active_layer = layer

    def openMessageLog(self) -> None:
        self.log_openings += 1

    def addDockWidget(self, place: Qt.DockWidgetArea, dock: Panel) -> None:
        self.main.addDockWidget(place, dock)

    def removeDockWidget(self, dock: Panel) -> None:
        self.main.removeDockWidget(dock)


class Desk:
    """A panel with the hands of a user: what tests do, they do through the widgets."""

    def __init__(self, window: Window, sections: Sequence[type[Section]] = SECTIONS) -> None:
        self.window = window
        self.canvas = window.canvas
        self.panel = Panel(window, sections)
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.panel)
        window.main.show()
        self.panel.show()

        self.status: StatusView = self.panel.sections["status"]
        self.scene: SceneView = self.panel.sections["scene"]
        self.area: AreaView = self.panel.sections["area"]
        self.ask: AskView = self.panel.sections["ask"]

    @property
    def session(self) -> Session:
        return self.panel.session

    @property
    def said(self) -> str:
        """What is read in the message area; empty while it is hidden."""
        sentence: str = self.panel.message.sentence.text()
        return sentence.replace("\u200b", "") if self.panel.message.isVisible() else ""

    def start_backend(self) -> None:
        if self.session.backend.state is not State.READY:
            QTest.mouseClick(self.status.button, Qt.MouseButton.LeftButton)
            wait_until(lambda: self.said or self.session.backend.state is State.READY)
            assert self.said == ""

    def connect(self, address: str, token: str = "") -> None:
        """Use the backend at an address, and wait for what becomes of it."""
        backend = self.session.backend
        backend.configure(replace(backend.settings, address=address, token=token))
        QTest.mouseClick(self.status.button, Qt.MouseButton.LeftButton)
        wait_until(lambda: backend.state is not State.STARTING)

    def open(self, path: Path) -> None:
        """Open a scene's file and wait for the backend's check of it."""
        self.scene.add_file(path)
        layer = self.scene.layers.currentLayer()
        self.canvas.setDestinationCrs(layer.crs())
        self.canvas.setLayers([layer])
        self.canvas.setExtent(layer.extent())
        wait_until(lambda: self.session.scene is not None or self.session.refusal is not None)

    def click(self, choice: AreaChoice) -> None:
        QTest.mouseClick(self.area.buttons[choice], Qt.MouseButton.LeftButton)

    def draw_box(self, extent: QgsRectangle) -> None:
        """Drag a box over `extent`, given in the map's CRS, with the mouse."""
        self.click(AreaChoice.BOX)
        transform = self.canvas.getCoordinateTransform()
        start = transform.transform(extent.xMinimum(), extent.yMaximum()).toQPointF().toPoint()
        end = transform.transform(extent.xMaximum(), extent.yMinimum()).toQPointF().toPoint()
        self.drag(start, end)

    def drag(self, start: QPoint, end: QPoint) -> None:
        port = self.canvas.viewport()
        QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(port, (start + end) / 2)
        QTest.mouseMove(port, end)
        QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)

    def type(self, phrase: str) -> None:
        """Type into the line, in place of what stands there."""
        self.ask.box.edit.clear()
        QTest.keyClicks(self.ask.box.edit, phrase)

    def press_ctrl_enter(self) -> None:
        """Make a chip of what stands in the line."""
        edit, ctrl = self.ask.box.edit, Qt.KeyboardModifier.ControlModifier
        QTest.keyClick(edit, Qt.Key.Key_Return, ctrl)

    def press_enter(self) -> None:
        QTest.keyClick(self.ask.box.edit, Qt.Key.Key_Return)

    def wait_for_end(self) -> None:
        wait_until(lambda: not self.session.busy)

    def tidy(self) -> None:
        """As after opening QGIS, but with the backend as it is."""
        self.session.cancel()
        self.wait_for_end()
        self.ask.box.set_question([])
        QgsProject.instance().clear()
        self.click(AreaChoice.VIEW)
        self.panel.message.clear()

    def close(self) -> None:
        self.panel.close_session()
        self.window.removeDockWidget(self.panel)
        sip.delete(self.panel)


@pytest.fixture(scope="session", autouse=True)
def home(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The backend's own folder, with heads that fit and heads that do not."""
    folder = tmp_path_factory.mktemp("home")
    if not request.config.getoption("--quick"):  # which starts no backend
        code = "import sys, pathlib; from tests.protocol.made import write_heads; "
        code += "write_heads(pathlib.Path(sys.argv[1]))"
        subprocess.run([str(PYTHON), "-c", code, str(folder)], cwd=ROOT, check=True)
    os.environ["GLUELINK_HOME"] = str(folder)
    return folder


@pytest.fixture(scope="session")
def window(qgis_app: QgsApplication) -> Iterator[Window]:
    window = Window()
    yield window
    sip.delete(window.main)


@pytest.fixture(scope="session", autouse=True)
def own_settings(qgis_app: QgsApplication) -> Iterator[None]:
    """No setting of an earlier run, and none left for a later one."""
    QgsSettings().remove("gluelink")
    yield
    QgsSettings().remove("gluelink")


@pytest.fixture(scope="session")
def running_desk(window: Window) -> Iterator[Desk]:
    """One desk, whose backend is started once, for all tests that leave it running."""
    desk = Desk(window)
    desk.start_backend()
    yield desk
    desk.close()


@pytest.fixture
def desk(running_desk: Desk) -> Iterator[Desk]:
    yield running_desk
    running_desk.tidy()


@pytest.fixture
def new_desk(window: Window) -> Iterator[Desk]:
    """A desk of its own, with no backend yet."""
    desk = Desk(window)
    yield desk
    QgsProject.instance().clear()
    desk.close()


@pytest.fixture
def scripted() -> Iterator[ScriptedBackend]:
    backend = ScriptedBackend()
    yield backend
    backend.stop()
