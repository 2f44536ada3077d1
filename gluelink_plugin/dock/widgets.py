"""Small widgets that the views share. Colours come from the palette, so any theme fits."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QModelIndex, QSize, Qt, QTimer
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFormLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QListView,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QWidget,
)

from ..translation import mark, tr

NONE = (0, 0, 0, 0)
STRETCH = object()

LONG_WORD = 24  # letters
NAMES = (mark("Source"), mark("Units"), mark("Encoder"), mark("Stretch"), mark("Opacity"))
"""The longest names of fields, which stand below one another in all parts."""
MOST_LETTERS = 9
"""Of such a name; a longer one takes more room in its own part alone."""


def heading(text: str) -> QLabel:
    """Return the heading of a section."""
    return QLabel(f"<b>{text}</b>")


def caption(text: str = "") -> QLabel:
    """Return a quiet line of text, which breaks where the panel is narrow."""
    label = QLabel(text, wordWrap=True)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 0.9)
    label.setFont(font)
    return label


def fill(layout: QBoxLayout, *parts: Any, margins: tuple[int, int, int, int] = NONE) -> QBoxLayout:
    """Return the layout with widgets, layouts and stretches in it.

    A tuple is a widget or layout with its stretch, and perhaps its alignment.
    """
    layout.setContentsMargins(*margins)
    for part in parts:
        item, *place = part if isinstance(part, tuple) else (part,)
        if item is STRETCH:
            layout.addStretch()
        elif isinstance(item, QLayout):
            layout.addLayout(item, *place)
        else:
            layout.addWidget(item, *place)
    return layout


def menu_button(icon: str, tip: str, actions: dict[str, Callable[[], None]]) -> QToolButton:
    """Return a button with a menu of words and what each of them calls."""
    button = QToolButton(
        icon=QgsApplication.getThemeIcon(icon),
        toolTip=tip,
        popupMode=QToolButton.ToolButtonPopupMode.InstantPopup,
        focusPolicy=Qt.FocusPolicy.TabFocus,
    )
    menu = QMenu(button)
    for words, call in actions.items():
        menu.addAction(words, call)
    button.setMenu(menu)
    return button


def breakable(address: str) -> str:
    """Return an address that may go on in the next line, after a dot, where the panel is narrow."""
    return address.replace(".", ".\u200b")


def breakable_paths(text: str) -> str:
    """Return a text in which long words, such as the path of a file, may go on in the next line."""
    return re.sub(
        rf"\S{{{LONG_WORD},}}", lambda word: re.sub(r"([/\\_])", "\\1\u200b", word[0]), text
    )


def keep_width(label: QLabel) -> None:
    """Let a word longer than the panel, such as a scene's id, be cut off and not widen it."""
    policy = label.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)


def form(*rows: tuple[str, QWidget | QLayout, QWidget]) -> QFormLayout:
    """Return rows of a name, what stands beside it, and the widget that its letter goes to."""
    layout = QFormLayout()
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for name, field, buddy in rows:
        label = QLabel(name)
        metrics = label.fontMetrics()
        longest = max(metrics.boundingRect(tr(each)).width() for each in NAMES) + 2
        label.setMinimumWidth(min(longest, MOST_LETTERS * metrics.averageCharWidth()))
        label.setBuddy(buddy)
        layout.addRow(label, field)
    return layout


def make_narrow(combo: QComboBox, letters: int = 6) -> QComboBox:
    """Return the combo box, which can now be this narrow, however long its entries are."""
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(letters)
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return combo


class WrappedRows(QStyledItemDelegate):
    """Makes the rows of a list as high as their words are where the list is as wide as it is now.

    Qt itself places them as though there were a scroll bar, and draws them without it: gaps stay.
    """

    def __init__(self, rows: QListView) -> None:
        super().__init__(rows)
        self._rows = rows

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        """Return the size of a row."""
        option.rect.setWidth(self._rows.viewport().width() - 2 * self._rows.spacing())
        return super().sizeHint(option, index)


def list_items(combo: QComboBox, items: Iterable[tuple[str, Any, str]], chosen: Any) -> None:
    """Replace the entries of a combo box by words, value and tooltip each; no signal is sent."""
    combo.blockSignals(True)
    combo.clear()
    for words, value, tip in items:
        combo.addItem(words, value)
        combo.setItemData(combo.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
    combo.setCurrentIndex(max(0, combo.findData(chosen)))
    combo.blockSignals(False)


def scroll_to(widget: QWidget) -> None:
    """Bring a widget into sight where the panel scrolls, once it has its place there."""
    above = widget.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    if above is not None:
        for wait_ms in (0, 250):  # what stands above may still change its height
            clock = QTimer(widget, singleShot=True)
            clock.timeout.connect(lambda: above.ensureWidgetVisible(widget))
            clock.start(wait_ms)


def set_tab_order(*widgets: QWidget) -> None:
    """Let Tab go through the widgets in this order, and through what lies inside each of them."""
    window = widgets[0].window()  # a list that drops down is a window of its own
    stops = [
        stop
        for widget in widgets
        for stop in (widget, *widget.findChildren(QWidget))
        if stop.focusPolicy() & Qt.FocusPolicy.TabFocus
        and stop.focusProxy() is None
        and stop.window() is window
    ]
    for earlier, later in zip(stops, stops[1:]):
        QWidget.setTabOrder(earlier, later)


def set_hint(edit: QLineEdit, text: str) -> None:
    """Set a placeholder that can be read: some styles draw it almost in the background's colour.

    In a field that is disabled it is grey: dark themes give such a field a dark ground, and light
    ones a light one, and the palette may know neither.
    """
    palette = edit.palette()
    colour = QColor(palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text))
    colour.setAlphaF(0.55)
    palette.setColor(QPalette.ColorRole.PlaceholderText, colour)
    faint = QColor(128, 128, 128)
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.PlaceholderText, faint)
    edit.setPalette(palette)
    edit.setPlaceholderText(text)
