"""What QGIS loads: one action that shows the panel, set up and torn down without a trace."""

from __future__ import annotations

from qgis.gui import QgisInterface
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QIcon
from qgis.PyQt.QtWidgets import QAction

from .dock.panel import Panel
from .settings import ROOT


class GlueLinkPlugin:
    """The plugin as QGIS's plugin manager knows it."""

    def __init__(self, iface: QgisInterface) -> None:
        self._iface = iface

    def initGui(self) -> None:
        """Add the panel and the action that shows it."""
        self.panel = Panel(self._iface)
        # As it was left in the last session, or hidden; QGIS shows whatever is added.
        if not self._iface.mainWindow().restoreDockWidget(self.panel):
            self._iface.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.panel)
            self.panel.hide()
        icon = QIcon(str(ROOT / "resources" / "icons" / "gluelink.svg"))
        self.action = QAction(
            icon,
            "Ask radar in words (GLUE-Link)",
            self._iface.mainWindow(),
            objectName="GlueLinkAction",
            checkable=True,
        )
        self.panel.setToggleVisibilityAction(self.action)
        self._iface.addToolBarIcon(self.action)
        # Straight into the menu: QGIS never deletes a submenu that was made for a plugin.
        self._iface.rasterMenu().addAction(self.action)

    def unload(self) -> None:
        """Take away all that initGui added."""
        self._iface.rasterMenu().removeAction(self.action)
        self._iface.removeToolBarIcon(self.action)
        self.panel.close_session()
        self._iface.removeDockWidget(self.panel)
        # At once: nothing of a plugin that is being reloaded may hear another signal.
        sip.delete(self.panel)
        sip.delete(self.action)
        del self.panel, self.action
