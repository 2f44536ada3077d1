"""The same landscape on several days of a year: fields and leaves change, towns stay.

What changes: season, wind and moisture, each class a little, speckle; and fields, which are sown,
grow, are harvested and lie bare, each on days of its own. Crops of temperate Europe change VH by 5
to 10 dB within a year, bare soil by roughness and moisture (Veloso et al. 2017; Vreugdenhil et al.
2018); coniferous forests by a few tenths of a decibel from pass to pass (Ruetschi et al. 2018).
The orbit, the product and all that is built stay as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from backend.simulation.backscatter import render_backscatter
from backend.simulation.canvas import Landscape
from backend.simulation.conditions import draw_moisture, draw_wind
from backend.simulation.cover import CROPLAND, Ground, Season, is_any
from backend.simulation.kinds import CLIMATES

DATES = (3, 8)
"""The fewest and the most dates of a landscape that is seen on several."""

STANDS = {Ground.CEREALS: 0.6, Ground.TALL_CROPS: 0.4, Ground.RICE: 0.4, Ground.BARE_SOIL: 0.3}
"""Share of a year in which a crop stands; in fields that were bare when they were drawn, too."""

LASTING = {Ground.GRASSLAND: 0.8, Ground.ORCHARD: 0.9} | dict.fromkeys(CROPLAND, 0.5)
"""Of what sets a parcel apart, the part that stays from date to date: 1 where it is not a field."""

YEAR = (Season.FROZEN, Season.LEAF_OFF, Season.GROWING, Season.DRY)
"""The order of the seasons."""


@dataclass(frozen=True)
class Fields:
    """The parcels (n,) of a landscape that are farmed, and when crops stand on them."""

    lasting: np.ndarray
    """Part of each parcel's own backscatter that stays, 1 for what is not farmed."""

    is_arable: np.ndarray
    """True where crops stand for a part of the year, and soil lies bare for the rest."""

    crop: np.ndarray
    """Class of the crop that stands."""

    sown: np.ndarray
    """Time of the year, from 0 to 1, from which on the crop stands."""

    stands: np.ndarray
    """For how much of a year it does."""

    @classmethod
    def of(cls, landscape: Landscape, rng: np.random.Generator) -> "Fields":
        """Draw when the fields of a landscape are sown: alike for a crop, with weeks between."""
        ground = np.zeros(len(landscape.chance), np.uint8)
        ground[landscape.parcel.ravel()] = landscape.cover.ravel()
        lasting, stands = np.ones(256), np.zeros(256)
        lasting[list(LASTING)], stands[list(STANDS)] = [*LASTING.values()], [*STANDS.values()]
        lasting = lasting[ground]
        lasting[0] = 1  # parcel 0 is land without parcels
        is_arable = is_any(ground, CROPLAND) & (np.arange(len(ground)) > 0)
        usual = rng.random(256)[ground]
        sowed = (usual + rng.normal(0, 0.06, len(ground))) % 1
        drawn = rng.choice([Ground.CEREALS, Ground.TALL_CROPS], len(ground))
        crop = np.where(ground == Ground.BARE_SOIL, drawn, ground).astype(np.uint8)
        return cls(lasting, is_arable, crop, sowed, stands[ground])

    def ground(self, time: float) -> np.ndarray:
        """Return the class (n,) of every arable parcel at a time of the year."""
        stands = (time - self.sown) % 1 < self.stands
        return np.where(stands, self.crop, np.uint8(Ground.BARE_SOIL))


def render_dates(landscape: Landscape, seed: int, count: int | None = None) -> np.ndarray:
    """Return VV and VH of a landscape on several dates in dB, (dates, 2, H, W) float32.

    Dates lie at random in a year, in order of time; without a `count` there are 3 to 8. A seed
    gives the same pixels.

    Example:
        stack = render_dates(simulate_landscape(seed=1), seed=1)
    """
    rng = np.random.default_rng([seed, 7])
    drawn = int(rng.integers(DATES[0], DATES[1] + 1))
    days = _days(landscape, rng, count or drawn)
    return np.stack([render_backscatter(day, seed, date) for date, day in enumerate(days, 1)])


def render(landscape: Landscape, seed: int, stacked: bool) -> np.ndarray:
    """Return dB (planes, H, W) as an encoder takes them: of one date, or of a stack of dates."""
    if not stacked:
        return render_backscatter(landscape, seed)
    return render_dates(landscape, seed).reshape(-1, *landscape.shape)


def _days(landscape: Landscape, rng: np.random.Generator, count: int) -> Iterator[Landscape]:
    """Yield a landscape as it is on each date."""
    seasons = CLIMATES[landscape.conditions.climate].seasons
    ends = np.cumsum([seasons.get(season, 0) for season in YEAR])
    fields = Fields.of(landscape, rng)
    arable = fields.is_arable[landscape.parcel] & is_any(landscape.cover, CROPLAND)
    lasting = fields.lasting[:, None]
    changing = np.sqrt(1 - lasting**2)
    for time in np.sort(rng.random(count)):
        season = YEAR[int(np.searchsorted(ends, time * ends[-1], side="right"))]
        weather = replace(
            landscape.conditions, season=season, wind=draw_wind(rng), moisture=draw_moisture(rng)
        )
        ground = fields.ground(float(time))
        cover = np.where(arable, ground[landscape.parcel], landscape.cover)
        # VV and VH of a parcel vary together for the most part, as when it is drawn.
        common, each = (
            rng.standard_normal((len(lasting), 1)),
            rng.standard_normal((len(lasting), 2)),
        )
        chance = lasting * landscape.chance + changing * (0.8 * common + 0.6 * each)
        yield replace(landscape, conditions=weather, cover=cover, chance=chance.astype(np.float32))
