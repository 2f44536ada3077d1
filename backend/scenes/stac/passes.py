"""Bursts as passes: OPERA lists each burst, a strip of 20 km, as an item; a scene is all of a pass.

A pass has an id of its own, made from its bursts' ids:

    OPERA_L2_RTC-S1_T168-359429-IW2_20231217T052415Z_20231220T055805Z_S1A_30_v1.0   a burst
    OPERA_L2_RTC-S1_T168_20231217T052415Z_S1A                                       its pass

Source: OPERA RTC-S1 Product Specification, JPL D-108758, and nasa/cmr-stac for what items hold.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape

from backend.scenes.stac.api import Item
from backend.scenes.stac.found import middle_of

BURSTS = "bursts"
"""The field of a pass that holds the items of its bursts."""

REACH = timedelta(minutes=20)
"""How far the bursts of one pass lie apart at most; the next pass of a track is six days away."""

FARTHEST_NORTH = 75
"""Degrees up to which the time of the day tells the direction of flight."""

_TIME = "%Y%m%dT%H%M%SZ"
_BURST = re.compile(
    r"OPERA_L2_RTC-S1_T(?P<track>\d{3})-(?P<burst>\d{6}-IW[123])_(?P<time>\d{8}T\d{6}Z)_"
    r"(?P<made>\d{8}T\d{6}Z)_(?P<platform>S1[A-D])_30_v[\d.]+"
)
_PASS = re.compile(
    r"OPERA_L2_RTC-S1_T(?P<track>\d{3})_(?P<time>\d{8}T\d{6}Z)_(?P<platform>S1[A-D])"
)


@dataclass(frozen=True)
class PassId:
    """Which pass: a satellite on a track, at a time."""

    track: str
    platform: str
    time: datetime

    @classmethod
    def parse(cls, identity: str) -> "PassId | None":
        """Return what an id of a pass says; None when it is another id."""
        match = _PASS.fullmatch(identity)
        time = _time(match["time"]) if match else None
        return cls(match["track"], match["platform"], time) if match and time else None

    @property
    def days(self) -> str:
        """The time of all bursts of the pass, as a STAC API is asked for it."""
        first, last = self.time - REACH, self.time + REACH
        return f"{first:%Y-%m-%dT%H:%M:%SZ}/{last:%Y-%m-%dT%H:%M:%SZ}"

    def is_of(self, item: Item) -> bool:
        """Return whether a pass that was found is this one, over whichever area."""
        other = self.parse(str(item.get("id")))
        return (
            other is not None
            and (other.track, other.platform) == (self.track, self.platform)
            and abs(other.time - self.time) <= REACH
        )


def join_passes(items: Iterable[Item]) -> Iterator[Item]:
    """Yield items as they are, and in place of all bursts of a pass one item for it."""
    bursts: dict[tuple[str, str], list[tuple[datetime, Item]]] = defaultdict(list)
    for item in items:
        match = _BURST.fullmatch(str(item.get("id")))
        time = _time(match["time"]) if match else None
        if match and time:
            bursts[match["track"], match["platform"]].append((time, item))
        else:
            yield item
    for (track, platform), found in bursts.items():
        found.sort(key=lambda burst: (burst[0], str(burst[1]["id"])))
        group: list[tuple[datetime, Item]] = []
        for burst in found:
            if group and burst[0] - group[-1][0] > REACH:
                yield _pass(track, platform, group)
                group = []
            group.append(burst)
        yield _pass(track, platform, group)


def _pass(track: str, platform: str, bursts: list[tuple[datetime, Item]]) -> Item:
    """Return the item of a pass, with what its bursts do not state themselves."""
    first = bursts[0][0]
    items = _latest([item for _, item in bursts])
    outline = _union(item.get("geometry") for item in items)
    # All are of one mode; where a burst lacks a file all the same, the pass lacks it.
    poorest = min(items, key=lambda item: len(item.get("assets") or {}))
    stated = poorest.get("properties") or {}
    properties = {
        "datetime": f"{first:%Y-%m-%dT%H:%M:%SZ}",
        "sat:relative_orbit": int(track),
        "sat:orbit_state": stated.get("sat:orbit_state") or _direction(first, outline),
    }
    return {
        **poorest,
        "id": f"OPERA_L2_RTC-S1_T{track}_{first.strftime(_TIME)}_{platform}",
        "geometry": outline,
        "properties": {**stated, **properties},
        BURSTS: items,
    }


def _latest(items: list[Item]) -> list[Item]:
    """Return each burst once, as it was processed last, in the order of their ids."""
    latest: dict[str, tuple[str, Item]] = {}
    for item in items:
        match = _BURST.fullmatch(str(item["id"]))
        assert match
        if match["made"] >= latest.get(match["burst"], ("",))[0]:
            latest[match["burst"]] = match["made"], item
    return [latest[burst][1] for burst in sorted(latest)]


def _union(geometries: Iterable[object]) -> Mapping[str, object] | None:
    outlines = []
    for geometry in geometries:
        try:
            outlines.append(shapely.make_valid(shape(geometry)))
        except (ShapelyError, ValueError, TypeError, LookupError, AttributeError):
            continue  # what has no outline is not drawn; its pixels count all the same
    if not outlines:
        return None
    union: Mapping[str, object] = mapping(shapely.union_all(outlines))
    return union


def _direction(time: datetime, outline: Mapping[str, object] | None) -> str | None:
    """Return the direction of flight by the local time of the sun.

    Sentinel-1 flies north at about 18 h and south at about 6 h, and turns near the poles. Items of
    bursts do not state it.
    """
    if outline is None:
        return None
    longitude, latitude = middle_of(shapely.get_coordinates(shape(outline)))
    if not abs(latitude) < FARTHEST_NORTH:
        return None
    hour = (time.hour + time.minute / 60 + longitude / 15) % 24
    return "ascending" if hour >= 12 else "descending"


def _time(text: str) -> datetime | None:
    """Return a time; None for one that no calendar has."""
    try:
        return datetime.strptime(text, _TIME).replace(tzinfo=UTC)
    except ValueError:
        return None
