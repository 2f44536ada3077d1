"""Prompts that lead a model through five levels of knowledge, and what is cut out of its reply.

A hierarchy of five turns of one conversation (KnowLIP's HCoT), in words of our own: what is known
of the place, of its use, of radar, of sizes, and a last turn that weighs all of it and asks for the
fields. Levels can be left out one by one: the first two let a model write what it knows of a place
and not what it sees, so every field names what it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from backend.errors import ConfigInvalid, ReplyInvalid
from backend.language.record import Record
from backend.language.words import length

Level = Literal["earth", "society", "radar", "instance", "calibration"]
Subject = Literal["land targets", "sea targets", "terrain"]
Basis = Literal["seen", "place", "both"]

LEVELS: tuple[Level, ...] = ("earth", "society", "radar", "instance", "calibration")
OF_PLACE: tuple[Level, ...] = ("earth", "society")
"""Levels that speak of a place and not of a picture."""
TARGET_FIELDS = (
    "Count", "Location", "Feature", "Size", "Category", "Distribution", "Region", "Environment",
)  # fmt: skip
TERRAIN_FIELDS = (
    "Terrain", "Functionality", "Distribution", "Layout", "Boundary", "Buildings", "Roads", "Water",
)  # fmt: skip
FIELDS: dict[Subject, tuple[str, ...]] = {
    "land targets": TARGET_FIELDS,
    "sea targets": TARGET_FIELDS,
    "terrain": TERRAIN_FIELDS,
}
BASES: tuple[Basis, ...] = ("seen", "place", "both")

_WHAT = {
    "land targets": "objects on land, such as aircraft, vehicles and tanks",
    "sea targets": "objects at sea and at its shore, such as ships and platforms",
    "terrain": "the ground: its shape, its cover, and what people built on it",
}
_SHAPES = {
    "land targets": "An aircraft shows as a Y or a cross; rows of rectangles are buildings.",
    "sea targets": "A ship shows as a bright bar on dark water, often with a cross of sidelobes.",
    "terrain": "Rectangles with bright edges are buildings; thin dark lines are roads or canals.",
}
_LINE = re.compile(r"^\W*(?P<name>[A-Za-z][A-Za-z ]*?)\W*:\s*(?P<text>.*\S)\s*$")
_BASIS = re.compile(r"^(?P<text>.*\S)\s*[\[(](?P<basis>[A-Za-z]+)[\])]\s*\.?$")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One turn of the conversation."""

    level: Level
    """Which of the five it is."""
    text: str
    """What is asked."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """One field of the last reply."""

    field: str
    """Its name."""
    text: str
    """What was written."""
    basis: Basis
    """What it rests on: the picture, what is known of the place, or both."""


def levels_without(left_out: Collection[str]) -> tuple[Level, ...]:
    """Return the levels that remain.

    Raises:
        ConfigInvalid: one is not known, or the last one is left out.
    """
    for name in left_out:
        if name not in LEVELS[:-1]:
            raise ConfigInvalid(
                f'The level "{name}" cannot be left out.',
                f"Choose from {', '.join(LEVELS[:-1])}.",
            )
    return tuple(level for level in LEVELS if level not in left_out)


def prompts(
    subject: Subject, record: Record, levels: Collection[Level] = LEVELS, wider: str = ""
) -> tuple[Prompt, ...]:
    """Return the turns of a conversation about a chip; the last one asks for the fields.

    `wider` is what was written of the larger chip around this one.

    Example:
        for prompt in prompts("terrain", record, levels=("radar", "instance", "calibration")):
            print(prompt.text)

    Raises:
        ConfigInvalid: the last level is left out, or there is no such level.
    """
    unknown = [level for level in levels if level not in LEVELS]
    if unknown or LEVELS[-1] not in levels:
        raise ConfigInvalid(
            f"The levels are {', '.join(levels) or 'none'}.",
            f"Choose from {', '.join(LEVELS)}; the last one asks for the fields and must stay.",
        )
    makers = {
        "earth": _earth(record),
        "society": _society(),
        "radar": _radar(subject),
        "instance": _instance(record),
        "calibration": _calibration(subject, levels),
    }
    chosen = [Prompt(level, makers[level]) for level in LEVELS if level in levels]
    opening = f"You are shown a radar image. We look for {_WHAT[subject]}."
    if wider:
        opening += f"\nOf the larger area around it this is known: {wider.strip()}"
    first, *others = chosen
    return (Prompt(first.level, f"{opening}\n{first.text}"), *others)


def fragments(
    reply: str, subject: Subject, levels: Collection[Level] = LEVELS
) -> tuple[Fragment, ...]:
    """Return the fields of a last reply, in their order.

    Raises:
        ReplyInvalid: a field is missing, there twice or one too many, or names no basis; or it
            rests on a place of which nothing was asked.
    """
    expected, found = FIELDS[subject], dict[str, Fragment]()
    for line in reply.splitlines():
        match = _LINE.match(line)
        if match is None:
            continue
        name = match["name"].strip().capitalize()
        if name not in expected:
            raise ReplyInvalid(
                f'The reply has a field "{name}" that was not asked for.',
                f"Expected the fields {', '.join(expected)}, a line each.",
            )
        if name in found:
            raise ReplyInvalid(f'The reply has the field "{name}" twice.', "Ask again.")
        found[name] = _fragment(name, match["text"], levels)
    if missing := [name for name in expected if name not in found]:
        raise ReplyInvalid(
            f'The reply lacks the field "{missing[0]}".',
            f"Expected the fields {', '.join(expected)}, a line each.",
        )
    return tuple(found[name] for name in expected)


def _fragment(name: str, text: str, levels: Collection[Level]) -> Fragment:
    match = _BASIS.match(text)
    basis = match["basis"].lower() if match else ""
    for known in BASES:
        if match and basis == known:
            if known != "seen" and not set(levels) & {*OF_PLACE}:
                raise ReplyInvalid(
                    f'The field "{name}" rests on the place, of which nothing was asked.',
                    "Ask again, or with the levels earth and society.",
                )
            return Fragment(name, match["text"], known)
    raise ReplyInvalid(
        f'The field "{name}" does not say what it rests on.',
        "Expected [seen], [place] or [both] at the end of its line.",
    )


def _earth(record: Record) -> str:
    if record.place is None:
        where = "Where it lies is not known."
    else:
        north = f"{abs(record.place.latitude):.4f}° {'N' if record.place.latitude >= 0 else 'S'}"
        east = f"{abs(record.place.longitude):.4f}° {'E' if record.place.longitude >= 0 else 'W'}"
        where = f"Its centre lies at {north}, {east}."
    date = f" It was taken on {record.date}." if record.date else ""
    return (
        f"{where}{date} Say in two sentences what is known of this place: landscape, climate, "
        "nearest town or sea. Do not guess; say what you do not know."
    )


def _society() -> str:
    return (
        "Say in two sentences what people use such a place for: economy, transport, planning, and "
        "what that lets you expect in the image. Mark it as expectation."
    )


def _radar(subject: Subject) -> str:
    return (
        "Look at the image as radar: smooth ground and calm water are dark; corners, walls and "
        "metal are bright; grass and crops have an even texture; grain is speckle; bright crosses "
        f"are sidelobes; steep things lean towards the sensor. {_SHAPES[subject]} Say what you see "
        "and where, without naming what it might be."
    )


def _instance(record: Record) -> str:
    if record.metres_per_pixel is None:
        scale = "The size of a pixel is not known, so give sizes in pixels."
    else:
        across = length(record.width * record.metres_per_pixel)
        down = length(record.height * record.metres_per_pixel)
        scale = (
            f"A pixel is {record.metres_per_pixel:g} m wide, the image {across} by {down}. "
            "Give sizes in metres."
        )
    return (
        f"{scale} Go through what you saw: how large it is, which shape it has, how it is "
        "arranged. Then name its type by size first, shape second, arrangement third."
    )


def _calibration(subject: Subject, levels: Collection[Level]) -> str:
    names = ", ".join(FIELDS[subject])
    evidence = "sizes"
    if set(levels) & {*OF_PLACE}:
        evidence = "the place, its use, and sizes"
    bases = "[seen], [place] or [both]" if set(levels) & {*OF_PLACE} else "[seen]"
    return (
        f"Check your statements against each other; {evidence} weigh most. Drop what contradicts "
        f"them. Then write these fields, a line each as Name: text {bases}, and nothing else: "
        f"{names}. The brackets say what the line rests on."
    )
