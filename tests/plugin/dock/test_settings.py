"""The dialog stores where the backend is, but no token."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QDialogButtonBox

from gluelink_plugin.dock.options_page import OptionsFactory
from gluelink_plugin.dock.settings import SettingsDialog
from gluelink_plugin.settings import Settings, load_settings, save_settings
from tests.plugin.conftest import Desk


def test_the_token_is_not_stored(desk: Desk) -> None:
    dialog = SettingsDialog(load_settings())
    dialog.form.theirs.setChecked(True)
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    assert not ok.isEnabled()
    dialog.form.address.setText("https://gpu.example.org:8000/")
    dialog.form.token.setText("abcDEF123")
    assert ok.isEnabled()
    chosen = dialog.settings()
    assert (chosen.address, chosen.token) == ("https://gpu.example.org:8000", "abcDEF123")
    save_settings(chosen)
    assert load_settings() == Settings(chosen.folder, address=chosen.address)
    dialog.form.tunnel.setChecked(True)
    save_settings(dialog.settings())
    assert load_settings().tunnel
    save_settings(Settings(chosen.folder))
    assert (load_settings().address, load_settings().tunnel) == ("", False)


def test_qgis_options_have_the_same_page(desk: Desk) -> None:
    used: list[Settings] = []
    factory = OptionsFactory(load_settings, used.append)
    page = factory.createWidget(desk.window.main)
    assert factory.title() == "GLUE-Link" and not factory.icon().isNull()
    page.apply()
    assert used == []  # nothing was changed: a backend that runs goes on
    page.form.theirs.setChecked(True)
    page.apply()
    assert used == []  # there is no address yet
    page.form.address.setText("http://127.0.0.1:9")
    page.apply()
    assert [each.address for each in used] == ["http://127.0.0.1:9"]
    page.deleteLater()
