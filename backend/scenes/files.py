"""Raster files, the local ones opened safely."""

import os
import re
import warnings
from collections import OrderedDict
from dataclasses import dataclass
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
from backend.io.roots import may_be_read
from backend.io.url import Location, Url
from backend.scenes.header import BandHeader, Header, SharedHeaders, read_header
from backend.scenes.vrt import contained_vrt, vrt_files

DRIVERS = {
    ".tif": "GTiff",
    ".tiff": "GTiff",
    ".img": "ENVI",
    ".nc": "netCDF",
    ".vrt": "VRT",
}
"""By suffix; ENVI is what the data folder of SNAP's own format holds."""

# GDAL's block cache is 5 % of the memory unless this says otherwise when the first file opens.
os.environ.setdefault("GDAL_CACHEMAX", "128")
# GDAL never asks an address: it may only where names end so.
os.environ.setdefault("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", ".nothing-is-read-from-afar")

_MOST_OPEN = 32
_SYSTEM = ("/proc/", "/sys/", "/dev/")
_SHARED_MEMORY = "/dev/shm/"

LARGEST_BLOCK = 2**28
"""Bytes of one block of one band, unpacked: GDAL holds each block as a whole. A strip of the widest
scenes has some megabytes."""

_NOT_LOCAL = re.compile(r"^([/\\]vsi|[a-z][a-z0-9+._-]+:)", re.IGNORECASE)


def local_path(path: str | Path) -> Path:
    """Return the absolute path of an existing local file or folder.

    Raises:
        SceneUnreadable: there is none, it is not below a folder that may be read (see
            `backend.io.roots`), or the name is one by which GDAL would reach into archives,
            databases and the network (/vsicurl/, http:, GTIFF_DIR:).
    """
    try:
        # Once absolute, GDAL takes no name but /vsi... for anything else than a file.
        found = Path(path).expanduser().resolve()
        str(found).encode()  # a name that is no Unicode cannot be told to anybody
        if not may_be_read(found):  # the same sentence, whether it is there or not
            raise _outside(path)
        exists = found.exists() and not _NOT_LOCAL.match(str(found))
        if exists and not (found.is_dir() and not _of_system(found)) and not is_regular(found):
            raise OSError("it is not a regular file")
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


def _outside(path: str | Path) -> SceneUnreadable:
    return SceneUnreadable(
        f"{Path(path).name} does not lie in a folder that this backend reads.",
        "Send it as an upload, put it where the backend reads, or start the backend with --root "
        "and its folder.",
    )


def is_regular(path: Path) -> bool:
    """Return whether a path leads to a file that may be read, and can be to its end.

    Pipes, sockets and devices may never end, and what the system shows as files neither.
    """
    try:
        real = os.path.realpath(path)
        fit = os.path.isfile(real) and not _of_system(Path(real)) and bool(real.encode())
        return fit and may_be_read(real)
    except (OSError, ValueError):
        return False


def _of_system(path: Path) -> bool:
    text = f"{path}/"
    return text.startswith(_SYSTEM) and not text.startswith(_SHARED_MEMORY)


def locate(path: str | Path) -> Location:
    """Return what a path is: an address that begins as one, or else a local file or folder.

    Raises:
        SceneUnreadable: there is no such local file.
        ConfigInvalid: the address cannot be read.
    """
    return Url(str(path)) if Url.looks_like(str(path)) else local_path(path)


def files_behind(path: Path) -> list[Path]:
    """Return all local files that the pixels of a raster come from, itself first.

    Raises:
        SceneUnreadable: it is a virtual raster that leads out of its folder.
    """
    kind = path.suffix.lower()
    if kind == ".vrt":
        return [path, *(each for source in vrt_files(path) for each in files_behind(source))]
    beside = (path.with_suffix(".hdr"),) if kind == ".img" else ()
    mask = path.with_name(f"{path.name}.msk")
    return [path, *(file for file in (*beside, mask) if file.exists())]


@dataclass(frozen=True)
class Band:
    """One band of one file."""

    path: Path
    number: int
    """From 1."""
    variable: str = ""
    """That of a netCDF file with several."""


def open_raster(path: Path, variable: str = "") -> DatasetReader:
    """Open one local raster, or one variable of a netCDF file.

    What lies beside it as `.aux.xml` is not read: it outlives the file that it describes.

    Raises:
        SceneUnreadable: it is not a raster of these formats, is damaged, holds complex numbers,
            or is a virtual raster that leads out of its folder.
    """
    driver = DRIVERS.get(path.suffix.lower(), "GTiff")
    _require_plain(path)
    name: str | Path = path
    settings: dict[str, bool | str] = {"GDAL_PAM_ENABLED": False}
    if driver == "VRT":
        name = contained_vrt(path)
        for source in vrt_files(path):
            _require_plain(source)
    elif variable:
        name = f'netcdf:"{path}":{variable}'
    elif driver == "GTiff" and not path.with_name(f"{path.name}.msk").exists():
        settings["GDAL_DISABLE_READDIR_ON_OPEN"] = "EMPTY_DIR"  # nothing beside it is looked for
    try:
        with rasterio.Env(**settings), warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            dataset = rasterio.open(name, driver=driver, sharing=False)
    except (RasterioError, OSError) as error:
        kind = {"netCDF": "netCDF file", "VRT": "virtual raster"}.get(driver, "GeoTIFF")
        raise SceneUnreadable(
            f"{path.name} is not a {kind} that can be read.",
            f"Convert it to GeoTIFF, or write it again. {_words_of(error, path)}",
        ) from error
    refuse_complex(dataset, path.name)
    _refuse_blocks(dataset, path.name)
    return dataset


def _words_of(error: Exception, path: Path) -> str:
    """Return what GDAL says of a file, without the folder that it lies in."""
    return f"The reader says: {error}".replace(f"{path.parent}{os.sep}", "")


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


def _require_plain(path: Path) -> None:
    """Check a raster and what GDAL opens beside it, by any of its drivers.

    Raises:
        SceneUnreadable: one is not a regular file, or what lies beside it is not a TIFF and could
            lead elsewhere.
    """
    beside = [path.with_name(path.name + end) for end in (".msk", ".ovr", ".msk.ovr")]
    header = [path.with_suffix(".hdr")] if path.suffix.lower() == ".img" else []
    for file in (path, *(each for each in (*beside, *header) if os.path.lexists(each))):
        if not is_regular(file):
            raise SceneUnreadable(
                f"{file.name} is not a regular file, or leads out of the folders that may be read.",
                "Give a copy of it.",
            )
        if file in beside:
            with file.open("rb") as opened:
                if opened.read(2) not in (b"II", b"MM"):
                    raise SceneUnreadable(
                        f"{file.name}, which lies beside {path.name}, is not a TIFF.", "Remove it."
                    )


def _refuse_blocks(dataset: DatasetReader, name: str) -> None:
    """Close a raster whose blocks are too large.

    Raises:
        SceneUnreadable: it has one.
    """
    for (height, width), kind in zip(dataset.block_shapes, dataset.dtypes, strict=True):
        size = height * width * np.dtype(kind).itemsize
        if size > LARGEST_BLOCK:
            dataset.close()
            raise SceneUnreadable(
                f"{name} is stored in blocks of {height:,} x {width:,} pixels, {size >> 20:,} MB "
                f"each; at most {LARGEST_BLOCK >> 20} MB are read.",
                "Write it again in tiles: gdal_translate -co TILED=YES.",
            )


def read_stored(
    dataset: DatasetReader, band: int, window: Window
) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
    """Return one band (h, w) as stored, and where its mask (h, w) has no data, if it has one."""
    masked = MaskFlags.per_dataset in dataset.mask_flag_enums[band - 1]
    stored = dataset.read(band, window=window)
    return stored, dataset.read_masks(band, window=window) == 0 if masked else None


class OpenFiles:
    """Rasters by path, kept open while they are in use; the longest unused is closed first."""

    remote = False

    def __init__(self, scale: float | None = None, offset: float | None = None) -> None:
        """Take a scale and an offset that count instead of those that the files state."""
        self._open: OrderedDict[tuple[Path, str], DatasetReader] = OrderedDict()
        self._headers: dict[tuple[Path, str], Header] = {}
        self._shared = SharedHeaders()
        self.scale, self.offset = scale, offset

    def reopen(self) -> "OpenFiles":
        """Return the same files for another thread, none of them open."""
        return OpenFiles(self.scale, self.offset)

    def get(self, path: Path, variable: str = "") -> DatasetReader:
        """Return the open raster at `path`; raises what `open_raster` does."""
        key = path, variable
        if key not in self._open:
            while len(self._open) >= _MOST_OPEN:
                self._open.popitem(last=False)[1].close()
            self._open[key] = self._opened(path, variable)
        self._open.move_to_end(key)
        return self._open[key]

    def header(self, path: Path, variable: str = "") -> Header:
        """Return what the raster at `path` says of itself; raises what `open_raster` does."""
        key = path, variable
        if key not in self._headers:
            shared = None if self.remote or variable else self._shared.get(path)
            header = shared or read_header(self.get(path, variable), path)
            if shared is None and not self.remote and not variable:
                self._shared.add(path, header)
            self._headers[key] = header
        return self._headers[key]

    def header_of(self, band: Band) -> BandHeader:
        """Return what its file says of a band."""
        return self.header(band.path, band.variable).bands[band.number - 1]

    def read(self, band: Band, window: Window) -> NDArray[np.float32]:
        """Return values (h, w) of a band after scale and offset; NaN where the file says no data.

        Raises:
            SceneUnreadable: the file is damaged.
        """
        try:
            stored, lost = self._stored(band, window)
        except (RasterioError, OSError) as error:
            raise SceneUnreadable(
                f"{band.path.name} is cut short or damaged.", _words_of(error, band.path)
            ) from error
        header = self.header_of(band)
        if lost is None and header.nodata is not None and not np.isnan(header.nodata):
            lost = stored == header.nodata
        with np.errstate(over="ignore", invalid="ignore"):
            values = stored.astype(np.float32)
        scale, offset = self.scaling(header)
        if (scale, offset) != (1.0, 0.0):
            values = values * np.float32(scale) + np.float32(offset)
        if lost is not None:
            values[lost] = np.nan
        return values

    def holds_whole_numbers(self, band: Band) -> bool:
        """Return whether a band has whole numbers, and no scale is known of them."""
        return self.header_of(band).is_whole and (self.scale, self.offset) == (None, None)

    def scaling(self, header: BandHeader) -> tuple[float, float]:
        """Return scale and offset of a band: those that were stated, or else the file's own."""
        if self.scale is None and self.offset is None:
            return header.scale, header.offset
        return self.scale if self.scale is not None else 1.0, self.offset or 0.0

    def _opened(self, path: Path, variable: str) -> DatasetReader:
        return open_raster(path, variable)

    def _stored(self, band: Band, window: Window) -> tuple[NDArray[Any], NDArray[np.bool_] | None]:
        """Return values as `read_stored` does."""
        return read_stored(self.get(band.path, band.variable), band.number, window)

    def close(self) -> None:
        """Close all."""
        for dataset in self._open.values():
            dataset.close()
        self._open.clear()
