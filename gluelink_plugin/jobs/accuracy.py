"""Jobs that measure how right a map is, by labels that somebody knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..client.codec import part
from ..client.protocol import JobRequest, JobResult
from ..translation import tr


@dataclass(frozen=True)
class MapChoice:
    """A map: that of a finished job, or a file on the backend's computer."""

    job: str | None = None
    path: str | None = None
    phrase: str | None = None
    """Which band is meant, where a map has several."""


@dataclass(frozen=True)
class AccuracyRequest(JobRequest):
    """Ask how right a map is."""

    map: MapChoice = part(MapChoice)
    against: MapChoice | None = part(MapChoice, default=None)
    """Another map, measured on the same places."""
    truth: dict[str, Any] | None = None
    """A GeoJSON FeatureCollection of labelled polygons or points, in degrees."""
    truth_path: str | None = None
    field: str = "label"
    """The property that holds the labels."""
    wanted: list[str] | None = None
    """The classes that the phrase means."""
    unknown: list[str] | None = None
    """Classes that are left out."""
    kind: str = "accuracy"

    @property
    def summary(self) -> str:
        """What is asked, in a few words."""
        return tr("accuracy of {map}", map=self.map.phrase or self.map.path or self.map.job)


@dataclass(frozen=True)
class Figure:
    """A figure and its interval of 95 % confidence."""

    value: float | None
    low: float
    high: float


@dataclass(frozen=True)
class MapAccuracy:
    """How well one map tells what is wanted from what is not."""

    labels: int
    wanted: int
    places: int
    """Places that the labels lie in."""
    threshold: float
    """Where recall exceeds the share of false alarms the most."""
    auc: Figure = part(Figure)
    """Chance that a wanted cell outscores another one."""
    precision: Figure = part(Figure)
    recall: Figure = part(Figure)


@dataclass(frozen=True)
class AccuracyResult(JobResult):
    """The figures of a map and, of two, which is better."""

    seconds: float
    map: MapAccuracy = part(MapAccuracy)
    against: MapAccuracy | None = part(MapAccuracy, default=None)
    difference: Figure | None = part(Figure, default=None)
    p_value: float | None = None
    kind: str = "accuracy"
