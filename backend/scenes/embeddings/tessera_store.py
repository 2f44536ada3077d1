"""Tessera in one store of all the land: plain Zarr, or an Icechunk repository.

Both hold int8 values with a float32 scale for each pixel and year, by UTM zone, on a grid of 10 m:

| | plain Zarr v3 | Icechunk |
|---|---|---|
| groups | `utm33`, both hemispheres | `33N`, `33S` |
| CRS | that of the north; northings of the south are negative | their own |
| `embeddings` | (time, band, y, x) | (time, northing, easting, band) |
| `scales` | (time, y, x), zstd | (time, northing, easting), PCodec |
| `time` | years | nanoseconds since 1970, UTC |
| nothing there | a scale of +inf; NaN is water, and in a copy of dClimate's nothing, too | NaN |

dClimate's has `s1_asc_obs_count` and `s1_desc_obs_count`, the passes of radar that each pixel's
vector was made of, and `years_complete`: any other year reads as fill. The place of the first pixel
is taken from `spatial:bbox`; until 14 September 2026 `spatial:transform` in dClimate's store named
its centre, not its corner.
Source: geotessera 0.11.0 (`zarr.py`, `store.py`, `icechunk.py`), docs/global-store.md and decisions
013 and 024 of dClimate/tessera-embeddings.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.windows import Window, from_bounds, intersect

from backend.errors import SceneUnreadable
from backend.io.blocks import RECENT
from backend.io.url import Location, Url
from backend.scenes.box import PIXEL_M
from backend.scenes.files import is_regular
from backend.scenes.grid import Grid
from backend.scenes.tiled.blocks import fill_from_blocks, least_side
from backend.scenes.tiled.rasters import Raster
from backend.scenes.tiled.remote import Ranges
from backend.scenes.tiled.source import TileEntry, TileSource, middle_of
from backend.scenes.tiled.stores import AGAIN, ZarrStore, is_icechunk
from backend.scenes.tiled.zones import beyond_zone, bounds_in_metres, box_in_zone

if TYPE_CHECKING:
    import zarr

DIM = 128
MOST_SCALE = 1.0
"""geotessera takes scales from this on for no data; of the real ones 99.99 % are below 0.14."""

RADAR_COUNTS = ("s1_asc_obs_count", "s1_desc_obs_count")

_EQUATOR_SOUTH = 10_000_000.0  # its northing in a southern zone
_MODEL = re.compile(r"https?://geotessera\.org/model/(\d+\.\d+)")
_RUNS = {"opera": "dclimate", "sentinel.esa.int": "cambridge"}
"""By what the source data name: dClimate's radar is OPERA RTC-S1; the library names missions."""

_UNITS = {"nanoseconds": "ns", "seconds": "s", "days": "D"}


def is_store(where: Location) -> bool:
    """Return whether this is a store, by its name at an address, by its files in a folder."""
    if isinstance(where, Url):
        return where.name.endswith((".zarr", ".icechunk")) or where.parts[-2:-1] == ("zarr",)
    try:
        about = where / "zarr.json"
        return is_icechunk(where) or (is_regular(about) and b"geoemb:model" in about.read_bytes())
    except OSError:
        return False


class TesseraStore:
    """An open store: its `version`, its `run` (where it says so), and its zones.

    Raises:
        SceneUnreadable: it is damaged, or holds something else.
        ExtraMissing: packages that only such stores need are not installed.
    """

    def __init__(self, where: Location, ranges: Ranges) -> None:
        self.where = where
        self._store = ZarrStore(where, ranges)
        attributes = self._store.attributes("")
        if attributes is None:
            raise SceneUnreadable(
                f"There is no Zarr store at {where}: it has no zarr.json.", "Check the address."
            )
        found = _MODEL.match(str(attributes.get("geoemb:model")))
        sizes = attributes.get("geoemb:dimensions"), attributes.get("geoemb:data_type")
        if not found or sizes != (DIM, "int8"):
            raise SceneUnreadable(
                f"{where.name} does not say that it is a store of Tessera: its model is "
                f"{attributes.get('geoemb:model')}, with {sizes[0]} dimensions of {sizes[1]}.",
                "Give a store as geotessera or dClimate publishes it.",
            )
        self.version = found[1]
        sources = str(attributes.get("geoemb:source_data")).lower()
        self.run = next((run for name, run in _RUNS.items() if name in sources), None)

    def entries(self, source: TileSource, near: shapely.Geometry | None) -> Iterator[TileEntry]:
        """Yield an entry for each zone, hemisphere and year that touches `near` (degrees)."""
        for number in range(1, 61):
            if near is None or box_in_zone(near, number) is not None:
                names = ("{:02d}N", "{:02d}S") if is_icechunk(self.where) else ("utm{:02d}",)
                for name in names:
                    yield from self._entries_of(name.format(number), number, source, near)

    def _entries_of(
        self, group: str, number: int, source: TileSource, near: shapely.Geometry | None
    ) -> Iterator[TileEntry]:
        store = self._store
        attributes = store.attributes(group)
        if attributes is None:
            return
        counts = tuple(name for name in RADAR_COUNTS if store.array(f"{group}/{name}") is not None)
        years = _years(store, group)
        for zone in _zones(attributes, group, number, near):
            for slot, year in enumerate(years):
                if year in _complete(attributes, zone, years):
                    yield ZoneEntry(
                        name=f"{self.where.name}/{group} {year}",
                        source=source,
                        date=middle_of(year),
                        footprint=zone.grid,
                        where=self.where / group,
                        store=self.where,
                        zone=zone,
                        slot=slot,
                        counts=counts,
                    )


@dataclass(frozen=True)
class Zone:
    """The part of a group that lies in one hemisphere, as far as it is wanted."""

    group: str
    number: int
    south: bool
    row: int
    """The first row, and the first column, in the group's arrays."""
    column: int
    grid: Grid


@dataclass(frozen=True)
class ZoneEntry(TileEntry):
    """A year of a zone that is not open; `where` is its group."""

    store: Location
    zone: Zone
    slot: int
    """Its place on the axis of time."""
    counts: tuple[str, ...]
    """The arrays that count passes of radar."""
    key: object = field(default_factory=object, compare=False)
    """Under which blocks are kept, for whoever opens it."""

    @property
    def rule(self) -> str:
        """How its values are read, in words."""
        masked = " A pixel that no pass of radar saw in the year has no vector."
        return self.source.rule + (masked if self.counts else "")

    def open(self, ranges: Ranges) -> "ZoneTile":
        """Return the open tile."""
        return ZoneTile(self, ranges)


class ZoneTile:
    """A year of a zone, open."""

    def __init__(self, entry: ZoneEntry, ranges: Ranges) -> None:
        self._entry = entry
        self._zone = zone = entry.zone
        self.grid = zone.grid
        self._store = store = ZarrStore(entry.store, ranges)
        self._values = store.require(f"{zone.group}/embeddings")
        self._scales = store.require(f"{zone.group}/scales")
        self._counts = [store.require(f"{zone.group}/{name}") for name in entry.counts]
        names = getattr(self._values.metadata, "dimension_names", None) or ()
        self._band = 1 if names[1:2] == ("band",) else 3
        size = tuple(np.delete(self._values.shape, self._band)) if self._values.ndim == 4 else ()
        fits = size and self._values.shape[self._band] == DIM and self._values.dtype == np.int8
        if not fits or any(each.shape != size for each in (self._scales, *self._counts)):
            raise SceneUnreadable(
                f"{entry.name} holds {self._values.dtype} of shape {self._values.shape} and scales "
                f"of {self._scales.shape}; expected int8 with {DIM} bands, and scales of the same "
                "years, rows and columns.",
                AGAIN,
            )
        height, width = np.delete(self._values.chunks, self._band)[1:]
        self._side = least_side(int(height)), least_side(int(width))

    def read(self, window: Window) -> NDArray[np.float32]:
        """Return vectors (128, h, w) of these pixels, NaN where there is none."""
        size, zone = (window.height, window.width), self._zone
        within = Window(window.col_off + zone.column, window.row_off + zone.row, *size[::-1])
        values, scales = np.empty((DIM, *size), np.int8), np.empty(size, np.float32)
        fill_from_blocks(within, self._side, partial(self._block, self._load_scales), scales)
        scales[beyond_zone(zone.grid, zone.number, window)] = np.nan
        if not np.isfinite(scales).any():
            return np.full(values.shape, np.nan, np.float32)
        fill_from_blocks(within, self._side, partial(self._block, self._load_values), values)
        return values * scales

    def close(self) -> None:
        """Do nothing: no file is held open."""

    def _block(self, load: Any, row: int, column: int) -> NDArray[np.generic]:
        key = (self._entry.key, load.__name__, row, column)
        return RECENT.get(key, partial(load, row, column))

    def _load_values(self, row: int, column: int) -> NDArray[np.generic]:
        """Return the block (128, h, w) of values that begins at a pixel of the arrays."""
        block = self._part(self._values, row, column)
        return block if self._band == 1 else np.ascontiguousarray(np.moveaxis(block, -1, 0))

    def _load_scales(self, row: int, column: int) -> NDArray[np.generic]:
        """Return the block (h, w) of scales that begins at a pixel, NaN where no vector counts."""
        scales = self._part(self._scales, row, column)
        known = (scales > 0) & (scales < MOST_SCALE)
        if self._counts and known.any():
            passes = [self._part(count, row, column) for count in self._counts]
            known &= np.any([each > 0 for each in passes], axis=0)
        return np.where(known, scales, np.float32(np.nan))

    def _part(self, array: "zarr.Array[Any]", row: int, column: int) -> NDArray[Any]:
        rows, columns = slice(row, row + self._side[0]), slice(column, column + self._side[1])
        bands = (slice(None),) if array.ndim == 4 and self._band == 1 else ()
        return self._store.read(array, (self._entry.slot, *bands, rows, columns))


@dataclass(frozen=True)
class RegionEntry(TileEntry):
    """A region that geotessera has exported from a store, as one GeoTIFF for each zone and year."""

    rule = "Values are vectors that geotessera has read."

    @property
    def files(self) -> Sequence[Location]:
        """Its only file."""
        return [self.where]

    def open(self, ranges: Ranges) -> "RegionTile":
        """Return the open tile."""
        return RegionTile(self.where, ranges)


class RegionTile:
    """An exported region, open."""

    def __init__(self, where: Location, ranges: Ranges) -> None:
        self._raster = Raster(where, ranges)
        self.grid = self._raster.grid
        if (self._raster.count, self._raster.dtype) != (DIM, np.float32):
            self.close()
            raise SceneUnreadable(
                f"{where.name} has {self._raster.count} bands of {self._raster.dtype}; expected "
                f"{DIM} of float32.",
                "Export all bands of the region.",
            )

    def read(self, window: Window) -> NDArray[np.float32]:
        """Return vectors (128, h, w) of these pixels, NaN where there is none."""
        vectors = self._raster.read(window)
        known = (np.abs(vectors) <= 128 * MOST_SCALE).all(axis=0)
        vectors[:, ~known] = np.nan
        return vectors

    def close(self) -> None:
        """Close the file."""
        self._raster.close()


def _zones(
    attributes: Mapping[str, Any], group: str, number: int, near: shapely.Geometry | None
) -> Iterator[Zone]:
    """Yield what a group holds north and south of the equator, as far as it touches `near`."""
    west, north, rows, columns, southern = _place(attributes, group, number)
    north -= _EQUATOR_SOUTH * southern
    equator = int(np.clip(np.ceil(north / PIXEL_M - 0.5), 0, rows))  # rows with their middle above
    for south, first, last in ((False, 0, equator), (True, equator, rows)):
        if first == last or (southern and not south):
            continue
        crs = CRS.from_epsg((32700 if south else 32600) + number)
        to_map = Affine(PIXEL_M, 0, west, 0, -PIXEL_M, north + _EQUATOR_SOUTH * south)
        wanted = Window(0, first, columns, last - first)
        if near is not None:
            box = box_in_zone(near, number, south)
            seen = box and _pixels_around(bounds_in_metres(box, crs), to_map)
            if not seen or not intersect(wanted, seen):
                continue
            wanted = wanted.intersection(seen)
        transform = to_map @ Affine.translation(wanted.col_off, wanted.row_off)
        grid = Grid(crs, transform, wanted.width, wanted.height)
        yield Zone(group, number, south, wanted.row_off, wanted.col_off, grid)


def _pixels_around(metres: tuple[float, float, float, float], to_map: Affine) -> Window:
    """Return the pixels that west, south, east and north touch, and one more on every side."""
    (top, bottom), (left, right) = from_bounds(*metres, to_map).toranges()
    row, column = int(np.floor(top)) - 1, int(np.floor(left)) - 1
    return Window(column, row, int(np.ceil(right)) + 1 - column, int(np.ceil(bottom)) + 1 - row)


def _place(
    attributes: Mapping[str, Any], group: str, number: int
) -> tuple[float, float, int, int, bool]:
    """Return a group's western and northern edge, its rows and columns, and whether it is south."""
    try:
        epsg = int(str(attributes["proj:code"]).removeprefix("EPSG:"))
        rows, columns = map(int, attributes["spatial:shape"])
        transform = [float(value) for value in attributes["spatial:transform"]]
        edges = attributes.get("spatial:bbox")
        west, _, _, north = map(float, edges) if edges else (transform[2], 0, 0, transform[5])
    except (LookupError, TypeError, ValueError) as error:
        raise SceneUnreadable(f"The group {group} does not say where it lies: {error}.") from error
    if epsg not in (32600 + number, 32700 + number):
        raise SceneUnreadable(f"The group {group} says that it lies in EPSG:{epsg}.", AGAIN)
    off = abs(transform[2] - west), abs(transform[5] - north)
    if transform[:2] + transform[3:5] != [PIXEL_M, 0, 0, -PIXEL_M] or max(off) > PIXEL_M / 2:
        raise SceneUnreadable(
            f"The group {group} has the transform {transform} and begins at {west}, {north}; "
            f"expected pixels of {PIXEL_M:g} m with the north above.",
            AGAIN,
        )
    return west, north, rows, columns, epsg > 32700


def _years(store: ZarrStore, group: str) -> list[int]:
    """Return the years of a group's axis of time."""
    time = store.require(f"{group}/time")
    values, units = store.read(time, ()), str(time.attrs.get("units", ""))
    unit, since, start = units.partition(" since ")
    if since and unit in _UNITS and start.startswith("1970-01-01"):
        moments = values.astype(f"datetime64[{_UNITS[unit]}]").astype("datetime64[Y]")
        values = moments.astype(int) + 1970
    if values.ndim != 1 or not ((values > 2010) & (values < 2100)).all():
        raise SceneUnreadable(
            f"{group}/time holds {values.tolist()} in {units or 'years'}; expected years.", AGAIN
        )
    return [int(year) for year in values]


def _complete(attributes: Mapping[str, Any], zone: Zone, years: list[int]) -> list[int]:
    """Return the years of a zone that were filled: what the group, or what it was copied of, says.

    A copy in plain Zarr keeps the attributes of the groups of both hemispheres.
    """
    copied = attributes.get("geotessera:source_groups")
    origin = f"{zone.number:02d}{'S' if zone.south else 'N'}"
    stated = copied.get(origin, {"years_complete": []}) if isinstance(copied, dict) else attributes
    return list(stated.get("years_complete", years))
