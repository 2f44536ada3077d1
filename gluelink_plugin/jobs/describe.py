"""Jobs that say in words what is in an area of a scene, or answer a question about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsRectangle

from ..client.codec import part, parts
from ..client.protocol import Job, JobRequest, JobResult
from ..describers import falls_short
from ..layers.objects import add_objects
from ..layers.runs import KeptRun
from ..layers.scene import SceneSource
from ..maptools.area import area_of_bounds
from ..session import Session
from ..translation import mark, plural, tr
from ..words import listed, seconds_in_words, share_in_words
from .scene_run import SceneRun, scene_of

QUESTION_MARKS = ("?", "？", "؟")
KINDS = {
    "presence": mark("a yes-or-no question"),
    "presence_side": mark("a yes-or-no question"),
    "other": mark("a yes-or-no question"),
    "count": mark("a count"),
    "side": mark("a question of place"),
    "share": mark("a question of share"),
    "size": mark("a question of size"),
    "extent": mark("a question of size"),
    "larger": mark("a comparison"),
    "date": mark("a question of date"),
    "open": mark("an open question"),
}
CLOSED = mark("a closed question")
FIELDS = {"date": mark("the date"), "metres_per_pixel": mark("the size of a pixel")}
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
    describer: str | None = None
    """The model that writes beside the measurements; None for them alone."""
    kind: str = "describe"

    @property
    def summary(self) -> str:
        """What is asked, in a few words."""
        return self.question or tr("Description")


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
class Passage:
    """What a model wrote of one piece of ground."""

    text: str
    certainty: float | None
    """Of an answer, by the model's own account, from 0 to 1; None where it does not say."""
    measured: str
    """What was measured of the same ground."""
    place: dict[str, Any]
    """What the model looked at, a GeoJSON MultiPolygon in degrees."""


@dataclass(frozen=True)
class Writing:
    """What a model wrote, which may be wrong."""

    describer: str
    title: str
    caution: str
    made_with: dict[str, Any]
    passages: list[Passage] = parts(Passage)

    @property
    def text(self) -> str:
        """All that it wrote, a line for each piece of ground."""
        return "\n".join(each.text for each in self.passages)


@dataclass(frozen=True)
class DescribeResult(JobResult):
    """What was measured in sentences, perhaps an answer, and apart from it what a model wrote."""

    text: str
    describer: str
    seconds: float
    objects: dict[str, Any]
    """A GeoJSON FeatureCollection of boxes in degrees."""
    record: dict[str, Any]
    """All that was measured."""
    sentences: list[SentenceReply] = parts(SentenceReply)
    answer: AnswerReply | None = part(AnswerReply, default=None)
    writing: Writing | None = part(Writing, default=None)
    kind: str = "describe"


@dataclass(frozen=True)
class Outcome:
    """What was said of which scene."""

    request: DescribeRequest
    result: DescribeResult
    source: SceneSource
    unasked: str = ""
    """Why the model that is chosen was not asked; empty where it was, or none is."""

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
        name = plural(
            "1 bright object on water · {scene}",
            "%n bright objects on water · {scene}",
            len(self.objects),
            scene=self.source.name,
        )
        notes = [
            ("asked", self.request.summary),
            ("scene", self.source.name),
            ("date", str(self.result.record.get("date", ""))),
            ("encoder", self.request.encoder),
            ("score", "by how many dB the brightest pixel exceeds the water around"),
            ("what they are", "ships, buoys, platforms or rocks: the measurement does not tell"),
        ]
        add_objects(self.objects, name, self.source.name, notes)


class DescribeRun(SceneRun):
    """Has the session's scene described over its area, or a question about it answered."""

    def __init__(self, session: Session, question: str | None = None) -> None:
        scene, source = scene_of(session)
        encoder, head = session.pair
        chosen, known = session.describer, session.backend.capabilities
        self._unasked = falls_short(known, chosen, question)
        request = DescribeRequest(
            scene.id,
            encoder,
            question,
            head,
            describer=None if self._unasked else chosen,
            **session.aoi(),
        )
        super().__init__(session, source, request)
        self._asked = request
        self._where = session.area or area_of_bounds(QgsRectangle(*scene.bounds))

    def show(self, _job: Job, result: DescribeResult, _collected: None) -> str:
        """Let the panel say it; what was counted becomes a layer."""
        outcome = Outcome(self._asked, result, self._source, self._unasked)
        self._session.describe(outcome)
        self._session.keep_run(self._kept(result))
        answer, took = result.answer, seconds_in_words(self.waited_s)
        if answer is None:
            return plural(
                "Described in {time}: 1 sentence.",
                "Described in {time}: %n sentences.",
                len(result.sentences),
                time=took,
            )
        if not answer.answered:
            return tr("No answer, after {time}.", time=took)
        if outcome.is_count and outcome.objects:
            outcome.add_objects()
            return plural(
                "Answered in {time}: the bright object is a layer.",
                "Answered in {time}: the %n bright objects are a layer.",
                len(outcome.objects),
                time=took,
            )
        return tr("Answered in {time}.", time=took)

    def _kept(self, result: DescribeResult) -> KeptRun:
        """Return what is listed of this run."""
        return self.kept(
            km2_of(result.record),
            self._where.geometry.boundingBox(),
            self._where.crs_name(),
            layers=(),
            text=result.answer.text if result.answer is not None else result.text,
            written=wrote(result.writing) if result.writing is not None else "",
        )


def km2_of(record: dict[str, Any]) -> float:
    """Return the size of the ground that was measured: an area has no data everywhere."""
    width, height = record["size"]
    known = record.get("cover", {}).get("known", 1.0)
    return float(known * width * height * record["metres_per_pixel"] ** 2 / 1e6)


def wrote(writing: Writing) -> str:
    """Return all that a model wrote, with its name and that it may be wrong."""
    may_be_wrong = tr("{model} wrote, and may be wrong:", model=writing.title)
    return f"{may_be_wrong}\n{writing.text}"


def beside(passage: Passage) -> str:
    """Return what was measured where a model wrote something, and how sure it says it is."""
    measured = passage.measured or tr("nothing that is known")
    if passage.certainty is None:
        return tr("It may be wrong. Measured in the same place: {facts}", facts=measured)
    return tr(
        "It may be wrong, and calls itself {share} certain. Measured in the same place: {facts}",
        share=share_in_words(passage.certainty),
        facts=measured,
    )


def about(reply: SentenceReply | AnswerReply) -> str:
    """Return what a sentence rests on; of an answer also its type, and how certain it is."""
    if isinstance(reply, SentenceReply):
        return tr("Rests on {grounds}.", grounds=rests_on(reply.grounds))
    kind = tr(KINDS.get(reply.question_kind, CLOSED))
    if not reply.answered:
        return tr("Not answered: {kind}. Nothing is guessed.", kind=kind)
    sure = tr("how certain is not known")
    if reply.certainty is not None:
        sure = tr("{share} certain", share=share_in_words(reply.certainty))
    return tr(
        "Answer to {kind}; {certainty}. Rests on {grounds}.",
        kind=kind,
        certainty=sure,
        grounds=rests_on(reply.grounds),
    )


def bright_objects(number: int) -> str:
    """Return a number of bright objects in words."""
    return plural("1 bright object", "%n bright objects", number)


def rests_on(grounds: Grounds) -> str:
    """Return what something rests on, in words."""
    parts = [tr(FIELDS.get(field, field)) for field in grounds.fields if not grounds.objects]
    if grounds.objects:
        parts.append(bright_objects(len(grounds.objects)))
    if grounds.classes:
        parts.append(tr("what reads as {classes}", classes=listed(grounds.classes)))
    return listed(parts) or tr("what was measured of the area")
