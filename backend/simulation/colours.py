"""Render a landscape as a camera would have seen it, in optical colours.

The middle stage of transfer from natural pictures to radar: the same ground and the same captions,
in red, green and blue. Colours are display values of 8 bits, chosen by eye after true-colour
pictures of Sentinel-2; nothing of them was measured. The day is clear.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from backend.simulation.canvas import Landscape
from backend.simulation.cover import WOODY, Ground, Season
from backend.simulation.noise import fractal_pair
from backend.simulation.terrain import PIXEL_M

G, S = Ground, Season
COLOURS: dict[Ground, tuple[int, int, int]] = {
    G.LAKE: (22, 44, 58), G.RIVER: (48, 70, 68), G.SEA: (12, 36, 66), G.FLOOD: (92, 84, 66),
    G.FLOODED_VEGETATION: (38, 58, 44), G.MARSH: (82, 90, 58), G.MUDFLAT: (112, 102, 88),
    G.BROADLEAVED_FOREST: (44, 78, 36), G.CONIFEROUS_FOREST: (28, 52, 36),
    G.RAINFOREST: (28, 66, 28), G.SHRUBLAND: (94, 98, 60), G.SAVANNA: (142, 126, 76),
    G.GRASSLAND: (104, 138, 62), G.BARE_SOIL: (142, 110, 82), G.CEREALS: (138, 146, 72),
    G.TALL_CROPS: (70, 120, 46), G.RICE: (74, 118, 66), G.ORCHARD: (98, 104, 64),
    G.SPARSE: (174, 148, 114), G.SAND: (222, 200, 156), G.ROCK: (132, 126, 120),
    G.SNOW_ICE: (240, 244, 250), G.VILLAGE: (138, 120, 104), G.TOWN: (146, 138, 134),
    G.INDUSTRY: (190, 190, 192), G.ASPHALT: (96, 96, 100),
}  # fmt: skip
"""Red, green and blue of each class in the growing season, from 0 to 255."""
BARE = (116, 100, 80)
"""Of leafless trees and withered grass."""
STRAW, FROST = (186, 166, 112), (236, 240, 246)
SEASONS: dict[Season, tuple[tuple[int, int, int], float]] = {
    S.GROWING: (BARE, 0.0), S.LEAF_OFF: (BARE, 0.55), S.DRY: (STRAW, 0.5), S.FROZEN: (FROST, 0.65),
}  # fmt: skip
"""What plants turn to, and by how much."""
EVERGREEN = (G.CONIFEROUS_FOREST, G.RAINFOREST)
PLANTS = tuple(
    {*WOODY, G.MARSH, G.FLOODED_VEGETATION, G.GRASSLAND, G.CEREALS, G.RICE} - {*EVERGREEN}
)
ROUGH = (G.VILLAGE, G.TOWN, G.INDUSTRY)
"""Classes of which one pixel is a roof and the next a street."""
_SUN = np.array([-0.45, 0.45, 0.77], np.float32)  # of the late morning, from the south east

Colours = NDArray[np.uint8]


def render_colours(landscape: Landscape, seed: int) -> Colours:
    """Return red, green and blue of a landscape (3, H, W); the same seed gives the same pixels.

    Classes differ between landscapes and parcels, as they do on radar; plants follow the season;
    slopes that face the sun are brighter.
    """
    rng = np.random.default_rng([seed, 9])
    cover, parcel = landscape.cover, landscape.parcel
    means = class_colours(landscape.conditions.season, rng)
    coarse, fine = fractal_pair(rng, cover.shape, 60, 1.5)
    grain = np.full(len(means), 3.0, np.float32)
    grain[list(ROUGH)] = 26.0
    spots = grain[cover] * rng.standard_normal(cover.shape, dtype=np.float32)
    bright = 1 + 0.08 * landscape.chance[parcel, 0] + 0.05 * coarse
    green = 0.02 * (landscape.chance[parcel, 1] + fine)
    light = _light(landscape.elevation)
    bands = []
    for band in range(3):
        tint = 1 + green if band == 1 else 1 - 0.5 * green
        value = means[cover, band] * np.maximum(bright * tint, 0.2) + spots
        bands.append(ndimage.gaussian_filter(value * light, 0.5, truncate=3.0))
    return np.clip(np.rint(np.stack(bands)), 1, 255).astype(np.uint8)


def class_colours(season: Season, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return red, green and blue of each class (n, 3), as they are in one landscape."""
    means = np.array([COLOURS[ground] for ground in Ground], np.float32)
    towards, share = SEASONS[season]
    means[list(PLANTS)] += share * (np.array(towards, np.float32) - means[list(PLANTS)])
    common = rng.standard_normal((len(means), 1), dtype=np.float32)
    own = rng.standard_normal(means.shape, dtype=np.float32)
    return means * np.exp(0.10 * common + 0.03 * own)


def _light(elevation: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much brighter than flat ground each slope is, at most twice."""
    south, east = np.gradient(elevation, PIXEL_M)
    normal = np.stack([south, -east, np.ones_like(south)])  # towards north, east and up
    facing = np.tensordot(_SUN, normal, 1) / np.linalg.norm(normal, axis=0)
    light: NDArray[np.float32] = np.clip(facing / _SUN[2], 0.3, 2.0).astype(np.float32)
    return light
