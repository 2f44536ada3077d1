"""The places of a map that fit a phrase best, as points."""

from __future__ import annotations

from typing import Any

import numpy as np
from qgis.core import (
    QgsFeature,
    QgsFeatureSink,
    QgsFields,
    QgsGeometry,
    QgsPointXY,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBand,
    QgsProcessingParameterDistance,
    QgsProcessingParameterFeatureSink,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..translation import mark, tr
from .algorithm import Algorithm
from .raster import Grid, phrase_of, read_file

# As a layer in memory is declared: types of fields have other names in every version of Qt.
FIELDS = "None?field=rank:integer&field=score:double&field=phrase:string&field=map:string"


class BestPlaces(Algorithm):
    """Takes the best cells of a band, each a given distance from the others."""

    id_name = "bestplaces"
    title = mark("Best places of a map")
    help_text = mark(
        "Takes a map that “Ask a scene for phrases” has made, and writes the places that "
        "fit one of its phrases best as points: rank, score (the cosine), phrase and "
        "map. No two are closer than the distance, so that one lake does not take all "
        "places."
    )

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        """State the parameters and what it returns."""
        whole = QgsProcessingParameterNumber.Integer
        self.addParameter(QgsProcessingParameterRasterLayer("INPUT", tr("Map")))
        self.addParameter(
            QgsProcessingParameterBand("BAND", tr("Phrase (band)"), 1, "INPUT", optional=True)
        )
        self.addParameter(
            QgsProcessingParameterNumber(
                "COUNT", tr("How many"), whole, 20, minValue=1, maxValue=10000
            )
        )
        self.addParameter(
            QgsProcessingParameterDistance(
                "DISTANCE", tr("Least distance"), 500, "INPUT", minValue=0
            )
        )
        self.addParameter(QgsProcessingParameterFeatureSink("OUTPUT", tr("Best places")))
        self.addOutput(QgsProcessingOutputNumber("FOUND", tr("How many were found")))

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Find the places. Raises QgsProcessingException."""
        layer = self.raster(parameters, "INPUT", context)
        band = self.parameterAsInt(parameters, "BAND", context)
        count = self.parameterAsInt(parameters, "COUNT", context)
        apart = self.parameterAsDouble(parameters, "DISTANCE", context)
        fields = QgsVectorLayer(FIELDS, "fields", "memory").fields()
        values, grid = read_file(self.file(parameters, "INPUT", context), band)
        sink, target = self.parameterAsSink(
            parameters, "OUTPUT", context, fields, QgsWkbTypes.Type.Point, layer.crs()
        )
        if sink is None:
            raise QgsProcessingException(self.invalidSinkError(parameters, "OUTPUT"))
        places = best_cells(values, count, apart / grid.pixel)
        for rank, (row, col) in enumerate(places, 1):
            if feedback.isCanceled():
                break
            score = float(values[row, col])
            feature = feature_of(fields, grid, row, col)
            feature.setAttributes([rank, score, phrase_of(layer, band), layer.name()])
            sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
        return {"OUTPUT": target, "FOUND": len(places)}


def best_cells(values: np.ndarray, count: int, apart: float) -> list[tuple[int, int]]:
    """Return the rows and columns of the best cells, `apart` cells from each other, best first.

    `values` (h, w) are NaN where nothing is known. Each cell is taken in the order of its value
    unless one that was taken is too near: no better choice of the first place is ever given up.
    """
    flat = values.ravel()
    known = int(np.isfinite(flat).sum())
    most = min(known, 64 * count)
    while True:
        found = _spread(values.shape[1], _largest(flat, most), count, apart)
        if len(found) == count or most == known:
            return found
        most = min(known, 8 * most)


def _largest(flat: np.ndarray, most: int) -> np.ndarray:
    """Return the places of the largest values, the largest first; of equal ones the first place."""
    if not most:
        return np.empty(0, np.int64)
    order = np.where(np.isfinite(flat), -flat, np.inf)
    threshold = np.partition(order, most - 1)[most - 1]
    places = np.flatnonzero(order <= threshold)
    return places[np.argsort(order[places], kind="stable")]


def _spread(width: int, places: np.ndarray, count: int, apart: float) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    taken = np.empty((0, 2))
    for place in places:
        cell = np.array(divmod(int(place), width))
        if len(taken) and (np.hypot(*(taken - cell).T) < apart).any():
            continue
        found.append((int(cell[0]), int(cell[1])))
        taken = np.vstack([taken, cell])
        if len(found) == count:
            break
    return found


def feature_of(fields: QgsFields, grid: Grid, row: int, col: int) -> QgsFeature:
    """Return a point in the middle of a cell."""
    feature = QgsFeature(fields)
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(*grid.centre(row, col))))
    return feature
