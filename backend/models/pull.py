"""Fetching a model's weights: planned and shown first, then fetched, compared and put in place.

What comes lies in a folder of its own, `.NAME.partial`, from which a later run continues. The files
are moved to their places when all of them have come and have the published hash: an encoder finds
the weights complete, or not at all. Hugging Face's own library would discard a broken transfer and
compare lengths alone.
"""

import math
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import requests

from backend.errors import DownloadFailed
from backend.io.disk import held, require_room, write_file, writing
from backend.io.hashes import remember_sha256
from backend.io.http import TRANSIENT, Client, RequestFailed, RetryPolicy, TransientError
from backend.io.weights import PublishedWeights
from backend.models.disk import RECORD, in_megabytes
from backend.models.release import PublishedFile, Release, ask_release
from backend.progress import Progress, silent

POLICY = RetryPolicy(tries=6, backoff_s=1.0, slowest_s=math.inf, longest_wait_s=3600.0)
SPARE = 2**26  # bytes that stay free on the disk
STRIDE = 2**22  # bytes after which a host that broke off is trusted again
CONTINUE = "What has come is kept: run the same command again to continue."
LOOK = "It may have moved, or ask for a login; open its page in a browser."

Count = Callable[[int], None]
"""Takes how many bytes more have come; less than 0 when they had to be discarded."""

_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


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
        parts = (self.part(file) for file in self.missing)
        return self.size - sum(part.stat().st_size for part in parts if part.is_file())

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
    name, place = pull.weights.name, pull.weights.partial
    if pull.to_come:
        require_room(
            place,
            pull.to_come + SPARE,
            name,
            "Make room, or choose another folder for all of GLUE-Link's files: GLUELINK_HOME.",
        )
    message = f"{name} is being fetched by another process."
    lock = place.with_suffix(".lock")
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


def fetch_file(url: str, size: int, part: Path, client: Client, count: Count) -> None:
    """Fetch the rest of the file `part`, up to `size` bytes.

    What has come is kept when this raises, and when it is killed.

    Raises:
        DownloadFailed: the host or the network stays at fault, or refuses.
        DiskFull: the disk has no room for the file.
        OutputUnwritable: the file cannot be written.
    """
    with writing(part):
        part.parent.mkdir(parents=True, exist_ok=True)
        part.touch()
    try:
        if part.stat().st_size != size:
            client.attempt(url, partial(_receive, url, size, part, client, count))
    except RequestFailed as error:
        where = urlsplit(url)
        raise DownloadFailed(
            f"{where.path.rpartition('/')[2]} cannot be fetched from {where.netloc}: {error}.",
            CONTINUE if error.status in (0, 416, *TRANSIENT) else LOOK,
        ) from None


def _receive(url: str, size: int, part: Path, client: Client, count: Count) -> None:
    """Append what one request brings, or raise TransientError when that is not all."""
    start = part.stat().st_size
    try:
        with client.get(url, {"Range": f"bytes={start}-"} if start else None) as response:
            if _first_byte(response, start, size) < start:
                _empty(part, count)
            _append(client, response, size, part, count)
    except TransientError as error:
        error.progressed = part.stat().st_size >= start + STRIDE
        raise
    except RequestFailed as error:
        if error.status != 416:
            raise
        _empty(part, count)  # the host's file ends before the part does
        raise TransientError("HTTP 416") from None


def _first_byte(response: requests.Response, start: int, size: int) -> int:
    """Return the first byte that the reply brings: `start`, or 0 of a host without ranges."""
    first = 0
    if response.status_code == 206:
        match = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if not match or (int(match[1]), int(match[2])) != (start, size):
            raise TransientError("another part came than was asked for")
        first = start
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) != size - first:
        raise TransientError(
            f"{int(length):,} bytes were announced, {size - first:,} are published"
        )
    return first


def _append(
    client: Client, response: requests.Response, size: int, part: Path, count: Count
) -> None:
    """Write what comes as it comes, so that a kill loses no more than is under way."""
    remedy = f"Make room. {CONTINUE}"
    left = size - part.stat().st_size
    with part.open("ab", buffering=0) as file:
        for chunk in client.read(response):
            left -= len(chunk)
            if left < 0:
                break
            with writing(part, remedy):
                rest = memoryview(chunk)
                while rest:  # a disk that is nearly full takes a part of it
                    rest = rest[file.write(rest) :]
            count(len(chunk))
        with writing(part, remedy):
            os.fsync(file.fileno())
    if left < 0:
        _empty(part, count)
        raise TransientError("more bytes came than are published")
    if left:
        raise TransientError(f"{left:,} bytes are missing")


def _empty(part: Path, count: Count) -> None:
    count(-part.stat().st_size)
    part.write_bytes(b"")
