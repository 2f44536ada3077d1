"""Work in batches as large as the device's memory allows."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from backend.errors import OutOfMemory

Result = TypeVar("Result")


class Batches:
    """Work on a device in batches of `size`, halved for good when its memory is too small."""

    def __init__(self, size: int) -> None:
        self.size = size

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
                yield result
                start = batch.stop
                continue
            torch.cuda.empty_cache()  # the failed batch is not referred to any more
