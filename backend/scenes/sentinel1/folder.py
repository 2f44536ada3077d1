"""The radar scenes of a folder and its sub-folders, known by their headers alone."""

import itertools
import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from backend.errors import GlueLinkError, SceneUnreadable
from backend.progress import Progress, silent
from backend.scenes.box import PixelBox
from backend.scenes.files import OpenFiles
from backend.scenes.index import SceneIndex
from backend.scenes.sentinel1.bands import pair_files
from backend.scenes.sentinel1.containers import rasters_in
from backend.scenes.sentinel1.pairs import Pair
from backend.scenes.sentinel1.patch import patches_of
from backend.scenes.sentinel1.scene import Scene, open_pair


@dataclass(frozen=True)
class RadarEntry:
    """A scene that is not open: a file with VV and VH, or a pair of files."""

    name: str
    """The path of its VV within the folder."""
    pair: Pair
    utm_epsg: int
    extent: PixelBox
    """Absolute 10 m pixels of the UTM zone, beyond which it has no data."""
    date: date | None
    product_type: str | None

    def open(self) -> Scene:
        """Return the scene itself, as a context manager; raises what `open_scene` does."""
        return open_pair(self.pair)


def read_folder(root: Path, progress: Progress = silent) -> SceneIndex:
    """Return all scenes of a folder and its sub-folders; no pixel is read.

    Raises:
        SceneUnreadable: it is not a folder, or holds no scene.
    """
    if not root.is_dir():
        raise SceneUnreadable(f"{root} is a file.", "Give the folder that holds the scenes.")
    groups = [rasters_in(folder) for folder in _folders(root)]
    total = sum(map(len, groups))
    looked_at = itertools.count()
    scenes: list[RadarEntry] = []
    skipped: dict[str, str] = {}

    def reported(files: list[Path]) -> Iterator[Path]:
        for file in files:
            progress("looking at scenes", next(looked_at), total)
            yield file

    with closing(OpenFiles()) as files:
        for group in groups:
            found = pair_files(reported(group), files)
            problems = dict(found.problems)
            for pair in found.pairs:
                try:
                    scenes.append(_entry(root, pair, files))
                except GlueLinkError as error:
                    problems[pair.vv.path] = error
            for file, problem in problems.items():
                skipped[file.relative_to(root).as_posix()] = problem.message
    if not scenes:
        first = next((f" ({reason})" for reason in skipped.values()), "")
        raise SceneUnreadable(
            f"The folder {root} holds no scene; {total:,} raster files were looked at{first}.",
            "Give a folder with GeoTIFFs of VV and VH.",
        )
    scenes.sort(key=lambda scene: scene.name)
    return SceneIndex(root, scenes, dict(sorted(skipped.items())))


def _entry(root: Path, pair: Pair, files: OpenFiles) -> RadarEntry:
    (patch,) = patches_of([pair], files)
    return RadarEntry(
        name=pair.vv.path.relative_to(root).as_posix(),
        pair=pair,
        utm_epsg=int(str(patch.zone.to_epsg())),
        extent=patch.extent,
        date=date.fromisoformat(pair.date) if pair.date else None,
        product_type=pair.product_type,
    )


def _folders(root: Path) -> Iterator[Path]:
    """Yield a folder and all below it but for hidden ones, each once, links followed."""
    seen: set[str] = set()
    for folder, below, _ in os.walk(root, followlinks=True):
        below[:] = sorted(name for name in below if not name.startswith("."))
        real = os.path.realpath(folder)
        if real in seen:
            below.clear()
            continue
        seen.add(real)
        yield Path(folder)
