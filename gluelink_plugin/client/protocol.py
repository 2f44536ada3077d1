"""The protocol's words as the plugin knows them, mirrored from the backend's OpenAPI document.

Plain dataclasses without QGIS: a test compares them field by field with `docs/openapi.json`.
A reply may carry fields this plugin does not know yet; a field it needs and misses is an error.
"""

from __future__ import annotations

from dataclasses import MISSING, asdict, dataclass, field, fields
from typing import Any, TypeVar

Message = TypeVar("Message")


class ProtocolError(ValueError):
    """A reply that does not follow the protocol."""


def part(*kinds: type, default: Any = MISSING) -> Any:
    """A field that holds one message (or None); of several kinds its own `kind` tells which."""
    return field(default=default, metadata={"part": kinds})


def parts(kind: type) -> Any:
    """A field that holds a list of messages."""
    return field(metadata={"parts": kind})


def decode(kind: type[Message], payload: Any) -> Message:
    """`payload`, as parsed from JSON, as a message; ProtocolError where it does not fit."""
    if not isinstance(payload, dict):
        raise ProtocolError(f"{kind.__name__} is not an object but {type(payload).__name__}.")
    values: dict[str, Any] = {}
    for item in fields(kind):  # type: ignore[arg-type]
        if item.name not in payload:
            if item.default is MISSING:
                raise ProtocolError(f"{kind.__name__} has no field {item.name!r}.")
            continue
        value = payload[item.name]
        if "part" in item.metadata and value is not None:
            value = decode(_kind_of(value, *item.metadata["part"]), value)
        elif "parts" in item.metadata:
            value = [
                decode(item.metadata["parts"], each) for each in _as_list(kind, item.name, value)
            ]
        values[item.name] = value
    return kind(**values)


def _kind_of(payload: Any, first: type, *others: type) -> type:
    told = payload.get("kind") if isinstance(payload, dict) else None
    return next((kind for kind in others if told == getattr(kind, "kind", "")), first)


def encode(message: Any) -> dict[str, Any]:
    """A message as a JSON object; what is None is left out, so that the backend's default holds."""
    return {name: value for name, value in asdict(message).items() if value is not None}


def _as_list(kind: type, name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ProtocolError(f"{kind.__name__}.{name} is not a list but {type(value).__name__}.")
    return value


@dataclass(frozen=True)
class ErrorBody:
    """What went wrong, in one sentence, and its cure."""

    code: str
    message: str
    remedy: str = ""


@dataclass(frozen=True)
class ErrorReply:
    """Every reply with a status of 400 or above."""

    error: ErrorBody = part(ErrorBody)


@dataclass(frozen=True)
class Device:
    """Where the encoders run. Memory in bytes; 0 where it cannot be told."""

    kind: str
    name: str
    memory_total: int
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
class Limits:
    """What one request may ask for."""

    max_phrases: int
    max_phrase_length: int
    max_upload_bytes: int
    max_queued_jobs: int


@dataclass(frozen=True)
class SceneOptionChoice:
    """One value that an option can have."""

    value: str
    title: str


@dataclass(frozen=True)
class SceneOption:
    """One option that a scene is registered with, and how to draw it."""

    name: str
    title: str
    help: str
    kind: str
    modality: str | None
    advanced: bool
    default: Any
    choices: list[SceneOptionChoice] = parts(SceneOptionChoice)


@dataclass(frozen=True)
class Capabilities:
    """All that can be chosen."""

    version: str
    device: Device = part(Device)
    encoders: list[EncoderInfo] = parts(EncoderInfo)
    heads: list[HeadInfo] = parts(HeadInfo)
    limits: Limits = part(Limits)
    scene_options: list[SceneOption] = parts(SceneOption)


@dataclass(frozen=True)
class SceneRequest:
    """Register a scene that lies on the backend's machine. `date`: of a product, its year."""

    path: str
    name: str | None = None
    units: str | None = None
    date: str | None = None


@dataclass(frozen=True)
class Check:
    """One line of what was found in a scene."""

    level: str
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class SceneInfo:
    """A registered scene. Bounds: west, south, east, north in degrees (EPSG:4326)."""

    id: str
    name: str
    files: list[str]
    crs: str
    utm: str
    bounds: list[float]
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


@dataclass(frozen=True)
class CatalogueInfo:
    """A STAC catalogue that can be searched by its name."""

    name: str
    url: str
    collection: str


@dataclass(frozen=True)
class CatalogueList:
    """All catalogues that the backend knows."""

    catalogues: list[CatalogueInfo] = parts(CatalogueInfo)


@dataclass(frozen=True)
class ImagerySearch:
    """Which scenes does a catalogue have of an area? Days are ISO dates, both included."""

    catalogue: str
    aoi: dict[str, Any]
    aoi_crs: str
    first: str
    last: str
    orbit: str | None = None


@dataclass(frozen=True)
class FoundScene:
    """One scene of a catalogue.

    `time`: ISO, in UTC. `cover`: share of the area inside the footprint, which is GeoJSON in
    degrees. `unavailable`: why it cannot be fetched; empty when it can.
    """

    id: str
    catalogue: str
    collection: str
    time: str
    orbit: str | None
    relative_orbit: int | None
    polarisations: list[str]
    product_type: str | None
    cover: float
    footprint: dict[str, Any]
    unavailable: str = ""


@dataclass(frozen=True)
class FoundScenes:
    """What a search has found, the first date first."""

    scenes: list[FoundScene] = parts(FoundScene)


@dataclass(frozen=True)
class FetchRequest:
    """Fetch a scene of a catalogue, as far as it lies in and around an area."""

    catalogue: str
    item: str
    aoi: dict[str, Any]
    aoi_crs: str
    kind: str = "fetch"

    @property
    def told(self) -> str:
        """What is asked, in a few words."""
        return self.item


@dataclass(frozen=True)
class AlignmentRequest:
    """Ask a scene. `aoi`: a GeoJSON polygon in `aoi_crs`, None for the whole scene."""

    scene: str
    phrases: list[str]
    encoder: str
    head: str | None = None
    aoi: dict[str, Any] | None = None
    aoi_crs: str = "EPSG:4326"
    kind: str = "alignment"

    @property
    def told(self) -> str:
        """What is asked, in a few words."""
        return ", ".join(self.phrases)


@dataclass(frozen=True)
class EstimateRequest:
    """What would a job over this area cost?"""

    scene: str
    encoder: str
    aoi: dict[str, Any] | None = None
    aoi_crs: str = "EPSG:4326"


@dataclass(frozen=True)
class Estimate:
    """The cost of a job before it runs. Seconds are None until the backend has run one."""

    km2: float
    windows: int
    cells: int
    output_bytes: int
    seconds: float | None


@dataclass(frozen=True)
class ResultFile:
    """One file of a finished job."""

    name: str
    bytes: int
    media_type: str


@dataclass(frozen=True)
class PhraseStatistics:
    """One band of the alignment map: its phrase and how its cosines are spread."""

    band: int
    phrase: str
    minimum: float
    maximum: float
    mean: float
    percentile_2: float
    percentile_98: float


@dataclass(frozen=True)
class FetchResult:
    """The scene that was fetched, registered under the id `scene`."""

    scene: str
    seconds: float
    metadata: dict[str, Any]
    kind: str = "fetch"


@dataclass(frozen=True)
class AlignmentResult:
    """One map, a band for each phrase."""

    km2: float
    cells: int
    windows: int
    seconds: float
    provenance: dict[str, Any]
    files: list[ResultFile] = parts(ResultFile)
    phrases: list[PhraseStatistics] = parts(PhraseStatistics)
    kind: str = "alignment"


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
    request: AlignmentRequest | FetchRequest = part(AlignmentRequest, FetchRequest)
    result: AlignmentResult | FetchResult | None = part(AlignmentResult, FetchResult, default=None)
    error: ErrorBody | None = part(ErrorBody, default=None)

    @property
    def over(self) -> bool:
        """True once nothing more will change."""
        return self.state in ("done", "failed", "cancelled")
