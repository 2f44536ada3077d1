"""Threads that read what comes next, so that the device does not wait for the disk."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 3
TICK_S = 0.2


def read_ahead(
    jobs: Iterable[tuple[Item, Sequence[Callable[[], Result]]]],
    threads: int,
    tick: Callable[[], None],
) -> Generator[tuple[Item, list[Result]]]:
    """Yield each item with the results of its tasks, in order, while the next ones are read.

    At most three items are ahead, so memory does not grow. `tick` is called repeatedly while the
    next item is waited for. Close the generator to stop early: tasks that have not begun are
    dropped.
    """
    ahead: deque[tuple[Item, list[Future[Result]]]] = deque()
    pool = ThreadPoolExecutor(threads)

    def gather() -> tuple[Item, list[Result]]:
        item, futures = ahead.popleft()
        while wait(futures, TICK_S).not_done:
            tick()
        return item, [future.result() for future in futures]

    try:
        for item, tasks in jobs:
            ahead.append((item, [pool.submit(task) for task in tasks]))
            if len(ahead) > AHEAD:
                yield gather()
        while ahead:
            yield gather()
    finally:
        pool.shutdown(cancel_futures=True)
