"""The one temporary layer that shows what is being typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qgis.core import QgsDataProvider, QgsProject, QgsRasterLayer

from ..translation import tr
from .result import GROUP_PROPERTY, LIVE_PROPERTY, add_layers, seen_map, show_map
from .scene import SceneSource, open_raster


class LiveLayer:
    """A layer on top of the maps of its scene, whose file and style are replaced."""

    def __init__(self) -> None:
        self._id = ""
        self._earlier = ""
        """The map that was seen before; empty where none was."""

    @property
    def layer(self) -> QgsRasterLayer | None:
        """The layer; None where it is not in the project, from which the user may remove it."""
        return QgsProject.instance().mapLayer(self._id) if self._id else None

    def show(
        self,
        path: Path,
        name: str,
        scene: SceneSource,
        style: Callable[[QgsRasterLayer], None],
    ) -> QgsRasterLayer:
        """Show a map, in place of the one that was shown.

        Raises:
            ValueError: QGIS cannot read it.
        """
        layer = self.layer
        old = layer.source() if layer is not None else ""
        if layer is None:
            layer = open_raster(path, name)
        else:
            layer.setDataSource(str(path), name, "gdal", QgsDataProvider.ProviderOptions())
            layer.setName(name)
        if not layer.isValid():
            raise ValueError(tr("QGIS cannot read the result {path}.", path=path))
        style(layer)
        if old:
            layer.triggerRepaint()
            _unlink(Path(old))
        else:
            layer.setCustomProperty(LIVE_PROPERTY, True)
            self._earlier = seen_map(scene)
            self._id = layer.id()
            add_layers([layer], scene)
        return layer

    def remove(self, show_earlier: bool = True) -> None:
        """Take the layer out of the project, with a group of maps that has no other.

        The map that was seen before is seen again.
        """
        layer, self._id = self.layer, ""
        if layer is None:
            return
        path = Path(layer.source())
        node = QgsProject.instance().layerTreeRoot().findLayer(layer)
        group = node.parent() if node is not None else None
        QgsProject.instance().removeMapLayer(layer.id())
        if group is not None and group.customProperty(GROUP_PROPERTY) and not group.children():
            group.parent().removeChildNode(group)
        _unlink(path)
        if show_earlier:
            show_map(self._earlier)


def _unlink(path: Path) -> None:
    """Delete a file, unless it is in use, as on Windows: its folder goes with QGIS."""
    try:
        path.unlink()
    except OSError:
        return
