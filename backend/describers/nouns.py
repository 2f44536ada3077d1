"""What people call what is measured."""

from __future__ import annotations

import re

from backend.describers.cover import BUILT, WATER
from backend.describers.measured import BRIGHT
from backend.language import Object, Record
from backend.language.words import plural

MEANT: dict[str, tuple[str, ...]] = {
    WATER: (
        "water", "open water", "lake", "river", "sea", "ocean", "pond", "reservoir", "flood",
        "flooded land", "canal", "bay", "flooding", "flooded", "flood water", "floodwater",
        "under water", "water surface", "stream", "flooded area", "flooded ground", "flooded part",
    ),
    BUILT: (
        "built-up land", "built-up area", "town", "city", "village", "building", "house",
        "settlement", "built up area", "built-up", "built up", "urban", "urban area", "urban land",
    ),
    "forest": ("forest", "tree", "wood", "woodland", "forested", "wooded"),
    "fields": ("field", "farmland", "crop", "cropland", "meadow", "grassland", "agriculture",
        "grass", "agricultural land"),
    "bare ground": ("bare ground", "bare soil", "sand", "desert", "bare land"),
    "wetland": ("wetland", "marsh", "swamp"),
    "shrubs": ("shrub", "shrubland", "savanna"),
    "snow and ice": ("snow", "ice", "snow and ice"),
    BRIGHT: ("ship", "boat", "vessel", "bright object", "object", "target", "platform", "buoy"),
}  # fmt: skip
"""What people call what is measured."""
_OR = re.compile(r" or (?:an? |any |the )?")
UNSURE = "on real scenes this has often been wrong"
"""What is added wherever a class but water is answered with; docs/truth.md says why."""


def class_meant(noun: str) -> str | None:
    """Return what is measured that a noun means, in the singular or the plural; None for others.

    A river or a lake is water, since both are.
    """
    low = noun.lower()
    for name, words in MEANT.items():
        if any(low in (word, plural(word)) for word in words):
            return name
    either = {class_meant(each) for each in _OR.split(low)} if _OR.search(low) else set()
    return either.pop() if len(either) == 1 else None


def ground_meant(record: Record, noun: str) -> tuple[str, float] | None:
    """Return the class that a noun means and its share of the ground; None where it is unknown."""
    name = class_meant(noun)
    shares = record.cover.shares if record.cover is not None else {}
    return None if name is None or name not in shares else (name, shares[name])


def bright_objects(record: Record) -> tuple[Object, ...] | None:
    """Return what the detector found; None where it has not looked, or others drew the boxes."""
    objects = record.objects
    if objects is None or any(one.category != BRIGHT for one in objects):
        return None
    return objects


def doubt(record: Record, name: str) -> str:
    """Return what is added to an answer about a class: nothing for water, or for a segmentation."""
    return f"; {UNSURE}" if name != WATER and is_map(record) else ""


def is_map(record: Record) -> bool:
    """Return whether the cover was measured, and not drawn by somebody."""
    return record.cover is not None and record.cover.source == "map"


def which_kind(noun: str, name: str) -> str:
    """Return what is added where something of a kind was asked for: a lake, and not water."""
    same = noun.lower() in (name, f"open {name}")
    return "" if same else f"; what kind of {name}, the measurement does not tell"
