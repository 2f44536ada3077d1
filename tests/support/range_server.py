"""A host of files that serves ranges of bytes, and can be told to misbehave."""

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from tests.support.serving import bound, running


@dataclass
class Host:
    """What it serves and how: `fault` is asked before each reply and may spoil it.

    It gets the path, the first byte asked for and how often that very range was asked before.
    """

    root: Path
    address: str = ""
    fault: Callable[[str, int, int], str] = lambda path, start, before: ""
    asked: list[tuple[str, int, int]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    host: Host

    def log_message(self, *about: object) -> None:
        pass

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError):  # a client may have read enough
            super().handle()

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        file = self.host.root / path.lstrip("/")
        if not file.is_file():
            self._say(404, b"")
            return
        data = file.read_bytes()
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        start, stop = (int(asked[1]), int(asked[2]) + 1) if asked else (0, len(data))
        before = sum(one == (path, start, stop) for one in self.host.asked)
        self.host.asked.append((path, start, stop))
        if start >= len(data):
            self._say(416, b"")
        elif not asked:
            self._say(200, data)
        else:
            fault = self.host.fault(path, start, before)
            self._send(data, start, min(stop, len(data)), fault)

    def _send(self, data: bytes, start: int, stop: int, fault: str) -> None:
        """The reply, with what is wrong about it."""
        body, size = data[start:stop], len(data)
        told, length = (start, stop), stop - start
        if fault == "error":
            self._say(503, b"")
            return
        if fault == "whole":
            self._say(200, data)
            return
        if fault == "shifted":  # another part than was asked for, and says so
            body, told = data[start + 1 : stop + 1], (start + 1, stop + 1)
        if fault == "long":
            length += 1000
        if fault == "short":
            length = max(1, length - 7)
        if fault == "longer file":
            size += 12345
        headers = {"Content-Range": f"bytes {told[0]}-{told[1] - 1}/{size}"}
        if fault == "stall":
            self._say(206, body[: len(body) // 2], headers, length)
            self.wfile.flush()
            self.host.ended.wait(20)
            self.close_connection = True
        elif fault == "cut":
            self._say(206, body[: len(body) // 2], headers, length)
            self.close_connection = True
        else:
            self._say(206, body, headers, length)
            self.close_connection = bool(fault)

    def _say(
        self, status: int, body: bytes, headers: dict[str, str] | None = None, length: int = -1
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)


@contextlib.contextmanager
def serve(root: Path) -> Iterator[Host]:
    """Serve the files of a folder from a port of its own."""
    host = Host(root)
    server = bound(_Handler, host=host)
    host.address = f"http://127.0.0.1:{server.server_port}"
    with running(server, host.ended):
        yield host
