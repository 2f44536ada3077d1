"""Pooled features of an encoder around every point of a survey, from a folder or a catalogue.

Block by block: threads read the windows of the blocks ahead while one is encoded, so memory does
not grow with the survey. What is written depends on the block alone, and a run that was stopped
goes on with the same bytes. Other points in a block can change the last bit of a row where the
encoder's arithmetic depends on the size of its batch.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import torch
from numpy.typing import NDArray

from backend.encoders import Encoder, EncoderSpec
from backend.errors import ConfigInvalid, DateMissing, SurveyInvalid
from backend.io.batches import Batches
from backend.io.read_ahead import read_ahead
from backend.link import WEDGES, Pooling
from backend.progress import Progress, silent
from backend.scenes import PIXEL_M
from backend.scenes.embeddings import EMBEDDINGS, read_embeddings
from backend.scenes.embeddings.catalogue import EmbeddingEntry
from backend.scenes.embeddings.find import has_index
from backend.scenes.index import SceneIndex, read_scene_index
from backend.scenes.stac import PointScenes, read_scenes_around
from backend.survey.cache import Survey
from backend.survey.imagery import Choice, Imagery, Window
from backend.survey.layers import Layer

LEAST_VALID = 0.5
"""Share of a wedge's weight that needs data; a view with less is not valid."""

RADAR = "sentinel-1"
NEAR = 0.008  # degrees: half a window of 500 m, up to 70 degrees of latitude
HAIR = 1e-9  # at a straight border two wedges have data in exactly half of them
BATCH_CPU, BATCH_GPU = 8, 64
EARLIER = "found so by an earlier run"
READERS = min(8, os.cpu_count() or 1)
FAR_READERS = 16  # they wait for a host, and not for the processor
SEARCHES = "searches"  # folder in the survey cache of what a catalogue answered
TOGETHER = 16

Block = tuple[tuple[slice, list[list[int]]], list[Callable[[], list[Window]]]]


@dataclass
class PoolReport:
    """What became of the points of a survey, and of the scenes."""

    layer: Path
    present: int = 0  # have valid views from an earlier run
    pooled: int = 0  # have valid views now
    without: Counter[str] = field(default_factory=Counter)  # have none, by reason
    scenes: int = 0
    rules: list[str] = field(default_factory=list)  # how a product's values are read, in words
    skipped: dict[str, str] = field(default_factory=dict)  # files that are no scene, and why
    damaged: dict[str, str] = field(default_factory=dict)  # scenes that failed later, and why
    waiting: int = 0  # left for the next run: the host of a scene does not answer well


def pool_points(
    survey: Survey,
    scenes: str | Path | PointScenes,
    encoder: Encoder,
    pooling: Pooling = WEDGES,
    progress: Progress = silent,
    tiles: str | Path | None = None,
    settle: bool = False,
) -> PoolReport:
    """Fill the feature layer of an encoder: pooled views of the window around every point.

    `scenes` is a folder, of Sentinel-1 scenes or Sentinel-2 pictures as the encoder reads, or the
    scenes of a catalogue; of an embedding product a folder, an index or an address, and `tiles`
    where the tiles of an index lie. May be stopped or killed at any moment; a later call goes on
    from there. A point without imagery gets no valid view. A block with a point whose scene cannot
    be had just now is left for a later call, unless asked to `settle`. Raises SceneUnreadable when
    there is no scene, DateMissing when no scene has the date that the encoder needs, SurveyInvalid
    when features are not finite or the layer is another encoder's, ConfigInvalid for an encoder
    that reads neither scenes nor products, OutOfMemory, and for a catalogue what
    `read_scenes_around` does.
    """
    _require_known(encoder.spec)
    layer = survey.feature_layer(encoder.spec, pooling)
    missing = layer.missing()
    total = sum(rows.stop - rows.start for rows in missing)
    report = _found_before(layer, len(layer) - total)
    if not missing:
        return report
    catalogue = _catalogue(survey, scenes, encoder, progress, tiles)
    readers = FAR_READERS if isinstance(scenes, PointScenes) else READERS
    report.scenes, report.skipped = len(catalogue.scenes), catalogue.skipped
    report.rules = _rules(catalogue)
    layer.note({"imagery": _describe(catalogue)})
    pooler = _Pooler(encoder, pooling, progress, total)
    with (
        Imagery(catalogue, encoder.spec.window_px, encoder.spec) as imagery,
        closing(read_ahead(_windows(survey, imagery, missing), readers, pooler.tick)) as blocks,
    ):
        for (rows, groups), read in blocks:
            by_point = dict(zip(chain(*groups), chain(*read), strict=True))
            windows = [by_point[point] for point in range(len(by_point))]
            if not settle and any(window.waits for window in windows):
                report.waiting += len(windows)
                pooler.tick(len(windows))
                continue
            vectors, valid = pooler.pool(windows)
            _require_finite(vectors, encoder.spec, survey.ids[rows])
            layer.write(rows, vectors, valid)
            seen = valid.any(axis=1)
            report.pooled += int(seen.sum())
            report.without.update(windows[i].unavailable for i in np.flatnonzero(~seen))
        report.damaged = dict(sorted(imagery.damaged.items()))
    return report


def _catalogue(
    survey: Survey,
    scenes: str | Path | PointScenes,
    encoder: Encoder,
    progress: Progress,
    tiles: str | Path | None,
) -> SceneIndex:
    """What there is for the encoder to see."""
    if isinstance(scenes, PointScenes):
        if encoder.spec.modality != RADAR:
            raise ConfigInvalid(
                f"{encoder.spec.name} reads {encoder.spec.modality}, and a catalogue of "
                f"{scenes.provider.collection} was given.",
                "Give --scenes: a folder, an index or an address of the product.",
            )
        places = (survey.lon, survey.lat, survey.date)
        found = read_scenes_around(scenes, *places, survey.path / SEARCHES, progress)
        return _usable(found, encoder)
    if encoder.spec.modality == RADAR:
        has_index(scenes, tiles)  # refuses tiles
        return _usable(read_scene_index(Path(scenes), progress), encoder)
    return _embeddings(survey, scenes, encoder.spec, tiles)


def _describe(catalogue: SceneIndex) -> dict[str, Any]:
    """What imagery there is to choose from, in numbers and words."""
    dates = sorted(scene.date.isoformat() for scene in catalogue.scenes if scene.date)
    return {
        "scenes": len(catalogue.scenes),
        "products": sorted({scene.product_type or "unknown" for scene in catalogue.scenes}),
        "dates": [dates[0], dates[-1]] if dates else [],
    }


def _rules(catalogue: SceneIndex) -> list[str]:
    """How the values of products and pictures are read; radar scenes tell it when opened."""
    products = (scene for scene in catalogue.scenes if isinstance(scene, EmbeddingEntry))
    return sorted({rule for product in products for rule in product.rules})


def _found_before(layer: Layer, finished: int) -> PoolReport:
    """What earlier runs made of the points that they finished."""
    present = int(layer.valid().any(axis=1).sum())
    without = Counter({EARLIER: finished - present} if finished > present else {})
    return PoolReport(layer.path, present, without=without)


class _Pooler:
    """Windows to pooled views, and how far that is."""

    def __init__(self, encoder: Encoder, pooling: Pooling, progress: Progress, total: int) -> None:
        self._encoder = encoder
        self._pooling = pooling
        self._progress = progress
        self._done, self._total = 0, total
        self._batches = Batches(BATCH_CPU if encoder.device.type == "cpu" else BATCH_GPU)

    def tick(self, points: int = 0) -> None:
        """Report, with so many points done since."""
        self._done += points
        self._progress("points", self._done, self._total)

    def pool(self, windows: list[Window]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Pooled views (k, 4, d) of the windows of a block, and which are valid (k, 4)."""
        spec = self._encoder.spec
        vectors = np.zeros((len(windows), 4, spec.dim), np.float32)
        valid = np.zeros((len(windows), 4), bool)
        for i, window in enumerate(windows):
            if window.values is not None:
                valid[i] = valid_views(window.values, spec, self._pooling)
        rows = np.flatnonzero(valid.any(axis=1))
        self.tick(len(windows) - len(rows))

        def encode(batch: slice) -> tuple[slice, NDArray[np.float32]]:
            db = np.stack([windows[i].values for i in rows[batch]])
            dated = self._encoder.with_date([windows[i].date for i in rows[batch]])
            pooled = self._pooling.pool(dated.encode(db), spec.cell_m)
            return batch, pooled.cpu().numpy()

        for batch, pooled in self._batches.over(len(rows), encode):
            vectors[rows[batch]] = pooled
            self.tick(len(pooled))
        return vectors, valid


def valid_views(db: NDArray[np.float32], spec: EncoderSpec, pooling: Pooling) -> NDArray[np.bool_]:
    """Which views (4,) of a window (2, px, px) have data in enough of their wedge."""
    (height, width), side = spec.grid, spec.cell_px
    there = np.isfinite(db[0, : height * side, : width * side])
    share = there.reshape(height, side, width, side).mean(axis=(1, 3))
    cells = torch.from_numpy(np.stack([share, np.ones_like(share)], axis=-1))
    weighed = pooling.pool(cells[None], spec.cell_m)[0]
    return (weighed[:, 0] >= (LEAST_VALID - HAIR) * weighed[:, 1]).numpy()


def _windows(survey: Survey, imagery: Imagery, blocks: Iterable[slice]) -> Iterator[Block]:
    """What to read for each block: its points in groups, and a task that reads each group."""
    for rows in blocks:
        choices = imagery.choices(survey.lon[rows], survey.lat[rows], survey.date[rows])
        groups = list(_groups(choices))
        yield (
            (rows, groups),
            [partial(_read, imagery, [choices[point] for point in group]) for group in groups],
        )


def _groups(choices: list[list[Choice]]) -> Iterator[list[int]]:
    """The points of a block in groups that one thread reads, from few scenes, north to south."""

    def place(point: int) -> tuple[str, int]:
        first = choices[point][0] if choices[point] else None
        return (first.scenes[0].name, first.window.row0) if first else ("", 0)

    order = sorted(range(len(choices)), key=place)
    for start in range(0, len(order), TOGETHER):
        yield order[start : start + TOGETHER]


def _read(imagery: Imagery, points: list[list[Choice]]) -> list[Window]:
    return [imagery.window(choices) for choices in points]


def _require_known(spec: EncoderSpec) -> None:
    if spec.modality not in (RADAR, *EMBEDDINGS) or spec.pixel_m != PIXEL_M:
        raise ConfigInvalid(
            f"{spec.name} reads {spec.modality} with pixels of {spec.pixel_m:g} m; Sentinel-1, "
            f"embedding products and Sentinel-2 pictures are read at {PIXEL_M:g} m.",
            "Choose another encoder.",
        )


def _embeddings(
    survey: Survey, where: str | Path, spec: EncoderSpec, tiles: str | Path | None
) -> SceneIndex:
    """The products around the points of a survey."""
    corners = (survey.lon - NEAR, survey.lat - NEAR, survey.lon + NEAR, survey.lat + NEAR)
    near = shapely.multipolygons(shapely.box(*corners))
    return SceneIndex(Path(where), *read_embeddings(where, spec.modality, near, tiles))


def _usable(catalogue: SceneIndex, encoder: Encoder) -> SceneIndex:
    """The scenes that the encoder can read: one that needs a date cannot read those without."""
    try:
        encoder.with_date(None)
    except DateMissing as error:
        dated = [scene for scene in catalogue.scenes if scene.date]
        undated = {scene.name: error.message for scene in catalogue.scenes if not scene.date}
        if not dated:
            raise
        return replace(catalogue, scenes=dated, skipped=catalogue.skipped | undated)
    return catalogue


def _require_finite(vectors: NDArray[np.float32], spec: EncoderSpec, ids: np.ndarray) -> None:
    """SurveyInvalid for vectors that half precision cannot hold."""
    lost = ~(np.abs(vectors) <= np.finfo(np.float16).max).all(axis=(1, 2))
    if lost.any():
        raise SurveyInvalid(
            f"{spec.name} gave features that are not finite, or beyond 65504, for the point "
            f"{ids[lost.argmax()]}.",
            "Check the encoder's weights.",
        )
