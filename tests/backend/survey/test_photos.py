"""Photographs from a real server that stalls, cuts short, lies, refuses and recovers."""

import errno
import io
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from typer.testing import CliRunner

from backend import __version__
from backend.errors import DiskFull, OutputUnwritable
from backend.io.http import Host, RetryPolicy, retry_after
from backend.progress import Cancelled
from backend.survey.__main__ import app
from backend.survey.photos import PhotoReport, decode_image, fetch_photographs, photo_path
from backend.survey.points import Photograph, Point, SurveyPoints, gather_points
from tests.support.serving import running

HASTY = RetryPolicy(connections=3, tries=3, backoff_s=0.01, longest_wait_s=3600, most_failures=20)
IMPATIENT = replace(HASTY, silence_s=0.4, slowest_s=0.8)


def picture(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 255, (24, 32, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG")
    return stream.getvalue()


Answer = Callable[[BaseHTTPRequestHandler, int], None]


class Server(ThreadingHTTPServer):
    """Serves pictures at /N.jpg; a script answers its path otherwise, told for which time."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.scripts: dict[str, Answer] = {}
        self.asked: list[tuple[str, float]] = []
        self.agents: set[str] = set()
        self.over = threading.Event()
        self.slow_s = 0.0
        self.busy = self.busiest = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"

    def times(self, path: str) -> list[float]:
        return [when for name, when in self.asked if name == path]

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are part of the play."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        server = self.server
        server.asked.append((self.path, time.monotonic()))
        server.agents.add(self.headers["User-Agent"])
        server.busy += 1
        server.busiest = max(server.busiest, server.busy)
        try:
            time.sleep(server.slow_s)
            if script := server.scripts.get(self.path):
                script(self, len(server.times(self.path)))
            else:
                send(self, picture(int(Path(self.path).stem)))
        finally:
            server.busy -= 1

    def log_message(self, *_: object) -> None: ...


def send(
    handler: BaseHTTPRequestHandler,
    body: bytes = b"",
    status: int = 200,
    length: int | None = None,
    **headers: str,
) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    if length is not None:
        handler.send_header("Connection", "close")
        handler.close_connection = True
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    with running(server, server.over):
        yield server


def survey(*addresses: str) -> SurveyPoints:
    """A survey with one photograph a point."""
    return gather_points(
        Point(f"p{i:03}", 0, 0, None, "r", 0, (address, "", "", ""))
        for i, address in enumerate(addresses)
    )


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("??/*")}


def fetch_one(
    server: Server, folder: Path, script: Answer, policy: RetryPolicy = HASTY
) -> PhotoReport:
    """A survey of one photograph that is answered by the script."""
    server.scripts["/1.jpg"] = script
    return fetch_photographs(survey(server.url("/1.jpg")), folder, policy)


def reasons(report: PhotoReport) -> list[str]:
    return [reason for _, reason in report.failures]


# What goes well


def test_every_photograph_of_a_survey_lies_whole_under_its_point_and_view(server, tmp_path) -> None:
    views = [server.url(f"/{i}.jpg") for i in range(3)]
    points = gather_points(
        [
            Point("b", 0, 0, None, "r", 0, ("", "", "", ""), server.url("/3.PNG")),
            Point("ä/1", 0, 0, None, "r", 0, (views[0], "", views[1], views[2])),
        ]
    )
    seen: list[tuple[str, int, int]] = []
    report = fetch_photographs(points, tmp_path, HASTY, lambda *at: seen.append(at))
    assert (report.fetched, report.present, report.failures) == (4, 0, [])
    assert files(tmp_path) == {
        "%C3%A4%2F1_north.jpg": picture(0),
        "%C3%A4%2F1_south.jpg": picture(1),
        "%C3%A4%2F1_west.jpg": picture(2),
        "b_photo.png": picture(3),
    }
    for photograph in points.photographs():
        assert photo_path(tmp_path, photograph).is_file()
    assert seen[-1] == ("photographs", 4, 4)
    assert server.agents == {f"GLUE-Link/{__version__} (+https://github.com/gluelink/gluelink)"}
    assert not (tmp_path / "failures.csv").exists()


def test_what_is_there_is_not_asked_for_again(server, tmp_path) -> None:
    points = survey(*(server.url(f"/{i}.jpg") for i in range(5)))
    fetch_photographs(points, tmp_path, HASTY)
    next(tmp_path.glob("??/p003_north.jpg")).unlink()
    server.asked.clear()
    report = fetch_photographs(points, tmp_path, HASTY)
    assert (report.fetched, report.present) == (1, 4)
    assert [path for path, _ in server.asked] == ["/3.jpg"]


def test_no_more_connections_than_allowed_are_open(server, tmp_path) -> None:
    server.slow_s = 0.02
    points = survey(*(server.url(f"/{i}.jpg") for i in range(12)))
    fetch_photographs(points, tmp_path, HASTY)
    assert 1 < server.busiest <= HASTY.connections


def test_a_host_gives_turns_no_faster_than_its_delay() -> None:
    host = Host(delay_s=0.5)
    assert [host.turn(10.0) for _ in range(3)] == [0.0, 0.5, 1.0]
    assert host.turn(20.0) == 0.0
    host.pause(until=30.0)
    assert [host.turn(21.0), host.turn(21.0)] == [9.0, 9.5]


def test_photographs_on_this_disk_are_checked_where_they_lie(tmp_path) -> None:
    (tmp_path / "good.jpg").write_bytes(picture(1))
    (tmp_path / "bad.jpg").write_bytes(picture(1)[:-200])
    (tmp_path / "text.jpg").write_text("no picture")
    names = ("good.jpg", "bad.jpg", "text.jpg", "absent.jpg")
    points = survey(*(str(tmp_path / name) for name in names))
    report = fetch_photographs(points, tmp_path / "photos", HASTY)
    assert report.fetched == 1
    assert {photograph.point: reason for photograph, reason in report.failures} == {
        "p001": "a damaged image",
        "p002": "not an image",
        "p003": "No such file or directory",
    }
    assert files(tmp_path / "photos") == {}


# What goes wrong and mends


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_server_that_recovers_is_asked_again(server, tmp_path, status) -> None:
    report = fetch_one(
        server,
        tmp_path,
        lambda handler, time: (
            send(handler, status=status) if time < 3 else send(handler, picture(1))
        ),
    )
    assert report.fetched == 1 and len(server.asked) == 3
    assert files(tmp_path) == {"p000_north.jpg": picture(1)}


def cut_short(handler: BaseHTTPRequestHandler) -> None:
    send(handler, picture(1)[:300], length=len(picture(1)))


def cut_short_with_a_length_that_fits(handler: BaseHTTPRequestHandler) -> None:
    send(handler, picture(1), length=300)


def stall_before_the_answer(handler: BaseHTTPRequestHandler) -> None:
    handler.server.over.wait()


def stall_within_the_photograph(handler: BaseHTTPRequestHandler) -> None:
    cut_short(handler)
    handler.wfile.flush()
    handler.server.over.wait()


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def drip(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"", length=1000)
    while not handler.server.over.wait(0.05):
        handler.wfile.write(b"x")


def send_a_page(handler: BaseHTTPRequestHandler) -> None:
    send(handler, b"<html>come back later</html>", Content_Type="image/jpeg")


TROUBLES = {
    cut_short: "the connection broke",
    cut_short_with_a_length_that_fits: "a damaged image",
    send_a_page: "not an image",
    hang_up: "the connection broke",
    stall_before_the_answer: "no byte for 0.4 s",
    stall_within_the_photograph: "no byte for 0.4 s",
    drip: "not whole after 0.8 s",
}


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.__name__)
def test_a_broken_transfer_is_tried_again(server, tmp_path, trouble) -> None:
    report = fetch_one(
        server,
        tmp_path,
        lambda handler, time: trouble(handler) if time == 1 else send(handler, picture(1)),
        IMPATIENT,
    )
    assert report.fetched == 1
    assert files(tmp_path) == {"p000_north.jpg": picture(1)}


@pytest.mark.parametrize(
    ("trouble", "reason"),
    list(TROUBLES.items())[:5],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_transfer_that_never_mends_is_listed_and_leaves_no_file(
    server, tmp_path, trouble, reason
) -> None:
    report = fetch_one(server, tmp_path, lambda handler, time: trouble(handler), IMPATIENT)
    assert [text.split(" (")[0] for text in reasons(report)] == [reason]
    assert len(server.asked) == HASTY.tries
    assert files(tmp_path) == {}


@given(length=st.integers(0, len(picture(1)) - 3))
def test_a_picture_cut_anywhere_is_found_out(length) -> None:
    decode_image(picture(1))
    with pytest.raises(ValueError, match="image"):
        decode_image(picture(1)[:length])


def test_retry_after_is_honoured(server, tmp_path) -> None:
    fetch_one(
        server,
        tmp_path,
        lambda handler, time: (
            send(handler, status=503, Retry_After="1") if time == 1 else send(handler, picture(1))
        ),
    )
    first, second = server.times("/1.jpg")
    assert second - first >= 1


def test_retry_after_may_be_seconds_or_a_date() -> None:
    now = datetime(2026, 1, 1, 12, tzinfo=UTC)
    assert retry_after("120", now) == 120
    assert retry_after("Thu, 01 Jan 2026 12:01:30 GMT", now) == 90
    assert retry_after("Thu, 01 Jan 2026 11:00:00 GMT", now) == 0
    assert [retry_after(text, now) for text in ("", "soon", "-5")] == [0, 0, 0]


# What cannot be had


def test_an_absent_photograph_is_asked_for_once_listed_and_never_fatal(server, tmp_path) -> None:
    server.scripts["/1.jpg"] = lambda handler, time: send(handler, status=404)
    points = survey(*(server.url(f"/{i}.jpg") for i in range(3)))
    report = fetch_photographs(points, tmp_path, HASTY)
    assert report.fetched == 2 and reasons(report) == ["HTTP 404"]
    assert len(server.times("/1.jpg")) == 1
    assert (tmp_path / "failures.csv").read_text().splitlines() == [
        "id,view,address,reason",
        f"p001,north,{server.url('/1.jpg')},HTTP 404",
    ]
    del server.scripts["/1.jpg"]
    assert fetch_photographs(points, tmp_path, HASTY).fetched == 1
    assert not (tmp_path / "failures.csv").exists()


def test_a_host_that_asks_for_hours_is_left_alone(server, tmp_path) -> None:
    for i in range(9):
        server.scripts[f"/{i}.jpg"] = lambda handler, time: send(
            handler, status=429, Retry_After="7200"
        )
    points = survey(*(server.url(f"/{i}.jpg") for i in range(9)))
    report = fetch_photographs(points, tmp_path, HASTY)
    assert "HTTP 429, come back in 2.0 h" in reasons(report)
    assert len(report.failures) == 9
    assert len(server.asked) <= HASTY.connections


def test_a_host_that_is_gone_is_not_asked_for_ever(server, tmp_path) -> None:
    gone = server.url("/1.jpg")
    server.shutdown()
    server.server_close()
    policy = RetryPolicy(connections=1, tries=2, backoff_s=0.001, most_failures=3)
    report = fetch_photographs(survey(*[gone] * 8), tmp_path, policy)
    assert reasons(report) == [
        *["the connection broke (ConnectionError)"] * 3,
        *["not asked: its host failed too often in a row"] * 5,
    ]


@pytest.mark.parametrize("address", ["http://", "http://[::1/x.jpg", "http://a b/x.jpg"])
def test_what_is_no_url_is_listed(tmp_path, address) -> None:
    assert reasons(fetch_photographs(survey(address), tmp_path, HASTY)) == ["not a URL"]


# Stopping


def test_cancelling_leaves_whole_files_and_does_not_wait_for_a_server_that_stalls(
    server, tmp_path
) -> None:
    for i in (5, 6, 7):
        server.scripts[f"/{i}.jpg"] = lambda handler, time: stall_within_the_photograph(handler)
    patient = RetryPolicy(silence_s=600)

    def stop_when_only_stalled_ones_are_left(stage: str, done: int, total: int) -> None:
        if done == 5:
            raise Cancelled

    points = survey(*(server.url(f"/{i}.jpg") for i in range(8)))
    with pytest.raises(Cancelled):
        fetch_photographs(points, tmp_path, patient, stop_when_only_stalled_ones_are_left)
    assert files(tmp_path) == {f"p{i:03}_north.jpg": picture(i) for i in range(5)}

    server.scripts.clear()
    assert fetch_photographs(points, tmp_path, HASTY).fetched == 3


def test_what_a_killed_run_left_half_written_is_removed(server, tmp_path) -> None:
    (tmp_path / "00").mkdir()
    (tmp_path / "00" / "p999_north.jpg.part").write_bytes(b"cut")
    fetch_photographs(survey(server.url("/1.jpg")), tmp_path, HASTY)
    assert files(tmp_path) == {"p000_north.jpg": picture(1)}


def test_two_runs_never_share_a_folder(server, tmp_path) -> None:
    inner: list[OutputUnwritable] = []

    def run_again(stage: str, done: int, total: int) -> None:
        with pytest.raises(OutputUnwritable, match="Another run") as caught:
            fetch_photographs(survey(server.url("/2.jpg")), tmp_path, HASTY)
        inner.append(caught.value)

    fetch_photographs(survey(server.url("/1.jpg")), tmp_path, HASTY, run_again)
    assert inner


def test_a_full_disk_ends_the_run_with_a_sentence(server, tmp_path, monkeypatch) -> None:
    def write(path: Path, body: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", write)
    with pytest.raises(DiskFull, match="became full"):
        fetch_photographs(survey(server.url("/1.jpg")), tmp_path, HASTY)


def test_a_folder_that_cannot_be_used_is_named(tmp_path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputUnwritable, match="file cannot be written"):
        fetch_photographs(survey("http://127.0.0.1/1.jpg"), tmp_path / "file", HASTY)


# The commands


def test_the_commands_lead_from_a_table_to_photographs(server, tmp_path) -> None:
    (tmp_path / "n.jpg").write_bytes(picture(0))
    lines = ["id,lon,lat,date,region,photo"]
    lines += [f"p{i},{i},50,2024-05-01,r{i % 5},{server.url(f'/{i}.jpg')}" for i in range(20)]
    server.scripts["/7.jpg"] = lambda handler, time: send(handler, status=404)
    (tmp_path / "mine.csv").write_text("\n".join([*lines, "q,1,50,,r0,n.jpg"]))
    points, photos = str(tmp_path / "points.csv"), str(tmp_path / "photos")

    made = CliRunner().invoke(app, ["points", str(tmp_path / "mine.csv"), "-o", points])
    assert made.exit_code == 0 and "21 points" in made.output
    assert "train 13 in 3 regions, validation 4 in 1 region, test 4 in 1 region" in made.output
    fetched = CliRunner().invoke(app, ["photos", points, "-o", photos, "--delay", "0"])
    assert fetched.exit_code == 0
    assert "20 photographs fetched, 0 were already there." in fetched.output
    assert "1 could not be fetched: 1 HTTP 404." in fetched.output


def test_photograph_of_a_lucas_point_lies_where_its_id_says(tmp_path) -> None:
    photograph = Photograph("38863102", "north", "https://x.org/38863102N.jpg")
    assert photo_path(tmp_path, photograph).name == "38863102_north.jpg"
