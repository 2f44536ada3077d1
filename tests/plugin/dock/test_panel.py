"""The panel fits small windows and dark themes, and works by keyboard."""

from __future__ import annotations

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QWidget

from gluelink_plugin.client.protocol import ErrorBody
from gluelink_plugin.dock.panel import MARGIN
from gluelink_plugin.dock.remedies import REMEDIES
from tests.plugin.conftest import Desk


def test_it_fits_320_by_700_pixels(desk: Desk) -> None:
    panel = desk.panel
    panel.setFloating(True)
    panel.resize(320, 700)
    QTest.qWait(50)
    assert panel.width() == 320
    parts = (desk.status, desk.scene, desk.area, desk.ask, panel.foot, desk.ask.run)
    for part in parts:
        assert part.mapTo(panel, part.rect().topRight()).x() < 320
    assert desk.ask.run.mapTo(panel, desk.ask.run.rect().bottomLeft()).y() < 700
    panel.setFloating(False)


@pytest.mark.parametrize("code", REMEDIES)
def test_no_message_widens_it(desk: Desk, code: str) -> None:
    message = desk.panel.message
    message.show_error("job", ErrorBody(code, "Something went wrong.", "Do something."))
    assert message.minimumSizeHint().width() <= 320 - 2 * MARGIN


def test_tab_goes_from_top_to_bottom(desk: Desk) -> None:
    panel = desk.panel
    stops: list[QWidget] = []
    widget = desk.status.button
    while widget not in stops:
        if (
            widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.isVisible()
            and panel.isAncestorOf(widget)
        ):
            stops.append(widget)
        widget = widget.nextInFocusChain()
    wanted = [
        desk.status.button,
        desk.scene.layers,
        *desk.area.buttons.values(),
        desk.ask.lines[0].edit,
        desk.ask.encoders,
        desk.ask.heads,
        desk.ask.run,
    ]
    assert [stop for stop in stops if stop in wanted] == wanted


def test_text_is_readable_in_a_dark_theme(desk: Desk) -> None:
    before = QgsApplication.palette()
    dark = QPalette(QColor(50, 50, 50))
    QgsApplication.setPalette(dark)
    desk.panel.message.show_error("job", ErrorBody("error", "Something went wrong."))
    picture = desk.panel.message.grab().toImage()
    shades = {
        picture.pixelColor(x, y).lightness()
        for x in range(picture.width())
        for y in range(picture.height())
    }
    QgsApplication.setPalette(before)
    assert picture.pixelColor(3, picture.height() // 2).lightness() < 110
    assert max(shades) > 200
