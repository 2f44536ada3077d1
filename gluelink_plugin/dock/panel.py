"""The panel: its parts from top to bottom, and what happens between them."""

from __future__ import annotations

from collections import deque
from pathlib import Path

from qgis.core import Qgis, QgsApplication, QgsMessageLog
from qgis.gui import QgisInterface, QgsDockWidget
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices
from qgis.PyQt.QtWidgets import (
    QDialog,
    QDockWidget,
    QFrame,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ..client.backend import State
from ..client.protocol import ErrorBody, Job, SceneInfo
from ..layers.result import add_result, new_result_path
from ..settings import repository, save_settings
from .area import AreaView, Way
from .ask import AskView
from .catalogue import CatalogueDialog
from .diagnostics import diagnostics
from .foot import FootView
from .message import MessageView
from .remedies import Action
from .scene import SceneView
from .session import NOT_RUNNING, Question, Session
from .settings import SettingsDialog
from .status import StatusView
from .widgets import seconds_in_words

LOG_TAG = "GLUE-Link"
MARGIN = 7
LOG_LINES = 60  # kept for the diagnostics


class Panel(QgsDockWidget):
    """The dock. It scrolls where the window is low; message and foot stay in sight."""

    def __init__(self, iface: QgisInterface) -> None:
        super().__init__("GLUE-Link", iface.mainWindow())
        self.setObjectName("GlueLinkPanel")
        self._iface = iface
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self.session = Session(new_result_path, self)
        self.status = StatusView(self.session.backend)
        self.scene = SceneView(self.session)
        self.area = AreaView(self.session, iface.mapCanvas())
        self.ask = AskView(self.session)
        self.message = MessageView()
        self.foot = FootView(self.session)
        self.catalogue = CatalogueDialog(self.session, self.area, iface.mapCanvas(), self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        parts = QWidget()
        column = QVBoxLayout(parts)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(10)
        for part in (self.status, self.scene, self.area, self.ask):
            column.addWidget(part)
        column.addStretch()
        scroll = QScrollArea()
        scroll.setWidget(parts)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        foot = QVBoxLayout()
        foot.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        foot.addWidget(self.message)
        foot.addWidget(self.foot)
        foot.addWidget(self.ask.run)
        whole = QWidget()
        rows = QVBoxLayout(whole)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(scroll, 1)
        rows.addLayout(foot)
        self.setWidget(whole)
        self.ask.set_tab_order()

    def _connect(self) -> None:
        session = self.session
        session.troubled.connect(self._troubled)
        session.settled.connect(self.message.settle)
        session.job_done.connect(self._job_done)
        session.fetched.connect(self._fetched)
        session.backend.logged.connect(self._logged)
        self.ask.asked.connect(self._asked)
        self.message.asked.connect(self._act)
        self.catalogue.message.asked.connect(self._act)
        self.scene.search_asked.connect(self.search)
        self.status.settings_asked.connect(self.open_settings)
        self.status.log_asked.connect(self.show_log)
        self.status.diagnostics_asked.connect(self.copy_diagnostics)
        self.status.help_asked.connect(self._help)
        self.visibilityChanged.connect(self.area.show_outline)

    def close_session(self) -> None:
        """Stop what runs and leave map and project as if the panel had never been there."""
        self.session.close()
        self.visibilityChanged.disconnect(self.area.show_outline)
        self.area.remove()
        self.scene.remove()
        self.catalogue.remove()

    def open_settings(self) -> None:
        """Let the user say where the backend is."""
        dialog = SettingsDialog(self.session.backend.settings, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            save_settings(dialog.settings())
            self.session.backend.configure(dialog.settings())
        dialog.deleteLater()

    def search(self) -> None:
        """Let the user search the catalogues that the backend knows."""
        if self.session.backend.state is State.READY:
            self.catalogue.show()
            self.catalogue.raise_()
        else:
            self._troubled("job", NOT_RUNNING)

    def show_log(self) -> None:
        """Open QGIS's log at our page."""
        self._iface.openMessageLog()
        dock = self._iface.mainWindow().findChild(QDockWidget, "MessageLog")
        for tabs in dock.findChildren(QTabWidget) if dock is not None else []:
            for place in range(tabs.count()):
                if tabs.tabText(place) == LOG_TAG:
                    tabs.setCurrentIndex(place)

    def copy_diagnostics(self) -> None:
        """Put the diagnostics on the clipboard."""
        QgsApplication.clipboard().setText(diagnostics(self.session, self._log))
        self.foot.say("The diagnostics are on the clipboard.")

    def _asked(self, question: Question) -> None:
        self.session.ask(question)

    def _job_done(self, job: Job, path: Path, scene: str) -> None:
        try:
            layers = add_result(job, path, scene)
        except ValueError as error:
            self._troubled("job", ErrorBody("output_unreadable", str(error)))
            return
        maps = "1 map" if len(layers) == 1 else f"{len(layers)} maps"
        self.foot.say(f"Done in {seconds_in_words(job.result.seconds)}: {maps} in “{scene}”.")
        self._logged(f"{path} was added.")

    def _fetched(self, job: Job, scene: SceneInfo) -> None:
        self.scene.add_fetched(scene)
        covered = float(job.result.metadata.get("cover", 1.0))
        share = "" if covered == 1.0 else f" It covers {int(100 * covered)} % of the area."
        self.foot.say(f"Fetched in {seconds_in_words(job.result.seconds)}.{share}")
        self._logged(f"{scene.files[0]} was fetched.")

    def _troubled(self, part: str, error: ErrorBody) -> None:
        self.message.show_error(part, error)
        self._logged(f"{error.message} {error.remedy}".strip())

    def _logged(self, line: str) -> None:
        self._log.append(line)
        QgsMessageLog.logMessage(line, LOG_TAG, Qgis.MessageLevel.Info, False)

    def _act(self, action: Action) -> None:
        if action is Action.START:
            self.session.backend.start()
        elif action is Action.LOG:
            self.show_log()
        elif action is Action.SETTINGS:
            self.open_settings()
        elif action is Action.OPEN_FILE:
            self.scene.open_file()
        elif action is Action.SEARCH:
            self.search()
        elif action is Action.DATE:
            self.scene.state_date()
        elif action is Action.UNITS:
            self.scene.choose_units()
        elif action is Action.ZOOM:
            self.area.zoom_to_scene()
        elif action is Action.DRAW:
            self.area.choose(Way.BOX)
        elif action is Action.COPY and self.message.error is not None:
            QgsApplication.clipboard().setText(self.message.error.remedy)

    def _help(self) -> None:
        QDesktopServices.openUrl(QUrl(f"{repository()}/blob/main/docs/plugin.md"))
