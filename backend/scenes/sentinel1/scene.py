"""A Sentinel-1 scene, read by windows as dB on the 10 m grid of its UTM zone."""

import copy
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date as calendar_date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from backend.errors import BandMissing, ConfigInvalid, SceneUnreadable
from backend.scenes.box import PixelBox, around
from backend.scenes.files import OpenFiles, local_path
from backend.scenes.info import SceneInfo
from backend.scenes.options import DETECTED, UNITS, PowerStep, SceneOptions
from backend.scenes.sentinel1.bands import Pair, find_pairs
from backend.scenes.sentinel1.describe import describe, describe_dates
from backend.scenes.sentinel1.mosaic import Mosaic, mean_power
from backend.scenes.sentinel1.naming import POLARISATIONS
from backend.scenes.sentinel1.patch import patches_of, sampling_checks
from backend.scenes.sentinel1.radiometry import offset_db
from backend.scenes.sentinel1.sample import sample_values
from backend.scenes.sentinel1.units import Units, detect_units, to_db


@dataclass(frozen=True)
class Preprocessing:
    """How the pixels of a scene become what an encoder gets."""

    bands: tuple[str, ...] = POLARISATIONS
    dates: tuple[str | None, ...] = (None,)
    """Those whose power is averaged."""
    options: SceneOptions = DETECTED
    """What is stated of the scene, with the steps that it takes."""
    offset_db: Mapping[str, float] = field(default_factory=dict)
    """What is added to each band."""


class Scene(AbstractContextManager["Scene"]):
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

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        self._files.close()

    def reopen(self) -> "Scene":
        """Return the same scene for another thread; its files open when they are read."""
        files = self._files.reopen()
        mosaics = [
            Mosaic([replace(patch, files=files) for patch in one.patches], one.units)
            for one in self._mosaics
        ]
        return Scene(self.info, mosaics, files, self.preprocessing)

    def for_encoder(
        self, bands: Sequence[str], product_type: str | None, match_product_type: bool = True
    ) -> "Scene":
        """Return this scene as an encoder of these bands takes it, whose weights saw GRD or RTC.

        Where that is not the scene's own product type, the difference of global means is added,
        unless `match_product_type` is False. It is open for as long as this one is.

        Raises:
            BandMissing: the scene does not have all of the bands.
        """
        missing = [band for band in bands if band not in self.preprocessing.bands]
        if missing:
            raise BandMissing(
                f"{self.info.name} holds {' and '.join(self.preprocessing.bands)} only; the "
                f"encoder takes {' and '.join(bands)}.",
                "Give the other file too, or choose an encoder that does not need it.",
            )
        known = offset_db(self.info.product_type, product_type) if match_product_type else {}
        offset = {band: known[band] for band in bands if band in known}
        seen = copy.copy(self)
        seen.preprocessing = replace(self.preprocessing, bands=tuple(bands), offset_db=offset)
        return seen

    def read(self, box: PixelBox) -> NDArray[np.float32]:
        """Return dB (bands, h, w) over `box`, VV and VH at first; NaN where there is no data.

        Where patches overlap the first one counts.

        Raises:
            SceneUnreadable: a file is damaged.
        """
        steps = self.preprocessing.options.power_steps
        outer = box.grown(sum(step.reach_px for step, _ in steps))
        db = to_db(mean_power([_read_date(mosaic, outer, steps) for mosaic in self._mosaics]))
        if self.preprocessing.bands != POLARISATIONS:
            db = db[[POLARISATIONS.index(band) for band in self.preprocessing.bands]]
        for plane, band in zip(db, self.preprocessing.bands, strict=True):
            plane += np.float32(self.preprocessing.offset_db.get(band, 0))
        return db


def open_scene(path: str | Path, options: SceneOptions = DETECTED, **stated: Any) -> Scene:
    """Open a GeoTIFF with VV and VH, one file of a pair, or a folder of either.

    What is stated, as `options` or by keywords of the same names, overrules what is found.

    Raises:
        SceneUnreadable: a file is missing, damaged, or no raster.
        BandMissing: VV or VH is missing.
        NotRadar: the file holds no radar.
        UnitsUnclear: the values fit no units, or not those that are stated.
        NotGeoreferenced: a file has no map coordinates, or lies near a pole.
        PixelsUnfit: the pixels are too small or too large for Sentinel-1.
        ConfigInvalid: what is stated cannot be.

    Example:
        with open_scene("scene.tif", units="db") as scene:
            db = scene.read(scene.extent)
    """
    options = options.stating(**stated)
    options = options.stating(date=_iso_date(options.date))
    files = OpenFiles()
    try:
        dates: list[tuple[Mosaic, SceneInfo]] = []
        for found in map(local_path, (path, *options.also)):
            pairs, unused = find_pairs(found, options.bands)
            zone = dates[0][0].patches[0].zone if dates else None
            dates.append(_open_date(found, pairs, files, zone, options, unused))
        mosaics, infos = zip(*dates, strict=True)
        info = describe_dates(infos, [patch for one in mosaics for patch in one.patches])
        bands = (
            ("VV",) if options.bands is not None and "VH" not in options.bands else POLARISATIONS
        )
        preprocessing = Preprocessing(bands, tuple(one.date for one in infos), options)
        return Scene(options.update(info), mosaics, files, preprocessing)
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


def _open_date(
    found: Path,
    pairs: Sequence[Pair],
    files: OpenFiles,
    zone: CRS | None = None,
    options: SceneOptions = DETECTED,
    unused: Sequence[str] = (),
) -> tuple[Mosaic, SceneInfo]:
    """Return the patches of one date, and what was found in them."""
    patches = patches_of(pairs, files, zone)
    sample = sample_values(patches)
    if not sample.size:
        raise SceneUnreadable(f"{found.name} holds no data: no pixel has a value.")
    if options.units:
        reason = f"{UNITS[options.units]}, as stated."
        units = Units(options.units, reason, options.dn_offset_db)
    else:
        whole = all(files.holds_whole_numbers(pair.vv.path, pair.vv.number) for pair in pairs)
        units = detect_units(sample, whole, options.dn_offset_db)
    info = describe(found, patches, units, sample, unused, options.date)
    info = replace(info, checks=[*info.checks, *sampling_checks(patches)])
    return Mosaic(patches, units), info


def _read_date(
    mosaic: Mosaic, box: PixelBox, steps: Sequence[tuple[PowerStep, Any]]
) -> NDArray[np.float32]:
    """Return the power of one date after each step, smaller than `box` by what the steps reach."""
    power = mosaic.read_power(box)
    for step, value in steps:
        power = step.apply(power, value)
    return power


def _iso_date(text: str | None) -> str | None:
    try:
        return calendar_date.fromisoformat(text).isoformat() if text else None
    except ValueError as error:
        raise ConfigInvalid(f'The date is "{text}".', "Expected year-month-day.") from error
