"""A histogram on which a threshold is set by the mouse or by the arrow keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qgis.PyQt.QtCore import QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from qgis.PyQt.QtWidgets import QSizePolicy, QWidget

from ..translation import tr

HEIGHT = 64
EDGE_ALPHA = 110
KEY_STEP = 0.01
"""Of the width, by an arrow key; ten times that by a page key."""


class Histogram(QWidget):
    """Bars between two values; those below the threshold are faint."""

    moved = pyqtSignal(float)  # the threshold, by the user

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Threshold"))
        self.setToolTip(tr("Press or drag to hide what is below; the arrow keys move it"))
        self._bars: list[int] = []
        self._low, self._high = 0.0, 1.0
        self._threshold: float | None = None
        self._colour: Callable[[float], QColor] = lambda _value: QColor(128, 128, 128)

    def show_bars(self, bars: Sequence[int], low: float, high: float) -> None:
        """Show how often values occur between two."""
        self._bars, self._low, self._high = list(bars), low, high
        self.update()

    def recolour(self, colour: Callable[[float], QColor]) -> None:
        """Give the bars the colours that their values have on the map."""
        self._colour = colour
        self.update()

    def set_threshold(self, threshold: float | None) -> None:
        """Show a threshold; None for none."""
        self._threshold = threshold
        self.update()

    def sizeHint(self) -> QSize:
        """Return a low strip."""
        return QSize(120, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the least that shows a shape."""
        return QSize(60, HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bars, the threshold, and the line of the focus."""
        painter, role = QPainter(self), QPalette.ColorRole
        painter.fillRect(self.rect(), self.palette().color(role.Base))
        # Of some themes the palette has no text that can be read on this ground.
        dark = self.palette().color(role.Base).lightness() < 128
        ink = QColor(255, 255, 255) if dark else QColor(0, 0, 0)
        edge = QColor(ink.red(), ink.green(), ink.blue(), EDGE_ALPHA)
        most = max(self._bars, default=0)
        width = self.width() / max(1, len(self._bars))
        for number, count in enumerate(self._bars):
            value = self._low + (number + 0.5) / len(self._bars) * (self._high - self._low)
            colour = QColor(self._colour(value))
            hidden = self._threshold is not None and value < self._threshold
            colour.setAlpha(60 if hidden else 255)
            height = (count / most) ** 0.5 * (self.height() - 4) if most else 0
            left, right = round(number * width), round((number + 1) * width)
            top, wide = self.height() - height, right - left
            painter.fillRect(QRectF(left, top, wide, height), colour)
            if count:  # some colours of a palette are those of the ground
                painter.fillRect(QRectF(left, top, wide, 1), edge)
        if self._threshold is not None:
            at = (self._threshold - self._low) / (self._high - self._low) * self.width()
            painter.setPen(QPen(ink, 2))
            painter.drawLine(round(at), 0, round(at), self.height())
        frame = role.Highlight if self.hasFocus() else role.Mid
        painter.setPen(self.palette().color(frame))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Set the threshold where it is pressed."""
        self._move_to(event.pos().x() / max(1, self.width()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the threshold."""
        self._move_to(event.pos().x() / max(1, self.width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the threshold by a hundredth or a tenth of the width."""
        steps = {
            Qt.Key.Key_Left: -KEY_STEP,
            Qt.Key.Key_Right: KEY_STEP,
            Qt.Key.Key_PageDown: -10 * KEY_STEP,
            Qt.Key.Key_PageUp: 10 * KEY_STEP,
        }
        step = steps.get(event.key())
        if step is None:
            super().keyPressEvent(event)
            return
        threshold = self._low if self._threshold is None else self._threshold
        self._move_to((threshold - self._low) / (self._high - self._low) + step)

    def _move_to(self, share: float) -> None:
        threshold = self._low + min(1.0, max(0.0, share)) * (self._high - self._low)
        self.set_threshold(threshold)
        self.moved.emit(threshold)
