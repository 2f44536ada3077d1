"""The map section: how the active map is looked at. All of it is in the renderer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication, QgsMapLayer, QgsProject, QgsRasterLayer
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import Qt, QTimer, pyqtSignal
from qgis.PyQt.QtGui import QColor
from qgis.PyQt.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from ..client.protocol import ErrorBody
from ..layers.best import BestTask, add_best
from ..layers.result import recipe_of
from ..layers.style import faint_colour, palette_colour
from ..layers.view import (
    CUT,
    FIXED,
    RANK,
    SCENE,
    VIEW,
    Cells,
    MapView,
    maps_alike,
    share_view,
    show_view,
    stretched,
    view_of,
)
from ..question import BY_RANK, Question
from ..session import Session
from ..translation import mark, tr
from ..words import decimal, km2_in_words
from .combos import Combo
from .flow import FlowLayout
from .histogram import Histogram
from .probe import ProbeView
from .section import Section
from .widgets import caption, fill, form, list_items, make_narrow

BARS = 60
SOON_MS = 200
STRETCHES = {
    SCENE: (mark("This scene"), mark("From the 2nd percentile of the map to its largest value")),
    VIEW: (mark("This view"), mark("The same of what the map shows now; it follows the view")),
    FIXED: (mark("Fixed"), mark("Between two values, to compare maps")),
    RANK: (mark("Rank in the scene"), mark("By how many cells of the map fit worse")),
}
PALETTE_WORDS = {
    "glow": mark("Glow"),
    "viridis": mark("Viridis"),
    "blue": mark("Blue"),
    "grey": mark("Grey, opaque"),
}
NO_MAP = mark(
    "Ask a scene, or choose one of its maps in the layer tree: how it is looked at is set here."
)


class MapSection(Section):
    """Follows the layer that is active; while that is none of our maps it only says so."""

    name = "map"
    title = mark("Map")
    again = pyqtSignal(object)  # Recipe, to be asked

    def __init__(self, session: Session, canvas: QgsMapCanvas) -> None:
        super().__init__(session, canvas)
        self._id = ""
        self._cells: Cells | None = None
        self._view: MapView | None = None
        self._task: BestTask | None = None
        self._hint, self.controls = caption(tr(NO_MAP)), QWidget()
        self._make_fields()
        self._make_buttons()
        self.probe = ProbeView(session, canvas)
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS, timeout=self._follow_view)
        self._lay_out()
        self._connect()
        session.map_added.connect(self.look_at)
        session.map_changed.connect(self._look_again)
        canvas.currentLayerChanged.connect(self.look_at)
        canvas.extentsChanged.connect(self._view_moved)
        QgsProject.instance().layersRemoved.connect(self._layers_removed)
        self.look_at(canvas.currentLayer())

    def _make_fields(self) -> None:
        """Make what sets how the map is looked at."""
        self.histogram = Histogram()
        self.kept = caption()
        self.kept.setToolTip(
            tr(
                "Whole cells are counted, with those that the edge of the area only touches: all "
                "of them together are somewhat larger than the area"
            )
        )
        self.all = QToolButton(
            text=tr("All"), autoRaise=True, toolTip=tr("Hide nothing"), clicked=self._show_all
        )
        self.stretch = make_narrow(Combo())
        entries = [(tr(words), name, tr(tip)) for name, (words, tip) in STRETCHES.items()]
        list_items(self.stretch, entries, SCENE)
        self.low, self.high = QDoubleSpinBox(), QDoubleSpinBox()
        self._range = QWidget()
        fill(QHBoxLayout(self._range), self.low, self.high)
        self.palette_box = make_narrow(Combo())
        palettes = [(tr(words), name, "") for name, words in PALETTE_WORDS.items()]
        list_items(self.palette_box, palettes, "glow")
        self.gamma = QDoubleSpinBox(minimum=0.2, maximum=5.0, singleStep=0.1, decimals=1)
        self.opacity = QSlider(Qt.Orientation.Horizontal, minimum=0, maximum=100)
        self.smooth = QCheckBox(
            tr("S&mooth"), toolTip=tr("Blend the colours of cells beside each other")
        )

    def _make_buttons(self) -> None:
        """Make what makes another map of this one."""
        self._waiting = caption(tr("Working out the best phrase…"))
        self._waiting.hide()
        self.best = QPushButton(
            tr("Best &phrase"),
            toolTip=tr("Show which of this map's phrases stands out the most in each cell"),
        )
        self.among = QPushButton(
            tr("Rank among &words"),
            toolTip=tr(
                "Ask it anew as a map of how many neutral words fit each cell worse than the "
                "phrase does: that compares between phrases and scenes, which a cosine does not"
            ),
            clicked=self._rank,
        )
        self.alike = QPushButton(
            tr("One scale for its &maps"),
            toolTip=tr(
                "Show all maps of this phrase in the project with the same colours, such as those "
                "of several dates, which the temporal controller plays"
            ),
            clicked=self._share,
        )
        self._making = FlowLayout(spacing=4, fills=True)

    def _lay_out(self) -> None:
        self.gamma.setToolTip(tr("Gamma: larger values leave only the best cells bright"))
        kept = fill(QHBoxLayout(), (self.kept, 1), self.all)
        ramp = fill(QHBoxLayout(), (self.palette_box, 1), self.gamma)
        clear = fill(QHBoxLayout(), (self.opacity, 1), self.smooth)
        rows = form(
            (tr("S&tretch"), self.stretch, self.stretch),
            (tr("&Ramp"), ramp, self.palette_box),
            (tr("&Opacity"), clear, self.opacity),
        )
        for button in (self.best, self.among, self.alike):
            self._making.addWidget(button)
        parts = (self.histogram, kept, rows, self._range, self._making, self._waiting, self.probe)
        fill(QVBoxLayout(self.controls), *parts)
        fill(self.column, self._hint, self.controls)

    def _connect(self) -> None:
        """Let what is set change the view."""
        self.histogram.moved.connect(self._set_threshold)
        self.stretch.activated.connect(self._set_stretch)
        self.palette_box.activated.connect(
            lambda _row: self._change(palette=self.palette_box.currentData())
        )
        self.gamma.valueChanged.connect(lambda value: self._change(gamma=value))
        self.opacity.valueChanged.connect(lambda value: self._change(opacity=value / 100))
        self.smooth.toggled.connect(lambda on: self._change(smooth=on))
        for box in (self.low, self.high):
            box.editingFinished.connect(self._set_range)
        self.best.clicked.connect(self._make_best)

    def panel_shown(self, shown: bool) -> None:
        """Show or hide what the probe has drawn, as the panel itself is shown or hidden."""
        self.probe.set_shown(shown)

    def remove(self) -> None:
        """Stop what is made, stop listening to project and map, and take the probe off it."""
        if self._task is not None:
            self._task.give_up()
        self.probe.remove()
        QgsProject.instance().layersRemoved.disconnect(self._layers_removed)
        self._canvas.currentLayerChanged.disconnect(self.look_at)
        self._canvas.extentsChanged.disconnect(self._view_moved)

    @property
    def layer(self) -> QgsRasterLayer | None:
        """The map that is looked at; None while there is none."""
        return QgsProject.instance().mapLayer(self._id) if self._id else None

    def look_at(self, layer: QgsMapLayer | None) -> None:
        """Show how a layer is shown, where it is one of our maps."""
        view = view_of(layer) if isinstance(layer, QgsRasterLayer) else None
        self._view = view
        self._hint.setVisible(view is None)
        self.controls.setVisible(view is not None)
        if layer is None or view is None:
            self._id, self._cells = "", None
            self.probe.look_at(None, None, None)
            return
        cells = Cells(layer, view.band)
        self._id, self._cells = layer.id(), cells
        low, high = cells.ends
        self.histogram.show_bars(cells.histogram(low, high, BARS), low, high)
        self.probe.look_at(layer, view, cells)
        self._refresh()

    def _look_again(self, layer: QgsRasterLayer) -> None:
        """Show what a live map has become."""
        if layer.id() == self._id:
            self.look_at(layer)

    def _layers_removed(self, ids: list[str]) -> None:
        if self._id in ids:
            self.look_at(None)

    def _refresh(self) -> None:
        """Bring all widgets to the view as it is."""
        view, cells, layer = self._view, self._cells, self.layer
        if view is None or cells is None or layer is None:
            return
        for widget in (self.stretch, self.palette_box, self.gamma, self.opacity, self.smooth):
            widget.blockSignals(True)
        self.stretch.setCurrentIndex(self.stretch.findData(view.stretch))
        self.palette_box.setCurrentIndex(self.palette_box.findData(view.palette))
        self.gamma.setValue(view.gamma)
        self.opacity.setValue(round(100 * view.opacity))
        self.smooth.setChecked(view.smooth)
        for widget in (self.stretch, self.palette_box, self.gamma, self.opacity, self.smooth):
            widget.blockSignals(False)
        for box, value in ((self.low, view.low), (self.high, view.high)):
            _show_value(box, value, view.per_cent)
        self._range.setVisible(view.stretch == FIXED)
        self.best.setVisible(layer.bandCount() > 1)
        self.among.setVisible(_can_rank(layer))
        self.alike.setVisible(len(maps_alike(layer, view)) > 1)
        self.histogram.recolour(self._colour)
        self.histogram.set_threshold(view.threshold)
        self.all.setEnabled(view.threshold is not None)
        share = cells.share_from(view.threshold) if view.threshold is not None else 1.0
        size = tr(
            "{share} % of the cells, {km2}",
            share=decimal(100 * share, 1),
            km2=km2_in_words(share * cells.km2).replace(" ", "\u00a0"),
        )
        if view.threshold is None:
            self.kept.setText(tr("all shown: {size}", size=size))
        else:
            threshold = view.in_words(view.threshold)
            self.kept.setText(tr("from {threshold}: {size}", threshold=threshold, size=size))

    def _colour(self, value: float) -> QColor:
        """Return the colour of a value on the map, without its transparency."""
        view, cells = self._view, self._cells
        if view is None or cells is None:
            return QColor(128, 128, 128)
        if view.stretch == RANK:
            share = 1 - cells.share_from(value)
        else:
            share = min(1.0, max(0.0, (value - view.low) / max(CUT, view.high - view.low)))
        if not view.is_found:
            return faint_colour(share)
        return palette_colour(share**view.gamma, view.palette)

    def _change(self, **changes: Any) -> None:
        """Show the map with these changes."""
        layer = self.layer
        if layer is None or self._view is None:
            return
        self._view = replace(self._view, **changes)
        show_view(layer, self._view, self._cells)
        layer.triggerRepaint()
        self._refresh()

    def _set_threshold(self, threshold: float) -> None:
        self._change(threshold=threshold)

    def _show_all(self) -> None:
        self._change(threshold=None)

    def _set_stretch(self, _row: int) -> None:
        stretch, view, cells = self.stretch.currentData(), self._view, self._cells
        if view is None or cells is None:
            return
        if stretch == SCENE:
            view = stretched(view, cells)
        self._change(stretch=stretch, low=view.low, high=view.high)
        self._follow_view()

    def _view_moved(self) -> None:
        self._soon.start()

    def _follow_view(self) -> None:
        """Stretch the colours over what is in sight, where that is wanted."""
        layer, view = self.layer, self._view
        if layer is None or view is None or view.stretch != VIEW:
            return
        extent = self._canvas.mapSettings().mapToLayerCoordinates(layer, self._canvas.extent())
        if not extent.intersects(layer.extent()):
            return
        seen = stretched(view, Cells(layer, view.band, extent))
        if (seen.low, seen.high) != (view.low, view.high):
            self._change(low=seen.low, high=seen.high)

    def _set_range(self) -> None:
        if self._view is not None and self._view.stretch == FIXED:
            unit = 100 if self._view.per_cent else 1
            low, high = sorted((self.low.value() / unit, self.high.value() / unit))
            self._change(low=low, high=high)

    def _share(self) -> None:
        """Show all maps of the phrase as this one is shown, on one scale."""
        layer, view = self.layer, self._view
        if layer is not None and view is not None:
            share_view(view, maps_alike(layer, view))
            self.look_at(layer)

    def _rank(self) -> None:
        """Have the map asked anew, as a rank among words."""
        layer = self.layer
        recipe = recipe_of(layer) if layer is not None else None
        if recipe is not None:
            self.again.emit(replace(recipe, request={**recipe.request, "measure": BY_RANK}))

    def _make_best(self) -> None:
        """Add the map of the best phrase, made of the bands of this one."""
        layer = self.layer
        if layer is None or self._task is not None:
            return
        layer_id = layer.id()  # the layer may be gone when the task ends
        # Kept until it has finished: a task without a Python reference never runs.
        self._task = BestTask(Path(layer.source()), layer.name())
        self._task.ended.connect(lambda: self._best_made(layer_id))
        self.best.setEnabled(False)
        self._waiting.show()
        QgsApplication.taskManager().addTask(self._task)

    def _best_made(self, layer_id: str) -> None:
        task, self._task = self._task, None
        self.best.setEnabled(True)
        self._waiting.hide()
        layer = QgsProject.instance().mapLayer(layer_id)
        if task is None:
            return
        if layer is None or task.isCanceled():
            task.discard()
            return
        try:
            if task.found is None:
                raise ValueError(task.problem)
            self._session.look_at(add_best(task.found, layer))
        except ValueError as problem:
            text = tr("The map of the best phrase cannot be made: {reason}", reason=problem)
            self._session.report("job", ErrorBody("output_unwritable", text))


def _can_rank(layer: QgsRasterLayer) -> bool:
    """Return whether a map is one of single phrases, and of cosines."""
    recipe = recipe_of(layer)
    if recipe is None or recipe.request.get("measure"):
        return False
    asked = Question.of_request(recipe.request)
    return not (asked.subtracted or asked.like)


def _show_value(box: QDoubleSpinBox, value: float, per_cent: bool) -> None:
    """Show a cosine as it is, and a share in per cent, as the legend does."""
    box.setSuffix(" %" if per_cent else "")
    box.setDecimals(1 if per_cent else 2)
    box.setRange(*((0.0, 100.0) if per_cent else (-2.0, 2.0)))
    box.setSingleStep(1.0 if per_cent else 0.01)
    box.setValue(100 * value if per_cent else value)
