"""Worker processes of this machine."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from multiprocessing import (
    active_children,
    get_all_start_methods,
    get_context,
    parent_process,
    set_forkserver_preload,
)
from multiprocessing.synchronize import Barrier
from typing import TypeVar

from backend.errors import WorkerKilled

J = TypeVar("J")
R = TypeVar("R")

MOST_WORKERS = 8
"""Processes of one map at most: each has libraries of its own in memory."""

START_S = 120.0
"""How long a worker waits for the others to start."""


def cores() -> int:
    """Return how many processors this process may use."""
    known = hasattr(os, "sched_getaffinity")
    return len(os.sched_getaffinity(0)) if known else os.cpu_count() or 1


@contextmanager
def worker_processes(workers: int, preload: str = "") -> Iterator[ProcessPoolExecutor]:
    """Yield a pool of fresh processes, which end with this one, even when it is killed.

    The module `preload` is imported once for all of them, where the system can do that. When the
    block is left by an error, what they are at is not waited for. A process that dies breaks the
    pool, at once: Python's own pool starts processes as they are needed, does not watch the last
    one until something else happens, and waits for ever for what that one was at when it died.
    """
    others = set(active_children())
    # Forked from a server that has no threads yet, with what is slow to import in it.
    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    if preload:
        set_forkserver_preload([preload])
    context = get_context(method)
    together = context.Barrier(workers)
    pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(together,))
    try:
        with suppress(BrokenExecutor):  # then the pool says so when it is asked for something
            wait([pool.submit(os.getpid) for _ in range(workers)])
            wait([pool.submit(os.getpid)])  # each submit has it watch those that have started
        yield pool
    except BaseException:
        for process in set(active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def usual_workers() -> int:
    """Return how many processes a map takes where nothing else is said."""
    return min(cores(), MOST_WORKERS)


def map_in_processes(work: Callable[[J], R], jobs: Sequence[J], workers: int) -> Iterator[R]:
    """Yield `work(job)` for all jobs, in their order; one worker is this process itself.

    Only so many are begun before they are taken that memory does not grow with the jobs.

    Raises:
        WorkerKilled: one of the processes was killed.
    """
    workers = min(workers, len(jobs))
    if workers <= 1:
        yield from map(work, jobs)
        return
    with worker_processes(workers) as pool:
        for start in range(0, len(jobs), 2 * workers):
            try:
                yield from pool.map(work, jobs[start : start + 2 * workers])
            except BrokenExecutor as error:
                raise WorkerKilled(
                    f"One of {workers} processes that worked side by side was killed, as systems "
                    "do when memory runs out.",
                    "Close other programs, and run it again.",
                ) from error


def _begin(together: Barrier) -> None:
    """End this worker when the process that started it has ended, even by a kill.

    It takes nothing before all have started: else the others would not be started yet.
    """

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    together.wait(START_S)
