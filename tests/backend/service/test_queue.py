"""The queue of jobs, with real threads and small work."""

import errno
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import Busy, HeadMismatch, JobUnknown
from backend.progress import Progress
from backend.service import queue as queue_module
from backend.service.jobs import Job, JobRequest, JobResult
from backend.service.kinds.alignment import AlignmentRequest, AlignmentResult
from backend.service.queue import ENDED, JobQueue, seconds_left
from backend.service.schemas import ResultFile

RESULT = AlignmentResult(
    files=[], phrases=[], km2=1.0, cells=1, windows=1, seconds=0.1, provenance={"by": "test"}
)


def ask(scene: str = "s") -> AlignmentRequest:
    return AlignmentRequest(scene=scene, phrases=["open water"])


class Bench:
    """A queue whose work is a function of the test, named by the request's scene."""

    def __init__(self, results: Path) -> None:
        self.work: dict[str, Callable[[Path, Progress], JobResult]] = {}
        self.queue = JobQueue(self._run, results, limit=2, keep_files=False)
        self.started = threading.Event()
        self.release = threading.Event()

    def _run(self, request: JobRequest, folder: Path, progress: Progress) -> JobResult:
        assert isinstance(request, AlignmentRequest)
        return self.work[request.scene](folder, progress)

    def submit(self, work: Callable[[Path, Progress], JobResult], name: str = "s") -> str:
        self.work[name] = work
        return self.queue.submit(ask(name)).id

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
    bench = Bench(tmp_path)
    yield bench
    bench.release.set()
    assert bench.queue.close(10)


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
    assert bench.queue.cancel(job).state == "cancelled"
    assert bench.wait(bench.submit(lambda folder, progress: RESULT, "next")).state == "done"
    assert (bench.queue.get(job).state, bench.queue.get(job).error) == ("cancelled", None)
    assert not list(tmp_path.rglob("*.tif"))


def test_a_cancel_does_not_wait_for_work_that_gives_no_sign(bench: Bench, tmp_path: Path) -> None:
    def busy(folder: Path, progress: Progress) -> JobResult:
        (folder / "map.tif").write_bytes(b"map")
        bench.started.set()
        bench.release.wait(10)
        return RESULT

    job = bench.submit(busy)
    bench.started.wait(10)
    assert bench.queue.cancel(job).state == "cancelled"
    bench.release.set()
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
    monkeypatch.setattr(queue_module, "KEPT_JOBS", 3)
    monkeypatch.setattr(queue_module, "REST_S", -1.0)
    jobs = []
    for _ in range(5):
        jobs.append(bench.submit(lambda folder, progress: RESULT))
        bench.wait(jobs[-1])
    assert [job.id for job in bench.queue.all()] == jobs[:1:-1]
    assert {folder.name for folder in tmp_path.iterdir()} == set(jobs[2:])


def test_a_stopped_queue_cancels_everything_and_takes_nothing(bench: Bench) -> None:
    running = bench.submit(bench.endless)
    bench.started.wait(10)
    waiting = bench.submit(bench.endless)
    bench.queue.stop()
    assert bench.wait(running).state == bench.wait(waiting).state == "cancelled"
    assert bench.queue.close(10)
    with pytest.raises(Busy):
        bench.submit(bench.endless)


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
