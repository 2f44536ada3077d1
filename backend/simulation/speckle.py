"""Multi-look speckle: gamma-distributed, and correlated over the resolution cell."""

import numpy as np
from scipy import ndimage, special


def speckle(
    rng: np.random.Generator, shape: tuple[int, int], enl: float, blur_px: float
) -> np.ndarray:
    """Draw factors (H, W) float32 of mean 1 and variance 1 / `enl`.

    A smoothed Gaussian field is carried over to the gamma distribution quantile by quantile, so
    the equivalent number of looks is exact whatever the correlation.
    """
    white = rng.standard_normal(shape, dtype=np.float32)
    smooth = ndimage.gaussian_filter(white, blur_px, mode="wrap", truncate=3.0)
    smooth /= smooth.std()
    steps = np.linspace(-5, 5, 2001)
    quantiles = special.gammaincinv(enl, special.ndtr(steps)) / enl
    position = np.clip((smooth + 5) * 200, 0, 2000).astype(np.int16)
    return quantiles.astype(np.float32)[position]
