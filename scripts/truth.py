"""How right the demo head is on real scenes: the tables of docs/truth.md.

    python -m scripts.truth [--data ../shared/data/s1] [--head NAME]

Every scene is asked five phrases of each class that its truth knows. Beside the phrases' median
stands the worst phrase, mean VV and mean VH (whichever way round tells more), and a supervised
ceiling: least squares on the encoder's own columns, fitted on other squares of a kilometre. Ten
more phrases of each class, which nothing was chosen by and no word list holds, are asked with the
head's metric and without. Last comes how far the probabilities of its calibration hold.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import numpy as np
import torch
from pyproj import CRS

from backend.accuracy.measures import area_under_curve
from backend.accuracy.truth import Grid, read_labels
from backend.encoders import Encoder, load_encoder
from backend.features.plan import for_encoder
from backend.link import Scorer, find_head
from backend.scenes import open_scene
from backend.scenes.box import Box
from backend.text import load_text_encoder

PHRASES = {
    "water": ("open water", "water", "a lake", "a water surface", "a river"),
    "forest": ("a forest", "trees", "woodland", "a wood", "dense woodland"),
    "bare": ("bare soil", "bare land", "a ploughed field", "sand", "barren ground"),
    "built": ("a town", "houses", "a village", "buildings", "a built-up area"),
    "fields": ("farmland", "fields", "crops", "a green field", "a meadow"),
}
UNSEEN = {
    "water": (
        "a pond", "still water", "a large lake", "inundated land", "lakes and rivers",
        "a wide stream", "deep water", "ponds and lakes", "a lagoon", "the water's surface",
    ),
    "forest": (
        "a dense forest", "thick woods", "a timber plantation", "forested land", "tree cover",
        "the woods", "a conifer forest", "a leafy forest", "a thicket of trees", "forest canopy",
    ),
    "bare": (
        "dry earth", "exposed soil", "dusty earth", "naked earth", "fallow land",
        "dry soil", "earth without plants", "loose sand", "a stubble field", "open ground",
    ),
    "built": (
        "a housing estate", "streets with houses", "urban land", "city streets", "dwellings",
        "a neighbourhood", "a factory site", "rooftops", "suburbs", "city blocks",
    ),
    "fields": (
        "agricultural fields", "green crops", "a grassy meadow", "a field of maize", "vegetables",
        "tilled land with crops", "grass for cattle", "a field of grain", "farm fields", "a lawn",
    ),
}  # fmt: skip
READ_AS = {
    "water": "water", "forest": "forest", "bare": "bare ground", "built": "built-up land",
    "fields": "fields",
}  # fmt: skip
CORE = ("water", "forest", "bare", "built")
BY_HAND = {"1": "water", "2": "forest", "3": "fields", "4": "bare", "5": "built", "6": "fields"}
LEAST = 10  # cells of a class, and of all others
FOLDS, SHRINK = 5, 0.1


@dataclass(frozen=True)
class Place:
    """A scene and its truth."""

    name: str
    scene: str
    truth: str
    date: str | None = None
    classes: tuple[str, ...] = tuple(PHRASES)


PLACES = (
    Place("Spain, flood", "spain_flood_2019/s1_grd_db.tif", "water_label.tif", None, ("water",)),
    Place(
        "Spain, flood", "spain_flood_2019/s1_grd_db.tif", "truth_s2.tif", None, tuple(PHRASES)[1:]
    ),
    Place("Denmark", "denmark_2017/s1_rtc_db.tif", "truth_s2.tif"),
    Place("Tanzania", "tanzania_2023/s1_rtc_db.tif", "truth_s2.tif"),
    Place("Kansas", "usa_lake_2019/s1_grd_db.tif", "water_label.tif"),
    Place("Cambodia", "cambodia_2018/s1_grd_db.tif", "water_label.tif"),
    Place("Elche", "spain_elche_2019/s1_grd_db.tif", "water_label.tif", None, ("water",)),
    *(
        Place(f"Belgium, {date[:7]}", "belgium_2021/s1_monthly.nc", "truth_s2.tif", date)
        for date in ("2020-12-01", "2021-03-01", "2021-06-01")
    ),
)


@dataclass(frozen=True)
class Row:
    """A class in a scene."""

    place: Place
    kind: str
    cells: int
    phrases: tuple[float, ...]
    backscatter: tuple[float, float]
    ceiling: float
    unseen: tuple[float, ...]
    """Of the phrases that nothing was chosen by."""
    plain: tuple[float, ...]
    """Of the same without the head's metric."""


@dataclass(frozen=True)
class Probability:
    """The probabilities of a class in a scene."""

    place: Place
    kind: str
    share: float
    mean: float
    most: float
    skill: float
    """Brier skill: 1 is perfect, 0 as good as the share; NaN where the class is not there."""


class Bench:
    """The encoder, a head (the demo head when None) and every phrase, folded once."""

    def __init__(self, data: Path, of_head: str | None = None) -> None:
        self.data, self.encoder = data, load_encoder("texture-s1", device="cpu")
        head = find_head(of_head, self.encoder.spec)
        text = load_text_encoder(head.meta.text, device="cpu", remember=False)
        self.calibration, plain = head.calibration, replace(head, metric=None)
        assert self.calibration
        self.classes = Scorer(head, self.calibration.vectors)
        self.scorers = {
            kind: [
                Scorer(one, text.embed(phrases[kind]))
                for one, phrases in ((head, PHRASES), (head, UNSEEN), (plain, UNSEEN))
            ]
            for kind in PHRASES
        }

    def cells(self, place: Place) -> tuple[torch.Tensor, np.ndarray, np.ndarray]:
        """Return a place's labelled cells: features, classes, and which lie together."""
        features, grid = read_features(self.data / place.scene, place.date, self.encoder)
        labels = read_labels((self.data / place.scene).parent / place.truth, grid)
        rows = ((grid.transform.f - labels.y) / 80).astype(int)
        cols = ((labels.x - grid.transform.c) / 80).astype(int)
        here = torch.isfinite(features[rows, cols, 0]).numpy() & ~np.isin(
            labels.name, ["-1", "255"]
        )
        of, names, square = features[rows, cols][here], labels.name[here], labels.place[here]
        return of, np.array([BY_HAND.get(name, "") for name in names]), square

    @staticmethod
    def kinds(place: Place, kinds: np.ndarray) -> list[str]:
        """Return the classes of which a place has enough cells, and enough others."""
        return [
            kind
            for kind in place.classes
            if LEAST <= np.count_nonzero(kinds == kind) <= len(kinds) - LEAST
        ]

    def rows(self, place: Place) -> Iterator[Row]:
        """Yield the classes that a place has enough cells of."""
        of, kinds, square = self.cells(place)
        for kind in self.kinds(place, kinds):
            wanted = kinds == kind
            aucs = [
                tuple(area_under_curve(one, wanted) for one in scorer.score(of).numpy().T)
                for scorer in self.scorers[kind]
            ]
            levels = [area_under_curve(of[:, band].numpy(), wanted) for band in (0, 1)]
            yield Row(
                place,
                kind,
                int(wanted.sum()),
                aucs[0],
                (max(levels[0], 1 - levels[0]), max(levels[1], 1 - levels[1])),
                supervised(of.double().numpy(), wanted, square),
                *aucs[1:],
            )

    def probabilities(self, place: Place) -> Iterator[Probability]:
        """Yield what the calibration says of each class that the truth of a place knows."""
        of, kinds, _ = self.cells(place)
        assert self.calibration
        posterior = self.calibration.posterior(self.classes.score(of).numpy().T)
        for kind in place.classes:
            wanted = kinds == kind
            of_class = posterior[self.calibration.classes.index(READ_AS[kind])]
            skill = np.nan
            if wanted.sum() >= LEAST:
                skill = float(1 - np.square(of_class - wanted).mean() / wanted.var())
            share, mean, most = wanted.mean(), of_class.mean(), of_class.max()
            yield Probability(place, kind, float(share), float(mean), float(most), skill)


def read_features(
    path: Path, date: str | None, encoder: Encoder, also: tuple[str, ...] = ()
) -> tuple[torch.Tensor, Grid]:
    """Return the features (h, w, d) of a scene's cells, NaN where less than half is data."""
    side, margin = encoder.spec.cell_px, encoder.spec.margin_px
    with open_scene(path, date=date, also=also) as opened:
        scene = for_encoder(opened, encoder.spec)
        extent = scene.extent
        ends = (-(-extent.row1 // side), -(-extent.col1 // side))
        cells = Box(extent.row0 // side, extent.col0 // side, *ends)
        pixels = Box(*(side * end for end in astuple(cells))).grown(margin)
        db, crs = scene.read(pixels), CRS.from_epsg(scene.utm_epsg)
    features = encoder.encode_within(db[None])[0]
    inside = np.isfinite(db[:, margin:-margin, margin:-margin]).all(axis=0)
    data = inside.reshape(cells.height, side, cells.width, side).mean((1, 3)) >= 0.5
    features[torch.from_numpy(~data)] = torch.nan
    return features, Grid(crs, cells.transform(encoder.spec.cell_m), cells.height, cells.width)


def supervised(features: np.ndarray, wanted: np.ndarray, square: np.ndarray) -> float:
    """Return the AUC of least squares, each fifth of the squares scored by what the others fit."""
    order = np.random.default_rng(0).permutation(len(np.unique(square)))
    fold = order[np.unique(square, return_inverse=True)[1]] % FOLDS
    x = (features - features.mean(0)) / (features.std(0) + 1e-6)
    scores = np.zeros(len(wanted))
    for k in range(FOLDS):
        known = fold != k
        if not wanted[known].any():
            continue
        weight = np.where(wanted[known], 1 / wanted[known].sum(), 1 / (~wanted[known]).sum())
        weighted = x[known] * weight[:, None]
        normal = weighted.T @ x[known] + SHRINK * np.eye(x.shape[1])
        scores[~known] = x[~known] @ np.linalg.solve(normal, weighted.T @ (2.0 * wanted[known] - 1))
    return area_under_curve(scores, wanted)


def print_tables(rows: list[Row]) -> None:
    """Print a row for every class in every scene, then the means, then every phrase."""
    print("| scene | class | cells | median phrase | worst phrase | mean VV | mean VH | ceiling |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        figures = (np.median(row.phrases), min(row.phrases), *row.backscatter, row.ceiling)
        shown = " | ".join(f"{figure:.3f}" for figure in figures)
        print(f"| {row.place.name} | {row.kind} | {row.cells} | {shown} |")
    print("\n| class | phrase | mean | in each scene |\n|---|---|---|---|")
    for kind, phrases in PHRASES.items():
        of = [row for row in rows if row.kind == kind]
        for k, phrase in enumerate(phrases):
            aucs = ", ".join(f"{row.phrases[k]:.3f}" for row in of)
            print(f"| {kind} | {phrase} | {np.mean([row.phrases[k] for row in of]):.3f} | {aucs} |")
    print("\n| class | unseen phrases: median, worst | without the metric |\n|---|---|---|")
    for kind in PHRASES:
        of = [row for row in rows if row.kind == kind]
        figures_of = [
            f"{np.mean(np.median(aucs, axis=1)):.3f}, {np.mean(np.min(aucs, axis=1)):.3f}"
            for aucs in ([row.unseen for row in of], [row.plain for row in of])
        ]
        print(f"| {kind} | {' | '.join(figures_of)} |")
    scenes = {row.place.name for row in rows}
    print("\n| scene | core |\n|---|---|")
    for name in sorted(scenes):
        of = [row for row in rows if row.place.name == name and row.kind in CORE]
        print(f"| {name} | {np.mean([np.median(row.phrases) for row in of]):.3f} |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/s1"))
    parser.add_argument("--head", help="a head's name or file; the demo head when left out")
    arguments = parser.parse_args()
    bench = Bench(arguments.data, arguments.head)
    print_tables([row for place in PLACES for row in bench.rows(place)])
    print("\n| scene | class | share | mean probability | highest | Brier skill |")
    print("|---|---|---|---|---|---|")
    for place in PLACES:
        for one in bench.probabilities(place):
            figures = one.share, one.mean, one.most, one.skill
            shown = " | ".join(f"{figure:.3f}" for figure in figures).replace("nan", "not there")
            print(f"| {place.name} | {one.kind} | {shown} |")


if __name__ == "__main__":
    main()
