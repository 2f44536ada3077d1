"""`sar_score('open water', $geometry)` in QGIS's expressions: what a map says of a place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCoordinateTransformContext,
    QgsCsException,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionFunction,
    QgsGeometry,
    QgsProject,
    QgsRasterLayer,
    QgsWkbTypes,
)

from ..translation import mark, tr
from .result import is_result, shown_band

NAME = "sar_score"
MOST_CELLS = 4_000_000  # of the box around a polygon
HELP = mark("""
<h3>sar_score</h3>
<p>Returns how well a place fits a phrase, by a map of GLUE-Link in the project: at a point the
cosine of its cell, in a polygon the mean of the cells whose centres lie in it.</p>
<h4>Syntax</h4><code>sar_score(phrase, geometry)</code>
<h4>Arguments</h4>
<p><i>phrase</i>: a phrase that was asked, or the name or id of a map's layer. Of several maps, the
first in the layer tree that has a value there counts.<br>
<i>geometry</i>: a point or polygon in the CRS of its layer</p>
<h4>Example</h4><code>sar_score('open water', $geometry)</code>
""")


@dataclass(frozen=True)
class ScoreMap:
    """One map, as a thread needs it that must not touch layers."""

    names: tuple[str, ...]
    """Its phrase, and the name and id of its layer."""
    path: str
    band: int
    crs: QgsCoordinateReferenceSystem


class ScoreFunction(QgsExpressionFunction):
    """The function; it knows the maps of the project, and reads their files in any thread."""

    def __init__(self) -> None:
        super().__init__(NAME, 2, "GLUE-Link", tr(HELP), isContextual=True)
        self._maps: tuple[ScoreMap, ...] = ()
        self._transforms = QgsCoordinateTransformContext()

    def register(self) -> None:
        """Offer it in every expression."""
        for signal in _signals():
            signal.connect(self._follow)
        self._follow()
        QgsExpression.registerFunction(self)

    def unregister(self) -> None:
        """Take it away."""
        QgsExpression.unregisterFunction(NAME)
        for signal in _signals():
            signal.disconnect(self._follow)

    def func(
        self,
        values: list[Any],
        context: QgsExpressionContext | None,
        parent: QgsExpression,
        _node: object,
    ) -> float | None:
        """Return the score; None where no map has a value."""
        phrase, geometry = values
        if not isinstance(geometry, QgsGeometry):
            parent.setEvalErrorString(tr("sar_score needs a geometry, such as $geometry."))
            return None
        maps = [one for one in self._maps if phrase in one.names]
        if not maps:
            parent.setEvalErrorString(
                tr("No map of the project is of “{phrase}”. Ask for it first.", phrase=phrase)
            )
            return None
        crs = QgsCoordinateReferenceSystem(str((context and context.variable("layer_crs")) or ""))
        for one in maps:
            try:
                score = score_of(one, self._moved(geometry, crs, one.crs))
            except (QgsCsException, ValueError) as error:
                parent.setEvalErrorString(str(error))
                return None
            if score is not None:
                return score
        return None

    def _moved(
        self,
        geometry: QgsGeometry,
        crs: QgsCoordinateReferenceSystem,
        target: QgsCoordinateReferenceSystem,
    ) -> QgsGeometry:
        """Return a geometry in the CRS of a map; one without a CRS is in it already."""
        moved = QgsGeometry(geometry)
        if crs.isValid() and crs != target:
            moved.transform(QgsCoordinateTransform(crs, target, self._transforms))
        return moved

    def _follow(self, *_changed: object) -> None:
        """Note the maps of the project in the order of the layer tree."""
        project = QgsProject.instance()
        self._transforms = project.transformContext()
        self._maps = tuple(_maps_of(project.layerTreeRoot().layerOrder()))


def _signals() -> list[Any]:
    """Return what tells that maps, their names or, as they are saved, their files have changed."""
    project = QgsProject.instance()
    tree = project.layerTreeRoot()
    kept = (project.layersAdded, project.layersRemoved, project.projectSaved)
    return [*kept, tree.layerOrderChanged, tree.nameChanged]


def _maps_of(layers: Iterable[Any]) -> Iterable[ScoreMap]:
    for layer in layers:
        if isinstance(layer, QgsRasterLayer) and is_result(layer):
            band = shown_band(layer)
            phrase = layer.bandName(band).split(": ", 1)[-1]
            names = (phrase, layer.name(), layer.id())
            yield ScoreMap(names, layer.source(), band, layer.crs())


def score_of(one: ScoreMap, geometry: QgsGeometry) -> float | None:
    """Return the value at a point, or the mean in a polygon; None where there is none.

    Raises:
        ValueError: the file cannot be read, or the geometry is of another kind or too large.
    """
    file = gdal.Open(one.path)
    if file is None:
        raise ValueError(tr("{file} cannot be read.", file=one.path))
    west, width, _, north, _, height = file.GetGeoTransform()
    box = geometry.boundingBox()
    left, right = (int(np.floor((x - west) / width)) for x in (box.xMinimum(), box.xMaximum()))
    top, bottom = (int(np.floor((y - north) / height)) for y in (box.yMaximum(), box.yMinimum()))
    left, top = max(left, 0), max(top, 0)
    right, bottom = min(right, file.RasterXSize - 1), min(bottom, file.RasterYSize - 1)
    if geometry.isEmpty() or right < left or bottom < top:
        return None
    if (right - left + 1) * (bottom - top + 1) > MOST_CELLS:
        raise ValueError(tr("The geometry is too large for sar_score; use Zonal statistics."))
    band = file.GetRasterBand(one.band)
    values = band.ReadAsArray(left, top, right - left + 1, bottom - top + 1).astype(np.float64)
    xs = west + (np.arange(left, right + 1) + 0.5) * width
    ys = north + (np.arange(top, bottom + 1) + 0.5) * height
    values = values[_chosen(geometry, xs, ys)]
    nodata = band.GetNoDataValue()
    known = values[np.isfinite(values) & (values != nodata)]
    return float(known.mean()) if known.size else None


def _chosen(geometry: QgsGeometry, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """Return which cells (h, w), by their centres, belong to a geometry within their box.

    Of a polygon that holds no centre it is the cell of a point inside it.
    """
    kind = geometry.type()
    if kind == QgsWkbTypes.GeometryType.PolygonGeometry:
        inside = _inside(geometry, xs, ys)
        if inside.any():
            return inside
        geometry = geometry.pointOnSurface()
    elif kind != QgsWkbTypes.GeometryType.PointGeometry:
        raise ValueError(tr("sar_score takes points and polygons."))
    chosen = np.zeros((len(ys), len(xs)), bool)
    for vertex in geometry.vertices():
        chosen[np.abs(ys - vertex.y()).argmin(), np.abs(xs - vertex.x()).argmin()] = True
    return chosen


def _inside(polygon: QgsGeometry, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """Return which points of a grid lie in a polygon: where a line from the west enters it."""
    parts = polygon.asMultiPolygon() if polygon.isMultipart() else [polygon.asPolygon()]
    rings = [np.array([(p.x(), p.y()) for p in ring]) for part in parts for ring in part]
    first = np.concatenate([ring[:-1] for ring in rings])
    last = np.concatenate([ring[1:] for ring in rings])
    inside = np.zeros((len(ys), len(xs)), bool)
    for row, y in enumerate(ys):
        crossed = (first[:, 1] > y) != (last[:, 1] > y)
        (x0, y0), (x1, y1) = first[crossed].T, last[crossed].T
        crossings = np.sort(x0 + (y - y0) * (x1 - x0) / (y1 - y0))
        inside[row] = np.searchsorted(crossings, xs) % 2 == 1
    return inside
