"""Decide which units sampled values are in.

What a name or a tag says counts most. Where none does, each form in which backscatter is written
is tried on the sampled values: read so, how likely are the medians of VV and of VV - VH? Land has
-11 dB and 6.5 dB, water is darker and further apart. Amplitude that is read as power halves both,
16-bit power that is read as digital numbers doubles the second, and that tells them apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backend.errors import UnitsUnclear
from backend.scenes.options import DN_OFFSET_DB, UNITS
from backend.scenes.sentinel1.units import Claim, Units, to_db, to_power

ASK_BELOW = 0.9
"""A guess that is less likely than this is not made: the user is asked."""

DARKEST_DB = -30.0
"""No scene is darker by the median of VV: Sentinel-1's own noise is brighter."""

PLAUSIBLE_DB = (-34.0, 8.0)
"""Medians of VV that a radar can measure: a calm lake to the middle of a city, and some more."""

_LARGEST = 1e9
_MARK = -9000.0  # -9999 and -32768 mark what is absent in any units
_UNLIKELY = 0.05
_FEW, _FILLED_SHARE = 500, 0.01
_REMEDY = (
    "State the units: dB, linear power, amplitude or digital numbers "
    "(--units db, linear, amplitude or dn); and a scale, if values were multiplied (--scale)."
)
CALIBRATE = (
    "Calibrate the scene first (in SNAP: Radar, Radiometric, Calibrate), then terrain-correct it; "
    "or state the units and the scale, if it is calibrated."
)
_RESCALE = "State the units, the scale and the offset."

# Share, mean and spread of the medians of VV in dB, mean and spread of those of VV - VH.
_LAND = (0.75, -11.0, 3.5, 6.5, 1.6)
_WATER = (0.25, -19.0, 5.0, 8.5, 3.2)
_NEITHER = 3e-6  # the chance of values that are none of these forms, spread over all levels


@dataclass(frozen=True)
class Form:
    """One way to write backscatter."""

    units: str
    """db, linear, amplitude or dn."""
    title: str
    prior: float
    """How often it is met, relative to the others."""
    whole: bool | None = None
    """Whether it is met in whole numbers; None for in both."""
    scale: float = 1.0
    """dB, power or amplitude = stored value × scale + offset."""
    offset: float = 0.0
    remedy: str = ""
    """What to do instead of using it; empty where it can be used."""
    most: float = float("inf")
    """The largest stored value."""


FORMS = (
    Form("db", "dB", 1),
    Form("db", "dB times 10", 0.1, None, 0.1),
    Form("db", "dB times 100", 0.3, None, 0.01),
    Form("db", "dB times 1,000", 0.05, None, 0.001),
    Form("linear", "linear power", 1, False),
    Form("amplitude", "amplitude", 0.4, False),
    Form("dn", "digital numbers", 1),
    Form("linear", "linear power times 65,535", 0.1, True, 1 / 65535, most=65535),
    Form("linear", "linear power times 10,000", 0.03, True, 1e-4),
    Form("amplitude", "amplitude before calibration", 0.3, None, 1 / 474, remedy=CALIBRATE),
    Form("linear", "intensity before calibration", 0.3, False, 1 / 474**2, remedy=CALIBRATE),
    Form("db", "natural logarithms", 0.003, False, 0.4343, remedy=_RESCALE),
    Form("db", "0 to 1 for -25 to 0 dB", 0.1, False, 25, -25, _RESCALE),
    Form("db", "0 to 1 for -20 to 0 dB", 0.1, False, 20, -20, _RESCALE),
)
"""A raw GRD has some 474 digital numbers per unit of amplitude: its calibration tables say how
many."""


@dataclass(frozen=True)
class Reading:
    """Sampled values read in some units."""

    units: Units
    title: str
    vv: float
    """The median of VV in dB; NaN where no value is left."""
    vh: float
    chance: float
    """How likely values are that read so, and how often they are met; not a share."""
    kept: int
    """How many values are left: what a radar cannot have is no data."""
    remedy: str = ""
    """What to do instead of using it; empty where it can be used."""

    @property
    def is_plausible(self) -> bool:
        """Whether a radar can measure this."""
        return PLAUSIBLE_DB[0] <= self.vv <= PLAUSIBLE_DB[1]

    def __str__(self) -> str:
        return f"as {self.title} VV has a median of {self.vv:.1f} dB and VH of {self.vh:.1f}"


def decide_units(
    sample: NDArray[np.float32],
    whole: bool = False,
    claim: Claim | None = None,
    dn_offset_db: float = DN_OFFSET_DB,
    floor_db: float | None = None,
) -> Units:
    """Return the units of sampled values (2, n) of VV and VH; NaN means no data.

    `whole`: the file holds whole numbers without a scale. Pixels below `floor_db` in both bands
    are no data; when it is None that is FLOOR_DB, and so are pixels that were filled with a value.

    Raises:
        UnitsUnclear: the values fit no units, or several as well as each other, or not those that
            are claimed.
    """
    if floor_db is not None:
        return _decide(sample, whole, claim, Units("", "", dn_offset_db, floor_db=floor_db))
    fill, share = _find_fill(sample)
    base = Units("", "", dn_offset_db, fill=fill, fill_share=share)
    return _decide(sample if fill is None else _without(sample, fill), whole, claim, base)


def _decide(sample: NDArray[np.float32], whole: bool, claim: Claim | None, base: Units) -> Units:
    """Return the units of a sample like `base`."""
    readings = [
        _read(sample, replace(base, name=form.units, scale=form.scale, offset=form.offset), form)
        for form in FORMS
        if form.whole in (None, whole)
    ]
    most = max(one.kept for one in readings)
    readings = [_weighed(one, most) for one in readings]
    if claim is None:
        return _guessed(readings, sample)
    stated = replace(base, name=claim.units, scale=claim.scale, offset=claim.offset)
    chosen = _weighed(_read(sample, stated, Form(claim.units, UNITS[claim.units], 1)), most)
    if not claim.exact:  # dB in whole numbers, above all, are mostly multiplied
        family = [one for one in readings if one.units.name == claim.units and not one.remedy]
        chosen = max([chosen, *family], key=lambda one: one.chance)
    best = max(readings, key=lambda one: one.chance)
    _require(chosen, best, claim)
    evidence = claim.evidence
    if chosen.title != UNITS[claim.units]:
        evidence += f", and {chosen.title} by the values"
    reason = f"{UNITS[claim.units]}, {evidence}."
    return replace(
        chosen.units,
        reason=reason,
        confidence=claim.confidence,
        evidence=evidence,
        medians=(chosen.vv, chosen.vh),
        doubt="" if chosen.chance >= _UNLIKELY * best.chance else f"By the values alone, {best}.",
    )


def _weighed(reading: Reading, most: int) -> Reading:
    """Return a reading whose chance counts as much as it keeps of the `most` values of any.

    A few of all values may look like land by accident: of dB times 100 those near 0 do.
    """
    return replace(reading, chance=reading.chance * min(1.0, reading.kept / max(most, 1)))


def _find_fill(sample: NDArray[np.float32]) -> tuple[float | None, float]:
    """Return the value that stands for no data, if there is one, and the share that has it.

    That is a value that VV and VH have at once, in many pixels, darker than most or brighter than
    all others: what a logarithm makes of an empty border, or the largest whole number. Speckle
    never does that. Where there is no VH it is the lowest value.
    """
    known = sample[:, np.isfinite(sample).all(axis=0)]
    alike = known[0][known[0] == known[1]]
    if known.shape[1] < _FEW or not alike.size:
        return None, 0.0
    alone = alike.size == known.shape[1]
    values, counts = np.unique(alike, return_counts=True)
    at = 0 if alone else int(np.argmax(counts))
    others, share = _without(known, values[at]), float(counts[at]) / known.shape[1]
    if share < _FILLED_SHARE or not others.size:
        return None, 0.0
    if np.median(others[0]) <= values[at] <= others.max():  # neither dark nor beyond all others
        return None, 0.0
    return float(values[at]), share


def _without(sample: NDArray[np.float32], value: float) -> NDArray[np.float32]:
    return sample[:, ~(sample == value).all(axis=0)]


def _guessed(readings: Sequence[Reading], sample: NDArray[np.float32]) -> Units:
    """Return the units that the values alone tell, or raise UnitsUnclear."""
    levels = _levels(sample)
    total = sum(one.chance for one in readings) + _NEITHER
    first, *others = sorted(readings, key=lambda one: -one.chance)
    share = first.chance / total
    if first.remedy and share >= ASK_BELOW:
        raise UnitsUnclear(f"{levels}: {first.title}.", _remedy_of([first]))
    if share < ASK_BELOW:
        likely = [one for one in (first, *others[:1]) if one.chance > _NEITHER / 10]
        tried = "; ".join(map(str, likely)) or "it fits neither dB, linear power, amplitude nor DN"
        raise UnitsUnclear(f"{levels}: {tried}.", _remedy_of(likely))
    evidence = "by the values"
    if first.title != UNITS[first.units.name]:
        evidence = f"{first.title}, {evidence}"
    reason = f"{levels}: {first.title}."
    return replace(
        first.units,
        reason=reason,
        confidence=share,
        evidence=evidence,
        by_values=True,
        medians=(first.vv, first.vh),
    )


def _remedy_of(likely: Sequence[Reading]) -> str:
    """Return what to state, or to do, for each of the likely readings, the best first."""
    ways, flags = [], []
    for one in likely:
        units = one.units
        if one.remedy == CALIBRATE:
            return CALIBRATE
        scaled = f" with the scale {units.scale:.5g}" if units.scale != 1 else ""
        moved = f" and the offset {units.offset:g}" if units.offset else ""
        ways.append(f"{UNITS[units.name]}{scaled}{moved}")
        scaled = f" --scale {units.scale:.5g}" if units.scale != 1 else ""
        moved = f" --offset {units.offset:g}" if units.offset else ""
        flags.append(f"--units {units.name}{scaled}{moved}")
    if not ways:
        return _REMEDY
    return f"State the units: {' or '.join(ways)} ({' or '.join(flags)})."


def _require(chosen: Reading, best: Reading, claim: Claim) -> None:
    """Check that values can be what is claimed of them, or raise UnitsUnclear."""
    if np.isnan(chosen.vv):
        raise UnitsUnclear(
            f"Read as {chosen.title}, {claim.evidence}, no sampled pixel has a value.", _REMEDY
        )
    if chosen.is_plausible:
        return
    text = str(chosen)
    raise UnitsUnclear(
        f"{text[0].upper()}{text[1:]} ({claim.evidence}), which no radar measures.",
        claim.remedy or _remedy_of([best]),
    )


def _read(sample: NDArray[np.float32], units: Units, form: Form) -> Reading:
    """Return the medians of a sample in some units, and how likely they are."""
    with np.errstate(over="ignore", invalid="ignore"):
        stored = sample * np.float32(units.scale) + np.float32(units.offset)
    beyond = sample.size and np.nanmax(np.where(np.isfinite(sample), sample, -np.inf)) > form.most
    known = stored[:, np.isfinite(stored).all(axis=0) & (np.abs(sample) < _LARGEST).all(axis=0)]
    vv = vh = float("nan")
    chance, kept = 0.0, 0
    present = known[0][known[0] > _MARK]
    # Power that noise was taken from may lie a little below 0; dB lie far below it.
    negative = float(np.mean(present < -1)) if present.size else 0.0
    if not beyond and (units.name == "db" or negative < 0.02):
        power = to_power(stored, replace(units, scale=1, offset=0, fill=None))
        power = power[:, np.isfinite(power).all(axis=0)]
        kept = power.shape[1]
        if kept:
            vv, vh = (float(level) for level in np.median(to_db(power), axis=1))
            chance = form.prior * _likelihood(
                vv, vh, np.array_equal(sample[0], sample[1], equal_nan=True)
            )
    return Reading(units, form.title, vv, vh, chance, kept, form.remedy)


def _likelihood(vv: float, vh: float, alone: bool) -> float:
    """Return the density of these medians over land and water; `alone` for a scene without VH."""

    def normal(value: float, mean: float, spread: float) -> float:
        return float(np.exp(-(((value - mean) / spread) ** 2) / 2) / spread / np.sqrt(2 * np.pi))

    if vv < DARKEST_DB:
        return 0.0
    # Which band is VV is decided later, so VH may be the brighter one here.
    return sum(
        share * normal(vv, level, spread) * (0.2 if alone else normal(abs(vv - vh), gap, apart))
        for share, level, spread, gap, apart in (_LAND, _WATER)
    )


def _levels(sample: NDArray[np.float32]) -> str:
    vv = sample[0][np.isfinite(sample[0])]
    if not vv.size:
        raise UnitsUnclear("No sampled pixel of VV holds a value.", _REMEDY)
    low, high = np.percentile(vv, [0.5, 99.5])
    return f"VV lies between {low:.4g} and {high:.4g} with median {np.median(vv):.4g}"
