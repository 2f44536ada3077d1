"""Which published weights are on this disk, and whether they are what was published.

Beside the files that `pull` fetched lies `published.json`, their host's description. Files that
were put there by hand have no such record; `pull` compares them, and writes it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from backend.io.weights import PublishedWeights
from backend.models.release import Release
from backend.progress import Progress

RECORD = "published.json"
MB = 10**6

State = Literal["present", "incomplete", "damaged", "absent"]


@dataclass(frozen=True)
class Found:
    """What this disk has of a model, by names and lengths alone."""

    state: State
    """Whether all files are there, with their published lengths."""

    size: int
    """Bytes of the files; of an absent model, those that have come so far."""

    folder: Path | None = None
    """Where they are."""

    problem: str = ""
    """What is wrong."""


def look(weights: PublishedWeights) -> Found:
    """Look what this disk has of a model, without reading the weights."""
    folder = weights.found_in()
    if folder is None:
        return Found("absent", sum(path.stat().st_size for path in weights.partial.glob("*")))
    names = sorted(path.name for path in folder.iterdir())
    size = sum((folder / name).stat().st_size for name in weights.chosen(names))
    record = read_record(folder)
    for file in record.files if record else ():
        if file.name not in names:
            return Found("incomplete", size, folder, f"{file.name} is missing")
        length = (folder / file.name).stat().st_size
        if length != file.size:
            problem = f"{file.name} has {length:,} bytes; {file.size:,} are published"
            return Found("damaged", size, folder, problem)
    lacking = weights.lacking(names)
    if lacking:
        return Found("incomplete", size, folder, f"{lacking[0]} is missing")
    return Found("present", size, folder)


def verify(weights: PublishedWeights, progress: Progress) -> Found:
    """Look what this disk has of a model, and compare every byte that has a record."""
    found = look(weights)
    record = read_record(found.folder) if found.folder else None
    if found.folder is None or found.state != "present":
        return found
    if record is None:
        problem = (
            f"nothing is known to compare it with; python -m backend.models pull {weights.name}"
        )
        return Found("present", found.size, found.folder, problem)
    read = in_megabytes(progress, f"Reading {weights.name} (MB)", found.size)
    for file in record.files:
        if not file.is_at(found.folder / file.name, read):
            problem = f"{file.name} is not what was published"
            return Found("damaged", found.size, found.folder, problem)
    return found


def read_record(folder: Path) -> Release | None:
    """Return what `pull` noted of the files in a folder, or None without a sound note."""
    try:
        return Release.from_json((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def in_megabytes(progress: Progress, stage: str, total: int) -> Callable[[int], None]:
    """Return a function that takes how many bytes more are done, and reports megabytes."""
    done = 0

    def more(size: int) -> None:
        nonlocal done
        done += size
        progress(stage, done // MB, total // MB)

    return more
