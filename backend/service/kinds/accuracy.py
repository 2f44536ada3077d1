"""Jobs that measure a map, or two on the same places, against labels that somebody knows.

The measures are imported when they are asked for: few services ever measure.
"""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from pydantic import Field

from backend.errors import JobUnknown, PhraseInvalid, TooLarge, TruthInvalid
from backend.io.unchanged import state_of
from backend.progress import Progress
from backend.scenes.files import local_path
from backend.service.context import Context
from backend.service.errors import printable
from backend.service.kinds import Checked, Kind, KindRequest, KindResult
from backend.service.kinds.fetch import abandonable
from backend.service.schemas import GeoJson, Message
from backend.service.settings import Settings

VECTORS = (".csv", ".json", ".geojson")


class MapChoice(Message):
    """A map: that of a finished job, or a GeoTIFF of scores on the backend's computer."""

    job: str | None = None
    """The id of a job that is done; its first file is the map."""
    path: str | None = None
    """The whole path of a file; either this or `job`."""
    phrase: str | None = None
    """Which band is meant, where a map has several."""


class AccuracyRequest(KindRequest):
    """Ask how right a map is; with `against`, which of two maps is better."""

    kind: Literal["accuracy"]
    map: MapChoice
    against: MapChoice | None = None
    """Another map, measured on the same places."""
    truth: GeoJson | None = None
    """A FeatureCollection of labelled polygons or points; either this or `truth_path`."""
    truth_path: str | None = None
    """The whole path of GeoJSON, a CSV table with lon and lat, or a GeoTIFF of classes."""
    field: str = Field("label", max_length=100)
    """The property or the column that holds the labels."""
    wanted: list[str] = Field(["1"], min_length=1, max_length=256)
    """The classes that the phrase means; all others but `unknown` are not meant."""
    unknown: list[str] = Field([], max_length=256)
    """Classes that are left out."""

    @property
    def summary(self) -> str:
        """The classes."""
        return f"measure a map of {', '.join(self.wanted)}"


class Figure(Message):
    """A figure and its interval of 95 % confidence."""

    value: float | None
    """Null of a share where there was nothing to count."""
    low: float
    high: float


class MapAccuracy(Message):
    """How well one map tells what is wanted from what is not."""

    labels: int
    """Labelled cells that have a score."""
    wanted: int
    """Those of them that show what is wanted."""
    places: int
    """Places that the labels lie in: polygons, points, squares of 1 km of a raster."""
    auc: Figure
    """Chance that a wanted cell outscores another one; ½ is guessing."""
    threshold: float
    """Where recall exceeds the share of false alarms the most."""
    precision: Figure
    """Share of the cells above a threshold that are wanted, in the mixture of these labels."""
    recall: Figure
    """Share of the wanted cells that are above a threshold."""


class AccuracyResult(KindResult):
    """The figures of a map and, of two, which is better."""

    kind: Literal["accuracy"] = "accuracy"
    map: MapAccuracy
    against: MapAccuracy | None = None
    difference: Figure | None = None
    """AUC of the map less that of the other one."""
    p_value: float | None = None
    """Chance of a difference as large where the two maps are as good as each other."""
    seconds: float


def check(request: AccuracyRequest, context: Context) -> Checked:
    """Raise what is known before a label is read: no such map or band, no readable truth."""
    maps = [_band_of(choice, context) for choice in _choices(request)]
    truth = _truth_file(request, context.settings)
    return Checked(depends_on=state_of([path for path, _ in maps] + ([truth] if truth else [])))


def run(
    request: AccuracyRequest, context: Context, folder: Path, progress: Progress
) -> AccuracyResult:
    """Measure; nothing is left in `folder`."""
    from backend.accuracy import Comparison, judge

    began = time.monotonic()
    (map_, band), *others = (_band_of(choice, context) for choice in _choices(request))
    against, against_band = others[0] if others else (None, 1)
    with TemporaryDirectory() as scratch:
        truth = _truth_file(request, context.settings)
        if truth is None:
            truth = Path(scratch) / "truth.geojson"
            truth.write_text(json.dumps(request.truth), encoding="utf-8")
        progress("Measuring", 0, 1)
        found = abandonable(
            lambda _: judge(
                map_,
                truth,
                request.wanted,
                request.unknown,
                field=request.field,
                band=band,
                against=against,
                against_band=against_band,
            ),
            progress,
        )
    figures = _without_nan(asdict(found))
    if isinstance(found, Comparison):
        figures = {"map": figures.pop("first"), "against": figures.pop("second"), **figures}
    else:
        figures = {"map": figures}
    return AccuracyResult(**figures, seconds=time.monotonic() - began)


def _choices(request: AccuracyRequest) -> list[MapChoice]:
    return [request.map, *([request.against] if request.against else [])]


def _band_of(choice: MapChoice, context: Context) -> tuple[Path, int]:
    """Return the file of a map and the number of its band.

    Raises:
        TruthInvalid: neither or both of job and path are given, or it is not a map.
        JobUnknown: there is no such job that is done and has a file.
        SceneUnreadable: there is no such file below the folders that may be read.
        TooLarge: it has more cells than may be measured.
        PhraseInvalid: it has no such band, or several and none was chosen.
    """
    from backend.accuracy.report import map_grid, phrases_of

    if (choice.job is None) == (choice.path is None):
        raise TruthInvalid("A map needs either a job or a path.", "Give one of the two.")
    path = _file_of(choice.job, context) if choice.job else _local_file(str(choice.path))
    grid, most = map_grid(path), context.settings.max_truth_cells
    if grid.height * grid.width > most:
        raise TooLarge(
            f"{path.name} has {grid.height * grid.width:,} cells; at most {most:,} are measured.",
            "Measure a part of it, or raise GLUELINK_MAX_TRUTH_CELLS.",
        )
    phrases = phrases_of(path)
    if choice.phrase in phrases:
        return path, phrases.index(choice.phrase) + 1
    if choice.phrase is None and len(phrases) == 1:
        return path, 1
    which = f"; {printable(choice.phrase)!r} is none of them" if choice.phrase else ""
    raise PhraseInvalid(
        f"{path.name} has the phrases {', '.join(map(repr, phrases))}{which}.",
        "State one of them as the map's phrase.",
    )


def _file_of(job: str, context: Context) -> Path:
    """Return the first file that a job has left."""
    row = context.table.job(job)
    files = json.loads(row.result or "{}").get("files", []) if row else []
    path = context.results / row.work / files[0]["name"] if row and files else None
    if path is None or not path.is_file():
        raise JobUnknown(
            f'There is no job "{printable(job)}" that is done and has left a map.',
            "Wait for its end, or give the path of a map.",
        )
    return path


def _truth_file(request: AccuracyRequest, settings: Settings) -> Path | None:
    """Return the file of the truth; None where it stands in the request.

    Raises:
        TruthInvalid: neither or both of them are given, or it is not a raster.
        SceneUnreadable: there is no such file below the folders that may be read.
        TooLarge: it has more bytes than are read into memory.
    """
    from backend.accuracy.truth import open_classes

    if (request.truth is None) == (request.truth_path is None):
        raise TruthInvalid(
            "The truth is either in the request or a file.", "Give truth or truth_path."
        )
    if request.truth_path is None:
        return None
    path, most = _local_file(request.truth_path), settings.max_truth_bytes
    if path.suffix.lower() not in VECTORS:
        open_classes(path).close()
    elif path.stat().st_size > most:
        raise TooLarge(
            f"{path.name} has {path.stat().st_size:,} bytes; at most {most:,} are read.",
            "Give fewer labels, or raise GLUELINK_MAX_TRUTH_BYTES.",
        )
    return path


def _local_file(text: str) -> Path:
    path = Path(text)
    if not path.is_absolute() or not (found := local_path(path)).is_file():
        raise TruthInvalid(
            f'"{printable(text)}" is not the whole path of a file.',
            "Send the path as the backend's computer knows it.",
        )
    return found


def _without_nan(value: Any) -> Any:
    """Return figures with None where there is no number, since JSON has no NaN."""
    if isinstance(value, dict):
        return {name: _without_nan(inner) for name, inner in value.items()}
    return None if isinstance(value, float) and math.isnan(value) else value


KIND = Kind(AccuracyRequest, AccuracyResult, check, run)
