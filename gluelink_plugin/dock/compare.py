"""Two maps side by side, which move together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from html import escape

from qgis.core import QgsRasterLayer
from qgis.gui import QgsMapCanvas, QgsMapToolPan, QgsVertexMarker
from qgis.PyQt import sip
from qgis.PyQt.QtCore import Qt
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from ..layers.result import scale_of, scene_layer, shown_band
from ..layers.view import FIXED, MapView, show_view, view_of
from ..translation import tr
from .widgets import STRETCH, fill, keep_width

SIZE = (900, 520)
POINTER = QColor(255, 196, 0)


class CompareDialog(QDialog):
    """Two views of one place. The pointer in one of them is marked in the other.

    Colours follow each map's own range, or one range for both: of one phrase only, as the cosines
    of two phrases do not compare.
    """

    def __init__(
        self, first: QgsRasterLayer, second: QgsRasterLayer, canvas: QgsMapCanvas, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Compare two maps"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._maps = [first, second]
        self._clones = [layer.clone() for layer in self._maps]
        self._scenes = [scene_layer(layer) for layer in self._maps]
        self._ids = {layer.id() for layer in (*self._maps, *self._scenes) if layer is not None}
        self._moving = False
        self.views = [self._view(layer, canvas) for layer in self._maps]
        self._markers = [_marker(view) for view in self.views]
        self.one_scale = QCheckBox(tr("&One scale of colours"), toggled=self._colour)
        one, other = (scale_of(layer, shown_band(layer)) for layer in self._maps)
        self.one_scale.setEnabled(one == other)
        self.one_scale.setToolTip(tr("For one phrase: the cosines of two phrases do not compare"))
        self._lay_out()
        for view, other in (self.views, reversed(self.views)):
            view.extentsChanged.connect(lambda view=view, other=other: self._follow(view, other))
        for view, marker in zip(self.views, reversed(self._markers)):
            view.xyCoordinates.connect(marker.setCenter)
            view.xyCoordinates.connect(lambda _place, marker=marker: marker.show())
        self.one_scale.setChecked(self.one_scale.isEnabled())
        self._colour()
        self.resize(*SIZE)

    def shows(self, ids: Iterable[str]) -> bool:
        """Return whether one of these layers, which may be gone, is in it."""
        return not self._ids.isdisjoint(ids)

    def end(self) -> None:
        """Close it and delete all of it at once: layers must not outlive QGIS."""
        for view in self.views:
            view.stopRendering()
            view.setLayers([])
        self.close()
        clones = self._clones
        sip.delete(self)
        for clone in clones:
            sip.delete(clone)

    def _view(self, layer: QgsRasterLayer, canvas: QgsMapCanvas) -> QgsMapCanvas:
        """Return a view where the canvas is now, or at the map where that does not show it."""
        view = QgsMapCanvas(self)
        view.setCanvasColor(canvas.canvasColor())
        view.setDestinationCrs(canvas.mapSettings().destinationCrs())
        view.setExtent(canvas.extent())
        tool = QgsMapToolPan(view)
        tool.setParent(view)
        view.setMapTool(tool)
        return view

    def _lay_out(self) -> None:
        columns = QHBoxLayout()
        for layer, view in zip(self._maps, self.views):
            view.setFrameShape(QFrame.Shape.StyledPanel)
            title = QLabel(f"<b>{escape(layer.name())}</b>")
            title.setToolTip(layer.source())
            keep_width(title)
            columns.addLayout(fill(QVBoxLayout(), title, (view, 1)), 1)
        fill(
            QVBoxLayout(self),
            (columns, 1),
            fill(QHBoxLayout(), self.one_scale, STRETCH),
            margins=(8,) * 4,
        )

    def _follow(self, view: QgsMapCanvas, other: QgsMapCanvas) -> None:
        if not self._moving:
            self._moving = True
            other.setExtent(view.extent())
            other.refresh()
            self._moving = False

    def _colour(self, _on: bool = False) -> None:
        """Show both maps above their scenes, each with its own range of colours or with one."""
        ranges = [_range(layer) for layer in self._maps]
        low, high = min(each[0] for each in ranges), max(each[1] for each in ranges)
        shown_maps = zip(self._maps, self._clones, self._scenes, self.views)
        for layer, clone, scene, view in shown_maps:
            if self.one_scale.isChecked():
                shown = view_of(layer) or MapView(shown_band(layer), low, high)
                show_view(clone, replace(shown, low=low, high=high, stretch=FIXED))
            else:
                clone.setRenderer(layer.renderer().clone())
            view.setLayers([clone, scene] if scene is not None else [clone])
            view.refresh()


def _range(layer: QgsRasterLayer) -> tuple[float, float]:
    """Return the cosines between which a map is coloured."""
    renderer = layer.renderer()
    if not hasattr(renderer, "classificationMin"):  # the user has another style
        return 0.0, 1.0
    return renderer.classificationMin(), renderer.classificationMax()


def _marker(view: QgsMapCanvas) -> QgsVertexMarker:
    marker = QgsVertexMarker(view)
    marker.setIconType(QgsVertexMarker.IconType.ICON_CROSS)
    marker.setColor(POINTER)
    marker.setPenWidth(2)
    marker.hide()
    return marker
