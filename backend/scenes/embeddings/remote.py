"""Remote files: read by ranges of bytes, every reply checked, faults outlasted.

A host may stall, break off, or say another length or another place than it sends. Such a reply is
thrown away and asked for again; when that does not help, the error names the file.
"""

import re
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import requests
import urllib3

from backend import USER_AGENT
from backend.errors import ConfigInvalid, SceneUnreadable

PASSING = frozenset({408, 429, 500, 502, 503, 504})  # statuses worth another try
MISSING = frozenset({404, 410})
CHUNK = 2**18
CONNECTIONS = 8

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(frozen=True)
class Patience:
    """How long a host is waited for, and how often it is asked again."""

    silence_s: float = 20.0  # without a byte
    slowest_s: float = 120.0  # for one range
    tries: int = 3
    backoff_s: float = 0.5  # before the second try; doubles with each


PATIENCE = Patience()


@dataclass(frozen=True)
class Url:
    """The address of a remote file or folder, which a user gave as such. ConfigInvalid."""

    text: str

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.text)
            fit = parts.scheme in ("http", "https") and parts.hostname and self.text.isprintable()
        except ValueError:
            fit = False
        if not fit or " " in self.text:
            raise ConfigInvalid(
                f'"{self.text}" is no address that can be read.', "Expected https://…"
            )

    @staticmethod
    def looks_like(text: str) -> bool:
        """Does a text begin like an address?"""
        return text.lower().startswith(("http://", "https://"))

    def __str__(self) -> str:
        """Without the query, in which tokens stand."""
        return self.text.partition("?")[0]

    def __truediv__(self, part: str) -> "Url":
        scheme, host, path, query, _ = urlsplit(self.text)
        return Url(urlunsplit((scheme, host, f"{path.rstrip('/')}/{quote(part)}", query, "")))

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of its path."""
        return tuple(part for part in urlsplit(self.text).path.split("/") if part)

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.parts[-1] if self.parts else self.host

    @property
    def host(self) -> str:
        """The host."""
        return urlsplit(self.text).netloc.rpartition("@")[2]

    def above(self, levels: int, *below: str) -> "Url":
        """The folder so many levels up, and what is named `below` it."""
        scheme, host, _, query, _ = urlsplit(self.text)
        path = "/".join(("", *self.parts[:-levels], *below))
        return Url(urlunsplit((scheme, host, path, query, "")))


Location = Path | Url
"""Where a file is: here, or at an address that was given as such."""


class NotThere(Exception):
    """The host has no such file."""


class _Hindered(Exception):
    """A try that failed; another one may not."""


class Ranges:
    """Ranges of bytes of remote files; for any thread."""

    def __init__(self) -> None:
        self._patience = PATIENCE
        self._local = threading.local()
        self._sizes: dict[Url, int] = {}
        self._pool = ThreadPoolExecutor(CONNECTIONS)

    def size(self, url: Url) -> int:
        """The length of a file in bytes. NotThere, SceneUnreadable."""
        if url not in self._sizes:
            self.read(url, 0, 1)
        return self._sizes[url]

    def read(self, url: Url, start: int, stop: int) -> bytes:
        """Bytes `start` to `stop` - 1, fewer only where the file ends.

        Raises NotThere, and SceneUnreadable once patience is at its end.
        """
        reason = ""
        for attempt in range(self._patience.tries):
            if attempt:
                time.sleep(self._patience.backoff_s * 2 ** (attempt - 1))
            try:
                return self._get(url, start, stop)
            except _Hindered as hindrance:
                reason = str(hindrance)
        raise _unreadable(url, reason)

    def read_all(self, url: Url, spans: Sequence[tuple[int, int]]) -> list[bytes]:
        """The bytes of each span, over several connections; of an empty one none."""
        pending = [
            self._pool.submit(self.read, url, *span) if span[1] > span[0] else None
            for span in spans
        ]
        try:
            return [future.result() if future else b"" for future in pending]
        except BaseException:
            for future in filter(None, pending):
                future.cancel()
            raise

    def close(self) -> None:
        """Close the connections."""
        self._pool.shutdown(cancel_futures=True)

    def _session(self) -> requests.Session:
        """This thread's own connections."""
        if not hasattr(self._local, "session"):
            session = requests.Session()
            # What is compressed on the way has another length than the part that was asked for.
            session.headers.update({"User-Agent": USER_AGENT, "Accept-Encoding": "identity"})
            self._local.session = session
        return self._local.session

    def _get(self, url: Url, start: int, stop: int) -> bytes:
        headers = {"Range": f"bytes={start}-{stop - 1}"}
        silence = self._patience.silence_s
        try:
            with self._session().get(
                url.text, headers=headers, stream=True, timeout=silence
            ) as response:
                length = self._judge(url, response, start, stop)
                return self._body(response, length)
        except (requests.Timeout, urllib3.exceptions.TimeoutError):
            raise _Hindered(f"no byte for {silence:g} s") from None
        except requests.TooManyRedirects:
            raise _unreadable(url, "redirected for ever") from None
        except (urllib3.exceptions.HTTPError, OSError) as error:  # requests' own are OSErrors
            raise _Hindered(f"the connection broke ({type(error).__name__})") from None

    def _judge(self, url: Url, response: requests.Response, start: int, stop: int) -> int:
        """How many bytes must come now."""
        status = response.status_code
        if status in MISSING:
            raise NotThere
        if status in PASSING:
            raise _Hindered(f"HTTP {status}")
        if status == 200:
            raise _unreadable(url, "the host does not serve parts of files")
        if status != 206:
            raise _unreadable(url, f"HTTP {status}")
        told = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        first, last, size = map(int, told.groups()) if told else (-1, -1, 0)
        if told and self._sizes.get(url, size) != size:
            raise _unreadable(url, "it changed while it was read")
        if (first, last) != (start, min(stop, size) - 1):
            raise _Hindered("the host sent another part than was asked for")
        self._sizes[url] = size
        return last + 1 - first

    def _body(self, response: requests.Response, length: int) -> bytes:
        """Exactly `length` bytes, whatever the reply says of its length."""
        body, began = bytearray(), time.monotonic()
        while len(body) <= length and (chunk := response.raw.read1(CHUNK)):
            body += chunk
            if time.monotonic() - began > self._patience.slowest_s:
                raise _Hindered(f"not whole after {self._patience.slowest_s:g} s")
        if len(body) != length:
            more = "more" if len(body) > length else f"{len(body):,}"
            raise _Hindered(f"{more} of {length:,} bytes came")
        return bytes(body)


def not_there(url: Url) -> SceneUnreadable:
    """The error for a file that should be there and is not."""
    return SceneUnreadable(f"The tile {url.name} is not at {url}.", "Check the address.")


def _unreadable(url: Url, reason: str) -> SceneUnreadable:
    return SceneUnreadable(
        f"The tile {url.name} cannot be read from {url.host}: {reason}.",
        "Try again later, or download the tile and give its path.",
    )
