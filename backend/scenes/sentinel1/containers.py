"""What a path leads to when it is not a raster itself: folders and formats that users point at."""

import itertools
import os
from pathlib import Path

from backend.errors import SceneUnreadable
from backend.scenes.files import DRIVERS, is_regular
from backend.scenes.grid import TERRAIN_CORRECT

_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".7z")
MOST_ENTRIES = 100_000
"""Entries of a folder that may hold scenes."""

DEEPEST, MOST_FOLDERS = 4, 1000
"""How many levels of folders, and how many of them, are looked into for rasters."""


def rasters_in(folder: Path) -> list[Path]:
    """Return the raster files that lie in a folder itself, by name.

    Virtual rasters count only where nothing else does: they show the same pixels once more.

    Raises:
        SceneUnreadable: it has too many entries.
    """
    with os.scandir(folder) as entries:
        listed = list(itertools.islice(entries, MOST_ENTRIES + 1))
    if len(listed) > MOST_ENTRIES:
        raise SceneUnreadable(
            f"The folder {folder.name} has more than {MOST_ENTRIES:,} entries.",
            "Give a folder that holds scenes alone.",
        )
    found = [
        Path(entry.path)
        for entry in sorted(listed, key=lambda entry: entry.name)
        if not entry.name.startswith(".")
        and entry.name[entry.name.rfind(".") :].lower() in DRIVERS
        and is_regular(Path(entry.path))
    ]
    return [file for file in found if file.suffix.lower() != ".vrt"] or found


def resolve(path: Path) -> Path:
    """Return the file or folder in which the rasters of a path lie.

    SNAP's `.dim` has them in the folder `.data` beside it, products and items of a catalogue in a
    folder `measurement`. Whether they are in radar geometry is told by their control points.

    Raises:
        SceneUnreadable: it is a format that is not read, with what to do instead.
    """
    name = path.name.lower()
    if name.endswith(".zarr") or (path / "zarr.json").is_file() or (path / ".zgroup").is_file():
        raise _zarr(path)
    if name.endswith(_ARCHIVES):
        raise SceneUnreadable(f"{path.name} is an archive.", "Unpack it, and give what is inside.")
    if name.endswith(".dim"):
        data = path.with_suffix(".data")
        if not data.is_dir():
            raise SceneUnreadable(
                f"The pixels of {path.name} lie in the folder {data.name}, which is not beside it.",
                "Give both, in one folder.",
            )
        return data
    if name == "manifest.safe":
        path = path.parent
    if path.is_dir() and not rasters_in(path) and not (path / "measurement").is_dir():
        return _inside(path)
    measurement = path / "measurement"
    if not measurement.is_dir():
        return path
    if (path / "manifest.safe").is_file() and not rasters_in(measurement):
        raise SceneUnreadable(f"{path.name} is a product in radar geometry.", TERRAIN_CORRECT)
    return measurement


def _inside(folder: Path) -> Path:
    """Return the one folder below in which rasters lie, or the folder itself where none does.

    Raises:
        SceneUnreadable: there are several, or what lies there is not read.
    """
    found: list[Path] = []
    products: list[Path] = []
    for count, (name, below, files) in enumerate(
        os.walk(folder)
    ):  # what may not be read is left out
        here = Path(name)
        products += [here / each for each in sorted([*below, *files]) if _is_product(each)]
        if here != folder and _holds_rasters(here):
            found.append(here)
        deep = len(here.relative_to(folder).parts) >= DEEPEST or count >= MOST_FOLDERS
        below[:] = sorted(each for each in below if each[0] != "." and not _is_product(each))
        if deep or here in found:
            below.clear()
    if not found and len(products) == 1:
        return resolve(products[0])
    if len(found) > 1:
        names = ", ".join(str(each.relative_to(folder)) for each in found[:4])
        raise SceneUnreadable(
            f"The folder {folder.name} holds no GeoTIFF itself; {len(found)} of its folders do: "
            f"{names}.",
            "Give one of them.",
        )
    return resolve(found[0]) if found else folder


def _holds_rasters(path: Path) -> bool:
    return path.is_dir() and ((path / "measurement").is_dir() or bool(rasters_in(path)))


def _is_product(name: str) -> bool:
    return name.lower().endswith((".dim", ".zarr"))


def _zarr(path: Path) -> SceneUnreadable:
    """Return the error for a Zarr store, which says what kind it is."""
    groups = [entry.name for entry in path.iterdir() if entry.is_dir()] if path.is_dir() else []
    if "NRB" in path.name.upper():
        return SceneUnreadable(
            f"{path.name} is an EOPF Zarr of backscatter on a map grid, which is not read.",
            "Export VV and VH of it as GeoTIFF.",
        )
    if any("measurements" in name for name in groups) or any(name[:3] == "S01" for name in groups):
        return SceneUnreadable(
            f"{path.name} is an EOPF Zarr product in radar geometry.", TERRAIN_CORRECT
        )
    return SceneUnreadable(
        f"{path.name} is a Zarr store, which is not read as a radar scene.",
        "Give VV and VH as GeoTIFF.",
    )
