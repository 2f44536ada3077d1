"""How right a map is, by a layer of labels."""

from __future__ import annotations

import json
from typing import Any

from qgis.core import (
    QgsJsonExporter,
    QgsProcessing,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingParameterBand,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
)

from ..jobs.accuracy import AccuracyRequest, AccuracyResult, Figure, MapAccuracy, MapChoice
from ..translation import mark, tr
from ..words import decimal
from .algorithm import Algorithm
from .raster import phrase_of
from .service import open_service

OUTPUTS = {
    "AUC": mark("Chance that a wanted cell outscores another"),
    "AUC_LOW": mark("Its lower bound"),
    "AUC_HIGH": mark("Its upper bound"),
    "THRESHOLD": mark("Best threshold"),
    "PRECISION": mark("Precision above it"),
    "RECALL": mark("Recall above it"),
    "LABELS": mark("Labelled cells"),
}


class Accuracy(Algorithm):
    """Measures a map by labelled polygons or points."""

    id_name = "accuracy"
    title = mark("Accuracy of a map")
    help_text = mark(
        "Measures how well a map that “Ask a scene for phrases” has made tells what is "
        "wanted from what is not, by a layer of labelled polygons or points: AUC with an "
        "interval of 95 % confidence that knows which labels lie together, and precision "
        "and recall at the best threshold. The backend has to run on this computer."
    )

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        """State the parameters and what it returns."""
        self.addParameter(QgsProcessingParameterRasterLayer("INPUT", tr("Map")))
        band = QgsProcessingParameterBand("BAND", tr("Phrase (band)"), 1, "INPUT", optional=True)
        self.addParameter(band)
        kinds = [QgsProcessing.TypeVectorPolygon, QgsProcessing.TypeVectorPoint]
        self.addParameter(QgsProcessingParameterFeatureSource("TRUTH", tr("Labels"), kinds))
        self.addParameter(
            QgsProcessingParameterField("FIELD", tr("Field of the class"), None, "TRUTH")
        )
        self.addParameter(
            QgsProcessingParameterString("WANTED", tr("Classes that the phrase means, by commas"))
        )
        self.addParameter(
            QgsProcessingParameterString("UNKNOWN", tr("Classes to leave out"), optional=True)
        )
        for name, words in OUTPUTS.items():
            self.addOutput(QgsProcessingOutputNumber(name, tr(words)))

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Measure. Raises QgsProcessingException."""
        layer = self.raster(parameters, "INPUT", context)
        phrase = phrase_of(layer, self.parameterAsInt(parameters, "BAND", context))
        field = self.parameterAsString(parameters, "FIELD", context)
        wanted = self._classes(parameters, "WANTED", context)
        if not wanted:
            raise QgsProcessingException(
                tr(
                    "There is no class that the phrase means. Give one or more of the field "
                    "{field}.",
                    field=field,
                )
            )
        request = AccuracyRequest(
            MapChoice(path=str(self.file(parameters, "INPUT", context)), phrase=phrase),
            truth=self._truth(parameters, field, context),
            field=field,
            wanted=wanted,
            unknown=self._classes(parameters, "UNKNOWN", context),
        )
        with open_service(feedback) as service:
            if not service.api.is_local:
                raise QgsProcessingException(
                    tr(
                        "The map lies on this computer, and the backend elsewhere. "
                        "Use a backend here."
                    )
                )
            result: AccuracyResult = service.run(request)
        found = result.map
        feedback.pushInfo(_sentence(found))
        auc = found.auc
        values = (auc.value, auc.low, auc.high, found.threshold, found.precision.value)
        return dict(zip(OUTPUTS, (*values, found.recall.value, found.labels)))

    def _truth(
        self, parameters: dict[str, Any], field: str, context: QgsProcessingContext
    ) -> dict[str, Any]:
        """Return the labels as GeoJSON in degrees.

        Raises:
            QgsProcessingException: there are none, or they have no such field.
        """
        source = self.parameterAsSource(parameters, "TRUTH", context)
        if source is None:
            raise QgsProcessingException(self.invalidSourceError(parameters, "TRUTH"))
        place = source.fields().indexOf(field)
        if place < 0:
            names = ", ".join(source.fields().names())
            raise QgsProcessingException(
                tr(
                    "{layer} has no field {field}. Choose one of: {names}.",
                    layer=source.sourceName(),
                    field=field,
                    names=names,
                )
            )
        labels = [each for each in source.getFeatures() if each.hasGeometry()]
        if not labels:
            raise QgsProcessingException(
                tr(
                    "{layer} has no polygons or points. Draw some, and name their class.",
                    layer=source.sourceName(),
                )
            )
        exporter = QgsJsonExporter()
        exporter.setSourceCrs(source.sourceCrs())
        exporter.setAttributes([place])
        return dict(json.loads(exporter.exportFeatures(labels)))

    def _classes(
        self, parameters: dict[str, Any], name: str, context: QgsProcessingContext
    ) -> list[str]:
        text = self.parameterAsString(parameters, name, context)
        return [each.strip() for each in text.split(",") if each.strip()]


def _sentence(found: MapAccuracy) -> str:
    """Return the figures of a map in a sentence."""
    return tr(
        "AUC {auc} of {labels} labelled cells in {places} places; precision {precision}, "
        "recall {recall} above {threshold}.",
        auc=_words(found.auc),
        labels=found.labels,
        places=found.places,
        precision=_words(found.precision),
        recall=_words(found.recall),
        threshold=decimal(found.threshold, 3),
    )


def _words(figure: Figure) -> str:
    """Return a figure with its interval."""
    value = tr("unknown") if figure.value is None else decimal(figure.value, 3)
    return tr(
        "{value} ({low} to {high})",
        value=value,
        low=decimal(figure.low, 3),
        high=decimal(figure.high, 3),
    )
