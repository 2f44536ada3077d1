"""GeoTIFFs of many bands, local or remote, of which windows are read."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from backend.errors import SceneUnreadable
from backend.io.remote_tiff import RemoteTiff
from backend.io.url import Location
from backend.scenes.files import open_raster
from backend.scenes.grid import grid_of
from backend.scenes.tiled.remote import Ranges


class Raster:
    """An open raster: its `grid`, and what its pixels are.

    Raises:
        NotThere: it is remote, and its host does not have it.
        SceneUnreadable: it is damaged, or its host is at fault.
        NotGeoreferenced: it has no map coordinates.
    """

    def __init__(self, where: Location, ranges: Ranges) -> None:
        self._name = where.name
        self._remote: RemoteTiff | None = None
        self.version: tuple[int, ...]
        """Changes when another raster is put in its place."""
        if isinstance(where, Path):
            dataset, state = open_raster(where), where.stat()
            self.version = state.st_size, state.st_mtime_ns
        else:
            file = ranges.open(where)
            self._remote = RemoteTiff(file)
            dataset, self.version = self._remote.dataset, (file.size,)
        self._dataset: DatasetReader = dataset
        self.grid = grid_of(dataset, where.name)
        self.count = dataset.count
        self.dtype = np.dtype(dataset.dtypes[0])
        self.nodata: float | None = dataset.nodata
        self.block: tuple[int, int] = dataset.block_shapes[0]

    def read(self, window: Window) -> NDArray[Any]:
        """Return values (bands, h, w) as stored.

        Raises:
            SceneUnreadable: the file is damaged.
        """
        if self._remote:
            return self._remote.read(window, lambda dataset: dataset.read(window=window))
        try:
            return self._dataset.read(window=window)
        except RasterioError as error:
            raise SceneUnreadable(
                f"{self._name} is cut short or damaged.", f"The reader says: {error}"
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._dataset.close()
