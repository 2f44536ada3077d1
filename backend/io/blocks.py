"""Blocks of tiles that were read recently.

AlphaEarth keeps each of its 64 dimensions apart, in squares of 1024 x 1024 pixels: to read one
pixel, 64 MB are unpacked, or fetched. The pixels around it are usually read next.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.generic]


class RecentBlocks:
    """Holds as many blocks as fit into `budget` bytes, and always the last; for any thread."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._held: OrderedDict[Hashable, Block] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, load: Callable[[], Block]) -> Block:
        """Return the block of this key, of any shape, from `load` when it is not held."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        block = load()
        with self._lock:
            self._held[key] = block
            size = sum(held.nbytes for held in self._held.values())
            while size > self._budget and len(self._held) > 1:
                size -= self._held.popitem(last=False)[1].nbytes
        return block


RECENT: RecentBlocks = RecentBlocks(2**28)
"""Room for a strip of three AlphaEarth blocks, and the one after it."""
