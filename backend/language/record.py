"""The record of a chip: all that is known of it, from which every sentence is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any, Literal

from backend.errors import RecordInvalid

CoverSource = Literal["segmentation", "map"]
ObjectSource = Literal["boxes", "detector"]
COVER_SOURCES: tuple[CoverSource, ...] = ("segmentation", "map")
OBJECT_SOURCES: tuple[ObjectSource, ...] = ("boxes", "detector")

REGIONS = 9
SLACK = 1e-6
"""By how much shares may add up to more than 1."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a chip in pixels, from its upper left corner."""

    x: float
    """Left edge."""
    y: float
    """Upper edge."""
    width: float
    """More than 0."""
    height: float
    """More than 0."""

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle, x and y."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True)
class Object:
    """Something that stands out in a chip."""

    category: str
    """What it is, in the singular: ship."""
    box: Box
    """Where it is."""
    score: float | None = None
    """How sure a detector is, from 0 to 1; None where somebody drew the box."""
    source: ObjectSource = "boxes"
    """Where it comes from."""


@dataclass(frozen=True, slots=True)
class Region:
    """What covers one of the nine regions of a chip."""

    area: float
    """Its share of the chip's known ground: about 1/9."""
    shares: Mapping[str, float]
    """Share of its known ground that each class covers."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Two classes that lie side by side."""

    between: tuple[str, str]
    """The two, in the order of the alphabet."""
    share: float
    """Of the shorter of their two outlines, the part that they have in common."""


@dataclass(frozen=True, slots=True)
class Patches:
    """The connected patches of one class."""

    count: int
    """How many there are."""
    elongation: float
    """Length of the largest one, divided by its mean width: 1 for a disc or a square."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What covers a chip."""

    source: CoverSource
    """A segmentation that somebody made, or a map of what was measured."""
    shares: Mapping[str, float]
    """Share of the chip's known ground that each class covers."""
    regions: tuple[Region, ...]
    """Nine, row by row from the upper left."""
    contacts: tuple[Contact, ...] = ()
    """Classes that lie side by side."""
    patches: Mapping[str, Patches] = field(default_factory=dict)
    """Patches by class; classes without a count are left out."""
    certainty: Mapping[str, float] = field(default_factory=dict)
    """How probable it is that a class is there at all; classes of which that is not known are left
    out."""
    known: float | None = None
    """Share of the chip that is known ground; None where nobody has counted."""


@dataclass(frozen=True, slots=True)
class Place:
    """The centre of a chip on the ground."""

    longitude: float
    """In degrees, -180 to 180."""
    latitude: float
    """In degrees, -90 to 90."""


@dataclass(frozen=True, slots=True)
class Record:
    """All that is known of a chip.

    Example:
        ship = Object("ship", Box(120, 40, 18, 6))
        record = Record("harbour_3", width=224, height=224, objects=(ship,), metres_per_pixel=10)
        print(describe_record(record).text)

    Raises:
        RecordInvalid: a number cannot be what it is meant to be, or a box lies outside the chip.
    """

    chip: str
    """What it is called; no two of a corpus are called the same."""
    width: int
    """In pixels."""
    height: int
    """In pixels."""
    objects: tuple[Object, ...] | None = None
    """What stands out; None where nobody has looked, () where nothing was found."""
    cover: Cover | None = None
    """What covers it; None where nobody has looked."""
    place: Place | None = None
    """Where it is."""
    metres_per_pixel: float | None = None
    """Side of a pixel on the ground."""
    date: str | None = None
    """ISO date of the picture."""

    def __post_init__(self) -> None:
        """Check what can be checked of a record by itself."""
        if not self.chip or self.width < 1 or self.height < 1:
            raise RecordInvalid(
                f'The chip "{self.chip}" has {self.width} × {self.height} pixels.',
                "Expected a name, and a width and height of at least 1.",
            )
        if self.metres_per_pixel is not None:
            self._require(
                isfinite(self.metres_per_pixel) and self.metres_per_pixel > 0,
                "metres_per_pixel",
                self.metres_per_pixel,
                "more than 0",
            )
        for number, one in enumerate(self.objects or ()):
            self._check_object(number, one)
        if self.cover is not None:
            self._check_cover(self.cover)

    def _check_object(self, number: int, one: Object) -> None:
        box = one.box
        numbers = (box.x, box.y, box.width, box.height)
        inside = (
            all(map(isfinite, numbers))
            and box.width > 0
            and box.height > 0
            and -box.width < box.x < self.width
            and -box.height < box.y < self.height
        )
        fit = f"a box of x, y, width, height that meets {self.width} × {self.height} pixels"
        self._require(inside, f"objects[{number}].box", list(numbers), fit)
        self._require(
            bool(one.category.strip()), f"objects[{number}].category", one.category, "a word"
        )

    def _check_cover(self, cover: Cover) -> None:
        self._require(
            len(cover.regions) == REGIONS,
            "cover.regions",
            len(cover.regions),
            "nine regions, row by row",
        )
        parts = [("cover.shares", cover.shares)]
        parts += [(f"cover.regions[{n}]", one.shares) for n, one in enumerate(cover.regions)]
        for name, shares in parts:
            usable = all(isfinite(share) and share >= 0 for share in shares.values())
            self._require(
                usable and sum(shares.values()) <= 1 + SLACK,
                name,
                dict(shares),
                "shares from 0 to 1 whose sum is at most 1",
            )

    def _require(self, right: bool, name: str, got: object, expected: str) -> None:
        if not right:
            raise RecordInvalid(
                f'The field {name} of the chip "{self.chip}" is {got}.', f"Expected {expected}."
            )


def to_json(record: Record) -> dict[str, Any]:
    """Return a record as plain values; what is not known is left out.

    Example:
        json.dumps(to_json(record), ensure_ascii=False)
    """
    found: dict[str, Any] = {"chip": record.chip, "size": [record.width, record.height]}
    for name in ("metres_per_pixel", "date"):
        if getattr(record, name) is not None:
            found[name] = getattr(record, name)
    if record.place is not None:
        found["place"] = [record.place.longitude, record.place.latitude]
    if record.objects is not None:
        found["objects"] = [_object_json(one) for one in record.objects]
    if record.cover is not None:
        found["cover"] = _cover_json(record.cover)
    return found


def from_json(values: Mapping[str, Any]) -> Record:
    """Return the record in plain values: the reverse of `to_json`.

    Raises:
        RecordInvalid: a field is missing, unknown or of another kind.
    """
    chip = str(values.get("chip", ""))
    try:
        known = {"chip", "size", "metres_per_pixel", "date", "place", "objects", "cover"}
        if unknown := sorted(set(values) - known):
            raise RecordInvalid(
                f'The chip "{chip}" has the field {unknown[0]}.',
                f"Known are {', '.join(sorted(known))}.",
            )
        width, height = values["size"]
        objects, cover, place = (values.get(name) for name in ("objects", "cover", "place"))
        metres = values.get("metres_per_pixel")
        return Record(
            chip,
            int(width),
            int(height),
            objects=None if objects is None else tuple(map(_object_of, objects)),
            cover=None if cover is None else _cover_of(cover),
            place=None if place is None else Place(*map(float, place)),
            metres_per_pixel=None if metres is None else float(metres),
            date=values.get("date"),
        )
    except KeyError as error:
        raise RecordInvalid(
            f'The record of the chip "{chip}" lacks the field {error.args[0]}.',
            "Add it; docs/language.md lists the fields.",
        ) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise RecordInvalid(
            f'A field of the chip "{chip}" has a value of another kind: {error}.',
            "docs/language.md lists the fields.",
        ) from error


def _object_json(one: Object) -> dict[str, Any]:
    box = one.box
    found: dict[str, Any] = {
        "category": one.category,
        "box": [box.x, box.y, box.width, box.height],
        "source": one.source,
    }
    return found if one.score is None else found | {"score": one.score}


def _object_of(values: Mapping[str, Any]) -> Object:
    score, source = values.get("score"), values.get("source", "boxes")
    box = Box(*map(float, values["box"]))
    if source not in OBJECT_SOURCES:
        raise ValueError(f"the source of an object is {source!r}, not boxes or detector")
    return Object(str(values["category"]), box, None if score is None else float(score), source)


def _cover_json(cover: Cover) -> dict[str, Any]:
    more: dict[str, Any] = {"certainty": dict(cover.certainty)} if cover.certainty else {}
    if cover.known is not None:
        more["known"] = cover.known
    return more | {
        "source": cover.source,
        "shares": dict(cover.shares),
        "regions": [{"area": one.area, "shares": dict(one.shares)} for one in cover.regions],
        "contacts": [{"between": list(one.between), "share": one.share} for one in cover.contacts],
        "patches": {
            name: {"count": one.count, "elongation": one.elongation}
            for name, one in cover.patches.items()
        },
    }


def _cover_of(values: Mapping[str, Any]) -> Cover:
    if values["source"] not in COVER_SOURCES:
        raise ValueError(f"the source of a cover is {values['source']!r}, not segmentation or map")
    return Cover(
        values["source"],
        _shares_of(values["shares"]),
        tuple(Region(float(one["area"]), _shares_of(one["shares"])) for one in values["regions"]),
        tuple(_contact_of(one) for one in values.get("contacts", ())),
        {
            str(name): Patches(int(one["count"]), float(one["elongation"]))
            for name, one in values.get("patches", {}).items()
        },
        _shares_of(values.get("certainty", {})),
        None if values.get("known") is None else float(values["known"]),
    )


def _contact_of(values: Mapping[str, Any]) -> Contact:
    one, other = map(str, values["between"])
    return Contact((one, other), float(values["share"]))


def _shares_of(values: Mapping[str, Any]) -> dict[str, float]:
    return {str(name): float(share) for name, share in values.items()}
