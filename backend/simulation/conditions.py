"""When and how the radar looked: season, weather, geometry, product type."""

from dataclasses import dataclass

import numpy as np

from backend.simulation.cover import Season
from backend.simulation.kinds import CLIMATES, KINDS, Climate, Kind


@dataclass(frozen=True)
class Conditions:
    """What is the same all over a simulated scene."""

    kind: str
    climate: str
    season: Season
    product_type: str  # GRD (sigma0 on the ellipsoid) or RTC (gamma0, terrain flattened)
    looks_east: bool  # ascending pass
    incidence_deg: float
    wind: float  # 0 glassy, 1 rough
    moisture: float  # standard deviations from the usual
    enl: float  # equivalent number of looks
    blur_px: float  # standard deviation of the point spread
    noise_db: float  # noise-equivalent sigma0
    noise_removed: float  # share of the mean noise power that processing took away
    calibration_db: tuple[float, float]  # offset of VV and of VH


def draw_kind(rng: np.random.Generator) -> Kind:
    """Draw one of `KINDS`, in proportion to its weight."""
    return KINDS[_weighted(rng, [kind.weight for kind in KINDS])]


def draw_climate(rng: np.random.Generator, kind: Kind) -> Climate:
    """Draw a climate in which this kind of landscape occurs."""
    climates = [CLIMATES[name] for name in kind.climates]
    return climates[_weighted(rng, [climate.weight for climate in climates])]


def _weighted(rng: np.random.Generator, weights: list[float]) -> int:
    p = np.array(weights)
    return int(rng.choice(len(p), p=p / p.sum()))


def draw_conditions(rng: np.random.Generator, kind: Kind, climate: Climate) -> Conditions:
    """Draw season, weather, geometry and product type of one pass over a landscape."""
    rtc = rng.random() < 0.4
    brighter = rng.normal((1.4, 2.1), (0.4, 0.6)) if rtc else np.zeros(2)
    offset = brighter + rng.normal(0, 0.6) + rng.normal(0, 0.35, 2)
    windy = draw_wind(rng)
    return Conditions(
        kind=kind.name,
        climate=climate.name,
        season=list(climate.seasons)[_weighted(rng, list(climate.seasons.values()))],
        product_type="RTC" if rtc else "GRD",
        looks_east=bool(rng.random() < 0.5),
        incidence_deg=float(rng.uniform(30, 46)),
        wind=windy,
        moisture=draw_moisture(rng),
        enl=float(np.clip(rng.lognormal(np.log(5.7), 0.3), 3, 12)),
        blur_px=float(np.clip(rng.lognormal(np.log(0.8), 0.18), 0.5, 1.3)),
        noise_db=float(rng.uniform(-28, -23)),
        noise_removed=float(rng.uniform(0.85, 1.0)) if rng.random() < 0.7 else 0.0,
        calibration_db=(float(offset[0]), float(offset[1])),
    )


def draw_wind(rng: np.random.Generator) -> float:
    """Draw the wind of a day, from 0 to 1."""
    return float(rng.beta(1.2, 1.6))


def draw_moisture(rng: np.random.Generator) -> float:
    """Draw the soil moisture of a day, in standard deviations from the usual."""
    return float(np.clip(rng.normal(), -2, 2))
