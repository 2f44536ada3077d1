"""Points in simulated landscapes, with a radar window and four captions each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from backend.io.processes import map_in_processes
from backend.simulation import (
    CLASSES,
    Ground,
    simulate_landscape,
)
from backend.simulation.dates import render
from backend.simulation.survey.captions import Sight, caption
from backend.survey.points import UNKNOWN, SurveyPoints

WINDOW_PX = 224
LANDSCAPE_PX = 1024
POINTS_PER_LANDSCAPE = 36
VIEW_AZIMUTHS_DEG = (0.0, 90.0, 180.0, 270.0)  # north, east, south, west
VIEWS = len(VIEW_AZIMUTHS_DEG)
SIGHT_M = 400.0  # distance at which a pixel counts half
NEAR_M = 500.0
SHARE_STEP_PX = 2  # cover shares are counted on every second pixel
NODATA_SHARE = 0.03
SOUTH_WEST, NORTH_EAST = (-9.0, 37.0), (30.0, 69.0)  # longitude, latitude of Europe
DEGREE_M = 111_320.0  # of latitude
TENTH_OF_SPLIT = (0,) * 8 + (1, 2)  # eight tenths train, one validation, one test

G = Ground
LUCAS_GROUNDS = {
    "A": (G.VILLAGE, G.TOWN, G.INDUSTRY, G.ASPHALT),
    "B": (G.CEREALS, G.TALL_CROPS, G.RICE, G.ORCHARD, G.BARE_SOIL),  # bare until the next crop
    "C": (G.BROADLEAVED_FOREST, G.CONIFEROUS_FOREST, G.RAINFOREST),
    "D": (G.SHRUBLAND,),
    "E": (G.GRASSLAND, G.SAVANNA),
    "F": (G.SPARSE, G.SAND, G.ROCK),
    "G": (G.LAKE, G.RIVER, G.SEA, G.FLOOD, G.SNOW_ICE),
    "H": (G.FLOODED_VEGETATION, G.MARSH, G.MUDFLAT),
}


@dataclass(frozen=True)
class SurveyBatch:
    """The points of one landscape; k is their number, W the window's side in pixels."""

    windows: np.ndarray
    """(k, 2, W, W) float32, with their margins: VV and VH in dB, NaN without data.

    Of several dates (k, 2 dates, W, W): VV and VH of each, in order of time.
    """

    cover: np.ndarray
    """(k, W, W) uint8: `Ground` numbers."""

    captions: list[tuple[str, ...]]
    """k times north, east, south, west."""

    cover_fractions: np.ndarray
    """(k, 4, n_classes) float32: share of each class in a view; each view sums to 1."""

    landscape_id: np.ndarray
    """(k,) int32: number of the landscape."""

    @property
    def land_class(self) -> np.ndarray:
        """LUCAS class (k,) int8 that the four views show most of, A to H as 0 to 7."""
        shown = self.cover_fractions.sum(axis=1)
        shares = [shown[:, list(grounds)].sum(axis=1) for grounds in LUCAS_GROUNDS.values()]
        return np.argmax(shares, axis=0).astype(np.int8)


def place_points(n: int, seed: int) -> SurveyPoints:
    """Return where `n` simulated points lie, before anything is rendered.

    Landscapes are put at random places in Europe, since maps need some; a landscape is a region,
    and all of it is in one split. The classes are not known yet.
    """
    number = np.arange(n) // POINTS_PER_LANDSCAPE
    corners = np.concatenate([_corners(k, seed) for k in range(number[-1] + 1)])[:n]
    rng = np.random.default_rng([seed, 5])
    centres = rng.uniform(SOUTH_WEST, NORTH_EAST, (number[-1] + 1, 2))[number]
    south_m, east_m = corners.T * 10.0
    lat = centres[:, 1] - south_m / DEGREE_M
    text = np.dtypes.StringDType()
    nothing = np.full(n, "", text)
    return SurveyPoints(
        ids=np.array([f"{k:07d}" for k in range(n)], text),
        lon=centres[:, 0] + east_m / DEGREE_M / np.cos(np.radians(lat)),
        lat=lat,
        date=np.full(n, "NaT", "datetime64[D]"),
        region=np.array([f"landscape {k:06d}" for k in number], text),
        land_class=np.full(n, UNKNOWN, np.int8),
        views=np.full((n, VIEWS), "", text),
        undirected=nothing,
        split=np.array(TENTH_OF_SPLIT, np.uint8)[number % len(TENTH_OF_SPLIT)],
    )


def simulate_points(
    n: int,
    seed: int,
    workers: int = 1,
    landscapes: Sequence[int] | None = None,
    margin_px: int = 0,
    stacked: bool = False,
) -> Iterator[SurveyBatch]:
    """Yield `n` survey points, landscape by landscape; memory does not grow with `n`.

    With `landscapes`, only the points of those. Windows have `margin_px` more around them; beyond a
    landscape its ground is mirrored. With `stacked` each landscape is seen on 3 to 8 dates. Every
    landscape depends on `seed` and its own number alone, so the points are the same for any number
    of `workers`, and a larger `n` begins with the points of a smaller one.
    """
    numbers = range(-(-n // POINTS_PER_LANDSCAPE)) if landscapes is None else landscapes
    jobs = [(k, min(POINTS_PER_LANDSCAPE, n - k * POINTS_PER_LANDSCAPE)) for k in numbers]
    draw = partial(_survey_landscape, seed=seed, margin_px=margin_px, stacked=stacked)
    yield from map_in_processes(draw, jobs, workers)


def landscape_seed(number: int, seed: int) -> int:
    """Return the seed of a landscape."""
    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0])


def _corners(number: int, seed: int) -> np.ndarray:
    """Return rows and columns (k, 2) of the windows' north-western corners in a landscape."""
    rng = np.random.default_rng([landscape_seed(number, seed), 3])
    return rng.integers(0, LANDSCAPE_PX - WINDOW_PX + 1, (POINTS_PER_LANDSCAPE, 2))


def _survey_landscape(
    job: tuple[int, int], seed: int, margin_px: int, stacked: bool
) -> SurveyBatch:
    number, points = job
    own_seed = landscape_seed(number, seed)
    landscape = simulate_landscape(own_seed, LANDSCAPE_PX)
    margins = ((0, 0), (margin_px, margin_px), (margin_px, margin_px))
    db = np.pad(render(landscape, own_seed, stacked), margins, mode="reflect")
    corners, season = _corners(number, seed), landscape.conditions.season
    side = WINDOW_PX + 2 * margin_px
    windows = np.empty((points, len(db), side, side), np.float32)
    cover = np.empty((points, WINDOW_PX, WINDOW_PX), np.uint8)
    fractions = np.empty((points, VIEWS, len(CLASSES)), np.float32)
    captions = []
    for k, (row, col) in enumerate(corners[:points]):
        own = np.random.default_rng([own_seed, 4, k])
        box = (slice(row, row + WINDOW_PX), slice(col, col + WINDOW_PX))
        windows[k] = _with_nodata(db[:, row : row + side, col : col + side], own)
        cover[k] = landscape.cover[box]
        near, far, fractions[k] = view_shares(cover[k])
        low, high = np.percentile(landscape.elevation[box][::8, ::8], [5, 95])
        captions.append(
            tuple(
                caption(Sight(near[v], far[v], season, float(high - low)), own)
                for v in range(VIEWS)
            )
        )
    return SurveyBatch(windows, cover, captions, fractions, np.full(points, number, np.int32))


def view_shares(cover: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return shares of every class in each view of a window's `cover` (W, W): near, far and all.

    Each is (4, n_classes) float32 and sums to 1 over the classes. A pixel counts by its
    direction (method: max(0, cos)) and by its distance, near before far.
    """
    ground = cover[::SHARE_STEP_PX, ::SHARE_STEP_PX].ravel()
    near, far = _view_weights(cover.shape[0])
    counts = np.zeros((2, VIEWS, len(CLASSES)))
    for part, weights in enumerate((near, far)):
        for view in range(VIEWS):
            counts[part, view] = np.bincount(ground, weights[view], len(CLASSES))
    parts = (counts[0], counts[1], counts.sum(axis=0))
    shares = [part / part.sum(axis=1, keepdims=True) for part in parts]
    return shares[0], shares[1], shares[2].astype(np.float32)


@lru_cache(maxsize=4)
def _view_weights(window_px: int) -> tuple[np.ndarray, np.ndarray]:
    """Return weights (4, n_pixels) of the near and of the far pixels of a window in each view."""
    centre = window_px / 2
    at = np.arange(0, window_px, SHARE_STEP_PX) + 0.5
    south, east = np.meshgrid(at - centre, at - centre, indexing="ij")
    away_m = np.hypot(south, east) * 10
    azimuth = np.arctan2(east, -south)
    falloff = 1 / (1 + away_m / SIGHT_M)
    weights = np.stack(
        [np.maximum(0, np.cos(azimuth - np.radians(a))) * falloff for a in VIEW_AZIMUTHS_DEG]
    ).reshape(VIEWS, -1)
    near = away_m.ravel() < NEAR_M
    return weights * near, weights * ~near


def _with_nodata(db: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a window as scenes have it: sometimes their border crosses it, with NaN beyond."""
    if rng.random() >= NODATA_SHARE:
        return db
    size = db.shape[1]
    angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.45) * WINDOW_PX
    at = np.arange(size) - size / 2
    beyond = np.cos(angle) * at[None, :] + np.sin(angle) * at[:, None] > offset
    return np.where(beyond, np.float32(np.nan), db)
