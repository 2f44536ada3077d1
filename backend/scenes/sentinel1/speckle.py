"""Less speckle: the refined Lee filter.

Lee takes the mean of a window, and as much of the pixel's own difference from it as is more than
speckle. The refined filter looks for an edge first, in the means of nine 3 x 3 squares, and takes
the half of the window on the pixel's own side of it: edges stay where and as sharp as they were.
Every pixel depends on the 7 x 7 around it, on sums made in one order, and on nothing else: it comes
out the same, to the last bit, whatever is read.
Source: Lee, Refined filtering of image noise using local statistics (1981).
"""

import numpy as np
from numpy.typing import NDArray

REACH_PX = 3
"""How far around a pixel the filter looks."""

LOOKS = 4.4
"""Equivalent number of looks of Sentinel-1 IW GRD at high resolution (ESA's product definition)."""

_VARIANCE = np.float32(1 / LOOKS)
_SIDE = 2 * REACH_PX + 1
_STEPS = range(_SIDE)

# For each of the eight halves: where the 3 x 3 square lies that a pixel on that side resembles, and
# how many pixels each of the seven rows has, counted from its left (+) or its right (-) end.
_HALVES = (
    ((0, -1), (4,) * 7),
    ((0, 1), (-4,) * 7),
    ((-1, 0), (7, 7, 7, 7, 0, 0, 0)),
    ((1, 0), (0, 0, 0, 7, 7, 7, 7)),
    ((-1, 1), (-7, -6, -5, -4, -3, -2, -1)),
    ((1, -1), (1, 2, 3, 4, 5, 6, 7)),
    ((-1, -1), (7, 6, 5, 4, 3, 2, 1)),
    ((1, 1), (-1, -2, -3, -4, -5, -6, -7)),
)

Plane = NDArray[np.float32]


def refined_lee(power: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return filtered power (bands, h, w) of linear power (bands, h + 6, w + 6), band by band.

    NaN is no data: it stays, and pixels around it are filtered without it.
    """
    return np.stack([_filter(band) for band in power])


def _filter(power: Plane) -> Plane:
    known = np.isfinite(power)
    filled = np.where(known, power, np.float32(0))
    half = _choose_halves(filled, known)
    count, total, squares = (
        _half_sums(values, half) for values in (known.astype(np.float32), filled, filled * filled)
    )
    middle = power[REACH_PX:-REACH_PX, REACH_PX:-REACH_PX]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
        variance = np.maximum(squares / count - mean * mean, 0)
        signal = np.maximum(variance - mean * mean * _VARIANCE, 0) / (1 + _VARIANCE)
        kept = np.where(variance > 0, signal / variance, np.float32(0))
        return mean + kept * (middle - mean)


def _choose_halves(filled: Plane, known: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return the number of each pixel's half of the window, among _HALVES."""
    means = _square_means(filled, known)
    best = np.full(means[0, 0].shape, -1, np.float32)
    half = np.zeros(best.shape, np.int8)
    for first in range(0, len(_HALVES), 2):
        (down, right), _ = _HALVES[first]
        # The three squares on one side, and the three across the pixel from them.
        side = _three(down, right)
        one, other = (sum(means[s * a, s * b] for a, b in side) for s in (1, -1))
        edge = np.abs(one - other)
        steeper = edge > best
        best = np.where(steeper, edge, best)
        near = np.abs(means[down, right] - means[0, 0])
        far = np.abs(means[-down, -right] - means[0, 0])
        half[steeper] = np.where(near <= far, first, first + 1)[steeper]
    return half


def _three(down: int, right: int) -> list[tuple[int, int]]:
    """Return the squares of one side of an edge through the middle."""
    if down and right:
        return [(down, 0), (down, right), (0, right)]
    across = (1, 0) if right else (0, 1)
    return [(down + k * across[0], right + k * across[1]) for k in (-1, 0, 1)]


def _square_means(filled: Plane, known: NDArray[np.bool_]) -> dict[tuple[int, int], Plane]:
    """Return means of the nine 3 x 3 squares around each pixel, by how they lie.

    A square without data has the mean of the middle one.
    """
    count = _boxes(known.astype(np.float32))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = _boxes(filled) / count
    height, width = filled.shape[0] - 2 * REACH_PX, filled.shape[1] - 2 * REACH_PX
    squares = {}
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            top, left = 2 + 2 * down, 2 + 2 * right
            squares[down, right] = mean[top : top + height, left : left + width]
    middle = squares[0, 0]
    return {at: np.where(np.isnan(one), middle, one) for at, one in squares.items()}


def _boxes(values: Plane) -> Plane:
    """Return sums over 3 x 3, smaller by one pixel all around."""
    rows = values[:-2] + values[1:-1] + values[2:]
    return rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]


def _half_sums(values: Plane, half: NDArray[np.int8]) -> Plane:
    """Return the sum over each pixel's half of the window."""
    height, width = half.shape
    columns = [values[:, k : k + width] for k in _STEPS]
    from_left = _running(columns)
    from_right = _running(columns[::-1])
    chosen = np.zeros(half.shape, np.float32)
    for number, (_, lengths) in enumerate(_HALVES):
        total = np.zeros(half.shape, np.float32)
        for row, length in enumerate(lengths):
            if length:
                ends = from_left if length > 0 else from_right
                total += ends[abs(length) - 1][row : row + height]
        np.copyto(chosen, total, where=half == number)
    return chosen


def _running(columns: list[Plane]) -> list[Plane]:
    """Return sums of the first one, two, ... of these."""
    sums = [columns[0]]
    for column in columns[1:]:
        sums.append(sums[-1] + column)
    return sums
