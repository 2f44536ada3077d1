"""The points of a survey before anything is computed: where, when, and addresses of photographs.

A table of points is a CSV file (UTF-8, commas or semicolons) that any survey can be brought into:

    id           unique, up to 200 characters as a URL writes it
    lon, lat     degrees, WGS84
    date         YYYY-MM-DD, or empty when not known
    region       what a split keeps together: a NUTS-2 code, a country, a grid square
    class        optional; A to H, the first letter of a LUCAS land-cover code, or empty
    split        optional; train, validation or test in every row
    north, east, south, west    optional; address of the photograph that looks this way, or empty
    photo        optional; address of the one photograph whose direction is not known

An address is a URL (http or https), or a path that starts at the table's folder. A point has one
to four directed photographs, or one undirected.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np

from backend.errors import SurveyInvalid
from backend.io.atomic import atomic
from backend.io.disk import writing
from backend.io.tables import TableWriter
from backend.link import VIEWS
from backend.progress import Progress, silent
from backend.survey.tables import Row, read_table

CLASSES = "ABCDEFGH"  # LUCAS: artificial, crops, woods, shrubs, grass, bare, water, wetland
SPLITS = ("train", "validation", "test")
UNDIRECTED = "photo"
REQUIRED = ("id", "lon", "lat", "date", "region")
OPTIONAL = ("class", "split", *VIEWS, UNDIRECTED)
LONGEST_ID = 200
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Point:
    """One point; the fields of `SurveyPoints` in the singular."""

    id: str
    lon: float
    lat: float
    date: date | None
    region: str
    land_class: int
    views: tuple[str, str, str, str]
    undirected: str = ""
    split: int | None = None


@dataclass(frozen=True, slots=True)
class Photograph:
    """One photograph of a point."""

    point: str
    """The point's id."""

    view: str
    """One of `VIEWS`, or `UNDIRECTED`."""

    address: str
    """A URL, or a path on this disk."""

    @property
    def is_remote(self) -> bool:
        """Whether the address is a URL."""
        return "://" in self.address


@dataclass(frozen=True, eq=False)
class SurveyPoints:
    """The points of a survey, sorted by id.

    Example:
        points = read_points(Path("lucas.csv"))
        print(len(points), "points, the first at", points.lon[0], points.lat[0])
    """

    ids: np.ndarray
    """(n,) text."""

    lon: np.ndarray
    """(n,) float64: degrees, WGS84."""

    lat: np.ndarray
    """(n,) float64: degrees, WGS84."""

    date: np.ndarray
    """(n,) datetime64[D]: NaT where not known."""

    region: np.ndarray
    """(n,) text: what a split keeps together."""

    land_class: np.ndarray
    """(n,) int8: index into CLASSES, UNKNOWN where not known."""

    views: np.ndarray
    """(n, 4) text: addresses north, east, south, west; empty where there is no photograph."""

    undirected: np.ndarray
    """(n,) text: address of a photograph without a direction, or empty."""

    split: np.ndarray | None = None
    """(n,) uint8: index into SPLITS."""

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: np.ndarray) -> "SurveyPoints":
        """Return the points of rows (m,), or of a mask (n,)."""
        arrays = {field.name: getattr(self, field.name) for field in fields(self)}
        part: dict[str, Any] = {k: None if v is None else v[rows] for k, v in arrays.items()}
        return SurveyPoints(**part)

    def photographs(self) -> Iterator[Photograph]:
        """Yield every photograph, point by point."""
        for point, views, undirected in zip(self.ids, self.views, self.undirected, strict=True):
            for view, address in zip((*VIEWS, UNDIRECTED), (*views, undirected), strict=True):
                if address:
                    yield Photograph(point, view, address)


def gather_points(points: Iterable[Point]) -> SurveyPoints:
    """Return points as arrays, sorted by id; with a split when every point has one."""
    rows = sorted(points, key=lambda point: point.id)
    text = np.dtypes.StringDType()
    splits = [row.split for row in rows]
    return SurveyPoints(
        ids=np.array([row.id for row in rows], text),
        lon=np.array([row.lon for row in rows], np.float64),
        lat=np.array([row.lat for row in rows], np.float64),
        date=np.array([row.date for row in rows], "datetime64[D]"),
        region=np.array([row.region for row in rows], text),
        land_class=np.array([row.land_class for row in rows], np.int8),
        views=np.array([row.views for row in rows], text).reshape(-1, 4),
        undirected=np.array([row.undirected for row in rows], text),
        split=None if None in splits else np.array(splits, np.uint8),
    )


def read_points(path: Path, progress: Progress = silent) -> SurveyPoints:
    """Read a table of points.

    Raises:
        SurveyInvalid: the table cannot be read; the message names the row and the field.
    """
    points: dict[str, Point] = {}
    regions: dict[str, int | None] = {}
    for row in read_table(path, REQUIRED, OPTIONAL, progress):
        point = _point(row, path.parent)
        if point.id in points:
            raise row.unreadable("id", "an id that no other row has")
        if regions.setdefault(point.region, point.split) != point.split:
            raise row.unreadable(
                "split", f"the split of the other points of the region {point.region}"
            )
        points[point.id] = point
    return gather_points(points.values())


def _point(row: Row, folder: Path) -> Point:
    fields = row.fields
    for column, limit in (("lon", 180), ("lat", 90)):
        if abs(row.number(column)) > limit:
            raise row.unreadable(column, f"degrees from -{limit} to {limit}")
    if not 0 < len(quote(fields["id"], safe="")) <= LONGEST_ID:  # it names files
        raise row.unreadable("id", f"1 to {LONGEST_ID} characters as a URL writes it")
    if not fields["region"]:
        raise row.unreadable("region", "a name, since a split keeps regions together")
    views = [_address(row, view, folder) for view in VIEWS]
    undirected = _address(row, UNDIRECTED, folder)
    if any(views) == bool(undirected):
        raise SurveyInvalid(
            f"{row.table}, row {row.line} has {sum(map(bool, views))} directed photographs and "
            f"{'one' if undirected else 'none'} undirected; expected one kind of the two.",
            "Fill north, east, south or west, or else photo.",
        )
    north, east, south, west = views
    return Point(
        id=fields["id"],
        lon=row.number("lon"),
        lat=row.number("lat"),
        date=_date(row),
        region=fields["region"],
        land_class=_land_class(row),
        views=(north, east, south, west),
        undirected=undirected,
        split=_split(row),
    )


def _address(row: Row, column: str, folder: Path) -> str:
    address = row.fields.get(column, "")
    if not address or address.startswith(("http://", "https://")):
        return address
    if "://" in address:
        raise row.unreadable(column, "a path, or a URL that begins with http:// or https://")
    return str(Path(os.path.abspath(folder / address)))


def _date(row: Row) -> date | None:
    try:
        return date.fromisoformat(row.fields["date"]) if row.fields["date"] else None
    except ValueError:
        raise row.unreadable("date", "YYYY-MM-DD or nothing") from None


def _land_class(row: Row) -> int:
    name = row.fields.get("class", "")
    if name and name not in CLASSES:
        raise row.unreadable("class", "one letter from A to H, or nothing")
    return CLASSES.index(name) if name else UNKNOWN


def _split(row: Row) -> int | None:
    name = row.fields.get("split")
    if name is None:
        return None
    if name not in SPLITS:
        raise row.unreadable("split", f"one of {', '.join(SPLITS)}")
    return SPLITS.index(name)


def write_points(points: SurveyPoints, path: Path) -> None:
    """Write a table of points that `read_points` reads.

    Raises:
        DiskFull: the disk is full.
        OutputUnwritable: the file cannot be written.
    """
    with (
        writing(path),
        atomic(path) as partial,
        partial.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = TableWriter(file)
        split = [] if points.split is None else ["split"]
        writer.add([*REQUIRED, "class", *split, *VIEWS, UNDIRECTED])
        for line in _lines(points):
            writer.add(line)


def _lines(points: SurveyPoints) -> Iterator[list[str]]:
    for i in range(len(points)):
        day, kind = points.date[i], points.land_class[i]
        split = [] if points.split is None else [SPLITS[points.split[i]]]
        yield [
            points.ids[i],
            f"{points.lon[i]:.7f}",
            f"{points.lat[i]:.7f}",
            "" if np.isnat(day) else str(day),
            points.region[i],
            "" if kind == UNKNOWN else CLASSES[kind],
            *split,
            *points.views[i],
            points.undirected[i],
        ]


def summarise(counts: Counter[str]) -> str:
    """Return counts in words, the largest first."""
    return ", ".join(f"{n:,} {what}" for what, n in counts.most_common()) or "none"
