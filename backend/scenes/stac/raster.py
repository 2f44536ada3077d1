"""Writing a fetched scene: whole, or not at all."""

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.errors import RasterioError
from rasterio.windows import Window

from backend.errors import DiskFull, OutputUnwritable
from backend.scenes.grid import Grid
from backend.scenes.sentinel1.naming import POLARISATIONS
from backend.scenes.stac.remote import Values

SUFFIXES = (".tif", ".tiff")
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
BLOCK = 256


class AtomicRaster:
    """VV and VH of a window of `grid` on their way to `path`; a context manager.

    What an earlier, killed one left is written over. Raises DiskFull, OutputUnwritable.
    """

    def __init__(self, path: Path, grid: Grid, values: Values, window: Window) -> None:
        self._path = path
        self._draft = path.with_name("scene.part")
        self._window, self._nodata = window, values.nodata
        self._there = 0
        with failures_named(path):
            _check_room(path.parent, window, values)
            self._dataset = rasterio.open(self._draft, "w", **_profile(grid, values, window))
            self._dataset.descriptions = POLARISATIONS
            self._dataset.scales = (values.scale,) * len(POLARISATIONS)
            self._dataset.offsets = (values.offset,) * len(POLARISATIONS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        # What a close says matters in `finish` only; here the draft is thrown away.
        with suppress(RasterioError, CPLE_BaseError, OSError):
            self._dataset.close()
        self._draft.unlink(missing_ok=True)

    def write(self, piece: Window, values: NDArray[Any]) -> NDArray[np.bool_]:
        """Write values (2, h, w) of a piece of the file; which pixels (h, w) have data."""
        there = self._has_data(values)
        self._there += int(there.sum())
        left, top = piece.col_off - self._window.col_off, piece.row_off - self._window.row_off
        with failures_named(self._path):
            self._dataset.write(values, window=Window(left, top, piece.width, piece.height))
        return there

    def finish(self, tags: Mapping[str, str]) -> None:
        """See that all is stored, and give it its name: GDAL may close on a full disk silently."""
        with failures_named(self._path):
            self._dataset.update_tags(**tags)
            self._dataset.close()
            with rasterio.open(self._draft, driver="GTiff") as stored:
                windows = [window for _, window in stored.block_windows(1)]
                there = sum(int(self._has_data(stored.read(window=one)).sum()) for one in windows)
            if there != self._there:
                raise OSError(errno.ENOSPC, "fewer pixels were stored than written")
            with self._draft.open("r+b") as file:
                os.fsync(file.fileno())
            os.replace(self._draft, self._path)

    def _has_data(self, values: NDArray[Any]) -> NDArray[np.bool_]:
        lost = ~np.isfinite(values)
        if self._nodata is not None:
            lost |= values == self._nodata
        return ~lost.any(axis=0) & (values != 0).any(axis=0)


def check_output(output: Path) -> None:
    """OutputUnwritable when a scene cannot be put there."""
    if output.suffix.lower() not in SUFFIXES:
        raise OutputUnwritable(
            f'The scene\'s name "{output.name}" does not end in .tif.', "A GeoTIFF is written."
        )
    if not output.parent.is_dir():
        raise OutputUnwritable(f"There is no folder {output.parent}.", "Make it first.")
    if output.is_dir():
        raise OutputUnwritable(f"{output} is a folder.", "Give the name of a file.")


def copy_whole(path: Path, output: Path) -> None:
    """Copy a file beside its new name, and rename it. DiskFull, OutputUnwritable."""
    draft = output.with_name(f".{output.name}.part")
    try:
        with failures_named(output):
            shutil.copyfile(path, draft)
            os.replace(draft, output)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def failures_named(path: Path) -> Iterator[None]:
    """What the system or GDAL says about a write becomes DiskFull or OutputUnwritable."""
    try:
        yield
    except (RasterioError, CPLE_BaseError, OSError) as error:
        said = f"{error} {error.__cause__ or ''}"
        full = isinstance(error, OSError) and error.errno in FULL
        if full or any(os.strerror(number) in said for number in FULL):
            raise DiskFull(
                f"The disk became full while {path.name} was written; no part of it was kept.",
                "Make room, or fetch a smaller area.",
            ) from error
        raise OutputUnwritable(
            f"{path} cannot be written: {error}.", "Check the folder and its permissions."
        ) from error


def _check_room(folder: Path, window: Window, values: Values) -> None:
    side = np.dtype(values.dtype).itemsize * len(POLARISATIONS)
    needed, free = window.width * window.height * side, shutil.disk_usage(folder).free
    if needed > free:
        raise DiskFull(
            f"The scene may need {needed / 1e6:,.0f} MB; {folder} has {free / 1e6:,.0f} MB left.",
            "Make room, or fetch a smaller area.",
        )


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
