"""Widgets that flow into lines."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QPushButton, QWidget

from gluelink_plugin.dock.flow import FlowLayout


def test_a_hidden_widget_takes_no_room(qgis_app: object) -> None:
    whole = QWidget()
    row = FlowLayout(spacing=4, fills=True)
    whole.setLayout(row)
    first, second = QPushButton("first"), QPushButton("a second one, which is wide")
    row.addWidget(first)
    row.addWidget(second)
    width = second.sizeHint().width()
    assert row.heightForWidth(width) == 2 * first.sizeHint().height() + 4
    second.hide()
    assert row.heightForWidth(width) == first.sizeHint().height()
    assert row.minimumSize().width() == first.sizeHint().width()
    first.hide()
    assert row.heightForWidth(width) == 0
