"""Pixels that are brighter than water can be: a test with a constant false-alarm rate.

The power of a pixel of even water follows a gamma distribution of mean m and L looks. Both come
from a ring around the pixel, so that wind, incidence and sensor need not be known:
L = m² / variance (the moments of the gamma). A pixel is a detection where its power exceeds what
the distribution reaches with the probability P_FA. Only ring pixels that look like water count.

Water changes slowly, so rings are summed up by squares of 4 × 4 pixels: a sixteenth of the work.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

P_FA = 1e-6
"""Chance that a pixel of even water is a detection."""
SQUARE_PX = 4
GUARD, RING = 11, 15
"""Sides in squares around a pixel: the inner one, which holds a long ship, is left out."""
LEAST_RING = 0.25
"""Share of the ring that must look like water."""
VV_BELOW_DB, VH_BELOW_DB = -13.0, -19.0
"""What looks like water is darker than this on average: rough seas are, too."""
LOOKS = (0.5, 60.0)

Image = NDArray[np.floating]
Mask = NDArray[np.bool_]


def power_of(db: NDArray[np.float32]) -> Image:
    """Return linear power (h, w) of dB in whole squares; 0 where there is no data."""
    height, width = (-(-n // SQUARE_PX) * SQUARE_PX for n in db.shape)
    power = np.zeros((height, width), np.float32)
    with np.errstate(over="ignore"):
        inside = np.exp(db * np.float32(np.log(10) / 10))
    power[: db.shape[0], : db.shape[1]] = np.where(np.isfinite(inside), inside, 0)
    return power


def looks_like_water(vv: Image, vh: Image | None) -> Mask:
    """Return which squares are as dark as water on average, of powers (h, w)."""
    dark = _squares(vv).min(axis=(1, 3)) > 0
    for power, below_db in ((vv, VV_BELOW_DB), (vh, VH_BELOW_DB)):
        if power is not None:
            dark &= _squares(power).mean(axis=(1, 3)) < 10 ** (below_db / 10)
    return dark


def detections(power: Image, water: Mask) -> tuple[Mask, Image]:
    """Return which pixels (h, w) are too bright for water, and the mean power around each square.

    The mean is NaN where too little around a square looks like water.
    """
    known = _ring(water.astype(np.float64))
    enough = known >= LEAST_RING
    safe = np.where(enough, known, 1.0)
    squares = _squares(power.astype(np.float64))
    mean = _ring(np.where(water, squares.mean(axis=(1, 3)), 0.0)) / safe
    square = _ring(np.where(water, (squares**2).mean(axis=(1, 3)), 0.0)) / safe
    variance = np.maximum(square - mean**2, 1e-30)
    looks = np.clip(mean**2 / variance, *LOOKS)
    grid, factors = _factors()
    limit = np.where(enough, np.interp(np.log(looks), grid, factors) * mean, np.inf)
    found = squares > limit[:, None, :, None]
    return found.reshape(power.shape), np.where(enough, mean, np.nan)


def _squares(values: Image) -> Image:
    """Return values (h, w) by squares: (rows, SQUARE_PX, columns, SQUARE_PX)."""
    height, width = values.shape
    return values.reshape(height // SQUARE_PX, SQUARE_PX, width // SQUARE_PX, SQUARE_PX)


def _ring(values: Image) -> Image:
    """Return the mean over the ring around each square, of which what lies outside counts as 0."""
    from scipy.ndimage import uniform_filter  # a service starts without it

    outer = uniform_filter(values, RING, mode="constant") * RING**2
    inner = uniform_filter(values, GUARD, mode="constant") * GUARD**2
    return np.maximum(outer - inner, 0.0) / (RING**2 - GUARD**2)


@cache
def _factors() -> tuple[Image, Image]:
    """Return logarithms of looks, and by how much a pixel must exceed the mean for each."""
    from scipy.special import gammainccinv

    looks = np.geomspace(*LOOKS, 200)
    return np.log(looks), gammainccinv(looks, P_FA) / looks
