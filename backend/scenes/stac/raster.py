"""Writing a fetched scene: whole, or not at all."""

import errno
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, Self

import numpy as np
import rasterio
from affine import Affine
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from backend.io.atomic import publish, scratch
from backend.io.disk import require_room, writing
from backend.scenes.grid import Grid
from backend.scenes.sentinel1.naming import POLARISATIONS
from backend.scenes.stac.remote import Pixels, Values

BLOCK = 256
REMEDY = "Make room, or fetch a smaller area."


class AtomicRaster:
    """VV and VH of a window of `grid` on their way to `path`; a context manager.

    Leaving without `finish` leaves nothing.

    Raises:
        DiskFull: the disk has no room for the scene.
        OutputUnwritable: the file cannot be written.
    """

    def __init__(self, path: Path, grid: Grid, values: Values, window: Window) -> None:
        self._path = path
        self._window, self._values = window, values
        self._count = 0
        with ExitStack() as stack, writing(path, REMEDY):
            size = np.dtype(values.dtype).itemsize * len(POLARISATIONS)
            require_room(path.parent, window.width * window.height * size, "The scene", REMEDY)
            self._draft = stack.enter_context(scratch(path))
            # A mask lies inside the file: it is renamed at the end.
            stack.enter_context(rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True))
            self._dataset = rasterio.open(self._draft, "w", **_profile(grid, values, window))
            self._dataset.descriptions = POLARISATIONS
            self._dataset.scales = (values.scale,) * len(POLARISATIONS)
            self._dataset.offsets = (values.offset,) * len(POLARISATIONS)
            self._stack = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        # An error of closing matters in `finish` only; elsewhere the draft is discarded.
        with self._stack, suppress(RasterioError, CPLE_BaseError, OSError):
            self._dataset.close()

    def write(self, piece: Window, pixels: Pixels) -> None:
        """Write values (2, h, w) of a piece of the file, and which have data (h, w)."""
        values, valid = pixels
        self._count += int(valid.sum())
        left, top = piece.col_off - self._window.col_off, piece.row_off - self._window.row_off
        place = Window(left, top, piece.width, piece.height)
        with writing(self._path, REMEDY):
            self._dataset.write(values, window=place)
            if self._values.masked:
                self._dataset.write_mask(valid, window=place)

    def finish(self, tags: Mapping[str, str]) -> None:
        """Check that all is stored, and give the file its name.

        Raises:
            DiskFull: fewer pixels were stored than written.
            OutputUnwritable: the file cannot be written.
        """
        with writing(self._path, REMEDY):
            self._dataset.update_tags(**tags)
            self._dataset.close()
            with rasterio.open(self._draft, driver="GTiff") as stored:
                windows = [window for _, window in stored.block_windows(1)]
                count = sum(self._stored(stored, window) for window in windows)
            if count != self._count:  # GDAL may close a file on a full disk without an error
                raise OSError(errno.ENOSPC, "fewer pixels were stored than written")
            publish(self._draft, self._path)

    def _stored(self, stored: DatasetReader, window: Window) -> int:
        """Return how many pixels of a window have data in the file."""
        valid = self._values.have_data(stored.read(window=window))
        if self._values.masked:
            valid &= stored.read_masks(1, window=window) > 0
        return int(valid.sum())


def _profile(grid: Grid, values: Values, window: Window) -> dict[str, Any]:
    corner = Affine.translation(window.col_off, window.row_off)
    whole = np.issubdtype(np.dtype(values.dtype), np.integer)
    return {
        "driver": "GTiff",
        "count": len(POLARISATIONS),
        "width": window.width,
        "height": window.height,
        "dtype": values.dtype,
        "nodata": values.nodata,
        "crs": grid.crs.to_wkt(),
        "transform": grid.transform @ corner,
        "tiled": True,
        "blockxsize": BLOCK,
        "blockysize": BLOCK,
        "compress": "deflate",
        "predictor": 2 if whole else 3,
        "bigtiff": "if_safer",
    }
