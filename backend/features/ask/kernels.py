"""Cosines of stored cells with folded phrases, at the speed of memory where numba is installed.

int8 cells meet phrases of whole numbers; every sum of products is exact in float32, so all kernels
give the same bits, in any order and with any number of threads. benchmarks/asking.py compares them.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from importlib.util import find_spec

import numpy as np
import torch
from numpy.typing import NDArray

from backend.features.ask.phrases import FoldedPhrases

BLOCK_VALUES = 2**17
"""What is cast to float32 at a time: it stays in the cache of a core."""

PART_VALUES = 2**22
"""What one thread takes at a time at least; less is not worth a second thread."""

PARTS = 4
"""Parts for each thread, so that none waits long for the last; each more costs a hand-over."""

COMPILE_AFTER = 2**30
"""Values that numpy goes through first. To import numba and to compile takes seconds, in which
numpy goes through billions: a few questions over a small area are better off without."""


def cosines(
    values: NDArray[np.generic],
    scales: NDArray[np.float32],
    norms: NDArray[np.float32],
    phrases: FoldedPhrases,
) -> NDArray[np.float32]:
    """Return cosines (q, n) of cells with phrases.

    Features are values (n, d), int8 or float16, times scales (n,). `norms` (n,) are |F W + b|;
    where one is NaN the cosine is, too.
    """
    # A cell that is linked to nothing has the cosine 0, not NaN.
    norms = np.maximum(norms, np.finfo(np.float32).tiny)
    if values.dtype != np.int8:
        return float16_cosines(values, scales, norms, phrases)
    kernel = compiled_cosines if _compiler.is_ready(values) else numpy_cosines
    return kernel(values.view(np.int8), scales, norms, phrases)


def numpy_cosines(
    values: NDArray[np.int8],
    scales: NDArray[np.float32],
    norms: NDArray[np.float32],
    phrases: FoldedPhrases,
) -> NDArray[np.float32]:
    """Return cosines (q, n) of int8 cells, cast to float32 block by block."""
    count, dim = values.shape
    weights = phrases.numbers.astype(np.float32)
    found = np.empty((len(weights), count), np.float32)
    rows = max(1, BLOCK_VALUES // dim)
    block = np.empty((rows, dim), np.float32)
    for start in range(0, count, rows):
        part = slice(start, min(start + rows, count))
        cast = block[: part.stop - start]
        np.copyto(cast, values[part])
        for one, weight in zip(found, weights, strict=True):
            np.dot(cast, weight, out=one[part])
    return _finish(found, scales, norms, phrases)


def compiled_cosines(
    values: NDArray[np.int8],
    scales: NDArray[np.float32],
    norms: NDArray[np.float32],
    phrases: FoldedPhrases,
) -> NDArray[np.float32]:
    """Return cosines (q, n) of int8 cells by a loop that numba compiles, in threads."""
    from backend.features.ask.compiled import loop_of

    count, dim = values.shape
    loop = loop_of(dim)
    found = np.empty((len(phrases.numbers), count), np.float32)

    def work(part: slice) -> None:
        for one, numbers, step, constant in zip(
            found, phrases.numbers, phrases.steps, phrases.constants, strict=True
        ):
            loop(values[part], scales[part], norms[part], numbers, step, constant, one[part])

    rows = max(PART_VALUES // dim, -(-count // (PARTS * torch.get_num_threads())), 1)
    parts = [slice(start, min(start + rows, count)) for start in range(0, count, rows)]
    if len(parts) == 1:
        work(parts[0])
    else:
        list(_threads().map(work, parts))
    return found


def float16_cosines(
    values: NDArray[np.generic],
    scales: NDArray[np.float32],
    norms: NDArray[np.float32],
    phrases: FoldedPhrases,
) -> NDArray[np.float32]:
    """Return cosines (q, n) of float16 cells; torch casts them twenty times faster than numpy."""
    count, dim = values.shape
    weights = torch.from_numpy(phrases.weights)
    found = np.empty((len(weights), count), np.float32)
    rows = max(1, 8 * BLOCK_VALUES // dim)
    cells = torch.from_numpy(values)
    for start in range(0, count, rows):
        part = slice(start, min(start + rows, count))
        found[:, part] = (weights @ cells[part].float().T).numpy()
    found *= scales
    found += phrases.constants[:, None]
    found /= norms
    return found


def _finish(
    sums: NDArray[np.float32],
    scales: NDArray[np.float32],
    norms: NDArray[np.float32],
    phrases: FoldedPhrases,
) -> NDArray[np.float32]:
    """Return cosines of sums (q, n) in place, rounded step by step as the compiled loop does."""
    for one, step, constant in zip(sums, phrases.steps, phrases.constants, strict=True):
        one *= scales * step
        one += constant
        one /= norms
    return sums


class _Compiler:
    """Has loops compiled in the background, once so much was asked that they pay."""

    def __init__(self) -> None:
        self._asked = 0
        self._loops: dict[int, Future[object]] = {}  # by the width of cells

    def is_ready(self, values: NDArray[np.generic]) -> bool:
        """Count what is asked (n, d), and return whether there is a loop for it by now."""
        self._asked += values.size
        if self._asked < COMPILE_AFTER or not _can_compile():
            return False
        dim = values.shape[1]
        if dim not in self._loops:
            self._loops[dim] = _threads().submit(_compile, dim)
        loop = self._loops[dim]
        return loop.done() and loop.exception() is None  # numpy answers where numba cannot


def _compile(dim: int) -> object:
    from backend.features.ask.compiled import loop_of

    return loop_of(dim)


_compiler = _Compiler()


@cache
def _can_compile() -> bool:
    return find_spec("numba") is not None


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(torch.get_num_threads(), thread_name_prefix="ask")
