"""A landscape, while it is laid out and when it is finished."""

from dataclasses import dataclass, field

import numpy as np
from rasterio import features
from shapely.geometry.base import BaseGeometry

from backend.simulation.conditions import Conditions
from backend.simulation.cover import WATER, Ground, is_any


@dataclass
class Landscape:
    """Maps of one shape (H, W), north up, with pixels of 10 m, that every step paints over.

    Parcels make one field or block differ from the next. Parcel 0 is land without parcels.
    """

    conditions: Conditions
    """What is the same all over."""

    cover: np.ndarray
    """(H, W) uint8: `Ground` numbers."""

    elevation: np.ndarray
    """(H, W) float32: metres."""

    parcel: np.ndarray
    """(H, W) int32: number of the parcel."""

    chance: np.ndarray = field(default_factory=lambda: np.empty((0, 2), np.float32))
    """(n_parcels, 2): standard normal draws for VV and VH, scaled by class later."""

    facing: np.ndarray = field(default_factory=lambda: np.empty((0, 2), np.float32))
    """(n_parcels, 2): dB that rows or house fronts across the look add."""

    targets: np.ndarray = field(default_factory=lambda: np.empty((0, 4)))
    """(n, 4): row, column, VV and VH power of single scatterers."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self.cover.shape[0], self.cover.shape[1]

    def add_parcels(self, rng: np.random.Generator, facing: np.ndarray) -> int:
        """Add parcels of the given `facing` (n, 2); return the number of the first."""
        first = len(self.chance)
        common = rng.standard_normal((len(facing), 1), dtype=np.float32)
        own = rng.standard_normal((len(facing), 2), dtype=np.float32)
        self.chance = np.concatenate([self.chance, 0.8 * common + 0.6 * own])
        self.facing = np.concatenate([self.facing, facing.astype(np.float32)])
        return first

    def paint(self, where: np.ndarray, ground: Ground) -> None:
        """Cover the true pixels of `where` (H, W) with a class, without parcels."""
        self.cover[where] = ground
        self.parcel[where] = 0

    def water(self) -> np.ndarray:
        """Return where water lies: (H, W) bool."""
        return is_any(self.cover, WATER)

    def footprint(self, shapes: list[BaseGeometry]) -> np.ndarray:
        """Return the pixels (H, W) under shapes, which are in pixels, x to the right and y down."""
        shapes = [shape for shape in shapes if not shape.is_empty]
        if not shapes:
            return np.zeros(self.shape, bool)
        burned = features.rasterize(shapes, self.shape, dtype="uint8")
        return burned.astype(bool)


def facing_gain(
    conditions: Conditions, along: np.ndarray, vv_db: float, vh_db: float, width_deg: float
) -> np.ndarray:
    """Return what lines running `along` (radians from the x axis, y down) add: (n, 2) dB.

    Greatest for lines across the look, which means along the flight path: the orbit's heading is
    about 12 degrees off the meridian. Lines repeat every half turn.
    """
    tilt = np.radians(12.0 if conditions.looks_east else -12.0)
    off = (along - (np.pi / 2 + tilt) + np.pi / 2) % np.pi - np.pi / 2
    gain = np.exp(-((np.degrees(off) / width_deg) ** 2))
    return gain[:, None] * np.array([vv_db, vh_db])
