"""The panel's first line: is the backend there, on what does it run, start and stop."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QFont, QPainter, QPaintEvent
from qgis.PyQt.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..client.backend import Backend, State
from ..client.protocol import Device
from ..settings import install_commands
from .widgets import caption

GIB = 2**30
COLOURS = {
    State.MISSING: QColor(150, 150, 150),
    State.STOPPED: QColor(150, 150, 150),
    State.STARTING: QColor(240, 170, 30),
    State.READY: QColor(60, 170, 80),
}


class Dot(QWidget):
    """A filled circle in the state's colour."""

    def __init__(self) -> None:
        super().__init__()
        self._colour = QColor()
        side = self.fontMetrics().height()
        self.setFixedSize(side, side)

    def set_colour(self, colour: QColor) -> None:
        self._colour = colour
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._colour.darker(140))
        painter.setBrush(self._colour)
        margin = self.width() // 5
        painter.drawEllipse(self.rect().adjusted(margin, margin, -margin, -margin))


class StatusView(QWidget):
    """Shows the backend's state; while it is not installed, the commands that install it."""

    settings_asked = pyqtSignal()
    log_asked = pyqtSignal()
    diagnostics_asked = pyqtSignal()
    help_asked = pyqtSignal()

    def __init__(self, backend: Backend, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self._dot = Dot()
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.button = QPushButton()
        self.button.clicked.connect(self._toggle)
        self._where = caption()
        self._install = InstallView()
        self.copy_commands = self._install.copy
        row = QHBoxLayout()
        row.addWidget(self._dot)
        row.addWidget(self.state, 1)
        row.addWidget(self.button)
        row.addWidget(self._menu_button())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._where)
        column.addWidget(self._install)
        backend.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the state as it is."""
        state = self._backend.state
        self._dot.set_colour(COLOURS[state])
        self.state.setText(self._words(state))
        device = self._backend.device
        self.state.setToolTip(device.name if device else "")
        self.button.setText(self._verb(state))
        self._where.setText(self._place())
        self._where.setVisible(state is not State.MISSING)
        self._install.setVisible(state is State.MISSING)
        if state is State.MISSING:
            self._install.show_commands(install_commands(self._backend.settings))

    def _words(self, state: State) -> str:
        if state is State.READY and self._backend.device is not None:
            return f"Ready on {device_words(self._backend.device)}"
        if self._backend.is_ours:
            return {
                State.MISSING: "The backend is not installed",
                State.STOPPED: "Stopped",
                State.STARTING: "Starting…",
            }.get(state, "Ready")
        return "Connecting…" if state is State.STARTING else "Not connected"

    def _verb(self, state: State) -> str:
        if state is State.MISSING:
            return "Look again"
        if self._backend.is_ours:
            return "Start" if state is State.STOPPED else "Stop"
        return "Connect" if state is State.STOPPED else "Disconnect"

    def _place(self) -> str:
        if self._backend.stays_here:
            return "Nothing leaves this computer."
        return f"Scenes and phrases are sent to {self._backend.settings.address}."

    def _toggle(self) -> None:
        if self._backend.state in (State.STOPPED, State.MISSING):
            self._backend.start()
        else:
            self._backend.stop()

    def _menu_button(self) -> QToolButton:
        menu = QMenu(self)
        menu.addAction("Settings…", self.settings_asked.emit)
        menu.addAction("Show log", self.log_asked.emit)
        menu.addAction("Copy diagnostics", self.diagnostics_asked.emit)
        menu.addAction("Help", self.help_asked.emit)
        button = QToolButton()
        button.setIcon(QgsApplication.getThemeIcon("/mActionOptions.svg"))
        button.setToolTip("Settings, log, diagnostics, help")
        button.setAutoRaise(True)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button


class InstallView(QFrame):
    """The commands that install the backend, and a button that copies them."""

    def __init__(self) -> None:
        super().__init__()
        text = QLabel("Run these two commands in a terminal, then press “Look again”:")
        text.setWordWrap(True)
        self.commands = QPlainTextEdit()
        self.commands.setReadOnly(True)
        self.commands.setTabChangesFocus(True)
        self.commands.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        font = self.commands.font()
        font.setFamily("monospace")
        font.setStyleHint(QFont.StyleHint.Monospace)
        self.commands.setFont(font)
        self.commands.setFixedHeight(self.fontMetrics().height() * 7)
        self.copy = QPushButton("Copy")
        self.copy.clicked.connect(
            lambda: QgsApplication.clipboard().setText(self.commands.toPlainText())
        )
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(text)
        column.addWidget(self.commands)
        column.addLayout(row)

    def show_commands(self, commands: tuple[str, str]) -> None:
        """Show what is to be typed, one command a line."""
        self.commands.setPlainText("\n".join(commands))


def device_words(device: Device) -> str:
    """The device as users call it: CPU, or the GPU's name and the memory in use."""
    if device.kind == "cpu":
        return "CPU"
    if not device.memory_total:
        return device.name
    used = (device.memory_total - device.memory_free) / GIB
    return f"{device.name}, {used:.0f} of {device.memory_total / GIB:.0f} GB"
