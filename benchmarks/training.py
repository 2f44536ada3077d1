"""Training at the size of LUCAS, against projecting every cell: python benchmarks/training.py.

Synthetic features and photographs in half precision: 160,936 points of four views, d = 1024 and
64, D = 1536. Baseline, in the same run: the method as the paper words it, every cell of the 14 x 14
grid projected and pooled after, with the same loss and optimiser. Its tiles lie in memory and are
projected once for their four views, which is kinder to it than reading them from a disk.

    --points 8000    for a quick look
"""

import os

os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # as backend sets it, and before torch reads it

import argparse
import itertools
import resource
import sys
import time
from collections.abc import Callable

import torch
from rich.console import Console
from rich.table import Table

from backend.device import choose_device, has_bfloat16
from backend.link import Views, directional_masks
from backend.link.adamw import AdamWTrainer, Recipe, mean_cosine
from backend.link.ridge import ridge_sums

POINTS, TEXT_DIM, GRID = 160_936, 1536, (14, 14)
DIMS = (1024, 64)
EPOCHS = 20
TILES = 64  # of a batch: 256 pairs
CHUNK = 4096
PLANTED = 6000  # points on which the effect of bfloat16 is measured


def seconds(work: Callable[[], object], device: torch.device, repeats: int = 3) -> float:
    """Return the best time of a few runs."""
    times = []
    for _ in range(repeats):
        wait(device)
        began = time.perf_counter()
        work()
        wait(device)
        times.append(time.perf_counter() - began)
    return min(times)


def wait(device: torch.device) -> None:
    """Wait until the device has done its work."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def matrix_rate(dtype: torch.dtype, device: torch.device) -> float:
    """Return multiplications and additions per second of a matrix product."""
    a, b = (torch.randn(2048, 2048, device=device).to(dtype) for _ in range(2))
    return 2 * 2048**3 / seconds(lambda: a @ b, device, 5)


def noise(*shape: int, device: torch.device, unit: bool = False) -> torch.Tensor:
    """Return random vectors in half precision, made in chunks."""
    vectors = torch.empty(shape, dtype=torch.float16, device=device)
    rng = torch.Generator(device).manual_seed(0)
    for part in vectors.split(CHUNK):
        values = torch.randn(part.shape, generator=rng, device=device)
        part.copy_(torch.nn.functional.normalize(values, dim=-1) if unit else 0.3 * values)
    return vectors


class EveryCell:
    """The baseline: F W + b at every cell, the mean over cells of M_v times that, unit length."""

    def __init__(self, dim: int, dtype: torch.dtype, device: torch.device) -> None:
        self.features = noise(4 * TILES, *GRID, dim, device=device).flatten(1, 2)
        self.photos = noise(4 * TILES, 4, TEXT_DIM, device=device, unit=True).float()
        self.masks = directional_masks(*GRID, device=device).flatten(1) / (GRID[0] * GRID[1])
        self.weight = torch.nn.Parameter(torch.randn(dim, TEXT_DIM, device=device) / dim**0.5)
        self.bias = torch.nn.Parameter(torch.zeros(TEXT_DIM, device=device))
        self.optimiser = torch.optim.AdamW([self.weight, self.bias], weight_decay=1e-4, fused=True)
        self.dtype = dtype
        self.starts = itertools.cycle(range(0, 4 * TILES, TILES))

    def step(self) -> None:
        """Make one step on 64 tiles, which are 256 pairs."""
        start = next(self.starts)
        tiles = slice(start, start + TILES)
        cells = self.features[tiles].float().to(self.dtype)  # (64, 196, d)
        projected = cells @ self.weight.to(self.dtype) + self.bias.to(self.dtype)
        pooled = (self.masks.to(self.dtype) @ projected).float()  # (64, 4, D)
        cosine = torch.nn.functional.cosine_similarity(pooled, self.photos[tiles], dim=-1)
        loss = (1 - cosine).mean()
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()


def measure(views: Views, precision: str) -> tuple[str, ...]:
    """Return a row: one epoch of ours, all twenty on a GPU, and a few steps of the baseline."""
    dim, device = views.dims[0], views.device
    recipe = Recipe(epochs=EPOCHS, precision=precision)  # type: ignore[arg-type]
    baseline = EveryCell(dim, recipe.matrices(device), device)
    baseline.step()
    every_cell = TILES / seconds(baseline.step, device)
    epochs = AdamWTrainer(views.dims, recipe, device).epochs(views.batches, views.pairs(), None)
    took = [epoch.seconds for epoch in (epochs if device.type == "cuda" else [next(epochs)])]
    kind = "measured" if len(took) == EPOCHS else "extrapolated"
    ours, total = len(views) / min(took), sum(took) / len(took) * EPOCHS
    return (str(dim), precision, f"{every_cell:,.0f}", f"{ours:,.0f}", f"{ours / every_cell:.1f}",
            f"{total:.0f} s, {kind}")  # fmt: skip


def ridge(views: Views) -> str:
    """Return how long ridge takes on all pairs, and at what rate it multiplies."""
    began = time.perf_counter()
    sums = ridge_sums(views.batches, views.dims, views.pairs())
    summed = time.perf_counter() - began
    sums.solve(1e-4)
    took = time.perf_counter() - began
    rows = views.dims[0] + 1
    rate = 2 * views.pairs() * rows * (rows + views.dims[1]) / summed
    return f"{took:.1f} s: {summed:.1f} s to sum up at {rate / 1e9:,.0f} GFLOP/s, then to solve"


def planted(device: torch.device, dim: int = 256) -> tuple[Views, Views]:
    """Return views to learn from and to test on: photographs linear in features, plus noise."""
    rng = torch.Generator().manual_seed(1)
    weight = torch.randn(dim, TEXT_DIM, generator=rng) / dim**0.5
    pooled = torch.randn(2 * PLANTED, 4, dim, generator=rng)
    clean = pooled @ weight
    photos = clean + torch.randn(clean.shape, generator=rng)
    photos = torch.nn.functional.normalize(photos, dim=2).half()
    half = slice(PLANTED), slice(PLANTED, None)
    first, second = (
        Views.of(pooled[rows].half(), photos[rows], grid=GRID).to(device) for rows in half
    )
    return first, second


def cosines(device: torch.device) -> dict[str, float]:
    """Return the test cosine of the paper's recipe on planted pairs, by precision."""
    train, test = planted(device)
    reached = {}
    for precision in ("float32", "bfloat16"):
        recipe = Recipe(epochs=6, precision=precision)  # type: ignore[arg-type]
        trainer = AdamWTrainer(train.dims, recipe, device)
        for _ in trainer.epochs(train.batches, train.pairs(), None):
            pass
        reached[precision] = mean_cosine(trainer.head, test.batches)
    return reached


def peak_gb() -> float:
    """Return the most memory that this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e9 if sys.platform == "darwin" else 1e6)


def precisions(device: torch.device) -> list[str]:
    """Return those that are worth a measurement on a device."""
    return ["float32", "bfloat16"] if has_bfloat16(device) else ["float32"]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--device", default=None)
    arguments = parser.parse_args()
    device, console = choose_device(arguments.device), Console(width=110)
    photos = noise(arguments.points, 4, TEXT_DIM, device=device, unit=True)
    console.print(f"{arguments.points:,} points, D = {TEXT_DIM}, {device}, "
                  f"{torch.get_num_threads()} threads")  # fmt: skip
    for precision in precisions(device):
        rate = matrix_rate(getattr(torch, precision), device)
        console.print(f"{precision} matrices: {rate / 1e9:,.0f} GFLOP/s")
    table = Table("d", "matrices", "every cell, points/s", "ours, points/s", "ours / every cell",
                  "20 epochs")  # fmt: skip
    for dim in DIMS:
        views = Views.of(noise(arguments.points, 4, dim, device=device), photos, grid=GRID)
        for precision in precisions(device):
            table.add_row(*measure(views, precision))
        console.print(f"ridge, d = {dim}: {ridge(views)}")
    console.print(table)
    console.print(f"Peak memory {peak_gb():.1f} GB.")
    reached = cosines(device)
    console.print(f"Test cosine on planted pairs: {reached['float32']:.5f} in float32, "
                  f"{reached['bfloat16']:.5f} in bfloat16.")  # fmt: skip


if __name__ == "__main__":
    main()
