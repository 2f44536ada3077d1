"""The computer: Python, device, memory and disk, packages, GDAL and PROJ, QGIS."""

import importlib.util
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from backend import __version__
from backend.doctor import Finding
from backend.resources import user_path

GIB = 1024**3
NEEDED_MEMORY = 2 * GIB
NEEDED_DISK = 2 * GIB


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
    project = Path(__file__).parents[2] / "pyproject.toml"
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
