"""A scene in a few sentences."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
)

from ..jobs.describe import DescribeResult, rests_on
from ..translation import mark, tr
from .algorithm import Algorithm, Question, add_area, add_describer, add_encoder, add_scene
from .places import MEASURED, add_places, passages_of, write_places
from .service import open_service

FIELDS = "field=number:integer&field=sentence:string&field=rests_on:string&field=by:string"


class Describe(Algorithm):
    """Says what was measured of a scene, or of an area of it."""

    id_name = "describe"
    title = mark("Describe a scene in words")
    help_text = mark(
        "Says in a few sentences what was measured of a Sentinel-1 scene, or of an area "
        "of it: how large it is, its date, the share of water and of built-up land and "
        "where they are, and bright objects on water. Nothing is guessed. The optional "
        "layer has a polygon for each sentence, where what it speaks of lies; a sentence "
        "about the whole area has none. A tower or model that is named under “Words by” "
        "writes beside it: WRITTEN, and rows of its own in the layer, whose column “by” "
        "names it. What it writes may be wrong."
    )

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        """State the parameters and what it returns."""
        add_scene(self)
        add_area(self)
        add_encoder(self)
        add_describer(self)
        add_places(self, tr("Sentences with their places"))
        self.addOutput(QgsProcessingOutputString("TEXT", tr("The description")))
        self.addOutput(QgsProcessingOutputNumber("SENTENCES", tr("How many sentences it has")))

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Describe the area. Raises QgsProcessingException."""
        question = Question(self, parameters, context)
        with open_service(feedback) as service:
            scene = service.register(question.path(), question.options())
            result: DescribeResult = service.run(question.description(service, scene))
        feedback.pushInfo(result.text)
        rows = [
            (each.grounds.place, [number, each.text, rests_on(each.grounds), MEASURED])
            for number, each in enumerate(result.sentences, 1)
        ]
        rows += [
            (each.place, [len(rows) + number, each.text, None, by])
            for number, (by, each) in enumerate(passages_of(result, feedback), 1)
        ]
        files = write_places(self, parameters, context, FIELDS, rows)
        return {
            **files,
            "TEXT": result.text,
            "SENTENCES": len(result.sentences),
            "WRITTEN": result.writing.text if result.writing is not None else None,
        }
