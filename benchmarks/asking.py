"""Compare ways to ask stored cells for a phrase with the speed of reading, in one run.

PYTHONPATH=. python benchmarks/asking.py [ROUNDS]

2,000,000 int8 cells, D = 384, one phrase. (a) projects every cell to D numbers and normalises it,
in blocks; (b) is numpy in float32 on the same vectors in memory; (c) reads the same memory and
does nothing else, in as many threads as there are cores. All take turns, so that other programs
slow them alike. The seconds are the fastest of all rounds; processor seconds are those of all
threads over the number of cores: what the clock would show were the machine idle.
"""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec

import backend  # noqa: F401  (before torch)

# isort: split
import numpy as np
import torch

from backend.features.ask.kernels import compiled_cosines, float16_cosines, numpy_cosines
from backend.features.ask.phrases import FoldedPhrases
from backend.features.store.chunks import quantise
from backend.link import LinkHead, Scorer

CELLS = 2_000_000
TEXT_DIM = 384
DIMS = (64, 128, 1024)
HELD = 2**27
"""Numbers of float32 held at a time: (a) and (b) take fewer cells where they are wide, and all
their seconds are counted up to CELLS."""
PROJECTED = 2**24
TOP = 100
CORES = len(os.sched_getaffinity(0))


@dataclass
class Cells:
    """Cells of one width, a head and a phrase."""

    head: LinkHead
    phrase: np.ndarray
    values: np.ndarray
    scales: np.ndarray
    norms: np.ndarray
    exact: np.ndarray
    """Cosines of the features before they were rounded to int8."""
    features: np.ndarray
    """float32, of the first cells."""


def make_cells(dim: int) -> Cells:
    """Return cells around a hundred centres, as features of real ground lie, made part by part."""
    rng = np.random.default_rng(0)
    weight, bias = rng.standard_normal((dim, TEXT_DIM)), rng.standard_normal(TEXT_DIM)
    head = LinkHead(torch.tensor(weight).float(), torch.tensor(bias).float())
    phrase = rng.standard_normal((1, TEXT_DIM)).astype(np.float32)
    phrase /= np.linalg.norm(phrase)
    scorer, centres = Scorer(head, phrase), rng.standard_normal((100, dim), dtype=np.float32)
    values = np.empty((CELLS, dim), np.int8)
    scales, norms, exact = (np.empty(CELLS, np.float32) for _ in range(3))
    kept = min(CELLS, HELD // dim)
    held = np.empty((kept, dim), np.float32)
    for start in range(0, CELLS, 20_000):
        part = slice(start, start + 20_000)
        features = rng.standard_normal((20_000, dim), dtype=np.float32)
        features += centres[rng.integers(0, 100, 20_000)]
        exact[part] = scorer.score(features)[:, 0]
        numbers, steps = quantise(features[None], np.ones((1, 20_000), bool), "int8")
        values[part], scales[part] = numbers[0], steps[0]
        norms[part] = scorer.norms(values[part] * scales[part, None])
        if start < kept:
            held[part] = features[: len(held[part])]
    return Cells(head, phrase, values, scales, norms, exact, held)


def project(cells: Cells, count: int) -> None:
    """Do what (a) does with the first cells."""
    phrase = torch.from_numpy(cells.phrase)
    for chunk in torch.from_numpy(cells.features[:count]).split(8192):
        linked = chunk @ cells.head.weight + cells.head.bias
        torch.nn.functional.normalize(linked, dim=-1) @ phrase.T


def in_threads(work: Callable[[slice], object], count: int, pool: ThreadPoolExecutor) -> None:
    """Do the work on slices of `count` rows, four for each core."""
    rows = -(-count // (4 * CORES))
    list(pool.map(work, (slice(start, start + rows) for start in range(0, count, rows))))


def ways_of(
    cells: Cells, phrases: FoldedPhrases, pool: ThreadPoolExecutor
) -> dict[str, tuple[Callable[[], object], int, int]]:
    """Return each way: its work, the cells that it takes, and the bytes that it reads of each."""
    dim = cells.values.shape[1]
    kept, projected = len(cells.features), min(len(cells.features), PROJECTED // dim)
    words = cells.values.view(np.int64)
    weight, constant = phrases.weights[0], phrases.constants[0]
    ours = cells.values, cells.scales, cells.norms, phrases
    half = cells.features[:projected].astype(np.float16)

    def plain() -> object:
        return (cells.features @ weight + constant) / cells.norms[:kept]

    ways = {
        "(c) reading alone": (
            lambda: in_threads(lambda p: words[p].sum(), CELLS, pool),
            CELLS,
            dim,
        ),
        "(a) project, normalise": (lambda: project(cells, projected), projected, 4 * dim),
        "(b) numpy, float32": (plain, kept, 4 * dim + 4),
        "int8, numpy": (lambda: numpy_cosines(*ours), CELLS, dim + 8),
        "float16, torch": (
            lambda: float16_cosines(
                half, cells.scales[:projected], cells.norms[:projected], phrases
            ),
            projected,
            2 * dim + 8,
        ),
    }
    if find_spec("numba"):
        ways["int8, numba"] = (lambda: compiled_cosines(*ours), CELLS, dim + 8)
    return ways


def measure(cells: Cells, rounds: int) -> None:
    """Print a row for each way, and how far int8 is off."""
    dim = cells.values.shape[1]
    phrases = FoldedPhrases.of(Scorer(cells.head, cells.phrase))
    with ThreadPoolExecutor(CORES) as pool:
        ways = ways_of(cells, phrases, pool)
        wall = dict.fromkeys(ways, float("inf"))
        processor = dict(wall)
        for round_ in range(rounds + 1):
            for name, (work, count, _) in ways.items():
                began, busy = time.perf_counter(), time.process_time()
                work()
                if round_:  # the first one warms up
                    scale = CELLS / count
                    wall[name] = min(wall[name], (time.perf_counter() - began) * scale)
                    spent = (time.process_time() - busy) / CORES * scale
                    processor[name] = min(processor[name], spent)
    print(f"\nd = {dim}: ms by the clock (by processors), × (a), × (b), bytes a second over (c)'s")
    read = {name: CELLS * size for name, (_, _, size) in ways.items()}
    for name in ways:
        print(f"{name:<24}{wall[name] * 1e3:>9.1f} ({processor[name] * 1e3:.1f})", end="")
        for times in (wall, processor):
            first, plain, alone = (times[key] for key in list(ways)[1:3] + list(ways)[:1])
            speed = read[name] / times[name] / (CELLS * dim / alone)
            print(
                f"  | {first / times[name]:>7.1f} {plain / times[name]:>6.2f} {speed:>5.2f}", end=""
            )
        speeds = (read[name] / times[name] / 1e9 for times in (wall, processor))
        print("  | {:.1f} GB/s ({:.1f})".format(*speeds))
    report_error(cells, phrases)


def report_error(cells: Cells, phrases: FoldedPhrases) -> None:
    """Print how far cosines of int8 are off, and what the best hundred places miss."""
    ours = cells.values, cells.scales, cells.norms, phrases
    found = numpy_cosines(*ours)[0]
    if find_spec("numba"):
        same = np.array_equal(found, compiled_cosines(*ours)[0])
        print(f"numba and numpy give {'the same bits' if same else 'OTHER BITS'}")
    error = float(np.abs(found - cells.exact).max())
    best, true = (np.argsort(-scores, kind="stable")[:TOP] for scores in (found, cells.exact))
    missed = np.setdiff1d(true, best)
    gap = float(np.max(cells.exact[missed] - cells.exact[true[-1]], initial=0))
    spread = float(cells.exact.std())
    print(
        f"largest error {error:.5f} (cosines spread by {spread:.3f}); of the best {TOP} "
        f"{len(missed)} are missed, by at most {gap:.5f} above the last"
    )


def main() -> None:
    """Print a table for each width."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{CELLS:,} cells, D = {TEXT_DIM}, one phrase, {CORES} cores, load {load}")
    for dim in DIMS:
        measure(make_cells(dim), rounds)


if __name__ == "__main__":
    main()
