"""Render a landscape as Sentinel-1 would have delivered it."""

import numpy as np
from scipy import ndimage

from backend.simulation.canvas import Landscape
from backend.simulation.conditions import Conditions
from backend.simulation.cover import (
    BUILT,
    CROPLAND,
    REFERENCE_INCIDENCE_DEG,
    WATER,
    Ground,
    column,
    is_any,
    season_shift,
)
from backend.simulation.noise import fractal_pair, speckle
from backend.simulation.terrain import edge_gain, slant_view

FLOOR_DB = (-50.0, -36.0)  # where processing chains cut off what noise removal left negative


DRIFT = 0.3  # what changes of a class from date to date, by what differs between landscapes


def render_backscatter(landscape: Landscape, seed: int, date: int = 0) -> np.ndarray:
    """Return VV and VH of a landscape in dB, (2, H, W) float32; a seed gives the same pixels.

    On another `date` than 0 all that lasts is the same: textures, relief, point targets, what the
    landscape's classes have of their own; they drift a little, and speckle is new.

    Mean backscatter of the cover under the season, varied between landscapes, parcels and spots;
    relief as the radar sees it; point targets; the system's point spread, thermal noise and
    multi-look speckle; calibrated as GRD (sigma0) or RTC (gamma0).
    """
    rng = np.random.default_rng([seed, 2])
    conditions = landscape.conditions
    changing = rng if date == 0 else np.random.default_rng([seed, 2, date])
    power = 10 ** (_mean_db(landscape, rng, changing) / 10)
    power *= _relief(landscape, rng)
    rows, cols = landscape.targets[:, :2].astype(int).T
    noise = np.float32(10 ** (conditions.noise_db / 10))
    floor = 10 ** (rng.uniform(*FLOOR_DB) / 10)
    out = np.empty_like(power)
    for band in range(2):
        np.add.at(power[band], (rows, cols), landscape.targets[:, 2 + band].astype(np.float32))
        sharp = ndimage.gaussian_filter(power[band], conditions.blur_px, truncate=3.0)
        # Speckle multiplies the noise as well; processing then subtracts the mean noise it knows.
        measured = (sharp + noise) * speckle(
            changing, sharp.shape, conditions.enl, conditions.blur_px
        )
        measured = np.maximum(measured - np.float32(conditions.noise_removed) * noise, floor)
        out[band] = 10 * np.log10(measured) + conditions.calibration_db[band]
    return out


def class_means(conditions: Conditions, rng: np.random.Generator | None = None) -> np.ndarray:
    """Return the mean sigma0 of every class in dB, (n_classes, 2).

    With `rng` it varies as from one landscape to the next.
    """
    means = column("mean") + season_shift(conditions.season)
    means = means + column("slope")[:, None] * (conditions.incidence_deg - REFERENCE_INCIDENCE_DEG)
    means = means + column("moisture")[:, None] * conditions.moisture * np.array([1.0, 0.6])
    means = means + column("wind") * conditions.wind
    if rng is not None:
        # 0.75² + 0.66² = 1: VV and VH vary together for the most part.
        common, own = rng.standard_normal((len(means), 1)), rng.standard_normal(means.shape)
        means = means + column("spread") * (0.75 * common + 0.66 * own)
    return means.astype(np.float32)


def _mean_db(
    landscape: Landscape, rng: np.random.Generator, changing: np.random.Generator
) -> np.ndarray:
    """Return mean backscatter before relief, noise and speckle: (2, H, W) float32 dB."""
    cover, parcel = landscape.cover, landscape.parcel
    means = class_means(landscape.conditions, rng)
    if changing is not rng:
        drift = changing.standard_normal(means.shape, dtype=np.float32)
        means += np.float32(DRIFT) * column("spread") * drift
    spread = column("parcel")
    lines = np.zeros(len(spread), np.float32)
    lines[[*CROPLAND, *BUILT, Ground.ORCHARD]] = 1
    coarse = fractal_pair(rng, cover.shape, 60, 1.5)
    texture, grain = column("texture")[cover], column("grain")[cover]
    spread, lines = spread[cover], lines[cover]
    spots = rng.standard_normal(cover.shape, dtype=np.float32)
    out = np.empty((2, *cover.shape), np.float32)
    for band in range(2):
        out[band] = means[cover, band]
        out[band] += spread * landscape.chance[parcel, band]
        out[band] += lines * landscape.facing[parcel, band]
        out[band] += texture * (coarse[0] if band == 0 else 0.7 * coarse[0] + 0.7 * coarse[1])
        own = rng.standard_normal(cover.shape, dtype=np.float32)
        out[band] += grain * (0.8 * spots + 0.6 * own)
    return out


def _relief(landscape: Landscape, rng: np.random.Generator) -> np.ndarray:
    """Return the factor by which relief brightens or hides each pixel, (H, W) float32.

    Terrain correction removes what the elevation model knows: the ground, not the trees and roofs
    on it. Shadow stays dark in GRD and RTC alike.
    """
    looks_east, incidence_deg = landscape.conditions.looks_east, landscape.conditions.incidence_deg
    bright, shadow = slant_view(landscape.elevation, looks_east, incidence_deg)
    if landscape.conditions.product_type == "RTC":
        bright = bright ** rng.uniform(0.0, 0.3)  # elevation models are coarse
    bright = np.where(is_any(landscape.cover, WATER), 1.0, bright)
    bright *= edge_gain(column("height_m")[landscape.cover], looks_east, incidence_deg)
    return np.where(shadow, np.float32(1e-4), bright)
