"""What can be stated about a scene: each option in one place.

The options of the command, the keywords of `open_scene`, the messages of the service and the fields
of the panel are all made from `SceneOptions`. To add an option, add a field to it; then write the
contract anew with `python -m backend.service.openapi > docs/openapi.json`.

An option that changes pixels brings the step that does it (`power`), on linear power; steps are
taken in the order of the fields. One that changes what is known of a scene brings a function
(`info`). A number needs `Field(allow_inf_nan=False)` and bounds.

Example:
    def _damp(power: "Power", factor: float) -> "Power":
        return power[:, 1:-1, 1:-1] * factor

    damping: Annotated[
        float,
        Field(allow_inf_nan=False),
        Option("number", "Damping", "Multiply the power.", power=PowerStep(_damp, reach_px=1)),
    ] = 1.0

Commands import this module to print their help: whatever is slow to import is imported where it is
used.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from operator import getitem
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
)

from backend.errors import ConfigInvalid
from backend.scenes.info import Check, Finding, SceneInfo

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Power = NDArray[np.float32]

RADAR = "sentinel-1"
UNITS = {
    "db": "dB",
    "linear": "linear power",
    "amplitude": "amplitude",
    "dn": "digital numbers",
}
DN_OFFSET_DB = -83.0

Kind = Literal["choice", "number", "text", "date", "flag", "bands", "paths"]


@dataclass(frozen=True)
class PowerStep:
    """What an option does to the linear power of each date, before dates are averaged."""

    apply: "Callable[[Power, Any], Power]"
    """Power (2, h, w) from power (2, h + 2 r, w + 2 r) and the option's value; r is `reach_px`."""
    reach_px: int = 0
    """How far around a pixel the step looks."""


@dataclass(frozen=True)
class Option:
    """One thing that can be stated about a scene."""

    kind: Kind
    """How it is stated; a command and the panel draw it accordingly."""
    title: str
    """A few words, as a label."""
    help: str
    """One sentence."""
    modality: str | None = RADAR
    """The imagery that has it; None for all."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """The titles of the values that a choice may have, or of the bands of a scene."""
    advanced: bool = False
    """Few people need it."""
    flags: tuple[str, ...] = ()
    """Other names of the command's option, kept for one release."""
    power: PowerStep | None = None
    """What it does to pixels."""
    info: Callable[[SceneInfo, Any], SceneInfo] | None = None
    """What it does to the description of a scene: from this and the option's value."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        # The choices are written once, and become the type that pydantic checks.
        names: Any = getitem(Literal, tuple(self.choices)) if self.choices else None
        kinds = {"choice": names | None, "bands": dict[names, int] | None} if names else {}
        return handler(kinds.get(self.kind, source))

    def __get_pydantic_json_schema__(
        self, schema: Any, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "title": self.title, "description": self.help}


def is_day(text: str | Path) -> bool:
    """Return whether this is a day, year-month-day, and no path; ./2024-05-01 is a path."""
    return re.fullmatch(r"\d{4}-\d\d-\d\d", str(text)) is not None


def _path_text(path: object) -> object:
    return str(path) if isinstance(path, Path) else path


PathText = Annotated[str, BeforeValidator(_path_text)]


def _state_product_type(info: SceneInfo, product_type: str) -> SceneInfo:
    """Return the description with a product type; what else told one no longer counts."""
    stated = Finding("product type", product_type, "as stated", 1.0)
    others = [finding for finding in info.findings if finding.about != stated.about]
    return replace(info, product_type=product_type, findings=[*others[:2], stated, *others[2:]])


def _filter_speckle(power: "Power", name: str) -> "Power":
    from backend.scenes.sentinel1.speckle import refined_lee

    return refined_lee(power)


def _warn_of_filter(info: SceneInfo, name: str) -> SceneInfo:
    check = Check(
        "warning",
        "Speckle is filtered (refined Lee); the encoders saw radar that was not.",
        "Leave the filter out to compare maps or scores.",
    )
    return replace(info, checks=[*info.checks, check])


class SceneOptions(BaseModel):
    """All that can be stated about a scene; what is left out is detected.

    Example:
        options = SceneOptions(units="dn", speckle="refined-lee")
        with open_scene("scene.tif", options) as scene:
            db = scene.read(scene.extent)
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    units: Annotated[
        str | None,
        Option(
            "choice",
            "Units",
            "What the values of the file are; detected when left out.",
            choices=UNITS,
        ),
    ] = None
    scale: Annotated[
        float | None,
        Field(allow_inf_nan=False, ge=-1e6, le=1e6),
        Option(
            "number",
            "Scale",
            "What stored values are multiplied with to have the units; the file's own if left out.",
            advanced=True,
        ),
    ] = None
    offset: Annotated[
        float | None,
        Field(allow_inf_nan=False, ge=-1e6, le=1e6),
        Option(
            "number",
            "Offset",
            "What is added to stored values after the scale; the file's own if left out.",
            advanced=True,
        ),
    ] = None
    dn_offset_db: Annotated[
        float,
        Field(allow_inf_nan=False, ge=-200, le=200),
        Option(
            "number",
            "DN offset in dB",
            "For digital numbers: dB = 20 log10(DN) + this.",
            advanced=True,
        ),
    ] = DN_OFFSET_DB
    date: Annotated[
        str | None,
        Option(
            "date",
            "Date",
            "The day of the acquisition, year-month-day; of an embedding, the year.",
            modality=None,
        ),
    ] = None
    product_type: Annotated[
        str | None,
        Option(
            "choice",
            "Product type",
            "What the scene is, if neither its name nor its tags say so.",
            choices={"GRD": "GRD", "RTC": "RTC"},
            advanced=True,
            flags=("--product",),
            info=_state_product_type,
        ),
    ] = None
    noise_floor_db: Annotated[
        float | None,
        Field(allow_inf_nan=False, ge=-200, le=200),
        Option(
            "number",
            "Noise floor in dB",
            "Treat pixels below this in both bands as no data; -40 if left out.",
            advanced=True,
        ),
    ] = None
    speckle: Annotated[
        str | None,
        Option(
            "choice",
            "Speckle filter",
            "Filter speckle first.",
            choices={"refined-lee": "refined Lee"},
            advanced=True,
            power=PowerStep(_filter_speckle, reach_px=3),  # the filter takes 7 x 7 pixels
            info=_warn_of_filter,
        ),
    ] = None
    bands: Annotated[
        dict[str, int] | None,
        Option(
            "bands",
            "Band numbers",
            "Number of the band, from 1, in a file that does not name its bands.",
            choices={"VV": "VV", "VH": "VH"},
            advanced=True,
        ),
    ] = None
    also: Annotated[
        tuple[PathText, ...],
        Field(max_length=24),
        Option(
            "paths",
            "Other dates",
            "Another date of the same place: its file, or its day in a file that holds several. "
            "Most encoders take the mean of their power; some take each date by itself.",
            advanced=True,
        ),
    ] = ()
    tiles: Annotated[
        PathText | None,
        Option(
            "text",
            "Tiles of an index",
            "Folder or address of the tiles that an index lists; beside it when left out.",
            modality="alphaearth",
            advanced=True,
        ),
    ] = None

    @classmethod
    def described(cls) -> dict[str, Option]:
        """Return each option by its name, in order."""
        return {
            name: option
            for name, each in cls.model_fields.items()
            for option in each.metadata
            if isinstance(option, Option)
        }

    @property
    def stated(self) -> dict[str, Any]:
        """The options that have another value than when they are left out."""
        values = {name: getattr(self, name) for name in self.described()}
        defaults = type(self).model_fields
        return {name: value for name, value in values.items() if value != defaults[name].default}

    @property
    def power_steps(self) -> list[tuple[PowerStep, Any]]:
        """The steps that the stated options take, in order, each with the option's value."""
        known = self.described()
        return [(step, value) for name, value in self.stated.items() if (step := known[name].power)]

    @property
    def recorded(self) -> dict[str, Any]:
        """The stated options as a map's provenance keeps them: all but paths of this computer."""
        known = self.described()
        return {name: value for name, value in self.stated.items() if known[name].kind != "paths"}

    def update(self, info: SceneInfo) -> SceneInfo:
        """Return the description of a scene with what is stated."""
        known = self.described()
        for name, value in self.stated.items():
            if change := known[name].info:
                info = change(info, value)
        return info

    @property
    def paths(self) -> list[str]:
        """The paths and addresses among them."""
        also = [path for path in self.also if not is_day(path)]
        return [*also, *([self.tiles] if self.tiles else [])]

    def stating(self, **stated: Any) -> Self:
        """Return these options with others stated, too.

        Raises:
            ConfigInvalid: there is no such option, or it cannot have this value.
        """
        try:
            return type(self)(**dict(self) | stated) if stated else self
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(map(str, first["loc"]))
            if first["type"] == "extra_forbidden":
                raise ConfigInvalid(
                    f'Scenes have no option "{name}".', f"Expected {', '.join(self.described())}."
                ) from error
            raise ConfigInvalid(
                f'The option "{name}" is "{first["input"]}".',
                f"{first['msg'].replace('Input should be', 'Expected')}.",
            ) from error


DETECTED = SceneOptions()
"""Nothing is stated."""
