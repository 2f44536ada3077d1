"""The radar scenes of a folder and its sub-folders, known by their headers alone."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from backend.errors import GlueLinkError, SceneUnreadable
from backend.progress import Progress, silent
from backend.scenes.box import PixelBox
from backend.scenes.files import OpenFiles
from backend.scenes.index import SceneIndex
from backend.scenes.sentinel1.bands import (
    Band,
    Pair,
    lonely_band,
    match_singles,
    rasters_in,
    read_bands,
)
from backend.scenes.sentinel1.naming import dates_of, product_type_of
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
    groups = [rasters_in(below) for below in _folders(root)]
    search = _Search(root, progress, total=sum(map(len, groups)))
    for files in groups:
        search.add(files)
    if not search.scenes:
        first = next((f" ({reason})" for reason in search.skipped.values()), "")
        raise SceneUnreadable(
            f"The folder {root} holds no scene; {search.done:,} raster files were looked at"
            f"{first}.",
            "Give a folder with GeoTIFFs of VV and VH.",
        )
    scenes = sorted(search.scenes, key=lambda scene: scene.name)
    return SceneIndex(root, scenes, dict(sorted(search.skipped.items())))


class _Search:
    """The scenes that were found so far."""

    def __init__(self, root: Path, progress: Progress, total: int) -> None:
        self.scenes: list[RadarEntry] = []
        self.skipped: dict[str, str] = {}
        self.done = 0
        self._root = root
        self._progress = progress
        self._total = total

    def add(self, files: list[Path]) -> None:
        """Add the scenes among the raster files of one folder."""
        singles: dict[Path, dict[str, Band]] = {}
        pairs: list[Pair] = []
        for file in files:
            self._progress("looking at scenes", self.done, self._total)
            self.done += 1
            try:
                found = read_bands(file)
            except GlueLinkError as error:
                self._skip(file, error)
                continue
            if isinstance(found, Pair):
                pairs.append(found)
            else:
                singles[file] = found
        pairs += match_singles(list(singles), singles)[0]
        paired = {file for pair in pairs for file in pair.files}
        for file in singles.keys() - paired:
            self._skip(file, lonely_band(file, singles[file]))
        for pair in pairs:
            try:
                self.scenes.append(_entry(self._root, pair))
            except GlueLinkError as error:
                self._skip(pair.vv.path, error)

    def _skip(self, file: Path, error: GlueLinkError) -> None:
        self.skipped[file.relative_to(self._root).as_posix()] = error.message


def _entry(root: Path, pair: Pair) -> RadarEntry:
    files = OpenFiles()
    try:
        (patch,) = patches_of([pair], files)
        tags = files.get(pair.vv.path).tags()
    finally:
        files.close()
    dates = dates_of(pair.files, tags)
    return RadarEntry(
        name=pair.vv.path.relative_to(root).as_posix(),
        pair=pair,
        utm_epsg=int(str(patch.zone.to_epsg())),
        extent=patch.extent,
        date=date.fromisoformat(dates[0]) if dates else None,
        product_type=product_type_of([file.stem for file in pair.files] + list(tags.values())),
    )


def _folders(root: Path) -> Iterator[Path]:
    """Yield a folder and all below it but for hidden ones, each once, links followed."""
    seen = set()
    for folder, below, _ in os.walk(root, followlinks=True):
        below[:] = sorted(name for name in below if not name.startswith("."))
        real = os.path.realpath(folder)
        if real in seen:
            below.clear()
            continue
        seen.add(real)
        yield Path(folder)
