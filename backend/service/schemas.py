"""Messages that several routes share. The OpenAPI document, the contract, is made from them.

What describes a field here, or in a dataclass that is sent as it is, describes it there.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from backend import scenes
from backend.scenes.options import SceneOptions
from backend.text import TextSpace


def _plain_json(value: dict[str, Any]) -> dict[str, Any]:
    """Refuse what Python reads but JSON does not have: NaN, infinities, half characters."""
    try:
        json.dumps(value, allow_nan=False, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise ValueError("be plain JSON, without NaN or infinite numbers") from error
    return value


GeoJson = Annotated[dict[str, Any], AfterValidator(_plain_json)]


class Message(BaseModel):
    """Base of all messages. An unknown field is an error, and not silently lost."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class ErrorBody(Message):
    """What went wrong, in one sentence, and what to do."""

    code: str
    message: str
    remedy: str = ""


class ErrorReply(Message):
    """Every reply with a status of 400 or above."""

    error: ErrorBody


class Device(Message):
    """Where the encoders run. Memory in bytes; 0 where it is unknown."""

    kind: Literal["cpu", "cuda", "mps"]
    name: str
    memory_total: int
    memory_free: int


class Health(Message):
    """The reply that needs no token: the service is alive."""

    status: Literal["ok"] = "ok"
    version: str
    device: Device


class EncoderInfo(Message):
    """One encoder that can be chosen."""

    name: str
    title: str
    modality: str
    """The imagery it reads, such as sentinel-1, alphaearth or tessera."""
    bands: list[str]
    dates: Literal["averaged", "stacked"] = "averaged"
    """What becomes of several dates of a scene (`also`): their mean power, or each by itself."""
    least_dates: int = 1
    """How few dates of a scene it takes."""
    dim: int
    window_px: int
    cell_m: float
    licence: str
    source: str
    available: bool
    """False while its weights are not on this machine."""
    remedy: str = ""
    """How to make it available."""


class HeadInfo(Message):
    """One head and the pair it belongs to."""

    name: str
    title: str
    encoder: str
    text: str
    """The text encoder's name, such as minilm."""
    text_space: TextSpace
    sha256: str
    scores: dict[str, float]
    """Test scores of the model card."""
    summary: str = ""
    """What it was trained on, in one sentence."""


class DescriberInfo(Message):
    """Whoever can be asked to say in words what is in an area."""

    name: str
    """What a job of the kind `describe` names."""
    title: str
    captions: bool
    """Whether it describes an area."""
    questions: bool
    """Whether it answers questions."""
    measures: bool
    """Whether it says what was measured; a model says what it takes an area for."""
    chip_m: float | None
    """Side of the ground that a model looks at in one piece, in metres; larger areas are covered
    by up to 16 of them. Null where an area is looked at whole."""
    licence: str
    """Of its weights; empty where that is not known."""
    available: bool
    """False where its files cannot be used."""
    remedy: str = ""
    """Why not, and what to do."""


class Limit(Message):
    """One bound that whoever runs the service may change: the variable GLUELINK_ and its name."""

    name: str
    value: int | float
    unit: str
    reason: str
    """Why it is this number."""


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
    choices: list[SceneOptionChoice]
    """Of the kind bands: the bands to number."""
    modality: str | None
    """The imagery that has it; null for all."""
    advanced: bool
    """Few people need it."""
    default: Any
    """What holds when it is left out."""


class Capabilities(Message):
    """All that can be chosen here."""

    version: str
    device: Device
    encoders: list[EncoderInfo]
    heads: list[HeadInfo]
    describers: list[DescriberInfo]
    """Facts come first. Nothing else describes: no request names a file or an address."""
    limits: list[Limit]
    scene_options: list[SceneOption]


class SceneRequest(SceneOptions):
    """Register a local scene. What is left out is detected and reported."""

    path: str = Field(
        description="A GeoTIFF, one polarisation of a pair, or a folder of them; or a tile, a "
        "folder or an index of an embedding."
    )
    name: str | None = None


class UploadInfo(Message):
    """A file that a client sends, or has sent."""

    id: str
    name: str
    bytes: int
    received: int
    """How many of its bytes have come."""
    path: str | None
    """Where it lies on the backend's computer once it is whole, for SceneRequest; null before."""
    expires: datetime
    """When it is removed, unless it is gone on with or a registered scene reads it."""


class UploadList(Message):
    """All uploads, the last changed first."""

    uploads: list[UploadInfo]


@dataclass(frozen=True, kw_only=True)
class SceneInfo(scenes.SceneInfo):
    """A registered scene, as it will be read.

    `bounds` are west, south, east, north in degrees (EPSG:4326); `crs`, `pixel_m` and `size` (width
    and height) are the file's own; windows are cut in the zone `utm`.
    """

    __pydantic_config__ = Message.model_config

    id: str
    modality: str
    """Encoders of the same modality read it."""


class ResultFile(Message):
    """One file of a finished job."""

    name: str
    bytes: int
    media_type: str


class SceneList(Message):
    """All registered scenes."""

    scenes: list[SceneInfo]
