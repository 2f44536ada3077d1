"""Jobs that fetch a scene of a STAC catalogue, and register it."""

import dataclasses
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any, Literal, TypeVar

from backend.progress import Progress
from backend.resources import user_path
from backend.scenes.stac import fetch_scene
from backend.service.context import Context
from backend.service.imagery import AreaOfCatalogue, named_provider
from backend.service.kinds import NETWORK, Checked, Kind, KindRequest, KindResult
from backend.service.limits import require_spare
from backend.service.schemas import SceneRequest

T = TypeVar("T")

POLL_S = 0.2
"""How often a cancel is looked for, whatever the hosts do."""


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


def check(request: FetchRequest, context: Context) -> Checked:
    """Raise what is known without the network: no such catalogue, no usable area, no room."""
    named_provider(request.catalogue)
    _ = request.area
    require_spare(user_path(), context.settings)
    return Checked(depends_on="")


def run(request: FetchRequest, context: Context, folder: Path, progress: Progress) -> FetchResult:
    """Fetch the scene into the user's own folder, and register it."""
    began = time.monotonic()
    provider, area = named_provider(request.catalogue), request.area
    fetched = abandonable(
        lambda report: fetch_scene(provider, request.item, area.degrees, progress=report), progress
    )
    scene = context.scenes.register(SceneRequest(path=str(fetched.path)))
    metadata = dataclasses.asdict(fetched.scene) | {"area": area.geojson, "cover": fetched.cover}
    return FetchResult(scene=scene.id, seconds=time.monotonic() - began, metadata=metadata)


def abandonable(work: Callable[[Progress], T], progress: Progress) -> T:
    """Return what `work` returns, in a thread that is left behind when `progress` raises.

    A host that is silent holds up that thread until its time is over, and never the next job. The
    thread itself ends at its next sign of progress.
    """
    done: Future[T] = Future()
    last: list[tuple[str, int, int]] = [("Starting", 0, 1)]

    def report(stage: str, done: int, total: int) -> None:
        last[0] = (stage, done, total)
        progress(stage, done, total)

    def fulfil() -> None:
        try:
            done.set_result(work(report))
        except BaseException as error:
            done.set_exception(error)

    threading.Thread(target=fulfil, name="fetch", daemon=True).start()
    while not done.done():
        progress(*last[0])
        wait([done], timeout=POLL_S)
    return done.result()


KIND = Kind(FetchRequest, FetchResult, check, run, NETWORK)
