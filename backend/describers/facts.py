"""The facts describer: it says what was measured, and nothing else."""

from __future__ import annotations

import re

from backend.describers.base import (
    NO_EVIDENCE,
    OPEN,
    Answer,
    Chip,
    Describer,
    Description,
    require_question,
)
from backend.describers.cover import BUILT, WATER
from backend.describers.nouns import bright_objects, is_map
from backend.describers.plain import plain_question
from backend.describers.replies import Reply, not_told, reply_to
from backend.describers.typed import answer_typed
from backend.language import Evidence, Record, Sentence, read_question
from backend.language.captions import cover_sentences, extent, object_sentences
from backend.language.words import length

TRUSTED = (WATER, BUILT)
"""Classes that it speaks of; docs/language.md says why of no others."""
LEAST_SPOKEN = 0.005
"""Share of the ground below which a class is not mentioned."""
MEASURED = "measured are water, land cover, and bright objects on water"
NEEDS_MODEL = (
    "This question needs a model that looks at the picture. Measurements answer whether, where, "
    "how many, how much and when, asked in English, as in: Is there water?"
)
_IT = r"(?:the|this) (?:image|picture|scene|area|map|place|region)"
DESCRIBE = re.compile(
    rf"(?:describe|summari[sz]e)\b.*|tell me (?:more )?about (?:it|{_IT})|what is this|"
    rf"what (?:do|can) (?:you|i|we) see\b.*|what does (?:it|{_IT}) show|what can be seen|"
    rf"what is (?:visible|going on)(?: here)?|what (?:is|can be seen) (?:(?:in|on) )?"
    rf"(?:{_IT}|here|there)",
    re.IGNORECASE,
)
"""What asks for the description itself."""


class FactsDescriber(Describer):
    """Speaks from a chip's record: cover, bright objects, extent, date.

    Example:
        chip = Chip(measure(scene, None, encoder, head, text).record)
        print(FactsDescriber().caption(chip).text)
    """

    name = "facts"
    title = "Measurements"
    needs_pixels = False

    def caption(self, chip: Chip) -> Description:
        """Return what was measured of a chip, in a few sentences."""
        return Description(tuple(sentences(chip.record)), self.name)

    def answer(self, chip: Chip, question: str) -> Answer:
        """Return the answer to a question of a closed kind; of an open one, that it needs a model.

        Raises:
            PhraseInvalid: the question is empty.
        """
        question = plain_question(require_question(question))
        if DESCRIBE.fullmatch(question.rstrip(" ?.!")):
            return Answer(self.caption(chip).text, "description", self.name)
        typed = answer_typed(chip.record, question)
        if typed is not None:
            kind, reply = typed
            return self._replied(kind, reply)
        asked = read_question(question)
        if asked is None:
            return self._replied(OPEN, Reply(NEEDS_MODEL, NO_EVIDENCE, answered=False))
        return self._replied(asked.kind, reply_to(chip.record, asked) or not_measured(asked.noun))

    def _replied(self, kind: str, reply: Reply) -> Answer:
        return Answer(reply.text, kind, self.name, reply.certainty, reply.evidence, reply.answered)


def not_measured(noun: str) -> Reply:
    """Return that nothing measured answers a question about something, and what would."""
    asked = f"“{noun}” is not measured" if noun else "that is not measured"
    return not_told(f"{asked}. It needs a model that looks at the picture; {MEASURED}.")


def sentences(record: Record) -> list[Sentence]:
    """Return what was measured, as sentences: extent, date, cover, bright objects."""
    trusted = TRUSTED if is_map(record) else None
    spoken = [*extent(record), *cover_sentences(record, trusted, LEAST_SPOKEN)]
    share = record.cover.shares.get(WATER, 1.0) if record.cover else 1.0
    if share < LEAST_SPOKEN:
        # Of nothing but water is it said that it is absent: villages are often not seen.
        amount = "Hardly any" if share else "No"
        spoken.append(Sentence(f"{amount} {WATER} was found.", Evidence(classes=(WATER,))))
    return [*spoken, *_on_water(record)]


def _on_water(record: Record) -> list[Sentence]:
    """Return what stands out on water, and how long it is."""
    objects = bright_objects(record)
    if objects is None or record.cover is None or not record.cover.shares.get(WATER):
        return []
    if not objects and record.cover.shares[WATER] < LEAST_SPOKEN:
        return []
    if not objects:
        return [Sentence("No bright object was found on the water.", Evidence(classes=(WATER,)))]
    everything = Evidence(tuple(range(len(objects))), fields=("metres_per_pixel",))
    if record.metres_per_pixel is None:
        return list(object_sentences(record))
    pixels = max(max(each.box.width, each.box.height) for each in objects)
    longest = length(pixels * record.metres_per_pixel)
    text = f"The longest is about {longest} long; all lie on water."
    if len(objects) == 1:
        text = f"It is about {longest} long and lies on water."
    return [*object_sentences(record), Sentence(text, everything)]
