"""Score the features of an area against phrases, and write the alignment map."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from backend.encoders import Encoder, EncoderSpec
from backend.errors import AreaOutsideScene, PhraseInvalid, SceneUnreadable
from backend.features.ask import Answer, FoldedPhrases, LinkNorms, ask
from backend.features.lattice import CellBox, Quality
from backend.features.plan import Plan, for_encoder, make_plan
from backend.features.store import (
    FeatureArray,
    FeatureStore,
    Filled,
    StoredBlock,
    held_of,
    stored_blocks,
)
from backend.features.strips import Strip, blended_strips
from backend.link import LinkHead, Scorer
from backend.maps.geotiff import MapWriter, map_bytes
from backend.maps.provenance import provenance_of, tags_of
from backend.maps.statistics import PhraseStatistics, RunningStatistics
from backend.progress import Progress, silent
from backend.scenes import AnyScene
from backend.scenes.area import Area
from backend.scenes.files import state_of
from backend.text import TextEncoder


@dataclass(frozen=True)
class AlignmentResult:
    """A finished map."""

    path: Path
    """The file."""

    phrases: list[PhraseStatistics]
    """Statistics of each band."""

    km2: float
    """Size of the cells that have an answer."""

    cells: int
    """Number of the cells that have an answer."""

    windows: int
    """Number of windows that were encoded or had no data; 0 where a store held all."""

    seconds: float
    """Time that it took."""

    provenance: dict[str, Any]
    """What the map depends on; see `provenance_of`."""

    filled: Filled | None = None
    """What was found in the store and what was encoded; None without a store."""


@dataclass(frozen=True)
class Estimate:
    """The cost of a map before it is made."""

    km2: float
    """Size of the area inside the scene."""

    windows: int
    """Windows to encode."""

    cells: int
    """Cells that are asked for."""

    output_bytes: int
    """Size of one band, uncompressed."""

    encoded: float
    """Share of these cells that the store holds, from 0 to 1."""

    lacking: int
    """Windows still to be encoded: of whole blocks, where there is a store."""

    footprint: dict[str, Any] | None
    """GeoJSON MultiPolygon in degrees of what the store holds of the scene, in the area and beyond;
    null where that is nothing."""


def estimate(
    scene: AnyScene,
    area: Area | None,
    encoder: EncoderSpec,
    match_product_type: bool = True,
    quality: Quality = "fine",
    store: FeatureStore | None = None,
) -> Estimate:
    """Return what `align` would have to do. No pixel is read.

    Raises:
        AreaOutsideScene: the area and the scene do not overlap.
        BandMissing: the scene lacks a band that the encoder reads.
        ConfigInvalid: the encoder reads another kind of scene.
        StoreInvalid: the store cannot be read.
    """
    scene = for_encoder(scene, encoder, match_product_type)
    plan = make_plan(scene, area, encoder, quality)
    held = held_of(store, scene, plan, encoder) if store else None
    return Estimate(
        km2=plan.km2,
        windows=plan.window_count,
        cells=plan.cell_count,
        output_bytes=map_bytes(plan.cells, 1),
        encoded=held.share if held else 0.0,
        lacking=held.lacking if held else plan.window_count,
        footprint=held.footprint if held else None,
    )


def check_phrases(phrases: Sequence[str]) -> list[str]:
    """Return phrases with single blanks.

    Raises:
        PhraseInvalid: there is none, or an empty one.
    """
    stripped = [" ".join(phrase.split()) for phrase in phrases]
    if not stripped or not all(stripped):
        raise PhraseInvalid("A phrase is empty.", "Type what to look for, such as open water.")
    return stripped


def align(
    scene: AnyScene,
    area: Area | None,
    phrases: Sequence[str],
    encoder: Encoder,
    head: LinkHead,
    text: TextEncoder,
    output: Path,
    progress: Progress = silent,
    match_product_type: bool = True,
    quality: Quality = "fine",
    store: FeatureStore | None = None,
) -> AlignmentResult:
    """Write the cosine of every cell of an area, or of the scene when None, with every phrase.

    The map is a cloud-optimised GeoTIFF with one float32 band per phrase, NaN outside the area and
    the data. Where the encoder was trained on GRD and the scene is RTC, or the reverse, the offset
    between them is added unless `match_product_type` is False. `quality` says how the windows of an
    encoder without a reach lie: see `Lattice`. With a `store`, cells that it holds are asked, and
    those that it lacks are encoded and kept; the map then differs by what int8 rounds off
    (docs/store.md). When this raises, also from `progress`, no map is left.

    Example:
        encoder, text = load_encoder("texture-s1"), load_text_encoder("minilm")
        with open_scene(Path("scene.tif")) as scene:
            head = find_head(None, encoder.spec)
            align(scene, None, ["open water"], encoder, head, text, Path("map.tif"))

    Raises:
        PhraseInvalid: a phrase is empty.
        HeadMismatch: the head belongs to another encoder or text encoder.
        DateMissing: the encoder needs the scene's date, which is not known.
        BandMissing: the scene lacks a band that the encoder reads.
        ConfigInvalid: the encoder reads another kind of scene.
        AreaOutsideScene: the scene has no data inside the area.
        SceneUnreadable: the scene's file is damaged.
        OutOfMemory: the memory of the device is too small for a single window.
        DiskFull: the map does not fit on the disk.
        OutputUnwritable: the map cannot be written there.
        StoreInvalid: the store cannot be read.
    """
    began = time.monotonic()
    encoder = encoder.with_date(scene.info.date)
    scene = for_encoder(scene, encoder.spec, match_product_type)
    phrases = check_phrases(phrases)
    head.check(encoder.spec, text.space)
    plan = make_plan(scene, area, encoder.spec, quality)
    progress("Reading the phrases", 0, 1)
    scorer = Scorer(head, text.embed(phrases))
    provenance = provenance_of(scene, area, phrases, encoder.spec, plan.lattice, head, text)
    cell_m = plan.lattice.cell_m
    array = store.array_for(scene, encoder.spec, plan.lattice) if store else None
    filled = Filled()
    with MapWriter(output, plan.cells, cell_m, scene.utm_epsg, phrases) as writer:
        if array:
            blocks = stored_blocks(array, scene, plan, encoder, progress, filled)
            answers = _stored_answers(array, blocks, plan, head, scorer)
        else:
            strips = blended_strips(scene, plan, encoder, progress)
            answers = _encoded_answers(strips, scorer, len(phrases))
        statistics = _write(writer, answers, len(phrases))
        progress("Writing the map", 0, 1)
        require_unchanged(scene)
        writer.finish(tags_of(provenance))
    cells = statistics[0].count
    return AlignmentResult(
        path=output,
        phrases=[one.summary(band, phrases[band - 1]) for band, one in enumerate(statistics, 1)],
        km2=cells * cell_m**2 / 1e6,
        cells=cells,
        windows=filled.encoded * array.windows_per_block if array else plan.window_count,
        seconds=time.monotonic() - began,
        provenance=provenance,
        filled=filled if array else None,
    )


def require_unchanged(scene: AnyScene) -> None:
    """Check that a scene's files are as they were when it was opened.

    Raises:
        SceneUnreadable: one was written while it was read, so that a map may hold parts of both.
    """
    if scene.state is not None and scene.state != state_of(scene.files or ()):
        raise SceneUnreadable(
            f"A file of {scene.info.name} was changed while it was read.",
            "Run it again once the file is complete.",
        )


def _stored_answers(
    array: FeatureArray,
    blocks: Iterable[StoredBlock],
    plan: Plan,
    head: LinkHead,
    scorer: Scorer,
) -> Iterator[Answer]:
    """Yield the answers of the cells of a plan from stored blocks."""
    for answer in ask(blocks, FoldedPhrases.of(scorer), LinkNorms(array, head, scorer)):
        cells: CellBox = answer.cells.intersection(plan.cells)
        cosines = answer.cosines[:, *cells.within(answer.cells)]
        yield Answer(cells, np.where(plan.requested(cells), cosines, np.float32(np.nan)))


def _encoded_answers(strips: Iterable[Strip], scorer: Scorer, bands: int) -> Iterator[Answer]:
    """Yield the answers of cells that have just been encoded."""
    for strip in strips:
        answered = torch.from_numpy(strip.answered).to(strip.features.device)
        scores = scorer.score(strip.features[answered]).float().cpu().numpy()
        cosines = np.full((bands, *strip.answered.shape), np.nan, np.float32)
        cosines[:, strip.answered] = scores.T
        yield Answer(strip.cells, cosines)


def _write(writer: MapWriter, answers: Iterable[Answer], bands: int) -> list[RunningStatistics]:
    """Write every answer; return the statistics of each band."""
    statistics = [RunningStatistics() for _ in range(bands)]
    for answer in answers:
        answered = answer.answered
        for one, band in zip(statistics, answer.cosines, strict=True):
            one.add(band[answered])
        writer.write(answer.cells, answer.cosines)
    if not statistics[0].count:
        raise AreaOutsideScene(
            "The scene has no data inside the area.", "Draw the area where it has data."
        )
    return statistics
