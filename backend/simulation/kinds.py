"""Kinds of landscape and climates, and how often each occurs."""

from dataclasses import dataclass

from backend.simulation.cover import Ground as G
from backend.simulation.cover import Season as S

Weights = dict[G, float]


@dataclass(frozen=True)
class Climate:
    """What grows in one climate, and when."""

    name: str
    natural: Weights
    crops: dict[S, Weights]
    seasons: dict[S, float]
    field_side_m: tuple[float, float]  # short side of a parcel
    hedges: float  # chance that a landscape has hedged fields
    treeline_m: float  # height above the valley floor where forest ends
    weight: float = 1.0

    def crops_in(self, season: S) -> Weights:
        """Return what is on the fields; frozen ground carries what the leafless season left."""
        sown = S.LEAF_OFF if season is S.FROZEN else season
        return self.crops.get(sown, self.crops[S.GROWING])


@dataclass(frozen=True)
class Kind:
    """A kind of landscape; pairs are ranges to draw from, lengths in metres."""

    name: str
    weight: float
    climates: tuple[str, ...]
    relief_m: tuple[float, float]
    relief_wavelength_m: tuple[float, float]
    farmland: tuple[float, float]
    lakes: tuple[float, float] = (0.0, 0.01)
    lake_size_m: tuple[float, float] = (400, 2500)
    rivers: tuple[int, int] = (0, 1)
    river_width_m: tuple[float, float] = (20, 120)
    sea: float = 0.0  # chance
    flood: float = 0.0  # chance
    villages: tuple[int, int] = (1, 5)  # per 100 km2
    town_radius_m: tuple[float, float] = (0, 0)
    towns: tuple[int, int] = (0, 0)
    marsh: tuple[float, float] = (0.0, 0.02)


CLIMATES: dict[str, Climate] = {
    climate.name: climate
    for climate in (
        Climate(
            "temperate",
            {
                G.BROADLEAVED_FOREST: 4, G.CONIFEROUS_FOREST: 3, G.GRASSLAND: 3, G.SHRUBLAND: 1.3,
            },
            {
                S.GROWING: {
                    G.CEREALS: 4, G.TALL_CROPS: 2, G.GRASSLAND: 2.5, G.BARE_SOIL: 1.5,
                    G.ORCHARD: 0.4, G.BROADLEAVED_FOREST: 0.07, G.CONIFEROUS_FOREST: 0.07,
                },
                S.LEAF_OFF: {
                    G.BARE_SOIL: 4, G.CEREALS: 3, G.GRASSLAND: 2.5, G.ORCHARD: 0.4,
                    G.BROADLEAVED_FOREST: 0.07, G.CONIFEROUS_FOREST: 0.07,
                },
            },
            {S.GROWING: 0.5, S.LEAF_OFF: 0.35, S.DRY: 0.08, S.FROZEN: 0.07},
            (60, 260), 0.4, 900, 2.2,
        ),
        Climate(
            "boreal",
            {
                G.CONIFEROUS_FOREST: 6, G.BROADLEAVED_FOREST: 2, G.SHRUBLAND: 1.3, G.GRASSLAND: 1,
                G.ROCK: 0.5,
            },
            {
                S.GROWING: {
                    G.CEREALS: 3, G.GRASSLAND: 3, G.BARE_SOIL: 1, G.CONIFEROUS_FOREST: 0.15,
                },
                S.LEAF_OFF: {G.BARE_SOIL: 3, G.GRASSLAND: 3, G.CEREALS: 1},
            },
            {S.GROWING: 0.45, S.LEAF_OFF: 0.25, S.FROZEN: 0.3},
            (60, 250), 0.2, 500, 1.2,
        ),
        Climate(
            "mediterranean",
            {
                G.SHRUBLAND: 4, G.CONIFEROUS_FOREST: 2, G.BROADLEAVED_FOREST: 2, G.GRASSLAND: 2,
                G.SPARSE: 1, G.ROCK: 0.5,
            },
            {
                S.GROWING: {
                    G.ORCHARD: 4, G.CEREALS: 3, G.BARE_SOIL: 2, G.TALL_CROPS: 1.5, G.RICE: 0.3,
                    G.GRASSLAND: 1, G.LAKE: 0.04, G.INDUSTRY: 0.03,
                },
                S.DRY: {G.BARE_SOIL: 4, G.ORCHARD: 4, G.TALL_CROPS: 1, G.GRASSLAND: 1},
            },
            {S.GROWING: 0.45, S.DRY: 0.4, S.LEAF_OFF: 0.15},
            (40, 180), 0.3, 1200, 1.2,
        ),
        Climate(
            "tropical",
            {
                G.RAINFOREST: 5, G.SHRUBLAND: 2, G.SAVANNA: 1.5, G.GRASSLAND: 2,
                G.BROADLEAVED_FOREST: 1.5,
            },
            {
                S.GROWING: {
                    G.RICE: 4, G.TALL_CROPS: 2.5, G.BARE_SOIL: 1, G.GRASSLAND: 1, G.ORCHARD: 1,
                    G.LAKE: 0.12,
                },
                S.DRY: {
                    G.BARE_SOIL: 3, G.RICE: 2, G.TALL_CROPS: 2, G.GRASSLAND: 1.5, G.ORCHARD: 1,
                    G.LAKE: 0.12,
                },
            },
            {S.GROWING: 0.6, S.DRY: 0.4},
            (25, 150), 0.3, 2500, 1.8,
        ),
        Climate(
            "savanna",
            {
                G.SAVANNA: 5, G.GRASSLAND: 2.5, G.SHRUBLAND: 2, G.SPARSE: 1.2,
                G.BROADLEAVED_FOREST: 1,
            },
            {
                S.GROWING: {
                    G.CEREALS: 2, G.TALL_CROPS: 2, G.BARE_SOIL: 2, G.GRASSLAND: 1, G.SAVANNA: 1,
                },
                S.DRY: {G.BARE_SOIL: 4, G.GRASSLAND: 1, G.SAVANNA: 1.5, G.TALL_CROPS: 0.5},
            },
            {S.GROWING: 0.5, S.DRY: 0.5},
            (25, 150), 0.1, 2500, 1.2,
        ),
        Climate(
            "arid",
            {G.SPARSE: 5, G.SAND: 3, G.ROCK: 2, G.SHRUBLAND: 1.5, G.SAVANNA: 0.7},
            {
                S.GROWING: {G.CEREALS: 3, G.TALL_CROPS: 2, G.BARE_SOIL: 2, G.ORCHARD: 1.5},
                S.DRY: {G.BARE_SOIL: 4, G.CEREALS: 1.5, G.ORCHARD: 1.5, G.SPARSE: 1},
            },
            {S.DRY: 0.7, S.GROWING: 0.3},
            (50, 250), 0.05, 3000, 1.0,
        ),
    )
}  # fmt: skip

_ALL = tuple(CLIMATES)
_MOIST = ("temperate", "boreal", "mediterranean", "tropical")

KINDS: tuple[Kind, ...] = (
    Kind("coast", 1.3, _ALL, (3, 90), (2500, 6000), (0.1, 0.6), sea=1.0, towns=(0, 1),
         town_radius_m=(500, 1600)),
    Kind("lakeland", 1.1, ("boreal", "boreal", "temperate", "tropical", "savanna"), (4, 50),
         (1500, 4000), (0.0, 0.4), lakes=(0.08, 0.4), lake_size_m=(500, 4000), marsh=(0.0, 0.1)),
    Kind("river plain", 1.3, _ALL, (1, 15), (2500, 6000), (0.3, 0.8), rivers=(1, 2),
         river_width_m=(30, 500), villages=(2, 8), towns=(0, 1), town_radius_m=(400, 1300),
         marsh=(0.0, 0.06)),
    Kind("farmland", 1.7, _ALL, (1, 30), (2000, 6000), (0.6, 0.95), villages=(3, 12),
         rivers=(0, 1), river_width_m=(15, 50), towns=(0, 1), town_radius_m=(300, 900)),
    Kind("forested hills", 1.2, _MOIST, (25, 140), (1500, 4500), (0.02, 0.3), rivers=(0, 1),
         river_width_m=(15, 60), villages=(0, 4), lakes=(0.0, 0.04)),
    Kind("mountains", 0.9, _ALL, (200, 480), (3500, 7000), (0.0, 0.12), rivers=(0, 1),
         river_width_m=(15, 70), villages=(0, 3), lakes=(0.0, 0.03)),
    Kind("city", 0.9, _ALL, (2, 40), (2000, 6000), (0.3, 0.8), towns=(1, 3),
         town_radius_m=(1200, 4500), rivers=(0, 1), river_width_m=(40, 300), villages=(3, 9),
         lakes=(0.0, 0.02), sea=0.12),
    Kind("wetland", 0.8, _ALL, (1, 8), (2000, 5000), (0.0, 0.4), marsh=(0.15, 0.6),
         lakes=(0.03, 0.2), lake_size_m=(150, 1500), rivers=(0, 2), river_width_m=(20, 200),
         villages=(0, 3), sea=0.1),
    Kind("drylands", 0.9, ("arid", "savanna", "mediterranean"), (3, 90), (1500, 5000),
         (0.0, 0.35), lakes=(0.0, 0.03), rivers=(0, 1), villages=(0, 3), marsh=(0.0, 0.01)),
    Kind("flood", 1.6, _ALL, (1, 10), (2500, 6000), (0.3, 0.9), rivers=(0, 2),
         river_width_m=(20, 350), flood=1.0, villages=(2, 9), towns=(0, 1),
         town_radius_m=(300, 1200), marsh=(0.0, 0.08)),
)  # fmt: skip
