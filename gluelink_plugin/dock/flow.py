"""A row of widgets that goes on in the next line where the panel is narrow."""

from __future__ import annotations

from qgis.PyQt.QtCore import QRect, QSize, Qt
from qgis.PyQt.QtWidgets import QLayout, QLayoutItem


class FlowLayout(QLayout):
    """As few lines as fit, whatever the font is and becomes."""

    def __init__(self, spacing: int, fills: bool = False) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap = spacing
        self._fills = fills
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Add what `addWidget` has wrapped."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many widgets there are."""
        return len(self._items)

    def itemAt(self, place: int) -> QLayoutItem | None:
        """Return a widget's item; None beyond the last."""
        return self._items[place] if 0 <= place < len(self._items) else None

    def takeAt(self, place: int) -> QLayoutItem | None:
        """Remove a widget's item and return it; None beyond the last."""
        return self._items.pop(place) if 0 <= place < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Return that it takes no more room than it needs."""
        return Qt.Orientations() if hasattr(Qt, "Orientations") else Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return that a narrow row is a high one."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at a width."""
        return max(0, len(self._lines(width)) * (self._height() + self._gap) - self._gap)

    def setGeometry(self, room: QRect) -> None:
        """Put the widgets in their places, side by side; in a row that fills, they share it."""
        super().setGeometry(room)
        top, height = room.y(), self._height()
        for line in self._lines(room.width()):
            left_over = max(0, room.width() - self._width(line))
            spare = left_over / len(line) if self._fills else 0
            left = float(room.x())
            for item in line:
                right = left + item.sizeHint().width() + spare
                item.setGeometry(
                    QRect(round(left), top, round(right) - round(left), self._height())
                )
                left = right + self._gap
            top += height + self._gap

    def sizeHint(self) -> QSize:
        """Return the size of a single line."""
        return QSize(self._width(self._shown()), self._height())

    def minimumSize(self) -> QSize:
        """Return the size of the widest widget."""
        return QSize(
            max((self._width([item]) for item in self._shown()), default=0), self._height()
        )

    def _height(self) -> int:
        return max((int(item.sizeHint().height()) for item in self._shown()), default=0)

    def _shown(self) -> list[QLayoutItem]:
        """Return the widgets that are not hidden, which take no room."""
        return [item for item in self._items if not item.isEmpty()]

    def _width(self, items: list[QLayoutItem]) -> int:
        return sum(int(item.sizeHint().width()) + self._gap for item in items) - self._gap

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        """Return the widgets in as few lines as fit, as many in each as in the others."""
        shown = self._shown()
        count = len(shown)
        for number in range(1, count + 1):
            length = -(-count // number)
            lines = [shown[at : at + length] for at in range(0, count, length)]
            if length == 1 or all(self._width(line) <= width for line in lines):
                return lines
        return []
