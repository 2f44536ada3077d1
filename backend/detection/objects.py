"""Detections that touch, as objects: ships, buoys, platforms, rocks; never which of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.detection.cfar import SQUARE_PX, Mask, detections, looks_like_water, power_of

LONGEST_PX = 60
"""What is longer is land or a bridge: no ship has 600 m."""
SURROUNDED = 0.8
"""Share of an object's surroundings that must look like water."""
FAR_PX, NEAR_PX = 8, 4
"""The surroundings lie between these distances: nearer squares share its glow."""
LEAST_WATER = 0.002
"""Share of an image below which nothing is looked for."""

_ALL_AROUND = np.ones((3, 3), bool)


@dataclass(frozen=True, slots=True)
class BrightObject:
    """Something bright on water; rows and columns are those of the image."""

    row: float
    """Of the brightest pixel."""
    col: float
    """Of the brightest pixel."""
    top: float
    """First row."""
    left: float
    """First column."""
    height: float
    """In pixels."""
    width: float
    """In pixels."""
    contrast_db: float
    """How much its brightest pixel exceeds the water around."""


def bright_objects(
    vv: NDArray[np.float32], vh: NDArray[np.float32] | None = None
) -> list[BrightObject]:
    """Return the bright objects on water of an image in dB (h, w), NaN where there is no data.

    Example:
        for each in bright_objects(*scene.read(box)):
            print(each.row, each.col, each.contrast_db)
    """
    from scipy.ndimage import binary_closing, find_objects, label  # a service starts without it

    power = power_of(vv)
    water = looks_like_water(power, None if vh is None else power_of(vh))
    if water.mean() < LEAST_WATER:
        return []
    found, mean = detections(power, water)
    if not found.any():
        return []
    water = np.repeat(np.repeat(water, SQUARE_PX, axis=0), SQUARE_PX, axis=1)
    labels, _ = label(binary_closing(found, _ALL_AROUND) | found, _ALL_AROUND)
    objects = []
    for number, place in enumerate(find_objects(labels), start=1):
        rows, columns = place
        height, width = rows.stop - rows.start, columns.stop - columns.start
        if max(height, width) > LONGEST_PX or not _is_surrounded(place, water):
            continue
        inside = np.where(labels[place] == number, power[place], 0.0)
        row, col = np.unravel_index(np.argmax(inside), inside.shape)
        peak = rows.start + int(row), columns.start + int(col)
        contrast = 10 * np.log10(power[peak] / mean[peak[0] // SQUARE_PX, peak[1] // SQUARE_PX])
        if np.isfinite(contrast):
            objects.append(
                BrightObject(*peak, rows.start, columns.start, height, width, float(contrast))
            )
    return objects


def _is_surrounded(place: tuple[slice, slice], water: Mask) -> bool:
    """Return whether what lies around a box looks like water; what is beyond the image does not."""
    (near, wet_near), (far, wet_far) = (
        (
            (place[0].stop - place[0].start + 2 * by) * (place[1].stop - place[1].start + 2 * by),
            np.count_nonzero(
                water[tuple(slice(max(0, one.start - by), one.stop + by) for one in place)]
            ),
        )
        for by in (NEAR_PX, FAR_PX)
    )
    return bool(wet_far - wet_near >= SURROUNDED * (far - near))
