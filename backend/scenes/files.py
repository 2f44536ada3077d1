"""Raster files, the local ones opened safely."""

import os
import re
import warnings
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from backend.errors import SceneUnreadable
from backend.io.url import Location, Url

DRIVERS = {".tif": "GTiff", ".tiff": "GTiff", ".img": "ENVI"}
"""By suffix; ENVI is what the data folder of SNAP's own format holds."""

# GDAL's block cache is 5 % of the memory unless this says otherwise when the first file opens.
os.environ.setdefault("GDAL_CACHEMAX", "128")

_MOST_OPEN = 32
_NOT_LOCAL = re.compile(r"^([/\\]vsi|[a-z][a-z0-9+._-]+:)", re.IGNORECASE)


def local_path(path: str | Path) -> Path:
    """Return the absolute path of an existing local file or folder.

    Raises:
        SceneUnreadable: there is none, or the name is one by which GDAL would reach into archives,
            databases and the network (/vsicurl/, http:, GTIFF_DIR:).
    """
    try:
        # Once absolute, GDAL takes no name but /vsi... for anything else than a file.
        found = Path(path).expanduser().resolve()
        exists = found.exists() and not _NOT_LOCAL.match(str(found))
    except (OSError, RuntimeError, ValueError) as error:
        raise SceneUnreadable(
            f'"{path}" cannot be read: {error}.', "Check the path and who may read it."
        ) from error
    if exists:
        return found
    if _NOT_LOCAL.match(str(path)):
        raise SceneUnreadable(
            f'"{path}" is not a local file.', "Download or unpack it, and give its path."
        )
    raise SceneUnreadable(f'There is no file "{path}".', "Check the path.")


def locate(path: str | Path) -> Location:
    """Return what a path is: an address that begins as one, or else a local file or folder.

    Raises:
        SceneUnreadable: there is no such local file.
        ConfigInvalid: the address cannot be read.
    """
    return Url(str(path)) if Url.looks_like(str(path)) else local_path(path)


def open_raster(path: Path) -> DatasetReader:
    """Open one local raster.

    Raises:
        SceneUnreadable: it is not a GeoTIFF, is damaged, or holds complex numbers.
    """
    driver = DRIVERS.get(path.suffix.lower(), "GTiff")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = rasterio.open(path, driver=driver, sharing=False)
    except (RasterioError, OSError) as error:
        raise SceneUnreadable(
            f"{path.name} is not a GeoTIFF that can be read.",
            f"Convert it to GeoTIFF, or write it again. The reader says: {error}",
        ) from error
    refuse_complex(dataset, path.name)
    return dataset


def refuse_complex(dataset: DatasetReader, name: str) -> None:
    """Close a raster of complex numbers.

    Raises:
        SceneUnreadable: it is one.
    """
    if any("complex" in kind for kind in dataset.dtypes):
        dataset.close()
        raise SceneUnreadable(
            f"{name} holds complex numbers: a single-look complex product.",
            "Turn it into backscatter first: calibrate, multilook, terrain-correct.",
        )


def read_stored(
    dataset: DatasetReader, band: int, window: Window
) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Return one band as stored, and where the file's mask has no data, if it has a mask."""
    masked = MaskFlags.per_dataset in dataset.mask_flag_enums[band - 1]
    stored = dataset.read(band, window=window)
    return stored, dataset.read_masks(band, window=window) == 0 if masked else None


class OpenFiles:
    """Rasters by path, kept open while they are in use; the longest unused is closed first."""

    remote = False

    def __init__(self) -> None:
        self._open: OrderedDict[Path, DatasetReader] = OrderedDict()

    def reopen(self) -> "OpenFiles":
        """Return the same files for another thread, none of them open."""
        return OpenFiles()

    def get(self, path: Path) -> DatasetReader:
        """Return the open raster at `path`; raises what `open_raster` does."""
        if path not in self._open:
            while len(self._open) >= _MOST_OPEN:
                self._open.popitem(last=False)[1].close()
            self._open[path] = self._opened(path)
        self._open.move_to_end(path)
        return self._open[path]

    def read(self, path: Path, band: int, window: Window) -> NDArray[np.float32]:
        """Return values of one band after its scale and offset; NaN where the file says no data.

        Raises:
            SceneUnreadable: the file is damaged.
        """
        try:
            stored, lost = self._stored(path, band, window)
        except (RasterioError, OSError) as error:
            raise SceneUnreadable(
                f"{path.name} is cut short or damaged.", f"The reader says: {error}"
            ) from error
        dataset = self.get(path)
        nodata = dataset.nodatavals[band - 1]
        if lost is None and nodata is not None and not np.isnan(nodata):
            lost = stored == nodata
        with np.errstate(over="ignore", invalid="ignore"):
            values = stored.astype(np.float32)
        scale, offset = dataset.scales[band - 1], dataset.offsets[band - 1]
        if (scale, offset) != (1.0, 0.0):
            values = values * np.float32(scale) + np.float32(offset)
        if lost is not None:
            values[lost] = np.nan
        return values

    def holds_whole_numbers(self, path: Path, band: int) -> bool:
        """Return whether a band has whole numbers without a scale: most likely digital numbers."""
        dataset = self.get(path)
        plain = (dataset.scales[band - 1], dataset.offsets[band - 1]) == (1.0, 0.0)
        return plain and np.issubdtype(np.dtype(dataset.dtypes[band - 1]), np.integer)

    def _opened(self, path: Path) -> DatasetReader:
        return open_raster(path)

    def _stored(
        self, path: Path, band: int, window: Window
    ) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        """Return values as `read_stored` does."""
        return read_stored(self.get(path), band, window)

    def close(self) -> None:
        """Close all."""
        for dataset in self._open.values():
            dataset.close()
        self._open.clear()
