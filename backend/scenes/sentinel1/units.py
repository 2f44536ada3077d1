"""From what a file holds to backscatter: dB, linear power, amplitude or digital numbers."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.scenes.options import DN_OFFSET_DB

FLOOR_DB = -40.0
"""Below this there is no signal: in one polarisation it is set to this, in both it is no data."""

SURE = 0.95
"""A guess that is less likely than this is made with a warning."""

_NEPER = np.float32(np.log(10) / 10)
_STRONGEST = 1e6
_ABSENT_DB = -200.0


@dataclass(frozen=True)
class Claim:
    """What a user, a name or a tag says of the units."""

    units: str
    """db, linear, amplitude or dn."""
    evidence: str
    """What says so, as the end of a sentence."""
    scale: float = 1.0
    """Power or dB = value × scale + offset."""
    offset: float = 0.0
    exact: bool = False
    """Whether it is known that values were multiplied with nothing but that."""
    confidence: float = 0.95
    """1 for what was stated."""
    remedy: str = ""
    """What to do where the values cannot be what is claimed, if that is known."""


@dataclass(frozen=True)
class Units:
    """The units of a scene's values."""

    name: str
    """db, linear, amplitude or dn."""
    reason: str
    """Why, in one sentence."""
    dn_offset_db: float = DN_OFFSET_DB
    """Of digital numbers: dB = 20 log10(DN) + this."""
    scale: float = 1.0
    """What values are multiplied with at first, after what the file states."""
    offset: float = 0.0
    """What is added then."""
    floor_db: float = FLOOR_DB
    """Pixels below this in both polarisations are no data."""
    confidence: float = 1.0
    """From 0 to 1."""
    evidence: str = ""
    """What tells them, in a few words."""
    fill: float | None = None
    """A value that is no data where both polarisations have it, before scale and offset."""
    fill_share: float = 0.0
    """How much of the sample has it."""
    by_values: bool = False
    """Whether nothing but the values tells them."""
    doubt: str = ""
    """What fits the values better than a claim, in a sentence; empty where nothing does."""
    medians: tuple[float, float] = (float("nan"), float("nan"))
    """Of VV and VH in the sample, in dB."""

    @property
    def facts(self) -> dict[str, Any]:
        """What pixels depend on, ready for JSON; not what tells the units."""
        # Medians tell scenes on one grid from each other. Of a scene with VV alone one is NaN.
        medians = [None if np.isnan(one) else round(float(one), 2) for one in self.medians]
        names = ("name", "dn_offset_db", "scale", "offset", "floor_db", "fill")
        return {**{name: getattr(self, name) for name in names}, "medians": medians}

    @property
    def assumed(self) -> bool:
        """Whether only the values tell them, and not as plainly as they tell dB and power."""
        plain = self.name in ("db", "linear") and self.scale == 1 and self.confidence >= SURE
        return self.by_values and not plain


def to_power(values: NDArray[np.float32], units: Units) -> NDArray[np.float32]:
    """Return linear power of `values` (2, ...), NaN where there is no data.

    No data is what files use for it, tagged or not: NaN, +inf, values beyond all physics
    (-9999, -32768, 3.4e38), and less than the floor in both polarisations, such as 0 or what a
    logarithm made of it. Less than the floor in one polarisation only is a signal below the noise,
    as over calm water, and becomes the floor.
    """
    filled = False if units.fill is None else (values == np.float32(units.fill)).all(axis=0)
    if (units.scale, units.offset) != (1.0, 0.0):
        values = values * np.float32(units.scale) + np.float32(units.offset)
    with np.errstate(invalid="ignore", over="ignore"):
        if units.name == "db":
            absent = (values < _ABSENT_DB) & np.isfinite(values)
            power = np.exp(values * _NEPER)
            power[:, (values == 0).all(axis=0)] = 0
        elif units.name == "linear":
            absent = values < -1
            power = np.maximum(values, 0)
        elif units.name == "amplitude":
            absent = values < 0
            power = np.square(values)
        else:
            absent = values < 0
            power = np.square(values) * np.float32(10 ** (units.dn_offset_db / 10))
        # A floor of -40 dB that was written as float32 is not always below -40.
        floor = np.float32(10 ** (units.floor_db / 10) * 1.0001)
        lost = (absent | ~(power < _STRONGEST)).any(axis=0) | (power <= floor).all(axis=0) | filled
    power[:, lost] = np.nan
    return power


def to_db(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return dB of linear power of any shape, FLOOR_DB or more."""
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(power) / _NEPER, np.float32(FLOOR_DB))
