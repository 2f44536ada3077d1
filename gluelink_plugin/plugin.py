"""What QGIS loads: one action that shows the panel, set up and torn down without a trace."""

from __future__ import annotations

from qgis.core import QgsApplication
from qgis.gui import QgisInterface
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from .dock.layer_menu import LayerMenu
from .dock.locator import PhraseLocator
from .dock.options_page import OptionsFactory
from .dock.panel import Panel
from .layers.expression import ScoreFunction
from .processing.provider import GlueLinkProvider
from .settings import ROOT
from .threads import end_idle_threads
from .translation import install_translator, remove_translator, tr


class GlueLinkPlugin:
    """The plugin as QGIS's plugin manager knows it; without a window, as `qgis_process` does."""

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface  # None in `qgis_process`

    def initProcessing(self) -> None:
        """Load the words of QGIS's language, and add the Processing algorithms."""
        self.translator = install_translator()
        self.provider = GlueLinkProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self) -> None:
        """Add the algorithms, the panel, the action that shows it, and the locator's filter."""
        self.initProcessing()
        self.panel = Panel(self._iface)
        # As it was left in the last session, or hidden; QGIS shows whatever is added.
        if not self._iface.mainWindow().restoreDockWidget(self.panel):
            self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.panel)
            self.panel.hide()
        icon = QIcon(str(ROOT / "resources" / "icons" / "gluelink.svg"))
        self.action = QAction(
            icon,
            tr("Ask radar in words (GLUE-Link)"),
            self._iface.mainWindow(),
            objectName="GlueLinkAction",
            checkable=True,
        )
        self.panel.setToggleVisibilityAction(self.action)
        self._iface.addToolBarIcon(self.action)
        # Straight into the menu: QGIS never deletes a submenu that was made for a plugin.
        self._iface.rasterMenu().addAction(self.action)
        self.locator = PhraseLocator(self.panel.ask_phrase)
        self._iface.registerLocatorFilter(self.locator)
        self.layer_menu = LayerMenu(self._iface, self.panel.ask_again)
        self.options = OptionsFactory(self.panel.settings, self.panel.use_settings)
        self._iface.registerOptionsWidgetFactory(self.options)
        self.scores = ScoreFunction()
        self.scores.register()

    def unload(self) -> None:
        """Take away all that initGui added."""
        QgsApplication.processingRegistry().removeProvider(self.provider)
        self._iface.deregisterLocatorFilter(self.locator)  # which deletes it
        self.layer_menu.remove()
        self._iface.unregisterOptionsWidgetFactory(self.options)
        self.scores.unregister()
        self._iface.rasterMenu().removeAction(self.action)
        self._iface.removeToolBarIcon(self.action)
        self.panel.close_session()
        end_idle_threads()
        self._iface.removeDockWidget(self.panel)
        # At once: nothing of a plugin that is being reloaded may hear another signal.
        sip.delete(self.panel)
        sip.delete(self.action)
        del self.panel, self.action, self.provider, self.locator, self.layer_menu
        remove_translator(self.translator)
        del self.options, self.scores, self.translator
