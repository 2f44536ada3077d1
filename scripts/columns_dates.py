"""What several dates, and each of their columns, are worth: two tables of docs/ablation.md.

    python -m scripts.columns_dates FOLDER [--data ../shared/data/s1]

Heads are fitted as `texture-s1-dates_minilm` is (resources/configs/demo-dates.yaml), each with
fewer columns of change, and asked for cells of simulated landscapes that no head has seen and for
those of Belgium (scripts/truth_dates.py). A simulated landscape is rendered on twelve dates, of
which fewer are drawn at random. What is simulated stays in FOLDER, landscape by landscape, and a
run that was stopped goes on there. The fit on wedges keeps its survey as training does.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import torch

from backend.accuracy.truth import read_labels
from backend.encoders import Encoder, load_encoder
from backend.encoders.texture_dates import CHANGES, TextureDates
from backend.encoders.texture_s1 import TextureS1
from backend.io.atomic import atomic
from backend.link import LinkHead, find_head
from backend.simulation import Ground, simulate_landscape
from backend.simulation.dates import render_dates
from backend.simulation.survey.cells import SingleCells, cell_shares, simulate_cells
from backend.simulation.survey.points import landscape_seed
from scripts.columns import ABSENT, UNSEEN_SEED, Asked, Trial, Workshop, medians, of_landscapes
from scripts.truth import read_features
from scripts.truth_dates import CLASSES, DAYS, SCENE, TRUTH, at_random, spread

OWN = TextureS1.spec.dim - TextureS1.spec.surroundings  # columns of the mean, about a cell itself
CELL = range(OWN, OWN + CHANGES)
AROUND = range(TextureDates.spec.dim - CHANGES, TextureDates.spec.dim)
DEVIATION, RANGE, STEP = (
    {*CELL[k : k + 3], *AROUND[k : k + 3]} for k in range(0, CHANGES, 3)
)  # VV, VH and VV - VH, of a cell and of the 240 m around it
SIMULATED = ("fields", "forest", "bare", "built", "water")
COUNTS = (2, 3, 4, 8, 12)
POINTS, TRAINING = 432, 16  # of wedges, and landscapes of single cells; the head has more
LANDSCAPES, SIDE_PX = 16, 512
TRAINED = 4  # dates that columns are compared with


def without(name: str, *groups: set[int]) -> Trial:
    """Return the trial of a head that lacks groups of columns."""
    left = sorted(set(range(AROUND.stop)).difference(*groups))
    return Trial(name, [k for k in left if k < CELL.stop], left)


TRIALS = (
    without("the mean of the dates alone", DEVIATION, RANGE, STEP),
    without("with deviations", RANGE, STEP),
    without("with ranges", DEVIATION, STEP),
    without("with largest steps", DEVIATION, RANGE),
    without("all but deviations", DEVIATION),
    without("all but ranges", RANGE),
    without("all but largest steps", STEP),
    without("all but those of the 240 m around", set(AROUND)),
    without("all but those of the cell", set(CELL)),
    without("all: the head of several dates"),
)


def kept(path: Path, make: Callable[[], SingleCells]) -> SingleCells:
    """Return the cells of a file, which are made where they are not there."""
    if not path.exists():
        cells = make()
        with atomic(path) as part, part.open("wb") as file:
            np.savez(file, features=cells.features, shares=cells.shares)
    with np.load(path, allow_pickle=False) as held:
        return SingleCells(held["features"], held["shares"])


def training_cells(folder: Path, landscapes: int, seed: int, encoder: Encoder) -> SingleCells:
    """Return the cells that the head is fitted on, one file for each landscape."""
    parts = []
    for number in range(landscapes):
        one = partial(simulate_cells, 1, seed, encoder, first=number)
        parts.append(kept(folder / f"cells-{number}.npz", one))
    return _joined(parts)


def unseen_cells(folder: Path, encoder: Encoder, count: int) -> SingleCells:
    """Return cells of landscapes that no head has seen, with so many of their twelve dates."""
    parts = []
    for number in range(LANDSCAPES):
        path = folder / f"unseen-{encoder.spec.name}-{count}-{number}.npz"
        parts.append(kept(path, partial(_unseen, folder, number, encoder, count)))
    return _joined(parts)


def _unseen(folder: Path, number: int, encoder: Encoder, count: int) -> SingleCells:
    """Encode a landscape on some dates; it is rendered once."""
    path = folder / f"rendered-{number}.npz"
    seed = landscape_seed(number, UNSEEN_SEED)

    def rendered() -> SingleCells:
        landscape = simulate_landscape(seed, SIDE_PX)
        db = render_dates(landscape, seed, COUNTS[-1])
        return SingleCells(db, cell_shares(landscape.cover, encoder.spec.cell_px))

    scene = kept(path, rendered)
    drawn = np.random.default_rng([seed, count]).choice(COUNTS[-1], count, replace=False)
    db = scene.features[np.sort(drawn)]
    if encoder.spec.dates == "averaged":
        db = 10 * np.log10((10 ** (db / 10)).mean(axis=0, keepdims=True))
    grid = encoder.encode(torch.from_numpy(db.reshape(1, -1, SIDE_PX, SIDE_PX)))[0]
    return SingleCells(grid.flatten(0, 1).numpy(), scene.shares)


def _joined(parts: list[SingleCells]) -> SingleCells:
    features = np.concatenate([one.features for one in parts])
    return SingleCells(features, np.concatenate([one.shares for one in parts]))


def belgium(data: Path, encoder: Encoder, count: int) -> list[Asked]:
    """Return Belgium's cells in each draw of so many months."""
    draws = spread(count) if count <= 4 else at_random(count) if count < 12 else [list(DAYS)]
    found = []
    for days in draws:
        features, grid = read_features(data / SCENE, days[0], encoder, tuple(days[1:]))
        labels = read_labels(data / TRUTH, grid)
        rows = ((grid.transform.f - labels.y) / encoder.spec.cell_m).astype(int)
        columns = ((labels.x - grid.transform.c) / encoder.spec.cell_m).astype(int)
        of = features[rows, columns]
        here = torch.isfinite(of[:, 0]).numpy()
        names = labels.name[here]
        counts = np.ones(len(names), bool)
        holds = {kind: (counts, names == name) for kind, name in CLASSES.items()}
        found.append(Asked(of[here], holds))
    return found


def simulated(folder: Path, encoder: Encoder, count: int) -> list[Asked]:
    """Return simulated cells with so many dates; for fields, ploughed land is left out."""
    cells = unseen_cells(folder, encoder, count)
    asked = of_landscapes(cells)
    known, holds = asked.holds["fields"]
    ploughed = cells.shares[:, Ground.BARE_SOIL] >= ABSENT
    return [replace(asked, holds=asked.holds | {"fields": (known & ~ploughed, holds)})]


class Exam:
    """All that heads are asked, for each number of dates."""

    def __init__(self, folder: Path, data: Path, encoder: Encoder) -> None:
        self.simulated = {k: simulated(folder, encoder, k) for k in COUNTS}
        self.real = {k: belgium(data, encoder, k) for k in COUNTS}

    def figures(self, workshop: Workshop, head: LinkHead, count: int) -> Iterator[str]:
        """Yield AUC with so many dates: of simulated cells, then of Belgium's."""
        for asked, kinds in ((self.simulated, SIMULATED), (self.real, CLASSES)):
            found = medians(head, workshop.text, asked[count])
            yield from (f"{found[kind]:.3f}" for kind in kinds)


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/s1"))
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    workshop = Workshop("demo-dates.yaml", partial(training_cells, given.folder), POINTS, TRAINING)
    exam = Exam(given.folder, given.data, workshop.encoder)
    figures = f"simulated: {' | '.join(SIMULATED)} | Belgium: {' | '.join(CLASSES)}"
    print(f"| columns, {TRAINED} dates | {figures} |\n|---|{'---|' * 7}")
    for trial in TRIALS:
        shown = exam.figures(workshop, workshop.head(trial), TRAINED)
        print(f"| {trial.name} | {' | '.join(shown)} |", flush=True)
    one = load_encoder("texture-s1", device="cpu")
    of_mean = Exam(given.folder, given.data, one)
    print(f"\n| dates | encoder | {figures} |\n|---|---|{'---|' * 7}")
    for count in COUNTS:
        for asked, encoder in ((of_mean, one), (exam, workshop.encoder)):
            shown = asked.figures(workshop, find_head(None, encoder.spec), count)
            print(f"| {count} | `{encoder.spec.name}` | {' | '.join(shown)} |", flush=True)


if __name__ == "__main__":
    main()
