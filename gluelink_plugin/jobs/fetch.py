"""Jobs that fetch a scene of a STAC catalogue to the backend's computer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..client.job import JobRun
from ..client.protocol import Job, JobRequest, JobResult, SceneInfo
from ..session import Session
from ..translation import tr
from ..words import seconds_in_words


@dataclass(frozen=True)
class FetchRequest(JobRequest):
    """Fetch a scene of a catalogue, as far as it lies in and around an area."""

    catalogue: str
    item: str
    """The scene's id in the catalogue."""
    aoi: dict[str, Any]
    aoi_crs: str
    kind: str = "fetch"

    @property
    def summary(self) -> str:
        """What is asked, in a few words."""
        return self.item


@dataclass(frozen=True)
class FetchResult(JobResult):
    """The scene, registered."""

    scene: str
    """The id of the registered scene."""
    seconds: float
    metadata: dict[str, Any]
    kind: str = "fetch"


class FetchRun(JobRun):
    """Fetches a scene and offers it in the panel."""

    def __init__(self, session: Session, request: FetchRequest) -> None:
        super().__init__(session.backend.api, request, tr("Fetching {scene}", scene=request.item))
        self._session = session

    def collect(self, job: Job, result: FetchResult) -> None:
        """Ask what the backend knows of the scene."""
        self._api.get(
            f"/v1/scenes/{result.scene}",
            SceneInfo,
            lambda scene: self.done.emit(job, scene),
            self.failed.emit,
            lane="job",
        )

    def show(self, _job: Job, result: FetchResult, scene: SceneInfo) -> str:
        """Choose the scene in the panel."""
        self._session.scene_fetched.emit(scene)
        self._session.logged.emit(f"{scene.files[0]} was fetched.")
        cover = float(result.metadata.get("cover", 1.0))
        fetched = tr("Fetched in {time}.", time=seconds_in_words(self.waited_s))
        if cover == 1.0:
            return fetched
        return f"{fetched} {tr('It covers {share} % of the area.', share=int(100 * cover))}"
