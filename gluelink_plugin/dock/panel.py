"""The panel: its sections from top to bottom, and what they ask of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from qgis.core import Qgis, QgsApplication, QgsMessageLog
from qgis.gui import QgisInterface, QgsDockWidget
from qgis.PyQt.QtCore import Qt, QUrl
from qgis.PyQt.QtGui import QDesktopServices, QKeySequence
from qgis.PyQt.QtWidgets import (
    QAction,
    QDockWidget,
    QFrame,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from ..client.protocol import ErrorBody
from ..describers import describer_missing
from ..layers.result import Recipe
from ..layers.runs import DESCRIBE
from ..maptools.area import area_of_request
from ..question import Question
from ..session import Session
from ..settings import Settings, read_metadata, save_settings
from ..translation import tr
from .area import AreaView
from .ask import AskView, pair_missing
from .describe import WordsView
from .diagnostics import diagnostics
from .foot import FootView
from .letters import give_letters, menu_letters
from .map import MapSection
from .message import MessageView
from .places import PlacesView
from .remedies import Action
from .runs import RunsView
from .scene import SceneView
from .section import Section
from .status import StatusView
from .widgets import STRETCH, fill

SECTIONS: tuple[type[Section], ...] = (
    StatusView,
    SceneView,
    AreaView,
    AskView,
    MapSection,
    WordsView,
    PlacesView,
    RunsView,
)

LOG_TAG = "GLUE-Link"
MARGIN = 7
LOG_LINES = 60  # kept for the diagnostics


class Panel(QgsDockWidget):
    """The dock. It scrolls where the window is low or narrow; message and foot stay in sight."""

    def __init__(self, iface: QgisInterface, sections: Sequence[type[Section]] = SECTIONS) -> None:
        super().__init__("GLUE-Link", iface.mainWindow())
        self.setObjectName("GlueLinkPanel")
        self._iface = iface
        self._log: deque[str] = deque(maxlen=LOG_LINES)
        self.session = Session(self)
        self.sections: dict[str, Any] = {
            each.name: each(self.session, iface.mapCanvas()) for each in sections
        }
        self.message = MessageView(self.session.backend)
        self.foot = FootView(self.session)
        self._actions: dict[Action, Callable[[], None]] = {
            Action.LOG: self.show_log,
            Action.DIAGNOSTICS: self.copy_diagnostics,
            Action.HELP: self.open_help,
            Action.COPY: self.copy_advice,
            Action.RESUME: self.resume,
        }
        self._lay_out()
        self._connect()
        # Where the panel has the focus alone: on the map, Esc ends a drawing.
        escape = QAction(self, triggered=self.foot.cancel.click)
        escape.setShortcut(QKeySequence(Qt.Key.Key_Escape))
        escape.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(escape)

    def _lay_out(self) -> None:
        sections = QWidget()
        column = QVBoxLayout(sections, spacing=10)
        around = (MARGIN, MARGIN, MARGIN, MARGIN)
        fill(column, *self.sections.values(), STRETCH, margins=around)
        scroll = QScrollArea(
            widgetResizable=True,
            frameShape=QFrame.Shape.NoFrame,
        )
        scroll.setWidget(sections)
        pinned = [each.pinned for each in self.sections.values() if each.pinned is not None]
        below = (MARGIN, 0, MARGIN, MARGIN)
        foot = fill(QVBoxLayout(), self.message, self.foot, *pinned, margins=below)
        whole = QWidget()
        fill(QVBoxLayout(whole), (scroll, 1), foot)
        self.setWidget(whole)

    def _connect(self) -> None:
        self.session.troubled.connect(self._troubled)
        self.session.settled.connect(self.message.settle)
        self.session.logged.connect(self._logged)
        self.session.map_added.connect(self._iface.setActiveLayer)
        self.message.asked.connect(self._act)
        self.sections["runs"].again.connect(self.ask_again)
        self.sections["runs"].changed.connect(self.fill_in)
        self.sections["runs"].shown.connect(self._iface.setActiveLayer)
        self.sections["map"].again.connect(self.ask_again)
        self.sections["places"].shown.connect(self._iface.setActiveLayer)
        self.sections["runs"].noted.connect(self.foot.say)
        for section in self.sections.values():
            self._actions.update(section.actions())
            section.asked.connect(self._act)
            self.visibilityChanged.connect(section.panel_shown)

        # After the sections have heard it, which draw fields then.
        self.session.backend.changed.connect(self._give_letters)
        self._give_letters()

    def _give_letters(self) -> None:
        give_letters(self, menu_letters(self._iface.mainWindow().menuBar()))

    def close_session(self) -> None:
        """Stop what runs and leave map and project as if the panel had never been there."""
        self.session.close()
        for section in self.sections.values():
            self.visibilityChanged.disconnect(section.panel_shown)
            section.remove()

    def ask_phrase(self, phrase: str) -> None:
        """Ask the scene that is chosen for a phrase."""
        self.setUserVisible(True)
        self.sections["ask"].ask_for([phrase])

    def resume(self) -> None:
        """Start the backend anew, and ask what has ended with it, whatever was chosen since."""
        recipe = self.session.cut_off
        self.session.backend.start()
        if recipe is not None:
            self.ask_again(recipe)

    def ask_again(self, recipe: Recipe) -> None:
        """Ask the scene of a map for its phrases, over its area; not while another run goes on."""
        if self.session.busy:
            sentence = tr("Another run is under way, and one runs at a time.")
            self.session.report(
                "stop", ErrorBody("another_run", sentence, tr("Ask again after it."))
            )
        elif self.fill_in(recipe):
            if recipe.request.get("kind") == DESCRIBE:
                self.sections["words"].describe(recipe.request.get("question"))
            else:
                self.sections["ask"].ask()
                self.sections["ask"].offer_measure(None)  # the next question is one of its own

    def fill_in(self, recipe: Recipe) -> bool:
        """Fill the panel with what was asked; return False, and say why, where that cannot be."""
        self.setUserVisible(True)
        request, ask = recipe.request, self.sections["ask"]
        if not self.sections["scene"].choose_recipe(recipe):
            return False
        self.sections["area"].take(area_of_request(request))
        if request.get("kind") != DESCRIBE:
            ask.write(Question.of_request(request))
            ask.offer_measure(request.get("measure"))
        elif request.get("question"):
            ask.write(Question((request["question"],)))
        if request.get("kind") == DESCRIBE and not self.sections["words"].choose(
            request.get("describer")
        ):
            self.session.report("ask", describer_missing(request["describer"]))
            return False
        pair = request["encoder"], request.get("head")
        if ask.choose_pair(*pair):
            return True
        self.session.report("ask", pair_missing(*pair))
        return False

    def settings(self) -> Settings:
        """Return where the backend is."""
        return self.session.backend.settings

    def use_settings(self, settings: Settings) -> None:
        """Keep settings, and use the backend that they name."""
        save_settings(settings)
        self.session.backend.configure(settings)

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
        self.foot.say(tr("The diagnostics are on the clipboard."))

    def copy_advice(self) -> None:
        """Put what to do about the last error on the clipboard."""
        if self.message.error is not None:
            QgsApplication.clipboard().setText(self.message.error.remedy)

    def open_help(self) -> None:
        """Show the documentation of the panel in a browser."""
        QDesktopServices.openUrl(QUrl(f"{read_metadata('repository')}/blob/main/docs/plugin.md"))

    def _troubled(self, part: str, error: ErrorBody) -> None:
        self.message.show_error(part, error)
        self._logged(f"{error.message} {error.remedy}".strip())

    def _logged(self, line: str) -> None:
        self._log.append(line)
        QgsMessageLog.logMessage(line, LOG_TAG, Qgis.MessageLevel.Info, False)

    def _act(self, action: Action) -> None:
        self._actions[action]()
