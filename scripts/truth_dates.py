"""What several dates tell of fields and houses in Belgium: the table of docs/truth.md.

    python -m scripts.truth_dates [--data ../shared/data/s1]

Of the twelve months of the scene 2, 4, 8 or all are taken, in draws that are spread over the year
and draws at random. `texture-s1` sees their mean, `texture-s1-dates` the stack.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from backend.accuracy.measures import area_under_curve
from backend.accuracy.truth import read_labels
from backend.encoders import load_encoder
from backend.link import Scorer, find_head
from backend.text import load_text_encoder
from scripts.truth import PHRASES, read_features

SCENE, TRUTH = "belgium_2021/s1_monthly.nc", "belgium_2021/truth_s2.tif"
DAYS = ("2020-11-01", "2020-12-01", *(f"2021-{month:02d}-01" for month in range(1, 11)))
CLASSES = {"fields": "6", "built": "5"}
ENCODERS = ("texture-s1", "texture-s1-dates")
CHANGE_OF_VH = 80  # column of texture-s1-dates
AT_RANDOM = 12


def spread(count: int) -> list[list[str]]:
    """Return draws of so many months that lie at even distances."""
    step = len(DAYS) // count
    draws = [[DAYS[(first + k * step) % 12] for k in range(count)] for first in range(step)]
    return [sorted(draw) for draw in draws]


def at_random(count: int) -> list[list[str]]:
    """Return draws of so many months."""
    rng = np.random.default_rng(count)
    return [sorted(rng.choice(DAYS, count, replace=False).tolist()) for _ in range(AT_RANDOM)]


WAYS = (
    *((count, "spread", spread(count)) for count in (2, 4)),
    *((count, "at random", at_random(count)) for count in (2, 4, 8)),
    (12, "all", [list(DAYS)]),
)


class Bench:
    """Both encoders with their heads, and every phrase, folded once."""

    def __init__(self, data: Path) -> None:
        self.data = data
        text = load_text_encoder("minilm", device="cpu", remember=False)
        self.encoders = [load_encoder(name, device="cpu") for name in ENCODERS]
        self.scorers = [
            {kind: Scorer(find_head(None, one.spec), text.embed(PHRASES[kind])) for kind in CLASSES}
            for one in self.encoders
        ]

    def measure(self, days: Sequence[str]) -> dict[str, NDArray[np.float64]]:
        """Return the AUCs of a draw: each encoder's phrases, class by class; the change of VH."""
        found = {}
        for encoder, scorers in zip(self.encoders, self.scorers, strict=True):
            features, grid = read_features(self.data / SCENE, days[0], encoder, tuple(days[1:]))
            labels = read_labels(self.data / TRUTH, grid)
            rows = ((grid.transform.f - labels.y) / encoder.spec.cell_m).astype(int)
            columns = ((labels.x - grid.transform.c) / encoder.spec.cell_m).astype(int)
            of = features[rows, columns]
            here = torch.isfinite(of[:, 0])
            of, names = of[here], labels.name[here.numpy()]
            for kind, name in CLASSES.items():
                scores = scorers[kind].score(of).numpy().T
                aucs = [area_under_curve(each, names == name) for each in scores]
                found[f"{kind}, {encoder.spec.name}"] = np.array(aucs)
            if encoder.spec.dates == "stacked":
                change = area_under_curve(of[:, CHANGE_OF_VH].numpy(), names == CLASSES["fields"])
                found["fields, deviation of VH alone"] = np.array([change])
        return found


def main() -> None:
    """Print a row for each number of dates and way to draw them, then each phrase."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/s1"))
    bench = Bench(parser.parse_args().data)
    for count, way, draws in WAYS:
        measured = [bench.measure(days) for days in draws]
        for name in measured[0]:
            aucs = np.stack([one[name] for one in measured])  # (draws, phrases)
            medians = np.median(aucs, axis=1)
            each = ", ".join(f"{auc:.3f}" for auc in np.median(aucs, axis=0))
            figures = f"{np.median(medians):.3f} | {medians.min():.3f} | {each}"
            print(f"| {count} | {way}, {len(draws)} | {name} | {figures} |", flush=True)


if __name__ == "__main__":
    main()
