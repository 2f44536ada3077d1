"""Worker processes: all are there before the first task, so that the death of none goes unseen."""

import os
import signal
from concurrent.futures import BrokenExecutor
from multiprocessing import active_children

import pytest

from backend.errors import WorkerKilled
from backend.io.processes import map_in_processes, worker_processes


def test_all_workers_have_started_before_the_first_task() -> None:
    others = set(active_children())
    with worker_processes(3) as pool:
        workers = {process.pid for process in set(active_children()) - others}
        assert len(workers) == 3
        assert {pool.submit(os.getpid).result(60) for _ in range(6)} <= workers
    assert not set(active_children()) - others


@pytest.mark.parametrize("workers", [1, 2])
def test_a_worker_that_dies_at_any_task_breaks_the_pool_at_once(workers: int) -> None:
    for tasks in range(3):
        with worker_processes(workers) as pool:
            for _ in range(tasks):
                pool.submit(os.getpid).result(60)
            with pytest.raises(BrokenExecutor):
                pool.submit(signal.raise_signal, signal.SIGKILL).result(60)


def test_results_come_in_the_order_of_their_jobs() -> None:
    jobs = [f"{number}" for number in range(20)]
    for workers in (1, 2):
        assert list(map_in_processes(int, jobs, workers)) == list(range(20))


def test_a_killed_worker_is_one_sentence() -> None:
    with pytest.raises(WorkerKilled, match="One of 2 processes that worked side by side"):
        list(map_in_processes(signal.raise_signal, [signal.SIGKILL] * 4, 2))
