"""What a source of tiles is, and which there are.

A source is a value in `SOURCES` of a module: of any in `backend.scenes.embeddings`, and of
`backend.scenes.sentinel2`. A new module in `embeddings` is a new source; nothing else names it.

Example:
    class Fives(TileSource):
        name, title, dim, rule = "fives", "Fives", 5, "Values are tenths."

        def recognises(self, file, bands):
            return bands == 5

        def scan(self, files, found):
            for name, file in files.items():
                if file.suffix == ".tif":
                    found.add(name, partial(self.entry, name, file))

        def entry(self, name, file):
            with open_raster(file) as dataset:
                return FivesEntry(name, self, middle_of(2024), grid_of(dataset, name), file)

    @dataclass(frozen=True)
    class FivesEntry(TileEntry):
        def open(self, ranges):
            return FivesTile(self.where)  # a Tile: grid, read and close

    SOURCES = (Fives(),)
"""

import os
import re
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray
from rasterio.windows import Window

from backend.errors import GlueLinkError, SceneUnreadable
from backend.io.url import Location
from backend.scenes import embeddings
from backend.scenes.files import DRIVERS, is_regular
from backend.scenes.grid import Grid
from backend.scenes.info import Check
from backend.scenes.tiled.remote import Ranges

MOST_ENTRIES, LONGEST_S = 1_000_000, 60.0
"""Files and folders below one folder of tiles, and how long it may take to list them: Tessera has
three files for each of some hundred thousand tiles a year."""

YEAR = re.compile(r"20\d\d")

_YEAR_IN_NAME = re.compile(r"(?<=[_-])20\d\d(?=[_.-]|$)")


class Tile(Protocol):
    """An open tile: its grid, and the values of its own pixels."""

    grid: Grid

    def read(self, window: Window) -> NDArray[np.float32]:
        """Return values (dim, h, w) of these pixels, NaN where there is no data.

        Raises:
            SceneUnreadable: the tile is damaged.
        """
        ...

    def close(self) -> None:
        """Close its files."""
        ...


@dataclass(frozen=True)
class TileEntry(ABC):
    """A tile that is not open; a source adds what it needs to open it."""

    name: str
    source: "TileSource"
    date: date | None
    """The day of a picture, or the middle of the year that an embedding stands for."""
    footprint: Grid
    """Beyond it the tile has no data."""
    where: Location
    """Its only file, or the first of them."""

    may_be_missing = False
    """Nothing at its address means that there is no data, as at sea."""

    @property
    def year(self) -> int | None:
        """The year that it shows."""
        return self.date.year if self.date else None

    @property
    def rule(self) -> str:
        """How its values are read, in words."""
        return self.source.rule

    @property
    def files(self) -> Sequence[Location] | None:
        """All that its values come from; None where that is more than some files."""
        return None

    @abstractmethod
    def open(self, ranges: Ranges) -> Tile:
        """Return the open tile; `ranges` reads a remote one.

        Raises:
            NotThere: there is nothing at its address.
            SceneUnreadable: it is damaged, or not what its source publishes.
            NotGeoreferenced: it has no map coordinates.
        """


@dataclass
class Scan:
    """Tiles that were found, and why other files are not tiles."""

    tiles: list[TileEntry] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    """By name."""

    def add(self, name: str, look: Callable[[], TileEntry]) -> None:
        """Keep what `look` returns, or why it raises a GlueLinkError."""
        try:
            self.tiles.append(look())
        except GlueLinkError as error:
            self.skipped[name] = error.message


class TileSource(ABC):
    """Where tiles of one kind come from: which ones touch an area, and how to open and read them.

    Besides `name`, `title` and `dim` only `scan` is needed. A source known by its files alone also
    has `recognises` (in any other `detected` is False); one with an index has `read_index`, one
    with addresses `tiles_at`, and one with stores `is_store` and `tiles_at`.
    """

    name: str
    """Encoders whose modality this is read it."""
    title: str
    dim: int
    """Number of values per pixel."""
    rule: str = ""
    """How stored values are read, in words."""
    units = "embedding"
    """What the values are; the date of an "embedding" is a year, that of anything else a day."""
    detected = True
    """Whether its tiles are known by their files, without its name.

    False for ordinary rasters, which are then read only where the source is asked for by its name.
    """
    suffixes: tuple[str, ...] = tuple(DRIVERS)
    """Of files that may be tiles."""
    index_suffixes: tuple[str, ...] = ()
    published = ""
    """Address of the published tiles."""
    addresses = ""
    """How an address of its tiles ends, in words."""
    remedy = "Give the published files."
    """What to do where no tile of it is found, as a sentence."""

    @abstractmethod
    def scan(self, files: Mapping[str, Path], found: Scan) -> None:
        """Add the tiles among local files, by name; headers and names alone are read."""

    def recognises(self, file: Path, bands: int) -> bool:
        """Return whether a file, a raster of so many bands (else 0), is likely to be a tile."""
        return False

    def is_part(self, file: Path) -> bool:
        """Return whether a file belongs to a tile without being one, by its name."""
        return False

    def read_index(
        self, index: Path, files: Location, year: int | None, near: shapely.Geometry | None
    ) -> list[TileEntry]:
        """Return the tiles of a year that touch `near` (degrees), which lie below `files`.

        Raises:
            SceneUnreadable: the file is not an index.
        """
        raise NotImplementedError

    def is_store(self, folder: Path) -> bool:
        """Return whether a local folder is one store of tiles, which `tiles_at` reads."""
        return False

    def tiles_at(
        self, where: Location, near: shapely.Geometry | None, ranges: Ranges
    ) -> list[TileEntry] | None:
        """Return the tiles at an address, or in a store, that touch `near` (degrees).

        None where it has no such tiles.

        Raises:
            ConfigInvalid: an area is needed, or a smaller one.
            SceneUnreadable: what is at the address is not a tile.
        """
        return None

    def checks(self, entries: Sequence[TileEntry]) -> list[Check]:
        """Return what to warn of."""
        return []


@cache
def sources() -> dict[str, TileSource]:
    """Return all sources by name."""
    modules = [f"{embeddings.__name__}.{each.name}" for each in iter_modules(embeddings.__path__)]
    found = (
        source
        for module in (*modules, "backend.scenes.sentinel2")
        # A module without any is a part of another one.
        for source in getattr(import_module(module), "SOURCES", ())
    )
    return {source.name: source for source in found}


def detected_sources() -> list[TileSource]:
    """Return the sources that are known by their files."""
    return [source for source in sources().values() if source.detected]


def is_store(where: Location) -> bool:
    """Return whether this is a local folder that a source reads as one store."""
    return (
        isinstance(where, Path)
        and where.is_dir()
        and any(source.is_store(where) for source in detected_sources())
    )


def files_below(root: Path) -> Iterator[Path]:
    """Yield the files of a folder and those below it but for hidden ones, or the file itself.

    Links are followed, and each folder is entered once.

    Raises:
        SceneUnreadable: there are too many entries, or they take too long.
    """
    if root.is_file():
        yield root
    seen, looked_at, began = set(), 0, time.monotonic()
    for folder, below, names in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        below[:] = sorted(name for name in below if not name.startswith("."))
        if real in seen:
            below.clear()
            continue
        seen.add(real)
        looked_at += len(below) + len(names)
        if looked_at > MOST_ENTRIES or time.monotonic() - began > LONGEST_S:
            raise SceneUnreadable(
                f"{root} has too much below it: {looked_at:,} entries were looked at.",
                "Give the folder that holds the scenes or tiles, and nothing else.",
            )
        paths = (Path(folder, name) for name in sorted(names) if not name.startswith("."))
        yield from filter(is_regular, paths)


def scan(root: Path, among: Sequence[TileSource]) -> Scan:
    """Return the tiles of these sources in a file, or in a folder and those below it."""
    files = {
        file.relative_to(root).as_posix() if root.is_dir() else file.name: file
        for file in files_below(root)
    }
    found = Scan()
    for source in among:
        others = [other for other in among if other is not source]
        own = {
            name: file
            for name, file in files.items()
            if not any(other.is_part(file) for other in others)
        }
        source.scan(own, found)
    return found


def middle_of(year: int) -> date:
    """Return the day that stands for a year: its middle, the nearest to the days of that year."""
    return date(year, 7, 2)


def year_of(parts: tuple[str, ...]) -> date | None:
    """Return the middle of the year that a file's folders, or else its name, tell."""
    *folders, name = parts
    years = [part for part in folders if YEAR.fullmatch(part)] or _YEAR_IN_NAME.findall(name)
    return middle_of(int(years[-1])) if years else None
