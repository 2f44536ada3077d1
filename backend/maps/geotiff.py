"""The alignment map as a cloud-optimised GeoTIFF: written whole, or not at all."""

import errno
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from pathlib import Path

import numpy as np
import rasterio
import rasterio.shutil
from numpy.typing import NDArray
from rasterio._err import CPLE_BaseError
from rasterio.crs import CRS
from rasterio.errors import RasterioError
from rasterio.windows import Window

from backend.features.lattice import CellBox
from backend.io.atomic import atomic, scratch
from backend.io.disk import require_output, require_room, writing

BLOCK = 256
REMEDY = "Make room, or choose a smaller area or another folder."

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
    """Return the size of a map's values, in bytes."""
    return cells.height * cells.width * bands * 4


def disk_bytes(values: int) -> int:
    """Return what a map with so many bytes of values takes on the disk while it is written."""
    return int(values * _COPIES) + _HEADERS


class MapWriter(AbstractContextManager["MapWriter"]):
    """Writes bands of cosines over `cells` of `cell_m` metres; a context manager.

    The map takes its name in `finish`; leaving without `finish` leaves nothing.

    Raises:
        DiskFull: the disk has no room for the map.
        OutputUnwritable: there is no such folder, or the file cannot be written.
    """

    def __init__(
        self, output: Path, cells: CellBox, cell_m: float, utm_epsg: int, phrases: Sequence[str]
    ) -> None:
        self._output = output
        self._cells = cells
        self._filled = [0] * len(phrases)
        require_output(output, "map")
        with ExitStack() as stack, writing(output, REMEDY):
            needed = disk_bytes(map_bytes(cells, len(phrases)))
            require_room(output.parent, needed, "The map", REMEDY)
            self._draft = stack.enter_context(scratch(output))
            self._dataset = rasterio.open(  # plain tiles, without those that are never written
                self._draft,
                "w",
                driver="GTiff",
                width=cells.width,
                height=cells.height,
                count=len(phrases),
                dtype="float32",
                crs=CRS.from_epsg(utm_epsg),
                transform=cells.transform(cell_m),
                nodata=float("nan"),
                tiled=True,
                blockxsize=BLOCK,
                blockysize=BLOCK,
                interleave="band",
                sparse_ok=True,
                bigtiff="if_safer",
            )
            self._dataset.descriptions = tuple(phrases)
            self._stack = stack.pop_all()

    def __exit__(self, *_error: object) -> None:
        # An error of closing matters in `finish` only; elsewhere the draft is discarded.
        with self._stack, suppress(RasterioError, CPLE_BaseError):
            self._dataset.close()

    def write(self, cells: CellBox, cosines: NDArray[np.float32]) -> None:
        """Write cosines (bands, h, w) of `cells`; NaN where there is no answer."""
        window = Window(
            cells.col0 - self._cells.col0,
            cells.row0 - self._cells.row0,
            cells.width,
            cells.height,
        )
        with writing(self._output, REMEDY):
            self._dataset.write(cosines, window=window)
        for band, values in enumerate(cosines):
            self._filled[band] += int(np.isfinite(values).sum())

    def finish(self, tags: Mapping[str, str]) -> None:
        """Turn the draft into the map under its final name."""
        with writing(self._output, REMEDY):
            self._dataset.update_tags(**tags)
            self._dataset.close()
            self._require_stored(self._draft)
            with atomic(self._output) as partial:
                rasterio.shutil.copy(self._draft, partial, **_CLOUD_OPTIMISED)
                self._require_stored(partial)

    def _require_stored(self, path: Path) -> None:
        """Raise OSError unless all is stored: GDAL may close a file on a full disk silently."""
        try:
            stored = _count_filled(path) == self._filled
        except RasterioError:
            stored = False
        if not stored:
            raise OSError(errno.ENOSPC, "fewer cells were stored than written")


def _count_filled(path: Path) -> list[int]:
    """Return how many cells of each band are finite, or raise RasterioError for a damaged block."""
    with rasterio.open(path) as dataset:
        counts = [0] * dataset.count
        for _, window in dataset.block_windows(1):
            values = dataset.read(window=window)
            for band in range(dataset.count):
                counts[band] += int(np.isfinite(values[band]).sum())
    return counts
