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
    ky = fft.fftfreq(shape[0]).astype(np.float32)[:, None]
    kx = fft.fftfreq(shape[1]).astype(np.float32)[None, :]
    falloff = (1.0 + (ky**2 + kx**2) * np.float32(wavelength_px**2)) ** np.float32(-roughness / 2)
    white = rng.standard_normal((2, *shape), dtype=np.float32)
    spectrum = (white[0] + 1j * white[1]) * falloff
    spectrum[0, 0] = 0
    fields = fft.ifft2(spectrum)
    return _standard(fields.real), _standard(fields.imag)


def fractal(
    rng: np.random.Generator, shape: tuple[int, int], wavelength_px: float, roughness: float = 1.8
) -> np.ndarray:
    """One field of `fractal_pair`."""
    return fractal_pair(rng, shape, wavelength_px, roughness)[0]


def lowest(field: np.ndarray, share: float) -> np.ndarray:
    """Where `field` is among its lowest `share` (0..1): bool."""
    return field < np.quantile(field[::4, ::4], np.clip(share, 0, 1))


def smoothstep(x: np.ndarray) -> np.ndarray:
    """0 below 0, 1 above 1, smooth between."""
    t = np.clip(x, 0, 1)
    return t * t * (3 - 2 * t)


def _standard(field: np.ndarray) -> np.ndarray:
    return (field - field.mean()) / max(float(field.std()), 1e-9)
