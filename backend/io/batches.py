"""Work in batches as large as the device's memory allows."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from backend.errors import OutOfMemory

Result = TypeVar("Result")


def batch_size(device_type: str) -> int:
    """Return how many windows or photographs to try at once on a device: cpu, cuda, …"""
    return 8 if device_type == "cpu" else 64


class Batches:
    """Work on a device in batches of `size`, halved for good when its memory is too small.

    `finished` is called after each batch, with the number of its items.
    """

    def __init__(self, size: int, finished: Callable[[int], None] = lambda items: None) -> None:
        self.size = size
        self._finished = finished

    def over(self, n: int, work: Callable[[slice], Result]) -> Iterator[Result]:
        """Yield the results of `work` on items 0 to n - 1, a batch at a time.

        Raises:
            OutOfMemory: the device's memory is too small for one item.
        """
        import torch

        start = 0
        while start < n:
            batch = slice(start, min(start + self.size, n))
            try:
                result = work(batch)
            except torch.OutOfMemoryError as error:
                if batch.stop - start == 1:
                    raise OutOfMemory(
                        "The memory of the device is too small for a single item.",
                        "Close other programs that use it, or run with --device cpu.",
                    ) from error
                self.size = (batch.stop - start) // 2
            else:
                self._finished(batch.stop - start)
                yield result
                start = batch.stop
                continue
            torch.cuda.empty_cache()  # the failed batch is not referred to any more
