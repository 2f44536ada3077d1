"""The panel fits small windows and dark themes, and works by keyboard."""

from __future__ import annotations

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QLabel, QLineEdit, QScrollArea, QWidget

from gluelink_plugin.client.protocol import ErrorBody
from gluelink_plugin.dock.panel import MARGIN
from gluelink_plugin.dock.remedies import REMEDIES
from gluelink_plugin.dock.widgets import set_hint
from gluelink_plugin.layers.scene import SceneSource
from tests.plugin.conftest import Desk, Window
from tests.plugin.scripted import ScriptedBackend


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


def test_it_scrolls_where_it_is_narrower_than_its_fields(new_desk: Desk) -> None:
    panel = new_desk.panel
    panel.setFloating(True)
    panel.resize(195, 700)
    QTest.qWait(50)
    scroll = panel.findChild(QScrollArea)
    hidden = scroll.widget().width() - scroll.viewport().width()
    assert scroll.horizontalScrollBar().maximum() == max(0, hidden)
    for part in (panel.foot, new_desk.ask.run):
        assert part.mapTo(panel, part.rect().topRight()).x() <= panel.width()


@pytest.mark.parametrize("points", [9, 14])
def test_the_buttons_of_the_area_show_their_words_in_any_font(new_desk: Desk, points: int) -> None:
    panel = new_desk.panel
    panel.setStyleSheet(f"* {{ font-size: {points}pt }}")  # as QGIS sets its own
    panel.setFloating(True)
    panel.resize(320, 700)
    QTest.qWait(50)
    for button in new_desk.area.buttons.values():
        assert button.width() >= button.sizeHint().width(), button.text()
        assert button.mapTo(panel, button.rect().topRight()).x() < 320


def test_a_hint_is_readable_in_a_disabled_field_on_dark_ground_and_on_light(desk: Desk) -> None:
    edit = QLineEdit(enabled=False)
    set_hint(edit, "Automatic")
    disabled, role = QPalette.ColorGroup.Disabled, QPalette.ColorRole.PlaceholderText
    hint = edit.palette().color(disabled, role)
    # Night Mapping draws the field dark by its style sheet, of which the palette does not know.
    for ground in (QColor("black"), QColor("white")):
        assert contrast(hint, ground) > 3


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two greys, from 1 to 21, as WCAG 2 defines it."""
    lighter, darker = sorted((one.redF() ** 2.2, other.redF() ** 2.2), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_letters_are_none_of_those_of_qgis_menus(window: Window, scripted: ScriptedBackend) -> None:
    menus = ("Pro&ject", "&Edit", "&View", "&Layer", "&Settings", "&Plugins", "Vect&or", "&Raster")
    for words in (*menus, "&Database", "&Web", "&Mesh", "Pro&cessing", "&Help"):
        window.main.menuBar().addMenu(words)
    desk = Desk(window)
    desk.connect(scripted.address)
    labels = [label for label in desk.panel.findChildren(QLabel) if label.buddy()]
    marked = [each.text() for each in (*labels, desk.ask.run) if "&" in each.text()]
    letters = [text[text.index("&") + 1].lower() for text in marked]
    desk.close()
    window.main.menuBar().clear()
    assert not set(letters) & set("jevlsporwdmch")
    assert len(letters) == len(set(letters))
    assert {text.replace("&", "") for text in marked} >= {"Source", "Encoder", "Head", "Ask"}


def test_escape_cancels_where_the_panel_has_the_focus(
    new_desk: Desk, scripted: ScriptedBackend
) -> None:
    new_desk.connect(scripted.address)
    new_desk.session.set_source(SceneSource("/nowhere.tif", "nowhere"))
    new_desk.type("open water")
    new_desk.press_enter()
    assert new_desk.session.busy
    new_desk.window.main.activateWindow()
    new_desk.ask.box.edit.setFocus()
    QTest.qWaitForWindowActive(new_desk.window.main)
    QTest.keyClick(new_desk.ask.box.edit, Qt.Key.Key_Escape)
    assert not new_desk.session.busy
    assert new_desk.panel.foot.stage.text() == "Cancelled."


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
        desk.ask.box.edit,
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
