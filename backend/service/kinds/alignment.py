"""Jobs that ask one scene, over an area, for phrases; each leaves one map."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from backend import maps
from backend.errors import NotEncoded, PhraseInvalid
from backend.features.lattice import Quality
from backend.maps.examples import Examples, lacking_windows
from backend.maps.inquiry import Measure, check_contrast, check_measure, label_of
from backend.maps.statistics import PhraseStatistics
from backend.progress import Progress
from backend.scenes.area import Area
from backend.service.context import Context
from backend.service.errors import error_body
from backend.service.kinds import Checked, Kind, KindRequest, KindResult
from backend.service.limits import refusal_of, require_allowed
from backend.service.schemas import ErrorBody, GeoJson, Message, ResultFile
from backend.service.settings import Settings

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Position = tuple[Longitude, Latitude]
"""In degrees, longitude first, as in GeoJSON."""
COG = "image/tiff; application=geotiff; profile=cloud-optimized"


class EstimateRequest(Message):
    """Ask what a job over an area of a scene would cost."""

    scene: str
    """The id of a registered scene."""
    aoi: GeoJson | None = None
    """GeoJSON Polygon or MultiPolygon; the whole scene when left out."""
    aoi_crs: str = "EPSG:4326"
    encoder: str = "texture-s1"
    quality: Quality = "fine"
    """How windows lie: fast ones side by side, which may show. Some encoders need no choice."""
    match_product_type: bool = True
    """Add the difference between GRD and RTC where the encoder was trained on the other one."""

    @property
    def area(self) -> Area | None:
        """The area that was drawn; None for the whole scene. Raises AreaInvalid."""
        return Area.from_geojson(self.aoi, crs=self.aoi_crs) if self.aoi is not None else None


@dataclass(frozen=True, kw_only=True)
class Estimate(maps.Estimate):
    """The cost of a job that has not run."""

    __pydantic_config__ = Message.model_config

    seconds: float | None
    """Of what is lacking; null until this service has run a job with the encoder."""

    refusal: ErrorBody | None
    """Why a job of one phrase would be refused; null where it would be taken."""


class AlignmentRequest(EstimateRequest, KindRequest):
    """Ask a scene where the ground looks like each phrase."""

    kind: Literal["alignment"] = "alignment"
    phrases: list[str]
    but_not: list[str] = Field(default_factory=list)
    """What is subtracted from each phrase: the mean cosine with these."""
    like: list[Position] = Field(default_factory=list)
    """Places in cells of the scene that count as a phrase does: the cosine with them and that with
    the phrase are averaged. With one, `phrases` may be empty."""
    unlike: list[Position] = Field(default_factory=list)
    """Places in cells that are subtracted, in one mean with `but_not`."""
    measure: Measure = "cosine"
    """What the values are: cosines, or shares, from 0 to 1, of the head's neutral words that fit a
    cell worse than the phrase does. Those compare between phrases and scenes."""
    head: str | None = None
    """A head's name; the first that fits the encoder when left out."""
    only_encoded: bool = False
    """Refuse the job where any of its cells is not encoded yet."""

    @property
    def summary(self) -> str:
        """The phrases."""
        return ", ".join(self.labels)

    @property
    def examples(self) -> Examples:
        """The cells that count as phrases do."""
        return Examples(tuple(self.like), tuple(self.unlike))

    @property
    def labels(self) -> list[str]:
        """What the bands of the map are called."""
        own = self.but_not, self.examples, self.measure
        return [label_of(each, *own) for each in self.phrases or [""]]

    @property
    def scene_read(self) -> str:
        """The scene that is asked."""
        return self.scene


class AlignmentResult(KindResult):
    """One map, a band for each phrase."""

    kind: Literal["alignment"] = "alignment"
    files: list[ResultFile]
    phrases: list[PhraseStatistics]
    km2: float
    cells: int
    windows: int
    seconds: float
    provenance: dict[str, Any]
    """Where the map comes from."""


def check(request: AlignmentRequest, context: Context) -> Checked:
    """Check the scene, phrases, encoder, head, area and disk before anything runs.

    Raises:
        NotEncoded: nothing may be encoded, and windows of the area are not.
        GlueLinkError: what `run` would raise for them.
    """
    entry = context.scenes.get(request.scene)
    check_contrast(request.phrases, request.but_not, request.examples)
    check_limits(request.phrases + request.but_not, context.settings)
    check_examples(request.examples, context.settings)
    head = context.models.head(request.head, context.models.spec(request.encoder))
    check_measure(request.measure, head, request.but_not, request.examples)
    cost = cost_of(request, context)
    require_allowed(cost, len(request.labels), context.settings, context.results)
    spec = context.models.spec(request.encoder)
    with entry.open() as scene:
        state = scene.state and f"{scene.state} {head.sha256}"
        store = context.store_for(spec)
        own = request.examples, spec, store, request.match_product_type, request.quality
        lacking = cost.lacking + lacking_windows(scene, *own)
    if request.only_encoded and lacking:
        raise NotEncoded(
            f"{lacking:,} windows of the area are not encoded yet.",
            "Ask without `only_encoded`, which encodes them.",
        )
    seconds = context.models.expected_seconds(request.encoder, lacking)
    return Checked(seconds, state)


def check_limits(phrases: list[str], settings: Settings) -> None:
    """Check the number, the length and the characters of phrases.

    Raises:
        PhraseInvalid: there are too many, or one is too long or has control characters.
    """
    if len(phrases) > settings.max_phrases:
        raise PhraseInvalid(
            f"The request has {len(phrases)} phrases; at most {settings.max_phrases} are allowed.",
            "Ask for the others in a second job.",
        )
    for phrase in phrases:
        if len(phrase) > settings.max_phrase_length:
            raise PhraseInvalid(
                f'The phrase "{phrase[:40]}…" has {len(phrase)} characters; at most '
                f"{settings.max_phrase_length} are allowed.",
                "Shorten it.",
            )
        if any(unicodedata.category(c) == "Cc" and not c.isspace() for c in phrase):
            raise PhraseInvalid(
                f"The phrase {phrase!r} has control characters, which no file can hold.",
                "Type it again.",
            )


def check_examples(examples: Examples, settings: Settings) -> None:
    """Check the number of example cells.

    Raises:
        PhraseInvalid: there are more than phrases may be.
    """
    count = len(examples.like) + len(examples.unlike)
    if count > settings.max_phrases:
        raise PhraseInvalid(
            f"The request has {count} example cells; at most {settings.max_phrases} are allowed.",
            "Leave some of them out.",
        )


def estimate(request: EstimateRequest, context: Context) -> Estimate:
    """Return what the area would cost, and whether a job over it would be taken.

    Raises what `cost_of` does.
    """
    cost = cost_of(request, context)
    seconds = context.models.expected_seconds(request.encoder, cost.lacking)
    refusal = refusal_of(cost, 1, context.settings, context.results)
    return Estimate(**vars(cost), seconds=seconds, refusal=error_body(refusal) if refusal else None)


def cost_of(request: EstimateRequest, context: Context) -> maps.Estimate:
    """Return what the area would cost.

    Raises:
        AreaInvalid: the area is not a polygon with an extent, or its CRS is unknown.
        AreaOutsideScene: it does not overlap the scene.
        EncoderUnknown: there is no encoder of this name.
        SceneUnknown: no scene is registered under this id.
        SceneUnreadable: its file is missing or damaged.
        StoreInvalid: the store cannot be read.
    """
    with context.scenes.get(request.scene).open() as scene:
        spec = context.models.spec(request.encoder)
        return maps.estimate(
            scene,
            request.area,
            spec,
            request.match_product_type,
            request.quality,
            context.store_for(spec),
        )


def run(
    request: AlignmentRequest, context: Context, folder: Path, progress: Progress
) -> AlignmentResult:
    """Write the map into `folder`."""
    models, entry = context.models, context.scenes.get(request.scene)
    head = models.head(request.head, models.spec(request.encoder))
    text = models.text_encoder(head.meta.text, request.phrases + request.but_not, progress)
    encoder = models.encoder(request.encoder, progress)
    output = folder / map_name(entry.info.name, request.labels[0])
    with entry.open() as scene:
        alignment = maps.align(
            scene,
            request.area,
            request.phrases,
            encoder,
            head,
            text,
            output,
            progress,
            request.match_product_type,
            request.quality,
            context.store_for(encoder.spec),
            request.but_not,
            request.examples,
            request.measure,
        )
    if alignment.windows:  # else the store held all
        models.record_speed(request.encoder, alignment.windows, alignment.seconds)
    file = ResultFile(name=output.name, bytes=output.stat().st_size, media_type=COG)
    own = ("path", "filled")  # not of the result: the file is, and the store is the service's
    values = {name: value for name, value in vars(alignment).items() if name not in own}
    return AlignmentResult(files=[file], **values)


def map_name(scene: str, phrase: str) -> str:
    """Return a file name of the first phrase and the scene, in letters every system knows."""
    words = [re.sub(r"[^a-z0-9]+", "-", part.lower())[:40].strip("-") for part in (phrase, scene)]
    return "_".join(filter(None, words)) + ".tif" if any(words) else "map.tif"


KIND = Kind(AlignmentRequest, AlignmentResult, check, run)
