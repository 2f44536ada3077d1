"""The map of how well every cell of a scene fits phrases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingLayerPostProcessorInterface,
    QgsProcessingOutputNumber,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterString,
    QgsRasterLayer,
)

from ..jobs.alignment import AlignmentResult
from ..layers.view import MapView, show_view
from ..translation import mark, tr
from .algorithm import Algorithm, Question, add_area, add_encoder, add_phrases, add_scene
from .service import open_service

EXAMPLES = {
    "LIKE": mark("Like the cells at (longitude,latitude in degrees, one a line)"),
    "UNLIKE": mark("Unlike the cells at (longitude,latitude in degrees, one a line)"),
}


class Query(Algorithm):
    """Asks a scene for phrases."""

    id_name = "query"
    title = mark("Ask a scene for phrases")
    help_text = mark(
        "Writes how well every cell of a Sentinel-1 scene fits each phrase, as a GeoTIFF "
        "with one band a phrase. A value is the cosine between the cell and the phrase: "
        "it compares places, it is not a probability. With “but not” it is that cosine "
        "less the other, or less the mean of several. Cells of the scene can be examples, "
        "for and against, beside phrases or alone. What was asked, of what and with "
        "what stands in the file's tags. Without an area the whole scene is asked. What "
        "is encoded once answers later phrases at once."
    )

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        """State the parameters and what it returns."""
        add_scene(self)
        add_phrases(self, optional=True)
        self.addParameter(
            QgsProcessingParameterString(
                "BUT_NOT",
                tr("But not (subtracted from each phrase)"),
                multiLine=True,
                optional=True,
            )
        )
        for name, words in EXAMPLES.items():
            places = QgsProcessingParameterString(name, tr(words), multiLine=True, optional=True)
            places.setFlags(places.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
            self.addParameter(places)
        add_area(self)
        add_encoder(self)
        self.addParameter(QgsProcessingParameterRasterDestination("OUTPUT", tr("Map")))
        self.addOutput(QgsProcessingOutputNumber("KM2", tr("Size of the map in km²")))
        self.addOutput(
            QgsProcessingOutputNumber("MAXIMUM", tr("Largest cosine with the first phrase"))
        )

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Ask, and fetch the map. Raises QgsProcessingException."""
        question = Question(self, parameters, context)
        output = self.parameterAsOutputLayer(parameters, "OUTPUT", context)
        phrases = question.phrases()
        with open_service(feedback) as service:
            scene = service.register(question.path(), question.options())
            request = question.request(service, scene, phrases)
            result: AlignmentResult = service.run(request, Path(output))
        for each in result.phrases:
            if each.reading is not None:
                feedback.pushInfo(f"{each.phrase}: {each.reading.sentence}.")
        first = result.phrases[0]
        if context.willLoadLayerOnCompletion(output):
            view = MapView(1, first.percentile_2, first.maximum, is_found=first.is_found)
            self._style = Style(view)
            context.layerToLoadOnCompletionDetails(output).setPostProcessor(self._style)
        return {"OUTPUT": output, "KM2": result.km2, "MAXIMUM": first.maximum}


class Style(QgsProcessingLayerPostProcessorInterface):
    """Shows the first phrase of a map as the panel does."""

    def __init__(self, view: MapView) -> None:
        super().__init__()
        self._view = view

    def postProcessLayer(
        self,
        layer: QgsRasterLayer,
        _context: QgsProcessingContext,
        _feedback: QgsProcessingFeedback,
    ) -> None:
        """Give the layer its colours, on the thread that shows it."""
        if isinstance(layer, QgsRasterLayer):
            show_view(layer, self._view)
