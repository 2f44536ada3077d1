"""A download that is cut goes on with the bytes that are missing, of the same file only."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from qgis.PyQt import sip

from gluelink_plugin.client import download
from gluelink_plugin.client.api import Api
from tests.plugin.client.test_api import Ears
from tests.plugin.conftest import wait_until

FIRST, SECOND = b"a" * 100_000, b"b" * 90_000


class Files(ThreadingHTTPServer):
    """Serves a file by ranges, and breaks off as each of `breaks` says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content, self.tag = FIRST, '"first"'
        self.breaks: list[int] = []
        self.asked: list[str] = []
        self.ignores_condition = False
        self.after_break = lambda: None

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what some tests want."""


class Handler(BaseHTTPRequestHandler):
    server: Files

    def do_GET(self) -> None:
        files, wanted = self.server, self.headers.get("Range", "")
        files.asked.append(wanted)
        same = files.ignores_condition or self.headers.get("If-Range") == files.tag
        start = int(re.sub(r"\D", "", wanted)) if wanted and same else 0
        if start >= len(files.content):
            self.send_error(416)
            return
        body = files.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("ETag", files.tag)
        self.send_header("Content-Length", str(len(body)))
        if start:
            end = len(files.content)
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{end}")
        self.end_headers()
        self.wfile.write(body[: files.breaks.pop(0)] if files.breaks else body)
        files.after_break()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def files() -> Iterator[Files]:
    server = Files()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def api(files: Files, qgis_app: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setattr(download, "WAITS_S", (0.02, 0.02, 0.02))
    api = Api()
    api.point_to(f"http://127.0.0.1:{files.server_port}")
    yield api
    api.abort()
    sip.delete(api)


def fetch(api: Api, target: Path) -> Ears:
    ears = Ears()
    api.download("/map.tif", target, ears.answers.append, ears.errors.append)
    assert api.outlasting
    ears.wait()
    assert not api.outlasting
    return ears


def test_what_is_missing_is_asked_for(api: Api, files: Files, tmp_path: Path) -> None:
    files.breaks = [30_000, 50_000]
    assert fetch(api, tmp_path / "map.tif").answers == [tmp_path / "map.tif"]
    assert (tmp_path / "map.tif").read_bytes() == FIRST
    assert files.asked == ["", "bytes=30000-", "bytes=80000-"]
    assert list(tmp_path.iterdir()) == [tmp_path / "map.tif"]


@pytest.mark.parametrize("ignores_condition", [False, True])
@pytest.mark.parametrize("came", [30_000, 95_000])
def test_pieces_of_two_files_are_never_joined(
    api: Api, files: Files, tmp_path: Path, ignores_condition: bool, came: int
) -> None:
    def change() -> None:
        files.content, files.tag = SECOND, '"second"'

    files.breaks, files.after_break, files.ignores_condition = [came], change, ignores_condition
    assert fetch(api, tmp_path / "map.tif").errors == []
    assert (tmp_path / "map.tif").read_bytes() == SECOND


def test_a_file_that_nothing_tells_from_others_is_fetched_as_a_whole(
    api: Api, files: Files, tmp_path: Path
) -> None:
    files.tag, files.breaks = 'W/"first"', [30_000]
    fetch(api, tmp_path / "map.tif")
    assert files.asked == ["", ""]
    assert (tmp_path / "map.tif").read_bytes() == FIRST


def test_after_the_last_try_there_is_no_file(api: Api, files: Files, tmp_path: Path) -> None:
    files.breaks = [1000, *[0] * 10]
    ears = fetch(api, tmp_path / "map.tif")
    assert ears.errors[0].code == "unreachable"
    assert len(files.asked) == 4
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_is_dropped_between_two_tries_leaves_nothing(
    api: Api, files: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(download, "WAITS_S", (60,))
    files.breaks = [1000]
    broken = threading.Event()
    files.after_break = broken.set
    ears = Ears()
    api.download("/map.tif", tmp_path / "m.tif", ears.answers.append, ears.errors.append, "job")
    wait_until(broken.is_set)
    api.drop_lane("job")
    assert list(tmp_path.iterdir()) == []
    assert ears.answers == ears.errors == []
