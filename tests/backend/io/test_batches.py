"""Batches are as large as memory and time allow."""

import time

import pytest
import torch

from backend.errors import OutOfMemory
from backend.io.batches import Batches


def sizes(batches: Batches, n: int, seconds_each: float = 0.0) -> list[int]:
    def work(batch: slice) -> int:
        time.sleep(seconds_each * (batch.stop - batch.start))
        return batch.stop - batch.start

    return list(batches.over(n, work))


def test_slow_items_come_in_small_batches_and_quick_ones_in_large_ones() -> None:
    batches = Batches(8, at_most_s=0.05)
    first, *others = sizes(batches, 16, 0.02)
    assert first == 8 and sum(others) == 8
    assert max(others) <= 2
    assert sizes(batches, 32)[-2] == 8  # it goes back to its size
    assert sizes(Batches(8), 16, 0.02) == [8, 8]


def test_an_item_that_takes_longer_is_a_batch_of_its_own() -> None:
    batches = Batches(4, at_most_s=0.001)
    assert sizes(batches, 7, 0.005)[1:] == [1, 1, 1]


def test_a_memory_that_is_too_small_halves_batches_for_good() -> None:
    done = []

    def work(batch: slice) -> int:
        if batch.stop - batch.start > 3:
            raise torch.OutOfMemoryError
        done.append(batch.stop - batch.start)
        return done[-1]

    batches = Batches(8, at_most_s=60)
    assert sum(batches.over(10, work)) == 10
    assert done == [2] * 5 and batches.size == 2
    with pytest.raises(OutOfMemory):
        list(Batches(1).over(1, lambda batch: (_ for _ in ()).throw(torch.OutOfMemoryError)))
