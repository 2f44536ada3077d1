"""What works here, what is missing, how to mend it: python -m backend.doctor."""

import dataclasses
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Annotated, Literal

import typer

from backend import __version__
from backend.commands import new_app, run
from backend.errors import GlueLinkError, HeadMismatch, WeightsMissing
from backend.resources import head_files, user_path

app = new_app()

Level = Literal["ok", "warning", "missing"]

GIB = 1024**3
NEEDED_MEMORY = 2 * GIB
NEEDED_DISK = 2 * GIB
DEFAULT_ENCODER = "texture-s1"
DEFAULT_TEXT = "minilm"
PROBE_PX = 384


@dataclasses.dataclass(frozen=True)
class Finding:
    """One line of the report."""

    level: Level
    """The word "missing" means that the embedded default does not work."""
    topic: str
    text: str
    """What was found, in one sentence."""
    remedy: str = ""
    """What to do about it; empty when all is well."""


def check_python() -> Iterator[Finding]:
    """Check GLUE-Link's and Python's versions."""
    fits = (3, 11) <= sys.version_info < (3, 14)
    found = f"{platform.python_version()} at {sys.executable}, GLUE-Link {__version__}"
    remedy = "" if fits else "Make the environment with Python 3.11, 3.12 or 3.13: make setup."
    yield Finding("ok" if fits else "missing", "Python", found, remedy)


def check_device() -> Iterator[Finding]:
    """Check torch, the device it uses, and a graphics card it does not use."""
    import torch

    from backend.service.device import describe_device

    device = describe_device()
    memory = f", {device.memory_free / GIB:.1f} of {device.memory_total / GIB:.1f} GiB free"
    found = f"torch {torch.__version__} on {device.name}{memory * (device.kind != 'cpu')}"
    yield Finding("ok", "Device", found)
    if device.kind == "cpu" and has_nvidia_card():
        without = torch.version.cuda is None
        why = "this torch was built without CUDA" if without else "CUDA cannot be used"
        remedy = "Update the card's driver; nvidia-smi must work."
        if without:
            remedy = (
                "Install torch's CUDA build into the backend's environment (pytorch.org says how)."
            )
        yield Finding("warning", "Device", f"There is an NVIDIA card, but {why}.", remedy)
    if importlib.util.find_spec("torchvision") and torch.version.cuda is None:
        yield Finding(
            "warning",
            "Device",
            "torchvision is installed beside a torch without CUDA, which breaks transformers.",
            "pip uninstall torchvision",
        )


def has_nvidia_card() -> bool:
    """Return whether the system knows of an NVIDIA card, whatever torch says."""
    return Path("/proc/driver/nvidia/version").exists() or bool(shutil.which("nvidia-smi"))


def check_room() -> Iterator[Finding]:
    """Check main memory and disk."""
    from backend.device import main_memory

    total, free = main_memory()
    if total:
        found = f"{free / GIB:.1f} of {total / GIB:.1f} GiB free"
        yield _enough(free, NEEDED_MEMORY, "Memory", found, "Close other programs.")
    for what, folder in (("own files", user_path()), ("temporary", Path(tempfile.gettempdir()))):
        near = next(path for path in (folder, *folder.parents) if path.exists())
        left = shutil.disk_usage(near).free
        found = f"{left / GIB:.1f} GiB free at {folder} ({what})"
        remedy = "Make room, or choose another folder: GLUELINK_HOME, TMPDIR."
        yield _enough(left, NEEDED_DISK, "Disk", found, remedy)
        if not os.access(near, os.W_OK):
            yield Finding("missing", "Disk", f"{near} cannot be written.", remedy)


def _enough(free: int, needed: int, topic: str, found: str, remedy: str) -> Finding:
    if free >= needed:
        return Finding("ok", topic, found)
    return Finding("warning", topic, f"{found}; {needed / GIB:.0f} GiB are advisable", remedy)


def check_packages() -> Iterator[Finding]:
    """Check that every package is there, in the range that is needed."""
    from packaging.requirements import Requirement

    fine, wrong = [], []
    for requirement in map(Requirement, requirements()):
        try:
            version = metadata.version(requirement.name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{requirement} is not installed")
            continue
        if requirement.specifier.contains(version, prereleases=True):
            fine.append(f"{requirement.name} {version}")
        else:
            wrong.append(f"{requirement.name} is {version}, needed is {requirement.specifier}")
    if fine:
        yield Finding("ok", "Packages", ", ".join(fine))
    for sentence in wrong:
        yield Finding("missing", "Packages", f"{sentence}.", "Run make setup.")


def requirements() -> list[str]:
    """Return the project's own list: of the clone, or of the installed wheel."""
    project = Path(__file__).parents[1] / "pyproject.toml"
    if project.is_file():
        listed = tomllib.loads(project.read_text(encoding="utf-8"))
        return list(listed["project"]["dependencies"])
    return [one for one in metadata.requires("gluelink") or [] if "extra ==" not in one]


def check_rasters() -> Iterator[Finding]:
    """Check that GDAL has the drivers that are needed, and that PROJ finds its database."""
    import rasterio
    from rasterio.crs import CRS
    from rasterio.errors import CRSError

    with rasterio.Env() as environment:
        absent = sorted({"GTiff", "COG", "VRT"} - set(environment.drivers()))
    found = f"GDAL {rasterio.__gdal_version__} in rasterio {rasterio.__version__}"
    if absent:
        remedy = "Install rasterio's own wheel: make setup."
        yield Finding("missing", "GDAL", f"{found} lacks {', '.join(absent)}.", remedy)
    else:
        yield Finding("ok", "GDAL", found)
    foreign = [name for name in ("PROJ_LIB", "PROJ_DATA", "GDAL_DATA") if name in os.environ]
    remedy = f"Unset {' and '.join(foreign)} for the backend." if foreign else "Run make setup."
    try:
        CRS.from_epsg(32632)
    except CRSError as error:
        yield Finding("missing", "PROJ", f"UTM zones are not known: {error}.", remedy)
    else:
        if foreign:
            found = f"{' and '.join(foreign)} may point to another installation's files."
            yield Finding("warning", "PROJ", found, remedy)


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


def check_qgis() -> Iterator[Finding]:
    """Look for QGIS, which the plugin needs and the backend does not."""
    found = find_qgis()
    remedy = "Install QGIS 3.22 or newer; without it the backend still works." if not found else ""
    yield Finding("ok" if found else "warning", "QGIS", found or "QGIS was not found.", remedy)


def find_qgis() -> str:
    """Return where QGIS is and, if it says so, its version; empty when it is not here."""
    on_path = shutil.which("qgis")
    if on_path:
        answer = subprocess.run(
            [on_path, "--version"],
            env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
            capture_output=True,
            text=True,
            timeout=60,
        )
        return f"{answer.stdout.strip() or 'version unknown'} at {on_path}"
    usual = {
        "darwin": ("/Applications", "QGIS*.app"),
        "win32": (os.environ.get("PROGRAMFILES", "C:/Program Files"), "QGIS*"),
    }
    folder, pattern = usual.get(sys.platform, ("/usr/bin", "qgis*"))
    return str(next(iter(sorted(Path(folder).glob(pattern), reverse=True)), ""))


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


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_python,
    check_device,
    check_room,
    check_packages,
    check_rasters,
    check_encoders,
    check_texts,
    check_heads,
    check_qgis,
    check_query,
)


def examine(check: Callable[[], Iterator[Finding]]) -> list[Finding]:
    """Return the findings of a check; one that breaks is a finding itself."""
    try:
        return list(check())
    except Exception as error:
        text = f"{check.__name__.replace('_', ' ')} broke: {type(error).__name__}: {error}"
        return [Finding("missing", "Doctor", text, "Please report this.")]


def show(findings: list[Finding]) -> None:
    """Print the findings as a table."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    looks = {"ok": "green", "warning": "yellow", "missing": "bold red"}
    table = Table(show_header=False, box=None, pad_edge=False)
    for finding in findings:
        text = Text(finding.text)
        if finding.remedy:
            text.append(f"\n{finding.remedy}", style="italic")
        table.add_row(Text(finding.level, looks[finding.level]), finding.topic, text)
    Console().print(table)


@app.command(epilog="Example: python -m backend.doctor --json")
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """Say what works here, what is missing and how to mend it.

    Exit code 0 when the embedded default works from scene to map, 1 otherwise.
    """
    findings = [finding for check in CHECKS for finding in examine(check)]
    works = all(finding.level != "missing" for finding in findings)
    if as_json:
        report = {"works": works, "findings": [dataclasses.asdict(one) for one in findings]}
        typer.echo(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        show(findings)
        typer.echo("\nGLUE-Link works here." if works else "\nGLUE-Link does not work here yet.")
    raise typer.Exit(0 if works else 1)


if __name__ == "__main__":
    run(app)
