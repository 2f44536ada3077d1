"""What a model writes beside what was measured: asked in a thread, kept apart, with a caution."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from backend.describers import Answer, Describer, Description, Measured, View
from backend.describers.facts import FactsDescriber
from backend.errors import ConfigInvalid
from backend.progress import Progress
from backend.service.model_cache import ModelCache
from backend.service.schemas import GeoJson, Message


class Passage(Message):
    """What a model wrote of one piece of ground."""

    text: str
    """Its description, or its answer."""
    certainty: float | None
    """How sure the model is of an answer, from 0 to 1; null where it does not say."""
    measured: str
    """What was measured of the same ground, or the answer that follows from it."""
    place: GeoJson
    """What the model looked at, as a GeoJSON MultiPolygon in degrees."""


class Writing(Message):
    """What a model wrote. It may be wrong: nothing of it was measured."""

    describer: str
    """The model, with the beginning of its file's SHA-256 where it was trained here."""
    title: str
    caution: str
    """One sentence for people: who wrote, and that it may be wrong."""
    passages: list[Passage]
    """One for an area that the model looks at whole, else one for each of its chips."""
    made_with: GeoJson
    """Whatever else the texts depend on: hash, licence, search, picture."""


def require_writes(describer: Describer, question: str | None) -> None:
    """Raise ConfigInvalid where a describer does not write what is asked for."""
    if question is None and "caption" not in describer.writes:
        problem = "writes no descriptions; it answers questions"
    elif question is not None and "question" not in describer.writes:
        problem = "answers no questions; it describes"
    else:
        return
    raise ConfigInvalid(
        f"{describer.title} {problem}.",
        "Choose another describer; GET /v1/capabilities lists them.",
    )


def write(
    views: Sequence[View],
    describer: Describer,
    question: str | None,
    measured: Measured,
    models: ModelCache,
    progress: Progress,
) -> Writing:
    """Return what a model writes of each view, with what was measured there beside it.

    Raises:
        ReplyInvalid: it wrote nothing that can be used.
        WeightsInvalid: its files are damaged.
    """

    def ask(view: View) -> Description | Answer:
        if question is None:
            return describer.caption(view.chip)
        return describer.answer(view.chip, question)

    passages, made_with = [], {}
    for number, view in enumerate(views):
        report = partial(_report, progress, number, len(views))
        reply = models.watch("Writing", report, ask, view)  # a cancel does not wait for a slow one
        measured_text = view.measured
        if question is not None:
            measured_text = FactsDescriber().answer(view.chip, question).text
        passages.append(
            Passage(
                text=reply.text,
                certainty=reply.certainty if isinstance(reply, Answer) else None,
                measured=measured_text,
                place=measured.place_of_pixels(view.box),
            )
        )
        made_with = reply.made_with
    return Writing(
        describer=describer.name,
        title=describer.title,
        caution=f"{describer.title} wrote this. It may be wrong: nothing of it was measured.",
        passages=passages,
        made_with=made_with,
    )


def _report(
    progress: Progress, number: int, count: int, stage: str, _done: int, _total: int
) -> None:
    progress(stage, number, count)
