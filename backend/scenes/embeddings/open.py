"""Opening an annual embedding product."""

import re
from collections.abc import Sequence
from pathlib import Path

import shapely
from pyproj import CRS

from backend.errors import ConfigInvalid, YearUnclear
from backend.scenes import sentinel2
from backend.scenes.box import around
from backend.scenes.embeddings import tessera
from backend.scenes.embeddings.find import find_tiles
from backend.scenes.embeddings.product import Embedding, footprints_of
from backend.scenes.embeddings.remote import Url
from backend.scenes.embeddings.tiles import DIMENSIONS, TITLES, TileEntry
from backend.scenes.footprint import bounds_of
from backend.scenes.globe import on_globe
from backend.scenes.grid import utm_zone, utm_zone_at
from backend.scenes.info import Check, SceneInfo

NEAR_DEGREES = 0.001

_YEAR = re.compile(r"(20\d\d)(-\d\d-\d\d)?")


def open_embedding(
    path: str | Path,
    date: str | None = None,
    near: shapely.Geometry | None = None,
    tiles: str | Path | None = None,
) -> Embedding:
    """Open a product of the year of `date`, for an area `near` (degrees; all there is when None).

    `path` is a tile (.tiff, .npy), a folder, AlphaEarth's index (.csv, .gpkg), or the address of a
    tile or of Tessera's folder of a year. `tiles` is the folder or address below which the tiles of
    an index lie; beside it when None. Nothing is read from afar but below an address given here.
    Raises SceneUnreadable, ConfigInvalid, YearUnclear, AreaOutsideScene, NotGeoreferenced.
    """
    year = _year(date)
    near = None if near is None else on_globe(near).buffer(NEAR_DEGREES)
    entries = _of_one_year(_of_one_kind(find_tiles(path, year, near, tiles)), year)
    zones = {own_zone(entry) for entry in entries}
    zone = zones.pop() if len(zones) == 1 else _zone_of_many(entries, near)
    entries.sort(key=lambda entry: (own_zone(entry) != zone, entry.name))
    name = Url(str(path)).name if Url.looks_like(str(path)) else Path(path).stem
    return embedding_of(name, entries, zone)


def embedding_of(name: str, entries: Sequence[TileEntry], zone: int) -> Embedding:
    """The product of these tiles, all of one kind and year, seen from a UTM zone."""
    kind, year = entries[0].kind, max(entry.year or 0 for entry in entries)
    utm = f"EPSG:{zone}"
    places = list(footprints_of(entries, utm))
    extent = around(place.extent for place in places)
    count = "1 tile" if len(entries) == 1 else f"{len(entries):,} tiles"
    of_year = f" of {year}" if year else ""
    text = f"{TITLES[kind]}{of_year}: {count} of vectors with {DIMENSIONS[kind]} dimensions."
    info = SceneInfo(
        name=name,
        files=[str(entry.where) for entry in entries],
        crs=entries[0].footprint.name if len(entries) == 1 else utm,
        utm=utm,
        bounds=bounds_of(places, CRS.from_epsg(zone)),
        pixel_m=(10.0, 10.0),
        size=(extent.width, extent.height),
        units=sentinel2.UNITS.get(kind, "embedding"),
        units_reason=" ".join(dict.fromkeys(entry.rule for entry in entries)),
        date=f"{year}-01-01" if year else None,
        product_type=TITLES[kind],
        nodata=None,
        checks=[Check("ok", text), *_version_checks(entries[0])],
    )
    return Embedding(info, kind, entries)


def own_zone(entry: TileEntry) -> int:
    """The UTM zone of a tile, as EPSG code."""
    return int(str(utm_zone([entry.footprint]).to_epsg()))


def _year(date: str | None) -> int | None:
    found = _YEAR.fullmatch(date) if date else None
    if date and not found:
        raise ConfigInvalid(f'The date is "{date}".', "Expected a year, or year-month-day.")
    return int(found[1]) if found else None


def _of_one_kind(entries: list[TileEntry]) -> list[TileEntry]:
    kinds = sorted({TITLES[entry.kind] for entry in entries})
    if len(kinds) > 1:
        raise ConfigInvalid(
            f"There are tiles of {' and of '.join(kinds)} in one folder.", "Give the folder of one."
        )
    return entries


def _of_one_year(entries: list[TileEntry], year: int | None) -> list[TileEntry]:
    """Those of `year`, or of the only one. A tile that does not tell its year may be of any."""
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
    """The zone of the area, or of the middle tile."""
    if near is None:
        return own_zone(entries[len(entries) // 2])
    middle = max(shapely.get_parts(near), key=shapely.area).centroid
    return int(str(utm_zone_at(middle.x, middle.y).to_epsg()))


def _version_checks(entry: TileEntry) -> list[Check]:
    """A warning for another version of Tessera, whose dimensions mean other things."""
    version = tessera.version_of(entry.where) if entry.kind == tessera.NAME else None
    if version is None or version.partition("-")[0] in (tessera.VERSION, "1"):
        return []
    text = f"The tiles are of Tessera {version}; heads for tessera are of {tessera.VERSION}."
    return [Check("warning", text, "Ask them with a head that was fitted on this version.")]
