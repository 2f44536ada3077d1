"""AlphaEarth Foundations: 64 dimensions as int8, one vector of unit length for each 10 m pixel.

A tile is a GeoTIFF with the bands A00 to A63; -128 is no data. The length of a vector tells
whether its values were read by the right rule: read linearly, as other embeddings of int8 are, most
come out two and a half times too long. Files of floats hold values that were read already; they
pass the same test. Some copies have their southern edge first, as their transform says.

The name of a file does not tell where it lies. The index does, published as CSV and as GeoPackage
with a row for each file and year: `path` (s3:// or gs://), `year`, `crs`, the file's corners as
`utm_west` ... and those of its data as `wgs84_west` ... A row only says which file; where files are
read from, the user does.
Source: Brown et al., AlphaEarth Foundations (2025), and the note beside Google's files.
"""

import csv
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj.exceptions import CRSError
from rasterio.windows import Window

from backend.errors import SceneUnreadable
from backend.io.blocks import RECENT
from backend.io.url import Location, Url
from backend.scenes.box import PIXEL_M
from backend.scenes.crs import stated_crs
from backend.scenes.files import DRIVERS, open_raster
from backend.scenes.grid import Grid, grid_of
from backend.scenes.tiled.blocks import fill_from_blocks, least_side
from backend.scenes.tiled.rasters import Raster
from backend.scenes.tiled.remote import NotThere, Ranges, not_there
from backend.scenes.tiled.source import Scan, TileEntry, TileSource, middle_of, year_of

DIM = 64
NODATA = -128
FARTHEST = 0.02
"""How far the median length may be from 1."""

SAMPLE = 4096

_CODES = np.arange(256, dtype=np.uint8).view(np.int8).astype(np.float64)
VALUES: NDArray[np.float32] = np.where(
    _CODES == NODATA, np.nan, np.sign(_CODES) * (_CODES / 127.5) ** 2
).astype(np.float32)
"""The value of each int8, by its bits."""

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


class AlphaEarth(TileSource):
    """Tiles as GeoTIFF: local ones, one at an address, or those that an index lists."""

    name = "alphaearth"
    title = "AlphaEarth"
    dim = DIM
    rule = "Values are sign(v) (v / 127.5)² of int8, in vectors of length 1."
    index_suffixes = (".csv", ".gpkg", ".parquet")
    published = "https://data.source.coop/tge-labs/aef/v1/annual"
    addresses = "in .tiff"

    def recognises(self, file: Path, bands: int) -> bool:
        """Return whether a file has 64 bands."""
        return bands == DIM

    def scan(self, files: Mapping[str, Path], found: Scan) -> None:
        """Add the rasters of 64 bands."""
        for name, file in files.items():
            if file.suffix.lower() in DRIVERS:
                found.add(name, partial(self._local_entry, name, file))

    def _local_entry(self, name: str, file: Path) -> "AlphaEarthEntry":
        with open_raster(file) as dataset:
            count, grid = dataset.count, grid_of(dataset, file.name)
        if count != DIM:
            raise SceneUnreadable(f"{name} has {count} bands; a tile of AlphaEarth has {DIM}.")
        return AlphaEarthEntry(name, self, year_of(file.parts), grid, file)

    def tiles_at(
        self, where: Location, near: shapely.Geometry | None, ranges: Ranges
    ) -> list[TileEntry] | None:
        """Return the tile at the address of a GeoTIFF.

        Raises:
            SceneUnreadable: it is not there.
        """
        if not isinstance(where, Url) or Path(where.name).suffix.lower() not in (".tif", ".tiff"):
            return None
        try:
            tile = AlphaEarthTile(where, ranges)
        except NotThere:
            raise not_there(where) from None
        tile.close()
        return [AlphaEarthEntry(where.name, self, year_of(where.parts), tile.grid, where)]

    def read_index(
        self, index: Path, files: Location, year: int | None, near: shapely.Geometry | None
    ) -> list[TileEntry]:
        """Return the tiles of a year that touch `near` (degrees), which lie below `files`.

        Raises:
            SceneUnreadable: the file is not an index of AlphaEarth.
        """
        try:
            return [self._listed_entry(row, files) for row in _chosen(_rows(index), year, near)]
        except (OSError, sqlite3.Error, csv.Error, UnicodeDecodeError) as error:
            raise SceneUnreadable(f"The index {index.name} cannot be read: {error}.") from error
        except (ValueError, TypeError, CRSError) as error:
            raise SceneUnreadable(
                f"The index {index.name} has a row that is not a tile: {error}.",
                "Fetch the index again.",
            ) from error

    def _listed_entry(self, row: Row, files: Location) -> "AlphaEarthEntry":
        west, south, east, north = (float(row[f"utm_{side}"]) for side in SIDES)
        grid = Grid(
            stated_crs(row["crs"]),
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
        return AlphaEarthEntry("/".join(parts), self, middle_of(int(row["year"])), grid, where)


@dataclass(frozen=True)
class AlphaEarthEntry(TileEntry):
    """A tile that is not open."""

    @property
    def files(self) -> Sequence[Location]:
        """Its only file."""
        return [self.where]

    def open(self, ranges: Ranges) -> "AlphaEarthTile":
        """Return the open tile."""
        return AlphaEarthTile(self.where, ranges)


class AlphaEarthTile:
    """An open tile."""

    def __init__(self, where: Location, ranges: Ranges) -> None:
        self._where = where
        self._raster = raster = Raster(where, ranges)
        self.grid = raster.grid
        self._nodata = raster.nodata
        self._dtype = raster.dtype
        self._side = least_side(raster.block[0]), least_side(raster.block[1])
        self._checked = False
        if raster.count != DIM or not (raster.dtype == np.int8 or raster.dtype.kind == "f"):
            self.close()
            raise SceneUnreadable(
                f"{where.name} has {raster.count} bands of {raster.dtype}; {DIM} of int8 were "
                "expected, or of floats that were read from them.",
                "Take the tile as it is published.",
            )

    def read(self, window: Window) -> NDArray[np.float32]:
        """Return vectors (64, h, w) of these pixels, NaN where there is none.

        Raises:
            SceneUnreadable: the file is damaged, or its first vectors are not of unit length.
        """
        stored = np.empty((DIM, window.height, window.width), self._dtype)
        fill_from_blocks(window, self._side, self._block, stored)
        return self._decode(stored)

    def close(self) -> None:
        """Close the file."""
        self._raster.close()

    def _block(self, row: int, column: int) -> NDArray[np.generic]:
        key = (self._where, self._raster.version, row, column)
        return RECENT.get(key, partial(self._load, row, column))

    def _load(self, row: int, column: int) -> NDArray[np.generic]:
        """Return the block (64, h, w) that begins at this pixel, as stored and checked."""
        height = min(self._side[0], self.grid.height - row)
        width = min(self._side[1], self.grid.width - column)
        block = self._raster.read(Window(column, row, width, height))
        if not self._checked:
            self._check(block)
        return block

    def _check(self, block: NDArray[np.generic]) -> None:
        """Raise SceneUnreadable when the vectors of a block are not of unit length."""
        pixels = block.reshape(DIM, -1)
        known = np.flatnonzero(pixels[0] != self._nodata)
        vectors = self._decode(pixels[:, known[:: len(known) // SAMPLE + 1]])
        lengths = np.linalg.norm(vectors, axis=0)
        lengths = lengths[np.isfinite(lengths)]
        if not lengths.size:
            return
        median = float(np.median(lengths))
        if abs(median - 1) > FARTHEST:
            raise SceneUnreadable(
                f"The vectors of {self._where.name} have a median length of {median:.3f}; 1 was "
                "expected.",
                "Take the tile as it is published, int8 whose values are sign(v) (v / 127.5)^2; "
                "read linearly they are not of unit length.",
            )
        self._checked = True

    def _decode(self, stored: NDArray[np.generic]) -> NDArray[np.float32]:
        """Return values (64, ...) of those stored; NaN in all dimensions where one has none."""
        if stored.dtype == np.int8:
            values = VALUES[stored.view(np.uint8)]
            values[:, (stored == NODATA).any(axis=0)] = np.nan
            return values
        values = stored.astype(np.float32)
        lost = ~np.isfinite(values) | (stored == self._nodata)
        values[:, lost.any(axis=0) | (values == 0).all(axis=0)] = np.nan
        return values


def _rows(path: Path) -> Iterator[Row]:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        raise SceneUnreadable(
            f"{path.name} is an index as Parquet, which cannot be read.",
            "Take the same index as .csv or .gpkg.",
        )
    return _rows_of_csv(path) if suffix == ".csv" else _rows_of_gpkg(path)


def _rows_of_csv(path: Path) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        _require_columns(reader.fieldnames or (), path)
        yield from reader


def _rows_of_gpkg(path: Path) -> Iterator[Row]:
    address = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as base:
        base.row_factory = sqlite3.Row
        tables = base.execute("SELECT table_name FROM gpkg_contents ORDER BY table_name").fetchall()
        if not tables:
            raise SceneUnreadable(f"The index {path.name} has no table.")
        table = '"' + tables[0]["table_name"].replace('"', '""') + '"'
        _require_columns([row["name"] for row in base.execute(f"PRAGMA table_info({table})")], path)
        for row in base.execute(f"SELECT {', '.join(COLUMNS)} FROM {table}"):
            yield dict(row)


def _require_columns(columns: Iterable[str], path: Path) -> None:
    missing = [column for column in COLUMNS if column not in set(columns)]
    if missing:
        raise SceneUnreadable(
            f"{path.name} is not an index of AlphaEarth: it has no column {missing[0]}.",
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


SOURCES = (AlphaEarth(),)
