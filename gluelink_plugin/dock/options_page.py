"""The page GLUE-Link of QGIS's Settings › Options."""

from __future__ import annotations

from collections.abc import Callable

from qgis.gui import QgsOptionsPageWidget, QgsOptionsWidgetFactory
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QVBoxLayout, QWidget

from ..settings import ROOT, Settings
from .settings import SettingsForm


class OptionsFactory(QgsOptionsWidgetFactory):
    """Makes the page each time that the dialog is opened."""

    def __init__(self, load: Callable[[], Settings], use: Callable[[Settings], None]) -> None:
        super().__init__()
        self._load, self._use = load, use
        self.setTitle("GLUE-Link")
        self.setIcon(self.icon())

    def icon(self) -> QIcon:
        """Return the plugin's icon."""
        return QIcon(str(ROOT / "resources" / "icons" / "gluelink.svg"))

    def createWidget(self, parent: QWidget) -> OptionsPage:
        """Return the page, with what is set now."""
        return OptionsPage(self._load(), self._use, parent)


class OptionsPage(QgsOptionsPageWidget):
    """The form of the panel's settings; nothing happens where nothing was changed."""

    def __init__(
        self, settings: Settings, use: Callable[[Settings], None], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._settings, self._use = settings, use
        self.form = SettingsForm(settings)
        QVBoxLayout(self).addWidget(self.form)

    def apply(self) -> None:
        """Use what is set, unless an address is still missing."""
        settings = self.form.settings()
        if self.form.complete and settings != self._settings:
            self._settings = settings
            self._use(settings)
