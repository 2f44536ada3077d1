"""A simulated survey, from a seed to a cache: windows are encoded, captions stand for photographs.

A caption's embedding becomes a photograph's by what sets the two apart in a vision-language
model: an offset between the modalities, the same for all (Liang et al., Mind the Gap, 2022), and
noise of its own for every picture.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

from backend.encoders.base import Encoder
from backend.link import wedge_pool
from backend.progress import Progress, silent
from backend.survey.cache import SPLITS, SurveyWriter
from backend.survey.simulate import simulate_points
from backend.text.base import TextEncoder

BATCH = 8


@dataclass(frozen=True)
class Simulation:
    """How a simulated survey is made."""

    points: int = 10_000
    seed: int = 0
    modality_offset: float = 0.5  # length of the offset; a caption's vector has length 1
    photo_noise: float = 0.5  # length of a picture's own noise
    missing_views: float = 0.05  # share of views without a photograph
    workers: int = 2  # processes that render landscapes


def build_simulated_survey(
    path: Path,
    simulation: Simulation,
    encoder: Encoder,
    text: TextEncoder,
    progress: Progress = silent,
) -> None:
    """Write the survey cache of a simulation to `path`, whole or not at all."""
    n = simulation.points
    source = {"kind": "simulated", **asdict(simulation)}
    writer = SurveyWriter(path, n, text.name, text.space, encoder.spec, source)
    rng = np.random.default_rng([simulation.seed, 1])
    offset = _unit(np.random.default_rng(1).standard_normal(text.space.dim))
    start = 0
    try:
        for points in simulate_points(n, simulation.seed, workers=simulation.workers):
            rows = slice(start, start + len(points.windows))
            captions = [caption for views in points.captions for caption in views]
            photos = _photograph(text.embed(captions), offset, simulation, rng)
            photos = photos.reshape(-1, 4, text.space.dim)
            valid = rng.random(photos.shape[:2]) >= simulation.missing_views
            pooled = _pool(points.windows, encoder, partial(_report, progress, start, n))
            writer.write(
                rows,
                photos=np.where(valid[..., None], photos, 0),
                valid=valid,
                split=_split(points.landscape_id),
                region=points.landscape_id,
                features=pooled,
            )
            start = rows.stop
        progress("simulating points", n, n)
        writer.close()
    except BaseException:
        writer.abandon()
        raise


def _photograph(
    captions: np.ndarray, offset: np.ndarray, simulation: Simulation, rng: np.random.Generator
) -> np.ndarray:
    """Unit vectors (n, D) of the pictures that the captions (n, D) describe."""
    noise = rng.standard_normal(captions.shape) / captions.shape[1] ** 0.5
    shifted = captions + simulation.modality_offset * offset + simulation.photo_noise * noise
    return _unit(shifted)


def _report(progress: Progress, start: int, n: int, done: int) -> None:
    progress("simulating points", start + done, n)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def _pool(windows: np.ndarray, encoder: Encoder, report: Callable[[int], None]) -> np.ndarray:
    """Pooled views (n, 4, d) of windows (n, 2, H, W)."""
    parts = []
    for start in range(0, len(windows), BATCH):
        report(start)
        parts.append(wedge_pool(encoder.encode(windows[start : start + BATCH])).cpu().numpy())
    return np.concatenate(parts)


def _split(regions: np.ndarray) -> np.ndarray:
    """Split (n,) of each point by its region: eight tenths train, one validation, one test."""
    tenth = np.asarray(regions) % 10
    validation, test = SPLITS.index("validation"), SPLITS.index("test")
    return np.select([tenth == 8, tenth == 9], [validation, test], SPLITS.index("train"))
