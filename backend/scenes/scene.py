"""A Sentinel-1 scene on the local disk, read by windows as dB on the 10 m grid of its UTM zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as calendar_date
from functools import reduce
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from backend.errors import ConfigInvalid, NotGeoreferenced, SceneUnreadable, UnitsUnclear
from backend.scenes.bands import Pair, find_pairs
from backend.scenes.box import Box, PixelBox
from backend.scenes.files import OpenFiles, local_path
from backend.scenes.naming import date_of, product_of, scene_name
from backend.scenes.patch import Grid, Patch, common_grid
from backend.scenes.sample import sample_values
from backend.scenes.units import (
    DN_OFFSET_DB,
    UNITS,
    Units,
    detect_units,
    stated_units,
    to_db,
    to_power,
)


@dataclass(frozen=True)
class Check:
    """One line of what was found; `level` is ok or warning."""

    level: str
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class SceneInfo:
    """A scene as it will be read; the fields of the protocol's message of the same name."""

    name: str
    files: list[str]
    crs: str
    utm: str
    bounds: tuple[float, float, float, float]
    pixel_m: tuple[float, float]
    size: tuple[int, int]
    units: str
    units_reason: str
    date: str | None
    product: str | None
    nodata: float | None
    checks: list[Check]


class Scene:
    """An open scene: `info`, `utm_epsg`, `extent` (absolute 10 m pixels) and `read_db`.

    A context manager, for one thread at a time.
    """

    def __init__(
        self, info: SceneInfo, units: Units, patches: list[Patch], files: OpenFiles
    ) -> None:
        self.info = info
        self.utm_epsg = int(info.utm.removeprefix("EPSG:"))
        self.extent: PixelBox = reduce(Box.union, (patch.extent for patch in patches))
        self._units = units
        self._patches = patches
        self._files = files

    def __enter__(self) -> "Scene":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._files.close()

    def read_db(self, box: PixelBox) -> NDArray[np.float32]:
        """dB (2, h, w) of VV and VH over `box`; NaN where there is no data.

        Where patches overlap the first one counts. Raises SceneUnreadable for a damaged file.
        """
        db = np.full((2, box.height, box.width), np.nan, np.float32)
        for patch in self._patches:
            part = box.intersection(patch.extent)
            power = None if part.empty else patch.read_power(part, self._units)
            if power is not None:
                rows, columns = part.within(box)
                target = db[:, rows, columns]
                np.copyto(target, to_db(power), where=np.isnan(target[0]))
        return db


def open_scene(
    path: str | Path,
    units: str | None = None,
    dn_offset_db: float = DN_OFFSET_DB,
    bands: Mapping[str, int] | None = None,
    date: str | None = None,
) -> Scene:
    """Open a GeoTIFF with VV and VH, one file of a pair, or a folder of either.

    `units` (db, linear, dn), `bands` ({"VV": 1, "VH": 2}) and `date` (ISO) overrule what is found.
    dB of digital numbers is 20 log10(DN) + `dn_offset_db`.
    Raises SceneUnreadable, BandMissing, NotRadar, UnitsUnclear, NotGeoreferenced, PixelsUnfit,
    ConfigInvalid.
    """
    found = local_path(path)
    if date is not None:
        date = _iso_date(date)
    stated = stated_units(units, dn_offset_db) if units else None
    pairs, unused = find_pairs(found, bands)
    files = OpenFiles()
    try:
        patches = _patches(pairs, files)
        for patch in patches:
            patch.check_pixels()
        sample = sample_values(patches)
        if not sample.size:
            raise SceneUnreadable(f"{found.name} holds no data: no pixel has a value.")
        whole = all(files.holds_whole_numbers(pair.vv.path, pair.vv.number) for pair in pairs)
        known = stated or detect_units(sample, whole, dn_offset_db)
        info = _describe(found, patches, known, sample, unused, date)
        return Scene(info, known, patches, files)
    except BaseException:
        files.close()
        raise


def _patches(pairs: list[Pair], files: OpenFiles) -> list[Patch]:
    grids = [common_grid(pair, files) for pair in pairs]
    zone = _zone_of(grids)
    return [Patch(pair, grid, zone, files) for pair, grid in zip(pairs, grids, strict=True)]


def _zone_of(grids: list[Grid]) -> CRS:
    """The files' own WGS 84 UTM zone, or else that of the scene's centre. NotGeoreferenced."""
    own = {_utm_epsg(grid.crs) for grid in grids}
    if len(own) == 1 and None not in own:
        return CRS.from_epsg(own.pop())
    first = grids[len(grids) // 2]
    to_degrees = Transformer.from_crs(first.crs, "EPSG:4326", always_xy=True)
    longitude, latitude = to_degrees.transform(*first.centre)
    if not -80 <= latitude <= 84:
        raise NotGeoreferenced(
            f"The scene's centre is at latitude {latitude:.1f}; UTM zones end at 84 N and 80 S."
        )
    number = int((longitude + 180) % 360 // 6) + 1
    return CRS.from_epsg((32600 if latitude >= 0 else 32700) + number)


def _utm_epsg(crs: CRS) -> int | None:
    epsg = crs.to_epsg()
    utm = epsg is not None and epsg // 100 in (326, 327) and 1 <= epsg % 100 <= 60
    return epsg if utm else None


def _iso_date(text: str) -> str:
    try:
        return calendar_date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ConfigInvalid(f'The date is "{text}".', "Expected year-month-day.") from error


def _describe(
    path: Path,
    patches: list[Patch],
    units: Units,
    sample: NDArray[np.float32],
    unused: list[str],
    date: str | None,
) -> SceneInfo:
    """All that was found, with its checks."""
    files = [file for patch in patches for file in patch.pair.files]
    dataset = patches[0].files.get(files[0])
    dates = sorted({d for file in files if (d := date_of(file.stem, dataset.tags()))})
    checks = [
        *_band_checks(patches, unused),
        *_value_checks(to_power(sample, units), units),
        *_date_checks(date, dates),
    ]
    return SceneInfo(
        name=scene_name(path, whole=patches[0].pair.vv.path == patches[0].pair.vh.path),
        files=[str(file) for file in files],
        crs=patches[0].grid.name,
        utm=f"EPSG:{patches[0].utm.to_epsg()}",
        bounds=_bounds(patches),
        pixel_m=patches[0].pixel_m,
        size=_size(patches),
        units=units.name,
        units_reason=units.reason,
        date=date or (dates[0] if dates else None),
        product=product_of([file.stem for file in files] + list(dataset.tags().values())),
        nodata=dataset.nodatavals[patches[0].pair.vv.number - 1],
        checks=checks,
    )


def _band_checks(patches: list[Patch], unused: list[str]) -> list[Check]:
    pair = patches[0].pair
    more = f" So are {len(patches) - 1} more patches." if len(patches) > 1 else ""
    checks = [Check("ok" if pair.sure else "warning", pair.reason + more)]
    if not pair.sure:
        checks[0] = Check("warning", checks[0].text, "Name the bands VV and VH if that is wrong.")
    if unused:
        checks.append(Check("ok", f"Not used: {', '.join(unused[:6])}."))
    return checks


def _value_checks(power: NDArray[np.float32], units: Units) -> list[Check]:
    """What sampled power says about the units and the bands. UnitsUnclear when there is none."""
    there = power[:, np.isfinite(power).all(axis=0)]
    if not there.size:
        raise UnitsUnclear(
            f"Read as {UNITS[units.name]}, no pixel that was looked at has a value.",
            "Leave the units out to have them detected.",
        )
    vv, vh = np.median(to_db(there), axis=1)
    checks = [Check("ok", f"{units.reason} In dB the median of VV is {vv:.1f}, of VH {vh:.1f}.")]
    if not -28 <= vv <= 0:
        cure = "Look at the units" + (" and the DN offset." if units.name == "dn" else ".")
        checks.append(Check("warning", f"A median VV of {vv:.1f} dB is unusual.", cure))
    if vh > vv:
        cure = "State the bands, if VV and VH are swapped."
        checks.append(Check("warning", "VH is brighter than VV, which is rare.", cure))
    return checks


def _date_checks(stated: str | None, found: list[str]) -> list[Check]:
    if len(found) > 1:
        text = f"The files carry {len(found)} dates, {found[0]} to {found[-1]}."
        return [Check("warning", text, "Put one date in a folder.")]
    if not stated and not found:
        return [Check("ok", "No date was found in names or tags.", "State the date.")]
    return []


def _bounds(patches: list[Patch]) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees; west > east across the date line."""
    west, south, east, north = [], [], [], []
    for patch in patches:
        to_degrees = Transformer.from_crs(patch.grid.crs, "EPSG:4326", always_xy=True)
        x, y = to_degrees.transform(*patch.grid.outline())
        middle = to_degrees.transform(*patch.grid.centre)[0]
        x = (np.asarray(x) - middle + 180) % 360 - 180 + middle
        west.append(x.min())
        east.append(x.max())
        south.append(np.min(y))
        north.append(np.max(y))
    return (
        float((min(west) + 180) % 360 - 180),
        float(min(south)),
        float(180 - (180 - max(east)) % 360),
        float(max(north)),
    )


def _size(patches: list[Patch]) -> tuple[int, int]:
    """Width and height in the files' own pixels; of a mosaic, in 10 m pixels."""
    if len(patches) == 1:
        return patches[0].grid.width, patches[0].grid.height
    extent = reduce(Box.union, (patch.extent for patch in patches))
    return extent.width, extent.height
