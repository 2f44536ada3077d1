"""One large file, fetched so that a break costs nothing of what has come.

This is not left to Hugging Face's own library, which throws a broken transfer away and compares
nothing but lengths. Nor does this compare hashes: that is for who knows them.
"""

import os
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import requests
import urllib3

from backend.errors import DownloadFailed, OutputUnwritable
from backend.io.download import LONGEST_WAIT_S, PASSING, USER_AGENT, Manners, retry_after

CHUNK = 2**20
STRIDE = 2**22  # bytes after which a host that broke off is trusted anew
GO_ON = "What has come is kept: run the same command again to go on."
LOOK = "It may have moved, or ask for a login; look there with a browser."

Came = Callable[[int], None]
"""Hears how many bytes have come; less than 0 when they had to be thrown away."""

_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


class _Hindered(Exception):
    """A try that failed; another one may not, after `wait_s`."""

    def __init__(self, reason: str, wait_s: float = 0.0) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


def fetch_file(url: str, size: int, part: Path, manners: Manners, came: Came) -> None:
    """Bring the file `part` to `size` bytes, going on where it ends.

    Raises DownloadFailed, OutputUnwritable; then, and when killed, what has come is kept.
    """
    part.parent.mkdir(parents=True, exist_ok=True)
    part.touch()
    failures = 0
    while (start := part.stat().st_size) != size:
        try:
            _receive(url, size, part, manners, came)
        except _Hindered as hindrance:
            failures = 0 if part.stat().st_size >= start + STRIDE else failures + 1
            if failures >= manners.tries:
                raise _failed(url, str(hindrance), GO_ON) from None
            pause = manners.backoff_s * 2 ** max(failures - 1, 0) * random.uniform(0.5, 1.5)
            time.sleep(max(pause, hindrance.wait_s))


def _receive(url: str, size: int, part: Path, manners: Manners, came: Came) -> None:
    """Append what one request brings. _Hindered when that is not all, DownloadFailed."""
    start = part.stat().st_size
    # What is compressed could not be gone on with in its middle.
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity"}
    if start:
        headers["Range"] = f"bytes={start}-"
    silence = manners.timeout_s
    try:
        with requests.get(url, headers=headers, stream=True, timeout=silence) as response:
            if response.status_code == 416:  # the host's file ends before the part does
                _empty(part, came)
                raise _Hindered("HTTP 416")
            if _judge(url, response, start, size) < start:
                _empty(part, came)
            _append(response, size, part, came)
    except requests.TooManyRedirects:
        raise _failed(url, "redirected for ever", LOOK) from None
    except (requests.Timeout, urllib3.exceptions.TimeoutError):
        raise _Hindered(f"no byte for {silence:g} s") from None
    except (urllib3.exceptions.HTTPError, OSError) as error:  # requests' own are OSErrors
        raise _Hindered(f"the connection broke ({type(error).__name__})") from None


def _judge(url: str, response: requests.Response, start: int, size: int) -> int:
    """The first byte that the reply brings: `start`, or 0 of a host that knows no ranges."""
    status = response.status_code
    if status in PASSING:
        wait = retry_after(response.headers.get("Retry-After", ""), datetime.now(UTC))
        if wait > LONGEST_WAIT_S:
            raise _failed(url, f"HTTP {status}, come back in {wait / 3600:.1f} h", GO_ON)
        raise _Hindered(f"HTTP {status}", wait)
    if status not in (200, 206):
        raise _failed(url, f"HTTP {status}", LOOK)
    first = 0
    if status == 206:
        told = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if not told or (int(told[1]), int(told[2])) != (start, size):
            raise _Hindered("another part came than was asked for")
        first = start
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) != size - first:
        raise _Hindered(f"{int(length):,} bytes were announced, {size - first:,} are published")
    return first


def _append(response: requests.Response, size: int, part: Path, came: Came) -> None:
    """Write what comes as it comes: a kill loses no more than is under way."""
    left = size - part.stat().st_size
    with part.open("ab", buffering=0) as file:
        # read1 gives what there is, and does not wait for more.
        while chunk := response.raw.read1(CHUNK):
            left -= len(chunk)
            if left < 0:
                break
            with _disk(part):
                rest = memoryview(chunk)
                while rest:  # a disk that is nearly full takes a part of it
                    rest = rest[file.write(rest) :]
            came(len(chunk))
        with _disk(part):
            os.fsync(file.fileno())
    if left < 0:
        _empty(part, came)
        raise _Hindered("more bytes came than are published")
    if left:
        raise _Hindered(f"{left:,} bytes are missing")


@contextmanager
def _disk(part: Path) -> Iterator[None]:
    """Tell faults of the disk from those of the network, which are OSErrors, too."""
    try:
        yield
    except OSError as error:
        raise OutputUnwritable(
            f"{part} cannot be written: {error.strerror}.", f"Make room. {GO_ON}"
        ) from error


def _empty(part: Path, came: Came) -> None:
    came(-part.stat().st_size)
    part.write_bytes(b"")


def _failed(url: str, reason: str, remedy: str) -> DownloadFailed:
    where = urlsplit(url)
    name = where.path.rpartition("/")[2]
    return DownloadFailed(f"{name} cannot be fetched from {where.netloc}: {reason}.", remedy)
