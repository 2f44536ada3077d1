"""Ridge at the size of LUCAS, against AdamW's 20 epochs: python benchmarks/solver.py.

Planted in half precision: every tile has one of eight classes and lies somewhere around its middle
in a space of 16 dimensions; features (d = 1024 and 64) are random rectified directions of that
place, and photographs (D = 384) are the class' prompt and other directions of the place, plus
noise. No linear head is exact. Both solvers see the same pairs on the same threads, and keep what
validates best. Seconds are processor time, since others may share the cores. A ninth more points
are held back: half to validate by, half to test on.

    --points 16000    for a quick look; the default is LUCAS' training split
    --dims 64         some dimensions only
    --text-dim 1536   another text space; memory grows with it
    --epochs 2        fewer of AdamW; its time is then scaled up to 20
"""

import os

os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # as backend sets it, and before torch reads it

import argparse
import resource
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import torch
from rich.console import Console
from rich.table import Table

from backend.link import LinkHead, Views
from backend.link.adamw import AdamWTrainer, Recipe, mean_cosine
from backend.link.ridge import fit_ridge

POINTS, TEXT_DIM, GRID = 160_936, 384, (14, 14)
DIMS = (1024, 64)
EPOCHS = 20
CLASSES, PLACE = 8, 16
CHUNK = 4096
SHARES = torch.tensor([6.0, 30.0, 32.0, 5.0, 20.0, 3.0, 2.0, 2.0])  # about LUCAS', in percent
normalize = torch.nn.functional.normalize


class Planted:
    """Views of tiles, their classes, and the prompts of the classes."""

    def __init__(self, points: int, dim: int, text_dim: int = TEXT_DIM) -> None:
        rng = torch.Generator().manual_seed(0)

        def normal(*shape: int) -> torch.Tensor:
            return torch.randn(shape, generator=rng)

        self.classes = torch.multinomial(SHARES, points, replacement=True, generator=rng)
        self.prompts = normalize(normal(CLASSES, text_dim), dim=1)
        middles, shared = normal(CLASSES, PLACE), normalize(normal(text_dim), dim=0)
        seen, offset = normal(PLACE, dim) / PLACE**0.5, normal(dim)
        shown = normalize(normal(PLACE, text_dim), dim=1) / PLACE**0.5
        pooled = torch.empty(points, 4, dim, dtype=torch.float16)
        photos = torch.empty(points, 4, text_dim, dtype=torch.float16)
        for rows in torch.arange(points).split(CHUNK):
            of = self.classes[rows]
            tile = middles[of] + normal(len(rows), PLACE)
            place = tile[:, None] + 0.5 * normal(len(rows), 4, PLACE)
            pooled[rows] = (0.3 * torch.relu(place @ seen + offset)).half()
            clean = 1.5 * shared + self.prompts[of][:, None] + 0.5 * (place @ shown)
            noise = normal(len(rows), 4, text_dim) / text_dim**0.5
            photos[rows] = normalize(clean + noise, dim=2).half()
        self.views = Views.of(pooled, photos, grid=GRID)

    def top1(self, head: LinkHead, views: Views) -> float:
        """Return the percent of tiles whose nearest prompt is that of their class."""
        right = 0
        for part in np.array_split(np.arange(len(views)), max(1, len(views) // CHUNK)):
            some = views.part(part)
            z = some.pooled.float() @ head.weight + some.means.float()[:, None] * head.bias
            tiles = normalize(normalize(z, dim=2).mean(1), dim=1)
            guessed = (tiles @ self.prompts.T).argmax(1)
            right += int((guessed == self.classes[torch.from_numpy(some.rows)]).sum())
        return 100 * right / len(views)


def adamw(train: Views, validation: Views, epochs: int) -> LinkHead:
    """Fit as the paper does, in so many epochs."""
    trainer = AdamWTrainer(train.dims, Recipe(epochs=epochs), train.device)
    for _ in trainer.epochs(train.batches, train.pairs(), validation.batches):
        pass
    return trainer.best


def least_squares(train: Views, validation: Views) -> LinkHead:
    """Fit by plain ridge."""
    recipe = Recipe(reweightings=0)
    return fit_ridge(train.batches, train.dims, train.pairs(), recipe, validation.batches)[0]


def ridge(train: Views, validation: Views) -> LinkHead:
    """Fit by ridge, reweighted."""
    return fit_ridge(train.batches, train.dims, train.pairs(), Recipe(), validation.batches)[0]


def peak_gb() -> float:
    """Return the most memory that this process has had."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e9 if sys.platform == "darwin" else 1e6)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--points", type=int, default=POINTS)
    parser.add_argument("--dims", type=int, nargs="+", default=DIMS)
    parser.add_argument("--text-dim", type=int, default=TEXT_DIM)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    arguments = parser.parse_args()
    console, points = Console(width=110), arguments.points
    console.print(f"{points:,} points, D = {arguments.text_dim}, {torch.get_num_threads()} threads")
    table = Table(
        "d", "solver", "processor s", "AdamW / this", "validation cosine", "test", "top-1 %, test"
    )
    solvers: dict[str, Callable[[Views, Views], LinkHead]] = {
        f"AdamW, {arguments.epochs} epochs": partial(adamw, epochs=arguments.epochs),
        "ridge, least squares": least_squares,
        "ridge": ridge,
    }
    for dim in arguments.dims:
        planted = Planted(points + 2 * (points // 18), dim, arguments.text_dim)
        train, validation, test = (
            planted.views.part(rows)
            for rows in np.split(np.arange(len(planted.views)), [points, points + points // 18])
        )
        planted.views = test  # the whole is as large as its parts together
        baseline = 0.0
        for name, fit in solvers.items():
            began = time.process_time()
            head = fit(train, validation)
            took = time.process_time() - began
            if not baseline:
                took = baseline = took * EPOCHS / arguments.epochs
            table.add_row(str(dim), name, f"{took:.1f}", f"{baseline / took:.1f}",
                          f"{mean_cosine(head, validation.batches):.4f}",
                          f"{mean_cosine(head, test.batches):.4f}",
                          f"{planted.top1(head, test):.1f}")  # fmt: skip
            console.print(" ".join(str(list(column.cells)[-1]) for column in table.columns))
    console.print(table)
    console.print(f"Peak memory {peak_gb():.1f} GB.")


if __name__ == "__main__":
    main()
