"""The phrases of a question: chips that are fixed, and the line in which the next one is typed."""

from __future__ import annotations

from collections.abc import Sequence

from qgis.PyQt.QtCore import QRectF, QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from qgis.PyQt.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..phrase_book import PhraseBook
from ..question import SUBTRACTS, LonLat, Question
from ..translation import mark, tr
from .completion import PhraseCompleter
from .flow import FlowLayout
from .widgets import STRETCH, fill, set_hint

EXAMPLE = mark("Such as “open water”")
ANOTHER = mark("Another phrase")
BUT_NOT = "but not "
CHIP_LETTERS = 26
"""Of a phrase that a chip shows; its tooltip has all."""
CROSS = "  ×"
WIDEST_CHIP_PX = 250
"""So that a chip fits a panel of 320 px, whatever the font is."""
GAP = 4
STAR_TIP = mark("Star this phrase: it is offered first when you type")


class PhraseBox(QWidget):
    """Chips above a line: Enter asks all of them, Ctrl+Enter makes a chip of the line."""

    asked = pyqtSignal()
    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.chips: list[Chip] = []
        self.book = PhraseBook()
        self._most = 1
        self._row = FlowLayout(GAP)
        self.edit = PhraseEdit(clearButtonEnabled=True)
        set_hint(self.edit, tr(EXAMPLE))
        self.completer = PhraseCompleter(self.book, self.edit)
        self.edit.setCompleter(self.completer)
        self.add = QToolButton(
            text=tr("+ &Add"),
            autoRaise=True,
            focusPolicy=Qt.FocusPolicy.TabFocus,
            toolTip=tr("Keep this phrase and type another one (Ctrl+Enter)"),
            clicked=self.fix,
        )
        self.subtract = QToolButton(
            text=tr("− &But not"),
            autoRaise=True,
            focusPolicy=Qt.FocusPolicy.TabFocus,
            toolTip=tr("Type what to subtract: “ship but not pier”"),
            clicked=self.begin_but_not,
        )
        self.star = QToolButton(
            text="☆",
            autoRaise=True,
            checkable=True,
            focusPolicy=Qt.FocusPolicy.TabFocus,
            clicked=self._star,
        )
        self.buttons = fill(QHBoxLayout(), self.add, self.subtract, STRETCH, self.star)
        fill(QVBoxLayout(self, spacing=GAP), self._row, self.edit, self.buttons)
        self.edit.returnPressed.connect(self._ask)
        self.edit.textChanged.connect(self._settle)
        self.edit.another.connect(self.fix)
        self.edit.taken_back.connect(self._take_back)
        self._settle()

    def question(self) -> Question:
        """Return what is asked: the chips and the line."""
        fixed = Question((), ())
        for chip in self.chips:
            fixed = fixed.with_more(chip.question)
        return fixed.with_more(Question.of(self.edit.text()))

    def set_question(
        self,
        phrases: Sequence[str],
        but_not: Sequence[str] = (),
        like: Sequence[LonLat] = (),
        unlike: Sequence[LonLat] = (),
    ) -> None:
        """Replace what is asked: the last phrase comes into the line, all else becomes chips."""
        for chip in list(self.chips):
            self._drop(chip)
        chips = Question(tuple(phrases[:-1]), tuple(but_not), tuple(like), tuple(unlike))
        self._add_all(chips)
        self.edit.setText(phrases[-1] if phrases else "")
        self.completer.popup().hide()
        self._settle()

    def remember(self) -> None:
        """Note what is asked, for the completion of later phrases."""
        question = self.question()
        self.book.remember(question.phrases + question.but_not)
        self.completer.refresh()

    def set_limit(self, most: int) -> None:
        """Take at most so many phrases."""
        self._most = most
        self._settle()

    @property
    def is_full(self) -> bool:
        """Whether no more may be asked at once."""
        return self.question().count >= self._most

    def fix(self) -> None:
        """Make chips of the line, and empty it for the next phrase."""
        question = Question.of(self.edit.text())
        self.completer.popup().hide()
        if self.question().count <= self._most:
            self._add_all(question)
            self.edit.clear()
        self.edit.setFocus()
        self._settle()

    def add_question(self, question: Question) -> None:
        """Add chips, as far as there is room for them."""
        if self.question().with_more(question).count <= self._most:
            self._add_all(question)
            self._settle()

    def begin_but_not(self) -> None:
        """Begin to type what is subtracted, after the phrase in the line, or alone."""
        text = self.edit.text().rstrip()
        self.edit.setText(f"{text} {BUT_NOT}".lstrip())
        self.edit.setFocus()

    def _ask(self) -> None:
        self.completer.popup().hide()
        self.asked.emit()

    def _star(self, has_star: bool) -> None:
        phrase = self._last_typed()
        if phrase:
            self.book.star(phrase, has_star)
            self.completer.refresh()
        self._settle()

    def _last_typed(self) -> str:
        """Return the last phrase of the line, which a star is for."""
        typed = Question.of(self.edit.text())
        return (typed.phrases + typed.but_not or ("",))[-1]

    def _add_all(self, question: Question) -> None:
        """Add a chip for each part of a question."""
        for name, parts in vars(question).items():
            for part in parts:
                self._add(Question(**{name: (part,)}))

    def _add(self, question: Question) -> None:
        if any(chip.question == question for chip in self.chips):
            return
        chip = Chip(question)
        chip.clicked.connect(lambda: self._remove(chip))
        chip.removed.connect(lambda: self._remove(chip))
        self.chips.append(chip)
        self._row.addWidget(chip)

    def _remove(self, chip: Chip) -> None:
        self._drop(chip)
        self.edit.setFocus()
        self._settle()

    def _drop(self, chip: Chip) -> None:
        self.chips.remove(chip)
        self._row.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    def _take_back(self) -> None:
        """Bring the last chip back into the line, which is empty."""
        if self.chips:
            chip = self.chips[-1]
            self._drop(chip)
            self.edit.setText(chip.line)
            self._settle()

    def _settle(self) -> None:
        full = self.is_full
        has_text = bool(self.edit.text().strip())
        self.add.setEnabled(has_text and not full)
        self.subtract.setEnabled(not full and SUBTRACTS.search(self.edit.text()) is None)
        has_star = self._last_typed() in self.book.starred
        self.star.setChecked(has_star)
        self.star.setText("★" if has_star else "☆")
        self.star.setToolTip(tr("Take the star from this phrase") if has_star else tr(STAR_TIP))
        self.star.setEnabled(has_text)
        self.edit.setPlaceholderText(tr(ANOTHER if self.chips else EXAMPLE))
        self.changed.emit()


class Chip(QPushButton):
    """One phrase or example that is fixed; a press removes it, as do Delete and Backspace."""

    removed = pyqtSignal()
    line: str
    """What comes back into the line when it is taken back; nothing of an example."""

    def __init__(self, question: Question) -> None:
        others, phrase = question.subtracted, "".join(question.phrases)
        words = phrase or question.liked or tr("not {phrase}", phrase=others[0])
        name = phrase or question.liked or f"{BUT_NOT}{others[0]}"
        self.question = question
        self.line = "" if question.like or question.unlike else name
        short = words if len(words) <= CHIP_LETTERS else f"{words[: CHIP_LETTERS - 1]}…"
        super().__init__(f"{short.replace('&', '&&')}{CROSS}", autoDefault=False)
        self._words = words
        self.setToolTip(f"{name}\n{tr('Press to remove it')}")
        self.setAccessibleName(tr("{line}, press to remove", line=name))

    def sizeHint(self) -> QSize:
        """Return the size of its words and the line around them."""
        metrics = self.fontMetrics()
        width = metrics.boundingRect(self.text().replace("&&", "&")).width()
        width = min(width + metrics.height(), WIDEST_CHIP_PX)
        return QSize(width, round(metrics.height() * 1.4))

    def shown_words(self) -> str:
        """Return as much of its words as there is room for, and the cross."""
        metrics = self.fontMetrics()
        room = self.width() - self.height() // 2 - metrics.horizontalAdvance(CROSS)
        return f"{metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, room)}{CROSS}"

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it in the colours of the theme; what is subtracted has a broken line around it."""
        role = QPalette.ColorRole
        reached = self.hasFocus() or self.underMouse()
        line = QColor(self.palette().color(role.Highlight if reached else role.WindowText))
        line.setAlphaF(1.0 if reached else 0.45)
        ground = QColor(self.palette().color(role.Highlight))
        ground.setAlphaF(0.0 if self.question.subtracted else 0.18)
        broken = Qt.PenStyle.DashLine if self.question.subtracted else Qt.PenStyle.SolidLine
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(line, 1, broken))
        painter.setBrush(ground)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(frame, frame.height() / 2, frame.height() / 2)
        painter.setPen(self.palette().color(role.WindowText))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.shown_words())
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the keys that delete text remove the chip."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)


class PhraseEdit(QLineEdit):
    """A line in which Ctrl+Enter and Backspace at the beginning are the box's."""

    another = pyqtSignal()
    taken_back = pyqtSignal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell them from what is typed."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.another.emit()
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.taken_back.emit()
        elif event.key() == Qt.Key.Key_Down and self.completer() is not None:
            self.completer().setCompletionPrefix(self.text())
            self.completer().complete()
        else:
            super().keyPressEvent(event)
