"""What was found in a Sentinel-1 scene, in words."""

from collections.abc import Sequence
from dataclasses import replace
from math import isnan
from pathlib import Path

from backend.errors import ConfigInvalid
from backend.scenes.box import around
from backend.scenes.footprint import bounds_of
from backend.scenes.info import Check, Finding, SceneInfo
from backend.scenes.options import UNITS
from backend.scenes.sentinel1.naming import scene_name
from backend.scenes.sentinel1.pairs import FoundPairs, Pair
from backend.scenes.sentinel1.patch import Patch
from backend.scenes.sentinel1.units import Units

USUAL_DB = (-28.0, 0.0)
"""Medians of VV that need no word."""


def describe(
    path: Path, patches: Sequence[Patch], units: Units, found: FoundPairs, date: str | None
) -> SceneInfo:
    """Return all that was found in one date, with its checks.

    `date` is the one that was stated.
    """
    files = dict.fromkeys(str(file) for patch in patches for file in patch.pair.files)
    first, zone = patches[0], patches[0].zone
    dates = sorted({day for patch in patches if (day := patch.pair.date)})
    product_types = sorted({kind for patch in patches if (kind := patch.pair.product_type)})
    product_type = product_types[-1] if product_types else None
    return SceneInfo(
        name=scene_name(path, whole=first.pair.vv.path == first.pair.vh.path),
        files=list(files),
        crs=first.grid.name,
        utm=f"EPSG:{zone.to_epsg()}",
        bounds=bounds_of(patches, zone),
        pixel_m=first.pixel_m,
        size=_size(patches),
        units=units.name,
        units_reason=units.reason,
        source="Sentinel-1",
        date=date or (dates[0] if dates else None),
        product_type=product_type,
        nodata=first.nodata,
        checks=[
            *_band_checks(patches, found),
            *_value_checks(units, first.pair),
            *_date_checks(date, dates),
            *_type_checks(product_types),
            *_overlap_checks(patches, dates),
        ],
        findings=[
            _finding_of_bands(first.pair),
            Finding("units", UNITS[units.name], units.evidence, units.confidence),
            *_finding_of_type(product_type),
            *_finding_of_date(date, dates),
            _finding_of_nodata(first.nodata, units),
            _finding_of_geometry(first),
        ],
    )


def _finding_of_bands(pair: Pair) -> Finding:
    value = "VV" if pair.alone else "VV and VH"
    return Finding("bands", value, pair.by, 1.0 if pair.sure else 0.8)


def _finding_of_type(product_type: str | None) -> list[Finding]:
    return [Finding("product type", product_type, "names and tags", 0.95)] if product_type else []


def _finding_of_geometry(patch: Patch) -> Finding:
    value = f"{max(patch.pixel_m):.3g} m in {patch.grid.name}"
    return Finding("geometry", value, "the header", 1.0)


def _finding_of_date(stated: str | None, found: list[str]) -> list[Finding]:
    if stated:
        return [Finding("date", stated, "as stated", 1.0)]
    if not found:
        return [Finding("date", "no date", "names and tags have none", 1.0)]
    value = found[0] if len(found) == 1 else f"{len(found)} dates"
    return [Finding("date", value, "names and tags", 0.95)]


def _finding_of_nodata(nodata: float | None, units: Units) -> Finding:
    fill = "" if units.fill is None else f"{units.fill:.5g} and "
    floor = f"{fill}below {units.floor_db:g} dB in both bands"
    if nodata is None:
        return Finding("no data", f"no data {floor}", "no tag of the file", 1.0)
    tag = "NaN" if isnan(nodata) else f"{nodata:g}"
    return Finding("no data", f"no data {tag} and {floor}", "a tag of the file", 1.0)


def describe_dates(infos: Sequence[SceneInfo], patches: Sequence[Patch]) -> SceneInfo:
    """Return what was found in several dates as one scene.

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
            "Take dates of one product type only.",
        )
    dates = ", ".join(info.date or "unknown" for info in infos)
    several = Check("ok", f"There are {len(infos)} dates: {dates}.")
    # Of what has no date the files tell whether it is there twice.
    distinct = {info.date or tuple(info.files) for info in infos}
    return replace(
        first,
        name=f"{first.name} and {len(infos) - 1} more",
        files=[file for info in infos for file in info.files],
        bounds=bounds_of(patches, patches[0].zone),
        product_type=product_types[0] if product_types else None,
        # Each once: what holds for one date often holds for all.
        checks=[*dict.fromkeys(check for info in infos for check in info.checks), several],
        dates=len(distinct),
    )


def _band_checks(patches: Sequence[Patch], found: FoundPairs) -> list[Check]:
    pair = patches[0].pair
    more = f" So are {len(patches) - 1} more patches." if len(patches) > 1 else ""
    checks = [Check("ok", pair.reason + more)]
    if not pair.sure:
        checks = [Check("warning", pair.reason + more, "State the bands if that is wrong.")]
    checks += [Check("ok", note) for note in found.notes]
    if found.unused:
        checks.append(Check("ok", f"Not used: {', '.join(found.unused[:6])}."))
    return checks


def _value_checks(units: Units, pair: Pair) -> list[Check]:
    """Return what sampled power says about the units and the bands."""
    vv, vh = units.medians
    of_vh = "" if pair.alone else f", of VH {vh:.1f}"
    text = f"{units.reason} In dB the median of VV is {vv:.1f}{of_vh}."
    checks = [Check("ok", text)]
    if units.assumed:
        checks = [Check("warning", text, "State the units if that is wrong.")]
    if units.fill is not None:
        text = (
            f"{units.fill_share:.0%} of the sampled pixels have the value {units.fill:.5g} in both "
            "bands; they are taken as no data."
        )
        checks.append(Check("warning", text, "State a noise floor of -40 if they are real."))
    if units.doubt:
        checks.append(Check("warning", units.doubt, "State the units if that is right."))
    if not USUAL_DB[0] <= vv <= USUAL_DB[1]:
        remedy = "Check the units" + (" and the DN offset." if units.name == "dn" else ".")
        checks.append(Check("warning", f"A median VV of {vv:.1f} dB is unusual.", remedy))
    if vh > vv and not pair.alone:
        remedy = "State the bands if VV and VH are swapped."
        checks.append(Check("warning", "VH is brighter than VV, which is rare.", remedy))
    return checks


def _overlap_checks(patches: Sequence[Patch], dates: Sequence[str]) -> list[Check]:
    """Return a warning where patches show the same pixels, and no dates tell them apart."""
    alike = [one for one in patches[1:] if one.grid.matches(patches[0].grid)]
    if not alike or len(dates) > 1:
        return []
    first, other = patches[0].pair.vv.path.name, alike[0].pair.vv.path.name
    text = f"{len(alike) + 1} pairs show the same pixels, and {first} counts, not {other}."
    return [Check("warning", text, "Give the one that is meant.")]


def _type_checks(product_types: Sequence[str]) -> list[Check]:
    if len(product_types) < 2:
        return []
    text = f"The files are of {' and '.join(product_types)}; {product_types[-1]} counts for all."
    return [Check("warning", text, "Put one product type in a folder, or state it.")]


def _date_checks(stated: str | None, found: list[str]) -> list[Check]:
    if len(found) > 1:
        text = f"The files carry {len(found)} dates, {found[0]} to {found[-1]}."
        return [Check("warning", text, "State one of them, or put one date in a folder.")]
    if not stated and not found:
        return [Check("ok", "No date was found in names or tags.", "State the date.")]
    return []


def _size(patches: Sequence[Patch]) -> tuple[int, int]:
    """Return width and height in the file's own pixels; of a mosaic, in 10 m pixels."""
    if len(patches) == 1:
        return patches[0].grid.width, patches[0].grid.height
    extent = around(patch.extent for patch in patches)
    return extent.width, extent.height
