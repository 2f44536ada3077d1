"""The one place where the panel says what went wrong, with buttons that remedy it."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QPainter, QPaintEvent
from qgis.PyQt.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..client.backend import Backend
from ..client.protocol import ErrorBody
from ..translation import tr
from .flow import FlowLayout
from .remedies import advice_for, remedies_for
from .widgets import breakable_paths, fill, keep_width

TINT = QColor(220, 40, 30, 40)


class MessageView(QFrame):
    """Shows the last error until it no longer holds, or is closed."""

    asked = pyqtSignal(object)  # Action

    def __init__(self, backend: Backend, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self.setObjectName("message")
        self.part = ""
        self.error: ErrorBody | None = None
        top = Qt.AlignmentFlag.AlignTop
        icon = QgsApplication.getThemeIcon("/mIconWarning.svg").pixmap(QSize(18, 18))
        self.sentence = QLabel(
            wordWrap=True,
            textFormat=Qt.TextFormat.PlainText,
            textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse,
        )
        keep_width(self.sentence)
        close = QToolButton(
            text="×", autoRaise=True, toolTip=tr("Close this message"), clicked=self.clear
        )
        self._buttons = FlowLayout(spacing=4)
        warning = QLabel(pixmap=icon, alignment=top)
        words = fill(QHBoxLayout(), (warning, 0, top), (self.sentence, 1), (close, 0, top))
        fill(QVBoxLayout(self), words, self._buttons, margins=(8, 6, 4, 6))
        self.hide()

    def show_error(self, part: str, error: ErrorBody) -> None:
        """Show an error about this part of the panel, instead of the one before."""
        if (part, error) == (self.part, self.error):
            return
        self.part = part
        self.error = error
        # A remedy may be a command, which is copied as it stands.
        words = f"{breakable_paths(error.message)}\n{advice_for(error)}"
        self.sentence.setText(words.strip())
        self._clear_buttons()
        for action in remedies_for(error, self._backend.is_ours):
            button = QPushButton(tr(action.value))
            button.setObjectName(f"remedy_{action.name.lower()}")
            button.clicked.connect(lambda _=False, action=action: self.asked.emit(action))
            self._buttons.addWidget(button)
        self.show()

    def settle(self, part: str) -> None:
        """Clear the error if it is about this part of the panel."""
        if part == self.part:
            self.clear()

    def clear(self) -> None:
        """Show nothing."""
        self.part = ""
        self.error = None
        self._clear_buttons()
        self.hide()

    def _clear_buttons(self) -> None:
        while item := self._buttons.takeAt(0):
            button = item.widget()
            button.hide()
            button.deleteLater()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint thin red over the window's own colour: the text stays readable in any theme."""
        QPainter(self).fillRect(self.rect(), TINT)
        super().paintEvent(event)
