"""A scene encoded once, so that later phrases are answered at once."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputRasterLayer,
)

from ..client.protocol import Estimate, EstimateRequest
from ..translation import mark, tr
from .algorithm import Algorithm, Question, add_area, add_encoder, add_scene
from .service import open_service

ANY_PHRASE = "open water"


class Encode(Algorithm):
    """Encodes what the backend's store lacks of an area."""

    id_name = "encode"
    title = mark("Encode a scene")
    help_text = mark(
        "Encodes a Sentinel-1 scene, or an area of it, and keeps it in the backend's "
        "store: every later phrase over it is answered at once. What is encoded already "
        "is not encoded again; what was encoded before a cancel is kept. The output is "
        "the scene itself, so that a model can go on with it."
    )

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        """State the parameters and what it returns."""
        add_scene(self)
        add_area(self)
        add_encoder(self, has_head=False)
        self.addOutput(QgsProcessingOutputRasterLayer("OUTPUT", tr("The scene")))
        self.addOutput(QgsProcessingOutputNumber("KM2", tr("Size of the area in km²")))
        self.addOutput(QgsProcessingOutputNumber("WINDOWS", tr("Windows that were encoded")))

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Ask for any phrase, for which all has to be encoded. Raises QgsProcessingException."""
        question = Question(self, parameters, context)
        path = question.path()
        with open_service(feedback) as service:
            scene = service.register(path, question.options())
            request = question.request(service, scene, [ANY_PHRASE])
            asked = EstimateRequest(scene.id, request.encoder, request.aoi, request.aoi_crs)
            cost: Estimate = service.post("/v1/estimates", asked, Estimate)
            windows = service.run(request).windows if cost.encoded < 1 else 0
        return {"OUTPUT": path, "KM2": cost.km2, "WINDOWS": windows}
