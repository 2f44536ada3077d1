"""Random fields: fractal surfaces, shaped in the frequency domain, and multi-look speckle."""

import numpy as np
from scipy import fft, ndimage, special


def fractal_pair(
    rng: np.random.Generator, shape: tuple[int, int], wavelength_px: float, roughness: float = 1.8
) -> tuple[np.ndarray, np.ndarray]:
    """Draw two independent fields (H, W) float32 of zero mean and unit variance.

    Structures larger than `wavelength_px` are flat noise; smaller ones fall off with the power
    `roughness` of the frequency (1.3 ragged, 1.8 natural, 2.5 smooth) and end at 4 px, twice what
    the radar resolves.
    """
    rows, cols = (np.arange(-(side // 4), side // 4 + 1) for side in shape)
    ky = (rows * (wavelength_px / shape[0])).astype(np.float32)[:, None]
    kx = (cols * (wavelength_px / shape[1])).astype(np.float32)[None, :]
    falloff = np.exp(np.log1p(ky * ky + kx * kx) * np.float32(-roughness / 2))
    falloff[len(rows) // 2, len(cols) // 2] = 0
    white = rng.standard_normal((len(rows), 2 * len(cols)), dtype=np.float32)
    band = white.view(np.complex64) * falloff
    tall = _pad_band(band, shape[0])
    full = _pad_band(fft.ifft(tall, axis=0).T, shape[1]).T
    fields = fft.ifft(full, axis=1, overwrite_x=True)
    fields *= np.float32(fields.size * (2 / np.vdot(band, band).real) ** 0.5)
    return np.ascontiguousarray(fields.real), np.ascontiguousarray(fields.imag)


def _pad_band(band: np.ndarray, side: int) -> np.ndarray:
    """Return frequencies -k..k along the first axis in the order of a transform of `side`."""
    k = len(band) // 2
    padded = np.zeros((side, band.shape[1]), band.dtype, order="F" if band.flags.fnc else "C")
    padded[: k + 1], padded[-k:] = band[k:], band[:k]
    return padded


def fractal(
    rng: np.random.Generator, shape: tuple[int, int], wavelength_px: float, roughness: float = 1.8
) -> np.ndarray:
    """Draw one field (H, W) as `fractal_pair` does."""
    return fractal_pair(rng, shape, wavelength_px, roughness)[0]


def pixel_grid(shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return row and column of every pixel, each (H, W) float32."""
    grid: np.ndarray = np.indices(shape, dtype=np.float32)
    return grid[0], grid[1]


def lowest(field: np.ndarray, share: float) -> np.ndarray:
    """Return where `field` (H, W) is among its lowest `share`, from 0 to 1: bool."""
    return field < np.quantile(field[::4, ::4], np.clip(share, 0, 1))


def smoothstep(x: np.ndarray) -> np.ndarray:
    """Return 0 below 0, 1 above 1, and a smooth step between, for `x` of any shape."""
    t = np.clip(x, 0, 1)
    return t * t * (3 - 2 * t)


def speckle(
    rng: np.random.Generator, shape: tuple[int, int], enl: float, blur_px: float
) -> np.ndarray:
    """Draw factors (H, W) float32 of mean 1 and variance 1 / `enl`, gamma-distributed.

    They are correlated over the resolution cell. A smoothed Gaussian field is carried over to the
    gamma distribution quantile by quantile, so the equivalent number of looks is exact whatever
    the correlation.
    """
    white = rng.standard_normal(shape, dtype=np.float32)
    smooth = ndimage.gaussian_filter(white, blur_px, mode="wrap", truncate=3.0)
    smooth /= smooth.std()
    steps = np.linspace(-5, 5, 2001)
    quantiles = special.gammaincinv(enl, special.ndtr(steps)) / enl
    position = np.clip((smooth + 5) * 200, 0, 2000).astype(np.int16)
    return quantiles.astype(np.float32)[position]
