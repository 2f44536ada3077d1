"""What each group of columns, each fit and the metric are worth: a table of docs/ablation.md.

    python -m scripts.columns [--data ../shared/data/s1]

Heads are fitted as the demo head is (resources/configs/demo.yaml), each with fewer columns or
fits, and asked two things: cells of simulated landscapes that no head has seen, whose cover is
known, and real scenes (scripts/truth.py). Figures are AUC of single cells: the median of five
phrases and the worst of ten that nothing was chosen by, as means over classes.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from backend.accuracy.measures import area_under_curve
from backend.encoders import Encoder, load_encoder
from backend.link import LinkHead, RidgeSums, Scorer
from backend.link.fit import fit_cells
from backend.link.ridge import ridge_sums
from backend.resources import resource_path
from backend.simulation.survey.cells import SingleCells, class_vectors, simulate_cells
from backend.simulation.survey.classes import READ_AS as GROUNDS
from backend.simulation.survey.classes import paraphrase_metric
from backend.text import TextEncoder, load_text_encoder
from backend.training import read_config
from backend.training.linking.source import open_source
from scripts.truth import CORE, PHRASES, PLACES, READ_AS, UNSEEN, Bench

UNSEEN_SEED, UNSEEN_LANDSCAPES = 7, 24
PRESENT, ABSENT = 0.5, 0.05  # shares of a class in cells that have it, and that have not


@dataclass(frozen=True)
class Trial:
    """A head that is fitted on fewer columns, or by fewer fits, than the demo head."""

    name: str
    wedges: Sequence[int] = range(79)
    """Columns fitted on wedges."""
    cells: Sequence[int] = range(115)
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
    Trial("107: with the surroundings, all free on cells", cells=range(107), known=1.0),
    Trial("107, cells alone", NONE, range(107), 1.0),
    Trial("107, the surroundings alone on cells", cells=range(79, 107)),
    Trial("107, what wedges know kept ten times more", cells=range(107)),
    Trial("115: with the bright pixels, without the metric", metric=False),
    Trial("the same with the metric: the demo head"),
)


@dataclass(frozen=True)
class Asked:
    """Cells (n, d), and which of them hold a class, by the name of the class."""

    features: torch.Tensor
    holds: dict[str, tuple[np.ndarray, np.ndarray]]
    """Cells (n,) that count, and those that hold the class."""


class Workshop:
    """The sums that heads are fitted by, as a configuration of `resources/configs` has them.

    Example:
        head = Workshop("demo.yaml", simulate=simulate_cells).head(Trial("the demo head"))
    """

    def __init__(
        self,
        name: str,
        simulate: Callable[[int, int, Encoder], SingleCells],
        points: int | None = None,
        landscapes: int | None = None,
    ) -> None:
        config = read_config(resource_path("configs", name), {"output": Path("unused")})
        assert config.simulation
        if points:
            config = config.model_copy(
                update={"simulation": replace(config.simulation, points=points)}
            )
        assert config.cells and config.recipe.l2 and config.text
        self.fit, self.l2 = config.cells, config.recipe.l2
        self.encoder = load_encoder(config.encoder, device="cpu")
        self.text = load_text_encoder(config.text, device="cpu", remember=False)
        source = open_source(config, torch.device("cpu"), lambda *_: None)
        batches = source.batches("train", torch.device("cpu"))
        self.sums = ridge_sums(batches, source.dims, source.views("train"))
        self.metric = paraphrase_metric(self.text, self.fit.translated).float()
        self.cells = simulate(landscapes or self.fit.landscapes, self.fit.seed, self.encoder)

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
            torch.from_numpy(self.cells.weights(self.fit.houses)),
            self.fit.l2,
            keep,
        )
        return replace(fitted, metric=head.metric)


def medians(head: LinkHead, text: TextEncoder, asked: Sequence[Asked]) -> dict[str, float]:
    """Return the AUC of each class by the median of its phrases, as means over what is asked."""
    found = _aucs(head, text, asked, PHRASES)
    return {kind: float(np.mean(aucs)) for kind, aucs in found.items()}


def figures(head: LinkHead, text: TextEncoder, asked: Sequence[Asked]) -> list[float]:
    """Return three AUC: of water, forest, bare and built by the median phrase and by the worst
    unseen one, and of fields by the median phrase.
    """
    median = medians(head, text, asked)
    worst = _aucs(head, text, asked, UNSEEN, np.min)
    core = np.mean([median[kind] for kind in CORE]), np.mean([np.mean(worst[k]) for k in CORE])
    return [*map(float, core), median["fields"]]


def _aucs(
    head: LinkHead,
    text: TextEncoder,
    asked: Sequence[Asked],
    phrases: Mapping[str, Sequence[str]],
    pick: Callable[[list[float]], np.floating] = np.median,
) -> dict[str, list[float]]:
    """Return what is picked of the phrases' AUC, class by class, for all that know the class."""
    found: dict[str, list[float]] = {}
    for cells in asked:
        for kind, (counts, holds) in cells.holds.items():
            scores = Scorer(head, text.embed(phrases[kind])).score(cells.features[counts])
            aucs = [area_under_curve(one, holds[counts]) for one in scores.numpy().T]
            found.setdefault(kind, []).append(float(pick(aucs)))
    return found


def _of_place(bench: Bench, number: int) -> Asked:
    """Return the cells of a real scene."""
    of, kinds, _ = bench.cells(PLACES[number])
    known = np.ones(len(kinds), bool)
    return Asked(of, {kind: (known, kinds == kind) for kind in bench.kinds(PLACES[number], kinds)})


def of_landscapes(cells: SingleCells) -> Asked:
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
    workshop = Workshop("demo.yaml", simulate_cells)
    unseen = simulate_cells(UNSEEN_LANDSCAPES, UNSEEN_SEED, workshop.encoder)
    bench = Bench(parser.parse_args().data)
    scenes = [of_landscapes(unseen)], [_of_place(bench, k) for k in range(len(PLACES))]
    print("| columns and fits | simulated: core | worst | fields | real: core | worst | fields |")
    print("|---|---|---|---|---|---|---|")
    for trial in TRIALS:
        head = workshop.head(trial)
        found = [figure for asked in scenes for figure in figures(head, workshop.text, asked)]
        print(f"| {trial.name} | {' | '.join(f'{one:.3f}' for one in found)} |", flush=True)


if __name__ == "__main__":
    main()
