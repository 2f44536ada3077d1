"""The remote files of a scene, read as local ones are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import MaskFlags
from rasterio.io import DatasetReader
from rasterio.windows import Window

from backend.errors import CatalogueUnreachable, SceneUnreadable
from backend.io.remote_tiff import RemoteTiff
from backend.scenes.files import Band, OpenFiles, read_stored, refuse_complex
from backend.scenes.grid import Grid, grid_of
from backend.scenes.sentinel1.naming import POLARISATIONS
from backend.scenes.stac.api import Item
from backend.scenes.stac.assets import Asset
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

    masked: bool = False
    """Whether a mask of the file says which pixels have data."""

    def have_data(self, values: NDArray[Any]) -> NDArray[np.bool_]:
        """Return which pixels (h, w) of values (2, h, w) have data, a mask apart."""
        lost = ~np.isfinite(values)
        if self.nodata is not None:
            lost |= values == self.nodata
        return ~lost.any(axis=0) & (values != 0).any(axis=0)


Pixels = tuple[NDArray[Any], NDArray[np.bool_]]
"""Values (2, h, w) as stored, and which pixels (h, w) have data."""


class RemotePair:
    """VV and VH of one item, on one `grid`, with one kind of `values`.

    The files' own headers count, and what the item says of them only where they say nothing.

    Raises:
        CatalogueUnreachable: a host stays at fault, or a file is not a GeoTIFF.
        ImageryMissing: a file is not there any more.
        NotGeoreferenced: a file has no map coordinates.
        SceneUnreadable: the files differ, or hold complex numbers.
    """

    def __init__(self, item: Item, files: Files) -> None:
        assets = files.of_item(item)
        self._tiffs = [_open(files, assets[name]) for name in POLARISATIONS]
        vv, vh = (
            _header(tiff.dataset, file_name(assets[name].url))
            for tiff, name in zip(self._tiffs, POLARISATIONS, strict=True)
        )
        self.grid, self.values = vv
        if not self.grid.matches(vh[0]) or repr(self.values) != repr(vh[1]):  # NaN is not NaN
            raise SceneUnreadable(
                f"VV and VH of {item['id']} differ in their pixels, or in how they store values.",
                "Choose another scene.",
            )

    def read(self, window: Window) -> Pixels:
        """Return values (2, h, w) of a window, and which have data (h, w)."""
        parts = [
            _read(tiff, window, lambda dataset: read_stored(dataset, 1, window))
            for tiff in self._tiffs
        ]
        values = np.stack([stored for stored, _ in parts])
        valid = self.values.have_data(values)
        for _, lost in parts:
            if lost is not None:
                valid &= ~lost
        return values, valid


class RemoteFiles(OpenFiles):
    """GeoTIFFs at their addresses, which stand for paths; for one thread.

    Raises:
        CatalogueUnreachable: a host stays at fault.
        ImageryMissing: a file is not there any more.
    """

    remote = True

    def __init__(self, assets: Mapping[Path, Asset], source: Files) -> None:
        super().__init__()
        self._assets = assets
        self._source = source
        self._tiffs: dict[Path, RemoteTiff] = {}

    def reopen(self) -> "RemoteFiles":
        """Return the same files for another thread, none of them open."""
        return RemoteFiles(self._assets, self._source)

    def _opened(self, path: Path, variable: str) -> DatasetReader:
        self._tiffs[path] = _open(self._source, self._assets[path])
        return self._tiffs[path].dataset

    def _stored(self, band: Band, window: Window) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        self.get(band.path)
        tiff, number = self._tiffs[band.path], band.number
        return _read(tiff, window, lambda dataset: read_stored(dataset, number, window), number)


def _open(files: Files, asset: Asset) -> RemoteTiff:
    """Return a remote GeoTIFF, or raise SceneUnreadable for complex numbers."""
    tiff = RemoteTiff(files.open(asset.url), asset.scale, asset.offset, asset.nodata)
    refuse_complex(tiff.dataset, file_name(asset.url))
    return tiff


def _header(dataset: DatasetReader, name: str) -> tuple[Grid, Values]:
    masked = MaskFlags.per_dataset in dataset.mask_flag_enums[0]
    kind, nodata = dataset.dtypes[0], dataset.nodata
    if nodata is not None and not _can_hold(kind, nodata):
        nodata = None
    values = Values(kind, nodata, dataset.scales[0], dataset.offsets[0], masked)
    return grid_of(dataset, name), values


def _can_hold(kind: str, value: float) -> bool:
    """Return whether pixels of a type can have a value at all."""
    if not np.issubdtype(np.dtype(kind), np.integer):
        return True
    limits = np.iinfo(kind)
    return float(value).is_integer() and limits.min <= value <= limits.max


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
