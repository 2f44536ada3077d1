"""Jobs: results outlast floods, cancels free the worker, kills leave nothing behind."""

import os
import stat
import sys
import threading
import time
from pathlib import Path

import pytest

from backend.io import atomic
from backend.io.atomic import remove_drafts
from backend.io.disk import write_file
from backend.progress import Cancelled, Progress
from backend.service.folders import results_folder
from backend.service.kinds import KindRequest, KindResult
from backend.service.kinds.alignment import AlignmentRequest, AlignmentResult
from backend.service.kinds.fetch import abandonable
from backend.service.queue import JobQueue, Retention, retention
from backend.service.table import JobTable
from tests.protocol.server import Server
from tests.support.jobs import look_until

WEEK = Retention(7, 10**9)


class Quick(KindRequest):
    kind: str = "quick"


def test_a_result_outlasts_any_number_of_cancelled_jobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "KEPT_JOBS", 3)
    monkeypatch.setattr(retention, "SEEN_S", -1.0)
    begun, go_on = threading.Event(), threading.Event()

    def work(request: object, folder: Path, progress: object, _: object) -> KindResult:
        begun.set()
        go_on.wait(10)
        (folder / "map.tif").touch()
        return KindResult(kind="quick")

    queue = JobQueue(work, tmp_path, 100, False, JobTable(tmp_path / "jobs.sqlite3"), WEEK)
    first = queue.submit(Quick()).id
    assert begun.wait(10)
    for _ in range(20):
        queue.cancel(queue.submit(Quick()).id)
    go_on.set()
    look_until(lambda: dict(queue.get(first)), lambda job: job["state"] == "done")
    go_on.clear()
    for _ in range(20):
        queue.cancel(queue.submit(Quick()).id)
    assert queue.get(first).state == "done"
    assert (tmp_path / first / "map.tif").exists()
    assert len(queue.all()) <= 3
    go_on.set()
    queue.close(10)


def test_the_jobs_that_ended_first_are_forgotten_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "KEPT_JOBS", 3)
    monkeypatch.setattr(retention, "SEEN_S", -1.0)
    monkeypatch.setattr(retention, "REST_S", -1.0)
    free = threading.Event()
    table = JobTable(tmp_path / "jobs.sqlite3")
    queue = JobQueue(lambda *_: free.wait(10), tmp_path, 100, False, table, WEEK)
    ids = [queue.submit(Quick()).id for _ in range(4)]
    for identity in reversed(ids[1:]):
        queue.cancel(identity)
    later = queue.submit(Quick()).id
    kept = {job.id for job in queue.all()}
    assert kept == {ids[0], ids[1], later}
    free.set()
    queue.close(10)


def test_a_cancel_frees_the_worker_while_a_host_is_silent() -> None:
    ended = threading.Event()
    silent = threading.Event()

    def progress(stage: str, done: int, total: int) -> None:
        if silent.is_set():
            raise Cancelled

    def work(report: object) -> None:
        silent.set()
        ended.wait(30)

    try:
        with pytest.raises(Cancelled):
            abandonable(work, progress)
        assert not ended.is_set()
    finally:
        ended.set()
    assert abandonable(lambda report: report("a", 1, 2) or 5, lambda *_: None) == 5
    with pytest.raises(ValueError, match="wrong"):
        abandonable(lambda report: int("wrong"), lambda *_: None)


def test_the_next_start_removes_what_kills_left_in_a_chosen_folder(tmp_path: Path) -> None:
    killed = 2**22 + 7  # no process has this number
    done, half = tmp_path / "0123456789", tmp_path / "abcdefabcd"
    for folder in (done, half, tmp_path / "notes", tmp_path / "aaaaaaaaaa"):
        folder.mkdir()
        (folder / f".map.tif.{killed}-0.partial").write_bytes(b"half")
    (done / "map.tif").touch()
    alive = tmp_path / "aaaaaaaaaa" / f".map.tif.{os.getppid()}-0.partial"
    alive.touch()
    (tmp_path / "bbbbbbbbbb").symlink_to(tmp_path / "notes")
    results_folder(tmp_path, tmp_path)
    assert [file.name for file in done.iterdir()] == ["map.tif"]
    assert not half.exists()
    assert alive.exists() or os.name == "nt"
    assert len(list((tmp_path / "notes").iterdir())) == 1


def done_after(queue: JobQueue, count: int) -> list[str]:
    """Run so many jobs, one after the other, and return their ids."""
    ids = []
    for _ in range(count):
        ids.append(queue.submit(AlignmentRequest(scene="s", phrases=["water"])).id)
        look_until(lambda: dict(queue.get(ids[-1])), lambda job: job["state"] == "done")
    return ids


def made(request: object, folder: Path, progress: Progress, _: object) -> KindResult:
    progress("Encoding", 1, 2)
    (folder / "map.tif").touch()
    return DONE


DONE = AlignmentResult(files=[], phrases=[], km2=1, cells=1, windows=1, seconds=0, provenance={})


def test_a_clock_that_jumps_ends_and_forgets_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, year = time.time, 365 * 86_400.0
    table = JobTable(tmp_path / "jobs.sqlite3")
    queue = JobQueue(made, tmp_path / "results", 100, False, table, WEEK)
    ids = []
    for jump in (-10 * year, 10 * year, -1.0, 86_400.0, 0.0):
        monkeypatch.setattr(time, "time", lambda jump=jump: real() + jump)
        ids += done_after(queue, 2)
        assert {job.id for job in queue.all()} == set(ids)
    queue.close(10)
    table.close()
    monkeypatch.setattr(time, "time", lambda: real() - 10 * year)  # all have ended in the future
    table = JobTable(tmp_path / "jobs.sqlite3")
    queue = JobQueue(made, tmp_path / "results", 100, False, table, WEEK)
    ids += done_after(queue, 2)
    assert {job.id for job in queue.all()} == set(ids)
    queue.close(10)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the open files of a process")
def test_many_jobs_leave_threads_files_and_lists_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "KEPT_JOBS", 20)
    monkeypatch.setattr(retention, "REST_S", -1.0)
    table = JobTable(tmp_path / "jobs.sqlite3")
    queue = JobQueue(made, tmp_path / "results", 100, False, table, WEEK)
    sizes = []
    for _ in range(3):
        done_after(queue, 50)
        files = len(os.listdir("/proc/self/fd"))
        sizes.append((threading.active_count(), files, len(queue.all())))
        assert len(list((tmp_path / "results").iterdir())) <= 21
    assert sizes[0] == sizes[1] == sizes[2]
    queue.close(10)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the mask of a process")
def test_what_the_service_writes_is_for_its_user_alone(server: Server) -> None:
    for process in (server.process.pid, server.computing):
        assert "Umask:\t0077" in Path(f"/proc/{process}/status").read_text()


def test_the_folder_is_stored_after_a_file_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = []
    real = os.fsync

    def record(descriptor: int) -> None:
        kind = "folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file"
        stored.append((kind, (tmp_path / "a").exists()))
        real(descriptor)

    monkeypatch.setattr(atomic.os, "fsync", record)
    write_file(tmp_path / "a", b"1")
    assert stored == [("file", False), ("folder", True)] or os.name == "nt"
    remove_drafts(tmp_path)
    assert (tmp_path / "a").exists()
