"""Pixels that are brighter than water can be: a test with a constant false-alarm rate.

The power of a pixel of even water follows a gamma distribution of mean m and L looks. Both come
from a ring around the pixel, so that wind, incidence and sensor need not be known:
L = m² / variance (the moments of the gamma). A pixel is a detection where its power exceeds what
the distribution reaches with the probability P_FA. Only ring pixels that look like water count.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter
from scipy.special import gammainccinv

P_FA = 1e-6
"""Chance that a pixel of even water is a detection."""
GUARD_PX, RING_PX = 41, 61
"""Sides of the squares around a pixel: the inner one, which holds a long ship, is left out."""
LEAST_RING = 0.25
"""Share of the ring that must look like water."""
SMOOTH_PX = 5
VV_BELOW_DB, VH_BELOW_DB = -13.0, -19.0
"""What looks like water is darker than this on average: rough seas are, too."""
LOOKS = (0.5, 60.0)

Image = NDArray[np.float64]
Mask = NDArray[np.bool_]


def power_of(db: NDArray[np.float32]) -> Image:
    """Return linear power (h, w) of dB; 0 where there is no data."""
    return np.where(np.isfinite(db), 10 ** (np.nan_to_num(db).astype(np.float64) / 10), 0.0)


def looks_like_water(vv: Image, vh: Image | None) -> Mask:
    """Return where the surroundings (5 × 5) of a pixel are as dark as water, of powers (h, w)."""
    dark = vv > 0
    for power, below_db in ((vv, VV_BELOW_DB), (vh, VH_BELOW_DB)):
        if power is not None:
            dark &= uniform_filter(power, SMOOTH_PX, mode="nearest") < 10 ** (below_db / 10)
    return dark


def detections(power: Image, water: Mask) -> tuple[Mask, Image]:
    """Return which pixels (h, w) are too bright for water, and the mean power of the water around.

    The mean is NaN where too little around a pixel looks like water.
    """
    known = _ring(water.astype(np.float64))
    enough = known >= LEAST_RING
    safe = np.where(enough, known, 1.0)
    mean = _ring(np.where(water, power, 0.0)) / safe
    square = _ring(np.where(water, power**2, 0.0)) / safe
    variance = np.maximum(square - mean**2, 1e-30)
    looks = np.clip(mean**2 / variance, *LOOKS)
    grid, factors = _factors()
    factor = np.interp(np.log(looks), grid, factors)
    return enough & (power > factor * mean), np.where(enough, mean, np.nan)


def _ring(values: Image) -> Image:
    """Return the mean over the ring around each pixel, of which what lies outside counts as 0."""
    outer = uniform_filter(values, RING_PX, mode="constant") * RING_PX**2
    inner = uniform_filter(values, GUARD_PX, mode="constant") * GUARD_PX**2
    return np.maximum(outer - inner, 0.0) / (RING_PX**2 - GUARD_PX**2)


@cache
def _factors() -> tuple[Image, Image]:
    """Return logarithms of looks, and by how much a pixel must exceed the mean for each."""
    looks = np.geomspace(*LOOKS, 200)
    return np.log(looks), gammainccinv(looks, P_FA) / looks
