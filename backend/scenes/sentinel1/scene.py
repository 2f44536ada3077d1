"""A Sentinel-1 scene, read by windows as dB on the 10 m grid of its UTM zone."""

import copy
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import astuple, dataclass, field, replace
from datetime import date as calendar_date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from backend.errors import (
    BandMissing,
    ConfigInvalid,
    DatesTooFew,
)
from backend.io.unchanged import state_of
from backend.scenes.box import PixelBox, around
from backend.scenes.files import OpenFiles, files_behind, local_path
from backend.scenes.info import SceneInfo
from backend.scenes.options import DETECTED, PowerStep, SceneOptions, is_day
from backend.scenes.sentinel1.acquisition import open_acquisition
from backend.scenes.sentinel1.bands import find_pairs
from backend.scenes.sentinel1.containers import resolve
from backend.scenes.sentinel1.describe import describe_dates
from backend.scenes.sentinel1.mosaic import Mosaic, mean_power
from backend.scenes.sentinel1.naming import POLARISATIONS
from backend.scenes.sentinel1.pairs import FoundPairs, Pair
from backend.scenes.sentinel1.radiometry import offset_db
from backend.scenes.sentinel1.units import to_db


@dataclass(frozen=True)
class Preprocessing:
    """How the pixels of a scene become what an encoder gets."""

    bands: tuple[str, ...] = POLARISATIONS
    dates: tuple[str | None, ...] = (None,)
    """Those whose power is averaged, or which are stacked in this order."""
    options: SceneOptions = DETECTED
    """What is stated of the scene, with the steps that it takes."""
    offset_db: Mapping[str, float] = field(default_factory=dict)
    """What is added to each band."""
    least_dates: int | None = None
    """How few dates a pixel needs where they are stacked; None where their power is averaged."""


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
        state: str | None = None,
    ) -> None:
        self.info = info
        self.state = state
        """What changes when one of `files` does, as it was on opening; None where not known."""
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
        return Scene(self.info, mosaics, files, self.preprocessing, self.state)

    def for_encoder(
        self,
        bands: Sequence[str],
        product_type: str | None,
        match_product_type: bool = True,
        least_dates: int | None = None,
    ) -> "Scene":
        """Return this scene as an encoder of these bands takes it, whose weights saw GRD or RTC.

        Where that is not the scene's own product type, the difference of global means is added,
        unless `match_product_type` is False. With `least_dates` the dates are stacked, in order of
        time where all of them are known. It is open for as long as this one is.

        Raises:
            BandMissing: the scene does not have all of the bands.
            DatesTooFew: it has fewer dates than `least_dates`; one that is there twice counts once.
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
        if least_dates is not None:
            seen._stack(least_dates)
        return seen

    def _stack(self, least: int) -> None:
        """Put the dates in order of time, to be read one after the other."""
        dates, found = self.preprocessing.dates, self.info.dates
        if found < least:
            raise DatesTooFew(
                f"{self.info.name} has {'1 date' if found == 1 else f'{found} dates'}; the encoder "
                f"takes {least} or more.",
                "Add other dates of the place (--also, Other dates), or choose another encoder.",
            )
        order = list(range(len(dates)))
        if None not in dates:
            order.sort(key=lambda k: str(dates[k]))
        self._mosaics = [self._mosaics[k] for k in order]
        self.preprocessing = replace(
            self.preprocessing, dates=tuple(dates[k] for k in order), least_dates=least
        )

    @property
    def planes(self) -> int:
        """Numbers of a pixel: bands, and those of every date where dates are stacked."""
        stacked = self.preprocessing.least_dates is not None
        return len(self.preprocessing.bands) * (len(self._mosaics) if stacked else 1)

    @property
    def files(self) -> list[Path]:
        """The local files that its pixels come from, of all dates, by their paths.

        Raises:
            SceneUnreadable: a virtual raster has gone bad.
        """
        patches = [patch for mosaic in self._mosaics for patch in mosaic.patches]
        paths = {band.path for patch in patches for band in (patch.pair.vv, patch.pair.vh)}
        return sorted({file for path in paths for file in files_behind(path)})

    @property
    def facts(self) -> dict[str, Any]:
        """All that shapes pixels and is known without reading them, ready for JSON.

        Neither names and paths of files are in it, nor why units were chosen.
        """
        own, files = self.preprocessing, self._files
        known, stated = own.options.described(), own.options.stated
        return {
            "modality": self.modality,
            "utm": self.utm_epsg,
            "extent": list(astuple(self.extent)),
            "dates": list(own.dates),
            **({} if own.least_dates is None else {"least_dates": own.least_dates}),
            "bands": list(own.bands),
            "offset_db": dict(own.offset_db),
            "steps": {name: value for name, value in stated.items() if known[name].power},
            "rescaled": [files.scale, files.offset],
            "units": [one.units.facts for one in self._mosaics],
        }

    def read(self, box: PixelBox) -> NDArray[np.float32]:
        """Return dB (planes, h, w) over `box`, VV and VH at first; NaN where there is no data.

        Where patches overlap the first one counts. Where dates are stacked the bands of one follow
        those of the other, and pixels with too few dates have no data.

        Raises:
            SceneUnreadable: a file is damaged.
        """
        return self.read_counted(box)[0]

    def read_counted(self, box: PixelBox) -> tuple[NDArray[np.float32], NDArray[np.uint8]]:
        """Return dB as `read` does, and how many dates each pixel (h, w) has data of.

        Raises:
            SceneUnreadable: a file is damaged.
        """
        steps = self.preprocessing.options.power_steps
        outer = box.grown(sum(step.reach_px for step, _ in steps))
        powers = [_read_date(mosaic, outer, steps) for mosaic in self._mosaics]
        counts = np.stack([np.isfinite(power[0]) for power in powers]).sum(axis=0, dtype=np.uint8)
        least = self.preprocessing.least_dates
        if least is None:
            return self._in_db(mean_power(powers)), counts
        enough = counts >= least
        stack = np.concatenate([self._in_db(power) for power in powers])
        return np.where(enough, stack, np.float32(np.nan)), np.where(enough, counts, np.uint8(0))

    def _in_db(self, power: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return dB of the bands that the encoder takes, with their offsets."""
        db = to_db(power)
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
        BandsUnclear: several bands can be meant, or they cannot be what they are called.
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
    files = OpenFiles(options.scale, options.offset)
    try:
        mosaics, infos = zip(*_open_dates(path, options, files), strict=True)
        info = describe_dates(infos, [patch for one in mosaics for patch in one.patches])
        bands = (
            ("VV",) if options.bands is not None and "VH" not in options.bands else POLARISATIONS
        )
        preprocessing = Preprocessing(bands, tuple(one.date for one in infos), options)
        scene = Scene(options.update(info), mosaics, files, preprocessing)
        scene.state = state_of(scene.files)
        return scene
    except BaseException:
        files.close()
        raise


def _open_dates(
    path: str | Path, options: SceneOptions, files: OpenFiles
) -> list[tuple[Mosaic, SceneInfo]]:
    """Return the patches of each date, and what was found in them, in the order they are given.

    Another date is a file of its own, or a day of the first one's; what is stated as the date of
    the scene is that of the first.
    """
    dates: list[tuple[Mosaic, SceneInfo]] = []
    for given in (path, *options.also):
        day = str(given) if dates and is_day(given) else None
        found = resolve(local_path(path if day else given))
        pairs = find_pairs(found, files, options.bands, day or options.date)
        if day and {pair.date for pair in pairs.pairs} != {day}:
            raise ConfigInvalid(
                f"{found.name} holds no date {day}.",
                "Give one that it holds, or the file of another date.",
            )
        zone = dates[0][0].patches[0].zone if dates else None
        stated = None if dates else options.date
        dates.append(open_acquisition(found, pairs, files, zone, options, stated))
    return dates


def open_pair(pair: Pair, files: OpenFiles | None = None, zone: CRS | None = None) -> Scene:
    """Open the scene of one pair that is known already, seen from its own UTM zone or `zone`.

    Raises what `open_scene` does.
    """
    files = files or OpenFiles()
    try:
        mosaic, info = open_acquisition(pair.vv.path, FoundPairs([pair]), files, zone)
        return Scene(info, [mosaic], files, Preprocessing(dates=(info.date,)))
    except BaseException:
        files.close()
        raise


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
