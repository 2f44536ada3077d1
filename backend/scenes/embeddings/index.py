"""The index of AlphaEarth: where each file lies, which its name does not tell.

Published as CSV and as GeoPackage, with a row for each file and year: `path` (s3:// or gs://),
`year`, `crs`, the file's corners as `utm_west` ... and those of its data as `wgs84_west` ...
A row only says which file; where files are read from, the user does.
"""

import csv
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import shapely
from affine import Affine
from pyproj import CRS
from pyproj.exceptions import CRSError

from backend.errors import SceneUnreadable
from backend.scenes.box import PIXEL_M
from backend.scenes.embeddings import alphaearth
from backend.scenes.embeddings.remote import Location
from backend.scenes.embeddings.tiles import TileEntry, middle_of
from backend.scenes.grid import Grid

SIDES = ("west", "south", "east", "north")
COLUMNS = (
    "path",
    "year",
    "crs",
    *(f"{kind}_{side}" for kind in ("utm", "wgs84") for side in SIDES),
)
LONGEST_FIELD = 2**24  # outlines of islands, as text
DEPTH = 3
"""A path's last parts, year/zone/file, are the same in every copy."""

Row = Mapping[str, Any]


def is_index(path: Path) -> bool:
    """Is this a file that is named as an index?"""
    return path.is_file() and path.suffix.lower() in (".csv", ".gpkg", ".parquet")


def read_index(
    path: Path, files: Location, year: int | None, near: shapely.Geometry | None
) -> list[TileEntry]:
    """Tiles of a year (of all when None) that touch `near` (degrees), to be read below `files`.

    SceneUnreadable when it is no index.
    """
    try:
        rows = _chosen(_rows(path), year, near)
        return [_entry(row, files) for row in rows]
    except (OSError, sqlite3.Error, csv.Error, UnicodeDecodeError) as error:
        raise SceneUnreadable(f"The index {path.name} cannot be read: {error}.") from error
    except (ValueError, TypeError, CRSError) as error:
        raise SceneUnreadable(
            f"The index {path.name} has a row that is no tile: {error}.", "Fetch it anew."
        ) from error


def _rows(path: Path) -> Iterator[Row]:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        raise SceneUnreadable(
            f"{path.name} is an index as Parquet, which is not read here.",
            "Take the same index as .csv or .gpkg.",
        )
    return _rows_of_csv(path) if suffix == ".csv" else _rows_of_gpkg(path)


def _rows_of_csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        _require(reader.fieldnames or (), path)
        yield from reader


def _rows_of_gpkg(path: Path) -> Iterator[Row]:
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as base:
        base.row_factory = sqlite3.Row
        tables = base.execute("SELECT table_name FROM gpkg_contents ORDER BY table_name").fetchall()
        if not tables:
            raise SceneUnreadable(f"The index {path.name} has no table.")
        table = '"' + tables[0]["table_name"].replace('"', '""') + '"'
        _require([row["name"] for row in base.execute(f"PRAGMA table_info({table})")], path)
        for row in base.execute(f"SELECT {', '.join(COLUMNS)} FROM {table}"):
            yield dict(row)


def _require(columns: Iterable[str], path: Path) -> None:
    missing = [column for column in COLUMNS if column not in set(columns)]
    if missing:
        raise SceneUnreadable(
            f"{path.name} is no index of AlphaEarth: it has no column {missing[0]}.",
            "Take aef_index.csv or aef_index.gpkg as published.",
        )


def _chosen(rows: Iterable[Row], year: int | None, near: shapely.Geometry | None) -> list[Row]:
    kept: list[Row] = [
        {column: row[column] for column in COLUMNS}
        for row in rows
        if year is None or int(row["year"]) == year
    ]
    if near is None or not kept:
        return kept
    corners = np.array([[float(row[f"wgs84_{side}"]) for side in SIDES] for row in kept])
    parts = shapely.STRtree(shapely.get_parts(near))
    touched, _ = parts.query(shapely.box(*corners.T), predicate="intersects")
    return [kept[i] for i in np.unique(touched)]


def _entry(row: Row, files: Location) -> TileEntry:
    west, south, east, north = (float(row[f"utm_{side}"]) for side in SIDES)
    grid = Grid(
        CRS.from_user_input(row["crs"]),
        Affine(PIXEL_M, 0, west, 0, -PIXEL_M, north),
        round((east - west) / PIXEL_M),
        round((north - south) / PIXEL_M),
    )
    parts = PurePosixPath(urlsplit(row["path"]).path.lstrip("/")).parts[-DEPTH:]
    if not parts or ".." in parts:
        raise ValueError(f"its path is {row['path']!r}")
    where = files
    for part in parts:
        where = where / part
    return TileEntry("/".join(parts), alphaearth.NAME, middle_of(int(row["year"])), grid, where)
