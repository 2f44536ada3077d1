"""What is known of a scene: the value that all kinds of scenes share."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One line of what was found; `level` is ok or warning."""

    level: str
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class SceneInfo:
    """A scene as it will be read; the fields of the protocol's message of the same name."""

    name: str
    files: list[str]
    crs: str
    utm: str
    bounds: tuple[float, float, float, float]
    pixel_m: tuple[float, float]
    size: tuple[int, int]
    units: str
    units_reason: str
    source: str
    date: str | None
    product_type: str | None
    nodata: float | None
    checks: list[Check]
