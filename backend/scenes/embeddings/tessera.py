"""Tessera: 128 dimensions as int8 with a scale for each pixel, in tiles of 0.1 degrees.

A tile has three files: the values (H, W, 128) int8, the scales (H, W) or (H, W, 128) float32, and
a land mask, a GeoTIFF (H, W) that tells where the pixels lie; it is 0 where there is no land and so
no vector. value = int8 x scale, which has no fixed length.
Source: Feng et al., TESSERA (2025), and its library geotessera.
"""

import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile
from rasterio.windows import Window

from backend.errors import ConfigInvalid, SceneUnreadable
from backend.scenes.embeddings.arrays import open_array
from backend.scenes.embeddings.remote import Location, NotThere, Ranges, Url
from backend.scenes.files import open_raster
from backend.scenes.grid import Grid, grid_of

NAME = "tessera"
DIM = 128
TILE_DEGREES = 0.1
TILES, MASKS = "global_0.1_degree_representation", "global_0.1_degree_tiff_all"
"""The folders of tiles and land masks, as the library lays them out."""

NOTE = "tessera_metadata.json"
VERSION = "1.0"
"""What heads for Tessera are of; another version's dimensions mean other things."""

LARGEST_MASK = 2**26  # bytes

_TILE = re.compile(r"grid_-?\d{1,3}\.\d\d_-?\d{1,2}\.\d\d")


@dataclass(frozen=True)
class TesseraFiles:
    """The three files of a tile."""

    values: Location
    scales: Location
    mask: Location


class TesseraTile:
    """An open tile. NotThere for a remote one that is not, SceneUnreadable, NotGeoreferenced."""

    dim = DIM

    def __init__(self, files: TesseraFiles, ranges: Ranges) -> None:
        self._values = open_array(files.values, ranges)
        try:
            self._scales = open_array(files.scales, ranges)
            self.grid, self._land = _read_mask(files.mask, ranges)
        except NotThere:
            raise SceneUnreadable(
                f"The tile {files.values} lacks its scales or its land mask {files.mask}.",
                "Check the address.",
            ) from None
        size = self._land.shape
        fits = (self._values.shape, self._values.dtype) == ((*size, DIM), np.dtype(np.int8))
        if not fits:
            raise SceneUnreadable(
                f"{files.values.name} holds {self._values.dtype} of shape {self._values.shape}; "
                f"expected int8 of {(*size, DIM)}, as its land mask says.",
                "Fetch the tile anew.",
            )
        fits = self._scales.shape in (size, (*size, DIM)) and self._scales.dtype == np.float32
        if not fits:
            raise SceneUnreadable(
                f"{files.scales.name} holds {self._scales.dtype} of shape {self._scales.shape}; "
                f"expected float32 of {size} or {(*size, DIM)}.",
                "Fetch the tile anew.",
            )

    def read(self, window: Window) -> NDArray[np.float32]:
        """Vectors (128, h, w) of these pixels, NaN where there is none."""
        rows, columns = window.toslices()
        scales = self._scales.read(rows, columns)
        scales = scales[..., None] if scales.ndim == 2 else scales
        with np.errstate(invalid="ignore", over="ignore"):
            vectors = self._values.read(rows, columns) * scales
        there = np.isfinite(vectors).all(axis=-1) & (scales > 0).all(axis=-1)
        vectors[~(there & self._land[rows, columns])] = np.nan
        return np.ascontiguousarray(vectors.transpose(2, 0, 1))

    def close(self) -> None:
        """Nothing is held open."""


def is_tile(stem: str) -> bool:
    """Is a file named as a tile, by the degrees of its centre?"""
    return _TILE.fullmatch(stem) is not None


def name_of(lon: float, lat: float) -> str:
    """The name of the tile with this centre."""
    return f"grid_{lon:.2f}_{lat:.2f}"


def footprint_of(lon: float, lat: float) -> Grid:
    """The cell of a tile with this centre: where it lies, as far as its name tells."""
    half = TILE_DEGREES / 2
    return Grid(
        CRS.from_epsg(4326), Affine(2 * half, 0, lon - half, 0, -2 * half, lat + half), 1, 1
    )


def masks_near(values: Path) -> Iterator[Path]:
    """Where the land mask of a local tile may lie: beside it, or in a folder of masks above."""
    names = [f"{values.stem}{suffix}" for suffix in (".tiff", ".tif")]
    yield from (values.with_name(name) for name in names)
    for folder in list(values.parents)[:4]:
        yield from (folder / MASKS / name for name in names)


def masks_of(year: Url) -> Url:
    """The folder of land masks that belongs to the remote folder of a year. ConfigInvalid."""
    above = ("", "", *year.parts[:-1])
    if above[-2] == "npy":
        return year.above(3, "landmasks", above[-1].partition("-")[0])
    if above[-1].startswith(TILES):
        return year.above(2, MASKS)
    raise ConfigInvalid(
        f"Where the land masks of {year} lie is not known.",
        f"Expected …/npy/v1/{year.name} or …/{TILES}/{year.name}.",
    )


def version_of(values: Location) -> str | None:
    """The version that an address, or the note of the library above a local tile, tells."""
    if isinstance(values, Url):
        above = ("", *values.parts)
        return above[above.index("npy") + 1].strip("v") if "npy" in above[:-1] else None
    for folder in list(values.parents)[:5]:
        try:
            note = json.loads((folder / NOTE).read_text())
            return str(note["dataset_version"])
        except (OSError, ValueError, LookupError, TypeError):
            continue
    return None


def _read_mask(where: Location, ranges: Ranges) -> tuple[Grid, NDArray[np.bool_]]:
    """A land mask's grid, and where there is land."""
    try:
        with ExitStack() as stack:
            if isinstance(where, Url):
                held = stack.enter_context(MemoryFile(ranges.read(where, 0, LARGEST_MASK)))
                dataset = stack.enter_context(held.open(driver="GTiff"))
            else:
                dataset = stack.enter_context(open_raster(where))
            return grid_of(dataset, where.name), dataset.read(1) != 0
    except RasterioError as error:
        raise SceneUnreadable(
            f"The land mask {where.name} is cut short or damaged.", "Fetch the tile anew."
        ) from error
