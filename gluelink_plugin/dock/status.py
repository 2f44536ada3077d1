"""The first section: whether the backend runs and on what, start and stop, a menu."""

from __future__ import annotations

from collections.abc import Callable

from qgis.core import QgsApplication
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtGui import QFontDatabase
from qgis.PyQt.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from ..client.backend import State
from ..client.protocol import Device, ErrorBody
from ..session import Session
from ..settings import bundled_wheel, install_commands, save_settings
from ..translation import tr
from ..words import decimal, listed
from .remedies import Action
from .section import Section
from .settings import SettingsDialog
from .setup import SetupView
from .widgets import STRETCH, breakable, caption, fill, menu_button

GIB = 2**30
MENU = (Action.SETTINGS, Action.LOG, Action.DIAGNOSTICS, Action.HELP)
COLOURS = {
    State.MISSING: "#969696",
    State.STOPPED: "#969696",
    State.STARTING: "#f0aa1e",
    State.READY: "#3caa50",
}


class StatusView(Section):
    """Shows the backend's state; while it is not installed, how it is: in one step, or commands."""

    name = "status"

    def __init__(self, session: Session, canvas: QgsMapCanvas) -> None:
        super().__init__(session, canvas)
        self._backend = session.backend
        self._dot = QLabel("⬤")
        self.state = QLabel(wordWrap=True)
        self.button = QPushButton(clicked=self._toggle)
        self._where = caption()
        self._install, self.setup = InstallView(), SetupView()
        self._has_asked = False
        """Whether the user was told that a job would end with the backend."""
        self.copy_commands = self._install.copy
        asks = {tr(each.value): self._asker(each) for each in MENU}
        menu = menu_button("/mActionOptions.svg", tr("Settings, log, diagnostics, help"), asks)
        menu.setAutoRaise(True)
        row = fill(QHBoxLayout(), self._dot, (self.state, 1), self.button, menu)
        fill(self.column, row, self._where, self._install, self.setup)
        self._backend.changed.connect(self.refresh)
        self._backend.configured.connect(self.setup.cancel)
        session.contacted.connect(self.refresh)
        session.job_changed.connect(self._job_changed)
        self.setup.begun.connect(session.settle_backend)
        self.setup.done.connect(self._start)
        self.setup.failed.connect(lambda error: session.report("backend", error))
        self.setup.logged.connect(session.logged)
        self.refresh()

    def actions(self) -> dict[Action, Callable[[], None]]:
        """Return how the backend is started, and how it is chosen."""
        return {
            Action.START: self._start,
            Action.CONNECT: self._start,
            Action.LOOK: self._start,
            Action.COMMANDS: self._install.copy.click,
            Action.SET_UP: self.setup.begin,
            Action.STOP: self._session.stop_backend,
            Action.SETTINGS: self.open_settings,
        }

    def remove(self) -> None:
        """Stop a set-up that is under way."""
        self.setup.cancel()

    def _asker(self, action: Action) -> Callable[[], None]:
        return lambda: self.asked.emit(action)

    def open_settings(self) -> None:
        """Let the user say where the backend is."""
        dialog = SettingsDialog(self._backend.settings, self)
        settings, accepted = dialog.settings, QDialog.DialogCode.Accepted
        # Nothing changed ends no backend and no run.
        if dialog.exec() == accepted and settings() != self._backend.settings:
            save_settings(settings())
            self._backend.configure(settings())
        dialog.deleteLater()

    def refresh(self) -> None:
        """Show the state as it is."""
        state = self._backend.state
        self._dot.setStyleSheet(f"color: {COLOURS[state]}")
        self.state.setText(self._words(state))
        device = self._backend.device
        self.state.setToolTip(device.name if device else "")
        self.button.setText(self._verb(state))
        self._where.setText(self._privacy())
        self._where.setVisible(state is not State.MISSING)
        is_missing, has_wheel = state is State.MISSING, bundled_wheel() is not None
        self._install.setVisible(is_missing and not has_wheel)
        self.setup.setVisible(is_missing and has_wheel)
        if is_missing:
            self._install.show_commands(install_commands(self._backend.settings))
            self.setup.offer(self._backend.settings)

    def _words(self, state: State) -> str:
        if state is State.READY and self._backend.device is not None:
            return tr("Ready on {device}", device=device_words(self._backend.device))
        if self._backend.is_ours:
            return {
                State.MISSING: tr("The backend is not installed"),
                State.STOPPED: tr("Stopped"),
                State.STARTING: tr("Starting…"),
            }.get(state, tr("Ready"))
        return tr("Connecting…") if state is State.STARTING else tr("Not connected")

    def _verb(self, state: State) -> str:
        if state is State.MISSING:
            return tr("Look again")
        if self._backend.is_ours:
            return tr("Start") if state is State.STOPPED else tr("Stop")
        return tr("Connect") if state is State.STOPPED else tr("Disconnect")

    def _privacy(self) -> str:
        """Return what leaves this computer."""
        sent = []
        if not self._backend.stays_here:
            address = breakable(self._backend.settings.address)
            sent.append(tr("Scenes and phrases are sent to {address}.", address=address))
        if self._session.hosts:
            hosts = breakable(listed(self._session.hosts))
            sent.append(
                tr("Searches for scenes, with area and dates, were sent to {hosts}.", hosts=hosts)
            )
        if self._backend.stays_here:
            nothing_else = tr("Nothing else leaves this computer.")
            sent.append(nothing_else if sent else tr("Nothing leaves this computer."))
        return " ".join(sent)

    def _toggle(self) -> None:
        if self._backend.state in (State.STOPPED, State.MISSING):
            self._start()
        elif self._session.run is not None and not self._has_asked:
            summary = self._session.run.request.summary
            self._has_asked = True
            sentence = tr("“{run}” is still running, and would end with the backend.", run=summary)
            self._session.report("stop", ErrorBody("still_running", sentence))
        else:
            self._session.stop_backend()

    def _start(self) -> None:
        """Start or connect; where nothing is installed, say so."""
        self._backend.start()
        if self._backend.state is State.MISSING:
            self._session.report("job", self._session.unready)

    def _job_changed(self) -> None:
        self._has_asked = self._has_asked and self._session.run is not None


class InstallView(QFrame):
    """The commands that install the backend, and a button that copies them."""

    def __init__(self) -> None:
        super().__init__()
        words = tr("Run these two commands in a terminal, then press “Look again”:")
        self.commands = QPlainTextEdit(
            readOnly=True,
            tabChangesFocus=True,
            lineWrapMode=QPlainTextEdit.LineWrapMode.WidgetWidth,
        )
        self.commands.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.commands.setFixedHeight(self.fontMetrics().height() * 7)
        self.copy = QPushButton(tr("Copy"), clicked=self._copy)
        text, row = QLabel(words, wordWrap=True), fill(QHBoxLayout(), STRETCH, self.copy)
        fill(QVBoxLayout(self), text, self.commands, row, margins=(0, 4, 0, 0))

    def _copy(self) -> None:
        QgsApplication.clipboard().setText(self.commands.toPlainText())

    def show_commands(self, commands: tuple[str, str]) -> None:
        """Show the commands, one a line."""
        self.commands.setPlainText("\n".join(commands))


def device_words(device: Device) -> str:
    """Return the device as users call it: CPU, or the GPU's name and the memory in use."""
    if device.kind == "cpu":
        return "CPU"
    if not device.memory_total:
        return device.name
    used = (device.memory_total - device.memory_free) / GIB
    return tr(
        "{device}, {used} of {total} GB",
        device=device.name,
        used=decimal(used),
        total=decimal(device.memory_total / GIB),
    )
