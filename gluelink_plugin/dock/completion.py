"""What the line of phrases can be completed to."""

from __future__ import annotations

from qgis.PyQt.QtCore import QModelIndex, QObject, Qt
from qgis.PyQt.QtGui import QPainter, QPalette, QStandardItem, QStandardItemModel
from qgis.PyQt.QtWidgets import QCompleter, QStyledItemDelegate, QStyleOptionViewItem

from ..phrase_book import PhraseBook
from ..question import SUBTRACTS

ORIGIN = int(Qt.ItemDataRole.UserRole) + 1
VISIBLE = 8
GAP = 12


class PhraseCompleter(QCompleter):
    """Completes the last phrase of a line: what follows “but not”, where that stands there.

    Starred phrases come first, then those asked before, then the vocabulary by its categories.
    """

    def __init__(self, book: PhraseBook, parent: QObject) -> None:
        super().__init__(parent)
        self._book = book
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setMaxVisibleItems(VISIBLE)
        self.popup().setItemDelegate(OriginDelegate(self))
        self.popup().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.refresh()

    def refresh(self) -> None:
        """List the phrases that there are now."""
        self._model.clear()
        for phrase, origin in self._book.entries():
            item = QStandardItem(phrase)
            item.setData(origin, ORIGIN)
            item.setToolTip(f"{phrase} ({origin})")
            self._model.appendRow(item)

    def splitPath(self, line: str) -> list[str]:
        """Return the part of a line that is completed."""
        return [line[_begin(line) :].lstrip()]

    def pathFromIndex(self, index: QModelIndex) -> str:
        """Return the line with a phrase in place of its last one."""
        line = str(self.widget().text())
        return line[: _begin(line)] + str(index.data())


class OriginDelegate(QStyledItemDelegate):
    """Draws where a phrase comes from at the end of its row, where there is room."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        """Draw one row."""
        super().paint(painter, option, index)
        origin, metrics = str(index.data(ORIGIN)), option.fontMetrics
        taken = metrics.boundingRect(f"{index.data()}{origin}").width() + 2 * GAP
        if taken > option.rect.width():
            return
        colour = option.palette.color(QPalette.ColorRole.Text)
        colour.setAlphaF(0.6)
        painter.save()
        painter.setPen(colour)
        place = option.rect.adjusted(0, 0, -GAP // 2, 0)
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, origin)
        painter.restore()


def _begin(line: str) -> int:
    """Return where the last phrase of a line begins."""
    ends = [found.end() for found in SUBTRACTS.finditer(line)]
    return ends[-1] if ends else 0
