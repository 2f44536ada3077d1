"""The two remote files of a scene, read by pieces through odc-stac."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.windows import Window

from backend.errors import CatalogueUnreachable, SceneUnreadable
from backend.scenes.grid import Grid, grid_of
from backend.scenes.naming import POLARISATIONS
from backend.scenes.stac.found import files_of
from backend.scenes.stac.search import Item, extra_missing
from backend.scenes.stac.transport import Files, Patience, file_name, keep_out_of_logs

T = TypeVar("T")

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

    def __init__(self, item: Item, files: Files, patience: Patience) -> None:
        self._files = files
        self._patience = patience
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
        row, column = window.row_off, window.col_off
        where = (
            f" at rows {row} to {row + window.height - 1}, "
            f"columns {column} to {column + window.width - 1}"
        )
        return self._patiently(partial(self._load, window), where)

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
        with rasterio.open(self._files.signed(url), driver="GTiff", sharing=False) as dataset:
            kind = dataset.dtypes[0]
            if "complex" in kind:
                raise SceneUnreadable(
                    f"{file_name(url)} holds complex numbers: a single-look complex product.",
                    "Choose a GRD or RTC scene.",
                )
            values = Values(kind, dataset.nodata, dataset.scales[0], dataset.offsets[0])
            return grid_of(dataset, file_name(url)), values

    def _patiently(self, read: Callable[[], T], where: str = "") -> T:
        """What `read` gives, tried again after faults that may pass."""
        for attempt in range(self._patience.tries):
            if attempt:
                time.sleep(self._patience.backoff_s * 2 ** (attempt - 1))
                for url in self._urls.values():
                    self._files.check(url)
            try:
                with rasterio.Env(**self._patience.gdal_options()):
                    return read()
            except RasterioError:
                continue
        names = " or ".join(map(file_name, self._urls.values()))
        raise CatalogueUnreachable(
            f"{names} came cut short, damaged or not at all{where}.", "Try again later."
        )
