"""Fetching a model's weights: planned and shown first, then fetched, compared and put in place.

What comes lies in a folder of its own, `.NAME.partial`, from which a later run continues. The files
are moved to their places when all of them have come and have the published hash: an encoder finds
the weights complete, or not at all.
"""

import math
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from backend.errors import DownloadFailed
from backend.io.disk import held, require_room, write_file, writing
from backend.io.hashes import remember_sha256
from backend.io.http import Client, RetryPolicy
from backend.io.weights import PublishedWeights
from backend.models.disk import RECORD, in_megabytes
from backend.models.release import PublishedFile, Release, ask_release
from backend.models.transfer import Count, fetch_file
from backend.progress import Progress, silent

POLICY = RetryPolicy(tries=6, backoff_s=1.0, slowest_s=math.inf, longest_wait_s=3600.0)
SPARE = 2**26  # bytes that stay free on the disk


@dataclass(frozen=True)
class Pull:
    """What has to be fetched for a model."""

    weights: PublishedWeights
    """The row of the table of weights."""

    release: Release
    """What its host publishes now."""

    missing: tuple[PublishedFile, ...]
    """The files that this disk lacks, or has with other bytes."""

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
        """Return where a file is until all have come; another content has another name."""
        return self.weights.partial / f"{file.name}.{file.hash[-16:]}"


def plan_pull(
    weights: PublishedWeights, progress: Progress = silent, policy: RetryPolicy = POLICY
) -> Pull:
    """Ask what is published, and look which of it is on this disk.

    Raises:
        ConfigInvalid: an environment variable forbids the network.
        DownloadFailed: the host does not answer.
    """
    release = ask_release(weights, policy)
    present = [file for file in release.files if (weights.folder / file.name).is_file()]
    size = sum(file.size for file in present)
    read = in_megabytes(progress, "Reading what is on this disk (MB)", size)
    complete = [file for file in present if file.is_at(weights.folder / file.name, read)]
    return Pull(weights, release, tuple(file for file in release.files if file not in complete))


def fetch(pull: Pull, progress: Progress = silent, policy: RetryPolicy = POLICY) -> None:
    """Fetch what is missing, and put it in place; when this raises, a later run continues.

    Raises:
        DiskFull: the disk has no room for it.
        OutputUnwritable: a file cannot be written.
        DownloadFailed: a file cannot be fetched, or is not what was published.
    """
    name, partial = pull.weights.name, pull.weights.partial
    if pull.to_come:
        require_room(
            partial,
            pull.to_come + SPARE,
            name,
            "Make room, or choose another folder for all of GLUE-Link's files: GLUELINK_HOME.",
        )
    message = f"{name} is being fetched by another process."
    lock = partial.with_suffix(".lock")
    with held(lock, DownloadFailed(message, "Wait until it has ended.")):
        client = Client(policy)
        count = in_megabytes(progress, f"Fetching {name} (MB)", pull.to_come)
        for file in pull.missing:
            fetch_file(pull.release.url(file), file.size, pull.part(file), client, count)
        read = in_megabytes(progress, "Comparing (MB)", pull.size)
        for file in pull.missing:
            _compare(pull, file, client, read)
        with writing(pull.weights.folder):
            _put_in_place(pull)


def _compare(pull: Pull, file: PublishedFile, client: Client, read: Count) -> None:
    """Compare a file's bytes; after a broken transfer fetch it once more, from the start."""
    part, url = pull.part(file), pull.release.url(file)
    if file.is_at(part, read):
        return
    part.unlink()
    fetch_file(url, file.size, part, client, lambda size: None)
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
    write_file(folder / RECORD, pull.release.to_json().encode())
    shutil.rmtree(pull.weights.partial, ignore_errors=True)  # none, if nothing was missing


def _length(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0
