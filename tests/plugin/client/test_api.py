"""HTTP through QGIS: nothing waits, stale answers are dropped, files come whole or not at all."""

from __future__ import annotations

import json
import resource
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from qgis.PyQt import sip
from qgis.PyQt.QtTest import QTest

from gluelink_plugin.client import call, download
from gluelink_plugin.client.api import Api, is_loopback
from gluelink_plugin.client.protocol import ErrorBody
from tests.plugin.conftest import wait_until

HELLO = {"code": "hello", "message": "A message that can be decoded."}


class Server(ThreadingHTTPServer):
    """Answers as each path says, and remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str]] = []  # path, Authorization
        self.release = threading.Event()

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what some tests want."""


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Authorization", "")))
        if self.path == "/late":
            self.server.release.wait(10)
        if self.path == "/moved":
            self.answer(302, b"", Location="/stolen")
        elif self.path == "/half":
            self.answer(200, b"x" * 1000, length=5000)
        elif self.path == "/file":
            self.answer(200, b"x" * 1_000_000)
        else:
            self.answer(200, json.dumps({**HELLO, "remedy": self.path}).encode())

    def answer(self, status: int, body: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(length or len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class Ears:
    """What an exchange has told."""

    def __init__(self) -> None:
        self.answers: list[object] = []
        self.errors: list[ErrorBody] = []

    def wait(self) -> None:
        wait_until(lambda: self.answers or self.errors, 20_000)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.release.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def api(server: Server, qgis_app: object) -> Iterator[Api]:
    api = Api()
    api.point_to(f"http://127.0.0.1:{server.server_port}", "the-token")
    yield api
    api.abort()
    sip.delete(api)


@pytest.fixture
def ears() -> Ears:
    return Ears()


def get(api: Api, path: str, ears: Ears, lane: str = "") -> None:
    api.get(path, ErrorBody, ears.answers.append, ears.errors.append, lane)


def test_the_token_rides_in_the_header(api: Api, server: Server, ears: Ears) -> None:
    get(api, "/hello", ears)
    ears.wait()
    assert ears.answers == [ErrorBody("hello", "A message that can be decoded.", "/hello")]
    assert server.asked == [("/hello", "Bearer the-token")]


def test_a_call_returns_at_once(api: Api, ears: Ears) -> None:
    began = time.monotonic()
    get(api, "/late", ears)
    assert time.monotonic() - began < 0.5
    assert ears.answers == ears.errors == []


def test_a_newer_call_of_a_lane_makes_the_older_void(api: Api, server: Server, ears: Ears) -> None:
    get(api, "/late", ears, lane="estimate")
    get(api, "/newer", ears, lane="estimate")
    ears.wait()
    server.release.set()
    QTest.qWait(200)
    assert [answer.remedy for answer in ears.answers] == ["/newer"]
    assert ears.errors == []


def test_after_abort_nobody_is_called(api: Api, server: Server, ears: Ears) -> None:
    get(api, "/late", ears)
    QTest.qWait(50)
    api.abort()
    server.release.set()
    QTest.qWait(200)
    assert ears.answers == ears.errors == []


def test_a_redirect_does_not_take_the_token_elsewhere(api: Api, server: Server, ears: Ears) -> None:
    get(api, "/moved", ears)
    ears.wait()
    assert ears.errors[0].code == "strange_answer"
    assert [path for path, _ in server.asked] == ["/moved"]


def test_a_backend_that_says_nothing_is_given_up(
    api: Api, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call.Call.__init__, "__defaults__", (1,))
    get(api, "/late", ears)
    ears.wait()
    assert ears.errors == [ErrorBody("unreachable", f"The backend does not answer at {api.host}.")]


def test_a_file_comes_whole(api: Api, ears: Ears, tmp_path: Path) -> None:
    target = tmp_path / "map.tif"
    api.download("/file", target, ears.answers.append, ears.errors.append)
    ears.wait()
    assert ears.answers == [target]
    assert target.stat().st_size == 1_000_000
    assert list(tmp_path.iterdir()) == [target]


def test_half_a_file_is_no_file(
    api: Api, ears: Ears, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "WAITS_S", (0.02, 0.02))
    api.download("/half", tmp_path / "map.tif", ears.answers.append, ears.errors.append)
    ears.wait()
    assert ears.errors[0].code == "unreachable"
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_is_dropped_leaves_no_file(api: Api, ears: Ears, tmp_path: Path) -> None:
    api.download("/late", tmp_path / "map.tif", ears.answers.append, ears.errors.append, "job")
    QTest.qWait(50)
    api.drop_lane("job")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(api: Api, ears: Ears, tmp_path: Path) -> None:
    target = tmp_path / "missing" / "map.tif"
    api.download("/file", target, ears.answers.append, ears.errors.append)
    assert ears.errors[0].code == "output_unwritable"
    assert str(target) in ears.errors[0].message


def test_a_disk_that_is_full_is_told_and_half_a_file_removed(
    api: Api, ears: Ears, tmp_path: Path
) -> None:
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, usual[1]))
    try:
        api.download("/file", tmp_path / "map.tif", ears.answers.append, ears.errors.append)
        ears.wait()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert ears.errors[0].code == "output_unwritable"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost:1", True),
        ("http://[::1]:8000", True),
        ("http://127.0.0.1.example.org", False),
        ("https://gpu.example.org", False),
        ("", False),
    ],
)
def test_what_stays_on_this_computer(address: str, here: bool) -> None:
    assert is_loopback(address) is here
