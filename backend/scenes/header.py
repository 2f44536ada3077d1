"""What a raster file says of itself: its bands with their names and scales, its tags, its grid.

A file is opened once for it. Names that GDAL keeps beside a file, in `.aux.xml`, are not taken:
they outlive the file that they describe. The names that SNAP writes into a private tag of a
GeoTIFF, which GDAL does not show, are.
"""

import struct
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from affine import Affine
from rasterio.io import DatasetReader

from backend.errors import GlueLinkError
from backend.io.tiff import (
    STRIP_OFFSETS,
    STRIP_SIZES,
    TILE_OFFSETS,
    TILE_SIZES,
    Directory,
    read_directories,
)
from backend.scenes.grid import Grid, grid_of

_BLOCKS = (STRIP_OFFSETS, STRIP_SIZES, TILE_OFFSETS, TILE_SIZES)
_CORNER = 33922
"""The TIFF tag of the tie points: one, in most files."""

_DIMAP = 65000
"""The TIFF tag in which SNAP's GeoTIFF export keeps its DIMAP header."""


@dataclass(frozen=True)
class BandHeader:
    """What a file says of one band."""

    number: int
    """From 1."""
    name: str
    """Empty where it has none."""
    unit: str
    """As the file names it; empty where it does not."""
    dtype: str
    nodata: float | None
    scale: float
    offset: float
    time: str
    """Of a band of a time series, ISO; empty for others."""

    @property
    def is_whole(self) -> bool:
        """Whether it holds whole numbers without a scale."""
        plain = (self.scale, self.offset) == (1.0, 0.0)
        return plain and bool(np.issubdtype(np.dtype(self.dtype), np.integer))


@dataclass(frozen=True)
class Header:
    """What a file, or one variable of a file, says of itself."""

    path: Path
    bands: Sequence[BandHeader]
    tags: Mapping[str, str]
    variables: Sequence[str]
    """Those of a netCDF file that holds several, each a raster; such a file has no bands."""
    located: Grid | GlueLinkError
    """The grid, or why there is none."""

    @property
    def grid(self) -> Grid:
        """The grid.

        Raises:
            NotGeoreferenced: it has no map coordinates, or an unknown CRS.
        """
        if isinstance(self.located, GlueLinkError):
            raise self.located
        return self.located

    @property
    def names(self) -> list[str]:
        """The names that bands have."""
        return [band.name for band in self.bands if band.name]


def read_header(dataset: DatasetReader, path: Path) -> Header:
    """Return the header of an open raster."""
    tags = dataset.tags()
    private = _dimap_names(dataset, path)
    times = _times(tags)
    bands = []
    for place, text in enumerate(dataset.descriptions):
        own = dataset.tags(place + 1)
        # GDAL makes 32769 of a fill that netCDF files of unsigned numbers do not state.
        invented = dataset.driver == "netCDF" and "_FillValue" not in own
        name, unit = private.get(place, (text or own.get("NETCDF_VARNAME") or "", ""))
        bands.append(
            BandHeader(
                number=place + 1,
                name=name,
                unit=unit or dataset.units[place] or own.get("units", ""),
                dtype=dataset.dtypes[place],
                nodata=None if invented else dataset.nodatavals[place],
                scale=dataset.scales[place],
                offset=dataset.offsets[place],
                time=times[place] if len(times) == dataset.count else "",
            )
        )
    variables = [name.rpartition(":")[2] for name in dataset.subdatasets]
    return Header(path, bands, tags, variables, _locate(dataset, path))


class SharedHeaders:
    """Headers of GeoTIFFs whose directories differ in nothing but where their pixels lie.

    GDAL takes a millisecond to open a file, and a folder may hold thousands that only a corner
    tells apart. Such a file's header is another's, moved.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[Header, tuple[float, ...]]] = {}

    def get(self, path: Path) -> Header | None:
        """Return the header of a file like one that was added; None when there was none."""
        key, corner = _fingerprint(path)
        if key not in self._known:
            return None
        header, other = self._known[key]
        if isinstance(header.located, GlueLinkError):
            return None
        east, north = corner[3] - other[3], corner[4] - other[4]
        grid = header.located
        moved = replace(grid, transform=Affine.translation(east, north) @ grid.transform)
        return replace(header, path=path, located=moved)

    def add(self, path: Path, header: Header) -> None:
        """Keep the header of a file for others like it."""
        key, corner = _fingerprint(path)
        if key is not None:
            self._known[key] = header, corner


def _fingerprint(path: Path) -> tuple[Hashable, tuple[float, ...]]:
    """Return all that a GeoTIFF's directory says but for its corner, and its corner.

    None where it has more than one corner, or a mask beside it, or is none.
    """
    try:
        directories = _directories(path)
        first = directories[0]
        corner = first.fields[_CORNER]
        values = struct.unpack(f"{first.order}6d", corner.data)
    except (OSError, ValueError, LookupError, struct.error):
        return None, ()
    if values[:3] != (0, 0, 0) or path.with_name(f"{path.name}.msk").exists():
        return None, ()
    omitted = {*_BLOCKS, _CORNER}
    fields = frozenset((tag, one) for tag, one in first.fields.items() if tag not in omitted)
    return (first.order, len(directories), fields), values


def _directories(path: Path) -> list[Directory]:
    with path.open("rb") as file:

        def read(start: int, stop: int) -> bytes:
            file.seek(start)
            return file.read(stop - start)

        return read_directories(read)


def _locate(dataset: DatasetReader, path: Path) -> Grid | GlueLinkError:
    try:
        return grid_of(dataset, path.name)
    except GlueLinkError as error:
        return error


def _dimap_names(dataset: DatasetReader, path: Path) -> dict[int, tuple[str, str]]:
    """Return names and units of bands, by their places, from SNAP's header in a GeoTIFF."""
    if dataset.driver != "GTiff" or dataset.count == 1 or any(dataset.descriptions):
        return {}
    try:
        field = _directories(path)[0].fields.get(_DIMAP)
        text = field.data.rstrip(b"\0") if field else b""
        # Without a document type there are no entities to expand.
        root = ElementTree.fromstring(text) if b"<!" not in text and text else None
    except (OSError, ValueError, struct.error, ElementTree.ParseError):
        return {}  # the header is a help: a file is read without it
    entries = root.iter("Spectral_Band_Info") if root is not None else ()
    return {
        int(number): (entry.findtext("BAND_NAME") or "", entry.findtext("PHYSICAL_UNIT") or "")
        for entry in entries
        if (number := entry.findtext("BAND_INDEX", "").strip()).isdecimal()
    }


def _times(tags: Mapping[str, str]) -> list[str]:
    """Return the ISO time of each band of a netCDF time series in days or seconds since a day."""
    for name in ("t", "time"):
        unit, values = tags.get(f"{name}#units", ""), tags.get(f"NETCDF_DIM_{name}_VALUES", "")
        step, _, origin = unit.partition(" since ")
        seconds = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}.get(step)
        if seconds and values:
            try:
                start = np.datetime64(origin.replace(" ", "T").rstrip("Z"), "s")
                numbers = np.array(values.strip("{}").split(","), float)
                return [str(start + np.timedelta64(round(n * seconds), "s")) for n in numbers]
            except ValueError:
                continue
    return []
