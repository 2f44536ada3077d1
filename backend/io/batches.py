"""Work in batches as large as the device's memory allows, while threads read what comes next."""

import math
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Self, TypeVar

import torch

from backend.errors import OutOfMemory

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 3
TICK_S = 0.2
BATCH_S = 0.5
"""What a batch may take on a CPU, where a window allows: a cancel is seen between batches.

On a GPU a batch takes less, and its size changes the last digits of features, so it stays there.
"""


def batch_size(device_type: str) -> int:
    """Return how many windows or photographs to try at once on a device: cpu, cuda, …"""
    return 8 if device_type == "cpu" else 64


class Batches:
    """Work on a device in batches of `size`, halved for good when its memory is too small.

    `finished` is called after each batch, with the number of its items. A batch has fewer items
    where `size` of them would take longer than `at_most_s`, by the pace of the one before.
    """

    def __init__(
        self,
        size: int,
        finished: Callable[[int], None] = lambda items: None,
        at_most_s: float = math.inf,
    ) -> None:
        self.size = size
        self._finished = finished
        self._at_most_s, self._seconds_each = at_most_s, 0.0

    @classmethod
    def in_time(cls, device_type: str, finished: Callable[[int], None]) -> Self:
        """Return batches between which a caller can stop the work, or have other work done."""
        at_most_s = BATCH_S if device_type == "cpu" else math.inf
        return cls(batch_size(device_type), finished, at_most_s)

    def over(self, n: int, work: Callable[[slice], Result]) -> Iterator[Result]:
        """Yield the results of `work` on items 0 to n - 1, a batch at a time.

        Raises:
            OutOfMemory: the device's memory is too small for one item.
        """
        start = 0
        while start < n:
            batch = slice(start, min(start + self._next_size(), n))
            began = time.monotonic()
            try:
                result = work(batch)
            except torch.OutOfMemoryError as error:
                if batch.stop - start == 1:
                    raise OutOfMemory(
                        "The memory of the device is too small for a single item.",
                        "Close other programs that use it, or run it on the CPU (--device cpu).",
                    ) from error
                self.size = (batch.stop - start) // 2
            else:
                self._seconds_each = (time.monotonic() - began) / (batch.stop - start)
                self._finished(batch.stop - start)
                yield result
                start = batch.stop
                continue
            torch.cuda.empty_cache()  # the failed batch is not referred to any more

    def _next_size(self) -> int:
        """Return how many items the next batch has."""
        size = self.size
        while size > 1 and size * self._seconds_each > self._at_most_s:
            size //= 2
        return size


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
