"""What QGIS's Processing lists under GLUE-Link."""

from __future__ import annotations

import pkgutil
from pathlib import Path

from qgis.core import QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from ..settings import ROOT
from .algorithm import Algorithm


class GlueLinkProvider(QgsProcessingProvider):
    """All algorithms of this package."""

    def id(self) -> str:
        """Return what their ids begin with."""
        return "gluelink"

    def name(self) -> str:
        """Return what the toolbox calls them."""
        return "GLUE-Link"

    def icon(self) -> QIcon:
        """Return the plugin's icon."""
        return QIcon(str(ROOT / "resources" / "icons" / "gluelink.svg"))

    def loadAlgorithms(self) -> None:
        """Add an algorithm of each class that a module of this package has."""
        for kind in algorithms():
            self.addAlgorithm(kind())


def algorithms() -> list[type[Algorithm]]:
    """Return the classes of all algorithms."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        # As a statement would: QGIS sees what statements import, and forgets it with the plugin. Of
        # what importlib imports, the classes of the plugin that was reloaded would stay.
        __import__(f"{__package__}.{module.name}", fromlist=[""])
    return sorted(Algorithm.__subclasses__(), key=lambda each: each.id_name)
