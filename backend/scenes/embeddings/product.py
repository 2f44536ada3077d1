"""An annual embedding product, read by windows as vectors on the 10 m grid of a UTM zone."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from rasterio.windows import Window

from backend.scenes.box import PixelBox, around
from backend.scenes.embeddings.remote import NotThere, Ranges, Url, not_there
from backend.scenes.embeddings.tiles import DIMENSIONS, Tile, TileEntry
from backend.scenes.footprint import Place, nearest, positions
from backend.scenes.grid import Grid, transformer
from backend.scenes.info import SceneInfo

FINEST_M, COARSEST_M = 9.0, 11.0
MOST_OPEN = 16


class Embedding:
    """Tiles of one product and year: `info`, `utm_epsg`, `extent` (absolute 10 m pixels), `read`.

    It is asked as a scene is; where a scene has bands it has the dimensions of its vectors.
    A context manager, for one thread at a time. Raises NotGeoreferenced.
    """

    def __init__(self, info: SceneInfo, modality: str, entries: Sequence[TileEntry]) -> None:
        self.info = info
        self.modality = modality
        self.utm_epsg = int(info.utm.removeprefix("EPSG:"))
        self._entries = list(entries)
        self._ranges = Ranges()
        self._open: OrderedDict[int, tuple[Tile, Place] | None] = OrderedDict()
        self._extents = [place.extent for place in footprints_of(entries, info.utm)]
        self.extent: PixelBox = around(self._extents)
        self._low = np.array([(box.row0, box.col0) for box in self._extents])
        self._high = np.array([(box.row1, box.col1) for box in self._extents])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        while self._open:
            self._forget_oldest()
        self._ranges.close()

    def reopen(self) -> "Embedding":
        """The same product opened once more, for another thread."""
        return Embedding(self.info, self.modality, self._entries)

    def read(self, box: PixelBox) -> NDArray[np.float32]:
        """Vectors (dimensions, h, w) over `box`; NaN where there are none.

        Each pixel has the vector of the nearest one in the first tile that has one there; vectors
        are never mixed. Raises SceneUnreadable for a damaged tile, PixelsUnfit.
        """
        values = np.full((DIMENSIONS[self.modality], box.height, box.width), np.nan, np.float32)
        touching = (self._low < (box.row1, box.col1)) & (self._high > (box.row0, box.col0))
        for number in np.flatnonzero(touching.all(axis=1)).tolist():
            part = box.intersection(self._extents[number])
            rows, columns = part.within(box)
            target = values[:, rows, columns]
            empty = np.isnan(target[0])
            opened = self._tile(number) if empty.any() else None
            vectors = _sample(*opened, part) if opened else None
            if vectors is not None:
                np.copyto(target, vectors, where=empty)
        return values

    def _tile(self, number: int) -> tuple[Tile, Place] | None:
        """An open tile; None for one of Tessera that was never made, as at sea."""
        if number not in self._open:
            while len(self._open) >= MOST_OPEN:
                self._forget_oldest()
            entry = self._entries[number]
            try:
                tile = entry.open(self._ranges)
            except NotThere:
                if isinstance(entry.files, Url):
                    raise not_there(entry.files) from None
                self._open[number] = None
            else:
                self._open[number] = tile, tile_footprint(entry.name, tile.grid, self.info.utm)
        self._open.move_to_end(number)
        return self._open[number]

    def _forget_oldest(self) -> None:
        opened = self._open.popitem(last=False)[1]
        if opened:
            opened[0].close()


def footprints_of(entries: Sequence[TileEntry], zone: str) -> Iterator[Place]:
    """Where each tile lies in a UTM zone, as far as is known before it is opened."""
    ways = {crs: transformer(crs, zone) for crs in {entry.footprint.crs for entry in entries}}
    for entry in entries:
        yield Place(entry.name, entry.footprint, ways[entry.footprint.crs])


def tile_footprint(name: str, grid: Grid, zone: str) -> Place:
    """Where an open tile lies. PixelsUnfit when its pixels are not of about 10 m."""
    place = Place(name, grid, transformer(grid.crs, zone))
    place.require_pixels(FINEST_M, COARSEST_M, "Take the tile in its full resolution.")
    return place


def _sample(tile: Tile, place: Place, box: PixelBox) -> NDArray[np.float32] | None:
    """Vectors (dim, h, w) of the absolute pixels of `box`; None when there is none at all."""
    nodes = place.nodes(box)
    if not all(np.isfinite(axis).all() for axis in nodes):
        return None
    rows, columns = positions(nodes, Window(0, 0, 1, 1), box)
    # A position on the edge of a pixel may belong to the next one.
    window = place.window((rows, columns), margin=1)
    vectors = None if window is None else tile.read(window)
    if window is None or vectors is None or not np.isfinite(vectors[0]).any():
        return None
    return nearest(vectors, rows - window.row_off, columns - window.col_off)
