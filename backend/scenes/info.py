"""What is known of a scene: the value that all kinds of scenes share."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Check:
    """One line of what was found in a scene."""

    level: Literal["ok", "warning"]
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that was decided about a scene, and what decided it."""

    about: Literal["bands", "units", "product type", "date", "no data", "geometry"]
    value: str
    """In words."""
    evidence: str
    """What tells it, in a few words."""
    confidence: float
    """From 0 to 1; 1 for what was stated."""

    def __str__(self) -> str:
        share = "" if self.confidence >= 0.95 else f", {self.confidence:.0%}"
        return f"{self.value} ({self.evidence}{share})"


@dataclass(frozen=True)
class SceneInfo:
    """A scene as it will be read."""

    name: str
    files: list[str]
    crs: str
    """The file's own CRS, such as EPSG:4326."""
    utm: str
    """The UTM zone in which windows are cut, such as EPSG:32630."""
    bounds: tuple[float, float, float, float]
    """West, south, east, north in degrees (EPSG:4326)."""
    pixel_m: tuple[float, float]
    """The file's own pixel size in metres."""
    size: tuple[int, int]
    """Width and height in the file's own pixels; of a mosaic in pixels of 10 m."""
    units: str
    """db, linear or dn; embedding where the values are vectors."""
    units_reason: str
    """Why these units, in one sentence."""
    source: str
    """Sentinel-1, AlphaEarth, Tessera …"""
    date: str | None
    product_type: str | None
    """GRD or RTC; None where it is unknown, and for embeddings."""
    nodata: float | None
    checks: list[Check]
    findings: Sequence[Finding] = ()
    """What was decided about a radar scene, each with its evidence."""
    dates: int = 1
    """How many dates it has; one that is there twice counts once."""

    @property
    def summary(self) -> str:
        """All findings in one line; empty for scenes whose format says everything."""
        return " · ".join(map(str, self.findings))
