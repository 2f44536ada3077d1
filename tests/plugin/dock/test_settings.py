"""The dialog stores where the backend is, but no token."""

from __future__ import annotations

from qgis.PyQt.QtWidgets import QDialogButtonBox

from gluelink_plugin.dock.settings import SettingsDialog
from gluelink_plugin.settings import Settings, load_settings, save_settings
from tests.plugin.conftest import Desk


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
    dialog.tunnel.setChecked(True)
    save_settings(dialog.settings())
    assert load_settings().tunnel
    save_settings(Settings(chosen.folder))
    assert (load_settings().address, load_settings().tunnel) == ("", False)
