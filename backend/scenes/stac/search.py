"""Searches in a STAC catalogue: scenes by area, dates, orbit and polarisation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from shapely.geometry import MultiPolygon

from backend import USER_AGENT
from backend.errors import CatalogueUnreachable, ConfigInvalid, ExtraMissing, ImageryMissing
from backend.io.http import TRANSIENT, RetryPolicy
from backend.progress import Progress, silent
from backend.scenes.globe import on_globe
from backend.scenes.sentinel1.naming import POLARISATIONS
from backend.scenes.stac.found import FoundScene, LocalPlane, read_item
from backend.scenes.stac.providers import Provider
from backend.scenes.stac.transport import POLICY, as_retry, unreachable

ORBITS = ("ascending", "descending")
PAGE = 100
MOST = 1000

Item = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """Which scenes: from `first` to `last`, both included; None stands for any.

    Of the polarisations each must be there. Raises ConfigInvalid.
    """

    first: date
    last: date
    orbit: str | None = None
    relative_orbit: int | None = None
    polarisations: Sequence[str] = POLARISATIONS

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
    wanted: Wanted,
    progress: Progress = silent,
    policy: RetryPolicy = POLICY,
) -> list[FoundScene]:
    """Return the wanted scenes that touch an area (degrees), by time.

    Orbit and polarisation are compared here: not every catalogue can filter by them.

    Raises:
        ImageryMissing: there is none.
        CatalogueUnreachable: the catalogue does not answer, or not like a STAC API.
        ConfigInvalid: there are too many.
        ExtraMissing: the packages for catalogues are not installed.

    Example:
        may = Wanted(date(2024, 5, 1), date(2024, 5, 31), orbit="ascending")
        scenes = search_scenes(find_provider("planetary-computer"), area.degrees, may)
    """
    plane = LocalPlane(area)
    seen: list[FoundScene] = []
    question = {
        "intersects": shapely.geometry.mapping(shapely.simplify(on_globe(area), 1e-6)),
        "datetime": f"{wanted.first}/{wanted.last}",
    }
    for item in ask(provider, question, policy):
        seen.append(read_item(item, provider, plane))
        progress("Searching", len(seen), 0)
        if len(seen) >= MOST:
            raise ConfigInvalid(
                f"{MOST:,} scenes or more of {provider.collection} touch the area from "
                f"{wanted.first} to {wanted.last}.",
                "Search fewer days or a smaller area.",
            )
    fitting = [scene for scene in seen if wanted.fits(scene)]
    if not fitting:
        others = f"; it has {len(seen)} others" if seen else ""
        raise ImageryMissing(
            f"{provider.name} has no scene of {provider.collection} {wanted} over the area from "
            f"{wanted.first} to {wanted.last}{others}.",
            "Search other days, or ask for less.",
        )
    return sorted(fitting, key=lambda scene: (scene.time, scene.id))


def find_item(provider: Provider, identity: str, policy: RetryPolicy) -> Item:
    """Return the JSON of one item, or raise what `search_scenes` does."""
    for item in ask(provider, {"ids": [identity]}, policy):
        if item.get("id") == identity:
            return item
    raise ImageryMissing(
        f'{provider.name} has no scene "{identity}" in {provider.collection}.',
        "Search for scenes, and take an id from there.",
    )


def ask(provider: Provider, question: dict[str, Any], policy: RetryPolicy) -> Iterator[Item]:
    """Yield the JSON of all items that answer a question.

    Raises:
        CatalogueUnreachable: the catalogue does not answer, or not like a STAC API.
        ExtraMissing: the packages for catalogues are not installed.
    """
    try:
        from pystac.errors import STACError
        from pystac_client import Client
        from pystac_client.errors import ClientTypeError
        from pystac_client.exceptions import APIError
        from pystac_client.stac_api_io import StacApiIO
    except ImportError as error:
        raise extra_missing() from error
    transport = StacApiIO(headers={"User-Agent": USER_AGENT}, max_retries=as_retry(policy))
    try:
        client = Client.open(provider.url, stac_io=transport, timeout=policy.timeout)
        found = client.search(collections=[provider.collection], limit=PAGE, **question)
        yield from found.items_as_dicts()
    except APIError as error:
        raise _refused(provider, error) from error
    except (
        STACError,
        ClientTypeError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        NotImplementedError,
    ) as error:
        raise CatalogueUnreachable(
            f"{provider.url} does not answer like a STAC API with a search.",
            "Give the URL of its landing page.",
        ) from error


def extra_missing() -> ExtraMissing:
    """Return the error of an installation without the packages for catalogues."""
    return ExtraMissing(
        "Catalogues of imagery need packages that are not installed.",
        'Install them: pip install "gluelink[stac]".',
    )


def _refused(provider: Provider, error: Exception) -> CatalogueUnreachable:
    """Return the error for one of pystac-client, which has a status, or an error of requests."""
    status = getattr(error, "status_code", None)
    if status is None:
        return unreachable(f"The catalogue {provider.name}", error.__context__)
    busy = status in TRANSIENT
    return CatalogueUnreachable(
        f"The catalogue {provider.name} {'is busy' if busy else 'refuses'} (HTTP {status}).",
        "Try again later." if busy else "Check its URL and the name of its collection.",
    )
