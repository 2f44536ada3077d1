"""Small widgets that the views share. Colours come from the palette, so any theme fits."""

from __future__ import annotations

from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

LONGEST_NAME = "Encoder"  # so that fields stand below one another in all parts


def heading(text: str) -> QLabel:
    """The name of a part of the panel."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


def caption(text: str = "") -> QLabel:
    """A quiet line below something; breaks where the panel is narrow."""
    label = QLabel(text)
    label.setWordWrap(True)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * 0.9)
    label.setFont(font)
    return label


def keep_width(label: QLabel) -> None:
    """Let a word longer than the panel, such as a scene's id, be cut off and not widen it."""
    policy = label.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)


def form(*rows: tuple[str, QWidget | QLayout, QWidget]) -> QFormLayout:
    """Rows of a name, what stands beside it and which widget the name's letter goes to."""
    layout = QFormLayout()
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for name, field, buddy in rows:
        label = QLabel(name)
        label.setMinimumWidth(label.fontMetrics().boundingRect(LONGEST_NAME).width() + 2)
        label.setBuddy(buddy)
        layout.addRow(label, field)
    return layout


def make_narrow(combo: QComboBox) -> QComboBox:
    """Let a combo box be as narrow as the panel, however long its entries are."""
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(6)
    combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return combo


def set_hint(edit: QLineEdit, text: str) -> None:
    """A placeholder that can be read: some styles draw it nearly in the colour of the ground."""
    palette = edit.palette()
    colour = QColor(palette.color(QPalette.ColorRole.Text))
    colour.setAlphaF(0.55)
    palette.setColor(QPalette.ColorRole.PlaceholderText, colour)
    edit.setPalette(palette)
    edit.setPlaceholderText(text)


def seconds_in_words(seconds: float) -> str:
    """About how long: 8 s, 3 min, 1 h 20 min."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
