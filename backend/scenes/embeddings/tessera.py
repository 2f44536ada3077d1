"""Tessera: 128 dimensions as int8 with a scale for each pixel, in tiles of 0.1 degrees or a store.

Its versions, and the runs of one version, are spaces of their own: each is a source and has an
encoder of its name. A tile has three files: the values (H, W, 128) int8, the scales (H, W) or
(H, W, 128) float32, and a land mask, a GeoTIFF (H, W) that tells where the pixels lie; it is 0
where there is no land and so no vector. value = int8 x scale, which has no fixed length. A tile is
named by the degrees of its centre; a folder or an address of a year holds those of all the land.
Stores are read by `tessera_store`.
Source: Feng et al., TESSERA (2025), and its library geotessera 0.11.0, whose `registry.py` lists
versions, their runs (variants) and how addresses name them.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile
from rasterio.windows import Window

from backend.errors import AreaOutsideScene, ConfigInvalid, SceneUnreadable
from backend.io.arrays import ArrayFile
from backend.io.ranges import LocalFile
from backend.io.url import Location, Url
from backend.scenes.embeddings.tessera_store import (
    DIM,
    MOST_SCALE,
    RegionEntry,
    TesseraStore,
    ZoneEntry,
    is_store,
)
from backend.scenes.files import is_regular, open_raster
from backend.scenes.grid import Grid, grid_of
from backend.scenes.info import Check
from backend.scenes.tiled.remote import NotThere, Ranges
from backend.scenes.tiled.source import YEAR, Scan, TileEntry, TileSource, middle_of, year_of

TILE_DEGREES = 0.1
TILES, MASKS = "global_0.1_degree_representation", "global_0.1_degree_tiff_all"
"""The folders of tiles and land masks, as the library lays them out."""

NOTE = "tessera_metadata.json"
ALL_BANDS = ",".join(map(str, range(DIM)))

MOST_CELLS = 10_000
LARGEST_MASK = 2**26  # bytes

SPARSE_RADAR = range(2022, 2025)
"""After Sentinel-1B had failed, and before Sentinel-1C."""

_TILE = re.compile(r"grid_-?\d{1,3}\.\d\d_-?\d{1,2}\.\d\d")
_REGION = re.compile(r"tessera_20\d\d_utm\d\d")
_DATASET = re.compile(r"v(\d+(?:\.\d+)?)(?:-(.+))?")


class TesseraRun(TileSource):
    """A version of Tessera as one run of its model gave it; `Tessera` finds what is of it."""

    dim = DIM
    rule = "Values are int8 times the scale of the pixel."

    def __init__(self, name: str, title: str) -> None:
        self.name = name
        self.title = title

    def scan(self, files: Mapping[str, Path], found: Scan) -> None:
        """Add nothing."""

    def checks(self, entries: Sequence[TileEntry]) -> list[Check]:
        """Return a warning for years in which much of the land saw no radar."""
        counted = [entry for entry in entries if isinstance(entry, ZoneEntry) and entry.counts]
        if not counted or counted[0].year not in SPARSE_RADAR:
            return []
        text = f"No radar saw about a quarter of the land in {counted[0].year}: it has no vectors."
        return [Check("warning", text, "Where the map stays empty, take 2021 or 2025.")]


class Tessera(TesseraRun):
    """Tiles of three files each, local ones or those of a year at an address; and stores."""

    suffixes = (".npy",)
    addresses = "as …/npy/v1/2024 does, in a year of Tessera, or in .zarr, .icechunk or …/zarr/NAME"

    def recognises(self, file: Path, bands: int) -> bool:
        """Return whether a file is an array, or has 128 bands."""
        return file.suffix == ".npy" or bands == DIM

    def is_part(self, file: Path) -> bool:
        """Return whether a file is named as a land mask, that is as a tile, or as a region."""
        named = _is_tile(file.stem) or _REGION.fullmatch(file.stem) is not None
        return named and file.suffix.lower() in (".tif", ".tiff")

    def scan(self, files: Mapping[str, Path], found: Scan) -> None:
        """Add the arrays that have scales and a land mask, and the exported regions."""
        rasters = {file.stem: file for file in files.values() if self.is_part(file)}
        for name, file in files.items():
            if file.suffix == ".npy" and not file.stem.endswith("_scales"):
                found.add(name, partial(self._local_entry, name, file, rasters))
            elif file.stem in rasters and not _is_tile(file.stem):
                found.add(name, partial(_region, name, file))

    def _local_entry(self, name: str, file: Path, masks: Mapping[str, Path]) -> "TesseraEntry":
        if not _is_tile(file.stem):
            raise SceneUnreadable(f"{name} is not named as a tile of Tessera: grid_0.15_52.05.npy.")
        scales = file.with_name(f"{file.stem}_scales.npy")
        mask = masks.get(file.stem) or next(filter(Path.exists, _masks_near(file)), None)
        if mask is None or not scales.exists():
            missing = f"land mask {file.stem}.tiff" if mask is None else f"scales {scales.name}"
            raise SceneUnreadable(
                f"The {missing} of the tile {name} is not there.", "Fetch the tile's three files."
            )
        with open_raster(mask) as dataset:
            grid = grid_of(dataset, mask.name)
        run = _run_of(name, *_noted_above(file))
        return TesseraEntry(name, run, year_of(file.parts), grid, file, scales, mask)

    def is_store(self, folder: Path) -> bool:
        """Return whether a folder is a store of Tessera, or an Icechunk repository."""
        return is_store(folder)

    def tiles_at(
        self, where: Location, near: shapely.Geometry | None, ranges: Ranges
    ) -> list[TileEntry] | None:
        """Return the tiles of a year, or the zones of a store, that touch `near` (degrees).

        Raises:
            ConfigInvalid: an address has tiles of the whole world, and no area was given.
        """
        store = is_store(where)
        if isinstance(where, Url) and (store or YEAR.fullmatch(where.name)) and near is None:
            raise ConfigInvalid(
                f"{where} has tiles of the whole world, and no area was given.", "Give the area."
            )
        if store:
            return _zones_of(TesseraStore(where, ranges), near)
        if not isinstance(where, Url) or near is None or not YEAR.fullmatch(where.name):
            return None
        run = _run_of(str(where), *_named_in(where))
        return [self._remote_entry(where, run, *cell) for cell in _cells(near)]

    def _remote_entry(self, year: Url, run: TesseraRun, lon: float, lat: float) -> "TesseraEntry":
        name = f"grid_{lon:.2f}_{lat:.2f}"
        return TesseraEntry(
            name,
            run,
            middle_of(int(year.name)),
            _footprint_of(lon, lat),
            year / name / f"{name}.npy",
            year / name / f"{name}_scales.npy",
            _masks_of(year) / f"{name}.tiff",
        )


@dataclass(frozen=True)
class TesseraEntry(TileEntry):
    """A tile that is not open; `where` holds its values."""

    scales: Location
    mask: Location

    may_be_missing = True

    @property
    def files(self) -> Sequence[Location]:
        """Its values, their scales and the land mask."""
        return [self.where, self.scales, self.mask]

    def open(self, ranges: Ranges) -> "TesseraTile":
        """Return the open tile."""
        return TesseraTile(self, ranges)


class TesseraTile:
    """An open tile."""

    def __init__(self, entry: TesseraEntry, ranges: Ranges) -> None:
        self._values = _open_array(entry.where, ranges)
        try:
            self._scales = _open_array(entry.scales, ranges)
            self.grid, self._land = _read_mask(entry.mask, ranges)
        except NotThere:
            raise SceneUnreadable(
                f"The tile {entry.where} has no scales or no land mask {entry.mask}.",
                "Check the address.",
            ) from None
        size = self._land.shape
        fits = (self._values.shape, self._values.dtype) == ((*size, DIM), np.dtype(np.int8))
        if not fits:
            raise SceneUnreadable(
                f"{entry.where.name} holds {self._values.dtype} of shape {self._values.shape}; "
                f"expected int8 of {(*size, DIM)}, as its land mask says.",
                "Fetch the tile again.",
            )
        fits = self._scales.shape in (size, (*size, DIM)) and self._scales.dtype == np.float32
        if not fits:
            raise SceneUnreadable(
                f"{entry.scales.name} holds {self._scales.dtype} of shape {self._scales.shape}; "
                f"expected float32 of {size} or {(*size, DIM)}.",
                "Fetch the tile again.",
            )

    def read(self, window: Window) -> NDArray[np.float32]:
        """Return vectors (128, h, w) of these pixels, NaN where there is none."""
        rows, columns = window.toslices()
        scales = self._scales.read(rows, columns)
        scales = scales[..., None] if scales.ndim == 2 else scales
        with np.errstate(invalid="ignore", over="ignore"):
            vectors = self._values.read(rows, columns) * scales
        known = ((scales > 0) & (scales < MOST_SCALE)).all(axis=-1)
        vectors[~(known & self._land[rows, columns])] = np.nan
        return np.ascontiguousarray(vectors.transpose(2, 0, 1))

    def close(self) -> None:
        """Do nothing: no file is held open."""


def _region(name: str, file: Path) -> RegionEntry:
    """Return an exported region; its tags, or the note above it, tell the version."""
    with open_raster(file) as dataset:
        grid, tags = grid_of(dataset, name), dataset.tags()
    bands = tags.get("TESSERA_BANDS", ALL_BANDS)
    if bands != ALL_BANDS:
        raise SceneUnreadable(
            f"{name} holds the bands {bands:.40}; expected all {DIM} in order.", "Export all bands."
        )
    version, run = tags.get("TESSERA_DATASET_VERSION"), tags.get("TESSERA_DATASET_VARIANT")
    noted = (_with_minor(version), run) if version else _noted_above(file, "of an unknown version")
    return RegionEntry(name, _run_of(name, *noted), year_of(file.parts), grid, file)


def _is_tile(stem: str) -> bool:
    """Return whether a file is named as a tile, by the degrees of its centre."""
    return _TILE.fullmatch(stem) is not None


def _footprint_of(lon: float, lat: float) -> Grid:
    """Return where the tile with this centre lies, as far as its name tells."""
    half = TILE_DEGREES / 2
    return Grid(
        CRS.from_epsg(4326), Affine(2 * half, 0, lon - half, 0, -2 * half, lat + half), 1, 1
    )


def _masks_near(values: Path) -> Iterator[Path]:
    """Yield where a local tile may have its land mask: beside it, or in a folder of masks above."""
    names = [f"{values.stem}{suffix}" for suffix in (".tiff", ".tif")]
    yield from (values.with_name(name) for name in names)
    for folder in list(values.parents)[:4]:
        yield from (folder / MASKS / name for name in names)


def _masks_of(year: Url) -> Url:
    """Return the folder of land masks that belongs to the remote folder of a year."""
    above = ("", "", *year.parts[:-1])
    if above[-2] == "npy":
        return year.above(3, "landmasks", above[-1].partition("-")[0])
    if above[-1].startswith(TILES):
        return year.above(2, MASKS)
    raise ConfigInvalid(
        f"It is not known where the land masks of {year} lie.",
        f"Expected …/npy/v1/{year.name} or …/{TILES}/{year.name}.",
    )


def _run_of(what: str, version: str, run: str | None) -> TesseraRun:
    """Return the source of a version and its run; of one run alone there are tiles without a name.

    Raises:
        SceneUnreadable: none is known.
    """
    if version == "1.0":
        return SOURCES[0]
    for source, known in ((CAMBRIDGE, ("cambridge", "cam", None)), (DCLIMATE, ("dclimate",))):
        if version == "1.1" and run in known:
            return source
    raise SceneUnreadable(
        f"{what} is of Tessera {version}{f' {run}' if run else ''}; its dimensions mean other "
        "things than those of the versions that are known.",
        "Take 1.0, 1.1 of Cambridge or 1.1 of dClimate: docs/embeddings.md.",
    )


def _zones_of(store: TesseraStore, near: shapely.Geometry | None) -> list[TileEntry]:
    """Return the years of the zones of a store, at least one."""
    run = store.run or "of an unknown run"
    found = list(store.entries(_run_of(store.where.name, store.version, run), near))
    if not found:
        raise AreaOutsideScene(
            f"The store {store.where.name} has no zone in the area.", "Check the area."
        )
    return found


def _named_in(year: Url) -> tuple[str, str | None]:
    """Return the version and the run that the address of a year names, 1.0 where it names none."""
    version, run = "1.0", None
    for part in year.parts:
        if named := _DATASET.fullmatch(part):
            version, run = _with_minor(named[1]), named[2]
        elif part.startswith(f"{TILES}."):
            run = part.removeprefix(f"{TILES}.")
    return version, run


def _noted_above(values: Path, default: str = "1.0") -> tuple[str, str | None]:
    """Return the version and the run in the note of the library above a tile."""
    for folder in list(values.parents)[:5]:
        try:
            note = json.loads((folder / NOTE).read_text() if is_regular(folder / NOTE) else "")
            return _with_minor(str(note["dataset_version"])), note.get("dataset_variant")
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            continue
    return default, None


def _with_minor(version: str) -> str:
    number = version.removeprefix("v")
    return number if "." in number else f"{number}.0"


def _open_array(where: Location, ranges: Ranges) -> ArrayFile:
    return ArrayFile(ranges.open(where) if isinstance(where, Url) else LocalFile(where))


def _read_mask(where: Location, ranges: Ranges) -> tuple[Grid, NDArray[np.bool_]]:
    """Return a land mask's grid, and where there is land."""
    try:
        with ExitStack() as stack:
            if isinstance(where, Url):
                held = stack.enter_context(MemoryFile(ranges.open(where).read(0, LARGEST_MASK)))
                dataset = stack.enter_context(held.open(driver="GTiff"))
            else:
                dataset = stack.enter_context(open_raster(where))
            return grid_of(dataset, where.name), dataset.read(1) != 0
    except RasterioError as error:
        raise SceneUnreadable(
            f"The land mask {where.name} is cut short or damaged.", "Fetch the tile again."
        ) from error


def _cells(near: shapely.Geometry) -> Iterable[tuple[float, float]]:
    """Return the centres of the cells of 0.1 degrees that touch an area, in order."""
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
        # At the date line a column beyond it has the name of a tile that does not exist.
        touched = shapely.intersects(boxes, part) & (columns >= -1800) & (columns < 1800)
        cells |= {(int(i), int(j)) for i, j in zip(columns[touched], rows[touched], strict=True)}
    return [((i + 0.5) / 10, (j + 0.5) / 10) for i, j in sorted(cells)]


CAMBRIDGE = TesseraRun("tessera-1.1-cambridge", "Tessera 1.1 (Cambridge)")
DCLIMATE = TesseraRun("tessera-1.1-dclimate", "Tessera 1.1 (dClimate)")
SOURCES = (Tessera("tessera", "Tessera 1.0"), CAMBRIDGE, DCLIMATE)
