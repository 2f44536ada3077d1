"""Jobs that say in words what is in an area of a scene, or answer a question about it."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from backend.describers import Answer, Chip, Measured, look, measure
from backend.describers.cover import ASKED
from backend.describers.facts import FactsDescriber
from backend.describers.registry import FACTS
from backend.describers.views import boxes_of
from backend.features.plan import for_encoder, make_plan
from backend.language import Evidence, to_json
from backend.maps.inquiry import check_phrases
from backend.progress import Progress
from backend.service.context import Context
from backend.service.kinds import Checked, Kind, KindRequest, KindResult
from backend.service.kinds.alignment import EstimateRequest, check_limits, cost_of
from backend.service.limits import require_allowed
from backend.service.schemas import GeoJson, Message
from backend.service.writing import Writing, require_writes, write


class DescribeRequest(EstimateRequest, KindRequest):
    """Ask for a description of an area of a scene, and for the answer to a question."""

    kind: Literal["describe"]
    question: str | None = None
    """What to answer beside the description."""
    head: str | None = None
    """A head's name; the first that fits the encoder when left out."""
    describer: str = FACTS
    """Who describes, or answers, beside the measurements: a name of the capabilities."""

    @property
    def summary(self) -> str:
        """The question, if there is one."""
        return self.question or "describe"

    @property
    def scene_read(self) -> str:
        """The scene that is described."""
        return self.scene


class Grounds(Message):
    """What a sentence or an answer rests on."""

    objects: list[int]
    """Ids of features of the result's `objects`."""
    classes: list[str]
    """Classes of the record's cover."""
    regions: list[int]
    """Numbers of the nine regions of the area's box, 0 to 8, row by row from the north-west."""
    fields: list[str]
    """Other fields of the record."""
    place: GeoJson | None
    """The same on the ground, as a GeoJSON MultiPolygon in degrees: boxes of the objects, else the
    cells of the classes in the regions, else the regions; null for the whole area."""


class SentenceReply(Message):
    """One sentence of a description."""

    text: str
    grounds: Grounds


class AnswerReply(Message):
    """The answer to a question."""

    text: str
    """Of a closed question the first word answers: Yes, No, a number, a side."""
    question_kind: str
    """What kind of question it is, such as presence or count; open where no rule reads it."""
    answered: bool
    """False where the text says why there is no answer."""
    certainty: float | None
    """How sure it is, from 0 to 1; null where that is not known."""
    grounds: Grounds


class DescribeResult(KindResult):
    """What was measured, in words, and apart from it what a model wrote, if one was asked."""

    kind: Literal["describe"] = "describe"
    text: str
    """All measured sentences, in one line."""
    sentences: list[SentenceReply]
    answer: AnswerReply | None
    objects: GeoJson
    """Bright objects on water: a GeoJSON FeatureCollection of boxes in degrees, each with
    `category`, `length_m`, and `contrast_db`, how much it exceeds the water around."""
    record: GeoJson
    """All that was measured: docs/language.md lists the fields."""
    describer: str
    """Who says this: facts."""
    writing: Writing | None
    """What the model that was asked wrote; null where facts alone were asked."""
    seconds: float


def check(request: DescribeRequest, context: Context) -> Checked:
    """Check the scene, question, describer, encoder, head and area before anything runs.

    Raises:
        GlueLinkError: what `run` would raise for them.
    """
    entry = context.scenes.get(request.scene)
    if request.question is not None:
        check_limits(check_phrases([request.question]), context.settings)
    describer = context.models.describer(request.describer)
    require_writes(describer, request.question)
    spec = context.models.spec(request.encoder)
    head = context.models.head(request.head, spec)
    cost = cost_of(request, context)
    require_allowed(cost, 1, context.settings, context.results)
    seconds = context.models.expected_seconds(request.encoder, cost.lacking)
    with entry.open() as scene:
        seen = for_encoder(scene, spec, request.match_product_type)
        boxes_of(scene, make_plan(seen, request.area, spec, request.quality).pixels, describer)
        state = scene.state and f"{scene.state} {head.sha256} {describer.name}"
    return Checked(seconds if describer.name == FACTS else None, state)


def run(
    request: DescribeRequest, context: Context, folder: Path, progress: Progress
) -> DescribeResult:
    """Measure the area, and put it into words; no file is left."""
    began = time.monotonic()
    models, entry = context.models, context.scenes.get(request.scene)
    describer = models.describer(request.describer)
    head = models.head(request.head, models.spec(request.encoder))
    text = models.text_encoder(head.meta.text, ASKED, progress)
    encoder = models.encoder(request.encoder, progress)
    with entry.open() as scene:
        store, how = context.store_for(encoder.spec), (request.match_product_type, request.quality)
        measured = measure(scene, request.area, encoder, head, text, store, progress, *how)
        views = look(scene, measured, describer) if describer.needs_pixels else []
    facts, chip, question = FactsDescriber(), Chip(measured.record), request.question
    description = facts.caption(chip)
    found = None if question is None else facts.answer(chip, question)
    return DescribeResult(
        text=description.text,
        sentences=[
            SentenceReply(text=each.text, grounds=grounds(measured, each.evidence))
            for each in description.sentences
        ],
        answer=found and _answer_reply(found, measured),
        objects=measured.objects_geojson(),
        record=to_json(measured.record),
        describer=description.describer,
        writing=write(views, describer, request.question, measured, context.models, progress)
        if views
        else None,
        seconds=time.monotonic() - began,
    )


def _answer_reply(found: Answer, measured: Measured) -> AnswerReply:
    """Return an answer with its place on the ground."""
    return AnswerReply(
        text=found.text,
        question_kind=found.kind,
        answered=found.answered,
        certainty=found.certainty,
        grounds=grounds(measured, found.evidence),
    )


def grounds(measured: Measured, evidence: Evidence) -> Grounds:
    """Return what something rests on, with its place on the ground."""
    return Grounds(**asdict(evidence), place=measured.place_of(evidence))


KIND = Kind(DescribeRequest, DescribeResult, check, run)
