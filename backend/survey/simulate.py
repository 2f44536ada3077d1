"""A simulated survey: points in simulated landscapes, a radar window and four captions each."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context

import numpy as np

from backend.scenes.simulator import CLASSES, Landscape, render_backscatter, simulate_landscape
from backend.survey.captions import Sight, caption

LANDSCAPE_PX = 1024
POINTS_PER_LANDSCAPE = 36
VIEW_AZIMUTHS_DEG = (0.0, 90.0, 180.0, 270.0)  # north, east, south, west
VIEWS = len(VIEW_AZIMUTHS_DEG)
SIGHT_M = 400.0  # distance at which a thing counts half
NEAR_M = 500.0
SHARE_STEP_PX = 2  # cover shares are counted on every second pixel
NODATA_SHARE = 0.03


@dataclass(frozen=True)
class SurveyBatch:
    """The points of one landscape; k is their number, W the window's side in pixels."""

    windows: np.ndarray  # (k, 2, W, W) float32 dB, VV and VH, NaN where there is no data
    captions: list[tuple[str, ...]]  # k times north, east, south, west
    cover_fractions: np.ndarray  # (k, 4, n_classes) float32, each view sums to 1
    landscape_id: np.ndarray  # (k,) int32


def simulate_points(
    n: int, seed: int, window_px: int = 224, workers: int = 1
) -> Iterator[SurveyBatch]:
    """Yield `n` survey points, landscape by landscape; memory does not grow with `n`.

    Every landscape depends on `seed` and its own number only, so the points are the same whatever
    `workers` is, and a larger `n` begins with the points of a smaller one.
    """
    jobs = [
        (number, min(POINTS_PER_LANDSCAPE, n - start))
        for number, start in enumerate(range(0, n, POINTS_PER_LANDSCAPE))
    ]
    draw = partial(_survey_landscape, seed=seed, window_px=window_px)
    if workers <= 1:
        yield from map(draw, jobs)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for start in range(0, len(jobs), 2 * workers):
            yield from pool.map(draw, jobs[start : start + 2 * workers])


def _survey_landscape(job: tuple[int, int], seed: int, window_px: int) -> SurveyBatch:
    number, points = job
    own_seed = int(np.random.SeedSequence([seed, number]).generate_state(1)[0])
    landscape = simulate_landscape(own_seed, max(LANDSCAPE_PX, 2 * window_px))
    db = render_backscatter(landscape, own_seed)
    rng = np.random.default_rng([own_seed, 3])
    corners = rng.integers(0, db.shape[1] - window_px + 1, (POINTS_PER_LANDSCAPE, 2))
    windows = np.empty((points, 2, window_px, window_px), np.float32)
    fractions = np.empty((points, VIEWS, len(CLASSES)), np.float32)
    captions = []
    for k, (row, col) in enumerate(corners[:points]):
        own = np.random.default_rng([own_seed, 4, k])
        box = (slice(row, row + window_px), slice(col, col + window_px))
        windows[k] = _with_nodata(db[:, *box], own)
        near, far, fractions[k] = view_shares(landscape.cover[box])
        relief = _relief_m(landscape, box)
        captions.append(
            tuple(
                caption(Sight(near[v], far[v], landscape.conditions.season, relief), own)
                for v in range(VIEWS)
            )
        )
    return SurveyBatch(windows, captions, fractions, np.full(points, number, np.int32))


def view_shares(cover: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shares of every class in each view of a window's `cover` (W, W): near, far and all.

    Each is (4, n_classes) float32 and sums to 1 over the classes. A pixel counts by its
    direction (method: max(0, cos)) and by its distance, near before far.
    """
    seen = cover[::SHARE_STEP_PX, ::SHARE_STEP_PX].ravel()
    near, far = _view_weights(cover.shape[0])
    counts = np.zeros((2, VIEWS, len(CLASSES)))
    for part, weights in enumerate((near, far)):
        for view in range(VIEWS):
            counts[part, view] = np.bincount(seen, weights[view], len(CLASSES))
    whole = counts.sum(axis=0)
    shares = [c / c.sum(axis=1, keepdims=True) for c in (counts[0], counts[1], whole)]
    return shares[0], shares[1], shares[2].astype(np.float32)


@lru_cache(maxsize=4)
def _view_weights(window_px: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights (4, n_pixels) of the near and of the far pixels of a window in each view."""
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


def _relief_m(landscape: Landscape, box: tuple[slice, slice]) -> float:
    low, high = np.percentile(landscape.elevation[box][::8, ::8], [5, 95])
    return float(high - low)


def _with_nodata(db: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A window as scenes have it: now and then their border runs through, beyond it NaN."""
    if rng.random() >= NODATA_SHARE:
        return db
    size = db.shape[1]
    angle, offset = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.45) * size
    at = np.arange(size) - size / 2
    beyond = np.cos(angle) * at[None, :] + np.sin(angle) * at[:, None] > offset
    return np.where(beyond, np.float32(np.nan), db)
