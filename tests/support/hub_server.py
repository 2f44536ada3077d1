"""Hugging Face's hub on this computer, in its published layout, which can be told to misbehave."""

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.support.serving import bound, running

LARGE = (".safetensors", ".pt", ".pth", ".bin")
COMMIT = "0123456789abcdef0123456789abcdef01234567"

Fault = Callable[["Handler", bytes], None]
"""What is sent in place of the rest of a file."""


@dataclass
class Hub:
    """Folders by the name of a repository; `faults` are the answers to the next requests."""

    repositories: dict[str, Path]
    address: str = ""
    faults: list[Fault | None] = field(default_factory=list)
    answer: bytes = b""  # of the API, in place of the right one
    asked: list[tuple[str, str]] = field(default_factory=list)  # paths and ranges
    over: threading.Event = field(default_factory=threading.Event)

    def ranges(self, name: str) -> list[str]:
        """The ranges that were asked of a file's bytes, in order; "" for all of it."""
        cdn = re.compile(rf"/cdn/[^/]+/[^/]+/{re.escape(name)}")
        return [asked for path, asked in self.asked if cdn.fullmatch(path)]

    def listing(self, repository: str) -> dict[str, Any]:
        """What the API tells of a repository."""
        siblings = []
        for path in sorted(self.repositories[repository].iterdir()):
            body = path.read_bytes()
            blob = hashlib.sha1(b"blob %d\0" % len(body) + body).hexdigest()
            one = {"rfilename": path.name, "size": len(body), "blobId": blob}
            if path.suffix in LARGE:
                one["lfs"] = {
                    "sha256": hashlib.sha256(body).hexdigest(),
                    "size": len(body),
                    "pointerSize": 134,
                }
            siblings.append(one)
        return {"id": repository, "sha": COMMIT, "siblings": siblings}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: Hub

    def log_message(self, *about: object) -> None:
        pass

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):
            super().handle()

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        self.hub.asked.append((path, self.headers.get("Range", "")))
        listed = re.fullmatch(r"/api/models/([^/]+/[^/]+)/revision/([^/]+)", path)
        resolved = re.fullmatch(r"/([^/]+/[^/]+)/resolve/([^/]+)/([^/]+)", path)
        if listed and listed[1] in self.hub.repositories and query == "blobs=true":
            right = json.dumps(self.hub.listing(listed[1])).encode()
            self.say(200, self.hub.answer or right)
        elif resolved and resolved[2] == COMMIT:
            self.say(302, b"", Location=f"{self.hub.address}/cdn/{resolved[1]}/{resolved[3]}")
        elif path.startswith("/cdn/"):
            repository, _, name = path.removeprefix("/cdn/").rpartition("/")
            fault = self.hub.faults.pop(0) if self.hub.faults else None
            (fault or serve)(self, (self.hub.repositories[repository] / name).read_bytes())
        else:
            self.say(404, b"Entry not found")

    @property
    def start(self) -> int:
        """The first byte that is asked for."""
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        return int(asked[1]) if asked else 0

    def say(self, status: int, body: bytes, length: int | None = None, /, **headers: str) -> None:
        """Answer with `body`, announced as of another length when that is given."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()
        self.close_connection = length is not None


def serve(handler: Handler, body: bytes) -> None:
    """The file, or the range that was asked for."""
    _part(handler, body, body[handler.start :], None)


def cut(handler: Handler, body: bytes) -> None:
    """Half of what is left, and the line is cut."""
    rest = body[handler.start :]
    _part(handler, body, rest[: len(rest) // 2], len(rest))


def stall(handler: Handler, body: bytes) -> None:
    """Half of what is left, and then nothing until the test is over."""
    cut(handler, body)
    handler.hub.over.wait(30)


def ignore_range(handler: Handler, body: bytes) -> None:
    """All of the file, whatever was asked for."""
    handler.say(200, body)


def announce_more(handler: Handler, body: bytes) -> None:
    """The right bytes, announced as more."""
    handler.say(200, body, len(body) + 1000)


def announce_less(handler: Handler, body: bytes) -> None:
    """The right bytes, announced as fewer."""
    handler.say(200, body, len(body) - 7)


def send_more(handler: Handler, body: bytes) -> None:
    """More bytes than are published, of no announced length."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    handler.wfile.write(body + b"more")
    handler.close_connection = True


def shift(handler: Handler, body: bytes) -> None:
    """Another part than was asked for."""
    _part(handler, body, body[:10], None, start=0)


def garble(handler: Handler, body: bytes) -> None:
    """As many bytes as are left, but others."""
    _part(handler, body, bytes(len(body) - handler.start), None)


def status(code: int, **headers: str) -> Fault:
    return lambda handler, body: handler.say(code, b"no", **headers)


def _part(
    handler: Handler, body: bytes, part: bytes, length: int | None, start: int | None = None
) -> None:
    first = handler.start if start is None else start
    if not first and start is None:
        return handler.say(200, part, length)
    last = first + (len(part) if length is None else length) - 1
    told = f"bytes {first}-{last}/{len(body)}"
    return handler.say(206, part, length, Content_Range=told)


@contextlib.contextmanager
def serving(repositories: dict[str, Path]) -> Iterator[Hub]:
    """A hub until the block ends."""
    hub = Hub(repositories)
    server = bound(Handler, hub=hub)
    hub.address = f"http://127.0.0.1:{server.server_port}"
    with running(server, hub.over):
        yield hub
