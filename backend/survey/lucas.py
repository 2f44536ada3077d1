"""Read LUCAS 2018, the land survey of the European Union, from its published tables.

There are the primary table (EU_2018_20200213.CSV) and the harmonised one of all years (d'Andrimont
et al., Scientific Data 7, 352, 2020), which name their columns alike but for case. Photographs are
served by GISCO.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
from pyproj import Transformer

from backend.errors import SurveyInvalid
from backend.link import VIEWS
from backend.progress import Progress, silent
from backend.survey.points import (
    CLASSES,
    UNKNOWN,
    Point,
    SurveyPoints,
    gather_points,
    summarise,
)
from backend.survey.tables import Row, read_table

YEAR = "2018"
# Where GISCO serves the photographs of a point.
PHOTO_URL = "https://gisco-services.ec.europa.eu/lucas/photos/{year}/{nuts0}/{a}/{b}/{id}{view}.jpg"
POSITIONS = ("th_lat", "th_long", "gps_lat", "gps_long")
REQUIRED = ("point_id", "nuts0", "nuts2", *POSITIONS, "gps_ew", "obs_type", "survey_date", "lc1")
PHOTO_CODES = tuple(f"photo_{view}" for view in VIEWS)
PHOTO_PATHS = tuple(f"file_path_gisco_{view}" for view in VIEWS)
EMPTY = frozenset({"", "na", "nan", "null", "8", "88", "888", "8888"})  # "not relevant"
IN_OFFICE = frozenset({"7", "7.0", "in office pi"})
TAKEN = frozenset({"1", "1.0", "photo taken"})
WEST = frozenset({"2", "2.0", "w", "west"})
EAST = frozenset({"1", "1.0", "e", "east"})
LAND_COVER = re.compile(rf"[{CLASSES}](X?\d\w*)?", re.IGNORECASE)
DATES = ("%d/%m/%y", "%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y")
FARTHEST_M = 1000.0  # half of the 2 km between points: farther off, another one would be nearer


@dataclass
class LucasCounts:
    """What became of the rows of a LUCAS table."""

    rows: int = 0
    """Rows in the table."""

    dropped: Counter[str] = field(default_factory=Counter)
    """Rows that are not a point, by reason."""

    position: Counter[str] = field(default_factory=Counter)
    """Points, by the source of their position."""

    without_class: int = 0
    """Points whose land cover is not known."""

    def sentences(self) -> Iterator[str]:
        """Yield what became of the rows, in words."""
        yield f"Dropped from {self.rows:,} rows: {summarise(self.dropped)}."
        places = f"Positions by: {summarise(self.position)}."
        yield f"{places} Without a class: {self.without_class:,}."


def read_lucas(path: Path, progress: Progress = silent) -> tuple[SurveyPoints, LucasCounts]:
    """Return the points of LUCAS 2018 that have a photograph, and what was dropped.

    A point lies where GPS put the surveyor; where that is missing or wrong, at the theoretical
    position; where that is wrong too, where its id says.

    Raises:
        SurveyInvalid: a row cannot be read, or none is left; the message names row and field.
    """
    counts = LucasCounts()
    kept: dict[str, Point] = {}
    positions: dict[str, list[float]] = {}
    optional = ("year", *PHOTO_CODES, *PHOTO_PATHS)
    for row in read_table(path, REQUIRED, optional, progress):
        counts.rows += 1
        point, reason = _point(row)
        if point is None or point.id in kept:
            counts.dropped[reason or "a second time in the table"] += 1
            continue
        kept[point.id] = point
        positions[point.id] = _position(row)
    if not kept:
        raise SurveyInvalid(
            f"No point is left of the {counts.rows} rows of {path}: {summarise(counts.dropped)}.",
            "Give the table of LUCAS 2018 with its photo columns.",
        )
    points = gather_points(kept.values())
    stated = np.array([positions[name] for name in points.ids])
    lon, lat, source = _best_positions(points.ids, stated)
    counts.position.update(source)
    counts.without_class = int(np.sum(points.land_class == UNKNOWN))
    return replace(points, lon=lon, lat=lat), counts


def _point(row: Row) -> tuple[Point | None, str]:
    """Return the point of a row, its position not yet known; or None and why it is dropped."""
    fields = row.fields
    if fields.get("year", YEAR) not in (YEAR, f"{YEAR}.0"):
        return None, "of another year"
    name, country, region = (fields[key] for key in ("point_id", "nuts0", "nuts2"))
    if not (name.isascii() and name.isdigit() and len(name) == 8):
        raise row.unreadable(
            "point_id", "eight digits, the kilometres of its position in EPSG:3035"
        )
    if fields["obs_type"].lower() in IN_OFFICE:
        return None, "interpreted in the office"
    views = _views(row)
    if not any(views):
        return None, "without a photograph"
    if country.lower() in EMPTY or region.lower() in EMPTY:
        return None, "without a region"
    north, east, south, west = views
    known = LAND_COVER.fullmatch(fields["lc1"])  # such as B11 or BX1
    return Point(
        id=name,
        lon=np.nan,
        lat=np.nan,
        date=_date(row),
        region=region,
        land_class=CLASSES.index(known[0][0].upper()) if known else UNKNOWN,
        views=(north, east, south, west),
    ), ""


def _views(row: Row) -> list[str]:
    """Return URLs of the photographs, north, east, south, west; empty where none was taken."""
    fields, name, urls = row.fields, row.fields["point_id"], []
    for view, code, path in zip(VIEWS, PHOTO_CODES, PHOTO_PATHS, strict=True):
        if code not in fields and path not in fields:
            raise SurveyInvalid(
                f"{row.table} lacks the column {code}; expected it or {path}.",
                "Give a LUCAS table with its photo columns.",
            )
        address = fields.get(path, "")
        taken = fields[code].lower() in TAKEN if code in fields else address.lower() not in EMPTY
        served = PHOTO_URL.format(
            year=YEAR,
            nuts0=fields["nuts0"],
            a=name[:3],
            b=name[3:6],
            id=name,
            view=view[0].upper(),
        )
        known = address if address.startswith(("http://", "https://")) else served
        urls.append(known if taken else "")
    return urls


def _date(row: Row) -> date | None:
    text = row.fields["survey_date"]
    if text.lower() in EMPTY:
        return None
    for form in DATES:
        with suppress(ValueError):  # it may be in the next form
            return datetime.strptime(text.partition(" ")[0].partition("T")[0], form).date()
    raise row.unreadable("survey_date", "dd/mm/yy or yyyy-mm-dd")


def _position(row: Row) -> list[float]:
    """Return latitude and longitude, theoretical and by GPS with its sign; NaN where missing.

    The fill value 88.888888 needs no care: no id agrees with it.
    """
    th_lat, th_long, gps_lat, gps_long = (
        np.nan if row.fields[column].lower() in EMPTY else row.number(column)
        for column in POSITIONS
    )
    if (side := row.fields["gps_ew"].lower()) in WEST | EAST:
        gps_long = -abs(gps_long) if side in WEST else abs(gps_long)
    return [th_lat, th_long, gps_lat, gps_long]


def _best_positions(
    ids: np.ndarray, stated: np.ndarray
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return longitudes and latitudes (n,) in degrees, and the source of each.

    An id says the position in kilometres of EPSG:3035. The first of GPS, theoretical degrees and
    theoretical metres that agrees with it counts; some copies hold metres with the easting as
    latitude.
    """
    grid = np.array([(int(name[:4]), int(name[4:])) for name in ids], float) * 1000
    th_lat, th_long, gps_lat, gps_long = stated.T
    to_metres = Transformer.from_crs(4326, 3035, always_xy=True)
    candidates: dict[str, Sequence[np.ndarray]] = {
        "GPS": to_metres.transform(gps_long, gps_lat),
        "theoretical degrees": to_metres.transform(th_long, th_lat),
        "theoretical metres": (th_long, th_lat),
        "theoretical metres, easting first": (th_lat, th_long),
    }
    metres, source = grid.copy(), np.full(len(grid), "point id", object)
    for name, position in reversed(candidates.items()):  # the first overwrites the others
        place = np.stack(position, axis=-1)
        agrees = np.hypot(*(place - grid).T) <= FARTHEST_M  # never for NaN and infinity
        metres[agrees] = place[agrees]
        source[agrees] = name
    lon, lat = Transformer.from_crs(3035, 4326, always_xy=True).transform(*metres.T)
    return np.asarray(lon), np.asarray(lat), list(source)
