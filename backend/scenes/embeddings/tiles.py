"""Tiles of annual products, and Sentinel-2 pictures; where to look: here, or at an address."""

import math
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from backend.errors import ConfigInvalid, GlueLinkError, SceneUnreadable
from backend.scenes import sentinel2
from backend.scenes.embeddings import alphaearth, tessera
from backend.scenes.embeddings.alphaearth import AlphaEarthTile
from backend.scenes.embeddings.remote import Location, NotThere, Ranges, Url, not_there
from backend.scenes.embeddings.tessera import TesseraFiles, TesseraTile
from backend.scenes.files import DRIVERS, open_raster
from backend.scenes.grid import Grid, grid_of
from backend.scenes.sentinel1.naming import date_of
from backend.scenes.sentinel2 import Picture, PictureTile

TITLES = {
    alphaearth.NAME: "AlphaEarth",
    tessera.NAME: "Tessera",
    sentinel2.RGB: "Sentinel-2 in true colour",
    sentinel2.TEN: "Sentinel-2 in ten bands",
}
DIMENSIONS = {alphaearth.NAME: alphaearth.DIM, tessera.NAME: tessera.DIM} | {
    kind: len(bands) for kind, bands in sentinel2.BANDS.items()
}
RULES = {
    alphaearth.NAME: "Values are sign(v) (v / 127.5)² of int8, in vectors of length 1.",
    tessera.NAME: "Values are int8 times the scale of the pixel.",
}
MOST_CELLS = 10_000

_YEAR = re.compile(r"20\d\d")
_YEAR_IN_NAME = re.compile(r"(?<=[_-])20\d\d(?=[_.-]|$)")


class Tile(Protocol):
    """An open tile: its grid, and the vectors (dim, h, w) float32 of its own pixels."""

    grid: Grid

    def read(self, window: Window) -> NDArray[np.float32]:
        """NaN where there is no vector. SceneUnreadable."""
        ...

    def close(self) -> None:
        """Close its files."""
        ...


@dataclass(frozen=True)
class TileEntry:
    """A tile that is not open; beyond `footprint` it has no data.

    `taken` is the day of a picture, or the middle of a product's year. `files` is one raster, or
    the three of Tessera.
    """

    name: str
    kind: str
    taken: date | None
    footprint: Grid
    files: Location | TesseraFiles | Picture

    @property
    def year(self) -> int | None:
        """The year that it shows."""
        return self.taken.year if self.taken else None

    @property
    def where(self) -> Location:
        """Its first file."""
        if isinstance(self.files, Picture):
            return self.files.path
        return self.files.values if isinstance(self.files, TesseraFiles) else self.files

    @property
    def rule(self) -> str:
        """How its values are read, in words."""
        if isinstance(self.files, Picture):
            return f"Values are read as {self.files.rule}."
        return RULES[self.kind]

    def open(self, ranges: Ranges) -> Tile:
        """The tile. NotThere for a remote one that is not, SceneUnreadable, NotGeoreferenced."""
        if isinstance(self.files, Picture):
            return PictureTile(self.files)
        if isinstance(self.files, TesseraFiles):
            return TesseraTile(self.files, ranges)
        return AlphaEarthTile(self.files, ranges)


@dataclass
class Found:
    """Tiles by name, and why each other file is none."""

    tiles: list[TileEntry] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)


def tiles_in(root: Path) -> Found:
    """The tiles in a file, or in a folder and those below it, told by headers and names alone."""
    found = Found()
    files = list(files_below(root)) if root.is_dir() else [root]
    masks = {file.stem: file for file in files if _is_mask(file)}
    for file in files:
        name = file.relative_to(root).as_posix() if root.is_dir() else file.name
        try:
            if file.suffix == ".npy" and not file.stem.endswith("_scales"):
                found.tiles.append(_tessera_here(file, name, masks))
            elif file.suffix.lower() in DRIVERS and not _is_mask(file):
                found.tiles.append(_alphaearth_here(file, name))
        except GlueLinkError as error:
            found.skipped[name] = error.message
    return found


def pictures_in(root: Path, kind: str) -> Found:
    """The Sentinel-2 pictures of a kind in a file, or in a folder and those below it."""
    found = Found()
    for file in files_below(root) if root.is_dir() else [root]:
        if file.suffix.lower() not in DRIVERS:
            continue
        name = file.relative_to(root).as_posix() if root.is_dir() else file.name
        try:
            found.tiles.append(_picture_here(file, name, kind))
        except GlueLinkError as error:
            found.skipped[name] = error.message
    return found


def tiles_at(url: Url, near: shapely.Geometry | None, ranges: Ranges) -> list[TileEntry]:
    """The tile at an address, or Tessera's tiles of a year that touch `near` (degrees).

    ConfigInvalid for an address that is neither.
    """
    if Path(url.name).suffix.lower() in (".tif", ".tiff"):
        try:
            tile = AlphaEarthTile(url, ranges)
        except NotThere:
            raise not_there(url) from None
        tile.close()
        return [TileEntry(url.name, alphaearth.NAME, _middle_of(url.parts), tile.grid, url)]
    if not _YEAR.fullmatch(url.name):
        raise ConfigInvalid(
            f"{url} is neither a GeoTIFF nor the folder of a year of Tessera.",
            "Give an address that ends in .tiff or, as …/npy/v1/2024, in a year.",
        )
    if near is None:
        raise ConfigInvalid(
            f"{url} has tiles of the whole world, and no area was given.", "Give the area."
        )
    return [_tessera_there(url, *cell) for cell in _cells(near)]


def files_below(root: Path) -> Iterator[Path]:
    """The files of a folder and those below it, but for hidden ones."""
    for folder, below, names in os.walk(root, followlinks=True):
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))


def _is_mask(file: Path) -> bool:
    """Land masks are named as their tiles."""
    return file.suffix.lower() in (".tif", ".tiff") and tessera.is_tile(file.stem)


def _alphaearth_here(file: Path, name: str) -> TileEntry:
    with open_raster(file) as dataset:
        count, grid = dataset.count, grid_of(dataset, file.name)
    if count != alphaearth.DIM:
        raise SceneUnreadable(
            f"{name} has {count} bands; a tile of AlphaEarth has {alphaearth.DIM}, and Tessera "
            "comes as .npy."
        )
    return TileEntry(name, alphaearth.NAME, _middle_of(file.parts), grid, file)


def _picture_here(file: Path, name: str, kind: str) -> TileEntry:
    picture = sentinel2.look_at(file, kind)
    with open_raster(file) as dataset:
        grid, day = grid_of(dataset, file.name), date_of(file.stem, dataset.tags())
    return TileEntry(name, kind, date.fromisoformat(day) if day else None, grid, picture)


def _tessera_here(file: Path, name: str, masks: dict[str, Path]) -> TileEntry:
    if not tessera.is_tile(file.stem):
        raise SceneUnreadable(f"{name} is not named as a tile of Tessera: grid_0.15_52.05.npy.")
    scales = file.with_name(f"{file.stem}_scales.npy")
    mask = masks.get(file.stem) or next(filter(Path.exists, tessera.masks_near(file)), None)
    if mask is None or not scales.exists():
        lack = f"land mask {file.stem}.tiff" if mask is None else f"scales {scales.name}"
        raise SceneUnreadable(
            f"The {lack} of the tile {name} is not there.", "Fetch the tile's three files."
        )
    with open_raster(mask) as dataset:
        grid = grid_of(dataset, mask.name)
    files = TesseraFiles(file, scales, mask)
    return TileEntry(name, tessera.NAME, _middle_of(file.parts), grid, files)


def _tessera_there(year: Url, lon: float, lat: float) -> TileEntry:
    name = tessera.name_of(lon, lat)
    files = TesseraFiles(
        year / name / f"{name}.npy",
        year / name / f"{name}_scales.npy",
        tessera.masks_of(year) / f"{name}.tiff",
    )
    footprint = tessera.footprint_of(lon, lat)
    return TileEntry(name, tessera.NAME, middle_of(int(year.name)), footprint, files)


def _cells(near: shapely.Geometry) -> Iterable[tuple[float, float]]:
    """Centres of the cells of 0.1 degrees that touch an area, in order."""
    cells = set()
    for part in shapely.get_parts(near):
        west, south, east, north = (math.floor(10 * side) for side in part.bounds)
        columns, rows = np.meshgrid(np.arange(west, east + 1), np.arange(south, north + 1))
        if columns.size > MOST_CELLS:
            raise ConfigInvalid(
                f"The area touches up to {columns.size:,} tiles; {MOST_CELLS:,} at most are read.",
                "Take a smaller area.",
            )
        boxes = shapely.box(columns / 10, rows / 10, (columns + 1) / 10, (rows + 1) / 10)
        # At the date line a column beyond it has the name of one that there is not.
        touched = shapely.intersects(boxes, part) & (columns >= -1800) & (columns < 1800)
        cells |= {(int(i), int(j)) for i, j in zip(columns[touched], rows[touched], strict=True)}
    return [((i + 0.5) / 10, (j + 0.5) / 10) for i, j in sorted(cells)]


def middle_of(year: int) -> date:
    """The day that stands for a year: of several years the one of a point is so the nearest."""
    return date(year, 7, 2)


def _middle_of(parts: tuple[str, ...]) -> date | None:
    """The middle of the year that a file's folders, or else its name, tell."""
    *folders, name = parts
    years = [part for part in folders if _YEAR.fullmatch(part)] or _YEAR_IN_NAME.findall(name)
    return middle_of(int(years[-1])) if years else None
