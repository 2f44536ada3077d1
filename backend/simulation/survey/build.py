"""Build a simulated survey from a seed: windows are encoded, captions stand for photographs.

A caption's embedding is turned into a photograph's by what sets the two apart in a vision-language
model: an offset between the modalities, the same for all (Liang et al., Mind the Gap, 2022), and
noise of its own for every photograph.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np

from backend.encoders.base import Encoder, EncoderSpec
from backend.errors import ConfigInvalid
from backend.io.batches import Batches
from backend.io.processes import usual_workers
from backend.link import Pooling, choose_pooling
from backend.progress import Progress, silent
from backend.simulation.survey.points import (
    POINTS_PER_LANDSCAPE,
    WINDOW_PX,
    SurveyBatch,
    place_points,
    simulate_points,
)
from backend.survey.cache import Survey, create_survey
from backend.text.base import TextEncoder

BATCH = 8  # windows, on any device: the survey of a seed stays the same
LANDSCAPES_PER_BLOCK = 4
BLOCK = LANDSCAPES_PER_BLOCK * POINTS_PER_LANDSCAPE
STAGE = "simulating points"


@dataclass(frozen=True)
class Simulation:
    """How a simulated survey is made."""

    points: int = 10_000
    """Number of points."""

    seed: int = 0
    """The same seed gives the same survey."""

    modality_offset: float = 0.5
    """Length of the offset from captions to photographs; a caption's vector has length 1."""

    photo_noise: float = 0.5
    """Length of each photograph's own noise."""

    missing_views: float = 0.05
    """Share of the views without a photograph."""


def build_simulated_survey(
    path: Path,
    simulation: Simulation,
    encoder: Encoder,
    text: TextEncoder,
    progress: Progress = silent,
    *,
    poolings: Sequence[Pooling] = (),
) -> Survey:
    """Write the survey cache of a simulation to `path`, or what is missing there.

    It may be stopped or killed at any moment; nothing finished is done again. Without `poolings`
    that of `choose_pooling` is taken.

    Raises:
        ConfigInvalid: the encoder does not read Sentinel-1, or its windows are too large.
        SurveyInvalid: `path` holds another survey.
    """
    _require_simulated(encoder.spec)
    poolings = poolings or (choose_pooling(encoder.spec.grid),)
    n = simulation.points
    source = {"kind": "simulated", **asdict(simulation)}
    survey = create_survey(path, place_points(n, simulation.seed), source, BLOCK)
    photos = survey.photo_layer(text.name, text.space)
    layers = {pooling: survey.feature_layer(encoder.spec, pooling) for pooling in poolings}
    missing = (rows for layer in (photos, *layers.values()) for rows in layer.missing())
    blocks = [slice(*ends) for ends in sorted({(rows.start, rows.stop) for rows in missing})]
    done = n - sum(rows.stop - rows.start for rows in blocks)
    for rows, batches in _rendered(blocks, simulation, encoder.spec):
        with ThreadPoolExecutor(1) as thread:
            pooled = thread.submit(_pool, batches, encoder, poolings)
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


def _require_simulated(spec: EncoderSpec) -> None:
    if spec.modality != "sentinel-1" or spec.window_px > WINDOW_PX:
        raise ConfigInvalid(
            f"{spec.name} reads {spec.modality} in windows of {spec.window_px} px; a simulated "
            f"survey has sentinel-1, {WINDOW_PX} px around each point.",
            "Choose an encoder of Sentinel-1, such as texture-s1.",
        )


def _rendered(
    blocks: Sequence[slice], simulation: Simulation, spec: EncoderSpec
) -> Iterator[tuple[slice, list[SurveyBatch]]]:
    """Yield blocks with their landscapes, which other processes render."""
    landscapes = [
        range(rows.start // POINTS_PER_LANDSCAPE, -(-rows.stop // POINTS_PER_LANDSCAPE))
        for rows in blocks
    ]
    batches = simulate_points(
        simulation.points,
        simulation.seed,
        workers=usual_workers(),
        landscapes=[number for numbers in landscapes for number in numbers],
        margin_px=spec.margin_px,
        stacked=spec.dates == "stacked",
    )
    for rows, numbers in zip(blocks, landscapes, strict=True):
        yield rows, list(islice(batches, len(numbers)))


def _photographs(
    batches: Sequence[SurveyBatch], rows: slice, simulation: Simulation, text: TextEncoder
) -> tuple[np.ndarray, np.ndarray]:
    """Return unit vectors (k, 4, D) of the photographs that captions describe, and valid (k, 4).

    Random numbers depend on the block alone, so a survey that was stopped comes out the same.
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
    """Return pooled views (k, 4, d) for each pooling, of the middle of larger windows."""
    spec = encoder.spec
    aside, side = (WINDOW_PX - spec.window_px) // 2, spec.window_px + 2 * spec.margin_px
    middle = np.s_[..., aside : aside + side, aside : aside + side]

    def encode(windows: np.ndarray, batch: slice) -> list[np.ndarray]:
        features = encoder.encode_within(windows[batch][middle])
        return [one.pool(features, spec.cell_m).cpu().numpy() for one in poolings]

    # Landscape by landscape, since each may have been seen on another number of dates.
    parts = [
        views
        for batch in batches
        for views in Batches(BATCH).over(len(batch.windows), partial(encode, batch.windows))
    ]
    return [np.concatenate(views) for views in zip(*parts, strict=True)]
