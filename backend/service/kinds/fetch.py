"""Jobs that fetch a scene of a STAC catalogue, and register it."""

import dataclasses
import time
from pathlib import Path
from typing import Any, Literal

from backend.progress import Progress
from backend.scenes.stac import fetch_scene
from backend.service.context import Context
from backend.service.imagery import AreaOfCatalogue, named_provider
from backend.service.kinds import Kind, KindRequest, KindResult
from backend.service.schemas import SceneRequest


class FetchRequest(AreaOfCatalogue, KindRequest):
    """Fetch a scene of a STAC catalogue, as far as it lies in and around an area."""

    kind: Literal["fetch"]
    item: str
    """The id that a search has found."""

    @property
    def summary(self) -> str:
        """The catalogue and the scene."""
        return f"{self.catalogue} {self.item}"


class FetchResult(KindResult):
    """The scene, registered."""

    kind: Literal["fetch"] = "fetch"
    scene: str
    """The id of the registered scene."""
    seconds: float
    metadata: dict[str, Any]
    """What the catalogue lists of the scene, and `cover`, the share of `area` that has data."""


def check(request: FetchRequest, context: Context) -> None:
    """Raise what is known without the network: no such catalogue, no usable area."""
    named_provider(request.catalogue)
    _ = request.area


def run(request: FetchRequest, context: Context, folder: Path, progress: Progress) -> FetchResult:
    """Fetch the scene into the user's own folder, and register it."""
    began = time.monotonic()
    provider, area = named_provider(request.catalogue), request.area
    fetched = fetch_scene(provider, request.item, area.degrees, progress=progress)
    scene = context.scenes.register(SceneRequest(path=str(fetched.path)))
    metadata = dataclasses.asdict(fetched.scene) | {"area": area.geojson, "cover": fetched.cover}
    return FetchResult(scene=scene.id, seconds=time.monotonic() - began, metadata=metadata)


KIND = Kind(FetchRequest, FetchResult, check, run)
