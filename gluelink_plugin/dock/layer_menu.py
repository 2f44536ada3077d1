"""What the menu of a map in the layer tree offers: to ask again, and to copy its recipe."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qgis.core import QgsApplication, QgsMapLayer, QgsMapLayerType, QgsProject
from qgis.gui import QgisInterface
from qgis.PyQt.QtWidgets import QAction

from ..layers.result import Recipe, recipe_of
from ..translation import tr

MENU = "GLUE-Link"


class LayerMenu:
    """Two actions for the maps of a project, also of one that is opened, and for no other layer."""

    def __init__(self, iface: QgisInterface, ask_again: Callable[[Recipe], None]) -> None:
        self._iface = iface
        self._ask_again = ask_again
        window = iface.mainWindow()
        self.again = QAction(tr("Ask again"), window, triggered=self._again)
        self.copy = QAction(tr("Copy recipe"), window, triggered=self._copy)
        for action in (self.again, self.copy):
            iface.addCustomActionForLayerType(action, MENU, QgsMapLayerType.RasterLayer, False)
        self._offer(QgsProject.instance().mapLayers().values())
        QgsProject.instance().layersAdded.connect(self._offer)

    def remove(self) -> None:
        """Take the actions out of the menus, and stop listening to the project."""
        QgsProject.instance().layersAdded.disconnect(self._offer)
        for action in (self.again, self.copy):
            self._iface.removeCustomActionForLayerType(action)
            action.deleteLater()

    def _offer(self, layers: Iterable[QgsMapLayer]) -> None:
        for layer in layers:
            if recipe_of(layer) is not None:
                for action in (self.again, self.copy):
                    self._iface.addCustomActionForLayer(action, layer)

    def _recipe(self) -> Recipe | None:
        """Return the recipe of the layer whose menu is open, which is the active one."""
        layer = self._iface.activeLayer()
        return recipe_of(layer) if layer is not None else None

    def _again(self) -> None:
        recipe = self._recipe()
        if recipe is not None:
            self._ask_again(recipe)

    def _copy(self) -> None:
        recipe = self._recipe()
        if recipe is not None:
            QgsApplication.clipboard().setText(recipe.as_json())
