"""Encoders, text encoders and heads, and one query from scene to map."""

import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from backend.doctor import Finding
from backend.errors import GlueLinkError, HeadMismatch, WeightsMissing
from backend.resources import head_files

DEFAULT_ENCODER = "texture-s1"
DEFAULT_TEXT = "minilm"
PROBE_PX = 384


def check_encoders() -> Iterator[Finding]:
    """Check every encoder and its weights, those of other packages too."""
    from backend.encoders import list_encoders, load_encoder, third_party_encoders
    from backend.encoders.third_party import try_encoder

    def describe(name: str) -> str:
        encoder = load_encoder(name)
        try_encoder(encoder)
        spec = encoder.spec
        return f"{spec.title}: {spec.dim}-d, cells of {spec.cell_m:.0f} m"

    for name in (spec.name for spec in list_encoders()):
        yield _tried(f"Encoder {name}", name == DEFAULT_ENCODER, partial(describe, name))
    for name, error in third_party_encoders().broken.items():
        yield Finding("warning", f"Encoder {name}", error.message, error.remedy)


def check_texts() -> Iterator[Finding]:
    """Check every text encoder by embedding a phrase; loading compares the weights' checksum."""
    from backend.text import list_text_encoders, load_text_encoder

    def describe(name: str) -> str:
        encoder = load_text_encoder(name, remember=False)
        encoder.embed(["open water"])
        return str(encoder.space)

    for name in list_text_encoders():
        yield _tried(f"Text encoder {name}", name == DEFAULT_TEXT, partial(describe, name))


def check_heads() -> Iterator[Finding]:
    """Check that every head fits its encoder and text encoder, and that the default has one."""
    from backend.encoders import list_encoders
    from backend.link import find_head, load_head
    from backend.text import load_text_encoder

    specs = {spec.name: spec for spec in list_encoders()}
    for path in head_files():
        try:
            head = load_head(path)
            encoder = specs.get(head.meta.encoder)
            if encoder is None:
                raise HeadMismatch(f"Its encoder {head.meta.encoder!r} is not known here.")
            if encoder.unavailable:
                raise WeightsMissing(
                    f"Its encoder {encoder.name} cannot be loaded.", encoder.unavailable
                )
            head.check(encoder, load_text_encoder(head.meta.text).space)
        except GlueLinkError as error:
            yield Finding("warning", f"Head {path.stem}", error.message, error.remedy)
        else:
            scores = ", ".join(f"{name} {value:.3f}" for name, value in head.meta.scores.items())
            pair = f"{head.meta.encoder} to {head.meta.text}"
            yield Finding("ok", f"Head {path.stem}", f"{pair}{'; ' * bool(scores)}{scores}")
    try:
        find_head(None, specs[DEFAULT_ENCODER])
    except GlueLinkError as error:
        yield Finding("missing", "Head", error.message, error.remedy)


def check_query() -> Iterator[Finding]:
    """Ask a simulated scene for "open water", and compare the map with the truth."""
    import numpy as np
    import rasterio

    from backend.simulation import Ground, write_demo_scene

    wet_ground = (Ground.LAKE, Ground.RIVER, Ground.SEA, Ground.FLOOD)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        scene, truth = write_demo_scene(Path(folder), size_px=PROBE_PX)
        output = Path(folder) / "map.tif"
        try:
            ask(scene, "open water", output)
        except GlueLinkError as error:
            yield Finding("missing", "Query", error.message, error.remedy)
            return
        with rasterio.open(output) as file, rasterio.open(truth) as cover:
            cosine = file.read(1)
            # Scene and map share the 80 m grid, so a map's cell is a block of the truth.
            water = np.isin(cover.read(1, out_shape=cosine.shape), wet_ground)
    took = f"{time.monotonic() - began:.1f} s"
    wet, dry = float(np.nanmean(cosine[water])), float(np.nanmean(cosine[~water]))
    found = f'"open water" on a simulated scene in {took}: water {wet:.3f}, the rest {dry:.3f}'
    remedy = "" if wet > dry else "Use the head that came with GLUE-Link, or train one."
    yield Finding("ok" if wet > dry else "warning", "Query", found, remedy)


def ask(scene: Path, phrase: str, output: Path) -> None:
    """Ask one query with everything by default."""
    from backend.encoders import load_encoder
    from backend.link import find_head
    from backend.maps import align
    from backend.scenes import open_scene
    from backend.text import load_text_encoder

    encoder = load_encoder(DEFAULT_ENCODER)
    head = find_head(None, encoder.spec)
    with open_scene(scene) as opened:
        align(opened, None, [phrase], encoder, head, load_text_encoder(head.meta.text), output)


def _tried(topic: str, needed: bool, attempt: Callable[[], str]) -> Finding:
    """Return what `attempt` finds, or why it fails."""
    try:
        found = attempt()
    except GlueLinkError as error:
        return Finding("missing" if needed else "warning", topic, error.message, error.remedy)
    return Finding("ok", topic, found)
