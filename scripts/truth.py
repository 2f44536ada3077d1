"""How right the demo head is on real scenes: the tables of docs/truth.md.

    python -m scripts.truth [--data ../shared/data/s1]

Every scene is asked five phrases of each class that its truth knows. Beside the phrases' median
stands the worst phrase, mean VV and mean VH (whichever way round tells more), and a supervised
ceiling: least squares on the encoder's own columns, fitted on other squares of a kilometre.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import astuple, dataclass
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


class Bench:
    """The encoder, the demo head and every phrase, folded once."""

    def __init__(self, data: Path) -> None:
        self.data, self.encoder = data, load_encoder("texture-s1", device="cpu")
        text = load_text_encoder("minilm", device="cpu", remember=False)
        head = find_head(None, self.encoder.spec)
        self.scorers = {kind: Scorer(head, text.embed(of)) for kind, of in PHRASES.items()}

    def rows(self, place: Place) -> Iterator[Row]:
        """Yield the classes that a place has enough cells of."""
        features, grid = read_features(self.data / place.scene, place.date, self.encoder)
        labels = read_labels((self.data / place.scene).parent / place.truth, grid)
        rows = ((grid.transform.f - labels.y) / 80).astype(int)
        cols = ((labels.x - grid.transform.c) / 80).astype(int)
        here = torch.isfinite(features[rows, cols, 0]).numpy() & ~np.isin(
            labels.name, ["-1", "255"]
        )
        of, names, square = features[rows, cols][here], labels.name[here], labels.place[here]
        kinds = np.array([BY_HAND.get(name, "") for name in names])
        for kind in place.classes:
            wanted = kinds == kind
            if min(wanted.sum(), (~wanted).sum()) < LEAST:
                continue
            scores = self.scorers[kind].score(of).numpy().T
            levels = [area_under_curve(of[:, band].numpy(), wanted) for band in (0, 1)]
            yield Row(
                place,
                kind,
                int(wanted.sum()),
                tuple(area_under_curve(one, wanted) for one in scores),
                (max(levels[0], 1 - levels[0]), max(levels[1], 1 - levels[1])),
                supervised(of.double().numpy(), wanted, square),
            )


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
    scenes = {row.place.name for row in rows}
    print("\n| scene | core |\n|---|---|")
    for name in sorted(scenes):
        of = [row for row in rows if row.place.name == name and row.kind in CORE]
        print(f"| {name} | {np.mean([np.median(row.phrases) for row in of]):.3f} |")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/s1"))
    arguments = parser.parse_args()
    bench = Bench(arguments.data)
    print_tables([row for place in PLACES for row in bench.rows(place)])


if __name__ == "__main__":
    main()
