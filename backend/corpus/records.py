"""What a corpus is made of: chips, and texts about them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args

from backend.corpus.lines import Row

Kind = Literal["caption", "question"]
Source = Literal["boxes", "segmentation", "map", "optical", "chain", "human", "unknown"]
Evidence = Literal["seen", "place", "both", "unknown"]
Status = Literal["kept", "noise", "rebuilt"]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the pixels of a chip lie."""

    crs: str
    """Such as EPSG:32632."""
    transform: tuple[float, float, float, float, float, float]
    """a, b, c, d, e, f: x = a · column + b · row + c, y = d · column + e · row + f."""
    corners: tuple[Point, Point, Point, Point]
    """Longitude and latitude (WGS84): upper left, upper right, lower right, lower left."""
    centre: Point
    """Longitude and latitude of the middle."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One radar image of a corpus.

    Example:
        Chip("S1_32632_r0000_c0224", "chips/S1_32632_r0000_c0224.tif", 224, 224)
    """

    name: str
    """What texts and facts call it; no two are called the same."""
    file: str
    """Path of its pixels below the folder of the images, with slashes."""
    width: int | None = None
    """In pixels; None where nobody has looked."""
    height: int | None = None
    """In pixels."""
    ground: Ground | None = None
    """None where the pixels have no map coordinates."""
    metres_per_pixel: float | None = None
    """Side of a pixel on the ground."""
    sensor: str = ""
    """Such as Sentinel-1."""
    polarisations: tuple[str, ...] = ()
    """The bands in order, such as VV and VH."""
    date: str | None = None
    """ISO date of the acquisition."""
    scene: str = ""
    """What it was cut from."""
    cut_db: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Lowest and highest dB of its scene's picture by channel, for 8 bits."""
    split: str = ""
    """The split that a published corpus puts it in."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Fields of a published layout that have no place elsewhere."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """One of the independent statements of a text."""

    text: str
    """The statement."""
    about: str = ""
    """Its subject, such as Terrain; empty where the text is one piece."""
    evidence: Evidence = "unknown"
    """What it rests on: the picture, what is known of the place, or both."""
    status: Status = "kept"
    """Whether it stays as it was, was found to be noise, or was written anew."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """What was measured of it."""


@dataclass(frozen=True, slots=True)
class Text:
    """A caption of a chip, or a question with its answer.

    Example:
        Text("harbour_3", (Fragment("Four ships lie in the harbour."),), source="boxes")
    """

    chip: str
    """Name of the chip."""
    fragments: tuple[Fragment, ...]
    """The caption in statements, or the answer as one."""
    kind: Kind = "caption"
    """Whether it is a caption or a question."""
    question: str = ""
    """The question; empty for a caption."""
    task: str = ""
    """Its type, such as concise, count or presence."""
    source: Source = "unknown"
    """Where it comes from."""
    split: str = ""
    """The split that a published corpus puts it in, where it is not its chip's."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """Fields of a published layout that have no place elsewhere."""

    @property
    def plain(self) -> str:
        """The caption or the answer as one text, without what was found to be noise."""
        return " ".join(one.text for one in self.fragments if one.status != "noise")


def plain_values(value: Chip | Text) -> dict[str, Any]:
    """Return a chip or a text as JSON has it; what is not known is left out."""
    values = _known(value)
    if isinstance(value, Text):
        values["fragments"] = [_known(one) for one in value.fragments]
        return values
    if value.ground is not None:
        values["ground"] = _known(value.ground)
    return {"chip": values.pop("name"), **values}


def _known(value: Chip | Text | Fragment | Ground) -> dict[str, Any]:
    """Return the fields that are known, by name; `asdict` would copy all of them deeply."""
    found = {}
    for name in value.__slots__:
        one = getattr(value, name)
        if one is not None and one != "" and one != () and one != {}:
            found[name] = one
    return found


def chip_of(row: Row) -> Chip:
    """Return the chip in a line.

    Raises:
        CorpusInvalid: a field is missing or of another kind.
    """
    metres = row.get("metres_per_pixel")
    words = {name: str(row.get(name, default="")) for name in ("sensor", "scene", "split")}
    return Chip(
        row.text("chip"),
        row.text("file"),
        _pixels(row, "width"),
        _pixels(row, "height"),
        ground=_ground(row),
        metres_per_pixel=None if metres is None else row.number("metres_per_pixel"),
        polarisations=_words(row, "polarisations"),
        cut_db=_cuts(row),
        date=_date(row),
        more=_fields(row, "more", row.get("more", default={})),
        **words,
    )


def _pixels(row: Row, side: str) -> int | None:
    value = row.get(side)
    if value is not None and (type(value) is not int or not 1 <= value < 2**31):
        raise row.invalid(side, value, "a number of pixels")
    return value


def _date(row: Row) -> str | None:
    value = row.get("date")
    try:
        return None if value is None else date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        raise row.invalid("date", value, "an ISO date such as 2024-06-15") from None


def _words(row: Row, name: str) -> tuple[str, ...]:
    values = row.get(name, default=())
    if not isinstance(values, list | tuple) or not all(isinstance(one, str) for one in values):
        raise row.invalid(name, values, "a list of texts")
    return tuple(values)


def _fields(row: Row, name: str, values: Any) -> Mapping[str, Any]:
    if not isinstance(values, dict):
        raise row.invalid(name, values, "an object")
    return values


def _cuts(row: Row) -> dict[str, tuple[float, float]]:
    cuts = row.get("cut_db", default={})
    try:
        return {band: (float(low), float(high)) for band, (low, high) in cuts.items()}
    except (AttributeError, TypeError, ValueError):
        raise row.invalid("cut_db", cuts, "lowest and highest dB of each channel") from None


def _ground(row: Row) -> Ground | None:
    values = row.get("ground")
    if values is None:
        return None
    try:
        a, b, c, d, e, f = map(float, values["transform"])
        first, second, third, fourth = (_point(one) for one in values["corners"])
        crs, centre = str(values["crs"]), _point(values["centre"])
    except (KeyError, TypeError, ValueError):
        expected = "crs, transform (6 numbers), corners (4 pairs) and centre"
        raise row.invalid("ground", values, expected) from None
    return Ground(crs, (a, b, c, d, e, f), (first, second, third, fourth), centre)


def _point(values: Any) -> Point:
    longitude, latitude = map(float, values)
    return longitude, latitude


def text_of(row: Row) -> Text:
    """Return the text in a line.

    Raises:
        CorpusInvalid: a field is missing or of another kind.
    """
    listed = row.require("fragments")
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise row.invalid("fragments", listed, "a list of objects")
    kind, source = row.get("kind", default="caption"), row.get("source", default="unknown")
    for name, value, known in (("kind", kind, Kind), ("source", source, Source)):
        if value not in get_args(known):
            raise row.invalid(name, value, f"one of {', '.join(get_args(known))}")
    words = {name: str(row.get(name, default="")) for name in ("question", "task", "split")}
    return Text(
        row.text("chip"),
        tuple(_fragment(row, number, values) for number, values in enumerate(listed)),
        kind,
        source=source,
        more=_fields(row, "more", row.get("more", default={})),
        **words,
    )


def _fragment(row: Row, number: int, values: Mapping[str, Any]) -> Fragment:
    at = f"fragments[{number}]"
    if not isinstance(values.get("text"), str):
        raise row.invalid(f"{at}.text", values.get("text"), "a text")
    evidence, status = values.get("evidence", "unknown"), values.get("status", "kept")
    for name, value, known in (("evidence", evidence, Evidence), ("status", status, Status)):
        if value not in get_args(known):
            raise row.invalid(f"{at}.{name}", value, f"one of {', '.join(get_args(known))}")
    scores = _fields(row, f"{at}.scores", values.get("scores", {}))
    if not all(type(one) in (int, float) for one in scores.values()):
        raise row.invalid(f"{at}.scores", scores, "numbers")
    return Fragment(values["text"], str(values.get("about", "")), evidence, status, scores)
