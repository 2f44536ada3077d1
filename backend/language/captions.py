"""Sentences about a chip that follow from its record, each with what it rests on.

Every sentence is read back by `backend.language.claims`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

import numpy as np

from backend.language.questions import LEAST_SHARE, landforms
from backend.language.record import Cover, Object, Record
from backend.language.regions import REGION_NAMES, regions_of
from backend.language.sentence import Evidence, Sentence
from backend.language.words import counted, length, listed, one, percent

IN_REGION = 0.5
"""A class is in a region where it covers so much of it, or so much of the class lies there."""
CONTACT = 0.05
"""Part of the shorter outline from which on two classes lie beside each other."""
EVERYWHERE = 7
"""Regions from which on no place of a class is given."""

LEAST_CHIP_PX = 224
LEAST_RATIO, LARGE_RATIO, SMALL_RATIO = 0.01, 0.30, 0.05
MOST_ASPECT = 10.0
"""SARChat's limits: of a chip, of a box as a share of the chip, and of its sides."""


def describe(record: Record) -> tuple[Sentence, ...]:
    """Return all that a record says, in a few sentences: extent, cover, objects.

    Example:
        print(as_text(describe(record)))
    """
    return (*extent(record), *cover_sentences(record), *object_sentences(record))


def extent(record: Record) -> Iterator[Sentence]:
    """Yield how large the chip is, and its date."""
    if record.metres_per_pixel is not None:
        sides = [
            length(pixels * record.metres_per_pixel) for pixels in (record.width, record.height)
        ]
        evidence = Evidence(fields=("metres_per_pixel",))
        yield Sentence(
            f"The image covers {sides[0]} from west to east and {sides[1]} from north to south.",
            evidence,
        )
    if record.date is not None:
        yield Sentence(f"It was taken on {record.date}.", Evidence(fields=("date",)))


def cover_sentences(
    record: Record, only: Collection[str] | None = None, least: float = LEAST_SHARE
) -> Iterator[Sentence]:
    """Yield what covers the chip: shares, where they are, and what lies beside what.

    Classes that cover less than `least` are left out, and so are all that are not among `only`.
    """
    cover = record.cover
    if cover is None:
        return
    names = landforms(cover.shares, least)
    names = [name for name in names if only is None or name in only]
    if not names:
        return
    first, *others = [f"{percent(cover.shares[name])} {name}" for name in names]
    parts = [first.replace("%", "% is", 1), *others]
    yield Sentence(f"Of the ground, about {listed(parts)}.", Evidence(classes=tuple(names)))
    for name in names:
        regions = regions_with(cover, name)
        if 0 < len(regions) < EVERYWHERE:
            places = listed([f"the {REGION_NAMES[region]}" for region in regions])
            evidence = Evidence(classes=(name,), regions=tuple(regions))
            yield Sentence(f"The image shows {name} in {places}.", evidence)
    for contact in cover.contacts:
        if contact.share >= CONTACT and set(contact.between) <= set(names):
            first, second = contact.between
            text = f"The image shows {first} beside {second}."
            yield Sentence(text, Evidence(classes=contact.between))
    for name, patches in cover.patches.items():
        if only is not None and name not in only:
            continue
        shape = f"{patches.elongation:.0f} times as long as wide"
        text = f"The image shows {counted(patches.count, 'patch')} of {name}, the largest {shape}."
        yield Sentence(text, Evidence(classes=(name,)))


def regions_with(cover: Cover, name: str) -> list[int]:
    """Return the regions that a class is in."""
    total = cover.shares.get(name, 0.0)
    found = []
    for number, region in enumerate(cover.regions):
        share = region.shares.get(name, 0.0)
        part = share * region.area / total if total else 0.0
        if share > 0 and (share >= IN_REGION or part >= IN_REGION):
            found.append(number)
    return found


def object_sentences(record: Record) -> Iterator[Sentence]:
    """Yield what stands out: how many of each category, and where."""
    objects = record.objects
    if not objects:
        return
    everything = Evidence(tuple(range(len(objects))))
    yield Sentence(f"The image shows {_types(objects)}.", everything)
    for region, numbers in _by_region(record).items():
        of = [objects[number] for number in numbers]
        text = f"{REGION_NAMES[region].capitalize()}: {_types(of)}."
        yield Sentence(text, Evidence(numbers, regions=(region,)))


def box_captions(record: Record) -> tuple[str, ...]:
    """Return five captions of a chip with objects: total, types, and how many in each region."""
    objects = record.objects
    if not objects:
        return ()
    total = f"The image shows {counted(len(objects), 'object')}."
    types, *regions = (sentence.text for sentence in object_sentences(record))
    where = " ".join(regions)
    return total, types, f"{total} {types}", where, f"{types} {where}"


def object_captions(record: Record) -> Iterator[Sentence]:
    """Yield a sentence for each object that is large enough, and for those that are near.

    SARChat's rules: chips from 224 px on, boxes inside the chip of at least 1 % of it and at most
    10 times as long as wide; small is below 5 % of the chip, large above 30 %. Two are near when
    the distance of their centres is below (width + height of the chip) / 8.
    """
    if min(record.width, record.height) < LEAST_CHIP_PX:
        return
    objects = record.objects or ()
    kept = [n for n, each in enumerate(objects) if _is_told(record, each)]
    regions = _regions(record, kept)
    for number, region in zip(kept, regions, strict=True):
        size = _size(record, objects[number])
        noun = f"{size} {objects[number].category}" if size else objects[number].category
        text = f"The image shows {one(noun)} at the {REGION_NAMES[region]}."
        yield Sentence(text, Evidence((number,), regions=(region,)))
    for place, number in enumerate(kept):
        for other in kept[place + 1 :]:
            if is_near(record, objects[number], objects[other]):
                pair = f"{one(objects[number].category)} and {one(objects[other].category)}"
                text = f"The image shows {pair} near each other."
                yield Sentence(text, Evidence((number, other)))


def is_near(record: Record, first: Object, second: Object) -> bool:
    """Return whether two objects are near each other."""
    (x0, y0), (x1, y1) = first.box.centre, second.box.centre
    return float(np.hypot(x1 - x0, y1 - y0)) < (record.width + record.height) / 8


def _is_told(record: Record, each: Object) -> bool:
    box = each.box
    inside = (
        box.x >= 0
        and box.y >= 0
        and box.x + box.width <= record.width
        and box.y + box.height <= record.height
    )
    aspect = max(box.width / box.height, box.height / box.width)
    return inside and aspect <= MOST_ASPECT and ratio(record, each) >= LEAST_RATIO


def ratio(record: Record, each: Object) -> float:
    """Return the share of a chip that an object's box takes."""
    return each.box.width * each.box.height / (record.width * record.height)


def _size(record: Record, each: Object) -> str:
    share = ratio(record, each)
    return "small" if share < SMALL_RATIO else "large" if share > LARGE_RATIO else ""


def _types(objects: Sequence[Object]) -> str:
    counts = Counter(each.category for each in objects)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return listed([counted(number, name) for name, number in ordered])


def _by_region(record: Record) -> dict[int, tuple[int, ...]]:
    """Return the numbers of the objects in each region that has some."""
    numbers = range(len(record.objects or ()))
    found: dict[int, list[int]] = {}
    for number, region in zip(numbers, _regions(record, numbers), strict=True):
        found.setdefault(region, []).append(number)
    return {region: tuple(found[region]) for region in sorted(found)}


def _regions(record: Record, numbers: Sequence[int]) -> list[int]:
    centres = [(record.objects or ())[number].box.centre for number in numbers]
    u = np.array([x / record.width for x, _ in centres])
    v = np.array([y / record.height for _, y in centres])
    return [int(region) for region in regions_of(u, v)]
