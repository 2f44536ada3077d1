"""The queue of jobs, with real threads and small work."""

import errno
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import Busy, HeadMismatch, JobKilled, JobUnknown
from backend.progress import Progress
from backend.service.jobs import Job, JobRequest, JobResult
from backend.service.kinds import DEVICE, NETWORK, Checked
from backend.service.kinds.alignment import AlignmentRequest, AlignmentResult
from backend.service.queue import ENDED, JobQueue, Retention, retention
from backend.service.queue.work import JobRecord, Work, seconds_left
from backend.service.schemas import ResultFile
from backend.service.table import JobTable

WEEK = Retention(7, 10**9)

RESULT = AlignmentResult(
    files=[], phrases=[], km2=1.0, cells=1, windows=1, seconds=0.1, provenance={"by": "test"}
)


def ask(scene: str = "s") -> AlignmentRequest:
    return AlignmentRequest(scene=scene, phrases=["open water"])


class Bench:
    """A queue whose work is a function of the test, named by the request's scene."""

    def __init__(self, results: Path) -> None:
        self.work: dict[str, Callable[[Path, Progress], JobResult]] = {}
        self.results = results
        self.started = threading.Event()
        self.release = threading.Event()
        self.start()

    def start(self) -> None:
        """Start the service's queue, again even."""
        self.table = JobTable(self.results.parent / "jobs.sqlite3")
        self.queue = JobQueue(self._run, self.results, 2, False, self.table, WEEK)

    def kill(self) -> None:
        """Leave the queue as a kill does: the table is as it was, whatever the work does then."""
        self.table.close()

    def _run(
        self, request: JobRequest, folder: Path, progress: Progress, depends_on: str | None
    ) -> JobResult:
        assert isinstance(request, AlignmentRequest)
        return self.work[request.scene](folder, progress)

    def submit(
        self,
        work: Callable[[Path, Progress], JobResult],
        name: str = "s",
        lane: str = DEVICE,
        **checked: Any,
    ) -> str:
        self.work[name] = work
        return self.queue.submit(ask(name), lane, Checked(**checked)).id

    def wait(self, job: str) -> Job:
        for _ in range(2000):
            found = self.queue.get(job)
            if found.state in ENDED:
                return found
            threading.Event().wait(0.01)
        raise TimeoutError(found)

    def endless(self, folder: Path, progress: Progress) -> JobResult:
        """Work until the progress callback raises or the test releases it."""
        (folder / "half.tif").write_bytes(b"half")
        while not self.release.is_set():
            progress("working", 0, 1)
            self.started.set()
            self.release.wait(0.01)
        return RESULT


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path / "results")
    yield bench
    bench.release.set()
    assert bench.queue.close(10)
    bench.table.close()


def fail_with(error: BaseException) -> Callable[[Path, Progress], JobResult]:
    def work(folder: Path, progress: Progress) -> JobResult:
        (folder / "half.tif").write_bytes(b"half")
        raise error

    return work


def test_jobs_are_worked_off_in_the_order_they_came(bench: Bench) -> None:
    order: list[str] = []
    first = bench.submit(bench.endless, "first")
    bench.started.wait(10)
    for name in ("second", "third"):
        bench.submit(lambda folder, progress, name=name: order.append(name) or RESULT, name)
    bench.release.set()
    assert bench.wait(first).state == "done"
    last = bench.queue.all()[0]
    assert last.request.scene == "third"
    assert bench.wait(last.id).state == "done"
    assert order == ["second", "third"]


def test_a_full_queue_is_busy_and_says_how_full(bench: Bench) -> None:
    bench.submit(bench.endless)
    bench.started.wait(10)
    bench.submit(bench.endless)
    bench.submit(bench.endless)
    with pytest.raises(Busy, match="2 jobs are waiting"):
        bench.submit(bench.endless)


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(bench: Bench) -> None:
    bench.submit(bench.endless, "first")
    bench.started.wait(10)
    ran: list[str] = []
    waiting = bench.submit(lambda folder, progress: ran.append("ran") or RESULT, "second")
    assert bench.queue.cancel(waiting).state == "cancelled"
    bench.release.set()
    last = bench.submit(lambda folder, progress: RESULT, "third")
    assert bench.wait(last).state == "done"
    assert not ran


def test_a_cancelled_job_leaves_no_file_and_the_next_one_runs(bench: Bench, tmp_path: Path) -> None:
    job = bench.submit(bench.endless, "first")
    bench.started.wait(10)
    bench.queue.cancel(job)
    assert bench.wait(bench.submit(lambda folder, progress: RESULT, "next")).state == "done"
    assert (bench.queue.get(job).state, bench.queue.get(job).error) == ("cancelled", None)
    assert not list(tmp_path.rglob("*.tif"))


def test_a_cancel_is_said_at_once_and_ends_when_the_work_has_stopped(
    bench: Bench, tmp_path: Path
) -> None:
    def busy(folder: Path, progress: Progress) -> JobResult:
        (folder / "map.tif").write_bytes(b"map")
        bench.started.set()
        bench.release.wait(10)
        return RESULT

    job = bench.submit(busy)
    bench.started.wait(10)
    said = bench.queue.cancel(job)
    assert (said.state, said.stage) == ("running", "Cancelling")
    assert bench.queue.reader_of("s") is None  # its client has no use for the scene
    bench.release.set()
    assert bench.wait(job).stage == "Cancelled"
    assert bench.wait(bench.submit(lambda folder, progress: RESULT, "next")).state == "done"
    assert (bench.queue.get(job).state, bench.queue.get(job).result) == ("cancelled", None)
    assert not list(tmp_path.rglob("*.tif"))


def test_cancelling_an_ended_job_changes_nothing(bench: Bench) -> None:
    job = bench.submit(lambda folder, progress: RESULT)
    before = bench.wait(job)
    assert bench.queue.cancel(job) == before


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (HeadMismatch("They do not fit.", "Choose another."), "head_mismatch"),
        (OSError(errno.ENOSPC, "No space left on device"), "disk_full"),
        (torch.OutOfMemoryError("CUDA out of memory"), "out_of_memory"),
        (ZeroDivisionError("division by zero"), "internal"),
    ],
)
def test_a_job_that_dies_says_why_and_leaves_no_file(
    bench: Bench, tmp_path: Path, error: Exception, code: str
) -> None:
    found = bench.wait(bench.submit(fail_with(error)))
    assert found.state == "failed"
    assert found.error is not None
    assert found.error.code == code
    assert found.error.message.endswith(".")
    assert found.error.remedy
    assert not list(tmp_path.rglob("*.tif"))


def test_an_unforeseen_error_leaves_its_traceback_in_the_log(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.wait(bench.submit(fail_with(ZeroDivisionError("division by zero"))))
    assert "Traceback" in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_only_the_files_of_the_result_can_be_fetched(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")

    def work(folder: Path, progress: Progress) -> JobResult:
        (folder / "map.tif").write_bytes(b"map")
        (folder / "other.tif").write_bytes(b"other")
        file = ResultFile(name="map.tif", bytes=3, media_type="image/tiff")
        return RESULT.model_copy(update={"files": [file]})

    job = bench.submit(work)
    bench.wait(job)
    path, _ = bench.queue.file(job, "map.tif")
    assert path.read_bytes() == b"map"
    for name in ("other.tif", "../secret.txt", "", ".", str(tmp_path / "secret.txt")):
        with pytest.raises(JobUnknown):
            bench.queue.file(job, name)


def test_old_jobs_are_forgotten_with_their_files(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "KEPT_JOBS", 3)
    monkeypatch.setattr(retention, "REST_S", -1.0)
    jobs = []
    for _ in range(5):
        jobs.append(bench.submit(lambda folder, progress: RESULT))
        bench.wait(jobs[-1])
    assert [job.id for job in bench.queue.all()] == jobs[:1:-1]
    assert {folder.name for folder in bench.results.iterdir()} == set(jobs[2:])


def test_a_stopped_queue_takes_nothing_and_the_next_one_goes_on_in_its_order(
    bench: Bench,
) -> None:
    running = bench.submit(bench.endless, "first")
    bench.started.wait(10)
    waiting = bench.submit(bench.endless, "second")
    bench.queue.stop()
    assert bench.queue.close(10)
    assert [job.state for job in bench.queue.all()] == ["queued", "queued"]
    with pytest.raises(Busy):
        bench.submit(bench.endless)
    for _ in range(2):  # stopped in good order: such an attempt does not count
        bench.kill()
        bench.started.clear()
        bench.start()
        bench.started.wait(10)
        bench.queue.stop()
        assert bench.queue.close(10)
    bench.kill()
    order: list[str] = []
    for name in ("first", "second"):
        bench.work[name] = lambda folder, progress, name=name: order.append(name) or RESULT
    bench.start()
    assert bench.wait(running).state == bench.wait(waiting).state == "done"
    assert order == ["first", "second"]
    assert [job.id for job in bench.queue.all()] == [waiting, running]


def test_after_a_kill_the_running_job_runs_again_and_results_are_there(bench: Bench) -> None:
    def with_a_map(folder: Path, progress: Progress) -> JobResult:
        progress("Writing the map", 3, 4)
        (folder / "map.tif").write_bytes(b"map")
        file = ResultFile(name="map.tif", bytes=3, media_type="image/tiff")
        return RESULT.model_copy(update={"files": [file]})

    done = bench.submit(with_a_map, "done")
    before = bench.wait(done)
    cancelled = bench.submit(bench.endless, "cancelled")
    bench.started.wait(10)
    bench.queue.cancel(cancelled)
    bench.wait(cancelled)
    bench.started.clear()
    running = bench.submit(bench.endless, "running")
    bench.started.wait(10)
    waiting = bench.submit(with_a_map, "waiting")
    bench.kill()
    half = bench.results / running / "half.tif"
    assert half.exists()
    old = bench.queue
    bench.work["running"] = lambda folder, progress: with_a_map(folder, progress)
    bench.start()
    assert bench.queue.get(done) == before
    assert bench.queue.file(done, "map.tif")[0].read_bytes() == b"map"
    assert bench.queue.get(cancelled).state == "cancelled"
    assert bench.wait(running).state == bench.wait(waiting).state == "done"
    assert not half.exists()
    bench.release.set()
    old.close(10)


def test_work_that_is_begun_again_keeps_its_folder(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lane with two threads begins it at once, while the first one may still be tidying up."""
    remove, again = shutil.rmtree, threading.Event()
    attempts: list[Path] = []

    def work(folder: Path, progress: Progress) -> JobResult:
        attempts.append(folder)
        if len(attempts) == 1:
            monkeypatch.setattr(shutil, "rmtree", late)
            raise JobKilled("The process that computes has ended.")
        again.set()
        time.sleep(0.1)
        (folder / "map.tif").write_bytes(b"map")
        return RESULT

    def late(*given: Any, **named: Any) -> None:
        if len(attempts) == 1:
            again.wait(0.3)
        remove(*given, **named)

    job = bench.submit(work, lane=NETWORK)
    found = bench.wait(job)
    assert (found.state, found.error, len(attempts)) == ("done", None, 2)
    assert (bench.results / job / "map.tif").exists()


def test_a_job_that_was_killed_twice_is_not_begun_again(bench: Bench) -> None:
    begun = threading.Semaphore(0)

    def work(folder: Path, progress: Progress) -> JobResult:
        begun.release()
        bench.release.wait(10)
        return RESULT

    killed = bench.submit(work)
    queues = []
    for _ in range(2):
        assert begun.acquire(timeout=10)
        bench.kill()
        queues.append(bench.queue)
        bench.start()
    found = bench.queue.get(killed)
    assert (found.state, found.error and found.error.code) == ("failed", "job_killed")
    bench.release.set()
    assert all(queue.close(10) for queue in queues)


def test_a_damaged_table_is_put_aside_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "jobs.sqlite3").write_bytes(b"nothing of SQLite" * 100)
    with closing(JobTable(tmp_path / "jobs.sqlite3")) as table:
        assert table.jobs() == []
    assert "cannot be read" in caplog.text
    assert len(list(tmp_path.glob("jobs.sqlite3.damaged-*"))) == 1


def test_a_question_overtakes_a_long_job_which_then_goes_on(bench: Bench) -> None:
    order: list[str] = []

    def long(folder: Path, progress: Progress) -> JobResult:
        order.append("long begins")
        bench.endless(folder, progress)
        order.append("long ends")
        return RESULT

    def note(name: str) -> Callable[[Path, Progress], JobResult]:
        return lambda folder, progress: order.append(name) or RESULT

    first = bench.submit(long, "long", seconds=3600.0)
    bench.started.wait(10)
    second = bench.submit(note("other"), "other", seconds=None)
    question = bench.submit(note("question"), "question", seconds=0.0)
    assert bench.wait(question).state == "done"
    assert bench.queue.get(first).state == "running"
    bench.release.set()
    assert bench.wait(first).state == bench.wait(second).state == "done"
    assert order == ["long begins", "question", "long ends", "other"]


def test_a_long_job_goes_on_for_as_long_as_it_gave_way() -> None:
    work = Work("w", ask(), DEVICE, None, 3600.0)
    work.rest(50.0)
    assert 49 < work.gives_way_from - time.monotonic() <= 50


def test_what_waits_for_a_host_never_holds_up_the_device(bench: Bench) -> None:
    fetch = bench.submit(bench.endless, "fetch", NETWORK)
    bench.started.wait(10)
    job = bench.submit(lambda folder, progress: RESULT, "job")
    assert bench.wait(job).state == "done"
    assert bench.queue.get(fetch).state == "running"


def test_equal_requests_share_their_work_and_a_cancel_ends_one_job_alone(bench: Bench) -> None:
    ran: list[str] = []

    def once(folder: Path, progress: Progress) -> JobResult:
        ran.append("ran")
        bench.endless(folder, progress)
        (folder / "map.tif").write_bytes(b"map")
        file = ResultFile(name="map.tif", bytes=3, media_type="image/tiff")
        return RESULT.model_copy(update={"files": [file]})

    first = bench.submit(once, depends_on="a")
    bench.started.wait(10)
    second, third = (bench.submit(once, depends_on="a") for _ in range(2))
    assert len({first, second, third}) == 3
    with pytest.raises(Busy):  # each is a job that waits
        bench.submit(once, depends_on="a")
    assert bench.queue.cancel(first).state == "cancelled"
    bench.release.set()
    assert bench.wait(second).state == bench.wait(third).state == "done"
    assert ran == ["ran"]
    assert bench.queue.get(first).result is None
    assert bench.queue.file(second, "map.tif") == bench.queue.file(third, "map.tif")


def test_work_stops_when_the_last_of_its_jobs_is_cancelled(bench: Bench) -> None:
    first = bench.submit(bench.endless, depends_on="a")
    bench.started.wait(10)
    second = bench.submit(bench.endless, depends_on="a")
    assert bench.queue.cancel(first).state == "cancelled"
    assert bench.queue.cancel(second).stage in ("Cancelling", "Cancelled")
    assert bench.wait(second).state == "cancelled"


def test_another_state_of_the_files_is_another_work(bench: Bench) -> None:
    ran: list[str] = []
    for state in ("a", "b", None, None):
        job = bench.submit(lambda *_: ran.append("ran") or RESULT, depends_on=state)
        bench.wait(job)
    assert len(ran) == 4


def test_how_a_job_has_ended_is_known_for_a_moment_however_many_there_are(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "KEPT_JOBS", 0)
    monkeypatch.setattr(retention, "MOST_JOBS", 6)
    failed = bench.submit(fail_with(HeadMismatch("They do not fit.")))
    assert bench.wait(failed).state == "failed"
    for _ in range(5):
        bench.wait(bench.submit(lambda *_: RESULT))
    assert bench.queue.get(failed).state == "failed"
    for _ in range(3):
        bench.wait(bench.submit(lambda *_: RESULT))
    assert len(bench.queue.all()) <= 7


def test_results_beyond_their_time_and_room_go_the_fetched_ones_first() -> None:
    def record(name: str, age_days: float, fetched: bool = False) -> JobRecord:
        file = ResultFile(name="map.tif", bytes=100, media_type="image/tiff")
        job = Job(
            id=name,
            kind="alignment",
            state="done",
            stage="Done",
            done=1,
            total=1,
            seconds_left=None,
            created="",
            request=ask(),
            result=RESULT.model_copy(update={"files": [file]}),
        )
        return JobRecord(job, Path(name), fetched, age_days * 86400)

    records = [
        record("old", 8),
        record("older", 3),
        record("fetched", 1, fetched=True),
        record("newer", 2),
        record("now", 0, fetched=True),
    ]
    names = [one.job.id for one in Retention(7, 250).to_forget(records)]
    assert names == ["fetched", "old", "older"]
    assert [one.job.id for one in Retention(7, 10**9).to_forget(records)] == ["old"]
    assert [one.job.id for one in Retention(0.001, 0).to_forget(records)][-1] != "now"


def test_a_scene_is_in_use_until_its_jobs_have_ended(bench: Bench) -> None:
    job = bench.submit(bench.endless, "lake")
    assert bench.queue.reader_of("lake") == job
    assert bench.queue.reader_of("sea") is None
    bench.release.set()
    bench.wait(job)
    assert bench.queue.reader_of("lake") is None


@given(st.floats(0, 1e5), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_time_left_is_the_rest_at_the_rate_so_far(
    elapsed: float, done: int, total: int
) -> None:
    left = seconds_left(elapsed, done, total)
    if done == 0 or elapsed < 0.5:
        assert left is None
    else:
        assert left == pytest.approx(elapsed * max(total - done, 0) / done, abs=0.06, rel=1e-9)
