"""Remote GeoTIFFs, read as local ones are: through a sparse copy that holds the blocks of a window.

What this does not do: read overviews, or files without blocks of a moderate size.
"""

import io
import struct
import warnings
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

import numpy as np
import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from backend.io.http import RequestFailed, TransientError
from backend.io.ranges import RemoteFile, Span
from backend.io.tiff import Directory, read_directories, sparse_copy, stating

T = TypeVar("T")

PAGE = 2**16
SPARE = 4096  # bytes that packing may add to a block
HELD = 2**26  # bytes of blocks that are kept: neighbouring windows share them


class RemoteTiff:
    """A remote GeoTIFF, for one thread at a time. `dataset` has its header, `read` its pixels.

    `scale`, `offset` and `no_data` are known of it from elsewhere; what it says itself counts more.

    Raises what the file raises: for a host at fault, and for bytes that are not a GeoTIFF.

    Example:
        tiff = RemoteTiff(file)
        values = tiff.read(window, lambda dataset: dataset.read(1, window=window))
    """

    dataset: DatasetReader

    def __init__(
        self,
        file: RemoteFile,
        scale: float = 1.0,
        offset: float = 0.0,
        no_data: float | None = None,
    ) -> None:
        self._file = file
        self._known = scale, offset, no_data
        self._held: OrderedDict[Span, bytes] = OrderedDict()
        file.attempt(self._read_header)

    def _read_header(self) -> None:
        try:
            pixels, *masks = read_directories(_Pages(self._file).read)
            self._directories = [stating(pixels, *self._known), *masks]
            self._places = [directory.places() for directory in self._directories]
            self.dataset = self._open([{} for _ in self._directories])
        except (ValueError, struct.error, RasterioError) as error:
            raise TransientError(f"it is not a GeoTIFF with blocks: {error}") from None

    def read(self, window: Window, work: Callable[[DatasetReader], T], band: int = 0) -> T:
        """Return what `work` reads of a window; only `band` is fetched, where bands lie apart.

        Blocks that cannot be unpacked are fetched again.
        """
        return self._file.attempt(partial(self._work, window, work, band))

    def close(self) -> None:
        """Close the header."""
        self.dataset.close()

    def _work(self, window: Window, work: Callable[[DatasetReader], T], band: int) -> T:
        needed = [
            self._spans(directory, places, window, band)
            for directory, places in zip(self._directories, self._places, strict=True)
        ]
        self._fetch([span for spans in needed for span in spans.values()])
        blocks = [{n: self._held[span] for n, span in spans.items()} for spans in needed]
        try:
            with self._open(blocks) as dataset:
                return work(dataset)
        except RasterioError:
            for spans in needed:
                for span in spans.values():
                    self._held.pop(span, None)
            top, left = window.row_off, window.col_off
            raise TransientError(f"it came damaged at row {top}, column {left}") from None
        finally:
            while sum(map(len, self._held.values())) > HELD:
                self._held.popitem(last=False)

    def _spans(
        self, directory: Directory, places: np.ndarray, window: Window, band: int
    ) -> dict[int, Span]:
        """Return where the blocks of a window lie in the file, by their numbers."""
        height, width = directory.block
        (top, bottom), (left, right) = window.toranges()
        layers, rows, columns = places.shape[:3]
        chosen = np.zeros((layers, rows, columns), bool)
        layer = slice(band - 1, band) if band and layers > 1 else slice(None)
        row = slice(top // height, -(-bottom // height))
        column = slice(left // width, -(-right // width))
        chosen[layer, row, column] = places[layer, row, column, 1] > 0
        numbers = np.flatnonzero(chosen)
        starts, sizes = places.reshape(-1, 2)[numbers].T
        itemsize = np.dtype(self.dataset.dtypes[0]).itemsize
        most = 2 * height * width * (self.dataset.count // layers) * itemsize + SPARE
        if numbers.size and ((starts + sizes).max() > self._file.size or sizes.max() > most):
            raise RequestFailed("its directory names blocks that cannot exist")
        stops = starts + sizes
        return {
            int(n): (int(start), int(stop))
            for n, start, stop in zip(numbers, starts, stops, strict=True)
        }

    def _fetch(self, spans: Sequence[Span]) -> None:
        missing = [span for span in spans if span not in self._held]
        self._held.update(zip(missing, self._file.read_many(missing), strict=True))
        for span in spans:
            self._held.move_to_end(span)

    def _open(self, blocks: Sequence[Mapping[int, bytes]]) -> DatasetReader:
        copy = io.BytesIO(sparse_copy(self._directories, blocks))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            return rasterio.open(copy, driver="GTiff", sharing=False)


class _Pages:
    """The header of a file, fetched by pages."""

    def __init__(self, file: RemoteFile) -> None:
        self._file = file
        self._pages: dict[int, bytes] = {}

    def read(self, start: int, stop: int) -> bytes:
        """Return the bytes from one place to another, or raise ValueError where the file ends."""
        if stop > self._file.size:
            raise ValueError("its directory is cut short")
        first, end = start // PAGE, -(-stop // PAGE)
        for number in range(first, end):
            if number not in self._pages:
                begin = number * PAGE
                self._pages[number] = self._file.read(begin, begin + PAGE)
        part = b"".join(self._pages[number] for number in range(first, end))
        return part[start - first * PAGE : stop - first * PAGE]
