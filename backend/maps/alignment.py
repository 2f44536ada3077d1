"""The whole way: a scene, an area and phrases to an alignment map."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from backend.encoders import Encoder, EncoderSpec
from backend.errors import AreaOutsideScene, PhraseInvalid
from backend.features.plan import for_encoder, make_plan
from backend.features.strips import Strip, blended_strips
from backend.link import LinkHead, Scorer
from backend.maps.geotiff import MapWriter, map_bytes
from backend.maps.provenance import provenance_of, tags_of
from backend.maps.statistics import PhraseStatistics, RunningStatistics
from backend.progress import Progress, silent
from backend.scenes import AnyScene
from backend.scenes.area import Area
from backend.text import TextEncoder


@dataclass(frozen=True)
class AlignmentResult:
    """A finished map; `windows` were encoded or found empty, `cells` have an answer."""

    path: Path
    phrases: list[PhraseStatistics]
    km2: float
    cells: int
    windows: int
    seconds: float
    provenance: dict[str, Any]


@dataclass(frozen=True)
class Estimate:
    """The cost of a map before it is made; `output_bytes` is that of one phrase, uncompressed."""

    km2: float
    windows: int
    cells: int
    output_bytes: int


def estimate(scene: AnyScene, area: Area | None, encoder: EncoderSpec) -> Estimate:
    """What `align` would have to do. Raises AreaOutsideScene, ConfigInvalid, BandMissing."""
    plan = make_plan(for_encoder(scene, encoder), area, encoder)
    return Estimate(
        km2=plan.km2,
        windows=plan.window_count,
        cells=plan.cell_count,
        output_bytes=map_bytes(plan.cells, 1),
    )


def check_phrases(phrases: Sequence[str]) -> list[str]:
    """Phrases with single blanks. PhraseInvalid when there is none, or an empty one."""
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
) -> AlignmentResult:
    """Write the cosine of every cell of `area` (all when None) with every phrase to `output`.

    One float32 band per phrase, NaN outside the area and the data, a cloud-optimised GeoTIFF.
    Where the encoder saw GRD and the scene is RTC, or the other way, the offset between them is
    added unless `match_product_type` is False. Nothing is left when this raises: PhraseInvalid,
    HeadMismatch, DateMissing, BandMissing, ConfigInvalid, AreaOutsideScene, DiskFull,
    OutputUnwritable, SceneUnreadable, or what `progress` raises.
    """
    began = time.monotonic()
    encoder = encoder.with_date(scene.info.date)
    scene = for_encoder(scene, encoder.spec, match_product_type)
    phrases = check_phrases(phrases)
    head.check(encoder.spec, text.space)
    plan = make_plan(scene, area, encoder.spec)
    progress("Reading the phrases", 0, 1)
    scorer = Scorer(head, text.embed(phrases))
    provenance = provenance_of(scene, area, phrases, encoder.spec, head, text)
    cell_m = plan.lattice.cell_m
    with MapWriter(output, plan.cells, cell_m, scene.utm_epsg, phrases) as writer:
        strips = blended_strips(scene, plan, encoder, progress)
        spreads = _write(writer, scorer, strips, len(phrases))
        progress("Writing the map", 0, 1)
        writer.finish(tags_of(provenance))
    cells = spreads[0].count
    return AlignmentResult(
        path=output,
        phrases=[s.summary(i, p) for i, (s, p) in enumerate(zip(spreads, phrases, strict=True), 1)],
        km2=cells * cell_m**2 / 1e6,
        cells=cells,
        windows=plan.window_count,
        seconds=time.monotonic() - began,
        provenance=provenance,
    )


def _write(
    writer: MapWriter, scorer: Scorer, strips: Iterable[Strip], bands: int
) -> list[RunningStatistics]:
    """Score and write every strip; how each band is spread. AreaOutsideScene when none has data."""
    spreads = [RunningStatistics() for _ in range(bands)]
    for strip in strips:
        cosines = _score(scorer, strip)
        for spread, band in zip(spreads, cosines, strict=True):
            spread.add(band[strip.answered])
        writer.write(strip.cells, cosines)
    if not spreads[0].count:
        raise AreaOutsideScene(
            "The scene holds no data inside the area.", "Draw the area where it has some."
        )
    return spreads


def _score(scorer: Scorer, strip: Strip) -> NDArray[np.float32]:
    """Cosines (q, h, w); NaN where there is no answer."""
    answered = torch.from_numpy(strip.answered).to(strip.features.device)
    scores = scorer.score(strip.features[answered]).float().cpu().numpy()
    cosines = np.full((scores.shape[1], *strip.answered.shape), np.nan, np.float32)
    cosines[:, strip.answered] = scores.T
    return cosines
