"""A Sentinel-1 scene on the local disk, read by windows as dB on the 10 m grid of its UTM zone."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as calendar_date
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from backend.errors import BandMissing, ConfigInvalid, SceneUnreadable
from backend.scenes.box import PixelBox, around
from backend.scenes.files import OpenFiles, local_path
from backend.scenes.grid import common_grid, transformer, utm_zone
from backend.scenes.info import Check, SceneInfo, describe, describe_dates
from backend.scenes.sentinel1.bands import Pair, find_pairs
from backend.scenes.sentinel1.mosaic import Mosaic, mean_power
from backend.scenes.sentinel1.naming import POLARISATIONS
from backend.scenes.sentinel1.patch import Patch
from backend.scenes.sentinel1.radiometry import PRODUCT_TYPES, offset_db
from backend.scenes.sentinel1.sample import sample_values
from backend.scenes.sentinel1.speckle import FILTERS
from backend.scenes.sentinel1.units import DN_OFFSET_DB, Units, detect_units, stated_units, to_db


@dataclass(frozen=True)
class Preprocessing:
    """How the pixels of a scene become what an encoder gets.

    `dates` are those whose power is averaged, `offset_db` what is added to each band.
    """

    bands: tuple[str, ...] = POLARISATIONS
    dates: tuple[str | None, ...] = (None,)
    speckle: str | None = None
    offset_db: Mapping[str, float] = field(default_factory=dict)


class Scene:
    """An open scene: `info`, `utm_epsg`, `extent` (absolute 10 m pixels), `preprocessing`, `read`.

    A context manager, for one thread at a time.
    """

    modality = "sentinel-1"

    def __init__(
        self,
        info: SceneInfo,
        mosaics: Sequence[Mosaic],
        files: OpenFiles,
        preprocessing: Preprocessing,
    ) -> None:
        self.info = info
        self.utm_epsg = int(info.utm.removeprefix("EPSG:"))
        self.extent: PixelBox = around(one.extent for mosaic in mosaics for one in mosaic.patches)
        self.preprocessing = preprocessing
        self._mosaics = mosaics
        self._files = files

    def __enter__(self) -> "Scene":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        self._files.close()

    def reopen(self) -> "Scene":
        """The same scene once more, for another thread; its files open when they are read."""
        files = self._files.reopen()
        mosaics = [
            Mosaic([replace(patch, files=files) for patch in one.patches], one.units)
            for one in self._mosaics
        ]
        return Scene(self.info, mosaics, files, self.preprocessing)

    def for_encoder(
        self, bands: Sequence[str], product_type: str | None, match_product_type: bool = True
    ) -> "Scene":
        """This scene as an encoder of these bands takes it, whose weights saw GRD or RTC.

        Where that is not the scene's own product, the difference of global means is added, unless
        `match_product_type` is False. It is open for as long as this one is. BandMissing.
        """
        missing = [band for band in bands if band not in self.preprocessing.bands]
        if missing:
            raise BandMissing(
                f"{self.info.name} holds {' and '.join(self.preprocessing.bands)} only; the "
                f"encoder takes {' and '.join(bands)}.",
                "Give the other file too, or choose an encoder that does without.",
            )
        known = offset_db(self.info.product_type, product_type) if match_product_type else {}
        offset = {band: known[band] for band in bands if band in known}
        seen = copy.copy(self)
        seen.preprocessing = replace(self.preprocessing, bands=tuple(bands), offset_db=offset)
        return seen

    def read(self, box: PixelBox) -> NDArray[np.float32]:
        """dB (bands, h, w) over `box`, VV and VH unless told otherwise; NaN where there is no data.

        Where patches overlap the first one counts. Raises SceneUnreadable for a damaged file.
        """
        read = Mosaic.read_filtered if self.preprocessing.speckle else Mosaic.read_power
        db = to_db(mean_power([read(mosaic, box) for mosaic in self._mosaics]))
        if self.preprocessing.bands != POLARISATIONS:
            db = db[[POLARISATIONS.index(band) for band in self.preprocessing.bands]]
        for plane, band in zip(db, self.preprocessing.bands, strict=True):
            plane += np.float32(self.preprocessing.offset_db.get(band, 0))
        return db


def open_scene(
    path: str | Path | Sequence[str | Path],
    units: str | None = None,
    dn_offset_db: float = DN_OFFSET_DB,
    bands: Mapping[str, int] | None = None,
    date: str | None = None,
    product_type: str | None = None,
    speckle: str | None = None,
) -> Scene:
    """Open a GeoTIFF with VV and VH, one file of a pair, or a folder of either.

    `units` (db, linear, dn), `bands` ({"VV": 1, "VH": 2}, or VV alone), `date` (ISO) and `product`
    (GRD, RTC) overrule what is found. dB of digital numbers is 20 log10(DN) + `dn_offset_db`.
    Several paths are several dates, whose power is averaged. `speckle` is refined-lee, or None.
    Raises SceneUnreadable, BandMissing, NotRadar, UnitsUnclear, NotGeoreferenced, PixelsUnfit,
    ConfigInvalid.
    """
    paths = [path] if isinstance(path, str | Path) else list(path)
    date = _iso_date(date) if date else None
    stated = stated_units(units, dn_offset_db) if units else None
    _require_known("product type", product_type, PRODUCT_TYPES)
    _require_known("speckle filter", speckle, FILTERS)
    files = OpenFiles()
    try:
        dates: list[tuple[Mosaic, SceneInfo]] = []
        for found in map(local_path, paths):
            pairs, unused = find_pairs(found, bands)
            zone = dates[0][0].patches[0].zone if dates else None
            dates.append(_open_date(found, pairs, files, zone, stated, dn_offset_db, unused, date))
        mosaics, infos = zip(*dates, strict=True)
        info = describe_dates(infos, [patch for one in mosaics for patch in one.patches])
        info = replace(info, product_type=product_type or info.product_type)
        if speckle:
            info = replace(info, checks=[*info.checks, _FILTERED])
        taken = ("VV",) if bands is not None and set(bands) == {"VV"} else POLARISATIONS
        preprocessing = Preprocessing(taken, tuple(one.date for one in infos), speckle)
        return Scene(info, mosaics, files, preprocessing)
    except BaseException:
        files.close()
        raise


def open_pair(pair: Pair, files: OpenFiles | None = None, zone: CRS | None = None) -> Scene:
    """Open the scene of one pair that is known already, seen from its own UTM zone or `zone`.

    Raises what `open_scene` does.
    """
    files = files or OpenFiles()
    try:
        mosaic, info = _open_date(pair.vv.path, [pair], files, zone)
        return Scene(info, [mosaic], files, Preprocessing(dates=(info.date,)))
    except BaseException:
        files.close()
        raise


_FILTERED = Check(
    "warning",
    "Speckle is filtered (refined Lee); the encoders saw radar that was not.",
    "Leave the filter out to compare maps or scores.",
)


def _open_date(
    found: Path,
    pairs: Sequence[Pair],
    files: OpenFiles,
    zone: CRS | None = None,
    stated: Units | None = None,
    dn_offset_db: float = DN_OFFSET_DB,
    unused: Sequence[str] = (),
    date: str | None = None,
) -> tuple[Mosaic, SceneInfo]:
    """The patches of one date, and what was found in them."""
    patches = patches_of(pairs, files, zone)
    sample = sample_values(patches)
    if not sample.size:
        raise SceneUnreadable(f"{found.name} holds no data: no pixel has a value.")
    whole = all(files.holds_whole_numbers(pair.vv.path, pair.vv.number) for pair in pairs)
    known = stated or detect_units(sample, whole, dn_offset_db)
    return Mosaic(patches, known), describe(found, patches, known, sample, unused, date)


def patches_of(pairs: Sequence[Pair], files: OpenFiles, zone: CRS | None = None) -> list[Patch]:
    """Each pair on its grid, all seen from one UTM zone, their own when none is told.

    Raises SceneUnreadable, NotGeoreferenced, PixelsUnfit.
    """
    grids = [common_grid(pair, files) for pair in pairs]
    zone = zone or utm_zone(grids)
    ways = {crs: transformer(crs, zone) for crs in {grid.crs for grid in grids}}
    patches = [
        Patch(pair.vv.path.name, grid, ways[grid.crs], pair, files)
        for pair, grid in zip(pairs, grids, strict=True)
    ]
    for patch in patches:
        patch.check_pixels()
    return patches


def _iso_date(text: str) -> str:
    try:
        return calendar_date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ConfigInvalid(f'The date is "{text}".', "Expected year-month-day.") from error


def _require_known(what: str, name: str | None, known: Sequence[str]) -> None:
    if name is not None and name not in known:
        raise ConfigInvalid(f'The {what} is "{name}".', f"Expected {' or '.join(known)}.")
