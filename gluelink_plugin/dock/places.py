"""The section of the best places: where the current map fits its phrase best."""

from __future__ import annotations

from collections.abc import Iterable

from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsMapLayerProxyModel,
    QgsPointXY,
    QgsProject,
    QgsRasterLayer,
    QgsRectangle,
    QgsReferencedRectangle,
)
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QSize, Qt, pyqtSignal
from qgis.PyQt.QtGui import QIcon, QPixmap
from qgis.PyQt.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSizePolicy,
    QSpinBox,
)

from ..client.protocol import ErrorBody
from ..layers.result import READING_PROPERTY, is_result, recipe_of, scene_layer, shown_band
from ..layers.view import MapView, view_of
from ..maptools.area import DEGREES
from ..session import Session
from ..translation import mark, tr
from ..words import decimal
from .combos import LayerCombo
from .flow import FlowLayout
from .placefinder import Place, PlacesTask, layer_of
from .section import Section
from .thumbnails import SIDE_PX, Thumbnails
from .widgets import WrappedRows, breakable_paths, caption, fill, form, make_narrow

COUNT, APART_M = 20, 500
SEEN_CELLS, SEEN_M = 16, 1000  # side of a picture: the larger one
ROWS = 3  # that are seen at once
NO_MAP = mark("Ask a scene: the best places of its map are listed here.")


class PlacesView(Section):
    """The best places of a map with small radar pictures; press one to go there."""

    name = "places"
    title = mark("Best places")
    shown = pyqtSignal(object)  # QgsVectorLayer, the one to look at

    def __init__(self, session: Session, canvas: QgsMapCanvas) -> None:
        super().__init__(session, canvas)
        self.places: list[Place] = []
        self._tasks: set[PlacesTask] = set()  # kept until they end, also those that are cancelled
        self._thumbnails = Thumbnails(self)
        self._thumbnails.drawn.connect(self._show_picture)
        self.maps = make_narrow(LayerCombo())
        self.maps.setFilters(QgsMapLayerProxyModel.Filter.RasterLayer)
        self.count = QSpinBox(minimum=1, maximum=200, value=COUNT, keyboardTracking=False)
        self.count.setToolTip(tr("How many places at most"))
        self.apart = QSpinBox(
            maximum=100_000, singleStep=100, value=APART_M, suffix=" m", keyboardTracking=False
        )
        self.apart.setToolTip(tr("From one place to the next at least"))
        self.hint = caption()
        self.list = QListWidget(
            iconSize=QSize(SIDE_PX, SIDE_PX),
            alternatingRowColors=True,
            wordWrap=True,
            horizontalScrollBarPolicy=Qt.ScrollBarPolicy.ScrollBarAlwaysOff,
            resizeMode=QListWidget.ResizeMode.Adjust,
        )
        self.list.setItemDelegate(WrappedRows(self.list))
        self.list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.list.setFixedHeight(ROWS * (SIDE_PX + 4))
        self.points = QPushButton(tr("Point layer"), clicked=lambda: self._make_layer(False))
        self.polygons = QPushButton(tr("Polygon layer"), clicked=lambda: self._make_layer(True))
        self._lay_out()
        self._only_maps()
        self.maps.layerChanged.connect(self._search)
        for number in (self.count, self.apart):
            number.valueChanged.connect(self._search)
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        session.map_added.connect(self._map_added)
        QgsProject.instance().layersAdded.connect(self._only_maps)
        self._search()

    def _lay_out(self) -> None:
        self.points.setToolTip(tr("A scratch layer: rank, score, hectares, phrase, scene, run"))
        self.polygons.setToolTip(tr("The cells around each place that fit at least half as well"))
        numbers = fill(QHBoxLayout(), (self.count, 1), (self.apart, 1))
        rows = form((tr("Map"), self.maps, self.maps), (tr("Places"), numbers, self.count))
        buttons = FlowLayout(spacing=4, fills=True)
        buttons.addWidget(self.points)
        buttons.addWidget(self.polygons)
        fill(self.column, rows, self.hint, self.list, buttons)

    def remove(self) -> None:
        """Stop what is searched and drawn, and stop listening to the project."""
        QgsProject.instance().layersAdded.disconnect(self._only_maps)
        self._thumbnails.stop()
        self._cancel_search()
        for task in list(self._tasks):  # which one that ends leaves
            task.waitForFinished()

    def _only_maps(self, _layers: Iterable[object] = ()) -> None:
        """Offer maps and no other raster."""
        rasters = [
            each
            for each in QgsProject.instance().mapLayers().values()
            if isinstance(each, QgsRasterLayer) and not is_result(each)
        ]
        self.maps.setExceptedLayerList(rasters)

    def _map_added(self, layer: QgsRasterLayer) -> None:
        self._only_maps()
        if self.maps.currentLayer() is layer:
            self._search()
        else:
            self.maps.setLayer(layer)

    def _cancel_search(self) -> None:
        for task in list(self._tasks):  # which one that ends leaves
            task.cancel()

    def _search(self, _changed: object = None) -> None:
        """Look for the best places of the map that is chosen."""
        self._cancel_search()
        self._show([])
        layer = self.maps.currentLayer()
        if layer is None or not is_result(layer):  # a new layer is in the list for a moment
            self.hint.setText(tr(NO_MAP))
            return
        self.hint.setText(tr("Looking for them…"))
        task = PlacesTask(layer, shown_band(layer), self.count.value(), self.apart.value())
        task.found.connect(self._found)
        task.failed.connect(self._failed)
        task.over.connect(self._tasks.discard)
        self._tasks.add(task)
        QgsApplication.taskManager().addTask(task)

    def _found(self, places: list[Place]) -> None:
        layer = self.maps.currentLayer()
        if layer is None:
            return
        reading = str(layer.customProperty(READING_PROPERTY) or "")
        self.hint.setText(f"{reading[0].upper()}{reading[1:]}." if reading else "")
        self._show(places)
        scene = scene_layer(layer)
        if scene is not None:
            centres = [place.centre for place in places]
            cell = layer.rasterUnitsPerPixelX()
            self._thumbnails.draw(scene, layer.crs(), centres, _side(layer), cell)

    def _failed(self, problem: str) -> None:
        self.hint.setText(breakable_paths(problem))

    def _show(self, places: list[Place]) -> None:
        self._thumbnails.stop()
        self.places = places
        self.list.clear()
        layer = self.maps.currentLayer()
        view = view_of(layer) if layer is not None else None
        blank = QPixmap(SIDE_PX, SIDE_PX)
        blank.fill(Qt.GlobalColor.transparent)
        for place in places:
            where = _degrees(place.centre, layer.crs())
            score = tr("score {score}", score=_score(place, view))
            item = QListWidgetItem(QIcon(blank), f"{place.rank} · {score}\n{where}")
            item.setToolTip(tr("Press to go there"))
            self.list.addItem(item)
        for widget in (self.list, self.points, self.polygons):
            widget.setVisible(bool(places))
        self.hint.setVisible(bool(self.hint.text()) or not places)

    def _show_picture(self, number: int, picture: QPixmap) -> None:
        item = self.list.item(number)
        if item is not None:
            item.setIcon(QIcon(picture))

    def _go(self, item: QListWidgetItem) -> None:
        """Show a place on the map, and let what belongs to it flash."""
        layer, place = self.maps.currentLayer(), self.places[self.list.row(item)]
        side = 3 * _side(layer)
        extent = QgsRectangle.fromCenterAndSize(place.centre, side, side)
        try:
            self._canvas.setReferencedExtent(QgsReferencedRectangle(extent, layer.crs()))
        except QgsCsException:
            sentence = tr("This place cannot be shown in the CRS of the map.")
            self._session.report("job", ErrorBody("no_transform", sentence))
            return
        self._canvas.refresh()
        self._canvas.flashGeometries([place.region], layer.crs())

    def _make_layer(self, as_polygons: bool) -> None:
        """Add the places to the project as a scratch layer."""
        layer = self.maps.currentLayer()
        recipe = recipe_of(layer)
        scene = recipe.scene if recipe is not None else ""
        made = layer_of(self.places, layer, shown_band(layer), scene, as_polygons)
        QgsProject.instance().addMapLayer(made)
        self.shown.emit(made)


def _score(place: Place, view: MapView | None) -> str:
    """Return a score as the legend of its map has it, with a decimal more."""
    return view.in_words(place.score, 3) if view is not None else decimal(place.score, 3)


def _side(layer: QgsRasterLayer) -> float:
    """Return the side of a picture in metres."""
    return max(SEEN_M, SEEN_CELLS * float(layer.rasterUnitsPerPixelX()))


def _degrees(place: QgsPointXY, crs: QgsCoordinateReferenceSystem) -> str:
    """Return a place in degrees, as people write it."""
    degrees = QgsCoordinateReferenceSystem(DEGREES)
    at = QgsCoordinateTransform(crs, degrees, QgsProject.instance()).transform(place)
    y, x = decimal(abs(at.y()), 4), decimal(abs(at.x()), 4)
    north = tr("{degrees}° N", degrees=y) if at.y() >= 0 else tr("{degrees}° S", degrees=y)
    east = tr("{degrees}° E", degrees=x) if at.x() >= 0 else tr("{degrees}° W", degrees=x)
    return f"{north}, {east}"
