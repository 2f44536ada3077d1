"""GeoTIFFs of many bands, local or remote, of which windows are read."""

import dataclasses
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader, MemoryFile
from rasterio.windows import Window

from backend.errors import SceneUnreadable
from backend.scenes.embeddings.remote import Location, Ranges, Url
from backend.scenes.embeddings.tiff import LENGTH, WIDTH, read_directory, small_file
from backend.scenes.files import open_raster
from backend.scenes.grid import Grid, grid_of

PAGE = 2**16
SPARE = 4096  # bytes that packing may add to a block


@dataclass(frozen=True)
class Header:
    """What a raster holds, in blocks of `block` (rows, columns) pixels."""

    count: int
    dtype: np.dtype[Any]
    nodata: float | None
    grid: Grid
    block: tuple[int, int]

    @classmethod
    def of(cls, dataset: DatasetReader, name: str) -> "Header":
        """From an open file. NotGeoreferenced."""
        kind = np.dtype(dataset.dtypes[0])
        return cls(
            dataset.count, kind, dataset.nodata, grid_of(dataset, name), dataset.block_shapes[0]
        )


class LocalRaster:
    """A raster on the disk. SceneUnreadable, NotGeoreferenced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._dataset = open_raster(path)
        self.header = Header.of(self._dataset, path.name)
        stat = path.stat()
        self.version = (stat.st_size, stat.st_mtime_ns)

    def read(self, window: Window) -> NDArray[Any]:
        """Values (bands, h, w) as stored. SceneUnreadable."""
        try:
            return self._dataset.read(window=window)
        except RasterioError as error:
            raise SceneUnreadable(
                f"{self._path.name} is cut short or damaged.", f"The reader says: {error}"
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._dataset.close()


class RemoteRaster:
    """A tiled raster at an address. NotThere, SceneUnreadable, NotGeoreferenced."""

    def __init__(self, url: Url, ranges: Ranges) -> None:
        self._url = url
        self._ranges = ranges
        try:
            self._directory = read_directory(_Pages(url, ranges).read)
            self._places = self._directory.places()
            size = self._directory.number(LENGTH), self._directory.number(WIDTH)
            empty = [b""] * self._directory.layers
            held = MemoryFile(small_file(self._directory, (1, 1), empty))
            with held, held.open(driver="GTiff") as dataset:
                header = Header.of(dataset, url.name)
        except (ValueError, struct.error, RasterioError) as error:
            raise SceneUnreadable(
                f"{url.name} of {url.host} is no tiled GeoTIFF: {error}.",
                "Download it and give its path, or check the address.",
            ) from error
        grid = dataclasses.replace(header.grid, height=size[0], width=size[1])
        self.header = dataclasses.replace(header, grid=grid)
        self.version = (ranges.size(url),)

    def read(self, window: Window) -> NDArray[Any]:
        """Values (bands, h, w) as stored. SceneUnreadable."""
        height, width = self._directory.block
        (top, bottom), (left, right) = window.toranges()
        rows = slice(top // height, -(-bottom // height))
        columns = slice(left // width, -(-right // width))
        places = self._places[:, rows, columns]
        spans = [(int(start), int(start + size)) for start, size in places.reshape(-1, 2)]
        self._require_modest(spans)
        blocks = self._ranges.read_all(self._url, spans)
        inner = Window(
            left - columns.start * width, top - rows.start * height, window.width, window.height
        )
        try:
            held = MemoryFile(small_file(self._directory, places.shape[1:3], blocks))
            with held, held.open(driver="GTiff") as dataset:
                return dataset.read(window=inner)
        except RasterioError as error:
            raise SceneUnreadable(
                f"The tile {self._url.name} of {self._url.host} is damaged at row {top}, column "
                f"{left}.",
                "Take another copy.",
            ) from error

    def close(self) -> None:
        """Nothing is held open."""

    def _require_modest(self, spans: Sequence[tuple[int, int]]) -> None:
        """SceneUnreadable for blocks beyond the file, or far larger than what they hold."""
        size, header = self._ranges.size(self._url), self.header
        height, width = self._directory.block
        bands = header.count // self._directory.layers
        most = 2 * height * width * bands * header.dtype.itemsize + SPARE
        if any(stop > size or stop - start > most for start, stop in spans):
            raise SceneUnreadable(
                f"The directory of {self._url.name} names blocks that cannot be.",
                "Take another copy.",
            )


class _Pages:
    """The first look at a file: parts of it, fetched by pages."""

    def __init__(self, url: Url, ranges: Ranges) -> None:
        self._url = url
        self._ranges = ranges
        self._pages: dict[int, bytes] = {}

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from one place to another. ValueError where the file ends before."""
        if stop > self._ranges.size(self._url):
            raise ValueError("its directory is cut short")
        first, end = start // PAGE, -(-stop // PAGE)
        for number in range(first, end):
            if number not in self._pages:
                begin = number * PAGE
                self._pages[number] = self._ranges.read(self._url, begin, begin + PAGE)
        whole = b"".join(self._pages[number] for number in range(first, end))
        return whole[start - first * PAGE : stop - first * PAGE]


def open_tiff(where: Location, ranges: Ranges) -> LocalRaster | RemoteRaster:
    """A raster, here or remote. Raises what the two do."""
    return RemoteRaster(where, ranges) if isinstance(where, Url) else LocalRaster(where)
