"""QGIS finds the plugin here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qgis.gui import QgisInterface

    from .gluelink_plugin.plugin import GlueLinkPlugin


def classFactory(iface: QgisInterface) -> GlueLinkPlugin:
    """Make the plugin; what it needs is imported when QGIS asks for it, not before."""
    from .gluelink_plugin.plugin import GlueLinkPlugin

    return GlueLinkPlugin(iface)
