"""The remote files of a scene, read as local ones are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from rasterio.io import DatasetReader
from rasterio.windows import Window

from backend.errors import CatalogueUnreachable, SceneUnreadable
from backend.io.remote_tiff import RemoteTiff
from backend.scenes.files import OpenFiles, read_stored, refuse_complex
from backend.scenes.grid import Grid, grid_of
from backend.scenes.sentinel1.naming import POLARISATIONS
from backend.scenes.stac.api import Item
from backend.scenes.stac.found import files_of
from backend.scenes.stac.transport import Files, file_name

T = TypeVar("T")


@dataclass(frozen=True)
class Values:
    """How a file's first band stores its values."""

    dtype: str
    """The type of its pixels."""

    nodata: float | None
    """The value of pixels without data."""

    scale: float
    """What stored values are multiplied with."""

    offset: float
    """What is added to them then."""


class RemotePair:
    """VV and VH of one item, on one `grid`, with one kind of `values`.

    The files' own headers count, not what the item says of them.

    Raises:
        CatalogueUnreachable: a host stays at fault, or a file is not a GeoTIFF.
        ImageryMissing: a file is not there any more.
        NotGeoreferenced: a file has no map coordinates.
        SceneUnreadable: the files differ, or hold complex numbers.
    """

    def __init__(self, item: Item, files: Files) -> None:
        urls = files_of(item)
        self._tiffs = [_open(files, urls[name]) for name in POLARISATIONS]
        vv, vh = (
            _header(tiff.dataset, file_name(urls[name]))
            for tiff, name in zip(self._tiffs, POLARISATIONS, strict=True)
        )
        self.grid, self.values = vv
        if not self.grid.matches(vh[0]) or repr(self.values) != repr(vh[1]):  # NaN is not NaN
            raise SceneUnreadable(
                f"VV and VH of {item['id']} differ in their pixels, or in how they store values.",
                "Choose another scene.",
            )

    def read(self, window: Window) -> NDArray[Any]:
        """Return values (2, h, w) as stored."""
        return np.stack(
            [_read(t, window, lambda dataset: dataset.read(1, window=window)) for t in self._tiffs]
        )


class RemoteFiles(OpenFiles):
    """GeoTIFFs at their addresses, which stand for paths; for one thread.

    Raises:
        CatalogueUnreachable: a host stays at fault.
        ImageryMissing: a file is not there any more.
    """

    remote = True

    def __init__(self, urls: Mapping[Path, str], source: Files) -> None:
        super().__init__()
        self._urls = urls
        self._source = source
        self._tiffs: dict[Path, RemoteTiff] = {}

    def reopen(self) -> "RemoteFiles":
        """Return the same files for another thread, none of them open."""
        return RemoteFiles(self._urls, self._source)

    def _opened(self, path: Path) -> DatasetReader:
        self._tiffs[path] = _open(self._source, self._urls[path])
        return self._tiffs[path].dataset

    def _stored(
        self, path: Path, band: int, window: Window
    ) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        self.get(path)
        tiff = self._tiffs[path]
        return _read(tiff, window, lambda dataset: read_stored(dataset, band, window), band)


def _open(files: Files, url: str) -> RemoteTiff:
    """Return a remote GeoTIFF, or raise SceneUnreadable for complex numbers."""
    tiff = RemoteTiff(files.open(url))
    refuse_complex(tiff.dataset, file_name(url))
    return tiff


def _header(dataset: DatasetReader, name: str) -> tuple[Grid, Values]:
    kind = dataset.dtypes[0]
    values = Values(kind, dataset.nodata, dataset.scales[0], dataset.offsets[0])
    return grid_of(dataset, name), values


def _read(tiff: RemoteTiff, window: Window, work: Callable[[DatasetReader], T], band: int = 1) -> T:
    """Return what `work` reads of a window; an error says where that is."""
    try:
        return tiff.read(window, work, band)
    except CatalogueUnreachable as error:
        row, column = window.row_off, window.col_off
        raise CatalogueUnreachable(
            f"{error.message.rstrip('.')}, at rows {row} to {row + window.height - 1}, "
            f"columns {column} to {column + window.width - 1}.",
            error.remedy,
        ) from None
