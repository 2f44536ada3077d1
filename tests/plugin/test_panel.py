"""The panel fits small windows and dark themes, works by keyboard, and keeps secrets."""

from __future__ import annotations

from pathlib import Path

import pytest
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor, QPalette
from qgis.PyQt.QtTest import QTest
from qgis.PyQt.QtWidgets import QDialogButtonBox, QWidget

from gluelink_plugin.client.api import is_loopback
from gluelink_plugin.client.process import clean_environment
from gluelink_plugin.client.protocol import Device, ErrorBody
from gluelink_plugin.dock.diagnostics import diagnostics, without_secrets
from gluelink_plugin.dock.settings import SettingsDialog
from gluelink_plugin.dock.status import device_words
from gluelink_plugin.layers.style import GAMMA, alignment_ramp, palette_colour
from gluelink_plugin.settings import Settings, load_settings, save_settings
from tests.plugin.conftest import Desk

GIB = 2**30


def test_it_fits_320_by_700_pixels(desk: Desk) -> None:
    panel = desk.panel
    panel.setFloating(True)
    panel.resize(320, 700)
    QTest.qWait(50)
    assert panel.width() == 320
    parts = (panel.status, panel.scene, panel.area, panel.ask, panel.foot, panel.ask.run)
    for part in parts:
        assert part.mapTo(panel, part.rect().topRight()).x() < 320
    assert panel.ask.run.mapTo(panel, panel.ask.run.rect().bottomLeft()).y() < 700
    panel.setFloating(False)


def test_tab_goes_from_top_to_bottom(desk: Desk) -> None:
    panel = desk.panel
    stops: list[QWidget] = []
    widget = panel.status.button
    while widget not in stops:
        if (
            widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.isVisible()
            and panel.isAncestorOf(widget)
        ):
            stops.append(widget)
        widget = widget.nextInFocusChain()
    wanted = [
        panel.status.button,
        panel.scene.layers,
        *panel.area.buttons.values(),
        panel.ask.lines[0].edit,
        panel.ask.encoders,
        panel.ask.heads,
        panel.ask.run,
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


def test_the_title_names_device_and_memory_in_use() -> None:
    gpu = Device("cuda", "NVIDIA A100", 80 * GIB, 68 * GIB)
    assert device_words(gpu) == "NVIDIA A100, 12 of 80 GB"
    assert device_words(Device("cpu", "a processor", GIB, GIB)) == "CPU"


def test_only_pairs_that_fit_can_be_chosen(desk: Desk) -> None:
    ask = desk.panel.ask
    heads = [ask.heads.itemData(i) for i in range(ask.heads.count())]
    capabilities = desk.session.backend.capabilities
    assert heads == [h.name for h in capabilities.heads if h.encoder == ask.encoders.currentData()]
    assert "Text space" in ask.heads.toolTip()


def test_more_phrases_than_the_backend_takes_cannot_be_added(desk: Desk) -> None:
    limit = desk.session.backend.capabilities.limits.max_phrases
    for _ in range(limit + 3):
        desk.panel.ask.add_line()
    assert len(desk.panel.ask.lines) == limit


@pytest.mark.parametrize("t", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_a_cosine_has_the_palettes_colour_on_the_gamma_curve(t: float) -> None:
    place = t ** (1 / GAMMA)
    wanted, found = palette_colour(t), alignment_ramp().color(place)
    assert all(abs(a - b) <= 6 for a, b in zip(wanted.getRgb(), found.getRgb()))


def test_low_values_let_the_radar_through() -> None:
    assert palette_colour(0.0).alpha() == 0
    alphas = [palette_colour(t / 20).alpha() for t in range(21)]
    assert alphas == sorted(alphas)


def test_the_backends_environment_is_not_qgis_own(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONHOME", "PYTHONPATH", "PROJ_LIB", "GDAL_DATA", "LD_LIBRARY_PATH"):
        monkeypatch.setenv(name, "/qgis")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:8080")
    environment = clean_environment("secret")
    names = environment.keys()
    assert not {"PYTHONHOME", "PYTHONPATH", "PROJ_LIB", "GDAL_DATA", "LD_LIBRARY_PATH"} & set(names)
    assert environment.value("HTTPS_PROXY") == "http://proxy:8080"
    assert environment.value("GLUELINK_TOKEN") == "secret"


@pytest.mark.parametrize(
    "line",
    [
        "Authorization: Bearer abcDEF123",
        "GLUELINK_TOKEN=abcDEF123",
        '{"token": "abcDEF123"}',
        "GET https://user:abcDEF123@example.org/",
    ],
)
def test_no_secret_is_copied(line: str) -> None:
    assert "abcDEF123" not in without_secrets(line)


def test_diagnostics_say_what_a_report_needs(desk: Desk) -> None:
    text = diagnostics(desk.session, ["a line of the log", f"in {Path.home()}/data"])
    assert "QGIS 3." in text and "texture-s1" in text and "a line of the log" in text
    assert str(Path.home()) not in text
    assert desk.session.backend.api._token not in text


def test_the_token_is_not_stored(desk: Desk) -> None:
    dialog = SettingsDialog(load_settings())
    dialog.theirs.setChecked(True)
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled()
    dialog.address.setText("https://gpu.example.org:8000/")
    dialog.token.setText("abcDEF123")
    assert ok.isEnabled()
    chosen = dialog.settings()
    assert (chosen.address, chosen.token) == ("https://gpu.example.org:8000", "abcDEF123")
    save_settings(chosen)
    assert load_settings() == Settings(chosen.folder, address=chosen.address)
    save_settings(Settings(chosen.folder))
    assert load_settings().address == ""


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost:1", True),
        ("http://[::1]:8000", True),
        ("http://127.0.0.1.example.org", False),
        ("https://gpu.example.org", False),
        ("", False),
    ],
)
def test_what_stays_on_this_computer(address: str, here: bool) -> None:
    assert is_loopback(address) is here
