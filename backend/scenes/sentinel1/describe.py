"""What was found in a Sentinel-1 scene, in words."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backend.errors import ConfigInvalid, UnitsUnclear
from backend.scenes.box import around
from backend.scenes.footprint import bounds_of
from backend.scenes.info import Check, SceneInfo
from backend.scenes.options import UNITS
from backend.scenes.sentinel1.bands import Pair
from backend.scenes.sentinel1.naming import dates_of, product_type_of, scene_name
from backend.scenes.sentinel1.patch import Patch
from backend.scenes.sentinel1.units import Units, to_db, to_power


def describe(
    path: Path,
    patches: Sequence[Patch],
    units: Units,
    sample: NDArray[np.float32],
    unused: Sequence[str],
    date: str | None,
) -> SceneInfo:
    """Return all that was found in one date, with its checks.

    Raises:
        UnitsUnclear: no sampled pixel has a value in the stated units.
    """
    files = [file for patch in patches for file in patch.pair.files]
    dataset = patches[0].files.get(files[0])
    zone = patches[0].zone
    dates = dates_of(files, dataset.tags())
    checks = [
        *_band_checks(patches, unused),
        *_value_checks(to_power(sample, units), units, patches[0].pair),
        *_date_checks(date, dates),
    ]
    return SceneInfo(
        name=scene_name(path, whole=patches[0].pair.vv.path == patches[0].pair.vh.path),
        files=[str(file) for file in files],
        crs=patches[0].grid.name,
        utm=f"EPSG:{zone.to_epsg()}",
        bounds=bounds_of(patches, zone),
        pixel_m=patches[0].pixel_m,
        size=_size(patches),
        units=units.name,
        units_reason=units.reason,
        source="Sentinel-1",
        date=date or (dates[0] if dates else None),
        product_type=product_type_of([file.stem for file in files] + list(dataset.tags().values())),
        nodata=dataset.nodatavals[patches[0].pair.vv.number - 1],
        checks=checks,
    )


def describe_dates(infos: Sequence[SceneInfo], patches: Sequence[Patch]) -> SceneInfo:
    """Return what was found in several dates whose power is averaged, as one scene.

    The first one's grid and date stand for all.

    Raises:
        ConfigInvalid: GRD stands beside RTC.
    """
    first = infos[0]
    if len(infos) == 1:
        return first
    product_types = sorted({info.product_type for info in infos if info.product_type})
    if len(product_types) > 1:
        names = " and ".join(info.name for info in infos)
        raise ConfigInvalid(
            f"{names} are of {' and '.join(product_types)}.",
            "Average dates of one product type only.",
        )
    dates = ", ".join(info.date or "unknown" for info in infos)
    averaged = Check("ok", f"The power of {len(infos)} dates is averaged: {dates}.")
    return replace(
        first,
        name=f"{first.name} and {len(infos) - 1} more",
        files=[file for info in infos for file in info.files],
        bounds=bounds_of(patches, patches[0].zone),
        product_type=product_types[0] if product_types else None,
        # Each once: what holds for one date often holds for all.
        checks=[*dict.fromkeys(check for info in infos for check in info.checks), averaged],
    )


def _band_checks(patches: Sequence[Patch], unused: Sequence[str]) -> list[Check]:
    pair = patches[0].pair
    more = f" So are {len(patches) - 1} more patches." if len(patches) > 1 else ""
    checks = [Check("ok", pair.reason + more)]
    if not pair.sure:
        checks = [Check("warning", pair.reason + more, "State the bands if that is wrong.")]
    if unused:
        checks.append(Check("ok", f"Not used: {', '.join(unused[:6])}."))
    return checks


def _value_checks(power: NDArray[np.float32], units: Units, pair: Pair) -> list[Check]:
    """Return what sampled power says about the units and the bands."""
    known = power[:, np.isfinite(power).all(axis=0)]
    if not known.size:
        raise UnitsUnclear(
            f"Read as {UNITS[units.name]}, no sampled pixel has a value.",
            "Leave the units out to have them detected.",
        )
    vv, vh = np.median(to_db(known), axis=1)
    of_vh = "" if pair.alone else f", of VH {vh:.1f}"
    checks = [Check("ok", f"{units.reason} In dB the median of VV is {vv:.1f}{of_vh}.")]
    if not -28 <= vv <= 0:
        remedy = "Check the units" + (" and the DN offset." if units.name == "dn" else ".")
        checks.append(Check("warning", f"A median VV of {vv:.1f} dB is unusual.", remedy))
    if vh > vv:
        remedy = "State the bands if VV and VH are swapped."
        checks.append(Check("warning", "VH is brighter than VV, which is rare.", remedy))
    return checks


def _date_checks(stated: str | None, found: list[str]) -> list[Check]:
    if len(found) > 1:
        text = f"The files carry {len(found)} dates, {found[0]} to {found[-1]}."
        return [Check("warning", text, "Put one date in a folder.")]
    if not stated and not found:
        return [Check("ok", "No date was found in names or tags.", "State the date.")]
    return []


def _size(patches: Sequence[Patch]) -> tuple[int, int]:
    """Return width and height in the file's own pixels; of a mosaic, in 10 m pixels."""
    if len(patches) == 1:
        return patches[0].grid.width, patches[0].grid.height
    extent = around(patch.extent for patch in patches)
    return extent.width, extent.height
