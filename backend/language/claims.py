"""Sentences read back: what each claims, and whether a record bears it out.

The record need not be the one that the sentence was made from: with that of a truth raster it says
whether a sentence is right.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import combinations

from backend.language.captions import (
    CONTACT,
    LARGE_RATIO,
    SMALL_RATIO,
    is_near,
    ratio,
    regions_with,
)
from backend.language.record import Object, Record
from backend.language.regions import REGION_NAMES, region_of
from backend.language.words import counted, length, one, percent

_LONGEST_FIRST = "|".join(sorted(REGION_NAMES, key=len, reverse=True))
_REGIONS = rf"(?:the (?:{_LONGEST_FIRST})(?:, | and )?)+"
_PATTERNS = {
    "extent": r"The image covers (?P<a>[\d.]+ k?m) from west to east and (?P<b>[\d.]+ k?m) "
    r"from north to south\.",
    "date": r"It was taken on (?P<a>.+)\.",
    "shares": r"Of the ground, about (?P<a>.+)\.",
    "where": rf"The image shows (?P<a>.+) in (?P<b>{_REGIONS})\.",
    "near": r"The image shows (?P<a>.+) near each other\.",
    "beside": r"The image shows (?P<a>.+) beside (?P<b>.+)\.",
    "patches": r"The image shows (?P<a>\d+) patch(?:es)? of (?P<b>.+), "
    r"the largest (?P<c>\d+) times as long as wide\.",
    "total": r"The image shows (?P<a>\d+) objects?\.",
    "object": rf"The image shows (?P<a>.+) at the (?P<b>{_LONGEST_FIRST})\.",
    "types": r"The image shows (?P<a>\d.*)\.",
    "region": rf"(?P<b>{_LONGEST_FIRST}): (?P<a>\d.*)\.",
}
_COMPILED = [(kind, re.compile(text, re.IGNORECASE)) for kind, text in _PATTERNS.items()]
_SHARE = re.compile(
    r"(?P<share>less than 1|\d+) % (?:is )?(?P<name>.+?)(?=, (?:less|\d)| and (?:less|\d)|$)"
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one sentence claims."""

    kind: str
    """Which form of sentence it is."""
    parts: tuple[str, ...]
    """The words that were filled in."""


def read_sentence(text: str) -> Claim | None:
    """Return what a sentence claims; None for one that no form of ours reads."""
    for kind, pattern in _COMPILED:
        if match := pattern.fullmatch(text):
            return Claim(kind, tuple(part for part in match.groups() if part is not None))
    return None


def shares_of(claim: Claim) -> dict[str, float]:
    """Return the classes of a claim about shares, with their shares; less than 1 % is 0."""
    return {
        found["name"]: 0.0 if found["share"].startswith("less") else int(found["share"]) / 100
        for found in _SHARE.finditer(claim.parts[0])
    }


def regions_in(claim: Claim) -> list[int]:
    """Return the regions of a claim about where a class is."""
    names = re.findall(_LONGEST_FIRST, claim.parts[1])
    return [REGION_NAMES.index(name) for name in names]


def is_borne_out(claim: Claim, record: Record) -> bool:
    """Return whether a record says just what a claim does."""
    return _RULES[claim.kind](claim, record)


def _extent(claim: Claim, record: Record) -> bool:
    metres = record.metres_per_pixel or 0.0
    return claim.parts == (length(record.width * metres), length(record.height * metres))


def _shares(claim: Claim, record: Record) -> bool:
    cover = record.cover
    found = _SHARE.findall(claim.parts[0])
    return cover is not None and all(
        percent(cover.shares.get(name, 0.0)) == f"{share} %" for share, name in found
    )


def _where(claim: Claim, record: Record) -> bool:
    return record.cover is not None and regions_with(record.cover, claim.parts[0]) == regions_in(
        claim
    )


def _beside(claim: Claim, record: Record) -> bool:
    contacts = record.cover.contacts if record.cover else ()
    pair = set(claim.parts)
    return any(set(each.between) == pair and each.share >= CONTACT for each in contacts)


def _patches(claim: Claim, record: Record) -> bool:
    count, name, long = claim.parts
    patches = record.cover.patches.get(name) if record.cover else None
    return patches is not None and (str(patches.count), f"{patches.elongation:.0f}") == (
        count,
        long,
    )


def _total(claim: Claim, record: Record) -> bool:
    return len(record.objects or ()) == int(claim.parts[0])


def _types(claim: Claim, record: Record) -> bool:
    return _counts(list(record.objects or ())) == _split(claim.parts[0])


def _region(claim: Claim, record: Record) -> bool:
    region, counts = claim.parts
    number = REGION_NAMES.index(region.lower())
    return _counts([o for o in record.objects or () if region_of(record, o) == number]) == _split(
        counts
    )


def _object(claim: Claim, record: Record) -> bool:
    noun, region = claim.parts
    for each in record.objects or ():
        share = ratio(record, each)
        size = "small " if share < SMALL_RATIO else "large " if share > LARGE_RATIO else ""
        if one(size + each.category) == noun and REGION_NAMES[region_of(record, each)] == region:
            return True
    return False


def _near(claim: Claim, record: Record) -> bool:
    return any(
        claim.parts[0] == f"{one(first.category)} and {one(second.category)}"
        and is_near(record, first, second)
        for first, second in combinations(record.objects or (), 2)
    )


def _counts(objects: list[Object]) -> set[str]:
    counts = Counter(each.category for each in objects)
    return {counted(number, name) for name, number in counts.items()}


def _split(text: str) -> set[str]:
    return set(re.split(r", | and ", text))


_RULES = {
    "extent": _extent,
    "date": lambda claim, record: record.date == claim.parts[0],
    "shares": _shares,
    "where": _where,
    "beside": _beside,
    "patches": _patches,
    "total": _total,
    "types": _types,
    "region": _region,
    "object": _object,
    "near": _near,
}
