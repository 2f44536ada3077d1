"""The best places of a map, found in a thread of QGIS's task manager, and as a layer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from qgis.core import (
    QgsFeature,
    QgsFillSymbol,
    QgsGeometry,
    QgsMarkerSymbol,
    QgsPointXY,
    QgsProcessingException,
    QgsRasterLayer,
    QgsRectangle,
    QgsSingleSymbolRenderer,
    QgsTask,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import pyqtSignal

from ..processing.bestplaces import best_cells
from ..processing.raster import Grid, phrase_of, read_file
from ..translation import tr

WIDEST_CELLS = 64  # that a place reaches from its best cell
EDGE = "255,196,0"


@dataclass(frozen=True)
class Place:
    """A cell that fits the phrase well, and what belongs to it."""

    rank: int
    score: float
    centre: QgsPointXY
    """Of the best cell, in the CRS of the map."""
    region: QgsGeometry
    """The cells joined to it that are at least half as far above the map's median."""


COLUMNS: dict[str, tuple[str, Callable[[Place], object]]] = {
    "rank": ("integer", lambda place: place.rank),
    "score": ("double", lambda place: place.score),
    "hectares": ("double", lambda place: place.region.area() / 1e4),
}
"""The columns of the layer of places: the type, and the value for a place."""


class PlacesTask(QgsTask):
    """Looks for the best places of a band; `found` gives them on the main thread."""

    found = pyqtSignal(object)  # list of Place
    failed = pyqtSignal(str)
    over = pyqtSignal(object)  # itself, however it has ended

    def __init__(self, layer: QgsRasterLayer, band: int, count: int, apart_m: float) -> None:
        super().__init__(tr("Best places of {map}", map=layer.name()), QgsTask.Flag.CanCancel)
        self._path, self._band = Path(layer.source()), band
        self._count, self._apart_m = count, apart_m
        self._places: list[Place] = []
        self._problem = ""

    def run(self) -> bool:
        """Search, in a thread of the manager."""
        try:
            values, grid = read_file(self._path, self._band)
            self._places = find_places(values, grid, self._count, self._apart_m)
        except (QgsProcessingException, MemoryError, RuntimeError) as error:
            self._problem = str(error) or tr("The map is too large for the memory.")
            return False
        return True

    def finished(self, succeeded: bool) -> None:
        """Hand over what was found; of a cancelled search nothing."""
        if self.isCanceled():
            pass
        elif succeeded:
            self.found.emit(self._places)
        else:
            self.failed.emit(self._problem)
        self.over.emit(self)


def find_places(values: np.ndarray, grid: Grid, count: int, apart_m: float) -> list[Place]:
    """Return the best places of a map (h, w), the best first; NaN is where nothing is known."""
    apart = apart_m / grid.pixel
    cells = best_cells(values, count, apart)
    if not cells:
        return []
    median = float(np.nanmedian(values))
    reach = int(np.clip(apart / 2, 1, WIDEST_CELLS))
    return [
        Place(
            rank,
            float(values[row, col]),
            QgsPointXY(*grid.centre(row, col)),
            region_of(values, grid, (row, col), (median + float(values[row, col])) / 2, reach),
        )
        for rank, (row, col) in enumerate(cells, 1)
    ]


def region_of(
    values: np.ndarray, grid: Grid, cell: tuple[int, int], level: float, reach: int
) -> QgsGeometry:
    """Return the cells of values (h, w) from `level` on joined to a cell, up to `reach` away."""
    (row, col), (height, width) = cell, values.shape
    top, left = max(0, row - reach), max(0, col - reach)
    window = values[top : min(height, row + reach + 1), left : min(width, col + reach + 1)]
    joined = _joined(window >= level, (row - top, col - left))
    runs = []
    for line, cells in enumerate(joined):
        edges = np.flatnonzero(np.diff(cells, prepend=False, append=False))
        north = grid.north - (top + line) * grid.pixel
        for first, last in edges.reshape(-1, 2):
            west, east = (grid.west + (left + int(each)) * grid.pixel for each in (first, last))
            runs.append(QgsGeometry.fromRect(QgsRectangle(west, north - grid.pixel, east, north)))
    return QgsGeometry.unaryUnion(runs)


def _joined(high: np.ndarray, seed: tuple[int, int]) -> np.ndarray:
    """Return the true cells (h, w) that are joined to one of them, side by side."""
    joined = np.zeros_like(high)
    joined[seed] = True
    while True:
        grown = joined.copy()
        grown[1:] |= joined[:-1]
        grown[:-1] |= joined[1:]
        grown[:, 1:] |= joined[:, :-1]
        grown[:, :-1] |= joined[:, 1:]
        grown &= high
        if (grown == joined).all():
            return joined
        joined = grown


def layer_of(
    places: Iterable[Place], layer: QgsRasterLayer, band: int, scene: str, as_polygons: bool
) -> QgsVectorLayer:
    """Return places as a scratch layer of points, or of the polygons of their regions."""
    run = layer.metadata().identifier()
    about = {"phrase": phrase_of(layer, band), "scene": scene, "run": run}
    types = {name: kind for name, (kind, _) in COLUMNS.items()} | dict.fromkeys(about, "string")
    fields = "&".join(f"field={name}:{kind}" for name, kind in types.items())
    kind = "Polygon" if as_polygons else "Point"
    title = tr("Best places of {map}", map=layer.name())
    made = QgsVectorLayer(f"{kind}?{fields}", title, "memory")
    made.setCrs(layer.crs())
    features = []
    for place in places:
        feature = QgsFeature(made.fields())
        point = QgsGeometry.fromPointXY(place.centre)
        feature.setGeometry(place.region if as_polygons else point)
        values = [value(place) for _, value in COLUMNS.values()]
        feature.setAttributes([*values, *about.values()])
        features.append(feature)
    made.dataProvider().addFeatures(features)
    made.updateExtents()
    look = {"color": "0,0,0,0", "outline_color": EDGE, "outline_width": "0.5"}
    ring = QgsMarkerSymbol.createSimple({**look, "name": "circle", "size": "3.5"})
    symbol = QgsFillSymbol.createSimple(look) if as_polygons else ring
    made.setRenderer(QgsSingleSymbolRenderer(symbol))
    return made
