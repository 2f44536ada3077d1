"""What computes lies in a process of its own: it ends alone, and is started anew."""

import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import httpx
import pytest

from backend.errors import OutputUnwritable, SceneUnreadable
from backend.progress import Cancelled
from backend.service.compute_process import LINES, _start_method
from backend.service.compute_worker import Reply, Report, Reports, Worker, _to_send
from backend.service.queue.lanes import WORKERS
from backend.service.service import SLOW_AT_ONCE
from backend.service.settings import Settings
from backend.service.table import JobTable
from tests.protocol.made import UTM, square, write_head, write_scene
from tests.protocol.server import TOKEN, Server, start_server
from tests.support.jobs import has_ended, look_until

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
    look_until(look, lambda job: job["total"] >= 2)
    os.kill(server.computing, signal.SIGKILL)
    look_until(look, lambda job: not job["total"])


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
    job = look_until(lambda: client.get(path).json(), has_ended)
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
        look_until(lambda: client.get(hanging).json(), lambda job: job["total"] >= 2)
        os.kill(server.computing, signal.SIGSTOP)
        assert client.delete(hanging).json()["stage"] == "Cancelling"
        ended = [
            look_until(lambda: client.get(hanging).json(), has_ended)["state"],
            look_until(lambda: client.get(next_one).json(), has_ended)["state"],
        ]
        assert ended == ["cancelled", "done"]
    assert server.stop() == 0


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A service that has nothing to do."""
    running = start_server(tmp_path_factory.mktemp("idle"))
    yield running
    running.stop()


def asking(server: Server, timeout: float) -> httpx.Client:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return httpx.Client(base_url=server.address, headers=headers, timeout=timeout)


def test_what_computes_is_started_anew_as_soon_as_it_ends(idle: Server, tmp_path: Path) -> None:
    first = Path(f"/proc/{idle.computing}")
    os.kill(idle.computing, signal.SIGKILL)
    with asking(idle, 60) as own:
        assert own.get("/metrics", timeout=5).status_code == 200
        ends = time.monotonic() + 20
        while first.exists():  # which it does until the service has noticed
            assert time.monotonic() < ends
            time.sleep(0.01)
        scene = {"path": str(write_scene(tmp_path / "lake.tif", 224))}
        assert own.post("/v1/scenes", json=scene).status_code == 201


def test_no_file_and_no_host_can_end_the_service(idle: Server, tmp_path: Path) -> None:
    """All that opens files, asks hosts or reads an area hangs, and ends, with what computes."""
    area = {"aoi": square(500), "aoi_crs": UTM}
    requests: list[tuple[str, str, dict[str, Any] | None]] = [
        ("POST", "/v1/scenes", {"path": str(tmp_path)}),
        ("POST", "/v1/estimates", {"scene": "a", **area}),
        ("POST", "/v1/jobs", {"scene": "a", "phrases": ["water"], **area}),
        ("POST", "/v1/imagery/search", {"first": "2024-05-01", "last": "2024-05-02", **area}),
        ("GET", "/v1/imagery/catalogues/planetary-computer/newest", None),
        ("GET", "/v1/capabilities", None),
        ("GET", "/v1/encoded", None),
    ]
    with asking(idle, 60) as own, ThreadPoolExecutor(len(requests)) as threads:
        os.kill(idle.computing, signal.SIGSTOP)
        replies = [
            threads.submit(own.request, how, path, json=sent) for how, path, sent in requests
        ]
        for _ in range(50):  # long enough for all of them to come to what computes
            for path in ("/v1/health", "/v1/jobs", "/v1/scenes", "/metrics"):
                assert own.get(path, timeout=5).status_code == 200
        assert not any(reply.done() for reply in replies)
        os.kill(idle.computing, signal.SIGKILL)
        for reply in replies:
            assert reply.result().status_code == 500, reply.result().url
            assert reply.result().json()["error"]["code"] == "job_killed"
        assert own.get("/v1/health").status_code == 200


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
    worker = Worker(begun)
    refused = worker._reply(line[1], "begin", begun)
    assert isinstance(refused.value, OutputUnwritable) and refused.raised
    folder.mkdir()
    JobTable(folder / "jobs.sqlite3").close()
    assert worker._reply(line[1], "begin", begun) == Reply(None, False, {})
    worker._here().close()


def test_only_the_service_makes_its_table_or_puts_it_aside(tmp_path: Path, line: Line) -> None:
    table = tmp_path / "jobs.sqlite3"
    begun = Settings(token="a" * 20), tmp_path / "results", table, None
    for content in (None, b"no table" * 1000):
        if content:
            table.write_bytes(content)
        refused = Worker(begun)._reply(line[1], "begin", begun)
        assert isinstance(refused.value, OutputUnwritable) and refused.raised
        assert (table.read_bytes() if table.exists() else None) == content
        assert len(list(tmp_path.iterdir())) == bool(content)
    with closing(JobTable(table)) as own:
        assert own.jobs() == []
    assert list(tmp_path.glob("jobs.sqlite3.damaged-*"))


def test_there_is_a_line_for_whoever_may_call() -> None:
    questions = 1  # has a thread beside the work that gives way
    keeping_up = 1
    assert SLOW_AT_ONCE + sum(WORKERS.values()) + questions + keeping_up <= LINES


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
