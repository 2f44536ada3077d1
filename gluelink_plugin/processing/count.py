"""Bright objects on water, counted, as boxes."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterString,
)

from ..jobs.describe import DescribeResult
from ..layers.objects import collection_of
from ..translation import mark, tr
from .algorithm import Algorithm, Question, add_area, add_describer, add_encoder, add_scene
from .answer import answer_of
from .places import add_places, passages_of, write_places
from .service import open_service

FIELDS = (
    "field=number:integer&field=category:string&field=length_m:double&field=score_db:double"
    "&field=scene:string"
)


class Count(Algorithm):
    """Counts what stands out on the water of a scene, or of an area of it."""

    id_name = "count"
    title = mark("Count ships")
    help_text = mark(
        "Counts the bright objects on water of a Sentinel-1 scene, or of an area of it, "
        "and writes each as a box: its number, its length in metres (good to about 20 "
        "m), and its score, by how many dB its brightest pixel exceeds the water around. "
        "Whether they are ships, buoys, platforms or rocks, the measurement does not "
        "tell. What was not measured, such as houses, is not counted: that is an error, "
        "which says why. A tower or model that is named under “Words by” answers beside "
        "it: WRITTEN, which may be wrong; it draws no boxes."
    )

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        """State the parameters and what it returns."""
        add_scene(self)
        self.addParameter(QgsProcessingParameterString("THINGS", tr("What to count"), "ships"))
        add_area(self)
        add_encoder(self)
        add_describer(self)
        add_places(self, tr("Objects"), is_optional=False)
        self.addOutput(QgsProcessingOutputNumber("COUNT", tr("How many there are")))
        self.addOutput(QgsProcessingOutputString("ANSWER", tr("The same in words")))

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Count, and write the objects. Raises QgsProcessingException."""
        question = Question(self, parameters, context)
        things = self.parameterAsString(parameters, "THINGS", context).strip() or "ships"
        with open_service(feedback) as service:
            scene = service.register(question.path(), question.options())
            asked = question.description(service, scene, f"How many {things} are there?")
            result: DescribeResult = service.run(asked)
        answer = answer_of(result)
        if not answer.answered:
            raise QgsProcessingException(answer.text)
        feedback.pushInfo(answer.text)
        counted = [one for one in result.objects["features"] if one["id"] in answer.grounds.objects]
        objects = collection_of(counted)["features"]
        rows = [(each["geometry"], [*each["properties"].values(), scene.name]) for each in objects]
        files = write_places(self, parameters, context, FIELDS, rows)
        passages_of(result, feedback)
        words = result.writing.text if result.writing is not None else None
        return {**files, "COUNT": len(rows), "ANSWER": answer.text, "WRITTEN": words}
