"""What descriptions, answers and counts write: places in degrees, each with what is said of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingParameterFeatureSink,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ..jobs.describe import DescribeResult, Passage, wrote
from ..maptools.area import DEGREES, geometry_of
from .algorithm import Algorithm

MEASURED = "measured"
"""Who says so, where no tower or model does; a word of the layer, the same in all languages."""

Row = tuple[dict[str, Any] | None, list[Any]]
"""GeoJSON in degrees, None for the whole area; and the values of the fields."""


def add_places(algorithm: Algorithm, words: str, is_optional: bool = True) -> None:
    """Add the parameter of a layer of places; one that is optional is not made unasked."""
    algorithm.addParameter(
        QgsProcessingParameterFeatureSink(
            "OUTPUT", words, QgsProcessing.TypeVectorPolygon, None, is_optional, not is_optional
        )
    )


def passages_of(
    result: DescribeResult, feedback: QgsProcessingFeedback
) -> list[tuple[str, Passage]]:
    """Return what a model wrote, with its name, and say it; nothing where none was asked."""
    if result.writing is None:
        return []
    feedback.pushInfo(wrote(result.writing))
    return [(result.writing.describer, each) for each in result.writing.passages]


def write_places(
    algorithm: Algorithm,
    parameters: dict[str, Any],
    context: QgsProcessingContext,
    declared: str,
    rows: Iterable[Row],
) -> dict[str, Any]:
    """Write places where a layer of them is wanted, and return it as a result of the algorithm.

    `declared` names the fields as a layer in memory does: types have other names in every Qt.

    Raises:
        QgsProcessingException: the layer cannot be written.
    """
    if not parameters.get("OUTPUT"):
        return {}
    fields = QgsVectorLayer(f"None?{declared}", "fields", "memory").fields()
    crs = QgsCoordinateReferenceSystem(DEGREES)
    kind = QgsWkbTypes.Type.MultiPolygon
    sink, target = algorithm.parameterAsSink(parameters, "OUTPUT", context, fields, kind, crs)
    if sink is None:
        raise QgsProcessingException(algorithm.invalidSinkError(parameters, "OUTPUT"))
    for place, values in rows:
        feature = QgsFeature(fields)
        if place is not None:
            feature.setGeometry(geometry_of(place))
        feature.setAttributes(values)
        sink.addFeature(feature, QgsFeatureSink.Flag.FastInsert)
    return {"OUTPUT": target}
