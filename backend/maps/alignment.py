"""Score the features of an area against phrases, and write the alignment map."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.encoders import Encoder, EncoderSpec
from backend.errors import AreaOutsideScene, SceneUnreadable
from backend.features.ask import Answer, BestCells
from backend.features.lattice import Quality
from backend.features.plan import for_encoder, make_plan
from backend.features.store import FeatureStore, Filled, held_of
from backend.io.unchanged import state_of
from backend.link import LinkHead
from backend.link.reading import Reading, RunningReading
from backend.maps.examples import NO_EXAMPLES, Examples
from backend.maps.geotiff import MapWriter, map_bytes
from backend.maps.inquiry import Inquiry, Measure
from backend.maps.provenance import provenance_of, tags_of
from backend.maps.statistics import PhraseStatistics, RunningStatistics
from backend.progress import Progress, silent
from backend.scenes import AnyScene
from backend.scenes.area import Area
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
    but_not: Sequence[str] = (),
    examples: Examples = NO_EXAMPLES,
    measure: Measure = "cosine",
) -> AlignmentResult:
    """Write the cosine of every cell of an area, or of the scene when None, with every phrase.

    The map is a cloud-optimised GeoTIFF with one float32 band per phrase, NaN outside the area and
    the data. Where the encoder was trained on GRD and the scene is RTC, or the reverse, the offset
    between them is added unless `match_product_type` is False. `quality` says how the windows of an
    encoder without a reach lie: see `Lattice`. With a `store`, cells that it holds are asked, and
    those that it lacks are encoded and kept; the map then differs by what int8 rounds off
    (docs/store.md). The mean cosine with the phrases `but_not` is subtracted from every band, which
    is then a contrast between -2 and 2, and has no reading but that nothing is like its phrase.
    `examples` are cells that count as phrases do: those liked in a mean with each phrase, the
    others among what is subtracted; with a cell that is liked a band has no reading at all. With
    the measure "rank" a value is the share of the head's neutral words that fit the cell worse.
    When this raises, also from `progress`, no map is left.

    Example:
        encoder, text = load_encoder("texture-s1"), load_text_encoder("minilm")
        with open_scene(Path("scene.tif")) as scene:
            head = find_head(None, encoder.spec)
            align(scene, None, ["open water"], encoder, head, text, Path("map.tif"))

    Raises:
        PhraseInvalid: a phrase is empty, or is asked and subtracted, or nothing is asked.
        HeadMismatch: the head belongs to another encoder or text encoder.
        DateMissing: the encoder needs the scene's date, which is not known.
        BandMissing: the scene lacks a band that the encoder reads.
        ConfigInvalid: the encoder reads another kind of scene; no rank among words is known.
        AreaOutsideScene: the scene has no data inside the area, or at an example.
        SceneUnreadable: the scene's file is damaged.
        OutOfMemory: the memory of the device is too small for a single window.
        DiskFull: the map does not fit on the disk.
        OutputUnwritable: the map cannot be written there.
        StoreInvalid: the store cannot be read.
    """
    asked = Inquiry.of(
        scene,
        area,
        phrases,
        encoder,
        head,
        text,
        match_product_type,
        quality,
        store,
        but_not=but_not,
        examples=examples,
        measure=measure,
    )
    return write_map(asked, output, progress)


def write_map(
    asked: Inquiry, output: Path, progress: Progress = silent, best: BestCells | None = None
) -> AlignmentResult:
    """Write the answers of an inquiry as a map, and take them into `best`; see `align`.

    Raises:
        AreaOutsideScene: no cell of the area has data.
        SceneUnreadable: a file of the scene was changed while it was read.
    """
    began = time.monotonic()
    labels, cell_m = asked.labels, asked.cell_m
    with MapWriter(output, asked.cells, cell_m, asked.scene.utm_epsg, labels) as writer:
        statistics = [RunningStatistics() for _ in labels]
        reader = reader_of(asked)
        for answer in _read_answers(asked, reader, progress):
            writer.write(answer.cells, answer.cosines)
            for one, band in zip(statistics, answer.cosines[:, answer.answered], strict=True):
                one.add(band)
            if best:
                best.add(answer)
        if not statistics[0].count:
            raise nothing_answered()
        progress("Writing the map", 0, 1)
        require_unchanged(asked.scene)
        readings = readings_of(asked, reader)
        provenance = provenance_of(asked)
        writer.finish(tags_of(provenance, labels, readings))
    cells, bands = statistics[0].count, enumerate(zip(statistics, labels, readings, strict=True), 1)
    return AlignmentResult(
        path=output,
        phrases=[one.summary(band, label, read) for band, (one, label, read) in bands],
        km2=cells * cell_m**2 / 1e6,
        cells=cells,
        windows=asked.windows,
        seconds=time.monotonic() - began,
        provenance=provenance,
        filled=asked.filled,
    )


def _read_answers(
    asked: Inquiry, reader: RunningReading | None, progress: Progress
) -> Iterator[Answer]:
    """Yield answers with the values of the map, a band for each label; take them into a reading."""
    if reader is None:
        yield from asked.answers(progress)
        return
    bands = len(asked.labels)
    for answer in asked.answers(progress, beside_of(asked, reader)):
        cosines = answer.cosines[:, answer.answered]
        reader.add(cosines[bands:] if asked.is_contrast else cosines)
        ranked = asked.measure == "rank"
        values = reader.ranks(answer.cosines) if ranked else answer.cosines[:bands]
        yield replace(answer, cosines=values)


def reader_of(asked: Inquiry) -> RunningReading | None:
    """Return what reads the cosines of a map; None where nothing is known of them.

    Means of several cells hide what is rare, so coarser cells are not read. What a cell that is
    liked means, no calibration tells.
    """
    if asked.head.calibration is None or asked.coarser > 1 or asked.examples.like:
        return None
    return RunningReading(asked.head, asked.vectors)


def beside_of(asked: Inquiry, reader: RunningReading) -> NDArray[np.float32]:
    """Return what is asked beside the phrases (k, D), so that they can be read."""
    # A contrast has no reading of its own: its phrases are asked once more, as they are.
    return np.concatenate([asked.vectors, reader.beside]) if asked.is_contrast else reader.beside


def readings_of(asked: Inquiry, reader: RunningReading | None) -> list[Reading | None]:
    """Return the reading of each band; of a contrast only that nothing is like its phrase."""
    if reader is None:
        return [None] * len(asked.labels)
    return [
        one if one.verdict == "nothing" or not asked.is_contrast else None
        for one in reader.summary()
    ]


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


def nothing_answered() -> AreaOutsideScene:
    """Return the error of an area in which no cell has data."""
    return AreaOutsideScene(
        "The scene has no data inside the area.", "Draw the area where it has data."
    )
