"""What computes lies in a process of its own: it ends alone, and is started anew."""

import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.errors import OutputUnwritable, SceneUnreadable
from backend.progress import Cancelled
from backend.service.compute_process import LINES, Report, Reports, _start_method, _to_send, _Worker
from backend.service.queue.lanes import WORKERS
from backend.service.service import SLOW_AT_ONCE
from backend.service.settings import Settings
from tests.protocol.made import write_head, write_scene
from tests.protocol.server import TOKEN, Server, start_server

Line = tuple[Connection, Connection]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    write_head(tmp_path, "test")
    running = start_server(tmp_path, "--no-store")  # begun again, a job has all to do
    yield running
    running.stop()


@pytest.fixture
def client(server: Server) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=server.address, headers=headers, timeout=60) as own:
        yield own


def kill_once_it_runs(server: Server, look: Callable[[], dict[str, Any]]) -> None:
    """Kill what computes while it is at work, and see that the service goes on."""
    while (job := look())["state"] != "running" or job["total"] < 2:
        assert job["state"] in ("queued", "running"), job
        time.sleep(0.01)
    os.kill(server.computing, signal.SIGKILL)
    while (job := look())["total"] and job["state"] == "running":
        time.sleep(0.01)


@pytest.mark.parametrize(("kills", "end"), [(1, "done"), (2, "failed")])
def test_a_job_is_begun_again_once_when_what_computes_is_killed(
    client: httpx.Client, server: Server, tmp_path: Path, kills: int, end: str
) -> None:
    scene = write_scene(tmp_path / "wide.tif", 448 * 4)
    registered = client.post("/v1/scenes", json={"path": str(scene)}).json()["id"]
    message = {"scene": registered, "phrases": ["water"], "head": "test"}
    path = "/v1/jobs/" + client.post("/v1/jobs", json=message).json()["id"]
    first = server.computing
    for _ in range(kills):
        kill_once_it_runs(server, lambda: client.get(path).json())
        assert client.get("/v1/health").status_code == 200
    while (job := client.get(path).json())["state"] not in ("done", "failed"):
        time.sleep(0.05)
    assert job["state"] == end, job
    assert server.computing != first
    assert (job["error"] or {}).get("code") == (None if end == "done" else "job_killed")
    assert f"exit code -{int(signal.SIGKILL)}" in server.log.read_text()


def test_a_cancel_ends_work_that_hangs_and_the_next_job_runs(tmp_path: Path) -> None:
    write_head(tmp_path, "test")
    server = start_server(tmp_path, "--no-store", max_cancel_s=0.5)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=server.address, headers=headers, timeout=60) as client:
        scene = str(write_scene(tmp_path / "wide.tif", 448 * 2))
        registered = client.post("/v1/scenes", json={"path": scene}).json()["id"]
        message = {"scene": registered, "phrases": ["water"], "head": "test"}
        hanging, next_one = (
            "/v1/jobs/" + client.post("/v1/jobs", json=message | changed).json()["id"]
            for changed in ({}, {"quality": "fast"})
        )
        while client.get(hanging).json()["total"] < 2:
            time.sleep(0.01)
        os.kill(server.computing, signal.SIGSTOP)
        assert client.delete(hanging).json()["stage"] == "Cancelling"
        for path, end in ((hanging, "cancelled"), (next_one, "done")):
            while (job := client.get(path).json())["state"] in ("queued", "running"):
                time.sleep(0.05)
            assert job["state"] == end, job
    assert server.stop() == 0


def test_what_computes_ends_with_a_service_that_is_killed(server: Server) -> None:
    computing = Path(f"/proc/{server.computing}")
    server.process.kill()
    server.process.wait()
    ends = time.monotonic() + 10
    while computing.exists():
        assert time.monotonic() < ends
        time.sleep(0.01)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_process_with_other_threads_is_not_copied(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: threads)
    assert (_start_method() == "fork") == (threads == 1)


@pytest.fixture
def line() -> Iterator[Line]:
    here, there = Pipe()
    with here, there:
        yield here, there


def test_threads_share_a_line_and_leave_it_to_the_next_call(line: Line) -> None:
    """Work such as a fetch reports from two threads, and may leave one of them behind."""
    here, there = line
    reports = Reports(there)
    answered: list[object] = []

    def answer() -> None:
        while isinstance(report := here.recv(), Report):
            answered.append(report)
            here.send(True)

    def work(thread: int) -> None:
        for number in range(50):
            reports(f"{thread} {number}", number, 50)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    service = threading.Thread(target=answer)
    for each in (service, *threads):
        each.start()
    for each in threads:
        each.join(20)
    reports.close()
    there.send("the result")
    service.join(20)
    assert len(answered) == 200
    with pytest.raises(Cancelled):
        reports("left behind", 1, 2)
    assert not here.poll()
    assert not there.poll()


def test_who_was_told_to_stop_is_told_without_being_asked_again(line: Line) -> None:
    here, there = line
    reports = Reports(there)
    here.send(False)
    for _ in range(2):
        with pytest.raises(Cancelled):
            reports("encode", 1, 2)
    assert here.recv() == Report("encode", 1, 2)
    assert not here.poll()


def test_whoever_asks_is_told_why_the_process_cannot_compute(tmp_path: Path, line: Line) -> None:
    folder = tmp_path / "state"
    begun = Settings(token="a" * 20), folder / "results", folder / "jobs.sqlite3", None
    worker = _Worker(begun)
    refused = worker._reply(line[1], "measured", ())
    assert isinstance(refused.error, OutputUnwritable)
    folder.mkdir()
    assert worker._reply(line[1], "measured", ()) == {}
    worker._here().close()


def test_there_is_a_line_for_whoever_may_call() -> None:
    questions = 1  # has a thread beside the work that gives way
    assert SLOW_AT_ONCE + sum(WORKERS.values()) + questions <= LINES


class Particular(Exception):
    """Holds what cannot be sent, as some errors of libraries."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.lock = threading.Lock()


def test_errors_arrive_with_the_lines_they_come_from() -> None:
    for raised, arrives in (
        (SceneUnreadable("It is cut.", "Send it again."), SceneUnreadable),
        (MemoryError(), MemoryError),
        (Particular("7: wrong"), RuntimeError),
    ):
        try:
            raise raised
        except Exception as error:
            sent = pickle.loads(pickle.dumps(_to_send(error)))
        assert isinstance(sent, arrives)
        assert "raise raised" in sent.__notes__[0]
        assert str(raised) in str(sent)
        assert getattr(sent, "remedy", None) == getattr(raised, "remedy", None)
