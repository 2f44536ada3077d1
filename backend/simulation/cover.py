"""What covers the ground, and how it scatters at C band.

The numbers are sigma0 in dB on an ellipsoid at 38 degrees incidence, in the growing season. They
are rounded from, and their spreads span, these published figures:

- land in general, slope with incidence: Ulaby & Dobson, Handbook of Radar Scattering Statistics
  for Terrain (1989); Bauer-Marschallinger et al., The normalised Sentinel-1 Global Backscatter
  Model (2021);
- crops and their seasons: Veloso et al. (2017); Vreugdenhil et al. (2018); rice: Nguyen et al.
  (2016); rows across the look: Wegmuller et al. (2011);
- forests and their seasons: Ruetschi et al. (2018); Dostalova et al. (2018); frozen trees:
  Olesk et al. (2015);
- water and wind: Hersbach, CMOD5.N (2010) for VV, Zadelhoff et al. (2014) for VH; floods: Twele
  et al. (2016); flooded vegetation: Tsyganskaya et al. (2018);
- sand and other look-alikes of water: Martinis et al. (2018); snow: Nagler et al. (2016);
- towns and their orientation: Koppel et al. (2017).
"""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

REFERENCE_INCIDENCE_DEG = 38.0


class Ground(IntEnum):
    """The cover classes; the value is the number in a cover map."""

    LAKE = 0
    RIVER = 1
    SEA = 2
    FLOOD = 3
    FLOODED_VEGETATION = 4
    MARSH = 5
    MUDFLAT = 6
    BROADLEAVED_FOREST = 7
    CONIFEROUS_FOREST = 8
    RAINFOREST = 9
    SHRUBLAND = 10
    SAVANNA = 11
    GRASSLAND = 12
    BARE_SOIL = 13
    CEREALS = 14
    TALL_CROPS = 15
    RICE = 16
    ORCHARD = 17
    SPARSE = 18
    SAND = 19
    ROCK = 20
    SNOW_ICE = 21
    VILLAGE = 22
    TOWN = 23
    INDUSTRY = 24
    ASPHALT = 25


class Season(IntEnum):
    """The state of plants and ground."""

    GROWING = 0
    LEAF_OFF = 1
    DRY = 2
    FROZEN = 3


@dataclass(frozen=True)
class Cover:
    """Backscatter statistics of one class; every pair is (VV, VH) in dB."""

    ground: Ground
    mean: tuple[float, float]
    spread: tuple[float, float]  # standard deviation from one landscape to the next
    parcel: float = 0.0  # standard deviation from one parcel to the next
    texture: float = 0.7  # standard deviation over hundreds of metres inside the class
    grain: float = 0.3  # standard deviation from one 20 m spot to the next
    slope: float = -0.12  # dB per degree of incidence
    moisture: float = 0.5  # dB of VV per standard deviation of soil moisture
    wind: tuple[float, float] = (0.0, 0.0)  # dB from glassy to rough water
    height_m: float = 0.0  # of the canopy or the roofs
    seasons: dict[Season, tuple[float, float]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The class's name as it is spelt in files and captions."""
        return self.ground.name.lower().replace("_", " ")


G, S = Ground, Season
_DRY_WOOD = {S.LEAF_OFF: (0.3, -1.0), S.DRY: (-0.7, -1.2), S.FROZEN: (-2.5, -3.0)}
_FIELD = {S.LEAF_OFF: (0.3, -0.8), S.DRY: (-2.0, -2.2), S.FROZEN: (-3.0, -3.0)}

CLASSES: tuple[Cover, ...] = (
    Cover(G.LAKE, (-25, -31), (1.5, 1.5), 0.8, 1.0, 0.2, -0.3, 0, (9, 4.5)),
    Cover(G.RIVER, (-24, -30), (1.5, 1.5), 0.0, 0.8, 0.4, -0.3, 0, (7, 4)),
    Cover(G.SEA, (-24, -31), (1.5, 1.5), 0.0, 1.3, 0.2, -0.4, 0, (12.5, 7)),
    Cover(G.FLOOD, (-23, -29), (1.5, 1.5), 1.8, 1.5, 0.8, -0.3, 0, (7, 4)),
    Cover(G.FLOODED_VEGETATION, (-7, -15), (1.8, 1.6), 1.5, 1.5, 1.0, -0.15, 0, height_m=6),
    Cover(
        G.MARSH, (-11.5, -19), (2, 2), 1, 1.6, 0.8, height_m=1, seasons={S.FROZEN: (-1.5, -1.5)}
    ),
    Cover(G.MUDFLAT, (-14.5, -23.5), (2.5, 2), 0, 1.5, 0.6, -0.25, 0.5),
    Cover(
        G.BROADLEAVED_FOREST, (-9, -14.7), (0.8, 0.8), 0.4, 0.5, 0.7, -0.06, 0.2, height_m=20,
        seasons=_DRY_WOOD,
    ),
    Cover(
        G.CONIFEROUS_FOREST, (-9.3, -15.1), (0.8, 0.8), 0.6, 0.6, 0.7, -0.06, 0.2, height_m=18,
        seasons={S.LEAF_OFF: (-0.2, -0.2), S.FROZEN: (-2.2, -2.5)},
    ),
    Cover(
        G.RAINFOREST, (-7.6, -13.3), (0.6, 0.7), 0, 0.4, 0.7, -0.05, 0.1, height_m=30,
        seasons={S.DRY: (-0.3, -0.4)},
    ),
    Cover(
        G.SHRUBLAND, (-11.3, -17.8), (1.3, 1.3), 0.6, 1.0, 0.8, -0.1, 0.5, height_m=2,
        seasons={S.LEAF_OFF: (-0.3, -0.8), S.DRY: (-1.3, -1.5), S.FROZEN: (-2.5, -2.7)},
    ),
    Cover(
        G.SAVANNA, (-11.8, -17.8), (1.4, 1.5), 0.8, 1.1, 1.1, -0.1, 0.7, height_m=4,
        seasons={S.DRY: (-1.8, -2.0)},
    ),
    Cover(G.GRASSLAND, (-12.4, -20), (1.2, 1.2), 1.0, 0.5, 0.3, -0.13, 0.8, seasons=_FIELD),
    Cover(
        G.BARE_SOIL, (-12, -20.8), (1.4, 1.4), 1.8, 0.4, 0.3, -0.17, 1.5,
        seasons={S.LEAF_OFF: (1.0, 0.4), S.DRY: (-2.5, -2.2), S.FROZEN: (-3.0, -2.5)},
    ),
    Cover(
        G.CEREALS, (-13.3, -19.6), (1.4, 1.3), 1.6, 0.35, 0.3, -0.13, 0.8, height_m=0.7,
        seasons={S.LEAF_OFF: (2.0, -0.7), S.DRY: (0.3, -0.8), S.FROZEN: (-2.0, -2.5)},
    ),
    Cover(
        G.TALL_CROPS, (-10.2, -16.3), (1.0, 1.0), 1.1, 0.35, 0.4, -0.08, 0.4, height_m=2,
        seasons={S.DRY: (-1.0, -1.5), S.LEAF_OFF: (-0.5, -1.5)},
    ),
    Cover(
        G.RICE, (-11.5, -18.5), (2, 1.6), 2.4, 0.4, 0.4, -0.15, 0.3,
        seasons={S.DRY: (-1.0, -1.5)},
    ),
    Cover(
        G.ORCHARD, (-10.3, -16.5), (1.2, 1.2), 1.0, 0.4, 0.8, -0.1, 0.5, height_m=4,
        seasons={S.LEAF_OFF: (-0.3, -0.8), S.DRY: (-0.8, -0.8), S.FROZEN: (-2.0, -2.2)},
    ),
    Cover(
        G.SPARSE, (-14.2, -22), (2, 1.9), 1, 1.3, 0.5, -0.18, 1.0,
        seasons={S.DRY: (-1.5, -1.5), S.FROZEN: (-1.5, -1.5)},
    ),
    Cover(G.SAND, (-19, -27.5), (2.6, 2), 0, 1.8, 0.4, -0.25, 0.8),
    Cover(G.ROCK, (-10.8, -18), (2.2, 2), 0, 1.6, 1.0, -0.15, 0.3),
    Cover(G.SNOW_ICE, (-14.5, -21.5), (2.6, 2.5), 0.6, 1.3, 0.4, -0.18, 0.0),
    Cover(G.VILLAGE, (-8.6, -15.2), (1.3, 1.2), 1.6, 0.6, 2.4, -0.08, 0.1, height_m=6),
    Cover(G.TOWN, (-6.3, -12.8), (1.3, 1.2), 2.0, 0.6, 2.8, -0.06, 0.0, height_m=14),
    Cover(G.INDUSTRY, (-5.5, -13), (1.8, 1.6), 3.2, 0.5, 3.4, -0.06, 0.0, height_m=10),
    Cover(G.ASPHALT, (-18, -25.5), (2, 1.6), 1.0, 0.8, 0.8, -0.25, 0.3),
)  # fmt: skip

WATER = (G.LAKE, G.RIVER, G.SEA, G.FLOOD)
FOREST = (G.BROADLEAVED_FOREST, G.CONIFEROUS_FOREST, G.RAINFOREST)
CROPLAND = (G.BARE_SOIL, G.CEREALS, G.TALL_CROPS, G.RICE)
BUILT = (G.VILLAGE, G.TOWN, G.INDUSTRY)
WOODY = (*FOREST, G.SHRUBLAND, G.SAVANNA, G.ORCHARD, G.TALL_CROPS)


def column(attribute: str) -> np.ndarray:
    """Return one statistic of every class: (n_classes,) or (n_classes, 2) float32."""
    return np.array([getattr(cover, attribute) for cover in CLASSES], np.float32)


def season_shift(season: Season) -> np.ndarray:
    """Return what a season adds to the means: (n_classes, 2) dB."""
    return np.array([cover.seasons.get(season, (0, 0)) for cover in CLASSES], np.float32)


def is_any(cover: np.ndarray, grounds: tuple[Ground, ...]) -> np.ndarray:
    """Return where a cover map shows one of `grounds`: bool, same shape."""
    table = np.zeros(256, bool)
    table[list(grounds)] = True
    return table[cover]
