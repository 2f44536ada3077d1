"""A local object server that speaks as much of S3 as stores need, and can be told to misbehave.

Objects are put whole, read whole or in ranges, listed in pages, deleted one by one or many at once,
and put on a condition (`If-None-Match`, `If-Match`). Signatures are not checked.
"""

import contextlib
import hashlib
import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from tests.support.serving import bound, running

WRITTEN = "2026-01-01T00:00:00.000Z"
WRITTEN_HTTP = "Thu, 01 Jan 2026 00:00:00 GMT"


@dataclass
class ObjectServer:
    """Its objects, and how it behaves: `fault` is asked before each reply and may spoil it.

    It gets the method, the key and how often the same was asked before.
    """

    address: str = ""
    buckets: set[str] = field(default_factory=lambda: {"bucket"})
    objects: dict[str, bytes] = field(default_factory=dict)
    """By bucket/key."""
    page: int = 1000
    """Objects in a page of a list."""
    fault: Callable[[str, str, int], str] = lambda method, key, before: ""
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def environment(self) -> dict[str, str]:
        """What programs need to know to reach it."""
        return {
            "AWS_ENDPOINT_URL": self.address,
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
        }

    def below(self, prefix: str) -> dict[str, bytes]:
        """The objects of a folder, by their keys in it."""
        start = prefix.removeprefix("s3://") + "/"
        with self.lock:
            return {
                k.removeprefix(start): v for k, v in self.objects.items() if k.startswith(start)
            }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    host: ObjectServer

    def log_message(self, *about: object) -> None:
        pass

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle()

    def do_PUT(self) -> None:
        body = self._body()
        if self._spoilt():
            return
        if self.key.split("/")[0] not in self.host.buckets:
            self._error(404, "NoSuchBucket")
            return
        with self.host.lock:
            there = self.host.objects.get(self.key)
            wanted = self.headers.get("If-Match")
            if self.headers.get("If-None-Match") == "*" and there is not None:
                failed = True
            else:
                failed = wanted is not None and (there is None or _tag(there) != wanted)
            if not failed:
                self.host.objects[self.key] = body
        if failed:
            self._error(412, "PreconditionFailed")
        else:
            self._say(200, b"", {"ETag": _tag(body)})

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        if self._spoilt():
            return
        if "list-type" in query:
            self._list({name: values[0] for name, values in query.items()})
            return
        with self.host.lock:
            data = self.host.objects.get(self.key)
        if data is None:
            self._error(404, "NoSuchKey")
            return
        start, stop = _range(self.headers.get("Range", ""), len(data))
        if start >= len(data) and start:
            self._error(416, "InvalidRange")
            return
        about = {"ETag": _tag(data), "Last-Modified": WRITTEN_HTTP}
        if "Range" in self.headers:
            about["Content-Range"] = f"bytes {start}-{stop - 1}/{len(data)}"
        self._say(206 if "Range" in self.headers else 200, data[start:stop], about)

    do_HEAD = do_GET

    def do_DELETE(self) -> None:
        if not self._spoilt():
            with self.host.lock:
                self.host.objects.pop(self.key, None)
            self._say(204, b"")

    def do_POST(self) -> None:
        """Delete many."""
        keys = [unquote(k) for k in re.findall(r"<Key>(.*?)</Key>", self._body().decode())]
        with self.host.lock:
            for key in keys:
                self.host.objects.pop(f"{self.key}/{key}", None)
        deleted = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        self._xml(f"<DeleteResult>{deleted}</DeleteResult>")

    @property
    def key(self) -> str:
        """Bucket and key."""
        return unquote(urlsplit(self.path).path.strip("/"))

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _spoilt(self) -> bool:
        """Answer wrongly, if that was asked for."""
        asked = self.command, self.key
        with self.host.lock:
            before = self.host.asked[asked]
            self.host.asked[asked] += 1
            data = self.host.objects.get(self.key, b"")
        fault = self.host.fault(*asked, before)
        if fault == "error":
            self._error(503, "SlowDown")
        elif fault == "refused":
            self._error(403, "AccessDenied")
        elif fault == "short":  # a whole reply with half of the object
            self._say(200, data[: len(data) // 2], {"ETag": _tag(data)})
        elif fault == "cut":
            self._say(200, data[: len(data) // 2], {"ETag": _tag(data)}, len(data))
            self.close_connection = True
        return bool(fault)

    def _list(self, query: dict[str, str]) -> None:
        if self.key not in self.host.buckets:
            self._error(404, "NoSuchBucket")
            return
        prefix, after = query.get("prefix", ""), query.get("continuation-token", "")
        delimiter = query.get("delimiter")
        with self.host.lock:
            found = {k.removeprefix(f"{self.key}/"): v for k, v in self.host.objects.items()}
        entries: dict[str, str] = {}
        for key in sorted(key for key in found if key.startswith(prefix)):
            head, cut, _ = key.removeprefix(prefix).partition(delimiter or "\0")
            if cut:
                name = escape(prefix + head + cut)
                entries[prefix + head + cut] = (
                    f"<CommonPrefixes><Prefix>{name}</Prefix></CommonPrefixes>"
                )
            else:
                entries[key] = (
                    f"<Contents><Key>{escape(key)}</Key><LastModified>{WRITTEN}</LastModified>"
                    f"<ETag>{_tag(found[key])}</ETag><Size>{len(found[key])}</Size></Contents>"
                )
        left = [key for key in entries if key > after]
        page = left[: self.host.page]
        more = len(left) > len(page)
        token = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        self._xml(
            f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{token}"
            f"<KeyCount>{len(page)}</KeyCount>{''.join(entries[key] for key in page)}"
            "</ListBucketResult>"
        )

    def _error(self, status: int, code: str) -> None:
        self._say(status, f"<Error><Code>{code}</Code></Error>".encode())

    def _xml(self, text: str) -> None:
        self._say(200, f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode())

    def _say(
        self, status: int, body: bytes, headers: dict[str, str] | None = None, length: int = -1
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.end_headers()
        if self.command != "HEAD":
            with contextlib.suppress(OSError):
                self.wfile.write(body)


def _tag(data: bytes) -> str:
    return f'"{hashlib.md5(data, usedforsecurity=False).hexdigest()}"'


def _range(header: str, size: int) -> tuple[int, int]:
    asked = re.fullmatch(r"bytes=(\d*)-(\d*)", header)
    if not asked:
        return 0, size
    if not asked[1]:
        return max(0, size - int(asked[2])), size
    return int(asked[1]), min(int(asked[2]) + 1, size) if asked[2] else size


@contextlib.contextmanager
def serve_objects(patch: pytest.MonkeyPatch) -> Iterator[ObjectServer]:
    """Serve an empty bucket from a port of its own; this process and its children reach it."""
    host = ObjectServer()
    server = bound(_Handler, host=host)
    server.daemon_threads = True
    host.address = f"http://127.0.0.1:{server.server_port}"
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        patch.delenv(name)
    for name, value in host.environment.items():
        patch.setenv(name, value)
    with running(server, threading.Event()):
        yield host
