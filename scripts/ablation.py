"""What each choice of the method is worth, on the simulated survey: the tables of docs/ablation.md.

    python scripts/ablation.py

builds the survey once (20,000 points, 22 minutes on two busy cores; it goes on where it was
stopped), then fits and evaluates a head for every row. Every head is measured on the same test
tiles; only what it learnt from differs.
"""

import argparse
import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from backend.encoders import Encoder, load_encoder
from backend.encoders.texture_s1 import TextureS1
from backend.evaluation import Evaluation, evaluate_head, mean_head
from backend.evaluation.metrics import METRICS
from backend.link import WEDGES, LinkHead, Pooling, Views, fit_head
from backend.link.fit import Recipe
from backend.resources import user_path
from backend.simulation.survey.build import Simulation, build_simulated_survey
from backend.simulation.survey.points import place_points
from backend.survey import Survey
from backend.survey.split import sample_points
from backend.text import load_text_encoder
from backend.text.vocabulary import CLASS_PROMPTS, load_vocabulary

SIMULATION = Simulation(points=20_000, seed=20)
MEAN = Pooling("mean")
NEAR, NEARER = Pooling(extent_m=1120), Pooling(extent_m=480)
POOLINGS = (WEDGES, NEAR, NEARER, MEAN)
SIZES = (500, 1_000, 2_000, 5_000, 10_000)
COLUMNS = [column for column in METRICS if column.key != "precision_at_500"]


@dataclass(frozen=True)
class Trial:
    """One row: what differs from the paper's recipe."""

    name: str
    solver: str = "adamw"
    recipe: Recipe = field(default_factory=Recipe)
    points: int = SIMULATION.points  # of the whole survey; eight tenths are train
    views: int = 4
    pooling: Pooling = WEDGES


def trials() -> Iterator[tuple[str, list[Trial]]]:
    """Yield the tables: a title and its rows."""
    yield (
        "Solver",
        [
            Trial("AdamW, the paper's recipe"),
            Trial("AdamW started from ridge", recipe=Recipe(warm_start=True)),
            Trial("ridge, l2 0.0001", "ridge", Recipe(l2=1e-4)),
            *(
                Trial(f"least squares, l2 {l2:g}", "ridge", Recipe(l2=l2, reweightings=0))
                for l2 in (1e-4, 1e-2, 1.0)
            ),
        ],
    )
    for solver in ("adamw", "ridge"):
        yield (
            f"Points, {solver}",
            [Trial(f"{n:,} points", solver, points=n) for n in (*SIZES, SIMULATION.points)],
        )
    yield (
        "Views per tile",
        [Trial(f"{k} of 4 photographs", views=k) for k in (1, 2, 3, 4)],
    )
    yield (
        "Views per tile, as many photographs in all",
        [
            Trial(f"{k} of 4, {5_000 * 4 // k:,} points", views=k, points=20_000 // k)
            for k in (1, 2, 4)
        ],
    )
    yield (
        "Pooling",
        [
            Trial("wedges of the window, 2,240 m"),
            Trial("wedges of its inner 1,120 m", pooling=NEAR),
            Trial("wedges of its inner 480 m", pooling=NEARER),
            Trial("plain mean of the window", pooling=MEAN),
        ],
    )


class Bench:
    """The survey, read once, and the phrases its tiles are asked."""

    def __init__(self, survey: Survey, encoder: Encoder) -> None:
        self.survey = survey
        self.views = {
            (pooling, split): _of_wedges(survey.views(encoder.spec, split, pooling=pooling))
            for pooling in POOLINGS
            for split in ("train", "validation", "test")
        }
        places = place_points(SIMULATION.points, SIMULATION.seed)
        self.places = dataclasses.replace(places, land_class=survey.land_class)
        text = load_text_encoder(survey.text())
        vocabulary = load_vocabulary()
        self.vocabulary = text.embed(vocabulary.phrases)
        self.categories = vocabulary.categories
        self.prompts = text.embed(CLASS_PROMPTS)

    def fit(self, trial: Trial) -> LinkHead:
        """Fit the head of a trial."""
        train = self.views[trial.pooling, "train"]
        chosen = set(sample_points(self.places, trial.points).ids)
        kept = train.part(np.array([self.survey.ids[row] in chosen for row in train.rows]))
        valid = _keep(kept.valid, trial.views)
        arrays = kept.pooled, kept.photos, valid
        return fit_head(*arrays, trial.solver, grid=kept.grid, recipe=trial.recipe)

    def evaluate(self, head: LinkHead, pooling: Pooling) -> Evaluation:
        """Measure a head on all test tiles."""
        test, validation = (self.views[pooling, split] for split in ("test", "validation"))
        return evaluate_head(
            head,
            test.pooled,
            test.photos,
            test.valid,
            self.survey.land_class[test.rows],
            vocabulary=self.vocabulary,
            categories=self.categories,
            prompts=self.prompts,
            validation=validation,
            grid=test.grid,
        )

    def directions(self, trial: Trial) -> list[float]:
        """Return mean cosines of predicted views with their own and the opposite photograph."""
        head, test = self.fit(trial), self.views[trial.pooling, "test"]
        linked = test.pooled.float() @ head.weight + test.means.float()[:, None] * head.bias
        both = test.valid & test.valid.roll(2, dims=1)
        photos = test.photos.float()
        return [
            float(torch.cosine_similarity(linked, of, dim=-1)[both].mean())
            for of in (photos, photos.roll(2, dims=1))
        ]


def _of_wedges(views: Views) -> Views:
    """Return views of texture-s1 without the columns that no fit on wedges looks at."""
    columns = views.dims[0] - TextureS1.spec.surroundings
    return dataclasses.replace(views, pooled=views.pooled[..., :columns])


def _keep(valid: torch.Tensor, views: int) -> torch.Tensor:
    """Return a mask of at most `views` photographs of every tile, drawn at random."""
    rng = torch.Generator().manual_seed(0)
    order = torch.where(valid, torch.rand(valid.shape, generator=rng), torch.inf)
    return valid & (order.argsort(dim=1).argsort(dim=1) < views)


def line(name: str, evaluation: Evaluation) -> str:
    """Return a row of Markdown: figures with half the width of their intervals."""
    cells = [
        f"{column.show(figure.value)} {column.show_half_width(figure)}".strip()
        for column, figure in ((column, evaluation[column.key]) for column in COLUMNS)
    ]
    return f"| {name} | {' | '.join(cells).replace('±', '± ')} |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = user_path("surveys", "ablation.zarr")
    parser.add_argument("--survey", type=Path, default=default, help=f"default: {default}")
    path = parser.parse_args().survey
    encoder = load_encoder("texture-s1", device="cpu")
    text = load_text_encoder("minilm", device="cpu", remember=False)
    survey = build_simulated_survey(path, SIMULATION, encoder, text, poolings=POOLINGS)
    bench = Bench(survey, encoder)
    known: dict[Trial, str] = {}
    for title, rows in trials():
        headings = " | ".join(column.heading for column in COLUMNS)
        print(f"\n### {title}\n\n| | {headings} |\n|---|{'---|' * len(COLUMNS)}")
        if not known:
            mean = mean_head([bench.views[WEDGES, "train"]])
            print(line("the mean photograph", bench.evaluate(mean, WEDGES)), flush=True)
        for trial in rows:
            plain = dataclasses.replace(trial, name="")
            if plain not in known:
                known[plain] = line("NAME", bench.evaluate(bench.fit(trial), trial.pooling))
            print(known[plain].replace("NAME", trial.name), flush=True)
    print("\n### Direction\n\n| | own photograph | the opposite one |\n|---|---|---|")
    for trial in rows:
        own, opposite = bench.directions(trial)
        print(f"| {trial.name} | {own:.4f} | {opposite:.4f} |", flush=True)


if __name__ == "__main__":
    main()
