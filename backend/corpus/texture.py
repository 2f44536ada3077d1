"""Features of a chip that tell a blank, a saturated or an odd one from others.

Grey levels, co-occurrence of neighbours' levels (GLCM: 32 levels, neighbours one pixel away in four
directions, counted both ways), and statistics. Entropy is in bits.
Source: Haralick et al. (1973) for the GLCM; Yang et al., SAR-KnowLIP (2025) screen by GLCM and
statistics without stating levels or offsets, so those are ours.
"""

import numpy as np
from numpy.typing import NDArray

LEVELS = 32
_STEPS = ((0, 1), (1, 1), (1, 0), (1, -1))  # east, south-east, south, south-west
_BLOCK_PX = 8
_TOP = 255
_DB = 10 / np.log(10)

FEATURES = (
    "contrast", "correlation", "energy", "homogeneity", "entropy",
    "mean", "deviation", "variation", "structure",
)  # fmt: skip
"""What a chip is compared by; shares of pixels without data or saturated decide by themselves."""


def describe_texture(grey: NDArray[np.uint8], db: NDArray[np.float32] | None) -> dict[str, float]:
    """Return the features of a chip: its picture `grey` (h, w), 0 without data, and its dB (h, w).

    Without dB the picture's own values stand for power. `structure` is by how much the means of
    8 × 8 pixels vary more than those of independent pixels would: 1 for speckle alone.
    """
    known = grey > 0
    values = np.exp(np.asarray(db, np.float64) / _DB) if db is not None else grey.astype(np.float64)
    values = np.where(known, values, np.nan)
    shares = {
        "nodata": float(1 - known.mean()),
        "saturated": float(((grey == 1) | (grey == _TOP)).sum() / max(known.sum(), 1)),
    }
    if not known.any():
        return shares | dict.fromkeys(FEATURES, 0.0)
    scaled = (grey[known].astype(np.float64) - 1) / (_TOP - 1)
    mean = float(np.nanmean(values))
    return {
        **shares,
        **co_occurrence(grey),
        "mean": float(scaled.mean()),
        "deviation": float(scaled.std()),
        "variation": float(np.nanstd(values)) / mean if mean > 0 else 0.0,
        "structure": _structure(values),
    }


def co_occurrence(grey: NDArray[np.uint8]) -> dict[str, float]:
    """Return contrast, correlation, energy, homogeneity and entropy of a picture (h, w).

    Energy is the root of the sum of squares. A picture of one level has correlation 1.
    """
    levels = (np.maximum(grey, 1).astype(np.int64) - 1) * LEVELS // _TOP
    found = [_of_matrix(_matrix(levels, grey > 0, step)) for step in _STEPS]
    names = ("contrast", "correlation", "energy", "homogeneity", "entropy")
    return dict(zip(names, map(float, np.mean(found, axis=0)), strict=True))


def _matrix(
    levels: NDArray[np.int64], known: NDArray[np.bool_], step: tuple[int, int]
) -> NDArray[np.float64]:
    """Return how often levels (32, 32) are neighbours, as shares that sum to 1."""
    down, right = step
    height, width = levels.shape
    left = max(0, -right)
    here = (slice(0, height - down), slice(left, width - max(0, right)))
    there = (slice(down, height), slice(left + right, width + min(0, right)))
    both = known[here] & known[there]
    pairs = levels[here][both] * LEVELS + levels[there][both]
    counts = np.bincount(pairs, minlength=LEVELS * LEVELS).reshape(LEVELS, LEVELS)
    return (counts + counts.T) / max(2 * counts.sum(), 1)


def _of_matrix(shares: NDArray[np.float64]) -> tuple[float, ...]:
    level = np.arange(LEVELS)
    apart = level[:, None] - level[None, :]
    of_level = shares.sum(axis=0)
    mean = of_level @ level
    variance = of_level @ (level - mean) ** 2
    covariance = (level - mean) @ shares @ (level - mean)
    filled = shares[shares > 0]
    return (
        (shares * apart**2).sum(),
        covariance / variance if variance > 0 else 1.0,
        np.sqrt((shares**2).sum()),
        (shares / (1 + apart**2)).sum(),
        -(filled * np.log2(filled)).sum(),
    )


def _structure(values: NDArray[np.float64]) -> float:
    """Return the variance of blocks' means over that of independent pixels."""
    height, width = (side // _BLOCK_PX * _BLOCK_PX for side in values.shape)
    blocks = values[:height, :width].reshape(
        height // _BLOCK_PX, _BLOCK_PX, width // _BLOCK_PX, _BLOCK_PX
    )
    means = blocks.mean(axis=(1, 3))  # NaN where a pixel of a block has no data
    expected = np.nanvar(values) / _BLOCK_PX**2
    if not expected > 0 or np.isfinite(means).sum() < 2:
        return 0.0
    return float(np.nanvar(means) / expected)
