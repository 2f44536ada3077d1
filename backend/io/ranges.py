"""Ranges of bytes of files, local or remote: every reply checked, faults outlasted.

A host may stall, break off, or announce another length or range than it sends. Such a reply is
discarded and asked for again; when that does not help, the error names the file.
"""

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import requests

from backend.errors import SceneUnreadable
from backend.io.http import Client, RequestFailed, TransientError
from backend.io.roots import may_be_read

T = TypeVar("T")
Span = tuple[int, int]
"""The first byte of a range, and the one after its last."""

GAP = 2**18
"""Spans with less than this between them are fetched as one: a request costs as much."""

LONGEST = 2**22
"""Spans are joined up to this length, so that several connections share a large window."""

_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class ByteSource(Protocol):
    """A file of which ranges can be read, wherever it is."""

    name: str

    @property
    def size(self) -> int:
        """The length of the file in bytes."""

    def read(self, start: int, stop: int) -> bytes:
        """Return bytes `start` to `stop` - 1, fewer only where the file ends."""

    def read_many(self, spans: Sequence[Span]) -> list[bytes]:
        """Return the bytes of each span; of an empty one none."""


class LocalFile:
    """A file on this disk."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path

    @property
    def size(self) -> int:
        """The length in bytes."""
        return self._path.stat().st_size

    def read(self, start: int, stop: int) -> bytes:
        """Return bytes `start` to `stop` - 1, fewer only where the file ends."""
        return self.read_many([(start, stop)])[0]

    def read_many(self, spans: Sequence[Span]) -> list[bytes]:
        """Return the bytes of each span.

        Raises:
            SceneUnreadable: it is not a regular file, or leads out of what may be read.
        """
        if not may_be_read(self._path):
            raise SceneUnreadable(
                f"{self.name} leads out of the folders that may be read.", "Give a copy of it."
            )
        if not self._path.is_file() and self._path.exists():  # a pipe would be waited for
            raise SceneUnreadable(f"{self.name} is not a regular file.", "Give a copy of it.")
        with self._path.open("rb") as file:
            parts = []
            for start, stop in spans:
                file.seek(start)
                parts.append(file.read(stop - start))
            return parts


class Signer(Protocol):
    """Adds tokens to the addresses of a host that asks for them."""

    def signed(self, url: str) -> str:
        """Return the address by which a file can be read now."""

    def refused(self, address: str) -> bool:
        """Return whether a refused address is worth another try with a new token."""


class RemoteFile:
    """A file at an address, for any number of threads.

    `failure` makes the error that is raised once a request has failed for good.

    Example:
        client = Client(RetryPolicy(tries=5))
        file = RemoteFile("https://example.org/a.tif", "a.tif", client, lambda error: error)
        header, tile = file.read_many([(0, 4096), (70_000, 74_000)])
    """

    def __init__(
        self,
        url: str,
        name: str,
        client: Client,
        failure: Callable[[RequestFailed], Exception],
        signer: Signer | None = None,
    ) -> None:
        self.name = name
        self._url = url
        self._client = client
        self._failure = failure
        self._signer = signer
        self._size = -1
        self._moved = ""  # where redirects lead now: a login stands on the way there

    @property
    def size(self) -> int:
        """The length of the file in bytes."""
        if self._size < 0:
            self.read(0, 1)
        return self._size

    def read(self, start: int, stop: int) -> bytes:
        """Return bytes `start` to `stop` - 1, fewer only where the file ends."""
        return self.attempt(partial(self._get, start, stop))

    def read_many(self, spans: Sequence[Span]) -> list[bytes]:
        """Return the bytes of each span, over several connections; of an empty one none."""
        joined = join_spans(spans)
        pending = [self._client.pool.submit(self.read, *span) for span in joined[1:]]
        try:
            parts = [self.read(*span) for span in joined[:1]]  # most windows need one request
            parts += [future.result() for future in pending]
        except BaseException:
            for future in pending:
                future.cancel()
            raise
        return [_cut(span, joined, parts) for span in spans]

    def attempt(self, work: Callable[[], T]) -> T:
        """Return what `work` does with this file; try again after each TransientError.

        Raises:
            GlueLinkError: a request failed in the end; whoever opened the file chose the class.
        """
        try:
            return self._client.attempt(self._url, work)
        except RequestFailed as error:
            raise self._failure(error) from None

    def _get(self, start: int, stop: int) -> bytes:
        moved = self._moved
        address = moved or (self._signer.signed(self._url) if self._signer else self._url)
        try:
            with self._client.get(address, {"Range": f"bytes={start}-{stop - 1}"}) as response:
                body = self._body(response, self._length(response, start, stop))
                self._moved = response.url if moved or response.history else ""
                return body
        except TransientError:
            self._moved = ""
            raise
        except RequestFailed as error:
            self._moved = ""
            refused = error.status in (401, 403) and self._signer
            if moved or (refused and refused.refused(address)):
                raise TransientError(str(error), error.status) from None
            raise

    def _length(self, response: requests.Response, start: int, stop: int) -> int:
        """Return how many bytes must come now."""
        if response.status_code == 200:
            raise RequestFailed("the host does not serve parts of files", 200)
        match = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        first, last, size = map(int, match.groups()) if match else (-1, -1, 0)
        if match and self._size not in (-1, size):
            raise RequestFailed("it changed while it was read")
        if (first, last) != (start, min(stop, size) - 1):
            raise TransientError("the host sent another part than was asked for")
        self._size = size
        return last + 1 - first

    def _body(self, response: requests.Response, length: int) -> bytes:
        """Return exactly `length` bytes, whatever the reply says of its length."""
        body = bytearray()
        for chunk in self._client.read(response):
            body += chunk
            if len(body) > length:
                raise TransientError(f"more than {length:,} bytes came")
        if len(body) < length:
            raise TransientError(f"{len(body):,} of {length:,} bytes came")
        return bytes(body)


def join_spans(spans: Sequence[Span]) -> list[Span]:
    """Return the ranges that cover all spans, in order; those that lie near each other are one."""
    joined: list[Span] = []
    for start, stop in sorted(span for span in spans if span[1] > span[0]):
        before = joined[-1] if joined else (-1, -1)
        if joined and start - before[1] <= GAP and max(stop, before[1]) - before[0] <= LONGEST:
            joined[-1] = before[0], max(stop, before[1])
        elif joined and stop <= before[1]:
            continue
        else:
            joined.append((start, stop))
    return joined


def _cut(span: Span, joined: Sequence[Span], parts: Sequence[bytes]) -> bytes:
    """Return the bytes of a span from those of the range that holds it."""
    if span[1] <= span[0]:
        return b""
    for (start, stop), part in zip(joined, parts, strict=True):
        if start <= span[0] and span[1] <= stop:
            return part[span[0] - start : span[1] - start]
    raise AssertionError(f"{span} was not read")
