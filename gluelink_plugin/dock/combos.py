"""Combo boxes whose entry ends in an ellipsis where it is cut: Qt's own end in half a letter."""

from __future__ import annotations

from qgis.gui import QgsMapLayerComboBox
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QPaintEvent, QPalette
from qgis.PyQt.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

ICON_GAP = 6
"""Pixels between an icon and its words, at most."""


class Combo(QComboBox):
    """One of entries."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the entry that is chosen."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        draw_entry(self, option)


class LayerCombo(QgsMapLayerComboBox):
    """One of the project's layers."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the layer that is chosen."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        draw_entry(self, option)


def draw_entry(combo: QComboBox, option: QStyleOptionComboBox) -> None:
    """Draw a combo box, its words as far as there is room."""
    kind, field = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    room = combo.style().subControlRect(kind, option, field, combo).width()
    if not option.currentIcon.isNull():
        room -= option.iconSize.width() + ICON_GAP
    words = option.currentText
    if combo.currentIndex() < 0:
        words, text = combo.placeholderText(), QPalette.ColorRole.ButtonText
        # The colour that Qt has for it is that of the ground in some themes.
        faint = option.palette.color(QPalette.ColorGroup.Disabled, text)
        option.palette.setColor(text, faint)
    option.currentText = option.fontMetrics.elidedText(words, Qt.TextElideMode.ElideRight, room)
    painter = QStylePainter(combo)
    painter.drawComplexControl(kind, option)
    painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
    painter.end()
