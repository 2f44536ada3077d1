"""The protocol's messages as the plugin knows them, mirrored from the backend's OpenAPI document.

Plain dataclasses without QGIS: a test compares them field by field with `docs/openapi.json`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .codec import flat, part, parts


@dataclass(frozen=True)
class ErrorBody:
    """What went wrong, in one sentence, and its remedy."""

    code: str
    message: str
    remedy: str = ""


@dataclass(frozen=True)
class ErrorReply:
    """Every reply with a status of 400 or above."""

    error: ErrorBody = part(ErrorBody)


@dataclass(frozen=True)
class Device:
    """Where the encoders run."""

    kind: str
    name: str
    memory_total: int
    """Bytes; 0 where it is not known."""
    memory_free: int


@dataclass(frozen=True)
class Health:
    """Alive."""

    version: str
    device: Device = part(Device)
    status: str = "ok"


@dataclass(frozen=True)
class EncoderInfo:
    """One encoder that can be chosen."""

    name: str
    title: str
    modality: str
    bands: list[str]
    dim: int
    window_px: int
    cell_m: float
    licence: str
    source: str
    available: bool
    remedy: str = ""
    dates: str = "averaged"
    least_dates: int = 1
    """How few dates of a scene it takes."""


@dataclass(frozen=True)
class TextSpace:
    """One text space."""

    name: str
    revision: str
    dim: int


@dataclass(frozen=True)
class HeadInfo:
    """One head and the pair it belongs to."""

    name: str
    title: str
    encoder: str
    text: str
    sha256: str
    scores: dict[str, float]
    text_space: TextSpace = part(TextSpace)
    summary: str = ""


@dataclass(frozen=True)
class DescriberInfo:
    """Whoever can say in words what is in an area."""

    name: str
    title: str
    captions: bool
    questions: bool
    measures: bool
    """Whether it says what was measured; a model says what it takes an area for."""
    chip_m: float | None
    """Side of the ground that it looks at in one piece, in metres; None for any area."""
    licence: str
    available: bool
    remedy: str = ""


@dataclass(frozen=True)
class Limit:
    """One bound of the backend."""

    name: str
    value: float
    unit: str
    reason: str
    """Why it is this number."""


@dataclass(frozen=True)
class SceneOptionChoice:
    """One value that an option can have."""

    value: str
    title: str


@dataclass(frozen=True)
class SceneOption:
    """One thing that can be stated about a scene, and how it is drawn."""

    name: str
    title: str
    help: str
    kind: str  # one of `dock.options.FIELDS`
    modality: str | None
    """The imagery that has it; None for all."""
    advanced: bool  # few people need it
    default: Any
    """What holds when it is not stated; None when it is detected, or nothing."""
    choices: list[SceneOptionChoice] = parts(SceneOptionChoice)
    """The values of a choice, or the bands to number."""


@dataclass(frozen=True)
class Capabilities:
    """All that can be chosen."""

    version: str
    device: Device = part(Device)
    encoders: list[EncoderInfo] = parts(EncoderInfo)
    heads: list[HeadInfo] = parts(HeadInfo)
    limits: list[Limit] = parts(Limit)
    describers: list[DescriberInfo] = parts(DescriberInfo, default=list)
    scene_options: list[SceneOption] = parts(SceneOption, default=list)

    def limit(self, name: str, default: float) -> float:
        """Return a bound by its name; `default` where the backend has none of this name."""
        return next((each.value for each in self.limits if each.name == name), default)


@dataclass(frozen=True)
class SceneRequest:
    """Register a scene that lies on the backend's machine."""

    path: str
    name: str | None = None
    options: dict[str, Any] = flat(dict)
    """What is stated of the scene: values by the names of `Capabilities.scene_options`."""


@dataclass(frozen=True)
class UploadInfo:
    """A file that is being sent, or was."""

    id: str
    name: str
    bytes: int
    received: int
    """How many of its bytes have come."""
    path: str | None
    """Where it lies on the backend's computer once it is whole."""
    expires: str


@dataclass(frozen=True)
class Check:
    """One line of what was found in a scene."""

    level: str
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that was decided about a scene, and what decided it."""

    about: str
    value: str
    evidence: str
    confidence: float
    """From 0 to 1."""


EMBEDDING = "embedding"
"""The units of an annual embedding, which has a year for a date."""


@dataclass(frozen=True)
class SceneInfo:
    """A registered scene."""

    id: str
    name: str
    files: list[str]
    crs: str
    utm: str
    bounds: list[float]
    """West, south, east, north in degrees (EPSG:4326)."""
    pixel_m: list[float]
    size: list[int]
    units: str
    units_reason: str
    modality: str
    source: str
    date: str | None
    product_type: str | None
    nodata: float | None
    checks: list[Check] = parts(Check)
    findings: list[Finding] = parts(Finding, default=list)
    dates: int = 1
    """How many dates it has; one that is there twice counts once."""


@dataclass(frozen=True)
class CatalogueInfo:
    """A STAC catalogue that can be searched by its name."""

    name: str
    url: str
    collection: str
    about: str = ""
    """What it delivers, and what it needs."""


@dataclass(frozen=True)
class CatalogueList:
    """All catalogues that the backend knows."""

    catalogues: list[CatalogueInfo] = parts(CatalogueInfo)


@dataclass(frozen=True)
class NewestScene:
    """How far the scenes of a catalogue reach."""

    catalogue: str
    day: str | None
    """The day of its newest scene, ISO; None where it does not say."""
    source: str | None


@dataclass(frozen=True)
class ImagerySearch:
    """Ask a STAC catalogue which scenes it has of an area."""

    catalogue: str
    aoi: dict[str, Any]
    aoi_crs: str
    first: str
    """The first day, ISO."""
    last: str
    """The last day, included."""
    orbit: str | None = None


@dataclass(frozen=True)
class FoundScene:
    """One scene of a STAC catalogue."""

    id: str
    catalogue: str
    collection: str
    time: str
    """ISO, in UTC."""
    orbit: str | None
    relative_orbit: int | None
    polarisations: list[str]
    product_type: str | None
    cover: float
    """The share of the area inside the footprint."""
    footprint: dict[str, Any]
    """GeoJSON in degrees."""
    unavailable: str = ""
    """Why it cannot be fetched; empty when it can."""


@dataclass(frozen=True)
class FoundScenes:
    """What a search has found, the first date first."""

    scenes: list[FoundScene] = parts(FoundScene)


@dataclass(frozen=True)
class EstimateRequest:
    """Ask what a job over an area would cost."""

    scene: str
    encoder: str
    aoi: dict[str, Any] | None = None
    aoi_crs: str = "EPSG:4326"


@dataclass(frozen=True)
class Estimate:
    """The cost of a job before it runs."""

    km2: float
    windows: int
    cells: int
    output_bytes: int
    seconds: float | None
    """Of what is not encoded yet; None until the backend has run a job."""
    lacking: int | None = None
    """Windows still to be encoded; None where the backend keeps nothing."""
    encoded: float = 0.0
    """Share of the cells that are encoded already, from 0 to 1."""
    footprint: dict[str, Any] | None = None
    """GeoJSON in degrees of what is encoded of the scene by the encoder; None for nothing."""
    refusal: ErrorBody | None = part(ErrorBody, default=None)
    """Why a job over the area would be refused; None where it would not."""


@dataclass(frozen=True)
class ResultFile:
    """One file of a finished job."""

    name: str
    bytes: int
    media_type: str


@dataclass(frozen=True)
class JobRequest:
    """Base of what a job is asked; each kind of job has a subclass in `gluelink_plugin.jobs`."""

    @property
    def summary(self) -> str:
        """What is asked, in a few words."""
        return ""


@dataclass(frozen=True)
class JobResult:
    """Base of what a finished job leaves; each kind of job has a subclass."""


@dataclass(frozen=True)
class Job:
    """A job as it stands."""

    id: str
    kind: str
    state: str
    stage: str
    done: int
    total: int
    seconds_left: float | None
    created: str
    request: JobRequest = part(JobRequest)
    result: JobResult | None = part(JobResult, default=None)
    error: ErrorBody | None = part(ErrorBody, default=None)

    @property
    def over(self) -> bool:
        """True once nothing more will change."""
        return self.state in ("done", "failed", "cancelled")
