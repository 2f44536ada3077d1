"""Arrays in .npy files, local or remote, of which parts are read."""

import io
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from backend.errors import SceneUnreadable
from backend.scenes.embeddings.remote import Location, Ranges, Url

LONGEST_HEADER = 2**14
_REMEDY = "Fetch it anew."


class LocalArray:
    """A memory-mapped file; `shape` and `dtype` are its own. SceneUnreadable."""

    def __init__(self, path: Path) -> None:
        try:
            self._map = np.load(path, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise SceneUnreadable(
                f"{path.name} is no whole .npy file: {error}.", _REMEDY
            ) from error
        if not isinstance(self._map, np.memmap):
            raise SceneUnreadable(f"{path.name} is no .npy file.", _REMEDY)
        self.shape, self.dtype = self._map.shape, self._map.dtype

    def read(self, rows: slice, columns: slice) -> NDArray[Any]:
        """The part (h, w, ...) at these rows and columns."""
        return self._map[rows, columns]


class RemoteArray:
    """The same of a remote file: its rows come in one range. NotThere, SceneUnreadable."""

    def __init__(self, url: Url, ranges: Ranges) -> None:
        self._url = url
        self._ranges = ranges
        head = io.BytesIO(ranges.read(url, 0, LONGEST_HEADER))
        try:
            version = npy.read_magic(head)
            if version not in ((1, 0), (2, 0)):
                raise ValueError(f"version {version}")
            read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
            self.shape, by_columns, self.dtype = read(head)
            if by_columns or self.dtype.hasobject or len(self.shape) < 2:
                raise ValueError("no plain array")
        except (ValueError, TypeError, SyntaxError) as error:
            raise SceneUnreadable(f"{url.name} is no .npy file: {error}.", _REMEDY) from error
        self._offset = head.tell()
        self._pixel = self.dtype.itemsize * math.prod(self.shape[2:])
        expected, size = self._offset + self._pixel * math.prod(self.shape[:2]), ranges.size(url)
        if size != expected:
            raise SceneUnreadable(
                f"{url.name} has {size:,} bytes at {url.host}; its header promises {expected:,}.",
                "Take another copy.",
            )

    def read(self, rows: slice, columns: slice) -> NDArray[Any]:
        """The part (h, w, ...) at these rows and columns."""
        height, width = rows.stop - rows.start, columns.stop - columns.start
        row = self.shape[1] * self._pixel
        first = self._offset + rows.start * row + columns.start * self._pixel
        got = self._ranges.read(self._url, first, first + (height - 1) * row + width * self._pixel)
        # The last row ends before the tile does; what is missing of it is beyond `columns`.
        whole = got + bytes(height * row - len(got))
        values = np.frombuffer(whole, self.dtype).reshape(height, *self.shape[1:])
        return values[:, :width]


def open_array(where: Location, ranges: Ranges) -> LocalArray | RemoteArray:
    """The array of a .npy file. NotThere for a remote one that is not, SceneUnreadable."""
    return RemoteArray(where, ranges) if isinstance(where, Url) else LocalArray(where)
