"""Where something lies in a chip: five sides, and nine regions row by row."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from backend.language.record import Object, Record

SIDES = ("left", "right", "top", "bottom", "centre")
LEFT, RIGHT, TOP, BOTTOM, CENTRE = range(5)

ON_SIDE = ("on the left", "on the right", "at the top", "at the bottom", "in the centre")
"""Each side as words say it."""

REGION_NAMES = (
    "top left", "top", "top right", "left", "centre", "right", "bottom left", "bottom",
    "bottom right",
)  # fmt: skip
SIDE_REGIONS = {
    "left": (0, 3, 6), "right": (2, 5, 8), "top": (0, 1, 2), "bottom": (6, 7, 8), "centre": (4,),
}  # fmt: skip
"""The regions that a side of the cover means."""

CORNERS = (0, 2, 6, 8)
"""The regions that are corners."""

_MIDDLE = 1 / 6
"""Nearer to the middle than this, along both axes, lies in the centre."""


def sides_of(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the side (n,) of points; u and v are 0 at the left and upper edge, 1 at the others.

    A point lies in the centre where |u - ½| and |v - ½| are below 1/6, else on the side of the
    larger offset, along u where both are equal.
    """
    across, down = u - 0.5, v - 0.5
    wide, high = np.abs(across), np.abs(down)
    along_u = np.where(across < 0, LEFT, RIGHT)
    side = np.where(wide >= high, along_u, np.where(down < 0, TOP, BOTTOM))
    return np.where((wide < _MIDDLE) & (high < _MIDDLE), CENTRE, side)


def regions_of(u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the region (n,) of points, 0 to 8; one outside counts to the nearest region."""
    column = np.clip(np.floor(u * 3), 0, 2).astype(np.int64)
    row = np.clip(np.floor(v * 3), 0, 2).astype(np.int64)
    return row * 3 + column


def region_of(record: Record, each: Object) -> int:
    """Return the region of an object of a chip."""
    x, y = each.box.centre
    return int(regions_of(np.array([x / record.width]), np.array([y / record.height]))[0])


def region_slices(length: int) -> list[slice]:
    """Return the three parts of rows or columns, as equal as whole pixels allow."""
    ends = [round(length * part / 3) for part in range(4)]
    return [slice(ends[part], ends[part + 1]) for part in range(3)]
