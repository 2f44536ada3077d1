"""Jobs of the kind alignment: one scene, an area, phrases; one map."""

import dataclasses
import re
import unicodedata
from pathlib import Path

from backend.errors import PhraseInvalid
from backend.maps import Area, align
from backend.maps import estimate as estimate_area
from backend.maps.alignment import check_phrases
from backend.progress import Progress
from backend.service.desk import Desk
from backend.service.engine import Engine
from backend.service.scenes import SceneEntry
from backend.service.schemas import (
    Estimate,
    EstimateRequest,
    JobRequest,
    JobResult,
    PhraseStatistics,
    ResultFile,
)
from backend.service.settings import Settings

COG = "image/tiff; application=geotiff; profile=cloud-optimized"


def check(request: JobRequest, desk: Desk) -> None:
    """Raise what `run` would raise for phrases, encoder, head, area, scene."""
    entry = desk.scenes.get(request.scene)
    check_phrases(request.phrases)
    check_limits(request.phrases, desk.settings)
    desk.engine.head(request.head, desk.engine.spec(request.encoder))
    estimate(request, entry, desk.engine)


def check_limits(phrases: list[str], settings: Settings) -> None:
    """Raise PhraseInvalid for more or longer phrases than the service takes, or unwritable ones."""
    if len(phrases) > settings.max_phrases:
        raise PhraseInvalid(
            f"The request has {len(phrases)} phrases; at most {settings.max_phrases} are taken.",
            "Ask for the others in a second job.",
        )
    for phrase in phrases:
        if len(phrase) > settings.max_phrase_length:
            raise PhraseInvalid(
                f'The phrase "{phrase[:40]}…" has {len(phrase)} characters; at most '
                f"{settings.max_phrase_length} are taken.",
                "Say it shorter.",
            )
        if any(unicodedata.category(c) == "Cc" and not c.isspace() for c in phrase):
            raise PhraseInvalid(
                f"The phrase {phrase!r} has control characters, which no file can hold.",
                "Type it anew.",
            )


def estimate(request: JobRequest | EstimateRequest, entry: SceneEntry, engine: Engine) -> Estimate:
    """What the area would cost. Raises AreaInvalid, AreaOutsideScene, SceneUnreadable."""
    with entry.open() as scene:
        cost = estimate_area(scene, area_of(request), engine.spec(request.encoder))
    seconds = engine.seconds(request.encoder, cost.windows)
    return Estimate(**dataclasses.asdict(cost), seconds=seconds)


def area_of(request: JobRequest | EstimateRequest) -> Area | None:
    """The area that was drawn; None for the whole scene."""
    return Area.from_geojson(request.aoi, crs=request.aoi_crs) if request.aoi is not None else None


def run(request: JobRequest, desk: Desk, folder: Path, progress: Progress) -> JobResult:
    """Write the map into `folder`."""
    engine, entry = desk.engine, desk.scenes.get(request.scene)
    head = engine.head(request.head, engine.spec(request.encoder))
    text = engine.text(head.meta.text, request.phrases, progress)
    encoder = engine.encoder(request.encoder, progress)
    output = folder / map_name(entry.info.name, request.phrases)
    with entry.open() as scene:
        made = align(
            scene,
            area_of(request),
            request.phrases,
            encoder,
            head,
            text,
            output,
            progress,
            request.match_product_type,
        )
    engine.note(request.encoder, made.windows, made.seconds)
    return JobResult(
        files=[ResultFile(name=output.name, bytes=output.stat().st_size, media_type=COG)],
        phrases=[PhraseStatistics(**dataclasses.asdict(one)) for one in made.phrases],
        km2=made.km2,
        cells=made.cells,
        windows=made.windows,
        seconds=made.seconds,
        provenance=made.provenance,
    )


def map_name(scene: str, phrases: list[str]) -> str:
    """A file name that says what was asked of what, in letters every system knows."""
    words = [
        re.sub(r"[^a-z0-9]+", "-", part.lower())[:40].strip("-") for part in (phrases[0], scene)
    ]
    return "_".join(filter(None, words)) + ".tif" if any(words) else "map.tif"
