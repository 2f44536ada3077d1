"""Elevation, and how the slant view of the radar shows it."""

import numpy as np
from scipy import ndimage

from backend.simulation.noise import fractal_pair

PIXEL_M = 10.0
STEEPEST = 8.0  # brightening where slopes face the radar; layover saturates here


def draw_elevation(
    rng: np.random.Generator, shape: tuple[int, int], relief_m: float, wavelength_m: float
) -> np.ndarray:
    """Draw metres above the lowest ground (H, W) float32.

    Low relief rolls; high relief has ridges at two scales, and slopes end where rock would fall.
    """
    smooth, ridged = fractal_pair(rng, shape, wavelength_m / PIXEL_M, 2.6)
    sharp = float(np.clip(relief_m / 300, 0, 0.8))
    if sharp > 0.2:
        spurs, _ = fractal_pair(rng, shape, wavelength_m / PIXEL_M / 4, 2.2)
        ridged = np.abs(ridged) + 0.25 * np.abs(spurs)
        smooth = (1 - sharp) * smooth + sharp * (1 - 1.6 * ridged)
    surface = smooth * np.float32(relief_m)
    steepest = np.quantile(np.abs(np.diff(surface[::4], axis=1)), 0.97) / PIXEL_M
    surface *= min(1.0, rng.uniform(0.6, 1.15) / max(float(steepest), 1e-6))
    return surface - surface.min()


def slant_view(
    elevation: np.ndarray, looks_east: bool, incidence_deg: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return how much every pixel brightens (linear power), and where it is hidden (bool), (H, W).

    The look runs along the rows, eastwards on ascending passes and westwards on descending ones
    (Sentinel-1 looks to its right). Ground that rises along the look is seen compressed
    (foreshortening), from a slope of 90 degrees - incidence on folded over (layover); ground
    behind a ridge that the ray does not reach lies in shadow.
    """
    heights = elevation if looks_east else elevation[:, ::-1]
    cotangent = 1.0 / np.tan(np.radians(incidence_deg))
    rise = np.gradient(heights, PIXEL_M, axis=1).astype(np.float32)
    compressed = np.maximum(np.abs(1.0 - rise * cotangent), 1.0 / STEEPEST)
    compressed = np.where(rise * cotangent > 1.0, 1.0 / STEEPEST, compressed)
    distance = np.arange(heights.shape[1], dtype=np.float32) * PIXEL_M
    ray = heights + distance * np.float32(cotangent)
    shadow = ray < np.maximum.accumulate(ray, axis=1) - 0.5
    brightening = 1.0 / compressed
    if not looks_east:
        brightening, shadow = brightening[:, ::-1], shadow[:, ::-1]
    return brightening.astype(np.float32), shadow


def edge_gain(height_m: np.ndarray, looks_east: bool, incidence_deg: float) -> np.ndarray:
    """Return the factor (H, W) of trees and roofs: brighter where their edge faces the radar.

    Canopies let part of the wave through, so neither layover nor shadow is complete.
    """
    canopy = ndimage.gaussian_filter(height_m * np.float32(0.5), 0.8, truncate=2.5)
    rise = np.gradient(canopy, PIXEL_M, axis=1) * (1.0 if looks_east else -1.0)
    gain = 1.0 + rise / np.float32(np.tan(np.radians(incidence_deg)))
    return np.clip(gain, 0.4, 2.5).astype(np.float32)


def distance_m(mask: np.ndarray, coarse: int = 4) -> np.ndarray:
    """Return metres to the nearest True pixel of `mask` (H, W) float32, from a coarser grid."""
    rows, cols = (-(-side // coarse) for side in mask.shape)
    padded = np.zeros((rows * coarse, cols * coarse), bool)
    padded[: mask.shape[0], : mask.shape[1]] = mask
    small = padded.reshape(rows, coarse, cols, coarse).any(axis=(1, 3))
    if not small.any():
        return np.full(mask.shape, np.float32(1e6))
    cells = ndimage.distance_transform_edt(~small).astype(np.float32)
    metres = ndimage.zoom(cells * (coarse * PIXEL_M), coarse, order=1)
    return metres[: mask.shape[0], : mask.shape[1]]
