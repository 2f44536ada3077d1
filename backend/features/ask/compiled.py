"""The loop over int8 cells, compiled by numba where it is installed (`gluelink[fast]`)."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numba
import numpy as np
from numba import types


def _read(kind: Any, dimensions: int) -> types.Array:
    return types.Array(kind, dimensions, "C", readonly=True)


# Stated, so that one compilation serves arrays that may be written to and those that may not.
_SIGNATURE = types.void(
    _read(types.int8, 2),
    _read(types.float32, 1),
    _read(types.float32, 1),
    _read(types.int16, 1),
    types.float32,
    types.float32,
    types.Array(types.float32, 1, "C"),
)


@cache
def loop_of(dim: int) -> Callable[..., None]:
    """Return a loop for cells of one width, which the compiler unrolls; it is kept on the disk.

    loop(values (n, d) int8, scales (n,), norms (n,), numbers (d,) int16, step, constant, found)
    writes the cosines of one phrase to `found` (n,). It holds no lock of Python's.
    """

    # No `fastmath`: each step rounds as numpy does. Sums are of whole numbers, and exact.
    @numba.njit(_SIGNATURE, nogil=True, error_model="numpy", cache=True)  # type: ignore[untyped-decorator,unused-ignore]
    def loop(  # type: ignore[no-untyped-def]
        values, scales, norms, numbers, step, constant, found
    ):
        for i in range(len(values)):
            total = np.int32(0)
            for j in range(dim):
                total = np.int32(total + np.int32(values[i, j]) * np.int32(numbers[j]))
            found[i] = (np.float32(total) * (scales[i] * step) + constant) / norms[i]

    compiled: Callable[..., None] = loop
    return compiled
