"""The alignment map as a cloud-optimised GeoTIFF: written whole, or not at all."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.crs import CRS
from rasterio.errors import RasterioError
from rasterio.windows import Window

from backend.errors import DiskFull, OutputUnwritable
from backend.features.lattice import CellBox

BLOCK = 256
SUFFIXES = (".tif", ".tiff")
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

_CLOUD_OPTIMISED = {
    "driver": "COG",
    "compress": "deflate",
    "predictor": "floating_point",
    "blocksize": BLOCK,
    "overview_resampling": "average",
    "bigtiff": "if_safer",
}

# The plain copy, the finished one with its overviews, and a little for headers.
_COPIES = 2.4
_HEADERS = 2 * 1024**2


def map_bytes(cells: CellBox, bands: int) -> int:
    """Size of a map's values, in bytes."""
    return cells.height * cells.width * bands * 4


class MapWriter:
    """Writes bands of cosines over `cells` of `cell_m` metres; a context manager.

    All is written in a hidden folder beside `output` and takes its name in `finish`; leaving
    without `finish` leaves nothing. Raises OutputUnwritable, DiskFull.
    """

    def __init__(
        self, output: Path, cells: CellBox, cell_m: float, utm_epsg: int, phrases: Sequence[str]
    ) -> None:
        self._output = output
        self._cells = cells
        self._filled = [0] * len(phrases)
        with _failures_named(output):
            _check_output(output, int(map_bytes(cells, len(phrases)) * _COPIES) + _HEADERS)
            self._folder = Path(tempfile.mkdtemp(prefix=".gluelink-", dir=output.parent))
        self._draft = self._folder / "draft.tif"
        try:
            with _failures_named(output):
                profile = _profile(cells, cell_m, utm_epsg, len(phrases))
                self._dataset = rasterio.open(self._draft, "w", **profile)
                self._dataset.descriptions = tuple(phrases)
        except BaseException:
            self._clear()
            raise

    def __enter__(self) -> "MapWriter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        # What a close says matters in `finish` only; here the draft is thrown away.
        with suppress(RasterioError, CPLE_BaseError):
            self._dataset.close()
        self._clear()

    def write(self, cells: CellBox, cosines: NDArray[np.float32]) -> None:
        """Write cosines (bands, h, w) of `cells`; NaN where there is no answer."""
        window = Window(
            cells.col0 - self._cells.col0,
            cells.row0 - self._cells.row0,
            cells.width,
            cells.height,
        )
        with _failures_named(self._output):
            self._dataset.write(cosines, window=window)
        for band, values in enumerate(cosines):
            self._filled[band] += int(np.isfinite(values).sum())

    def finish(self, tags: Mapping[str, str]) -> None:
        """Turn the draft into the map under its final name."""
        whole = self._folder / "map.tif"
        with _failures_named(self._output):
            self._dataset.update_tags(**tags)
            self._dataset.close()
            self._check_stored(self._draft)
            rasterio.shutil.copy(self._draft, whole, **_CLOUD_OPTIMISED)
            self._check_stored(whole)
            with whole.open("r+b") as file:
                os.fsync(file.fileno())
            os.replace(whole, self._output)

    def _check_stored(self, path: Path) -> None:
        """GDAL may close a file on a full disk without a word."""
        try:
            whole = _count_filled(path) == self._filled
        except RasterioError:
            whole = False
        if not whole:
            raise OSError(errno.ENOSPC, "fewer cells were stored than written")

    def _clear(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _profile(cells: CellBox, cell_m: float, utm_epsg: int, bands: int) -> dict[str, Any]:
    """The draft: plain tiles, those that were never written left out."""
    return {
        "driver": "GTiff",
        "width": cells.width,
        "height": cells.height,
        "count": bands,
        "dtype": "float32",
        "crs": CRS.from_epsg(utm_epsg),
        "transform": cells.transform(cell_m),
        "nodata": float("nan"),
        "tiled": True,
        "blockxsize": BLOCK,
        "blockysize": BLOCK,
        "interleave": "band",
        "sparse_ok": True,
        "bigtiff": "if_safer",
    }


def _check_output(output: Path, needed: int) -> None:
    """OutputUnwritable, or DiskFull when `needed` bytes will not fit."""
    if output.suffix.lower() not in SUFFIXES:
        raise OutputUnwritable(
            f'The map\'s name "{output.name}" does not end in .tif.', "A GeoTIFF is written."
        )
    if not output.parent.is_dir():
        raise OutputUnwritable(f"There is no folder {output.parent}.", "Make it first.")
    if output.is_dir():
        raise OutputUnwritable(f"{output} is a folder.", "Give the name of a file.")
    free = shutil.disk_usage(output.parent).free
    if needed > free:
        raise DiskFull(
            f"The map needs {needed / 1e6:,.0f} MB while it is made; {output.parent} has "
            f"{free / 1e6:,.0f} MB left.",
            "Make room, take a smaller area or another folder.",
        )


@contextmanager
def _failures_named(output: Path) -> Iterator[None]:
    """What the system or GDAL says about a write becomes DiskFull or OutputUnwritable."""
    try:
        yield
    except (RasterioError, CPLE_BaseError, OSError) as error:
        raise _failure(output, error) from error


def _failure(output: Path, error: Exception) -> DiskFull | OutputUnwritable:
    """What a failed write means to the user."""
    said = f"{error} {error.__cause__ or ''}"
    full = isinstance(error, OSError) and error.errno in FULL
    if full or any(os.strerror(number) in said for number in FULL):
        return DiskFull(
            f"The disk became full while {output.name} was written; nothing was left behind.",
            "Make room, take a smaller area or another folder.",
        )
    return OutputUnwritable(
        f"{output} cannot be written: {error}.", "Check the folder and its permissions."
    )


def _count_filled(path: Path) -> list[int]:
    """Finite cells per band, read back; RasterioError where a block is damaged."""
    with rasterio.open(path) as dataset:
        counts = [0] * dataset.count
        for _, window in dataset.block_windows(1):
            values = dataset.read(window=window)
            for band in range(dataset.count):
                counts[band] += int(np.isfinite(values[band]).sum())
    return counts
