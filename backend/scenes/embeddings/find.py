"""Which tiles show an area: those of a file, a folder, an index, or an address."""

import itertools
from pathlib import Path

import shapely

from backend.errors import AreaOutsideScene, ConfigInvalid, GlueLinkError, SceneUnreadable
from backend.scenes.embeddings import alphaearth, tessera
from backend.scenes.embeddings.index import is_index, read_index
from backend.scenes.embeddings.remote import Location, Ranges, Url
from backend.scenes.embeddings.tiles import (
    TileEntry,
    files_below,
    tiles_at,
    tiles_in,
)
from backend.scenes.files import DRIVERS, local_path, open_raster
from backend.scenes.globe import on_globe
from backend.scenes.grid import transformer

PUBLISHED = "https://data.source.coop/tge-labs/aef/v1/annual"
MOST_UNASKED = 64
"""So many tiles of an index are read without an area."""

LOOKED_AT = 20


def is_embedding(path: str | Path) -> bool:
    """Is this an address, an index, or a tile or folder of tiles of an embedding product?

    Told by names and by headers. SceneUnreadable when there is no such file.
    """
    if Url.looks_like(str(path)):
        return True
    found = local_path(path)
    if found.is_file():
        return is_index(found) or _looks_like_a_tile(found)
    candidates = (file for file in files_below(found) if file.suffix.lower() in (".npy", *DRIVERS))
    return any(map(_looks_like_a_tile, itertools.islice(candidates, LOOKED_AT)))


def has_index(path: str | Path, tiles: str | Path | None) -> bool:
    """Is this an index of tiles? ConfigInvalid when it is none, and `tiles` says where they lie."""
    indexed = not Url.looks_like(str(path)) and is_index(local_path(path))
    if tiles is not None and not indexed:
        raise ConfigInvalid(
            f"It was said where the tiles of {path} lie, which is no index.", "Leave that out."
        )
    return indexed


def find_tiles(
    path: str | Path, year: int | None, near: shapely.Geometry | None, tiles: str | Path | None
) -> list[TileEntry]:
    """Return the tiles that touch `near` (degrees), at least one. Arguments as in `open_embedding`.

    Raises SceneUnreadable, ConfigInvalid, AreaOutsideScene, NotGeoreferenced.
    """
    indexed = has_index(path, tiles)
    if Url.looks_like(str(path)):
        ranges = Ranges()
        try:
            return tiles_at(Url(str(path)), near, ranges)
        finally:
            ranges.close()
    root = local_path(path)
    if indexed:
        return _listed(root, location(tiles or root.parent), year, near)
    found = tiles_in(root)
    if not found.tiles:
        reason = next(iter(found.skipped.values()), "")
        raise SceneUnreadable(
            f"{root.name} holds no tile of AlphaEarth or Tessera. {reason}".strip(),
            "Give the published files.",
        )
    touching = [tile for tile in found.tiles if near is None or near.intersects(outline_of(tile))]
    return touching or found.tiles


def _listed(
    index: Path, files: Location, year: int | None, near: shapely.Geometry | None
) -> list[TileEntry]:
    entries = read_index(index, files, year, near)
    if not entries:
        when, where = f" of {year}" if year else "", "" if near is None else " in the area"
        raise AreaOutsideScene(
            f"The index {index.name} lists no tile{when}{where}.", "Check the year and the area."
        )
    if near is None and len(entries) > MOST_UNASKED:
        raise ConfigInvalid(
            f"The index {index.name} lists {len(entries):,} tiles, and no area was given.",
            "Give the area.",
        )
    missing = [e for e in entries if isinstance(e.where, Path) and not e.where.is_file()]
    if missing:
        more = f", nor are {len(missing) - 1:,} more" if len(missing) > 1 else ""
        raise SceneUnreadable(
            f"The tile {missing[0].name} is not in {files}{more}.",
            f"Download it, or read the tiles from where they are published: --tiles {PUBLISHED}.",
        )
    return entries


def location(where: str | Path) -> Location:
    """A local folder, or an address given as such. SceneUnreadable, ConfigInvalid."""
    return Url(str(where)) if Url.looks_like(str(where)) else local_path(where)


def outline_of(entry: TileEntry) -> shapely.Geometry:
    """A tile's edge in degrees."""
    grid = entry.footprint
    x, y = transformer(grid.crs, "EPSG:4326").transform(*grid.outline())
    # Counted from the first point on, longitudes do not jump at the date line.
    return on_globe(shapely.polygons(shapely.linearrings((x - x[0] + 180) % 360 - 180 + x[0], y)))


def _looks_like_a_tile(file: Path) -> bool:
    if file.suffix == ".npy":
        return True
    try:
        with open_raster(file) as dataset:
            return dataset.count in (alphaearth.DIM, tessera.DIM)
    except GlueLinkError:
        return False
