"""The answer to a question about a scene."""

from __future__ import annotations

from typing import Any

from qgis.core import (
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProcessingOutputBoolean,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterString,
)

from ..jobs.describe import AnswerReply, DescribeResult, about, rests_on
from ..translation import mark, tr
from .algorithm import Algorithm, Question, add_area, add_describer, add_encoder, add_scene
from .places import MEASURED, add_places, passages_of, write_places
from .service import open_service

FIELDS = (
    "field=question:string&field=answer:string&field=kind:string&field=certainty:double"
    "&field=rests_on:string&field=by:string"
)


class Answer(Algorithm):
    """Answers a question about a scene, or about an area of it."""

    id_name = "answer"
    title = mark("Answer a question about a scene")
    help_text = mark(
        "Answers a question about a Sentinel-1 scene, or about an area of it, from what "
        "was measured there, such as “Is there a harbour?”, “How many ships are there?”, "
        "“Where is the water?” or “How much of the area is water?”. Of a closed question "
        "the first word answers: Yes, No, a number, a side. What was not measured is "
        "answered with “Unknown” and the reason, and ANSWERED is false; nothing is "
        "guessed. CERTAINTY, from 0 to 1, is empty where it is not known. The optional "
        "layer has a polygon where what the answer rests on lies. A tower or model that is "
        "named under “Words by” answers beside it: WRITTEN, and rows of its own in the "
        "layer, whose column “by” names it. Its answers may be wrong."
    )

    def initAlgorithm(self, _configuration: dict[str, Any] | None = None) -> None:
        """State the parameters and what it returns."""
        add_scene(self)
        self.addParameter(QgsProcessingParameterString("QUESTION", tr("Question")))
        add_area(self)
        add_encoder(self)
        add_describer(self)
        add_places(self, tr("What the answer rests on"))
        self.addOutput(QgsProcessingOutputString("ANSWER", tr("The answer")))
        self.addOutput(QgsProcessingOutputString("KIND", tr("The kind of the question")))
        self.addOutput(QgsProcessingOutputBoolean("ANSWERED", tr("Whether there is an answer")))
        self.addOutput(QgsProcessingOutputNumber("CERTAINTY", tr("How sure it is, from 0 to 1")))

    def processAlgorithm(
        self,
        parameters: dict[str, Any],
        context: QgsProcessingContext,
        feedback: QgsProcessingFeedback,
    ) -> dict[str, Any]:
        """Ask, and return the answer. Raises QgsProcessingException."""
        question = Question(self, parameters, context)
        text = self.parameterAsString(parameters, "QUESTION", context).strip()
        if not text:
            raise QgsProcessingException(
                tr("There is no question. Give one, such as Is there water?")
            )
        with open_service(feedback) as service:
            scene = service.register(question.path(), question.options())
            result: DescribeResult = service.run(question.description(service, scene, text))
        answer = answer_of(result)
        feedback.pushInfo(f"{answer.text}\n{about(answer)}")
        grounds = answer.grounds
        kind = answer.question_kind
        values = [text, answer.text, kind, answer.certainty, rests_on(grounds), MEASURED]
        rows = [(grounds.place, values)]
        rows += [
            (each.place, [text, each.text, kind, each.certainty, None, by])
            for by, each in passages_of(result, feedback)
        ]
        files = write_places(self, parameters, context, FIELDS, rows)
        return {
            **files,
            "ANSWER": answer.text,
            "KIND": answer.question_kind,
            "ANSWERED": answer.answered,
            "CERTAINTY": answer.certainty,
            "WRITTEN": result.writing.text if result.writing is not None else None,
        }


def answer_of(result: DescribeResult) -> AnswerReply:
    """Return the answer that was asked for.

    Raises:
        QgsProcessingException: the backend has sent none.
    """
    if result.answer is None:
        raise QgsProcessingException(tr("The backend has not answered. Update it, and try again."))
    return result.answer
