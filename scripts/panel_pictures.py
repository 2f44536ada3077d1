"""What scripts that draw the panel share: a panel with a backend, and stacked pictures."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from osgeo import gdal
from qgis.core import QgsApplication, QgsMapLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt import sip
from qgis.PyQt.QtCore import QLocale, QSettings, Qt
from qgis.PyQt.QtGui import QColor, QPainter, QPalette, QPixmap
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QMainWindow

from gluelink_plugin.dock.panel import Panel
from gluelink_plugin.translation import install_translator, remove_translator

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
PYTHON = ROOT / ".venv" / "bin" / "python"
SIZE = (320, 900)
MARGIN = 7
LIMIT_S = 180


@dataclass(frozen=True)
class Look:
    """How QGIS looks: by its settings of theme and font size."""

    theme: str
    points: int


LOOKS = {
    "light": Look("default", 10),
    "dark": Look("Night Mapping", 10),
    "large": Look("default", 14),
}


class Window(QMainWindow):
    """As much of QGIS's main window as the panel touches."""

    def __init__(self) -> None:
        super().__init__()
        self.canvas = QgsMapCanvas()
        self.setCentralWidget(self.canvas)

    def mainWindow(self) -> QMainWindow:
        """Return the window."""
        return self

    def setActiveLayer(self, _layer: QgsMapLayer) -> None:
        """Leave the layer tree alone, of which there is none."""

    def mapCanvas(self) -> QgsMapCanvas:
        """Return its map."""
        return self.canvas


def wait_until(condition: Callable[[], object], what: str, limit_s: float = LIMIT_S) -> None:
    """Let Qt work until `condition` holds."""
    end = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"{what} took longer than {limit_s} s.")
        QTest.qWait(50)


@contextmanager
def shown_window(look: Look | None = None, language: str = "en") -> Iterator[tuple[Window, Path]]:
    """Yield a window of a QGIS that looks and speaks so, and a folder that goes with it.

    The folder is the user's for the backends that are started, so their store is empty.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    gdal.SetConfigOption("GDAL_PAM_ENABLED", "NO")  # no statistics beside the files
    with tempfile.TemporaryDirectory() as folder:
        os.environ["GLUELINK_HOME"] = folder
        profile = str(Path(folder) / "profile")  # no setting of the user's, and no file in theirs
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, profile)
        app = QgsApplication([], True, profile)
        app.initQgis()
        QLocale.setDefault(QLocale(language))
        translator = install_translator(language)
        if look is not None:
            QgsApplication.setUITheme(look.theme)
        window = Window()
        if look is not None:  # as QGIS does it, on its main window
            family = QgsApplication.font().family()
            window.setStyleSheet(f'* {{ font: {look.points}pt "{family}" }}')
        window.show()
        try:
            yield window, Path(folder)
        finally:
            sip.delete(window)
        remove_translator(translator)
        app.exitQgis()


def add_panel(window: Window, height: int = SIZE[1]) -> Panel:
    """Return a new panel, beside the window, whose backend is not started yet."""
    panel = Panel(window)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, panel)
    panel.setFloating(True)
    panel.resize(SIZE[0], height)
    return panel


@contextmanager
def shown_panel(
    language: str = "en", towers: Sequence[Path] = ()
) -> Iterator[tuple[Window, Panel, Path]]:
    """Yield a window, its panel with a backend that is ready, and a folder that goes with them.

    The backend has these towers.
    """
    with shown_window(language=language) as (window, folder):
        (folder / "towers").mkdir()
        for tower in towers:
            shutil.copy(tower, folder / "towers")
        panel = add_panel(window)
        panel.sections["status"].button.click()
        try:
            wait_until(lambda: panel.session.backend.capabilities, "Starting the backend")
            yield window, panel, folder
        finally:
            panel.close_session()


def dark_palette() -> QPalette:
    """Return the colours of a dark theme."""
    palette = QPalette(QColor(60, 63, 68), QColor(38, 40, 44))
    palette.setColor(QPalette.ColorRole.Highlight, QColor(40, 110, 170))
    palette.setColor(QPalette.ColorRole.HighlightedText, QColor(255, 255, 255))
    return palette


def save_stacked(drawn: Sequence[QPixmap], panel: Panel, picture: Path) -> None:
    """Write one picture with these below each other, on the panel's own ground."""
    whole = QPixmap(SIZE[0], sum(each.height() + MARGIN for each in drawn) + MARGIN)
    whole.fill(panel.palette().color(panel.backgroundRole()))
    painter, top = QPainter(whole), MARGIN
    for each in drawn:
        painter.drawPixmap(MARGIN, top, each)
        top += each.height() + MARGIN
    painter.end()
    whole.save(str(picture), "PNG", 0)
