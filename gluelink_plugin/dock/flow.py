"""A row of widgets that goes on in the next line where the panel is narrow."""

from __future__ import annotations

from qgis.PyQt.QtCore import QRect, QSize, Qt
from qgis.PyQt.QtWidgets import QLayout, QLayoutItem


class FlowLayout(QLayout):
    """As few lines as fit, all widgets of one width, whatever the font is and becomes."""

    def __init__(self, spacing: int) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)
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
        lines = -(-len(self._items) // self._columns(width))
        return int(lines * (self._cell().height() + self.spacing()) - self.spacing())

    def setGeometry(self, room: QRect) -> None:
        """Put the widgets in their places."""
        super().setGeometry(room)
        columns, gap, height = self._columns(room.width()), self.spacing(), self._cell().height()
        for place, item in enumerate(self._items):
            line, column = divmod(place, columns)
            left, right = (round((room.width() + gap) * c / columns) for c in (column, column + 1))
            top = room.y() + line * (height + gap)
            item.setGeometry(QRect(room.x() + left, top, right - left - gap, height))

    def sizeHint(self) -> QSize:
        """Return the size of a single line."""
        cell, count = self._cell(), len(self._items)
        return QSize(count * (cell.width() + self.spacing()) - self.spacing(), cell.height())

    def minimumSize(self) -> QSize:
        """Return the size of the widest widget."""
        return self._cell()

    def _cell(self) -> QSize:
        cell = QSize()
        for item in self._items:
            cell = cell.expandedTo(item.minimumSize()).expandedTo(item.sizeHint())
        return cell

    def _columns(self, width: int) -> int:
        """Return how many widgets fit a line; as many in each, where that needs no more lines."""
        fitting = int((width + self.spacing()) // max(1, self._cell().width() + self.spacing()))
        fitting = min(max(1, fitting), len(self._items))
        lines = -(-len(self._items) // fitting)
        return -(-len(self._items) // lines)
