"""Opening tiles: those that a path leads to, of one year, or of each date and UTM zone."""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import shapely
from pyproj import CRS

from backend.errors import (
    AreaOutsideScene,
    ConfigInvalid,
    GlueLinkError,
    SceneUnreadable,
    YearUnclear,
)
from backend.io.url import Location, Url
from backend.scenes.area import on_globe
from backend.scenes.box import PixelBox, around
from backend.scenes.files import DRIVERS, locate, open_raster
from backend.scenes.footprint import bounds_of
from backend.scenes.grid import transformer, utm_zone, utm_zone_at
from backend.scenes.info import Check, SceneInfo
from backend.scenes.tiled.remote import Ranges
from backend.scenes.tiled.scene import TiledScene, footprints_of
from backend.scenes.tiled.source import (
    Scan,
    TileEntry,
    TileSource,
    detected_sources,
    files_below,
    is_store,
    scan,
    sources,
)

MOST_UNASKED = 64
"""So many tiles of an index are read without an area."""

LOOKED_AT = 20
NEAR_DEGREES = 0.001
BORDER_DEGREES = 0.02
"""How far beyond its border a zone is seen from: a window may lie across it."""

_YEAR = re.compile(r"(20\d\d)(-\d\d-\d\d)?")


def holds_tiles(where: Location) -> bool:
    """Return whether this is an address, an index, a store, a tile, or a folder of tiles.

    Names and headers tell it.
    """
    if isinstance(where, Url) or _index_of(where) or is_store(where):
        return True
    suffixes = {suffix for source in detected_sources() for suffix in source.suffixes}
    files = (file for file in files_below(where) if file.suffix.lower() in suffixes)
    return any(map(_looks_like_a_tile, itertools.islice(files, LOOKED_AT)))


def open_tiles(
    where: Location,
    date: str | None = None,
    near: shapely.Geometry | None = None,
    tiles: str | None = None,
) -> TiledScene:
    """Open the tiles of the year of `date` for an area `near` (degrees; all there is when None).

    `where` is a tile, a folder, a store, an index, or the address of a tile, a year or a store.
    `tiles` is the folder or address below which the tiles of an index lie; beside it when None.
    Nothing is read from afar but below an address given here.

    Raises:
        SceneUnreadable: there is no tile, or one is missing or damaged.
        ConfigInvalid: the date is not one, the tiles are of several sources, or an area is needed.
        YearUnclear: there are tiles of several years, or none of this one.
        AreaOutsideScene: an index lists no tile in the area.
        NotGeoreferenced: a tile has no map coordinates.
    """
    year = _year(date)
    near = None if near is None else on_globe(near).buffer(NEAR_DEGREES)
    entries = _of_one_year(_of_one_source(_find_one(where, year, near, tiles)), year)
    zones = {own_zone(entry) for entry in entries}
    zone = zones.pop() if len(zones) == 1 else _zone_of_many(entries, near)
    entries.sort(key=lambda entry: (own_zone(entry) != zone, entry.name))
    return scene_of(where.name if isinstance(where, Url) else where.stem, entries, zone)


@dataclass(frozen=True)
class TiledEntry:
    """Tiles of one date in one UTM zone, none of them open, with the fields of a scene's entry."""

    name: str
    utm_epsg: int
    extent: PixelBox
    date: date | None
    """The day of pictures, or the middle of a year: the year of a point's date is the nearest."""
    tiles: tuple[TileEntry, ...]

    product_type = None

    @property
    def rules(self) -> set[str]:
        """How its values are read, in words."""
        return {tile.rule for tile in self.tiles}

    def open(self) -> TiledScene:
        """Return the scene, as a context manager."""
        return scene_of(self.name, self.tiles, self.utm_epsg)


def read_tiles(
    where: Location,
    name: str,
    near: shapely.Geometry | None = None,
    tiles: str | None = None,
) -> tuple[list[TiledEntry], dict[str, str]]:
    """Return the tiles of a source by date and zone, and why other files are none of them.

    The arguments are those of `open_tiles`; in an index or at an address only tiles that touch
    `near` are looked for.

    Raises:
        SceneUnreadable: there is no tile of the source.
        ConfigInvalid: `tiles` is given without an index, or an area is needed.
        NotGeoreferenced: a tile lies outside every UTM zone.
    """
    source = sources()[name]
    found = _find(where, detected_sources() if source.detected else [source], None, near, tiles)
    fit = [tile for tile in found.tiles if tile.source is source]
    others = [tile for tile in found.tiles if tile.source is not source]
    skipped = found.skipped | {t.name: f"It is a tile of {t.source.title}." for t in others}
    if not fit:
        first = next(iter(skipped.values()), "")
        raise SceneUnreadable(
            f"{where} holds no tile of {source.title}. {first}".strip(), source.remedy
        )
    return list(_by_date_and_zone(fit, source)), skipped


def scene_of(name: str, entries: Sequence[TileEntry], zone: int) -> TiledScene:
    """Return the scene of these tiles, all of one source and date, seen from a UTM zone."""
    source, year = entries[0].source, max(entry.year or 0 for entry in entries)
    utm = f"EPSG:{zone}"
    footprints = list(footprints_of(entries, utm))
    extent = around(each.extent for each in footprints)
    count = "1 tile" if len(entries) == 1 else f"{len(entries):,} tiles"
    of_year = f" of {year}" if year else ""
    text = f"{source.title}{of_year}: {count} of vectors with {source.dim} dimensions."
    info = SceneInfo(
        name=name,
        files=[str(entry.where) for entry in entries],
        crs=entries[0].footprint.name if len(entries) == 1 else utm,
        utm=utm,
        bounds=bounds_of(footprints, CRS.from_epsg(zone)),
        pixel_m=(10.0, 10.0),
        size=(extent.width, extent.height),
        units=source.units,
        units_reason=" ".join(dict.fromkeys(entry.rule for entry in entries)),
        source=source.title,
        date=f"{year}-01-01" if year else None,
        product_type=None,
        nodata=None,
        checks=[Check("ok", text), *source.checks(entries)],
    )
    return TiledScene(info, entries)


def own_zone(entry: TileEntry) -> int:
    """Return the UTM zone of a tile, as EPSG code."""
    return int(str(utm_zone([entry.footprint]).to_epsg()))


def _looks_like_a_tile(file: Path) -> bool:
    bands = 0
    if file.suffix.lower() in DRIVERS:
        try:
            with open_raster(file) as dataset:
                bands = dataset.count
        except GlueLinkError:
            return False
    return any(source.recognises(file, bands) for source in detected_sources())


def _index_of(where: Location) -> TileSource | None:
    """Return the source whose index this is, by its name."""
    if isinstance(where, Url) or not where.is_file():
        return None
    suffix = where.suffix.lower()
    return next((each for each in detected_sources() if suffix in each.index_suffixes), None)


def _find(
    where: Location,
    among: Sequence[TileSource],
    year: int | None,
    near: shapely.Geometry | None,
    tiles: str | None,
) -> Scan:
    """Return the tiles of these sources; those that an index lists and that are missing apart."""
    indexed = _index_of(where)
    if tiles is not None and not indexed:
        raise ConfigInvalid(
            f"{where} is not an index, so that its tiles cannot lie elsewhere.",
            "Leave the tiles out.",
        )
    if isinstance(where, Url) or is_store(where):
        with closing(Ranges()) as ranges:
            for source in among:
                at = source.tiles_at(where, near, ranges)
                if at is not None:
                    return Scan(at)
        ends = " or, ".join(source.addresses for source in among if source.addresses)
        raise ConfigInvalid(
            f"{where} is not an address of tiles.",
            f"Give an address that ends {ends}." if ends else "Download the files.",
        )
    if not indexed:
        return scan(where, among)
    found = Scan()
    for tile in indexed.read_index(where, locate(tiles or where.parent), year, near):
        if isinstance(tile.where, Path) and not tile.where.is_file():
            found.skipped[tile.name] = "It is listed, but is not there."
        else:
            found.tiles.append(tile)
    return found


def _find_one(
    where: Location, year: int | None, near: shapely.Geometry | None, tiles: str | None
) -> list[TileEntry]:
    """Return the tiles that touch `near` (degrees), at least one."""
    among = detected_sources()
    found = _find(where, among, year, near, tiles)
    if isinstance(where, Url):
        return found.tiles
    if indexed := _index_of(where):
        _require_listed(where, indexed, found, year, near, tiles)
        return found.tiles
    if not found.tiles:
        reason = next(iter(found.skipped.values()), "")
        titles = " or ".join(source.title for source in among)
        raise SceneUnreadable(
            f"{where.name} holds no tile of {titles}. {reason}".strip(),
            "Give the published files.",
        )
    touching = [tile for tile in found.tiles if near is None or near.intersects(outline_of(tile))]
    return touching or found.tiles


def _require_listed(
    index: Path,
    source: TileSource,
    found: Scan,
    year: int | None,
    near: shapely.Geometry | None,
    tiles: str | None,
) -> None:
    """Check that an index lists tiles, that they are few enough, and that all are there."""
    count = len(found.tiles) + len(found.skipped)
    if not count:
        when, where = f" of {year}" if year else "", "" if near is None else " in the area"
        raise AreaOutsideScene(
            f"The index {index.name} lists no tile{when}{where}.", "Check the year and the area."
        )
    if near is None and count > MOST_UNASKED:
        raise ConfigInvalid(
            f"The index {index.name} lists {count:,} tiles, and no area was given.",
            "Give the area.",
        )
    if found.skipped:
        more = f", nor are {len(found.skipped) - 1:,} more" if len(found.skipped) > 1 else ""
        raise SceneUnreadable(
            f"The tile {next(iter(found.skipped))} is not in {tiles or index.parent}{more}.",
            "Download it, or read the tiles from where they are published: --tiles "
            f"{source.published}.",
        )


def outline_of(entry: TileEntry) -> shapely.Geometry:
    """Return a tile's edge in degrees."""
    grid = entry.footprint
    x, y = transformer(grid.crs, "EPSG:4326").transform(*grid.outline())
    # Counted from the first point on, longitudes do not jump at the date line.
    return on_globe(shapely.polygons(shapely.linearrings((x - x[0] + 180) % 360 - 180 + x[0], y)))


def _year(date: str | None) -> int | None:
    found = _YEAR.fullmatch(date) if date else None
    if date and not found:
        raise ConfigInvalid(f'The date is "{date}".', "Expected a year, or year-month-day.")
    return int(found[1]) if found else None


def _of_one_source(entries: list[TileEntry]) -> list[TileEntry]:
    titles = sorted({entry.source.title for entry in entries})
    if len(titles) > 1:
        raise ConfigInvalid(
            f"There are tiles of {' and of '.join(titles)} in one folder.",
            "Give the folder of one.",
        )
    return entries


def _of_one_year(entries: list[TileEntry], year: int | None) -> list[TileEntry]:
    """Return those of `year`, or of the only one. A tile without a year may be of any."""
    kept = [entry for entry in entries if year is None or entry.year in (None, year)]
    years = sorted({entry.year for entry in entries if entry.year})
    if not kept or (year is None and len(years) > 1):
        asked = f", not of {year}" if year else ""
        raise YearUnclear(
            f"There are tiles of {', '.join(map(str, years))}{asked}.",
            "State one of these years as the date.",
        )
    return kept


def _zone_of_many(entries: list[TileEntry], near: shapely.Geometry | None) -> int:
    """Return the zone of the area, or of the middle tile."""
    if near is None:
        return own_zone(entries[len(entries) // 2])
    middle = max(shapely.get_parts(near), key=shapely.area).centroid
    return int(str(utm_zone_at(middle.x, middle.y).to_epsg()))


def _by_date_and_zone(tiles: list[TileEntry], source: TileSource) -> Iterator[TiledEntry]:
    dates: dict[date | None, list[TileEntry]] = defaultdict(list)
    for tile in tiles:
        dates[tile.date].append(tile)
    for day, of_date in sorted(dates.items(), key=lambda item: item[0] or date.min):
        zones = [own_zone(tile) for tile in of_date]
        outlines = [outline_of(tile) for tile in of_date]
        for zone in sorted(set(zones)):
            seen = shapely.intersects(outlines, _zone_box(zone))
            each = zip(of_date, zones, seen, strict=True)
            # A zone's own tiles count first where they overlap; then those across its border.
            near = [
                (own != zone, tile.name, tile)
                for tile, own, touches in each
                if own == zone or touches
            ]
            kept = tuple(tile for _, _, tile in sorted(near, key=lambda item: item[:2]))
            yield TiledEntry(
                name=f"{source.title} {_when(day, source)} in EPSG:{zone}",
                utm_epsg=zone,
                extent=around(one.extent for one in footprints_of(kept, f"EPSG:{zone}")),
                date=day,
                tiles=kept,
            )


def _when(day: date | None, source: TileSource) -> str:
    if source.units != "embedding":
        return f"of {day or 'an unknown date'}"
    return str(day.year) if day else "of any year"


def _zone_box(epsg: int) -> shapely.Geometry:
    """Return a UTM zone in degrees, and a little more."""
    west, (south, north) = 6 * (epsg % 100) - 186, (0, 84) if epsg < 32700 else (-80, 0)
    more = BORDER_DEGREES
    return shapely.box(west - more, south - more, west + 6 + more, north + more)
