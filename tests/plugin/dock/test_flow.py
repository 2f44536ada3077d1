from __future__ import annotations

from collections import Counter

from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QRect
from qgis.PyQt.QtWidgets import QPushButton, QWidget

from gluelink_plugin.dock.flow import FlowLayout


def test_what_does_not_fit_into_one_line_is_shared_by_two(qgis_app: QgsApplication) -> None:
    row, flow = QWidget(), FlowLayout(4)
    row.setLayout(flow)
    buttons = [QPushButton() for _ in range(5)]
    for button in buttons:
        button.setFixedSize(60, 20)
        flow.addWidget(button)
    flow.setGeometry(QRect(0, 0, 260, 60))  # room for four in a line
    assert list(Counter(button.y() for button in buttons).values()) == [3, 2]
    flow.setGeometry(QRect(0, 0, 330, 60))
    assert len({button.y() for button in buttons}) == 1
