"""Tiles of one source as one scene, read by windows on the 10 m grid of a UTM zone."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from backend.io.unchanged import state_of
from backend.io.url import Url
from backend.scenes.box import PixelBox, around
from backend.scenes.files import files_behind
from backend.scenes.footprint import Footprint, nearest, positions
from backend.scenes.grid import transformer
from backend.scenes.info import SceneInfo
from backend.scenes.tiled.remote import NotThere, Ranges, not_there
from backend.scenes.tiled.source import Tile, TileEntry

FINEST_M, COARSEST_M = 9.0, 11.0
MOST_OPEN = 16


class TiledScene(AbstractContextManager["TiledScene"]):
    """Tiles of one source and date: `info`, `utm_epsg`, `extent` (absolute 10 m pixels), `read`.

    It is asked as a radar scene is; `dim` values of a pixel stand in place of the bands. A context
    manager, for one thread at a time.

    Raises:
        NotGeoreferenced: a tile lies where the scene's UTM zone does not reach.
    """

    def __init__(self, info: SceneInfo, entries: Sequence[TileEntry]) -> None:
        self.info = info
        self.modality = entries[0].source.name
        self.utm_epsg = int(info.utm.removeprefix("EPSG:"))
        self._dim = entries[0].source.dim
        self._entries = list(entries)
        self._ranges = Ranges()
        self._open: OrderedDict[int, tuple[Tile, Footprint] | None] = OrderedDict()
        self._extents = [each.extent for each in footprints_of(entries, info.utm)]
        self.extent: PixelBox = around(self._extents)
        self.state = None if self.files is None else state_of(self.files)
        """What changes when a tile does; None where that cannot be told."""
        self._low = np.array([(box.row0, box.col0) for box in self._extents])
        self._high = np.array([(box.row1, box.col1) for box in self._extents])

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        while self._open:
            self._forget_oldest()
        self._ranges.close()

    def reopen(self) -> "TiledScene":
        """Return the same scene opened once more, for another thread."""
        return TiledScene(self.info, self._entries)

    @property
    def planes(self) -> int:
        """Numbers of a pixel."""
        return self._dim

    @property
    def files(self) -> list[Path] | None:
        """The local files that its values come from; None where some come from elsewhere."""
        found: list[Path] = []
        for entry in self._entries:
            for file in entry.files or (None,):
                if not isinstance(file, Path):
                    return None
                found += files_behind(file)
        return found

    @property
    def facts(self) -> dict[str, Any]:
        """All that shapes pixels and is known without reading them, ready for JSON."""
        return {
            "modality": self.modality,
            "utm": self.utm_epsg,
            "extent": list(astuple(self.extent)),
            "dates": [self.info.date],
            "rules": sorted({entry.rule for entry in self._entries}),
        }

    def read_counted(self, box: PixelBox) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Return values as `read` does, and whether each pixel (h, w) has some: 1 or 0.

        Raises:
            SceneUnreadable: a tile is damaged or missing.
            PixelsUnfit: a tile has pixels of another size.
        """
        values = self.read(box)
        return values, np.isfinite(values[0]).astype(np.uint8)

    def read(self, box: PixelBox) -> NDArray[np.float32]:
        """Return values (dim, h, w) over `box`; NaN where there are none.

        Each pixel has the values of the nearest one in the first tile that has some there; they
        are never mixed.

        Raises:
            SceneUnreadable: a tile is damaged or missing.
            PixelsUnfit: a tile has pixels of another size.
        """
        values = np.full((self._dim, box.height, box.width), np.nan, np.float32)
        touching = (self._low < (box.row1, box.col1)) & (self._high > (box.row0, box.col0))
        for number in np.flatnonzero(touching.all(axis=1)).tolist():
            part = box.intersection(self._extents[number])
            rows, columns = part.within(box)
            target = values[:, rows, columns]
            empty = np.isnan(target[0])
            opened = self._tile(number) if empty.any() else None
            sampled = _sample(*opened, part) if opened else None
            if sampled is not None:
                np.copyto(target, sampled, where=empty)
        return values

    def _tile(self, number: int) -> tuple[Tile, Footprint] | None:
        """Return an open tile; None for one that was never made, as at sea."""
        if number not in self._open:
            while len(self._open) >= MOST_OPEN:
                self._forget_oldest()
            entry = self._entries[number]
            try:
                tile = entry.open(self._ranges)
            except NotThere:
                if not entry.may_be_missing and isinstance(entry.where, Url):
                    raise not_there(entry.where) from None
                self._open[number] = None
            else:
                to_utm = transformer(tile.grid.crs, self.info.utm)
                footprint = Footprint(entry.name, tile.grid, to_utm)
                remedy = "Take the tile in its full resolution."
                footprint.require_pixels(FINEST_M, COARSEST_M, remedy)
                self._open[number] = tile, footprint
        self._open.move_to_end(number)
        return self._open[number]

    def _forget_oldest(self) -> None:
        opened = self._open.popitem(last=False)[1]
        if opened:
            opened[0].close()


def footprints_of(entries: Sequence[TileEntry], zone: str) -> Iterator[Footprint]:
    """Yield where each tile lies in a UTM zone, as far as is known before it is opened."""
    to_utm = {crs: transformer(crs, zone) for crs in {entry.footprint.crs for entry in entries}}
    for entry in entries:
        yield Footprint(entry.name, entry.footprint, to_utm[entry.footprint.crs])


def _sample(tile: Tile, footprint: Footprint, box: PixelBox) -> NDArray[np.float32] | None:
    """Return values (dim, h, w) of the absolute pixels of `box`; None when there are none."""
    nodes = footprint.nodes(box)
    if not all(np.isfinite(axis).all() for axis in nodes):
        return None
    rows, columns = positions(nodes, Window(0, 0, 1, 1), box)
    # A position on the edge of a pixel may belong to the next one.
    window = footprint.window((rows, columns), margin=1)
    values = None if window is None else tile.read(window)
    if window is None or values is None or not np.isfinite(values[0]).any():
        return None
    return nearest(values, rows - window.row_off, columns - window.col_off)
