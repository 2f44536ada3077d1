"""Fetching a model's weights: planned and shown first, then fetched, compared and put in place.

What comes lies in a folder of its own, `.NAME.partial`, from which a later run goes on. The files
get their places when all of them are there and have the published hash: an encoder finds the
weights whole, or not at all.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from backend.errors import DiskFull, DownloadFailed
from backend.io.download import Manners
from backend.io.hashes import remember_sha256
from backend.io.weights import PublishedWeights
from backend.models.disk import RECORD, in_megabytes
from backend.models.release import PublishedFile, Release, ask_release
from backend.models.transfer import Came, fetch_file
from backend.progress import Progress, silent

PATIENT = Manners(tries=6)
SPARE = 2**26  # bytes that stay free on the disk


@dataclass(frozen=True)
class Pull:
    """What is to be done to have a model's weights."""

    weights: PublishedWeights
    release: Release
    missing: tuple[PublishedFile, ...]

    @property
    def size(self) -> int:
        """Bytes of the missing files."""
        return sum(file.size for file in self.missing)

    @property
    def to_come(self) -> int:
        """Bytes of them that an earlier run has not fetched."""
        return self.size - sum(_length(self.part(file)) for file in self.missing)

    @property
    def replaced(self) -> list[str]:
        """Files that are there, but with other bytes than are published."""
        return [file.name for file in self.missing if (self.weights.folder / file.name).exists()]

    def part(self, file: PublishedFile) -> Path:
        """Where a file is until all have come; another content has another place."""
        return self.weights.partial / f"{file.name}.{file.hash[-16:]}"


def plan_pull(
    weights: PublishedWeights, progress: Progress = silent, manners: Manners = PATIENT
) -> Pull:
    """Ask what is published, and look which of it is here. ConfigInvalid, DownloadFailed."""
    release = ask_release(weights, manners)
    here = [file for file in release.files if (weights.folder / file.name).is_file()]
    read = in_megabytes(progress, "Reading what is here (MB)", sum(file.size for file in here))
    whole = [file for file in here if file.is_at(weights.folder / file.name, read)]
    return Pull(weights, release, tuple(file for file in release.files if file not in whole))


def fetch(pull: Pull, progress: Progress = silent, manners: Manners = PATIENT) -> None:
    """Fetch what is missing, and put it in place.

    Raises DiskFull, OutputUnwritable, and DownloadFailed; a later run goes on from there.
    """
    _require_room(pull)
    with _alone(pull.weights):
        stage = f"Fetching {pull.weights.name} (MB)"
        came = in_megabytes(progress, stage, pull.to_come)
        for file in pull.missing:
            fetch_file(pull.release.url(file), file.size, pull.part(file), manners, came)
        read = in_megabytes(progress, "Comparing (MB)", pull.size)
        for file in pull.missing:
            _compare(pull, file, manners, read)
        _put_in_place(pull)


def _compare(pull: Pull, file: PublishedFile, manners: Manners, read: Came) -> None:
    """Make sure of the bytes; those of a broken transfer are worth one more, from the start."""
    part, url = pull.part(file), pull.release.url(file)
    if file.is_at(part, read):
        return
    part.unlink()
    fetch_file(url, file.size, part, manners, lambda size: None)
    if not file.is_at(part, lambda size: None):
        part.unlink()
        raise DownloadFailed(
            f"{file.name} came with other bytes than {pull.release.repository} has published.",
            "Try again later, from another network if need be.",
        )


def _put_in_place(pull: Pull) -> None:
    folder = pull.weights.folder
    folder.mkdir(parents=True, exist_ok=True)
    for file in pull.missing:
        os.replace(pull.part(file), folder / file.name)
        if file.hash.startswith("sha256:"):
            remember_sha256(folder / file.name, file.hash.removeprefix("sha256:"))
    record = pull.weights.partial / RECORD
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(pull.release.to_json(), encoding="utf-8")
    os.replace(record, folder / RECORD)
    shutil.rmtree(pull.weights.partial)


@contextmanager
def _alone(weights: PublishedWeights) -> Iterator[None]:
    """Keep two processes from writing the same files."""
    weights.partial.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(weights.partial.with_suffix(".lock"), timeout=0):
            yield
    except Timeout:
        raise DownloadFailed(
            f"{weights.name} is being fetched by another process.", "Wait until it has ended."
        ) from None


def _require_room(pull: Pull) -> None:
    folder = pull.weights.partial
    near = next(path for path in folder.parents if path.exists())
    free, needed = shutil.disk_usage(near).free, pull.to_come + SPARE
    if pull.to_come and needed > free:
        raise DiskFull(
            f"{pull.weights.name} needs {needed / 1e9:.2f} GB more, {free / 1e9:.2f} GB are free "
            f"at {near}.",
            "Make room, or choose another folder for all of GLUE-Link's files: GLUELINK_HOME.",
        )


def _length(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
