"""Questions read and answered from a record, one at a time, by plain rules.

It reads every wording of `backend.language.wordings` and what people type for the same. This is the
other way round from `backend.language.questions`: a test answers each of its questions again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.language.questions import landforms, largest, tenths
from backend.language.record import Cover, Object, Record
from backend.language.regions import REGION_NAMES, SIDE_REGIONS, SIDES, regions_of, sides_of
from backend.language.sentence import Evidence
from backend.language.wordings import NO, OF_COVER, YES
from backend.language.words import plural

_IN_IMAGE = r"(?: in (?:the|this) (?:image|picture|area|scene|chip|region)| here)?"
_NOUN = r"(?:(?:an?|any|some|the) )?(?P<noun>(?!no |not |more |fewer |less )[^?\[\]]+?)"
_ON = r"(?: (?:on|at|in|to) the (?P<side>left|right|top|bottom|centre|center|middle)(?: side)?)"
_REGION = "|".join(REGION_NAMES)
_NUMBERS = r"\[(?P<numbers>[-\d., ]+)\]"
_PATTERNS: tuple[tuple[str, str], ...] = (
    ("other", rf"(?:is|are|does|do) .*\bother than {_NOUN}{_IN_IMAGE}"),
    ("side", r"(?:on )?(?:which|what) (?:side|part)\b.* most (?:of the )?(?P<noun>[^?]+)"),
    ("side", rf"where (?:are|is|do) (?:most of )?(?:the )?(?P<noun>[^?]+?)(?: lie)?{_IN_IMAGE}"),
    ("position", r"(?:in )?which cells\b.*\b(?:hold|are) (?P<noun>[^?]+)"),
    ("box", rf"(?:which|what) .*\bbox {_NUMBERS}.*"),
    ("recognition", rf"(?:of )?(?:which|what) .*\bcentre\b.* {_NUMBERS}"),
    ("regional_landform", rf"(?:which|what) .*\b(?:in|of) the (?P<region>{_REGION}) corner"),
    (
        "main_landform",
        r"(?:which|what) .*\b(?:main landform|covers the most ground|"
        r"(?:main|largest|biggest|dominant|most common) (?:landform|land ?cover|cover|class))\b.*",
    ),
    (
        "all_landforms",
        r"(?:which|what) .*\b(?:landforms|land covers?)\b.*|"
        r"what covers (?:the|this) (?:ground|land|surface|area|image|scene|place|region)\b.*",
    ),
    ("main", r"(?:which|what) .*\b(?:main category|most objects)\b.*"),
    (
        "categories",
        r"(?:(?:which|what)|(?:name|list|give|tell me)(?: all| the| which)?) "
        r"(?:categories|kinds of object|types of object)\b.*",
    ),
    ("count", rf"how many (?P<noun>[^?]+?)(?: (?:are|is) (?:there|visible))?(?: are)?{_IN_IMAGE}"),
    ("count", r"what is the number of (?P<noun>[^?]+)"),
    ("count", rf"count (?:the |all )?(?P<noun>[^?]+?){_IN_IMAGE}"),
    ("presence_side", rf"(?:is|are) there {_NOUN}{_ON}{_IN_IMAGE}"),
    ("presence_side", rf"does the image show {_NOUN}{_ON}"),
    ("presence", rf"(?:is|are|isn't|aren't|isn’t|aren’t) there {_NOUN}{_IN_IMAGE}"),
    (
        "presence",
        r"(?:is|are) (?:it|this|(?:the|this) (?:area|image|scene|place|region|ground|land)) "
        r"(?:covered (?:by|with) )?(?P<noun>flooded|under water|forested|wooded|urban|built[- ]up)",
    ),
    ("presence", rf"does (?:the|this) (?:image|area|scene) (?:show|have|contain) {_NOUN}"),
    ("presence", rf"any {_NOUN}{_IN_IMAGE}"),
    ("presence", rf"(?:is|are) {_NOUN} (?:visible|present|to be seen|there){_IN_IMAGE}"),
    ("presence", rf"(?:can you|do you) see {_NOUN}{_IN_IMAGE}"),
)  # fmt: skip
_COMPILED = [(kind, re.compile(rf"{text}\s*[?.!]*", re.IGNORECASE)) for kind, text in _PATTERNS]
_OF_THE_WHOLE = ("main_landform", "all_landforms", "main", "categories")
_OF_A_PART = re.compile(
    r"\b(?:left|right|top|bottom|centre|center|middle|corner|side|north|south|east|west|"
    r"beside|near|smallest|least|not|other)\b",
    re.IGNORECASE,
)
"""Words of a question that asks less, or else, than those of the whole image answer."""
_SAME_SIDE = {"center": "centre", "middle": "centre"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was understood."""

    kind: str
    """One of the kinds of `backend.language.wordings`."""
    noun: str = ""
    """What is asked for, as it was typed."""
    side: str = ""
    """One of `SIDES`."""
    region: str = ""
    """One of `REGION_NAMES`."""
    numbers: tuple[float, ...] = ()
    """Of a box or of a point, in pixels."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer that follows from a record."""

    text: str
    """Yes, No, a number, a side, categories, cells or classes."""
    evidence: Evidence
    """What it rests on."""


def read_question(question: str) -> Asked | None:
    """Return what a question asks; None where no rule reads it.

    Example:
        read_question("Is there a ship on the left?")  # Asked("presence_side", "ship", "left")
    """
    text = " ".join(question.split())
    for kind, pattern in _COMPILED:
        if match := pattern.fullmatch(text):
            if kind in _OF_THE_WHOLE and _OF_A_PART.search(text):
                return None
            parts = match.groupdict()
            numbers = re.findall(r"-?\d+(?:\.\d+)?", parts.get("numbers") or "")
            side = (parts.get("side") or "").lower()
            return Asked(
                kind,
                (parts.get("noun") or "").strip(),
                _SAME_SIDE.get(side, side),
                (parts.get("region") or "").lower(),
                tuple(map(float, numbers)),
            )
    return None


def same_noun(typed: str, names: Iterable[str]) -> str | None:
    """Return the name that a noun means, in the singular or the plural; None for an unknown one."""
    low = typed.lower()
    return next((name for name in names if low in (name.lower(), plural(name).lower())), None)


def answer_from(record: Record, asked: Asked, categories: Sequence[str]) -> Found | None:
    """Return the answer that follows from a record; None where none does.

    `categories` are those that objects may be of; classes of the cover are read from the record.

    Example:
        answer_from(record, read_question("How many ships are there?"), ["ship"]).text  # "3"
    """
    if asked.kind in OF_COVER:
        return _of_cover(record.cover, asked) if record.cover else None
    if record.objects is not None:
        found = _of_objects(record, record.objects, asked, categories)
        if found is not None:
            return found
    return _of_ground(record.cover, asked) if record.cover else None


def _of_objects(
    record: Record, objects: Sequence[Object], asked: Asked, categories: Sequence[str]
) -> Found | None:
    everything = Evidence(tuple(range(len(objects))))
    if asked.kind == "main":
        return _named(_most([each.category for each in objects], 0.0), everything)
    if asked.kind == "categories":
        return _named(", ".join(sorted({each.category for each in objects})), everything)
    if asked.kind in ("box", "recognition"):
        return _numbered(objects, asked)
    category = same_noun(asked.noun, categories)
    if category is None:
        return None
    own = tuple(n for n, each in enumerate(objects) if each.category == category)
    return _of_category(record, own, len(objects), asked)


def _of_category(record: Record, own: tuple[int, ...], total: int, asked: Asked) -> Found | None:
    """Return the answer to a question about one category, of which are the objects `own`."""
    mine, everything = Evidence(own), Evidence(tuple(range(total)))
    if asked.kind == "count":
        return Found(str(len(own)), mine if own else everything)
    if asked.kind == "presence":
        return _yes_or_no(bool(own), mine if own else everything)
    if asked.kind == "other":
        rest = tuple(n for n in range(total) if n not in own)
        return _yes_or_no(bool(rest), Evidence(rest or own))
    if asked.kind == "position":
        cells = sorted({cell + 1 for cell in _places(record, own, regions_of)})
        return _named(", ".join(map(str, cells)), mine)
    sides = [SIDES[side] for side in _places(record, own, sides_of)]
    if asked.kind == "side":
        return _named(_most(sides, 0.5), mine)
    there = tuple(n for n, side in zip(own, sides, strict=True) if side == asked.side)
    return _yes_or_no(bool(there), Evidence(there or own or everything.objects))


def _numbered(objects: Sequence[Object], asked: Asked) -> Found | None:
    """Return the category of the one object that has the numbers of a box or of a centre."""

    def numbers(one: Object) -> tuple[float, ...]:
        box = one.box
        return box.centre if asked.kind == "recognition" else (box.x, box.y, box.width, box.height)

    own = [n for n, one in enumerate(objects) if _tenths(numbers(one)) == _tenths(asked.numbers)]
    return _named(objects[own[0]].category, Evidence((own[0],))) if len(own) == 1 else None


def _of_cover(cover: Cover, asked: Asked) -> Found | None:
    """Return the answer to a question about what covers the ground."""
    if asked.kind == "all_landforms":
        names = landforms(cover.shares)
        return _named(", ".join(names), Evidence(classes=tuple(names)))
    if asked.kind == "main_landform":
        name = largest(cover.shares)
        return _named(name, Evidence(classes=(name,)))
    corner = REGION_NAMES.index(asked.region)
    name = largest(cover.regions[corner].shares)
    return _named(name, Evidence(classes=(name,), regions=(corner,)))


def _of_ground(cover: Cover, asked: Asked) -> Found | None:
    """Return whether a class of the cover is there, or where; None for other questions."""
    name = same_noun(asked.noun, cover.shares)
    if name is None or asked.kind not in ("presence", "presence_side"):
        return None
    if asked.kind == "presence":
        return _yes_or_no(cover.shares[name] > 0, Evidence(classes=(name,)))
    regions = SIDE_REGIONS[asked.side]
    there = any(cover.regions[region].shares.get(name, 0) > 0 for region in regions)
    return _yes_or_no(there, Evidence(classes=(name,), regions=regions))


def _places(
    record: Record,
    numbers: Sequence[int],
    rule: Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.int64]],
) -> list[int]:
    """Return the side or the region of objects."""
    centres = [one.box.centre for n, one in enumerate(record.objects or ()) if n in numbers]
    u = np.array([x / record.width for x, _ in centres])
    v = np.array([y / record.height for _, y in centres])
    return [int(place) for place in rule(u, v)]


def _most(names: Sequence[str], share: float) -> str:
    """Return the name that occurs most, in more than this share; nothing where two do."""
    counts = Counter(names).most_common(2)
    if not counts or (len(counts) == 2 and counts[0][1] == counts[1][1]):
        return ""
    return counts[0][0] if counts[0][1] > share * len(names) else ""


def _tenths(numbers: Sequence[float]) -> list[int]:
    return [int(number) for number in tenths(np.array(numbers))]


def _named(text: str, evidence: Evidence) -> Found | None:
    return Found(text, evidence) if text else None


def _yes_or_no(true: bool, evidence: Evidence) -> Found:
    return Found(YES if true else NO, evidence)
