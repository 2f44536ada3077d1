"""STAC catalogues of imagery: which there are, and what they have of an area."""

from datetime import date
from typing import Literal

from pydantic import Field

from backend.errors import RequestInvalid
from backend.io.http import RetryPolicy
from backend.maps import Area
from backend.scenes.stac import (
    FoundScene,
    Provider,
    SceneQuery,
    find_provider,
    list_providers,
    newest_date,
    search_scenes,
)
from backend.service.context import Context
from backend.service.errors import printable
from backend.service.schemas import GeoJson, Message

IN_TIME = RetryPolicy(connect_s=5, silence_s=20, tries=2, longest_wait_s=5)
"""A client waits for a search, and few clients wait longer than a minute."""


class CatalogueInfo(Message):
    """A STAC catalogue that can be searched by its name."""

    name: str
    url: str
    collection: str
    about: str = ""
    """What it delivers, and what it needs; empty for catalogues of the user's own."""


class CatalogueList(Message):
    """All STAC catalogues known here."""

    catalogues: list[CatalogueInfo]


class NewestScene(Message):
    """How far the scenes of a STAC catalogue reach."""

    catalogue: str
    day: date | None
    """The day of its newest scene, anywhere on earth; null where it does not say."""
    source: Literal["scene", "collection"] | None
    """Whether that scene was looked up, or the collection states its end; null without a day."""


class AreaOfCatalogue(Message):
    """A STAC catalogue, and the area that is asked of it."""

    catalogue: str = "planetary-computer"
    """The STAC catalogue's name."""
    aoi: GeoJson
    """GeoJSON Polygon or MultiPolygon."""
    aoi_crs: str = "EPSG:4326"

    @property
    def area(self) -> Area:
        """The area that was drawn. Raises AreaInvalid."""
        return Area.from_geojson(self.aoi, crs=self.aoi_crs)


class ImagerySearch(AreaOfCatalogue):
    """Ask a STAC catalogue which scenes it has of an area."""

    first: date
    """First day."""
    last: date
    """Last day, included."""
    orbit: Literal["ascending", "descending"] | None = None
    relative_orbit: int | None = Field(None, ge=1, le=175)
    """Number of the track."""
    polarisations: list[Literal["VV", "VH", "HH", "HV"]] = Field(["VV", "VH"])
    """A scene must have all of them."""
    dates: int | None = Field(None, ge=2, le=24)
    """So many of one direction and relative orbit, spread over the time; null for all scenes."""


class FoundScenes(Message):
    """The scenes that a search has found, the first date first."""

    scenes: list[FoundScene]


def catalogues() -> CatalogueList:
    """List the catalogues by the names under which they can be searched."""
    return CatalogueList(
        catalogues=[
            CatalogueInfo(name=one.name, url=one.url, collection=one.collection, about=one.about)
            for one in list_providers()
        ]
    )


def newest(name: str, context: Context) -> NewestScene:
    """Return how far the scenes of a catalogue reach; raise RequestInvalid for an unknown one."""
    found = newest_date(named_provider(name), IN_TIME)
    return NewestScene(
        catalogue=name,
        day=found.day if found else None,
        source=found.source if found else None,
    )


def search(request: ImagerySearch, context: Context) -> FoundScenes:
    """Return the scenes that a catalogue has of an area; raise what `search_scenes` does."""
    query = SceneQuery(
        request.first,
        request.last,
        request.orbit,
        request.relative_orbit,
        request.polarisations,
        request.dates,
    )
    provider = named_provider(request.catalogue)
    scenes = search_scenes(provider, request.area.degrees, query, policy=IN_TIME)
    return FoundScenes(scenes=scenes)


def named_provider(name: str) -> Provider:
    """Return the catalogue of this name.

    Raises:
        RequestInvalid: there is none. An address is not a name: a client must not choose which
            hosts the backend calls.
    """
    names = [one.name for one in list_providers()]
    if name not in names:
        raise RequestInvalid(
            f'There is no STAC catalogue "{printable(name)}"; over HTTP one is chosen by its name.',
            f"Catalogues: {', '.join(names)}.",
        )
    return find_provider(name)
