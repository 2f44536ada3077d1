"""From what a file holds to backscatter: dB, linear power or digital numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import UnitsUnclear
from backend.scenes.options import DN_OFFSET_DB

FLOOR_DB = -40.0
"""Where one polarisation is below the noise (power 0) and the other is not."""

_NEPER = np.float32(np.log(10) / 10)
_STRONGEST = 1e6
_LARGEST = 1e9
_WEAKEST_DB = -100.0
_REMEDY = "State the units: db, linear or dn."


@dataclass(frozen=True)
class Units:
    """The units of a scene's values."""

    name: str
    """db, linear or dn."""
    reason: str
    """Why, in one sentence."""
    dn_offset_db: float = DN_OFFSET_DB
    """Of digital numbers: dB = 20 log10(DN) + this."""


def detect_units(sample: NDArray[np.float32], whole: bool, dn_offset_db: float) -> Units:
    """Return the units of sampled values (2, n) of VV and VH; NaN means no data.

    `whole`: the file holds whole numbers without a scale.

    Raises:
        UnitsUnclear: the values fit none.
    """
    vv, vh = (band[(band > -9999) & (band < _LARGEST) & (band != 0)] for band in sample)
    if not len(vv) or not len(vh):
        raise UnitsUnclear("No sampled pixel of VV and VH holds a value.", _REMEDY)
    low, high = np.percentile(vv, [0.5, 99.5])
    median = float(np.median(vv))
    levels = f"VV lies between {low:.4g} and {high:.4g} with median {median:.4g}"
    # Backscatter over land and sea; the bounds leave room for cities and for calm water.
    if -35 <= median < 0 and np.mean(vv < 0) > 0.6 and np.median(vh) < 0:
        return Units("db", f"{levels}: dB.")
    if low >= 0 and not whole and 3e-4 <= median <= 3:
        return Units("linear", f"{levels}: linear power.")
    if low >= 0 and 20 <= median <= 40_000:
        return Units("dn", f"{levels}: digital numbers.", dn_offset_db)
    raise UnitsUnclear(
        f"{levels}, which fits neither dB (-25 to 0), linear power (0.001 to 3) nor digital "
        "numbers (hundreds to thousands).",
        _REMEDY,
    )


def to_power(values: NDArray[np.float32], units: Units) -> NDArray[np.float32]:
    """Return linear power of `values` (2, ...), NaN where there is no data.

    No data is what files use for it, tagged or not: NaN, +inf, values beyond all physics
    (-9999, -32768, 3.4e38), and 0 in both polarisations. 0 (or -inf dB) in one polarisation only
    is a signal below the noise, as over calm water, and stays 0.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        if units.name == "db":
            absent = (values < _WEAKEST_DB) & np.isfinite(values)
            power = np.exp(values * _NEPER)
            power[:, (values == 0).all(axis=0)] = 0
        elif units.name == "linear":
            absent = values < -1
            power = np.maximum(values, 0)
        else:
            absent = values < 0
            power = np.square(values) * np.float32(10 ** (units.dn_offset_db / 10))
        lost = (absent | ~(power < _STRONGEST)).any(axis=0) | (power == 0).all(axis=0)
    power[:, lost] = np.nan
    return power


def to_db(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return dB of linear power; 0 becomes FLOOR_DB."""
    with np.errstate(divide="ignore"):
        decibels = np.log(power) / _NEPER
    return np.where(power == 0, np.float32(FLOOR_DB), decibels)
