"""The two remote files of a scene: read by pieces through odc-stac, or as local files are."""

import itertools
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from backend.errors import CatalogueUnreachable, SceneUnreadable
from backend.scenes.files import OpenFiles, refuse_complex
from backend.scenes.grid import Grid, grid_of
from backend.scenes.sentinel1.naming import POLARISATIONS
from backend.scenes.stac.found import files_of
from backend.scenes.stac.search import Item, extra_missing
from backend.scenes.stac.transport import Files, file_name, keep_out_of_logs

T = TypeVar("T")

_OPENINGS = itertools.count()
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_PROJECTION = "https://stac-extensions.github.io/projection/v1.1.0/schema.json"


@dataclass(frozen=True)
class Values:
    """How a file's first band stores its values."""

    dtype: str
    nodata: float | None
    scale: float
    offset: float


class RemotePair:
    """VV and VH of one item, on one `grid`, with one kind of `values`.

    The files' own headers count, not what the item says of them. Raises CatalogueUnreachable,
    ImageryMissing, NotGeoreferenced, SceneUnreadable, ExtraMissing.
    """

    def __init__(self, item: Item, files: Files) -> None:
        self._files = files
        self._urls = {name: files_of(item)[name] for name in POLARISATIONS}
        keep_out_of_logs()
        for url in self._urls.values():
            files.check(url)
        vv, vh = (self._patiently(partial(self._header, url)) for url in self._urls.values())
        self.grid, self.values = vv
        if not self.grid.matches(vh[0]) or repr(self.values) != repr(vh[1]):  # NaN is not NaN
            raise SceneUnreadable(
                f"VV and VH of {item['id']} differ in their pixels, or in how they store values.",
                "Choose another scene.",
            )

    def read(self, window: Window) -> NDArray[Any]:
        """Values (2, h, w) as stored."""
        return self._patiently(partial(self._load, window), _place(window))

    def _load(self, window: Window) -> NDArray[Any]:
        try:
            import odc.stac
            import pystac
            from odc.geo.geobox import GeoBox
        except ImportError as error:
            raise extra_missing() from error
        keep_out_of_logs()
        crs, transform = self.grid.crs.to_wkt(), self.grid.transform
        corner = Affine.translation(window.col_off, window.row_off)
        place = {
            "proj:wkt2": crs,
            "proj:shape": [self.grid.height, self.grid.width],
            "proj:transform": list(transform)[:6],
        }
        # The outline in an item may be too narrow, and odc-stac reads nothing outside.
        item = pystac.Item("scene", None, None, _ANY_TIME, {}, stac_extensions=[_PROJECTION])
        for name, url in self._urls.items():
            href = self._files.signed(url)
            item.add_asset(name, pystac.Asset(href, roles=["data"], extra_fields=place))
        loaded = odc.stac.load(
            [item],
            bands=list(POLARISATIONS),
            geobox=GeoBox((window.height, window.width), transform @ corner, crs),
            dtype=self.values.dtype,
            nodata=self.values.nodata,
            pool=len(POLARISATIONS),
        )
        return np.stack([loaded[name].values[0] for name in POLARISATIONS])

    def _header(self, url: str) -> tuple[Grid, Values]:
        with _open(self._files, url) as dataset:
            kind = dataset.dtypes[0]
            values = Values(kind, dataset.nodata, dataset.scales[0], dataset.offsets[0])
            return grid_of(dataset, file_name(url)), values

    def _patiently(self, read: Callable[[], T], where: str = "") -> T:
        return _patiently(read, self._files, list(self._urls.values()), where)


class RemoteFiles(OpenFiles):
    """GeoTIFFs at their addresses, which stand for paths; for one thread.

    Raises CatalogueUnreachable for a host that stays at fault, ImageryMissing for a file that is
    not there any more, and what local files raise.
    """

    remote = True

    def __init__(self, urls: Mapping[Path, str], source: Files) -> None:
        super().__init__()
        self._urls = urls
        self._source = source

    def reopen(self) -> "RemoteFiles":
        """The same files for another thread, none of them open."""
        return RemoteFiles(self._urls, self._source)

    def _opened(self, path: Path) -> DatasetReader:
        url = self._urls[path]
        keep_out_of_logs()
        return _patiently(partial(_open, self._source, url), self._source, [url])

    def _stored(
        self, path: Path, band: int, window: Window
    ) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        read = super()._stored

        def read_or_close() -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
            try:
                return read(path, band, window)
            except RasterioError:
                self._open.pop(path).close()  # with what came wrong, and a token that expired
                raise

        return _patiently(read_or_close, self._source, [self._urls[path]], _place(window))


def _open(files: Files, url: str) -> DatasetReader:
    """A remote GeoTIFF. SceneUnreadable for complex numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        # GDAL keeps what it read by address, and mixes it up, or waits for ever, when two threads
        # read from one; a fragment, which is not sent, makes each opening an address of its own.
        address = f"/vsicurl/{files.signed(url)}#{next(_OPENINGS)}"
        dataset = rasterio.open(address, driver="GTiff", sharing=False)
    refuse_complex(dataset, file_name(url))
    return dataset


def _patiently(read: Callable[[], T], files: Files, urls: Sequence[str], where: str = "") -> T:
    """What `read` gives, tried again after faults that may pass."""
    patience = files.patience
    for attempt in range(patience.tries):
        if attempt:
            time.sleep(patience.backoff_s * 2 ** (attempt - 1))
            for url in urls:
                files.check(url)
        try:
            with rasterio.Env(**patience.gdal_options()):
                return read()
        except RasterioError:
            continue
    names = " or ".join(map(file_name, urls))
    raise CatalogueUnreachable(
        f"{names} came cut short, damaged or not at all{where}.", "Try again later."
    )


def _place(window: Window) -> str:
    row, column = window.row_off, window.col_off
    return (
        f" at rows {row} to {row + window.height - 1}, "
        f"columns {column} to {column + window.width - 1}"
    )
