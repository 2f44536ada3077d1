"""The facts describer: it says what was measured, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from backend.describers.base import NO_EVIDENCE, OPEN, Answer, Chip, Describer, Description
from backend.describers.cover import BUILT, WATER
from backend.describers.measured import BRIGHT
from backend.errors import PhraseInvalid
from backend.language import Asked, Evidence, Record, Sentence, answer_from, read_question
from backend.language.captions import cover_sentences, extent, object_sentences
from backend.language.regions import SIDE_REGIONS
from backend.language.words import counted, length, one, percent, plural

TRUSTED = (WATER, BUILT)
"""Classes that it speaks of; docs/language.md says why of no others."""
LEAST_SPOKEN = 0.005
"""Share of the ground below which a class is not mentioned."""

MEANT: dict[str, tuple[str, ...]] = {
    WATER: (
        "water", "open water", "lake", "river", "sea", "ocean", "pond", "reservoir", "flood",
        "flooded land", "canal", "bay",
    ),
    BUILT: (
        "built-up land", "built-up area", "town", "city", "village", "building", "house",
        "settlement", "built up area",
    ),
    "forest": ("forest", "tree", "wood", "woodland"),
    "fields": ("field", "farmland", "crop", "cropland", "meadow", "grassland", "agriculture"),
    "bare ground": ("bare ground", "bare soil", "sand", "desert", "bare land"),
    "wetland": ("wetland", "marsh", "swamp"),
    "shrubs": ("shrub", "shrubland", "savanna"),
    "snow and ice": ("snow", "ice", "snow and ice"),
    BRIGHT: ("ship", "boat", "vessel", "bright object", "object", "target", "platform", "buoy"),
}  # fmt: skip
"""What people call what is measured."""
HARBOURS = ("harbour", "harbor", "port", "marina")


class FactsDescriber(Describer):
    """Speaks from a chip's record: cover, bright objects, extent, date.

    Example:
        chip = Chip(measure(scene, None, encoder, head, text).record)
        print(FactsDescriber().caption(chip).text)
    """

    name = "facts"
    needs_pixels = False

    def caption(self, chip: Chip) -> Description:
        """Return what was measured of a chip, in a few sentences."""
        return Description(tuple(sentences(chip.record)), self.name)

    def answer(self, chip: Chip, question: str) -> Answer:
        """Return the answer to a question of a closed kind; of an open one, that it needs a model.

        Raises:
            PhraseInvalid: the question is empty.
        """
        if not question.strip():
            raise PhraseInvalid("The question is empty.", "Type one, such as Is there water?")
        asked = read_question(question)
        if asked is None:
            return self._unanswered(
                OPEN,
                "This question needs a model: measurements answer whether, how many, where and "
                "which only.",
            )
        reply = reply_to(chip.record, asked)
        if reply is None:
            thing = one(asked.noun) if asked.noun else "that"
            return self._unanswered(
                asked.kind, f"Unknown: nothing that was measured tells of {thing}; ask a model."
            )
        return Answer(reply.text, asked.kind, self.name, reply.certainty, reply.evidence)

    def _unanswered(self, kind: str, text: str) -> Answer:
        return Answer(text, kind, self.name, evidence=NO_EVIDENCE, answered=False)


def sentences(record: Record) -> list[Sentence]:
    """Return what was measured, as sentences: extent, date, cover, bright objects."""
    spoken = [*extent(record), *cover_sentences(record, TRUSTED, LEAST_SPOKEN)]
    share = record.cover.shares.get(WATER, 0.0) if record.cover else 1.0
    if share < LEAST_SPOKEN:
        # Of nothing but water is it said that it is absent: villages are often not seen.
        amount = "Hardly any" if share else "No"
        spoken.append(Sentence(f"{amount} {WATER} was found.", Evidence(classes=(WATER,))))
    return [*spoken, *_on_water(record)]


def _on_water(record: Record) -> list[Sentence]:
    """Return what stands out on water, and how long it is."""
    if record.objects is None or record.cover is None or not record.cover.shares.get(WATER):
        return []
    objects = record.objects
    if not objects and record.cover.shares[WATER] < LEAST_SPOKEN:
        return []
    if not objects:
        return [Sentence("No bright object was found on the water.", Evidence(classes=(WATER,)))]
    everything = Evidence(tuple(range(len(objects))), fields=("metres_per_pixel",))
    metres = max(max(each.box.width, each.box.height) for each in objects)
    longest = length(metres * (record.metres_per_pixel or 1.0))
    text = f"The longest is about {longest} long; all lie on water."
    if len(objects) == 1:
        text = f"It is about {longest} long and lies on water."
    return [*object_sentences(record), Sentence(text, everything)]


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered, and what it rests on."""

    text: str
    evidence: Evidence
    certainty: float | None = None


def reply_to(record: Record, asked: Asked) -> Reply | None:
    """Return the answer to a question that was read; None where nothing measured tells."""
    if asked.noun.lower() in {*HARBOURS, *map(plural, HARBOURS)}:
        return _harbour(record, asked)
    meant = class_meant(asked.noun)
    if meant == BRIGHT:
        return _of_objects(record, asked)
    if meant is not None:
        return _of_cover(record, asked, meant)
    if asked.noun:
        return None
    found = answer_from(record, asked, [BRIGHT])
    if found is None:
        return None
    unsure = set(found.evidence.classes) - {WATER}
    doubt = f" (on real scenes only {WATER} has been read well)" if unsure else ""
    return Reply(f"{found.text}{doubt}", found.evidence)


def class_meant(noun: str) -> str | None:
    """Return what is measured that a noun means, in the singular or the plural; None for others."""
    low = noun.lower()
    for name, words in MEANT.items():
        if any(low in (word, plural(word)) for word in words):
            return name
    return None


def _of_objects(record: Record, asked: Asked) -> Reply | None:
    """Return the answer to a question about ships and the like: bright objects on water."""
    found = answer_from(record, Asked(asked.kind, BRIGHT, asked.side), [BRIGHT])
    if found is None:
        return None
    if asked.kind == "count":
        on_water = f"{counted(int(found.text), BRIGHT)} on water"
        more = "" if found.text == "0" else f"; whether {_they(found.text)}, it does not tell"
        return Reply(f"{found.text}: the measurement finds {on_water}{more}.", found.evidence)
    if found.text == "Yes":
        number = len(found.evidence.objects)
        return Reply(
            f"Yes: {counted(number, BRIGHT)} on water; whether {_they(str(number))}, the "
            "measurement does not tell.",
            found.evidence,
        )
    if found.text == "No":
        return Reply(f"No: no {BRIGHT} on water was found there.", found.evidence)
    return Reply(found.text, found.evidence)


def _they(number: str) -> str:
    return "it is a ship, a buoy or a rock" if number == "1" else "they are ships, buoys or rocks"


def _of_cover(record: Record, asked: Asked, name: str) -> Reply | None:
    """Return the answer to a question about a class of the cover."""
    cover = record.cover
    if cover is None or name not in cover.shares:
        return None
    unsure = "" if name == WATER else "; on real scenes this has often been wrong"
    if asked.kind == "presence":
        evidence, share = Evidence(classes=(name,)), cover.shares[name]
        likely = cover.certainty.get(name)
        if share == 0:
            unlikely = None if likely is None else 1 - likely
            return Reply(f"No: no {name} was found{unsure}.", evidence, unlikely)
        same = asked.noun.lower() in (name, f"open {name}")
        other = "" if same else f"; what kind of {name}, the measurement does not tell"
        text = f"Yes: about {percent(share)} of the ground reads as {name}{other}{unsure}."
        return Reply(text, evidence, likely)
    if asked.kind == "presence_side":
        regions = SIDE_REGIONS[asked.side]
        evidence = Evidence(classes=(name,), regions=regions)
        there = any(cover.regions[region].shares.get(name, 0.0) > 0 for region in regions)
        return Reply(
            f"{'Yes' if there else 'No'}: {name} was {'' if there else 'not '}found there{unsure}.",
            evidence,
        )
    if asked.kind == "side":
        return _side(record, name)
    return None


def _side(record: Record, name: str) -> Reply | None:
    """Return the side whose ground holds the most of a class; None where two do."""
    assert record.cover is not None
    held = {}
    for side, regions in SIDE_REGIONS.items():
        parts = [record.cover.regions[region] for region in regions]
        area = sum(part.area for part in parts)
        held[side] = sum(part.area * part.shares.get(name, 0.0) for part in parts) / (area or 1.0)
    most = max(held.values())
    best = [side for side, share in held.items() if share == most]
    if most == 0 or len(best) > 1:
        return None
    evidence = Evidence(classes=(name,), regions=SIDE_REGIONS[best[0]])
    return Reply(f"{best[0]}: about {percent(most)} of the ground there reads as {name}.", evidence)


def _harbour(record: Record, asked: Asked) -> Reply | None:
    """Return whether there are the signs of a harbour; None where nobody has looked.

    They are water beside built-up land, and something bright on the water.
    """
    cover, objects = record.cover, record.objects
    if cover is None or objects is None or asked.kind != "presence":
        return None
    beside = any(set(each.between) == {WATER, BUILT} for each in cover.contacts)
    signs = Evidence(tuple(range(len(objects))), (WATER, BUILT))
    if not cover.shares.get(WATER):
        return Reply("No: a harbour lies at water, and no water was found.", signs)
    if not beside:
        return Reply("No: no water was found beside built-up land.", signs)
    if not objects:
        return Reply("No: water lies beside built-up land, with nothing bright on it.", signs)
    number = counted(len(objects), BRIGHT)
    return Reply(
        f"Yes, by its signs alone: water beside built-up land, and {number} on the water; that it "
        "is a harbour was not measured.",
        signs,
    )
