"""Worker processes of this machine."""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import (
    active_children,
    get_all_start_methods,
    get_context,
    parent_process,
    set_forkserver_preload,
)


def cores() -> int:
    """Return how many processors this process may use."""
    known = hasattr(os, "sched_getaffinity")
    return len(os.sched_getaffinity(0)) if known else os.cpu_count() or 1


@contextmanager
def worker_processes(workers: int, preload: str = "") -> Iterator[ProcessPoolExecutor]:
    """Yield a pool of fresh processes, which end with this one, even when it is killed.

    The module `preload` is imported once for all of them, where the system can do that. When the
    block is left by an error, what they are at is not waited for.
    """
    others = set(active_children())
    # Forked from a server that has no threads yet, with what is slow to import in it.
    method = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"
    if preload:
        set_forkserver_preload([preload])
    context = get_context(method)
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_end_with_parent)
    try:
        yield pool
    except BaseException:
        for process in set(active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _end_with_parent() -> None:
    """End this worker when the process that started it has ended, even by a kill."""

    def watch() -> None:
        parent = parent_process()
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
