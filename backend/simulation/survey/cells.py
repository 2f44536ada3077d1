"""Single cells of simulated landscapes: their features, and which cover they hold.

A survey's wedges tell what hundreds of cells have in common. What a cell owes to its surroundings
alone is told by cells one by one, and a simulated landscape knows the cover of every one of them.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from backend.encoders.base import Encoder
from backend.io.processes import map_in_processes, usual_workers
from backend.progress import Progress, silent
from backend.simulation import CLASSES, simulate_landscape
from backend.simulation.cover import BUILT
from backend.simulation.dates import render
from backend.simulation.survey.points import LANDSCAPE_PX, landscape_seed
from backend.simulation.survey.words import WORDS
from backend.text.base import TextEncoder

LEVELS = 2  # times that the level of each landscape is drawn
LEVEL_DB = 1.5  # standard deviation of the level: calibration, season and moisture
CELLS = 4096  # of each landscape at each level
STAGE = "simulating cells"


@dataclass(frozen=True)
class SingleCellFit:
    """How a head is fitted on single cells, after it was fitted on wedges."""

    landscapes: int = 40
    """Number of landscapes; more have shown no gain."""

    seed: int = 1
    """The same seed gives the same landscapes."""

    l2: float = 2.0
    """How much ridge keeps the head where it was, by the mean square of a feature."""

    known: float = 1.0
    """How many times more it keeps the columns that the first fit knows from photographs."""

    houses: float = 1.0
    """How many times more a cell counts that has houses in it."""

    translated: bool = False
    """Whether names in other languages count as paraphrases, for a text encoder that knows them."""


@dataclass(frozen=True)
class SingleCells:
    """Cells (n,) of landscapes; their levels vary."""

    features: np.ndarray
    """(n, d) float32."""

    shares: np.ndarray
    """(n, n_classes) float32: of each cover class; they sum to 1."""

    def weights(self, houses: float = 1.0) -> np.ndarray:
        """Return weights (n,) of mean 1: a class counts by the root of how frequent it is.

        Cells with houses count `houses` times more.
        """
        frequency = self.shares.mean(axis=0)
        rare = np.divide(1, np.sqrt(frequency), out=np.zeros_like(frequency), where=frequency > 0)
        weights: np.ndarray = self.shares @ rare
        weights[self.shares[:, list(BUILT)].any(axis=1)] *= houses
        return weights / weights.mean()


def simulate_cells(
    landscapes: int,
    seed: int,
    encoder: Encoder,
    progress: Progress = silent,
    size_px: int = LANDSCAPE_PX,
    first: int = 0,
) -> SingleCells:
    """Return cells of landscapes, from number `first` on, of the simulated survey of this seed.

    An encoder that stacks dates sees each landscape on several.
    """
    features, shares = [], []
    stacked = encoder.spec.dates == "stacked"
    draw = partial(_render, seed=seed, size_px=size_px, stacked=stacked)
    rendered = map_in_processes(draw, range(first, first + landscapes), usual_workers())
    for number, (db, cover) in enumerate(rendered, first):
        progress(STAGE, number - first, landscapes)
        rng = np.random.default_rng([landscape_seed(number, seed), 6])
        of_cells = cell_shares(cover, encoder.spec.cell_px)
        for _ in range(LEVELS):
            raised = db[None] + np.float32(rng.normal(0, LEVEL_DB))
            chosen = rng.choice(len(of_cells), min(CELLS, len(of_cells)), replace=False)
            grid = encoder.encode(raised)[0]
            features.append(grid.flatten(0, 1)[chosen].cpu().numpy())
            shares.append(of_cells[chosen])
    return SingleCells(np.concatenate(features), np.concatenate(shares))


def class_vectors(text: TextEncoder) -> np.ndarray:
    """Return the mean vector of what people call each cover class, (n_classes, D) float32."""
    return np.stack([text.embed(WORDS[cover.ground].phrases).mean(axis=0) for cover in CLASSES])


def _render(number: int, seed: int, size_px: int, stacked: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return dB (planes, H, W) and cover (H, W) of a landscape."""
    own_seed = landscape_seed(number, seed)
    landscape = simulate_landscape(own_seed, size_px)
    return render(landscape, own_seed, stacked), landscape.cover


def cell_shares(cover: np.ndarray, cell_px: int) -> np.ndarray:
    """Return the share of each class in every cell, (n, n_classes) float32."""
    rows, cols = (side // cell_px for side in cover.shape)
    cells = cover.reshape(rows, cell_px, cols, cell_px).swapaxes(1, 2).reshape(rows * cols, -1)
    counts = [(cells == number).mean(axis=1) for number in range(len(CLASSES))]
    return np.stack(counts, axis=1).astype(np.float32)
