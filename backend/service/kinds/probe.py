"""Jobs that say which phrases of the vocabulary stand out the most at one place of an area."""

import time
from pathlib import Path
from typing import Literal

from pydantic import Field

from backend.errors import ConfigInvalid, NotEncoded
from backend.maps import Inquiry
from backend.maps.inquiry import check_phrases
from backend.maps.standing import find_standings
from backend.progress import Progress
from backend.service.context import Context
from backend.service.kinds import Checked, Kind, KindRequest, KindResult
from backend.service.kinds.alignment import (
    EstimateRequest,
    Latitude,
    Longitude,
    check_limits,
    cost_of,
)
from backend.service.limits import require_allowed
from backend.service.schemas import Message
from backend.text.vocabulary import load_vocabulary


class ProbeRequest(EstimateRequest, KindRequest):
    """Ask which phrases stand out the most at a place, over an area that is encoded."""

    kind: Literal["probe"]
    lon: Longitude
    """Longitude of the place."""
    lat: Latitude
    """Its latitude."""
    phrases: list[str] = Field(default_factory=list)
    """What is compared; the phrases of the vocabulary when left out."""
    head: str | None = None
    """A head's name; the first that fits the encoder when left out."""
    most: int = Field(5, ge=1, le=100)
    """So many phrases are listed."""

    @property
    def summary(self) -> str:
        """That it is a probe."""
        return "probe a place"

    @property
    def scene_read(self) -> str:
        """The scene whose cell is read."""
        return self.scene


class StandingReply(Message):
    """How a phrase of the vocabulary stands at the place."""

    phrase: str
    cosine: float
    """Of the place with the phrase; those of two phrases do not compare."""
    standing: float
    """By how many standard deviations it exceeds the phrase's own mean over the area."""


class ProbeResult(KindResult):
    """The phrases that stand out the most at the place."""

    kind: Literal["probe"] = "probe"
    phrases: list[StandingReply]
    """The first stands out the most."""
    seconds: float


def check(request: ProbeRequest, context: Context) -> Checked:
    """Check the scene, phrases, encoder, head and area before anything runs.

    Raises:
        ConfigInvalid: what the encoder makes is not kept in a store.
        NotEncoded: windows of the area are not encoded yet.
        GlueLinkError: what `run` would raise for them.
    """
    if request.phrases:
        check_limits(check_phrases(request.phrases), context.settings)
    entry = context.scenes.get(request.scene)
    head = context.models.head(request.head, context.models.spec(request.encoder))
    cost = cost_of(request, context)
    require_allowed(cost, 1, context.settings, context.results)
    if context.store_for(context.models.spec(request.encoder)) is None:
        raise ConfigInvalid(
            f"Nothing that {request.encoder} makes is kept in the store, where places are probed.",
            "Choose another encoder, or start the service with a store.",
        )
    if cost.lacking:
        raise NotEncoded(
            f"{cost.lacking:,} windows of the area are not encoded yet.", "Ask the area first."
        )
    with entry.open() as scene:
        state = scene.state and f"{scene.state} {head.sha256}"
    return Checked(0.0, state)


def run(request: ProbeRequest, context: Context, folder: Path, progress: Progress) -> ProbeResult:
    """Compare the phrases; no file is left."""
    began = time.monotonic()
    models, entry = context.models, context.scenes.get(request.scene)
    head = models.head(request.head, models.spec(request.encoder))
    phrases = request.phrases or load_vocabulary().phrases
    text = models.text_encoder(head.meta.text, phrases, progress)
    encoder = models.encoder(request.encoder, progress)
    with entry.open() as scene:
        inquiry = Inquiry.of(
            scene,
            request.area,
            phrases,
            encoder,
            head,
            text,
            request.match_product_type,
            request.quality,
            context.store_for(encoder.spec),
        )
        found = find_standings(inquiry, (request.lon, request.lat), progress)
    listed = [StandingReply(**vars(each)) for each in found[: request.most]]
    return ProbeResult(phrases=listed, seconds=time.monotonic() - began)


KIND = Kind(ProbeRequest, ProbeResult, check, run)
