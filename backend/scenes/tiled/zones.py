"""The six degrees of a UTM zone: what of an area lies in them, and which pixels lie beyond."""

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.windows import Window

from backend.scenes.box import PIXEL_M
from backend.scenes.grid import Grid, transformer

ZONE_DEG = 6
BORDER_M = 1.5 * PIXEL_M
"""So much beyond a border pixels count: the nearest pixel to a place may lie across it."""

METRES_PER_DEG = 111_320.0  # of latitude


def box_in_zone(
    near: shapely.Geometry, number: int, south: bool | None = None
) -> shapely.Geometry | None:
    """Return the box in degrees around what of `near` lies in a zone; None when nothing does.

    `south` keeps to one hemisphere.
    """
    middle, half = ZONE_DEG * number - 183, ZONE_DEG / 2 + 10 * BORDER_M / METRES_PER_DEG
    west, east = middle - half, middle + half
    low, high = {None: (-80, 84), True: (-80, 0), False: (0, 84)}[south]
    x0, y0, x1, y1 = shapely.bounds(shapely.get_parts(near)).T
    touches = (x1 > west) & (x0 < east) & (y1 >= low) & (y0 <= high)
    if not touches.any():
        return None
    sides = [x0[touches].min(), y0[touches].min(), x1[touches].max(), y1[touches].max()]
    return shapely.box(*np.clip(sides, [west, low] * 2, [east, high] * 2))


def bounds_in_metres(box: shapely.Geometry, crs: CRS) -> tuple[float, float, float, float]:
    """Return west, south, east, north in a zone of a box in degrees."""
    outline = shapely.get_coordinates(shapely.segmentize(box, 0.1))
    x, y = transformer(CRS.from_epsg(4326), crs).transform(*outline.T)
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def beyond_zone(grid: Grid, number: int, window: Window) -> NDArray[np.bool_]:
    """Return which pixels (h, w) of a window lie outside the six degrees of the grid's zone."""
    rows = np.arange(window.height)[:, None] + window.row_off + 0.5
    columns = np.arange(window.width)[None] + window.col_off + 0.5
    x, y = np.broadcast_arrays(*(grid.transform @ (columns, rows)))
    to_degrees = transformer(grid.crs, "EPSG:4326")
    corners = np.ix_((0, -1), (0, -1))
    # Within one hemisphere no pixel lies farther from the middle meridian than a corner does.
    if (_beyond(number, *to_degrees.transform(x[corners], y[corners])) <= 0).all():
        return np.zeros(x.shape, bool)
    return _beyond(number, *to_degrees.transform(x, y)) > 0


def _beyond(
    number: int, longitude: NDArray[np.float64], latitude: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how many degrees places lie beyond the border of a zone, above 0 where they do."""
    border = BORDER_M / (METRES_PER_DEG * np.cos(np.radians(latitude)))
    middle = ZONE_DEG * number - 183
    off = (np.asarray(longitude) - middle + 180) % 360 - 180
    return np.asarray(np.abs(off) - ZONE_DEG / 2 - border)
