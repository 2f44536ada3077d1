"""Pooled features of an encoder around every point of a survey, from a folder or a STAC catalogue.

Block by block: threads read the windows of the blocks ahead while one is encoded, so memory does
not grow with the survey. What is written depends on the block alone, and a run that was stopped
goes on with the same bytes. Other points in a block can change the last bit of a row where the
encoder's arithmetic depends on the size of its batch.
"""

import os
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
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
from backend.io.batches import Batches, batch_size, read_ahead
from backend.link import VIEWS, WEDGES, Pooling
from backend.progress import Progress, silent
from backend.scenes import PIXEL_M, Scene, SceneIndex, read_scene_index, sources
from backend.scenes.index import SceneEntry
from backend.scenes.stac import PointScenes, read_scenes_around
from backend.scenes.tiled.open import TiledEntry
from backend.survey.cache import Survey
from backend.survey.imagery import Candidate, Imagery, Window, inside
from backend.survey.layers import Layer
from backend.survey.points import summarise

LEAST_VALID = 0.5  # of a wedge's weight: a view with less data is not valid
# At a straight border two wedges have data in exactly half of them: rounding must not decide.
_TOLERANCE = 1e-9
HALF_WINDOW_DEG = 0.008  # half a window of 500 m in longitude, up to 70 degrees of latitude
EARLIER = "known from an earlier run"
READERS = min(8, os.cpu_count() or 1)
REMOTE_READERS = 16  # they wait for a host, not for the processor
FILES_SHOWN = 10
SEARCHES = "searches"  # folder in the survey cache for the answers of a STAC catalogue
POINTS_PER_TASK = 16

Block = tuple[tuple[slice, list[list[int]]], list[Callable[[], list[Window]]]]


@dataclass
class PoolReport:
    """What became of the points of a survey, and of the scenes."""

    layer: Path
    """Folder of the feature layer."""

    present: int = 0
    """Points with valid views from an earlier run."""

    pooled: int = 0
    """Points with valid views from this run."""

    without: Counter[str] = field(default_factory=Counter)
    """Points without a valid view, by reason."""

    scenes: int = 0
    """Scenes in the index."""

    rules: list[str] = field(default_factory=list)
    """How the values of an embedding or of Sentinel-2 are read, in words."""

    skipped: dict[str, str] = field(default_factory=dict)
    """Files that are not a scene, and why."""

    damaged: dict[str, str] = field(default_factory=dict)
    """Scenes that failed later, and why."""

    waiting: int = 0
    """Points left for the next run, because a scene's host cannot be reached at the moment."""

    def count(self, windows: list[Window], valid: NDArray[np.bool_]) -> int:
        """Count points whose views (points, 4) are valid or not; return how many have none."""
        unseen = np.flatnonzero(~valid.any(axis=1)).tolist()
        self.pooled += len(windows) - len(unseen)
        self.without.update(windows[point].unavailable for point in unseen)
        return len(unseen)

    def sentences(self) -> Iterator[str]:
        """Yield what became of the points and of the scenes, in words."""
        yield f"{self.pooled:,} points encoded, {self.present:,} were already there."
        if self.without:
            yield f"{self.without.total():,} without imagery: {summarise(self.without)}."
            yield f"They are not tried again; to try other scenes, delete {self.layer} first."
        yield from self.rules
        if self.waiting:
            yield f"{self.waiting:,} points wait for scenes that cannot be reached at the moment."
            yield "Run it again to try once more, or with --settle to leave those scenes out."
        yield from _files("Files that are not a scene", self.skipped)
        yield from _files("Scenes that could not be read", self.damaged)


def _files(what: str, reasons: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with some files, of the first few by name."""
    if reasons:
        yield f"{what}: {len(reasons):,}."
    for name, reason in list(reasons.items())[:FILES_SHOWN]:
        yield f"  {name}: {reason}"


def pool_points(
    survey: Survey,
    scenes: str | Path | PointScenes,
    encoder: Encoder,
    pooling: Pooling = WEDGES,
    progress: Progress = silent,
    tiles: str | Path | None = None,
    settle: bool = False,
) -> PoolReport:
    """Fill the feature layer of an encoder with pooled views of the window around every point.

    `scenes` is a folder of Sentinel-1 scenes or Sentinel-2 pictures, as the encoder reads, or the
    scenes of a STAC catalogue; for an embedding a folder, an index or an address, with `tiles`
    where the tiles of an index lie. It may be stopped or killed at any moment, and a later call
    goes on from there. A point without imagery has no valid view. A block with a point whose scene
    cannot be reached at the moment is left for a later call, unless `settle` is true.

    Example:
        survey = create_survey(Path("lucas.zarr"), read_points(table), {"kind": "table"})
        report = pool_points(survey, "s1", load_encoder("ssl4eo-s1", weights))

    Raises:
        SceneUnreadable: there is no scene.
        DateMissing: the encoder needs a date, and no scene has one.
        SurveyInvalid: features are not finite, or the layer belongs to another encoder.
        ConfigInvalid: the encoder reads imagery that is not offered here.
        OutOfMemory: the memory of the device is too small for a single window.
        GlueLinkError: what `read_scenes_around` raises, for a STAC catalogue.
    """
    spec = encoder.spec
    _require_readable(spec)
    layer = survey.feature_layer(spec, pooling)
    missing = layer.missing()
    done, total = 0, sum(rows.stop - rows.start for rows in missing)
    report = _report_so_far(layer, len(layer) - total)
    if not missing:
        return report
    index = _read_index(survey, scenes, encoder, progress, tiles)
    report.scenes, report.skipped, report.rules = len(index.scenes), index.skipped, _rules(index)
    layer.note({"imagery": _describe(index)})

    def tick(points: int = 0) -> None:
        nonlocal done
        done += points
        progress("points", done, total)

    batches = Batches(batch_size(encoder.device.type), tick)
    readers = REMOTE_READERS if isinstance(scenes, PointScenes) else READERS
    with (
        Imagery(index, spec.window_px, spec) as imagery,
        closing(_windows(survey, imagery, missing, readers, tick)) as blocks,
    ):
        for rows, windows in blocks:
            if not settle and any(window.waits for window in windows):
                report.waiting += len(windows)
                tick(len(windows))
                continue
            vectors, valid = _pool(windows, encoder, pooling, batches)
            _require_finite(vectors, spec, survey.ids[rows])
            layer.write(rows, vectors, valid)
            tick(report.count(windows, valid))
        report.damaged = dict(sorted(imagery.damaged.items()))
    return report


def _read_index(
    survey: Survey,
    scenes: str | Path | PointScenes,
    encoder: Encoder,
    progress: Progress,
    tiles: str | Path | None,
) -> SceneIndex:
    """Return the scenes that the encoder can read."""
    spec = encoder.spec
    if isinstance(scenes, PointScenes):
        if spec.modality != Scene.modality:
            raise ConfigInvalid(
                f"{spec.name} reads {spec.modality}, and a STAC catalogue of "
                f"{scenes.provider.collection} was given.",
                "Give --scenes: a folder, an index or an address of the embedding.",
            )
        positions = (survey.lon, survey.lat, survey.date)
        searches = survey.path / SEARCHES
        return _dated(read_scenes_around(scenes, *positions, searches, progress), encoder)
    corners = [
        axis + side
        for side in (-HALF_WINDOW_DEG, HALF_WINDOW_DEG)
        for axis in (survey.lon, survey.lat)
    ]
    near = shapely.multipolygons(shapely.box(*corners))
    return _dated(read_scene_index(scenes, spec.modality, near, tiles, progress), encoder)


def _dated(index: SceneIndex, encoder: Encoder) -> SceneIndex:
    """Return the scenes that an encoder can read: those with a date if it needs one."""
    try:
        encoder.with_date(None)
    except DateMissing as error:
        dated = [scene for scene in index.scenes if scene.date]
        undated = {scene.name: error.message for scene in index.scenes if not scene.date}
        if not dated:
            raise
        return replace(index, scenes=dated, skipped=index.skipped | undated)
    return index


def _describe(index: SceneIndex) -> dict[str, Any]:
    """Return the imagery to choose from, in numbers and words."""
    dates = sorted(scene.date.isoformat() for scene in index.scenes if scene.date)
    return {
        "scenes": len(index.scenes),
        "products": sorted(set(map(_kind_of, index.scenes))),
        "dates": [dates[0], dates[-1]] if dates else [],
    }


def _kind_of(scene: SceneEntry) -> str:
    """Return GRD or RTC, where it is known, or the source of tiles."""
    if isinstance(scene, TiledEntry):
        return scene.tiles[0].source.title
    return scene.product_type or "unknown"


def _rules(index: SceneIndex) -> list[str]:
    """Return how the values of embeddings and of Sentinel-2 are read, in words."""
    tiled = (scene for scene in index.scenes if isinstance(scene, TiledEntry))
    return sorted({rule for scene in tiled for rule in scene.rules})


def _report_so_far(layer: Layer, finished: int) -> PoolReport:
    """Return what earlier runs made of the points that they finished."""
    present = int(layer.valid().any(axis=1).sum())
    without = Counter({EARLIER: finished - present} if finished > present else {})
    return PoolReport(layer.path, present, without=without)


def _pool(
    windows: Sequence[Window], encoder: Encoder, pooling: Pooling, batches: Batches
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return pooled views (k, 4, d) of the windows of a block, and which are valid (k, 4)."""
    spec = encoder.spec
    vectors = np.zeros((len(windows), len(VIEWS), spec.dim), np.float32)
    valid = np.array([_valid_views(window, spec, pooling) for window in windows])
    seen = np.flatnonzero(valid.any(axis=1))

    def encode(batch: slice) -> NDArray[np.float32]:
        values = np.stack([windows[point].values for point in seen[batch]])
        dated = encoder.with_date([windows[point].date for point in seen[batch]])
        return pooling.pool(dated.encode_within(values), spec.cell_m).cpu().numpy()

    pooled = chain.from_iterable(batches.over(len(seen), encode))
    for point, views in zip(seen, pooled, strict=True):
        vectors[point] = views
    return vectors, valid


def _valid_views(window: Window, spec: EncoderSpec, pooling: Pooling) -> NDArray[np.bool_]:
    """Return which views (4,) of a window have data in enough of their wedge."""
    if window.values is None:
        return np.zeros(len(VIEWS), bool)
    (height, width), side = spec.grid, spec.cell_px
    values = inside(window.values, spec.margin_px)[0]
    has_data = np.isfinite(values[: height * side, : width * side])
    share = has_data.reshape(height, side, width, side).mean(axis=(1, 3))
    cells = torch.from_numpy(np.stack([share, np.ones_like(share)], axis=-1))
    # Pooled like features, with the same cells and weights: the share of each wedge with data.
    pooled = pooling.pool(cells[None], spec.cell_m)[0]
    return (pooled[:, 0] >= (LEAST_VALID - _TOLERANCE) * pooled[:, 1]).numpy()


def _windows(
    survey: Survey,
    imagery: Imagery,
    blocks: Iterable[slice],
    readers: int,
    tick: Callable[[], None],
) -> Generator[tuple[slice, list[Window]]]:
    """Yield each block with the windows of its points, which threads read ahead."""
    with closing(read_ahead(_blocks(survey, imagery, blocks), readers, tick)) as found:
        for (rows, groups), read in found:
            by_point = dict(zip(chain(*groups), chain(*read), strict=True))
            yield rows, [by_point[point] for point in range(len(by_point))]


def _blocks(survey: Survey, imagery: Imagery, blocks: Iterable[slice]) -> Iterator[Block]:
    """Yield each block with its points in groups, and a task that reads each group."""
    for rows in blocks:
        candidates = imagery.candidates(survey.lon[rows], survey.lat[rows], survey.date[rows])
        groups = list(_groups(candidates))
        yield (
            (rows, groups),
            [partial(_read, imagery, [candidates[point] for point in group]) for group in groups],
        )


def _groups(candidates: list[list[Candidate]]) -> Iterator[list[int]]:
    """Yield the points of a block in groups for one thread, from few scenes, north to south."""

    def location(point: int) -> tuple[str, int]:
        first = candidates[point][0] if candidates[point] else None
        return (first.scenes[0].name, first.window.row0) if first else ("", 0)

    order = sorted(range(len(candidates)), key=location)
    for start in range(0, len(order), POINTS_PER_TASK):
        yield order[start : start + POINTS_PER_TASK]


def _read(imagery: Imagery, points: list[list[Candidate]]) -> list[Window]:
    return [imagery.window(candidates) for candidates in points]


def _require_readable(spec: EncoderSpec) -> None:
    if spec.modality not in (Scene.modality, *sources()) or spec.pixel_m != PIXEL_M:
        raise ConfigInvalid(
            f"{spec.name} reads {spec.modality} with pixels of {spec.pixel_m:g} m; expected "
            f"Sentinel-1, an embedding or Sentinel-2 with pixels of {PIXEL_M:g} m.",
            "Choose another encoder.",
        )
    if spec.dates == "stacked":
        raise ConfigInvalid(
            f"{spec.name} takes {spec.least_dates} dates or more; a survey's imagery has one each.",
            "Choose an encoder of one date.",
        )


def _require_finite(vectors: NDArray[np.float32], spec: EncoderSpec, ids: np.ndarray) -> None:
    """Check that half precision can hold the vectors."""
    lost = ~(np.abs(vectors) <= np.finfo(np.float16).max).all(axis=(1, 2))
    if lost.any():
        raise SurveyInvalid(
            f"{spec.name} gave features that are not finite, or beyond 65504, for the point "
            f"{ids[lost.argmax()]}.",
            "Check the encoder's weights.",
        )
