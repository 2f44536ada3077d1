"""Searches in a STAC catalogue: scenes by area, dates, orbit and polarisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping

from backend.errors import ConfigInvalid, ImageryMissing
from backend.io.http import RetryPolicy
from backend.progress import Progress, silent
from backend.scenes.area import on_globe
from backend.scenes.sentinel1.naming import POLARISATIONS
from backend.scenes.stac.api import Item, ask, newest_date
from backend.scenes.stac.found import FoundScene, LocalPlane, read_item
from backend.scenes.stac.passes import PassId, join_passes
from backend.scenes.stac.providers import Provider
from backend.scenes.stac.series import spread_dates
from backend.scenes.stac.transport import POLICY

ORBITS = ("ascending", "descending")
MOST = 1000
"""Items of one search: more would take longer than anybody waits."""

MOST_PARTS = 8
MOST_CORNERS = 90


@dataclass(frozen=True)
class SceneQuery:
    """Which scenes: from `first` to `last`, both included; None stands for any.

    Of the polarisations each must be there. With `dates`, so many of one orbit that are spread over
    the time: see `spread_dates`. Raises ConfigInvalid.
    """

    first: date
    last: date
    orbit: str | None = None
    relative_orbit: int | None = None
    polarisations: Sequence[str] = POLARISATIONS
    dates: int | None = None

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ConfigInvalid(
                f"The search goes from {self.first} to {self.last}.", "Put the earlier date first."
            )
        if self.orbit not in (None, *ORBITS):
            raise ConfigInvalid(f'The orbit is "{self.orbit}".', f"Expected {' or '.join(ORBITS)}.")
        unknown = set(self.polarisations) - {"VV", "VH", "HH", "HV"}
        if unknown:
            raise ConfigInvalid(
                f"The polarisations are {', '.join(self.polarisations)}.",
                "Expected VV, VH, HH or HV.",
            )

    def fits(self, scene: FoundScene) -> bool:
        """Return whether a scene is one of these by what the catalogue states, dates apart."""
        return (
            self.orbit in (None, scene.orbit)
            and self.relative_orbit in (None, scene.relative_orbit)
            and set(self.polarisations) <= set(scene.polarisations)
        )

    def __str__(self) -> str:
        words = [f"with {' and '.join(self.polarisations)}"]
        if self.orbit:
            words.append(self.orbit)
        if self.relative_orbit is not None:
            words.append(f"relative orbit {self.relative_orbit}")
        return ", ".join(words)


def search_scenes(
    provider: Provider,
    area: MultiPolygon,
    query: SceneQuery,
    progress: Progress = silent,
    policy: RetryPolicy = POLICY,
) -> list[FoundScene]:
    """Return the scenes of a query that touch an area (degrees), by time.

    Orbit and polarisation are compared here: not every catalogue can filter by them.

    Raises:
        ImageryMissing: there is none, or no orbit has as many dates as are asked for.
        CatalogueUnreachable: the catalogue does not answer, or not like a STAC API.
        ConfigInvalid: there are too many.
        ExtraMissing: the packages for catalogues are not installed.

    Example:
        may = SceneQuery(date(2024, 5, 1), date(2024, 5, 31), orbit="ascending")
        scenes = search_scenes(find_provider("planetary-computer"), area.degrees, may)
    """
    plane = LocalPlane(area)
    items = _items(provider, area, f"{query.first}/{query.last}", progress, policy)
    scenes = [read_item(item, provider, plane) for item in join_passes(items)]
    scenes = [scene for scene in scenes if scene.cover or not scene.footprint]
    fitting = [scene for scene in scenes if query.fits(scene)]
    if not fitting:
        raise _none_found(provider, query, len(scenes), policy)
    if query.dates:
        return spread_dates(fitting, query.dates, query.first, query.last)
    return sorted(fitting, key=lambda scene: (scene.time, scene.id))


def find_scene(provider: Provider, identity: str, area: MultiPolygon, policy: RetryPolicy) -> Item:
    """Return the JSON of one scene; of a pass with its bursts over an area (degrees).

    Raises:
        ImageryMissing: the catalogue has no such scene.
        GlueLinkError: what `search_scenes` raises.
    """
    asked = PassId.parse(identity)
    if asked:
        bursts = _items(provider, area, asked.days, silent, policy)
        found = [item for item in join_passes(bursts) if asked.is_of(item)]
    else:
        found = list(ask(provider, {"ids": [identity]}, policy))
        found = [item for item in found if item.get("id") == identity]
    if not found:
        raise ImageryMissing(
            f'{provider.name} has no scene "{identity}" in {provider.collection}.',
            "Search for scenes, and take an id from there.",
        )
    return {**found[0], "id": identity}


def _items(
    provider: Provider, area: MultiPolygon, days: str, progress: Progress, policy: RetryPolicy
) -> list[Item]:
    """Return all items of some time that touch the outline of an area, each once."""
    items: dict[str, Item] = {}
    for outline in outlines(area):
        for item in ask(provider, {"intersects": mapping(outline), "datetime": days}, policy):
            items[str(item.get("id"))] = item
            progress("Searching", len(items), 0)
            if len(items) >= MOST:
                first, last = (day[:10] for day in days.split("/"))
                raise ConfigInvalid(
                    f"{MOST:,} items or more of {provider.collection} touch the area from "
                    f"{first} to {last}.",
                    "Search fewer days or a smaller area.",
                )
    return list(items.values())


def outlines(area: shapely.Geometry) -> list[Polygon]:
    """Return polygons without holes, of few corners, that cover an area (degrees) together.

    One question a polygon, because NASA's catalogue wants the parts of a MultiPolygon to be met all
    at once, and its next page loses a ring of more than 100 corners.
    """
    parts = shapely.get_parts(shapely.simplify(on_globe(area), 1e-6))
    parts = [Polygon(part.exterior) for part in parts]
    if len(parts) > MOST_PARTS:
        halves = (
            [part for part in parts if (part.centroid.x < 0) is west] for west in (True, False)
        )
        parts = [MultiPolygon(half).convex_hull for half in halves if half]
    few = [p if len(p.exterior.coords) <= MOST_CORNERS else shapely.box(*p.bounds) for p in parts]
    return list(shapely.orient_polygons(few))


def _none_found(
    provider: Provider, query: SceneQuery, others: int, policy: RetryPolicy
) -> ImageryMissing:
    """Return the error of a search that found nothing, with the cause where that is known."""
    newest = newest_date(provider, policy)
    if newest and newest.day < query.first:
        return ImageryMissing(
            f"The newest scene of {provider.collection} at {provider.name} is of {newest.day}; the "
            f"search begins on {query.first}.",
            "Search earlier days, or another catalogue.",
        )
    seen = f"; it has {others} others" if others else ""
    reach = f" Its newest scene anywhere is of {newest.day}." if newest else ""
    return ImageryMissing(
        f"{provider.name} has no scene of {provider.collection} {query} over the area from "
        f"{query.first} to {query.last}{seen}.{reach}",
        "Search other days, or ask for less.",
    )
