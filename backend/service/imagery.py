"""STAC catalogues of imagery: which there are, and what they have of an area."""

import dataclasses
from datetime import date
from typing import Any, Literal

from pydantic import Field

from backend.errors import RequestInvalid
from backend.maps import Area
from backend.scenes.stac import (
    Patience,
    Provider,
    Wanted,
    find_provider,
    list_providers,
    search_scenes,
)
from backend.service.errors import printable
from backend.service.schemas import GeoJson, Message

IN_TIME = Patience(connect_s=5, silence_s=20, tries=2, longest_wait_s=5)
"""A client waits for a search, and few clients wait longer than a minute."""


class CatalogueInfo(Message):
    """A STAC catalogue that can be searched by its name."""

    name: str
    url: str
    collection: str


class CatalogueList(Message):
    """All STAC catalogues known here."""

    catalogues: list[CatalogueInfo]


class AreaOfCatalogue(Message):
    """A STAC catalogue, and the area that is asked of it."""

    catalogue: str = Field("planetary-computer", description="The STAC catalogue's name.")
    aoi: GeoJson = Field(description="GeoJSON Polygon or MultiPolygon.")
    aoi_crs: str = "EPSG:4326"

    @property
    def area(self) -> Area:
        """The area that was drawn. Raises AreaInvalid."""
        return Area.from_geojson(self.aoi, crs=self.aoi_crs)


class ImagerySearch(AreaOfCatalogue):
    """Ask a STAC catalogue which scenes it has of an area."""

    first: date = Field(description="First day.")
    last: date = Field(description="Last day, included.")
    orbit: Literal["ascending", "descending"] | None = None
    relative_orbit: int | None = Field(None, description="Number of the track.")
    polarisations: list[Literal["VV", "VH", "HH", "HV"]] = Field(
        ["VV", "VH"], description="A scene must have all of them."
    )


class FoundScene(Message):
    """One scene of a STAC catalogue. What the catalogue does not state is null."""

    id: str
    catalogue: str
    collection: str
    time: str = Field(description="ISO, in UTC.")
    orbit: str | None
    relative_orbit: int | None
    polarisations: list[str]
    product_type: Literal["GRD", "RTC"] | None
    cover: float = Field(description="Share of the area inside the footprint.")
    footprint: dict[str, Any] = Field(description="GeoJSON in degrees.")
    unavailable: str = Field("", description="Why it cannot be fetched; empty when it can.")


class FoundScenes(Message):
    """The scenes that a search has found, the first date first."""

    scenes: list[FoundScene]


def catalogues() -> CatalogueList:
    """List the catalogues by the names under which they can be searched."""
    return CatalogueList(
        catalogues=[
            CatalogueInfo(name=one.name, url=one.url, collection=one.collection)
            for one in list_providers()
        ]
    )


def search(request: ImagerySearch) -> FoundScenes:
    """Return the scenes that a catalogue has of an area; raise what `search_scenes` does."""
    wanted = Wanted(
        request.first,
        request.last,
        request.orbit,
        request.relative_orbit,
        request.polarisations,
    )
    provider = named_provider(request.catalogue)
    found = search_scenes(provider, request.area.degrees, wanted, patience=IN_TIME)
    return FoundScenes(scenes=[FoundScene(**dataclasses.asdict(one)) for one in found])


def named_provider(name: str) -> Provider:
    """Return the catalogue of this name.

    Raises:
        RequestInvalid: there is none. An address is not a name: a client must not choose which
            hosts the backend calls.
    """
    names = [one.name for one in list_providers()]
    if name not in names:
        raise RequestInvalid(
            f'There is no catalogue "{printable(name)}"; over HTTP it is chosen by its name.',
            f"Catalogues: {', '.join(names)}.",
        )
    return find_provider(name)
