"""One large file, fetched so that a broken connection costs nothing of what has come.

This is not left to Hugging Face's own library, which discards a broken transfer and compares
lengths alone. Hashes are compared by the caller, who knows them.
"""

import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import requests

from backend.errors import DownloadFailed
from backend.io.disk import writing
from backend.io.http import TRANSIENT, Client, RequestFailed, TransientError

STRIDE = 2**22  # bytes after which a host that broke off is trusted again
CONTINUE = "What has come is kept: run the same command again to continue."
LOOK = "It may have moved, or ask for a login; open its page in a browser."

Count = Callable[[int], None]
"""Takes how many bytes more have come; less than 0 when they had to be discarded."""

_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


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
