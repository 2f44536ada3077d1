"""Sentinel-2 pictures: GeoTIFFs of 10 m, for encoders that look at the satellite image itself.

Two kinds are read from them, each with its own bands and values:

- `sentinel-2-rgb`: red, green and blue as display values, 0 to 255. Eight bits are taken as they
  are; reflectance becomes display values as in ESA's true-colour image of Level-2A, where 0.2 and
  more is white.
- `sentinel-2`: the ten bands of 10 and 20 m as surface reflectance x 10,000, from any file that
  names them.

Bands are told by their descriptions (B04, or red), else by their colours, else three are red, green
and blue. Whole numbers are reflectance x 10,000 without an offset, unless the file has a scale and
an offset of its own; floating point is reflectance, or that x 10,000 when its median says so.
A pixel has no data where the file says so, or where all its bands are 0.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from backend.errors import SceneUnreadable
from backend.scenes.files import open_raster
from backend.scenes.grid import grid_of
from backend.scenes.sentinel1.naming import polarisation_of

RGB, TEN = "sentinel-2-rgb", "sentinel-2"
BANDS = {
    RGB: ("B04", "B03", "B02"),
    TEN: ("B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B11", "B12"),
}
UNITS = {RGB: "display", TEN: "reflectance"}
WHITE = 0.2
"""Reflectance that is white in ESA's true-colour image of Level-2A."""

WHOLE = 10_000
BRIGHTEST = 3.0
"""A median above this is no reflectance."""

SAMPLE = 64
REMEDY = (
    "Give GeoTIFFs of red, green and blue, or of the ten bands named B02 to B12: docs/encoders.md."
)

_COLOURS = {"RED": "B04", "GREEN": "B03", "BLUE": "B02"}
_BAND = re.compile(r"(?<![A-Z0-9])B0?(\d{1,2}|8A)(?![A-Z0-9])")


@dataclass(frozen=True)
class Picture:
    """A file and how its values are read: `bands` count from 1, reflectance is v * scale + offset.

    `display`: the values are a picture's already. `rule` says in words why.
    """

    path: Path
    kind: str
    bands: tuple[int, ...]
    scale: float
    offset: float
    display: bool
    rule: str

    @property
    def name(self) -> str:
        """The file's."""
        return self.path.name


class PictureTile:
    """An open picture. SceneUnreadable, NotGeoreferenced."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._dataset = open_raster(picture.path)
        self.grid = grid_of(self._dataset, picture.name)

    def read(self, window: Window) -> NDArray[np.float32]:
        """Values (bands, h, w) of these pixels, NaN in all bands where there is none in one."""
        picture = self._picture
        stored, lost = _stored(self._dataset, picture, window)
        values = stored.astype(np.float32)
        if not picture.display:
            values = values * np.float32(picture.scale) + np.float32(picture.offset)
            values = values * WHOLE if picture.kind == TEN else values * (255 / WHITE)
        if picture.kind == RGB:
            values = values.clip(0, 255)
        values[:, lost] = np.nan
        return values

    def close(self) -> None:
        """Close the file."""
        self._dataset.close()


def look_at(path: Path, kind: str) -> Picture:
    """How the bands of a kind are read from a file. SceneUnreadable when they are not in it."""
    with open_raster(path) as dataset:
        bands = _bands_of(dataset, kind)
        types = {np.dtype(dataset.dtypes[band - 1]) for band in bands}
        if len(bands) < len(BANDS[kind]) or len(types) > 1:
            told = ", ".join(text for text in dataset.descriptions if text) or "no names"
            raise SceneUnreadable(
                f"{path.name} has {dataset.count} bands of {dataset.dtypes[0]} ({told}); expected "
                f"{', '.join(BANDS[kind])}.",
                REMEDY,
            )
        return _picture(dataset, path, kind, bands)


def _picture(dataset: DatasetReader, path: Path, kind: str, bands: tuple[int, ...]) -> Picture:
    dtype = np.dtype(dataset.dtypes[bands[0] - 1])
    scales = {(dataset.scales[band - 1], dataset.offsets[band - 1]) for band in bands}
    if dtype == np.uint8:
        if kind == TEN:
            raise SceneUnreadable(f"{path.name} has 8 bits; reflectance was expected.", REMEDY)
        return Picture(path, kind, bands, 1, 0, True, "8-bit display values")
    if len(scales) > 1:
        raise SceneUnreadable(f"The bands of {path.name} have different scales.", REMEDY)
    if scales != {(1.0, 0.0)}:
        rule = "reflectance by the file's own scale and offset"
        return Picture(path, kind, bands, *scales.pop(), False, rule)
    if dtype.kind in "iu":
        rule = "whole numbers of reflectance x 10,000"
        return Picture(path, kind, bands, 1 / WHOLE, 0, False, rule)
    plain = Picture(path, kind, bands, 1, 0, False, "floating point of reflectance")
    whole = Window(0, 0, dataset.width, dataset.height)
    stored, lost = _stored(dataset, plain, whole, SAMPLE)
    known = stored[:, ~lost].astype(float)
    median = float(np.median(known)) if known.size else 0.0
    if median < 0:
        raise SceneUnreadable(
            f"{path.name} has a median of {median:.3g}; reflectance was expected.", REMEDY
        )
    if median <= BRIGHTEST:
        return plain
    rule = f"floating point of reflectance x 10,000, since the median is {median:,.0f}"
    return Picture(path, kind, bands, 1 / WHOLE, 0, False, rule)


def _bands_of(dataset: DatasetReader, kind: str) -> tuple[int, ...]:
    """Numbers of the kind's bands, in its order; fewer when some are not there."""
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
    """B02 to B12 or B8A, from a description such as "B4", "Red" or "B8A, 865 nm"; else empty."""
    upper = text.upper()
    if match := _BAND.search(upper):
        return f"B{match[1]:>02}"
    return _COLOURS.get(upper.strip(), "")


def _stored(
    dataset: DatasetReader, picture: Picture, window: Window, most: int | None = None
) -> tuple[NDArray[np.generic], NDArray[np.bool_]]:
    """Values (bands, h, w) as stored, and where there are none (h, w); `most` pixels a side."""
    bands = list(picture.bands)
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
            f"{picture.name} is cut short or damaged.", f"The reader says: {error}"
        ) from error
    lost |= (stored == 0).all(axis=0) | ~np.isfinite(stored).all(axis=0)
    nodata = dataset.nodatavals[bands[0] - 1]
    if nodata:  # one band of a dark pixel may well be 0
        lost |= (stored == nodata).any(axis=0)
    return stored, lost
