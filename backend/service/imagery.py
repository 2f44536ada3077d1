"""Imagery from catalogues: searches, and jobs of the kind fetch, which end with a scene."""

import dataclasses
import time
from pathlib import Path

from backend.errors import RequestInvalid
from backend.maps import Area
from backend.progress import Progress
from backend.scenes.stac import (
    Patience,
    Provider,
    Wanted,
    fetch_scene,
    find_provider,
    list_providers,
    search_scenes,
)
from backend.service.desk import Desk
from backend.service.errors import printable
from backend.service.schemas import (
    CatalogueInfo,
    CatalogueList,
    FetchRequest,
    FoundScene,
    FoundScenes,
    ImagerySearch,
    JobResult,
    SceneRequest,
)

IN_TIME = Patience(connect_s=5, silence_s=20, tries=2, longest_wait_s=5)
"""A search is waited for, and few clients wait longer than a minute."""


def catalogues() -> CatalogueList:
    """Those that can be named here."""
    return CatalogueList(
        catalogues=[
            CatalogueInfo(name=one.name, url=one.url, collection=one.collection)
            for one in list_providers()
        ]
    )


def search(request: ImagerySearch) -> FoundScenes:
    """The scenes of a catalogue. Raises what `search_scenes` does."""
    wanted = Wanted(
        request.first,
        request.last,
        request.orbit,
        request.relative_orbit,
        request.polarisations,
    )
    provider, area = _named(request.catalogue), _area(request)
    found = search_scenes(provider, area.degrees, wanted, patience=IN_TIME)
    return FoundScenes(scenes=[FoundScene(**dataclasses.asdict(one)) for one in found])


def check(request: FetchRequest, desk: Desk) -> None:
    """Raise what can be told without the network: no such catalogue, no area."""
    _named(request.catalogue)
    _area(request)


def run(request: FetchRequest, desk: Desk, folder: Path, progress: Progress) -> JobResult:
    """Fetch the scene into the user's folder, and register it."""
    began = time.monotonic()
    provider, area = _named(request.catalogue), _area(request)
    made = fetch_scene(provider, request.item, area.degrees, progress=progress)
    scene = desk.scenes.register(SceneRequest(path=str(made.path)))
    told = dataclasses.asdict(made.scene) | {"area": area.geojson, "cover": made.cover}
    return JobResult(
        files=[],
        phrases=[],
        km2=0.0,
        cells=0,
        windows=0,
        seconds=time.monotonic() - began,
        provenance=told,
        scene=scene.id,
    )


def _named(catalogue: str) -> Provider:
    """RequestInvalid for an address: a client has no business with other hosts."""
    names = [one.name for one in list_providers()]
    if catalogue not in names:
        raise RequestInvalid(
            f'There is no catalogue "{printable(catalogue)}"; over HTTP it is chosen by its name.',
            f"Catalogues: {', '.join(names)}.",
        )
    return find_provider(catalogue)


def _area(request: ImagerySearch | FetchRequest) -> Area:
    return Area.from_geojson(request.aoi, crs=request.aoi_crs)
