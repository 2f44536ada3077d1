"""Where a chip lies: its transform within a scene, and its corners in degrees.

A chip that begins at column c0 and row r0 of a scene with the transform A has A · translate(c0,
r0), times a scale where it was resampled. Corners and centre go through the CRS to WGS84.
Source: Yang et al., SAR-KnowLIP (2025), whose chips are GeoTIFFs with WGS84.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from backend.corpus.records import Ground
from backend.errors import CorpusInvalid
from backend.scenes.crs import stated_crs

WORST_PX = 0.01
"""By how much a corner may be off, in pixels, once it went to degrees and came back."""

_CORNERS = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0.5, 0.5)])


def crop_transform(
    scene: Affine, column: float, row: float, scale: tuple[float, float] = (1.0, 1.0)
) -> Affine:
    """Return the transform of a crop of a scene, whose pixels are `scale` of the scene's wide."""
    return scene @ Affine.translation(column, row) @ Affine.scale(*scale)


def locate_chip(crs: str, transform: Affine, width: int, height: int) -> Ground:
    """Return where a chip of so many pixels lies.

    Raises:
        CorpusInvalid: the CRS is unknown, or corners do not come back from degrees.
    """
    to_degrees = _transformer(crs)
    pixels: Any = _CORNERS * (width, height)
    x, y = transform @ (pixels[:, 0], pixels[:, 1])
    longitude, latitude = to_degrees.transform(x, y)
    error = _offset_px(to_degrees, transform, np.stack([longitude, latitude], axis=1), pixels)
    if not error < WORST_PX:
        raise CorpusInvalid(
            f"Corners of a chip in {crs} come back from degrees {error:.3g} pixels off; at most "
            f"{WORST_PX} was expected.",
            "Use a CRS in which the place lies, such as its UTM zone.",
        )
    points = [(float(a), float(b)) for a, b in zip(longitude, latitude, strict=True)]
    a, b, c, d, e, f = (float(number) for number in transform[:6])
    return Ground(crs, (a, b, c, d, e, f), (points[0], points[1], points[2], points[3]), points[4])


def round_trip_px(ground: Ground, width: int, height: int) -> float:
    """Return by how many pixels the stored corners and centre of a chip are off, at worst."""
    degrees = np.array([*ground.corners, ground.centre])
    pixels = _CORNERS * (width, height)
    return _offset_px(_transformer(ground.crs), Affine(*ground.transform), degrees, pixels)


def degrees_of(ground: Ground, pixels: Sequence[tuple[float, float]]) -> NDArray[np.float64]:
    """Return longitude and latitude (n, 2) of columns and rows of a chip."""
    columns, rows = np.asarray(pixels, float).T
    x, y = Affine(*ground.transform) @ (columns, rows)
    return np.stack(_transformer(ground.crs).transform(x, y), axis=1)


def _offset_px(
    to_degrees: Transformer,
    transform: Affine,
    degrees: NDArray[np.float64],
    pixels: NDArray[np.float64],
) -> float:
    x, y = to_degrees.transform(degrees[:, 0], degrees[:, 1], direction="INVERSE")
    columns, rows = ~transform @ (np.asarray(x), np.asarray(y))
    return float(np.hypot(columns - pixels[:, 0], rows - pixels[:, 1]).max())


def _transformer(crs: str) -> Transformer:
    try:
        return Transformer.from_crs(stated_crs(crs), CRS.from_epsg(4326), always_xy=True)
    except (CRSError, ValueError) as error:
        raise CorpusInvalid(
            f'The CRS of a chip, "{crs[:60]}", is unknown: {error}.',
            "Give one such as EPSG:32632.",
        ) from error
