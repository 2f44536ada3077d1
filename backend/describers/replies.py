"""Answers to questions of the kinds that corpora ask, in words and with what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backend.describers.cover import BUILT, WATER
from backend.describers.measured import BRIGHT
from backend.describers.nouns import bright_objects, class_meant, doubt, is_map, which_kind
from backend.describers.plain import HARBOURS
from backend.language import Asked, Cover, Evidence, Found, Record, answer_from
from backend.language.regions import SIDE_REGIONS, region_of
from backend.language.words import counted, plural, so_much

NOTHING = Evidence()


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered, and what it rests on."""

    text: str
    evidence: Evidence
    certainty: float | None = None
    answered: bool = True


def not_told(reason: str, evidence: Evidence = NOTHING) -> Reply:
    """Return that something is not known, and why or what it would need."""
    return Reply(f"Unknown: {reason}", evidence, answered=False)


NO_GROUND = not_told("what covers the ground there is not known.")
NO_SCALE = not_told("how many metres a pixel measures is not known; state it.")


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
    unsure = set(found.evidence.classes) - {WATER} if is_map(record) else set()
    more = f" (on real scenes only {WATER} has been read well)" if unsure else ""
    return Reply(f"{found.text}{more}", found.evidence)


def _of_objects(record: Record, asked: Asked) -> Reply | None:
    """Return the answer to a question about ships and the like: bright objects on water."""
    objects = bright_objects(record)
    if objects is None:
        return None
    if asked.kind == "other":
        return not_told("the measurement does not tell one kind of bright object from another.")
    if asked.kind == "side" and not objects:
        return Reply(f"Nowhere: no {BRIGHT} on water was found.", Evidence(classes=(WATER,)))
    found = answer_from(record, Asked(asked.kind, BRIGHT, asked.side), [BRIGHT])
    if asked.kind == "presence_side":
        # People mean a third of the picture: what is at the top right is at the top, too.
        regions = SIDE_REGIONS[asked.side]
        own = tuple(n for n, one in enumerate(objects) if region_of(record, one) in regions)
        found = Found("Yes" if own else "No", Evidence(own))
    everything = Evidence(tuple(range(len(objects))))
    on_water = f"{counted(len(objects), BRIGHT)} on water"
    if found is None and asked.kind == "side":
        return Reply(f"Scattered: no side holds more than half of the {on_water}.", everything)
    if found is None:
        return None
    if asked.kind == "side":
        return Reply(f"{found.text}: most of the {on_water} lie there.", found.evidence)
    return _as_sentence(asked, found)


def _as_sentence(asked: Asked, found: Found) -> Reply:
    """Return a number of objects, yes or no with what it means; other answers as they are."""
    evidence = found.evidence if found.evidence.objects else Evidence(classes=(WATER,))
    if asked.kind == "count":
        on_water = f"{counted(int(found.text), BRIGHT)} on water"
        if found.text == "0":
            return Reply(f"0: no {BRIGHT} on water was found.", evidence)
        more = f"; whether {_they(found.text)}, it does not tell"
        return Reply(f"{found.text}: the measurement finds {on_water}{more}.", found.evidence)
    if found.text == "Yes":
        number = len(found.evidence.objects)
        return Reply(
            f"Yes: {counted(number, BRIGHT)} on water; whether {_they(str(number))}, the "
            "measurement does not tell.",
            found.evidence,
        )
    if found.text == "No":
        where = " there" if asked.side else ""
        return Reply(f"No: no {BRIGHT} on water was found{where}.", evidence)
    return Reply(found.text, found.evidence)


def _they(number: str) -> str:
    return "it is a ship, a buoy or a rock" if number == "1" else "they are ships, buoys or rocks"


def _of_cover(record: Record, asked: Asked, name: str) -> Reply | None:
    """Return the answer to a question about a class of the cover."""
    cover = record.cover
    if cover is None or name not in cover.shares:
        return None
    unsure = doubt(record, name)
    if asked.kind == "presence":
        evidence, share = Evidence(classes=(name,)), cover.shares[name]
        likely = cover.certainty.get(name)
        if share == 0:
            unlikely = None if likely is None else 1 - likely
            return Reply(f"No: no {name} was found{unsure}.", evidence, unlikely)
        other = which_kind(asked.noun, name)
        text = f"Yes: {so_much(share)} of the ground reads as {name}{other}{unsure}."
        return Reply(text, evidence, likely)
    if asked.kind == "presence_side":
        regions = SIDE_REGIONS[asked.side]
        if not is_known(cover, regions):
            return NO_GROUND
        evidence = Evidence(classes=(name,), regions=regions)
        share = share_in(cover, regions, name)
        text = f"{'Yes' if share else 'No'}: {so_much(share)} of the ground there reads as {name}"
        return Reply(f"{text}{unsure}.", evidence)
    if asked.kind == "side":
        return _side(record, name)
    if asked.kind == "count":
        return not_told(
            f"it is not measured by the piece; {so_much(cover.shares[name])} of the "
            f"ground reads as {name}{unsure}.",
            Evidence(classes=(name,)),
        )
    return None


def is_known(cover: Cover, regions: Sequence[int]) -> bool:
    """Return whether some ground of these regions is known."""
    return any(cover.regions[number].area for number in regions)


def share_in(cover: Cover, regions: Sequence[int], name: str) -> float:
    """Return the share of the known ground of some regions that a class covers."""
    parts = [cover.regions[number] for number in regions]
    area = sum(part.area for part in parts)
    return sum(part.area * part.shares.get(name, 0.0) for part in parts) / (area or 1.0)


def _side(record: Record, name: str) -> Reply | None:
    """Return the side whose ground holds the most of a class."""
    assert record.cover is not None
    cover = record.cover
    held = {side: share_in(cover, regions, name) for side, regions in SIDE_REGIONS.items()}
    most = max(held.values())
    best = [side for side, share in held.items() if share == most]
    if most == 0:
        return Reply(
            f"Nowhere: no {name} was found{doubt(record, name)}.", Evidence(classes=(name,))
        )
    if len(best) > 1:
        text = f"{' and '.join(best)}: equally much of the ground there reads as {name}"
        return Reply(f"{text}{doubt(record, name)}.", Evidence(classes=(name,)))
    evidence = Evidence(classes=(name,), regions=SIDE_REGIONS[best[0]])
    text = f"{best[0]}: {so_much(most)} of the ground there reads as {name}{doubt(record, name)}."
    return Reply(text, evidence)


def _harbour(record: Record, asked: Asked) -> Reply | None:
    """Return whether there are the signs of a harbour; None where nobody has looked.

    They are water beside built-up land, and something bright on the water.
    """
    cover, objects = record.cover, bright_objects(record)
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
