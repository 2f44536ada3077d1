"""QGIS finds the plugin here."""


def classFactory(iface):  # QGIS looks for this name
    """Make the plugin; what it needs is imported when QGIS asks for it, not before."""
    from .gluelink_plugin.plugin import GlueLinkPlugin

    return GlueLinkPlugin(iface)
