"""Questions that people type and no corpus asks: how much, when, how large, which is larger.

Each rule is a pattern, the kind of the question and what answers it from a record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from backend.describers.cover import WATER
from backend.describers.measured import BRIGHT
from backend.describers.nouns import bright_objects, class_meant, doubt, ground_meant, which_kind
from backend.describers.parts import (
    ground_of,
    is_a_ship,
    is_most,
    pixel_size,
    what_is_there,
    where_it_lies,
)
from backend.describers.replies import NO_GROUND, NO_SCALE, Reply, is_known, not_told, reply_to
from backend.language import Asked, Evidence, Record
from backend.language.captions import extent
from backend.language.regions import ON_SIDE, REGION_NAMES, SIDES, region_of
from backend.language.words import counted, length, percent, plural, so_much

Parts = Mapping[str, str]
_PLACE = r"(?:the|this) (?:whole )?(?:area|scene|image|picture|ground|place|region|land|map)"
_HERE = rf"(?: (?:in|of) {_PLACE}| here| there)?"
_A = r"(?:(?:an?|any|some|the) )?"
_NOUN, _OTHER = rf"{_A}(?P<noun>[^?\[\]]+?)", rf"{_A}(?P<other>[^?\[\]]+?)"
_THERE_IS = r"(?:is|are) there"
_BIG = r"(?:large|big|extensive)"
_LONGEST = r"(?:the )?(?P<longest>(?:longest|largest|biggest) )?"
_BIGGER = r"(?:larger|bigger|longer)"
_METRES = r"(?P<metres>\d+(?:\.\d+)?) ?m(?:et(?:re|er)s?)?"
_BY = r"(?:covered (?:by|with) |under )?"
_NEAR = r"(?:beside|near(?: to)?|next to|close to)"
_SHARE = r"(?:share|percentage|proportion|fraction|part|per ?cent|area|extent|size)"
_CORNER = "|".join(name for name in REGION_NAMES if " " in name)
_SIDE = "|".join(SIDES)


@dataclass(frozen=True, slots=True)
class Rule:
    """One form of question."""

    kind: str
    pattern: str
    answer: Callable[[Record, Parts], Reply | None]


def answer_typed(record: Record, question: str) -> tuple[str, Reply] | None:
    """Return the kind of a question and its answer; None where no rule here answers it.

    Example:
        answer_typed(record, "How much of the area is flooded?")  # ("share", Reply("22 % …"))
    """
    text = " ".join(question.split())
    for rule, pattern in _COMPILED:
        match = pattern.fullmatch(text)
        reply = rule.answer(record, match.groupdict(default="")) if match else None
        if reply is not None:
            return rule.kind, reply
    return None


def _date(record: Record, _parts: Parts) -> Reply:
    if record.date is None:
        return not_told("the scene says no date; state it.")
    return Reply(f"{record.date}.", Evidence(fields=("date",)))


def _extent(record: Record, _parts: Parts) -> Reply | None:
    for sentence in extent(record):
        if "metres_per_pixel" in sentence.evidence.fields:
            text = sentence.text.removeprefix("The image covers ")
            return Reply(text, sentence.evidence)
    return None


def _share(record: Record, parts: Parts) -> Reply | None:
    meant = ground_meant(record, parts["noun"])
    if meant is None:
        return None
    name, share = meant
    amount = percent(share) if share else "0 %"
    more = which_kind(parts["noun"], name) if share else ""
    more += doubt(record, name)
    text = f"{amount[0].upper()}{amount[1:]} of the ground reads as {name}{more}."
    return Reply(text, Evidence(classes=(name,)))


def _larger(record: Record, parts: Parts) -> Reply | None:
    """Return which of two classes covers more; of “is there more …” whether it does."""
    pair = _two_shares(record, parts)
    if pair is None:
        return None
    (name, share), (other, other_share) = pair
    unsure = doubt(record, name) or doubt(record, other)
    first = "Yes" if share > other_share else "No"
    if share == other_share:
        first = "Neither" if "either" in parts else "No"
        text = f"{first}: both cover {so_much(share)}{unsure}."
        return Reply(text, Evidence(classes=(name, other)))
    if "either" in parts:
        first = name if share > other_share else other
    figures = f"{so_much(share)} of the ground reads as {name} and {so_much(other_share)} as"
    return Reply(f"{first}: {figures} {other}{unsure}.", Evidence(classes=(name, other)))


def _both(record: Record, parts: Parts) -> Reply | None:
    pair = _two_shares(record, parts)
    if pair is None:
        return None
    absent = [name for name, share in pair if not share]
    names = tuple(name for name, _ in pair)
    unsure = doubt(record, names[0]) or doubt(record, names[1])
    if absent:
        unsure = doubt(record, absent[0]) or doubt(record, absent[-1])
        return Reply(f"No: no {' and no '.join(absent)} was found{unsure}.", Evidence((), names))
    figures = " and ".join(f"{so_much(share)} as {name}" for name, share in pair)
    return Reply(f"Yes: the ground reads {figures}{unsure}.", Evidence(classes=names))


def _beside(record: Record, parts: Parts) -> Reply | None:
    pair = _two_shares(record, parts)
    if pair is None or record.cover is None:
        return None
    (name, _), (other, _) = pair
    beside = any(set(each.between) == {name, other} for each in record.cover.contacts)
    text = f"{'Yes' if beside else 'No'}: {name} was {'' if beside else 'not '}found beside {other}"
    unsure = doubt(record, name) or doubt(record, other)
    return Reply(f"{text}{unsure}.", Evidence(classes=(name, other)))


def _two_shares(record: Record, parts: Parts) -> tuple[tuple[str, float], tuple[str, float]] | None:
    """Return two classes of the cover with their shares; None where a noun means none of them."""
    one, other = (ground_meant(record, parts[noun]) for noun in ("noun", "other"))
    return None if one is None or other is None or one[0] == other[0] else (one, other)


def _size(record: Record, parts: Parts) -> Reply | None:
    """Return how long the longest ship is, or how much ground is of a class."""
    if parts["longest"] and class_meant(parts["noun"]) != BRIGHT:
        return _largest_piece(record, parts)
    return _length(record, parts) or _area(record, parts)


def _largest_piece(record: Record, parts: Parts) -> Reply | None:
    """Return that pieces of a class are not measured, and how much ground is of it in all."""
    found = _share(record, parts)
    if found is None:
        return None
    return not_told(f"it is not measured by the piece; {found.text}", found.evidence)


def _area(record: Record, parts: Parts) -> Reply | None:
    """Return how much ground is of a class, as a share where its size is not known."""
    found = ground_of(record, {"unit": "km²", **parts})
    return found if found is not None and found.answered else _share(record, parts)


def _length(record: Record, parts: Parts) -> Reply | None:
    """Return how long the longest ship is; None for everything else."""
    objects = bright_objects(record)
    if class_meant(parts["noun"]) != BRIGHT or objects is None:
        return None
    if not objects:
        return Reply(f"None: no {BRIGHT} on water was found.", Evidence(classes=(WATER,)))
    if record.metres_per_pixel is None:
        return NO_SCALE
    longest = max(range(len(objects)), key=lambda number: _metres(record, number))
    of = f"the longest of {len(objects)} {plural(BRIGHT)}"
    if len(objects) == 1:
        of = f"the one {BRIGHT}"
    text = f"{length(_metres(record, longest))}: so long, within about 20 m, is {of} on water."
    return Reply(text, Evidence((longest,), fields=("metres_per_pixel",)))


def _longer(record: Record, parts: Parts) -> Reply | None:
    least = float(parts["metres"])
    if class_meant(parts["noun"]) == BRIGHT and record.objects and record.metres_per_pixel is None:
        return NO_SCALE
    return _some(record, parts, lambda n: _metres(record, n) > least, f"longer than {least:g} m")


def _in_corner(record: Record, parts: Parts) -> Reply | None:
    corner = REGION_NAMES.index(parts["corner"].lower())
    objects, cover, name = record.objects or (), record.cover, class_meant(parts["noun"])
    if name == BRIGHT:
        where = f"in the {REGION_NAMES[corner]}"
        return _some(record, parts, lambda n: region_of(record, objects[n]) == corner, where)
    if name is None or cover is None or name not in cover.shares:
        return None
    if not is_known(cover, (corner,)):
        return NO_GROUND
    share, evidence = cover.regions[corner].shares.get(name, 0.0), Evidence((), (name,), (corner,))
    there = f"{so_much(share)} of the ground there reads as {name}{doubt(record, name)}."
    if "many" in parts:
        return not_told(f"it is not measured by the piece; {there}", evidence)
    return Reply(f"{'Yes' if share else 'No'}: {there}", evidence)


def _on_side(record: Record, parts: Parts) -> Reply | None:
    side = parts["side"].lower()
    reply = reply_to(record, Asked("presence_side", parts["noun"], side))
    if reply is None or class_meant(parts["noun"]) != BRIGHT:
        return None
    there = reply.evidence.objects if reply.text.startswith("Yes") else ()
    return _some(record, parts, lambda number: number in there, ON_SIDE[SIDES.index(side)])


def _some(record: Record, parts: Parts, fits: Callable[[int], bool], how: str) -> Reply | None:
    """Return how many bright objects fit, or whether any does; None for everything else."""
    objects = bright_objects(record)
    if class_meant(parts["noun"]) != BRIGHT or objects is None:
        return None
    own = tuple(number for number in range(len(objects)) if fits(number))
    first = str(len(own)) if "many" in parts else "Yes" if own else "No"
    number = counted(len(own), BRIGHT) if own else f"no {BRIGHT}"
    text = f"{first}: {number} on water {how}; whether a ship, a buoy or a rock, the measurement"
    text = f"{text} does not tell." if own else f"{first}: {number} on water was found {how}."
    return Reply(text, Evidence(own) if own else Evidence(classes=(WATER,)))


def _metres(record: Record, number: int) -> float:
    box = (record.objects or ())[number].box
    return max(box.width, box.height) * (record.metres_per_pixel or 1.0)


_WHEN = r"(?:when|(?:on |in )?(?:what|which) (?:day|date|month|year))"
_SCENE = rf"(?:{_PLACE}|it|this)"
_UNIT = r"(?:per ?cent|pixels?|cells?)"
_GROUND = r"(?P<unit>hectares?|ha|km2|km²|square kilomet(?:re|er)s?|sq\.? ?km)"
_ANY = rf"(?P<place>{'|'.join([*REGION_NAMES, 'center', 'middle'])})"
_MOST = r"(?:most|more than half|the (?:most|larger|greater|bigger) part) of"
_MANY = r"(?P<many>how many|count)"
RULES = (
    Rule("extent", rf"where (?:is|was) {_SCENE}(?: taken)?", where_it_lies),
    Rule("extent", rf"what are the coordinates(?: of {_SCENE})?", where_it_lies),
    Rule(
        "extent",
        rf"what is the (?:resolution|pixel size|size of a pixel)(?: of {_SCENE})?|"
        r"how (?:large|big|wide) is a pixel",
        pixel_size,
    ),
    Rule(
        "description",
        rf"what (?:is|are|lies|do you see|can be seen)(?: there)? (?:in|on|at|to) "
        rf"the {_ANY}(?: (?:side|corner|part))?{_HERE}",
        what_is_there,
    ),
    Rule("presence", rf"is {_MOST} {_PLACE} {_BY}{_NOUN}", is_most),
    Rule("presence", rf"is {_SCENE} (?:mostly {_BY}|an? ){_NOUN}", is_most),
    Rule(
        "presence",
        r"(?:is|are) (?:(?:the|this|these|those|it|they) ?)(?:bright )?(?:objects? )?"
        r"(?:really )?(?:an? )?(?:ships?|boats?|vessels?)",
        is_a_ship,
    ),
    Rule(
        "share",
        rf"how many {_GROUND} (?:of {_PLACE} )?(?:are|is|of) {_NOUN}"
        rf"(?: (?:is|are)(?: there)?)?{_HERE}",
        _area,
    ),
    Rule("date", rf"{_WHEN} (?:was|is) {_SCENE} (?:taken|acquired|recorded|made|from)", _date),
    Rule("date", rf"(?:what (?:is|was) )?the (?:date|day)(?: of {_SCENE})?", _date),
    Rule("date", rf"(?:from|of) {_WHEN} is {_SCENE}|how old is {_SCENE}", _date),
    Rule("extent", rf"how {_BIG} is {_PLACE}", _extent),
    Rule("extent", rf"what is the (?:size|extent) of {_PLACE}", _extent),
    Rule(
        "share", rf"how much (?:of {_PLACE} |of it |land |ground )?(?:is|are) {_BY}{_NOUN}", _share
    ),
    Rule("share", rf"how much {_NOUN} (?:is|are) there{_HERE}", _share),
    Rule("share", rf"how much {_NOUN}{_HERE}", _share),
    Rule("share", rf"(?:what|which) {_SHARE}(?: of {_PLACE})? (?:is|are) {_BY}{_NOUN}", _share),
    Rule("share", rf"how many {_UNIT} (?:of {_PLACE} )?(?:are|of) {_NOUN}(?: are)?{_HERE}", _share),
    Rule("size", rf"(?:what is )?(?:the )?(?:length|size) of {_LONGEST}{_NOUN}", _length),
    Rule("size", rf"(?:which|what) {_NOUN} is the (?:longest|largest|biggest)", _length),
    Rule("share", rf"(?:what is )?(?:the )?(?:area|extent|size) of {_NOUN}{_HERE}", _area),
    Rule("share", rf"(?:what is )?(?:the )?{_SHARE} of {_NOUN}{_HERE}", _share),
    Rule("share", rf"(?:what is )?(?:the )?{_NOUN} {_SHARE}{_HERE}", _share),
    Rule("size", rf"how {_BIG} (?:is|are) {_LONGEST}{_NOUN}", _size),
    Rule("size", rf"how long (?:is|are) {_LONGEST}{_NOUN}", _length),
    Rule("size", rf"(?:which|what) is the (?:longest|largest|biggest) {_NOUN}{_HERE}", _length),
    Rule(
        "larger",
        rf"(?P<either>which|what) is (?:{_BIGGER}|more)[,:]? {_NOUN},? or {_OTHER}{_HERE}",
        _larger,
    ),
    Rule("larger", rf"{_THERE_IS} more {_NOUN} than {_OTHER}{_HERE}", _larger),
    Rule("larger", rf"(?:is|are) {_NOUN} (?:{_BIGGER}|more) than {_OTHER}{_HERE}", _larger),
    Rule("count", rf"{_MANY} {_NOUN} (?:(?:that )?are )?{_BIGGER} than {_METRES}{_HERE}", _longer),
    Rule("presence", rf"{_THERE_IS} {_NOUN} {_BIGGER} than {_METRES}{_HERE}", _longer),
    Rule(
        "count",
        rf"{_MANY} {_NOUN} (?:(?:are|lie) )?(?:there )?(?:in|at|on) the (?P<corner>{_CORNER})"
        rf"(?: corner)?{_HERE}",
        _in_corner,
    ),
    Rule(
        "presence",
        rf"{_THERE_IS} {_NOUN} (?:in|at|on) the (?P<corner>{_CORNER})(?: corner)?{_HERE}",
        _in_corner,
    ),
    Rule(
        "count",
        rf"{_MANY} {_NOUN} (?:(?:are|lie) )?(?:there )?(?:in|at|on|to) the (?P<side>{_SIDE})"
        rf"(?: side)?{_HERE}",
        _on_side,
    ),
    Rule("presence", rf"{_THERE_IS} {_NOUN} {_NEAR} {_OTHER}", _beside),
    Rule("presence", rf"(?:is|are) (?!there ){_NOUN} {_NEAR} {_OTHER}", _beside),
    Rule("presence", rf"{_THERE_IS} (?:both )?{_NOUN} and {_OTHER}{_HERE}", _both),
)
_COMPILED = [(rule, re.compile(rf"(?:{rule.pattern})\s*[?.!]*", re.IGNORECASE)) for rule in RULES]
