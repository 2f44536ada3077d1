"""The products of a folder, an index or an address, for windows around many places.

Sentinel-2 pictures are read as a product of each day: they have a folder, and no index.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import shapely

from backend.errors import SceneUnreadable
from backend.scenes.box import PixelBox, around
from backend.scenes.embeddings.find import has_index, location, outline_of
from backend.scenes.embeddings.index import read_index
from backend.scenes.embeddings.open import embedding_of, own_zone
from backend.scenes.embeddings.product import Embedding, footprints_of
from backend.scenes.embeddings.remote import Ranges, Url
from backend.scenes.embeddings.tiles import (
    TITLES,
    Found,
    TileEntry,
    pictures_in,
    tiles_at,
    tiles_in,
)
from backend.scenes.files import local_path
from backend.scenes.sentinel2 import BANDS as PICTURES
from backend.scenes.sentinel2 import REMEDY

BORDER_DEGREES = 0.02
"""How far beyond its border a zone is seen from: a window may lie across it."""


@dataclass(frozen=True)
class EmbeddingEntry:
    """A product of one year, or pictures of one day, in one UTM zone; none of them is open.

    It has the fields of a scene's entry. `date` is the day, or the middle of the year: of several
    years the one of a point is the nearest.
    """

    name: str
    utm_epsg: int
    extent: PixelBox
    date: date | None
    product_type: str
    tiles: tuple[TileEntry, ...]

    @property
    def rules(self) -> set[str]:
        """How its values are read, in words."""
        return {tile.rule for tile in self.tiles}

    def open(self) -> Embedding:
        """The product itself, as a context manager."""
        return embedding_of(self.name, self.tiles, self.utm_epsg)


def read_embeddings(
    path: str | Path,
    kind: str,
    near: shapely.Geometry | None = None,
    tiles: str | Path | None = None,
) -> tuple[list[EmbeddingEntry], dict[str, str]]:
    """The products of a kind by year and zone, and why other files are no tiles of them.

    The arguments are those of `open_embedding`; only tiles that touch `near` are looked for in an
    index or at an address. SceneUnreadable when there is none, ConfigInvalid, NotGeoreferenced.
    """
    found = _find(path, kind, near, tiles)
    fit = [tile for tile in found.tiles if tile.kind == kind]
    others = [tile for tile in found.tiles if tile.kind != kind]
    skipped = found.skipped | {t.name: f"It is a tile of {TITLES[t.kind]}." for t in others}
    if not fit:
        first = next(iter(skipped.values()), "")
        raise SceneUnreadable(
            f"{path} holds no tile of {TITLES[kind]}. {first}".strip(),
            REMEDY if kind in PICTURES else "Give the published files.",
        )
    return list(_by_date_and_zone(fit, kind)), skipped


def _find(
    path: str | Path, kind: str, near: shapely.Geometry | None, tiles: str | Path | None
) -> Found:
    indexed = has_index(path, tiles)
    if kind in PICTURES:
        return pictures_in(local_path(path), kind)
    if Url.looks_like(str(path)):
        ranges = Ranges()
        try:
            return Found(tiles_at(Url(str(path)), near, ranges))
        finally:
            ranges.close()
    root = local_path(path)
    if not indexed:
        return tiles_in(root)
    listed = read_index(root, location(tiles or root.parent), None, near)
    found = Found()
    for tile in listed:
        if isinstance(tile.where, Path) and not tile.where.is_file():
            found.skipped[tile.name] = "It is listed, but is not there."
        else:
            found.tiles.append(tile)
    return found


def _by_date_and_zone(tiles: list[TileEntry], kind: str) -> Iterator[EmbeddingEntry]:
    dates: dict[date | None, list[TileEntry]] = defaultdict(list)
    for tile in tiles:
        dates[tile.taken].append(tile)
    for taken, of_date in sorted(dates.items(), key=lambda item: item[0] or date.min):
        zones = [own_zone(tile) for tile in of_date]
        outlines = [outline_of(tile) for tile in of_date]
        for zone in sorted(set(zones)):
            seen = shapely.intersects(outlines, _zone_box(zone))
            own = [tile for tile, of in zip(of_date, zones, strict=True) if of == zone]
            beyond = [
                tile
                for tile, of, touches in zip(of_date, zones, seen, strict=True)
                if of != zone and touches
            ]
            kept = tuple(sorted(own, key=_name) + sorted(beyond, key=_name))
            extent = around(place.extent for place in footprints_of(kept, f"EPSG:{zone}"))
            yield EmbeddingEntry(
                name=f"{TITLES[kind]} {_when(taken, kind)} in EPSG:{zone}",
                utm_epsg=zone,
                extent=extent,
                date=taken,
                product_type=TITLES[kind],
                tiles=kept,
            )


def _when(taken: date | None, kind: str) -> str:
    if kind in PICTURES:
        return f"of {taken or 'an unknown date'}"
    return str(taken.year) if taken else "of any year"


def _name(tile: TileEntry) -> str:
    return tile.name


def _zone_box(epsg: int) -> shapely.Geometry:
    """A UTM zone in degrees, and a little more."""
    west, (south, north) = 6 * (epsg % 100) - 186, (0, 84) if epsg < 32700 else (-80, 0)
    more = BORDER_DEGREES
    return shapely.box(west - more, south - more, west + 6 + more, north + more)
