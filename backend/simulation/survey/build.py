"""A simulated survey, from a seed to a cache: windows are encoded, captions stand for photographs.

A caption's embedding becomes a photograph's by what sets the two apart in a vision-language
model: an offset between the modalities, the same for all (Liang et al., Mind the Gap, 2022), and
noise of its own for every picture.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from backend.encoders.base import Encoder
from backend.link import WEDGES, Pooling
from backend.progress import Progress, silent
from backend.simulation.survey.points import (
    POINTS_PER_LANDSCAPE,
    SurveyBatch,
    simulate_points,
    simulated_points,
)
from backend.survey.cache import Survey, create_survey
from backend.survey.layers import Layer
from backend.text.base import TextEncoder

BATCH = 8
LANDSCAPES_PER_BLOCK = 4
BLOCK = LANDSCAPES_PER_BLOCK * POINTS_PER_LANDSCAPE
MOST_WORKERS = 8
STAGE = "simulating points"


@dataclass(frozen=True)
class Simulation:
    """How a simulated survey is made."""

    points: int = 10_000
    seed: int = 0
    modality_offset: float = 0.5  # length of the offset; a caption's vector has length 1
    photo_noise: float = 0.5  # length of a picture's own noise
    missing_views: float = 0.05  # share of views without a photograph


def build_simulated_survey(
    path: Path,
    simulation: Simulation,
    encoder: Encoder,
    text: TextEncoder,
    progress: Progress = silent,
    *,
    poolings: Sequence[Pooling] = (WEDGES,),
) -> Survey:
    """Write the survey cache of a simulation to `path`, or what is missing of it there.

    It may be stopped or killed at any moment; what is done is not done again. SurveyInvalid when
    `path` holds another survey.
    """
    n = simulation.points
    source = {"kind": "simulated", **asdict(simulation)}
    survey = create_survey(path, simulated_points(n, simulation.seed), source, BLOCK)
    photos = survey.photo_layer(text.name, text.space)
    layers = {pooling: survey.feature_layer(encoder.spec, pooling) for pooling in poolings}
    blocks = _missing([photos, *layers.values()])
    done = n - sum(rows.stop - rows.start for rows in blocks)
    for rows, batches in _rendered(blocks, simulation):
        with ThreadPoolExecutor(1) as beside:
            pooled = beside.submit(_pool, batches, encoder, poolings)
            vectors, valid = _photographs(batches, rows, simulation, text)
            while not pooled.done():
                progress(STAGE, done, n)
                wait([pooled], timeout=0.2)
        survey.write_classes(rows, np.concatenate([batch.land_class for batch in batches]))
        photos.write(rows, vectors, valid)
        for layer, views in zip(layers.values(), pooled.result(), strict=True):
            layer.write(rows, views, np.ones(views.shape[:2], bool))
        done += rows.stop - rows.start
        progress(STAGE, done, n)
    return survey


def _missing(layers: Sequence[Layer]) -> list[slice]:
    """Blocks that one layer or another lacks."""
    starts = {(rows.start, rows.stop) for layer in layers for rows in layer.missing()}
    return [slice(*ends) for ends in sorted(starts)]


def _rendered(
    blocks: Sequence[slice], simulation: Simulation
) -> Iterator[tuple[slice, list[SurveyBatch]]]:
    """Blocks with their landscapes, rendered by processes beside this one."""
    of_block = [
        range(rows.start // POINTS_PER_LANDSCAPE, -(-rows.stop // POINTS_PER_LANDSCAPE))
        for rows in blocks
    ]
    batches = simulate_points(
        simulation.points,
        simulation.seed,
        workers=min(os.cpu_count() or 1, MOST_WORKERS),
        landscapes=[number for numbers in of_block for number in numbers],
    )
    for rows, numbers in zip(blocks, of_block, strict=True):
        yield rows, list(islice(batches, len(numbers)))


def _photographs(
    batches: Sequence[SurveyBatch], rows: slice, simulation: Simulation, text: TextEncoder
) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors (k, 4, D) of the pictures that captions describe, and which there are (k, 4).

    What is drawn at random belongs to the block, so that a survey comes out the same whether it
    was built at one go or not.
    """
    rng = np.random.default_rng([simulation.seed, 1, rows.start])
    offset = _unit(np.random.default_rng(1).standard_normal(text.space.dim))
    captions = text.embed([line for batch in batches for views in batch.captions for line in views])
    noise = rng.standard_normal(captions.shape) / captions.shape[1] ** 0.5
    shifted = captions + simulation.modality_offset * offset + simulation.photo_noise * noise
    photos = _unit(shifted).reshape(rows.stop - rows.start, -1, text.space.dim)
    return photos, rng.random(photos.shape[:2]) >= simulation.missing_views


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


def _pool(
    batches: Sequence[SurveyBatch], encoder: Encoder, poolings: Sequence[Pooling]
) -> list[np.ndarray]:
    """Pooled views (k, 4, d) for each pooling."""
    windows = np.concatenate([batch.windows for batch in batches])
    parts: list[list[np.ndarray]] = [[] for _ in poolings]
    for start in range(0, len(windows), BATCH):
        features = encoder.encode(windows[start : start + BATCH])
        for part, pooling in zip(parts, poolings, strict=True):
            part.append(pooling.pool(features, encoder.spec.cell_m).cpu().numpy())
    return [np.concatenate(part) for part in parts]
