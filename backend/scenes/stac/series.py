"""A few dates of one orbit, spread over some time: what an encoder that stacks dates wants.

Another orbit looks from another side or angle, which changes more than a year of crops does.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from backend.errors import ImageryMissing
from backend.scenes.stac.found import FoundScene

ALIKE = 0.01
"""Shares of the area that differ by less are equal."""


def spread_dates(
    scenes: Iterable[FoundScene], count: int, first: date, last: date
) -> list[FoundScene]:
    """Return so many dates of one direction and relative orbit, spread over some time, by time.

    Of the orbits that have so many the one counts that shows most of the area, then the one whose
    dates are spread most evenly. Of an orbit only dates count that show as much as any of it.

    Raises:
        ImageryMissing: no orbit has so many.
    """
    tracks: dict[tuple[str, int], dict[str, FoundScene]] = defaultdict(dict)
    for scene in scenes:
        if scene.orbit and scene.relative_orbit is not None and not scene.unavailable:
            days = tracks[scene.orbit, scene.relative_orbit]
            days[scene.date] = max(scene, days.get(scene.date, scene), key=lambda one: one.cover)
    whole = [_widest(days.values()) for days in tracks.values()]
    enough = [_picked(track, count, first, last) for track in whole if len(track) >= count]
    if not enough:
        most = max(map(len, whole), default=0)
        raise ImageryMissing(
            f"No orbit has {count} dates over the area from {first} to {last}; the most is {most}.",
            "Ask for fewer dates, or for a longer time.",
        )
    return min(enough, key=lambda picked: picked[:2])[2]


def _widest(scenes: Iterable[FoundScene]) -> list[FoundScene]:
    """Return those that show as much of the area as any."""
    found = list(scenes)
    most = max(scene.cover for scene in found)
    return [scene for scene in found if scene.cover > most - ALIKE]


def _picked(
    track: Sequence[FoundScene], count: int, first: date, last: date
) -> tuple[float, int, list[FoundScene]]:
    """Return the dates nearest to the middles of equal parts of the time.

    Before them how little of the area they show, and by how many days the worst is off.
    """
    left, picked, off = list(track), [], 0
    for part in range(count):
        middle = first + (last - first) * (part + 0.5) / count
        nearest = min(left, key=lambda scene: _days_off(scene, middle))
        left.remove(nearest)
        picked.append(nearest)
        off = max(off, _days_off(nearest, middle))
    cover = round(1 - min(scene.cover for scene in picked), 2)
    return cover, off, sorted(picked, key=lambda scene: scene.time)


def _days_off(scene: FoundScene, day: date) -> int:
    return abs((date.fromisoformat(scene.date) - day) // timedelta(days=1))
