"""The protocol's words. FastAPI turns them into the OpenAPI document, which is the contract."""

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from backend.scenes.options import PlainOptions, SceneOptions


def _plain_json(value: dict[str, Any]) -> dict[str, Any]:
    """Refuse what Python reads but JSON has not: NaN, infinities, half characters."""
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise ValueError("be plain JSON, without NaN or infinite numbers") from error
    return value


GeoJson = Annotated[dict[str, Any], AfterValidator(_plain_json)]


class Message(BaseModel):
    """Base of all messages: an unknown field is an error, not a silent loss."""

    model_config = ConfigDict(extra="forbid")


class ErrorBody(Message):
    """What went wrong, in one sentence, and its cure."""

    code: str
    message: str
    remedy: str = ""


class ErrorReply(Message):
    """Every reply with a status of 400 or above."""

    error: ErrorBody


class Device(Message):
    """Where the encoders run. Memory in bytes; 0 where it cannot be told."""

    kind: Literal["cpu", "cuda", "mps"]
    name: str
    memory_total: int
    memory_free: int


class Health(Message):
    """Alive; the one reply that needs no token."""

    status: Literal["ok"] = "ok"
    version: str
    device: Device


class EncoderInfo(Message):
    """One encoder that can be chosen."""

    name: str
    title: str
    modality: str = Field(
        description="What it reads, such as sentinel-1, alphaearth or tessera: scenes of the same."
    )
    bands: list[str]
    dim: int
    window_px: int
    cell_m: float
    licence: str
    source: str
    available: bool = Field(description="False while its weights are not on this machine.")
    remedy: str = Field("", description="How to make it available.")


class TextSpaceInfo(Message):
    """One text space."""

    name: str
    revision: str
    dim: int


class HeadInfo(Message):
    """One head and the pair it belongs to."""

    name: str
    title: str
    encoder: str
    text: str = Field(description="The text encoder's name, such as minilm.")
    text_space: TextSpaceInfo
    sha256: str
    scores: dict[str, float] = Field(description="Test scores of the model card.")
    summary: str = Field("", description="What it was trained on, in one sentence.")


class Limits(Message):
    """What one request may ask for."""

    max_phrases: int
    max_phrase_length: int
    max_upload_bytes: int
    max_queued_jobs: int


class SceneOptionChoice(Message):
    """One value that an option can have."""

    value: str
    title: str


class SceneOption(Message):
    """One option that a scene is registered with: a field of SceneRequest, and how to draw it."""

    name: str
    title: str
    help: str
    kind: Literal["choice", "number", "text", "date", "flag", "bands", "paths"]
    choices: list[SceneOptionChoice] = Field(description="Of the kind bands: the bands to number.")
    modality: str | None = Field(description="The imagery that has it; null for all.")
    advanced: bool = Field(description="Few people need it.")
    default: Any = Field(description="What holds when it is left out.")


class Capabilities(Message):
    """All that can be chosen here."""

    version: str
    device: Device
    encoders: list[EncoderInfo]
    heads: list[HeadInfo]
    limits: Limits
    scene_options: list[SceneOption]


class SceneRequest(SceneOptions):
    """Register a local scene. What is left out is detected and reported."""

    path: str = Field(
        description="A GeoTIFF, one polarisation of a pair, or a folder of them; or a tile, a "
        "folder or an index of an embedding."
    )
    name: str | None = None


class UploadOptions(PlainOptions):
    """The query of an upload: the file's name and what is known of the scene."""

    name: str = Field(description="File name, ending in .tif or .tiff.")


class Check(Message):
    """One line of what was found in a scene."""

    level: Literal["ok", "warning"]
    text: str
    remedy: str = ""


class SceneInfo(Message):
    """A registered scene or embedding product, as it will be read."""

    id: str
    name: str
    files: list[str]
    crs: str = Field(description="The file's own CRS, such as EPSG:4326.")
    utm: str = Field(description="The UTM zone in which windows are cut, such as EPSG:32630.")
    bounds: tuple[float, float, float, float] = Field(
        description="West, south, east, north in degrees (EPSG:4326)."
    )
    pixel_m: tuple[float, float] = Field(description="The file's own pixel size in metres.")
    size: tuple[int, int] = Field(description="Width and height in the file's own pixels.")
    units: Literal["db", "linear", "dn", "embedding"]
    units_reason: str = Field(description="Why these units, in one sentence.")
    modality: str = Field(description="Encoders of the same modality read it.")
    source: str = Field(description="Sentinel-1, AlphaEarth, Tessera …")
    date: str | None
    product_type: Literal["GRD", "RTC"] | None
    nodata: float | None
    checks: list[Check]


class ResultFile(Message):
    """One file of a finished job."""

    name: str
    bytes: int
    media_type: str


class SceneList(Message):
    """All registered scenes."""

    scenes: list[SceneInfo]
