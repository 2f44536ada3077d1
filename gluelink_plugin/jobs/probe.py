"""Jobs that say which phrases of the vocabulary stand out the most at a place of a map."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from qgis.core import QgsPointXY, QgsRasterLayer

from ..client.backend import State
from ..client.codec import parts
from ..client.job import JobRun
from ..client.protocol import JobRequest, JobResult
from ..layers.result import recipe_of
from ..session import Session
from ..translation import tr

ASK_EVERY_MS = 50


@dataclass(frozen=True)
class ProbeRequest(JobRequest):
    """Ask which phrases stand out the most at a place, over an area that is encoded."""

    scene: str
    encoder: str
    lon: float
    lat: float
    head: str | None = None
    aoi: dict[str, Any] | None = None
    """A GeoJSON polygon in `aoi_crs`, over which phrases are compared; None for the scene."""
    aoi_crs: str = "EPSG:4326"
    phrases: list[str] = field(default_factory=list)
    """What is compared; the vocabulary where there are none."""
    kind: str = "probe"

    @property
    def summary(self) -> str:
        """What is asked, in a few words."""
        return tr("a place")


@dataclass(frozen=True)
class StandingReply:
    """How a phrase of the vocabulary stands at the place."""

    phrase: str
    cosine: float
    standing: float
    """By how many standard deviations it exceeds the phrase's own mean over the area."""


@dataclass(frozen=True)
class ProbeResult(JobResult):
    """The phrases that stand out the most at the place, the first of them the most."""

    seconds: float
    phrases: list[StandingReply] = parts(StandingReply)
    kind: str = "probe"


class ProbeRun(JobRun):
    """Asks for the phrases of one place; a job of its own beside the panel's."""

    lane = "probe"
    ask_every_ms = ASK_EVERY_MS


def request_for(
    session: Session, layer: QgsRasterLayer, degrees: QgsPointXY
) -> ProbeRequest | None:
    """Return the request for a place of a map; None where the panel has not what it was made of.

    That is a backend, and the scene of the map with the same stated of it.
    """
    recipe, scene, source = recipe_of(layer), session.scene, session.source
    if recipe is None or scene is None or source is None or session.backend.state != State.READY:
        return None
    if recipe.scene != source.path or recipe.options != dict(session.options):
        return None
    asked = ("encoder", "head", "aoi", "aoi_crs")
    fields = {name: recipe.request[name] for name in asked if name in recipe.request}
    return ProbeRequest(scene.id, lon=degrees.x(), lat=degrees.y(), **fields)
