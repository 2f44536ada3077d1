"""Sentinel-2 pictures: GeoTIFFs of 10 m, for encoders that look at the satellite image itself.

Two sources read them, each with its own bands and values:

- `sentinel-2-rgb`: red, green and blue as display values, 0 to 255. Eight bits stay as they
  are; reflectance becomes display values as in ESA's true-colour image of Level-2A, where 0.2 and
  more is white.
- `sentinel-2`: the ten bands of 10 and 20 m as surface reflectance x 10,000, from any file that
  names them.

Bands are found by their descriptions (B04, or red), else by their colours, else three are red,
green and blue. Whole numbers are reflectance x 10,000 without an offset, unless the file has a
scale and an offset of its own; floating point is reflectance, or that x 10,000 when its median says
so.
A pixel has no data where the file says so, or where all its bands are 0.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from backend.errors import SceneUnreadable
from backend.io.url import Location
from backend.scenes.files import DRIVERS, open_raster
from backend.scenes.grid import grid_of
from backend.scenes.sentinel1.naming import date_of, polarisation_of
from backend.scenes.tiled.remote import Ranges
from backend.scenes.tiled.source import Scan, TileEntry, TileSource

RGB, TEN = "sentinel-2-rgb", "sentinel-2"
BANDS = {
    RGB: ("B04", "B03", "B02"),
    TEN: ("B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12"),
}
WHITE = 0.2
"""Reflectance that is white in ESA's true-colour image of Level-2A."""

WHOLE = 10_000
BRIGHTEST = 3.0
"""A median above this is not reflectance."""

SAMPLE = 64
REMEDY = (
    "Give GeoTIFFs of red, green and blue, or of the ten bands named B02 to B12: docs/encoders.md."
)

_COLOURS = {"RED": "B04", "GREEN": "B03", "BLUE": "B02"}
_BAND = re.compile(r"(?<![A-Z0-9])B0?(\d{1,2}|8A)(?![A-Z0-9])")


@dataclass(frozen=True)
class Reading:
    """How the values of a file are read: reflectance is v * scale + offset."""

    bands: tuple[int, ...]
    """Their numbers, from 1."""
    rule: str
    """Why, in words."""
    scale: float = 1
    offset: float = 0
    display: bool = False
    """The values are a picture's already."""


class Sentinel2(TileSource):
    """Pictures in a folder, for encoders that ask for them: a path alone does not tell them."""

    detected = False
    remedy = REMEDY

    def __init__(self, name: str, title: str, units: str) -> None:
        self.name = name
        self.title = title
        self.units = units
        self.dim = len(BANDS[name])

    def scan(self, files: Mapping[str, Path], found: Scan) -> None:
        """Add the rasters that have the bands."""
        for name, file in files.items():
            if file.suffix.lower() in DRIVERS:
                found.add(name, partial(self._entry, name, file))

    def _entry(self, name: str, file: Path) -> "PictureEntry":
        with open_raster(file) as dataset:
            reading = read_header(dataset, file.name, self.name)
            grid, day = grid_of(dataset, file.name), date_of(file.stem, dataset.tags())
        return PictureEntry(
            name, self, date.fromisoformat(day) if day else None, grid, file, reading
        )


@dataclass(frozen=True)
class PictureEntry(TileEntry):
    """A picture that is not open."""

    reading: Reading

    @property
    def files(self) -> Sequence[Location]:
        """Its only file."""
        return [self.where]

    @property
    def rule(self) -> str:
        """How its values are read, in words."""
        return f"Values are read as {self.reading.rule}."

    def open(self, ranges: Ranges) -> "PictureTile":
        """Return the open picture."""
        return PictureTile(Path(str(self.where)), self.source.name, self.reading)


class PictureTile:
    """An open picture."""

    def __init__(self, path: Path, kind: str, reading: Reading) -> None:
        self._name = path.name
        self._kind = kind
        self._reading = reading
        self._dataset = open_raster(path)
        self.grid = grid_of(self._dataset, path.name)

    def read(self, window: Window) -> NDArray[np.float32]:
        """Return values (bands, h, w) of these pixels, NaN in all bands where one has no data."""
        reading = self._reading
        stored, lost = _stored(self._dataset, self._name, reading, window)
        values = stored.astype(np.float32)
        if not reading.display:
            values = values * np.float32(reading.scale) + np.float32(reading.offset)
            values = values * WHOLE if self._kind == TEN else values * (255 / WHITE)
        if self._kind == RGB:
            values = values.clip(0, 255)
        values[:, lost] = np.nan
        return values

    def close(self) -> None:
        """Close the file."""
        self._dataset.close()


def read_header(dataset: DatasetReader, name: str, kind: str) -> Reading:
    """Return how the bands of a kind are read from a file.

    Raises:
        SceneUnreadable: the bands are not in it, or cannot be reflectance.
    """
    bands = _bands_of(dataset, kind)
    types = {np.dtype(dataset.dtypes[band - 1]) for band in bands}
    if len(bands) < len(BANDS[kind]) or len(types) > 1:
        names = ", ".join(text for text in dataset.descriptions if text) or "no names"
        raise SceneUnreadable(
            f"{name} has {dataset.count} bands of {dataset.dtypes[0]} ({names}); expected "
            f"{', '.join(BANDS[kind])}.",
            REMEDY,
        )
    (dtype,) = types
    scales = {(dataset.scales[band - 1], dataset.offsets[band - 1]) for band in bands}
    if dtype == np.uint8:
        if kind == TEN:
            raise SceneUnreadable(f"{name} has 8 bits; reflectance was expected.", REMEDY)
        return Reading(bands, "8-bit display values", display=True)
    if len(scales) > 1:
        raise SceneUnreadable(f"The bands of {name} have different scales.", REMEDY)
    if scales != {(1.0, 0.0)}:
        return Reading(bands, "reflectance by the file's own scale and offset", *scales.pop())
    if dtype.kind in "iu":
        return Reading(bands, "whole numbers of reflectance x 10,000", 1 / WHOLE)
    return _reading_of_floats(dataset, name, bands)


def _reading_of_floats(dataset: DatasetReader, name: str, bands: tuple[int, ...]) -> Reading:
    """Return whether floating point is reflectance or that x 10,000, by its median."""
    plain = Reading(bands, "floating point of reflectance")
    whole = Window(0, 0, dataset.width, dataset.height)
    stored, lost = _stored(dataset, name, plain, whole, SAMPLE)
    known = stored[:, ~lost].astype(float)
    median = float(np.median(known)) if known.size else 0.0
    if median < 0:
        raise SceneUnreadable(
            f"{name} has a median of {median:.3g}; reflectance was expected.", REMEDY
        )
    if median <= BRIGHTEST:
        return plain
    rule = f"floating point of reflectance x 10,000, since the median is {median:,.0f}"
    return Reading(bands, rule, 1 / WHOLE)


def _bands_of(dataset: DatasetReader, kind: str) -> tuple[int, ...]:
    """Return the numbers of the kind's bands, in its order; fewer when some are missing."""
    named: dict[str, int] = {}
    for number, text in enumerate(dataset.descriptions, start=1):
        named.setdefault(_band_name(text or ""), number)
    found = tuple(named[band] for band in BANDS[kind] if band in named)
    if len(found) == len(BANDS[kind]) or kind == TEN:
        return found
    colours = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
    if set(colours) <= set(dataset.colorinterp):
        return tuple(dataset.colorinterp.index(colour) + 1 for colour in colours)
    radar = any(polarisation_of(text or "") for text in dataset.descriptions)
    return (1, 2, 3) if dataset.count == 3 and not found and not radar else found


def _band_name(text: str) -> str:
    """Return B02 to B12 or B8A, from a text such as "B4", "Red" or "B8A, 865 nm"; else empty."""
    upper = text.upper()
    if match := _BAND.search(upper):
        return f"B{match[1]:>02}"
    return _COLOURS.get(upper.strip(), "")


def _stored(
    dataset: DatasetReader, name: str, reading: Reading, window: Window, most: int | None = None
) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
    """Return stored values (bands, h, w) and where there are none (h, w); `most` pixels a side."""
    bands = list(reading.bands)
    height, width = (min(side, most or side) for side in (int(window.height), int(window.width)))
    masked = any(
        flag in dataset.mask_flag_enums[bands[0] - 1]
        for flag in (MaskFlags.per_dataset, MaskFlags.alpha)
    )
    try:
        stored = dataset.read(bands, window=window, out_shape=(len(bands), height, width))
        lost = np.zeros((height, width), bool)
        if masked:
            lost = dataset.dataset_mask(window=window, out_shape=(height, width)) == 0
    except RasterioError as error:
        raise SceneUnreadable(
            f"{name} is cut short or damaged.", f"The reader says: {error}"
        ) from error
    lost |= (stored == 0).all(axis=0) | ~np.isfinite(stored).all(axis=0)
    nodata = dataset.nodatavals[bands[0] - 1]
    if nodata:  # one band of a dark pixel may well be 0
        lost |= (stored == nodata).any(axis=0)
    return stored, lost


SOURCES = (
    Sentinel2(RGB, "Sentinel-2 in true colour", "display"),
    Sentinel2(TEN, "Sentinel-2 in ten bands", "reflectance"),
)
