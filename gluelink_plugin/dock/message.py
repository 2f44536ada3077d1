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

from ..client.protocol import ErrorBody
from .remedies import advice_for, remedies_for
from .widgets import keep_width

TINT = QColor(220, 40, 30, 40)


class MessageView(QFrame):
    """Shows the last error until its part of the panel is well again, or it is closed."""

    asked = pyqtSignal(object)  # Action

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("message")
        self.part = ""
        self.error: ErrorBody | None = None
        self._icon = QLabel()
        self._icon.setPixmap(QgsApplication.getThemeIcon("/mIconWarning.svg").pixmap(QSize(18, 18)))
        self._icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        keep_width(self.sentence)
        close = QToolButton()
        close.setAutoRaise(True)
        close.setText("×")
        close.setToolTip("Close this message")
        close.clicked.connect(self.clear)
        self._buttons = QHBoxLayout()
        self._buttons.addStretch()
        words = QVBoxLayout()
        words.addWidget(self.sentence)
        words.addLayout(self._buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 4, 6)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_error(self, part: str, error: ErrorBody) -> None:
        """Say `error`, which is about this part of the panel, instead of what was said before."""
        if (part, error) == (self.part, self.error):
            return
        self.part = part
        self.error = error
        self.sentence.setText(f"{error.message}\n{advice_for(error)}".strip())
        self._clear_buttons()
        for place, action in enumerate(remedies_for(error)):
            button = QPushButton(action.value)
            button.setObjectName(f"remedy_{action.name.lower()}")
            button.clicked.connect(lambda _=False, action=action: self.asked.emit(action))
            self._buttons.insertWidget(place, button)
        self.show()

    def settle(self, part: str) -> None:
        """Whatever was wrong with this part is so no longer."""
        if part == self.part:
            self.clear()

    def clear(self) -> None:
        """Say nothing."""
        self.part = ""
        self.error = None
        self._clear_buttons()
        self.hide()

    def _clear_buttons(self) -> None:
        while self._buttons.count() > 1:
            button = self._buttons.takeAt(0).widget()
            button.hide()
            button.deleteLater()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Red, thinly, over the window's own colour: the text stays readable in any theme."""
        QPainter(self).fillRect(self.rect(), TINT)
        super().paintEvent(event)
