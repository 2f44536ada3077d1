"""What each group of columns, each fit and the metric are worth: a table of docs/ablation.md.

    python -m scripts.columns [--data ../shared/data/s1]

Heads are fitted as the demo head is (resources/configs/demo.yaml), each with fewer columns or
fits, and asked two things: cells of simulated landscapes that no head has seen, whose cover is
known, and real scenes (scripts/truth.py). Figures are AUC of single cells: the median of five
phrases and the worst of ten that nothing was chosen by, as means over classes.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from backend.accuracy.measures import area_under_curve
from backend.encoders import load_encoder
from backend.link import LinkHead, RidgeSums, Scorer
from backend.link.fit import fit_cells
from backend.link.ridge import ridge_sums
from backend.resources import resource_path
from backend.simulation.survey.cells import SingleCells, class_vectors, simulate_cells
from backend.simulation.survey.classes import READ_AS as GROUNDS
from backend.simulation.survey.classes import paraphrase_metric
from backend.text import load_text_encoder
from backend.training import read_config
from backend.training.linking.source import open_source
from scripts.truth import CORE, PHRASES, PLACES, READ_AS, UNSEEN, Bench

UNSEEN_SEED, UNSEEN_LANDSCAPES = 7, 24
PRESENT, ABSENT = 0.5, 0.05  # shares of a class in cells that have it, and that have not


@dataclass(frozen=True)
class Trial:
    """A head that is fitted on fewer columns, or by fewer fits, than the demo head."""

    name: str
    wedges: range = range(79)
    """Columns fitted on wedges."""
    cells: range = range(107)
    """Columns fitted on single cells."""
    known: float | None = None
    """How many times more those columns are kept that wedges have fitted; None for the demo's."""
    metric: bool = True


NONE = range(0)
TRIALS = (
    Trial("64 columns, wedges", range(64), NONE),
    Trial("79: with the pixels as they are, wedges", range(79), NONE),
    Trial("64, wedges, then cells", range(64), range(64), 1.0),
    Trial("79, wedges, then cells", range(79), range(79), 1.0),
    Trial("107: with the surroundings, all free on cells", known=1.0),
    Trial("107, cells alone", NONE, known=1.0),
    Trial("107, the surroundings alone on cells", cells=range(79, 107)),
    Trial("107, what wedges know kept ten times more, without the metric", metric=False),
    Trial("the same with the metric: the demo head"),
)


@dataclass(frozen=True)
class Asked:
    """Cells (n, d), and which of them hold a class, by the name of the class."""

    features: torch.Tensor
    holds: dict[str, tuple[np.ndarray, np.ndarray]]
    """Cells (n,) that count, and those that hold the class."""


class Workshop:
    """The sums that heads are fitted by, and the cells that they are asked."""

    def __init__(self, data: Path) -> None:
        config = read_config(resource_path("configs", "demo.yaml"), {"output": Path("unused")})
        assert config.cells and config.recipe.l2
        self.fit, self.l2 = config.cells, config.recipe.l2
        encoder = load_encoder("texture-s1", device="cpu")
        self.text = load_text_encoder("minilm", device="cpu", remember=False)
        source = open_source(config, torch.device("cpu"), lambda *_: None)
        batches = source.batches("train", torch.device("cpu"))
        self.sums = ridge_sums(batches, source.dims, source.views("train"))
        self.metric = paraphrase_metric(self.text).float()
        self.cells = simulate_cells(self.fit.landscapes, self.fit.seed, encoder)
        unseen = simulate_cells(UNSEEN_LANDSCAPES, UNSEEN_SEED, encoder)
        bench = Bench(data)
        self.real = [_of_place(bench, k) for k in range(len(PLACES))]
        self.simulated = [_of_landscapes(unseen)]

    def head(self, trial: Trial) -> LinkHead:
        """Return the head of a trial."""
        dim = len(self.sums.xx) - 1
        kept = [*trial.wedges, dim]
        part = RidgeSums(len(trial.wedges), self.sums.xg.shape[1])
        part.xx, part.xg = self.sums.xx[kept][:, kept], self.sums.xg[kept]
        weight = torch.zeros(dim, self.sums.xg.shape[1])
        bias = torch.zeros(self.sums.xg.shape[1])
        if trial.wedges:
            solved = part.solve(self.l2)
            weight[list(trial.wedges)], bias = solved.weight, solved.bias
        head = LinkHead(weight, bias, metric=self.metric if trial.metric else None)
        return self._on_cells(head, trial) if trial.cells else head

    def _on_cells(self, head: LinkHead, trial: Trial) -> LinkHead:
        """Return the head after a second fit on single cells; other columns stay as they were."""
        known = self.fit.known if trial.known is None else trial.known
        keep = torch.full(head.weight.shape[:1], 1e9)
        keep[list(trial.cells)] = 1
        keep[list(set(trial.cells) & set(trial.wedges))] = known
        fitted = fit_cells(
            head,
            torch.from_numpy(self.cells.features),
            torch.from_numpy(self.cells.shares @ class_vectors(self.text)),
            torch.from_numpy(self.cells.weights()),
            self.fit.l2,
            keep,
        )
        return replace(fitted, metric=head.metric)

    def figures(self, head: LinkHead, asked: Sequence[Asked]) -> list[float]:
        """Return three AUC: of water, forest, bare and built by the median phrase and by the worst
        unseen one, and of fields by the median phrase.
        """
        median: dict[str, list[float]] = {kind: [] for kind in PHRASES}
        worst: dict[str, list[float]] = {kind: [] for kind in PHRASES}
        for cells in asked:
            for kind, (counts, holds) in cells.holds.items():
                features, wanted = cells.features[counts], holds[counts]
                for phrases, of, pick in (
                    (PHRASES, median, np.median),
                    (UNSEEN, worst, np.min),
                ):
                    scores = Scorer(head, self.text.embed(phrases[kind])).score(features)
                    aucs = [area_under_curve(one, wanted) for one in scores.numpy().T]
                    of[kind].append(float(pick(aucs)))
        core = [float(np.mean([np.mean(of[kind]) for kind in CORE])) for of in (median, worst)]
        return [*core, float(np.mean(median["fields"]))]


def _of_place(bench: Bench, number: int) -> Asked:
    """Return the cells of a real scene."""
    of, kinds, _ = bench.cells(PLACES[number])
    known = np.ones(len(kinds), bool)
    return Asked(of, {kind: (known, kinds == kind) for kind in bench.kinds(PLACES[number], kinds)})


def _of_landscapes(cells: SingleCells) -> Asked:
    """Return simulated cells that hold a class, or hold none of it."""
    holds = {}
    for kind, name in READ_AS.items():
        share = cells.shares[:, list(GROUNDS[name])].sum(axis=1)
        holds[kind] = ((share > PRESENT) | (share < ABSENT), share > PRESENT)
    return Asked(torch.from_numpy(cells.features), holds)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/s1"))
    workshop = Workshop(parser.parse_args().data)
    print("| columns and fits | simulated: core | worst | fields | real: core | worst | fields |")
    print("|---|---|---|---|---|---|---|")
    for trial in TRIALS:
        head = workshop.head(trial)
        figures = [
            f"{figure:.3f}"
            for asked in (workshop.simulated, workshop.real)
            for figure in workshop.figures(head, asked)
        ]
        print(f"| {trial.name} | {' | '.join(figures)} |", flush=True)


if __name__ == "__main__":
    main()
