"""Answers about a part of an area, about where the area lies, and whether a class is most of it."""

from __future__ import annotations

from collections.abc import Mapping

from backend.describers.cover import BUILT, WATER
from backend.describers.measured import BRIGHT
from backend.describers.nouns import bright_objects, doubt, ground_meant, which_kind
from backend.describers.replies import NO_GROUND, NO_SCALE, Reply, is_known, not_told, share_in
from backend.language import Evidence, Record
from backend.language.regions import REGION_NAMES, SIDE_REGIONS, region_of
from backend.language.words import counted, listed, so_much

Parts = Mapping[str, str]
_SAME = {"center": "centre", "middle": "centre"}
_KM2, _HA = 1e6, 1e4


def what_is_there(record: Record, parts: Parts) -> Reply | None:
    """Return what was measured in one of the nine regions, or on a side: water, houses, objects."""
    cover, objects = record.cover, bright_objects(record)
    if cover is None:
        return None
    place = _SAME.get(parts["place"].lower(), parts["place"].lower())
    regions = SIDE_REGIONS.get(place) or (REGION_NAMES.index(place),)
    if not is_known(cover, regions):
        return NO_GROUND
    names = [name for name in (WATER, BUILT) if name in cover.shares]
    figures = listed([f"{so_much(share_in(cover, regions, name))} as {name}" for name in names])
    text = f"There the ground reads {figures}"
    there = tuple(n for n, each in enumerate(objects or ()) if region_of(record, each) in regions)
    if objects is not None:
        found = counted(len(there), BRIGHT) if there else f"no {BRIGHT}"
        text += f", with {found} on water"
    unsure = doubt(record, BUILT) if BUILT in names else ""
    return Reply(f"{text}{unsure}.", Evidence(there, tuple(names), tuple(regions)))


def is_most(record: Record, parts: Parts) -> Reply | None:
    """Return whether a class covers more than half of the ground."""
    meant = ground_meant(record, parts["noun"])
    if meant is None:
        return None
    name, share = meant
    first = "Yes" if share > 0.5 else "No"
    text = f"{first}: {so_much(share)} of the ground reads as {name}"
    more = which_kind(parts["noun"], name) if share > 0.5 else ""
    return Reply(f"{text}{more}{doubt(record, name)}.", Evidence(classes=(name,)))


def ground_of(record: Record, parts: Parts) -> Reply | None:
    """Return how much ground a class covers, in hectares or square kilometres."""
    meant, cover = ground_meant(record, parts["noun"]), record.cover
    if meant is None or cover is None:
        return None
    if record.metres_per_pixel is None or cover.known is None:
        return not_told("how much ground the picture shows is not known.")
    name, share = meant
    ground = share * record.width * record.height * record.metres_per_pixel**2 * cover.known
    size, unit = (_HA, "ha") if parts["unit"].lower().startswith("h") else (_KM2, "km²")
    text = f"{_rounded(ground / size)} {unit}: {so_much(share)} of the ground reads as {name}"
    more = which_kind(parts["noun"], name) if ground else ""
    return Reply(
        f"{text}{more}{doubt(record, name)}.", Evidence((), (name,), (), ("metres_per_pixel",))
    )


def _rounded(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 or not number else f"{number:.2g}"


def where_it_lies(record: Record, _parts: Parts) -> Reply:
    """Return the centre of the area, in degrees."""
    if record.place is None:
        return not_told("the picture has no map coordinates.")
    north, east = record.place.latitude, record.place.longitude
    text = f"{abs(north):.3f}° {'S' if north < 0 else 'N'}, {abs(east):.3f}° "
    text += f"{'W' if east < 0 else 'E'} is the centre; what the place is called was not measured."
    return Reply(text, Evidence(fields=("place",)))


def pixel_size(record: Record, _parts: Parts) -> Reply:
    """Return the side of a pixel."""
    if record.metres_per_pixel is None:
        return NO_SCALE
    text = f"{record.metres_per_pixel:g} m: so wide is a pixel on the ground."
    return Reply(text, Evidence(fields=("metres_per_pixel",)))


def is_a_ship(record: Record, _parts: Parts) -> Reply | None:
    """Return that what is bright on water cannot be told apart."""
    objects = bright_objects(record)
    if not objects:
        return None
    found = counted(len(objects), BRIGHT)
    return not_told(
        f"{found} on water; whether a ship, a buoy or a rock, the measurement does not tell.",
        Evidence(tuple(range(len(objects)))),
    )
