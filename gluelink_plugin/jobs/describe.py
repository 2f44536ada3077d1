"""Jobs that say in words what is in an area of a scene, or answer a question about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsProject

from ..client.job import JobRun
from ..client.protocol import Job, JobRequest, JobResult, part, parts
from ..layers.objects import add_objects
from ..layers.scene import SceneSource
from ..session import Session
from ..words import counted, listed, seconds_in_words, share_in_words

BRIGHT = "bright object"
QUESTION_MARKS = ("?", "？", "؟")
KINDS = {
    "presence": "a yes-or-no question",
    "presence_side": "a yes-or-no question",
    "other": "a yes-or-no question",
    "count": "a count",
    "side": "a question of place",
    "share": "a question of share",
    "size": "a question of size",
    "extent": "a question of size",
    "larger": "a comparison",
    "date": "a question of date",
    "open": "an open question",
}
FIELDS = {"date": "the date", "metres_per_pixel": "the size of a pixel"}
COUNTED = re.compile(r"(count|how many)\s+\w", re.IGNORECASE)


def is_question(text: str) -> bool:
    """Return whether a line is a question, and no phrase: “Is there water?”, “count ships”."""
    return text.rstrip().endswith(QUESTION_MARKS) or bool(COUNTED.match(text.lstrip()))


@dataclass(frozen=True)
class DescribeRequest(JobRequest):
    """Ask for a description of an area of a scene, or for the answer to a question."""

    scene: str
    encoder: str
    question: str | None = None
    head: str | None = None
    aoi: dict[str, Any] | None = None
    """A GeoJSON polygon in `aoi_crs`; None for the whole scene."""
    aoi_crs: str = "EPSG:4326"
    kind: str = "describe"

    @property
    def summary(self) -> str:
        """What is asked, in a few words."""
        return self.question or "Description"


@dataclass(frozen=True)
class Grounds:
    """What a sentence or an answer rests on."""

    objects: list[int]
    """Ids of features of the result's objects."""
    classes: list[str]
    """What covers the ground there."""
    regions: list[int]
    """Numbers of the nine regions of the area, row by row."""
    fields: list[str]
    """Other fields of the record."""
    place: dict[str, Any] | None
    """Where it lies, a GeoJSON MultiPolygon in degrees; None for the whole area."""


@dataclass(frozen=True)
class SentenceReply:
    """One sentence of a description."""

    text: str
    grounds: Grounds = part(Grounds)


@dataclass(frozen=True)
class AnswerReply:
    """The answer to a question."""

    text: str
    question_kind: str
    """What kind of question it is, such as presence or count; open where no rule reads it."""
    answered: bool
    """False where the text says why there is no answer."""
    certainty: float | None
    """From 0 to 1; None where it is not known."""
    grounds: Grounds = part(Grounds)


@dataclass(frozen=True)
class DescribeResult(JobResult):
    """Sentences, perhaps an answer, and the bright objects on water."""

    text: str
    describer: str
    seconds: float
    objects: dict[str, Any]
    """A GeoJSON FeatureCollection of boxes in degrees."""
    record: dict[str, Any]
    """All that was measured."""
    sentences: list[SentenceReply] = parts(SentenceReply)
    answer: AnswerReply | None = part(AnswerReply, default=None)
    kind: str = "describe"


@dataclass(frozen=True)
class Outcome:
    """What was said of which scene."""

    request: DescribeRequest
    result: DescribeResult
    source: SceneSource

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The bright objects, as GeoJSON features: those of the answer, or of a description all."""
        features, answer = self.result.objects["features"], self.result.answer
        if answer is None:
            return list(features)
        return [each for each in features if each["id"] in answer.grounds.objects]

    @property
    def is_count(self) -> bool:
        """Whether objects were asked for and counted: they become a layer by themselves."""
        answer = self.result.answer
        return answer is not None and answer.question_kind == "count" and answer.answered

    def add_objects(self) -> None:
        """Add the bright objects to the project, as a layer.

        Raises:
            ValueError: they cannot be written or read; the sentence says why.
        """
        name = f"{counted(len(self.objects), BRIGHT)} on water · {self.source.name}"
        notes = [
            ("asked", self.request.summary),
            ("scene", self.source.name),
            ("date", str(self.result.record.get("date", ""))),
            ("encoder", self.request.encoder),
            ("score", "by how many dB the brightest pixel exceeds the water around"),
            ("what they are", "ships, buoys, platforms or rocks: the measurement does not tell"),
        ]
        add_objects(self.objects, name, self.source.name, notes)


class DescribeRun(JobRun):
    """Has the session's scene described over its area, or a question about it answered."""

    def __init__(self, session: Session, question: str | None = None) -> None:
        scene, source = session.scene, session.source
        if scene is None or source is None:
            raise ValueError("There is no scene to describe.")
        encoder, head = session.pair
        request = DescribeRequest(scene.id, encoder, question, head, **session.aoi())
        super().__init__(session.backend.api, request, f"{request.summary} · {source.name}")
        self._session, self._source, self._asked = session, source, request
        self.left = "What is encoded by now is kept."
        layer = QgsProject.instance().mapLayer(source.layer_id)
        self.layers = [layer] if layer is not None else []

    def show(self, _job: Job, result: DescribeResult, _collected: None) -> str:
        """Let the panel say it; what was counted becomes a layer."""
        outcome = Outcome(self._asked, result, self._source)
        self._session.describe(outcome)
        answer, took = result.answer, seconds_in_words(self.waited_s)
        if answer is None:
            return f"Described in {took}: {counted(len(result.sentences), 'sentence')}."
        if not answer.answered:
            return f"No answer, after {took}."
        if outcome.is_count and outcome.objects:
            outcome.add_objects()
            return f"Answered in {took}: the {counted(len(outcome.objects), BRIGHT)} are a layer."
        return f"Answered in {took}."


def about(reply: SentenceReply | AnswerReply) -> str:
    """Return what a sentence rests on; of an answer also its type, and how certain it is."""
    if isinstance(reply, SentenceReply):
        return f"Rests on {rests_on(reply.grounds)}."
    kind = KINDS.get(reply.question_kind, "a closed question")
    if not reply.answered:
        return f"Not answered: {kind}. Nothing is guessed."
    sure = "how certain is not known"
    if reply.certainty is not None:
        sure = f"{share_in_words(reply.certainty)} certain"
    return f"Answer to {kind}; {sure}. Rests on {rests_on(reply.grounds)}."


def rests_on(grounds: Grounds) -> str:
    """Return what something rests on, in words."""
    parts = [FIELDS.get(field, field) for field in grounds.fields if not grounds.objects]
    if grounds.objects:
        parts.append(counted(len(grounds.objects), BRIGHT))
    if grounds.classes:
        parts.append(f"what reads as {listed(grounds.classes)}")
    return listed(parts) or "what was measured of the area"
