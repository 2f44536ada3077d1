"""Arrays in .npy files, local or remote, of which parts are read."""

import io
import math
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from backend.errors import SceneUnreadable
from backend.io.ranges import ByteSource

LONGEST_HEADER = 2**14
_READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


class ArrayFile:
    """An array of two dimensions or more; `shape` and `dtype` are its own.

    Raises:
        SceneUnreadable: the file is not a complete .npy file of a plain array.
    """

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        head = io.BytesIO(source.read(0, LONGEST_HEADER))
        try:
            version = npy.read_magic(head)
            if version not in _READERS:
                raise ValueError(f"version {version}")
            self.shape, by_columns, self.dtype = _READERS[version](head)
            if by_columns or self.dtype.hasobject or len(self.shape) < 2:
                raise ValueError("it does not hold a plain array")
        except (ValueError, TypeError, SyntaxError) as error:
            raise SceneUnreadable(
                f"{source.name} is not a .npy file: {error}.", "Fetch it again."
            ) from error
        self._offset = head.tell()
        self._pixel = self.dtype.itemsize * math.prod(self.shape[2:])
        expected = self._offset + self._pixel * math.prod(self.shape[:2])
        if source.size != expected:
            raise SceneUnreadable(
                f"{source.name} has {source.size:,} bytes; its header promises {expected:,}.",
                "Fetch it again, or use another copy.",
            )

    def read(self, rows: slice, columns: slice) -> NDArray[Any]:
        """Return the part (h, w, ...) at these rows and columns.

        It is read by ranges: a file that is cut short while it is mapped into memory ends the
        process.

        Raises:
            SceneUnreadable: the file has become shorter.
        """
        width = columns.stop - columns.start
        starts = (row * self.shape[1] + columns.start for row in range(rows.start, rows.stop))
        offsets = [self._offset + start * self._pixel for start in starts]
        parts = self._source.read_many([(o, o + width * self._pixel) for o in offsets])
        if any(len(part) < width * self._pixel for part in parts):
            raise SceneUnreadable(
                f"{self._source.name} was cut short while it was read.", "Fetch it again."
            )
        return np.frombuffer(b"".join(parts), self.dtype).reshape(-1, width, *self.shape[2:])
