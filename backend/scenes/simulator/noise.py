"""Random fields: fractal surfaces by shaping white noise in the frequency domain."""

import numpy as np
from scipy import fft


def fractal_pair(
    rng: np.random.Generator, shape: tuple[int, int], wavelength_px: float, roughness: float = 1.8
) -> tuple[np.ndarray, np.ndarray]:
    """Two independent fields (H, W) float32 of zero mean and unit variance.

    Structures larger than `wavelength_px` are flat noise; smaller ones fall off with the power
    `roughness` of the frequency (1.3 ragged, 1.8 natural, 2.5 smooth).
    """
    height, width = shape
    ky = fft.fftfreq(height).astype(np.float32)[:, None] * np.float32(wavelength_px)
    kx = fft.fftfreq(width).astype(np.float32)[None, :] * np.float32(wavelength_px)
    falloff = np.exp(np.log1p(ky * ky + kx * kx) * np.float32(-roughness / 2))
    spectrum = rng.standard_normal((height, 2 * width), dtype=np.float32).view(np.complex64)
    spectrum *= falloff
    spectrum[0, 0] = 0
    power = float(np.vdot(spectrum, spectrum).real) / 2
    fields = fft.ifft2(spectrum, overwrite_x=True) * np.float32(height * width / power**0.5)
    return np.ascontiguousarray(fields.real), np.ascontiguousarray(fields.imag)


def fractal(
    rng: np.random.Generator, shape: tuple[int, int], wavelength_px: float, roughness: float = 1.8
) -> np.ndarray:
    """One field of `fractal_pair`."""
    return fractal_pair(rng, shape, wavelength_px, roughness)[0]


def pixel_grid(shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of every pixel, each (H, W) float32."""
    grid: np.ndarray = np.indices(shape, dtype=np.float32)
    return grid[0], grid[1]


def lowest(field: np.ndarray, share: float) -> np.ndarray:
    """Where `field` is among its lowest `share` (0..1): bool."""
    return field < np.quantile(field[::4, ::4], np.clip(share, 0, 1))


def smoothstep(x: np.ndarray) -> np.ndarray:
    """0 below 0, 1 above 1, smooth between."""
    t = np.clip(x, 0, 1)
    return t * t * (3 - 2 * t)
