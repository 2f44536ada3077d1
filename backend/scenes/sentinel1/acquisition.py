"""One date of a scene: its patches, their units, and which of their bands is VV."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from backend.errors import BandsUnclear, SceneUnreadable, UnitsUnclear
from backend.scenes.files import OpenFiles
from backend.scenes.info import SceneInfo
from backend.scenes.options import DETECTED, UNITS, SceneOptions
from backend.scenes.sentinel1.describe import describe
from backend.scenes.sentinel1.layers import STATE_BANDS
from backend.scenes.sentinel1.mosaic import Mosaic
from backend.scenes.sentinel1.pairs import FoundPairs
from backend.scenes.sentinel1.patch import Patch, patches_of, sampling_checks
from backend.scenes.sentinel1.sample import sample_values
from backend.scenes.sentinel1.unit_decision import decide_units
from backend.scenes.sentinel1.units import Claim, Units

ALIKE_DB = 1.0
"""Medians of VV and VH that differ by less do not tell which is which."""


def open_acquisition(
    path: Path,
    found: FoundPairs,
    files: OpenFiles,
    zone: CRS | None = None,
    options: SceneOptions = DETECTED,
    date: str | None = None,
) -> tuple[Mosaic, SceneInfo]:
    """Return the patches of one date, and what was found in them; `date` is the stated one.

    Raises:
        SceneUnreadable: no pixel has a value.
        BandsUnclear: the bands cannot be what they are called, or nothing tells them.
        UnitsUnclear: the values fit no units, or not those that are stated.
    """
    patches = patches_of(found.pairs, files, zone)
    sample = sample_values(patches)
    if not sample.size:
        raise SceneUnreadable(f"{path.name} holds no data: no pixel has a value.")
    whole = all(files.holds_whole_numbers(patch.pair.vv) for patch in patches)
    claim = None if options.units else _common_claim(patches)
    rescaled = (options.scale, options.offset) != (None, None)
    if options.units:
        claim = Claim(options.units, "as stated", exact=rescaled, confidence=1.0)
    elif claim and rescaled:
        claim = replace(claim, scale=1.0, offset=0.0, exact=True)
    if not patches[0].pair.sure and any(_is_constant(band) for band in sample):
        raise BandsUnclear(
            f"A band of {path.name}, which has no names, has one value everywhere: a mask.",
            STATE_BANDS,
        )
    units = decide_units(sample, whole, claim, options.dn_offset_db, options.noise_floor_db)
    patches, units = _in_order(patches, units)
    info = describe(path, patches, units, found, date)
    info = replace(info, checks=[*info.checks, *sampling_checks(patches)])
    return Mosaic(patches, units), info


def _common_claim(patches: Sequence[Patch]) -> Claim | None:
    """Return what names and tags say of the units of all patches.

    Raises:
        UnitsUnclear: they say different things; read as one, some would be wrong.
    """
    claims = [patch.pair.claim for patch in patches]
    kinds = {(one.units, one.scale, one.offset) if one else None for one in claims}
    if len(kinds) == 1:
        return claims[0]
    titles = sorted({UNITS[one.units] if one else "units that nothing names" for one in claims})
    raise UnitsUnclear(
        f"The files are in different units: {' and '.join(titles)}.",
        "Give those of one kind, in a folder of their own.",
    )


def _is_constant(band: NDArray[np.float32]) -> bool:
    known = band[np.isfinite(band)]
    return bool(known.size) and known.min() == known.max()


def _in_order(patches: list[Patch], units: Units) -> tuple[list[Patch], Units]:
    """Return patches whose VV is VV: of bands without names the brighter one.

    Raises:
        BandsUnclear: named bands cannot be what they are called, or nothing tells them.
    """
    pair, (vv, vh) = patches[0].pair, units.medians
    if pair.alone or pair.by == "as stated" or vv - vh > (ALIKE_DB if not pair.sure else -ALIKE_DB):
        return patches, units
    if pair.sure and len(pair.files) > 1:
        raise BandsUnclear(
            f"The files that are named VV and VH have medians of {vv:.1f} and {vh:.1f} dB; VV is "
            "some 6 dB brighter.",
            "Rename them, if they are swapped.",
        )
    if pair.sure or vh - vv < ALIKE_DB:
        what = "two bands without names" if not pair.sure else "bands that are named VV and VH"
        raise BandsUnclear(
            f"The {what} have medians of {vv:.1f} and {vh:.1f} dB; VV is some 6 dB brighter.",
            STATE_BANDS,
        )
    swapped = [replace(patch, pair=patch.pair.swapped()) for patch in patches]
    return swapped, replace(units, medians=(vh, vv))
