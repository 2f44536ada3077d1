"""How right a tower is on real scenes, beside the demo head: a table of docs/towers.md.

    python -m scripts.tower_truth NAME [--data ../shared/data/s1]

NAME is a tower in the user's folder whose cells are those of the demo head, 80 m. Both are asked
the five phrases of each class of docs/truth.md, on the same cells; the median phrase is printed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from backend.accuracy.measures import area_under_curve
from backend.encoders import load_encoder
from backend.text import load_text_encoder
from scripts.truth import PHRASES, PLACES, Bench, Row


class TowerBench(Bench):
    """A tower and its own texts, in place of the demo head and its."""

    def __init__(self, data: Path, name: str) -> None:
        self.data, self.encoder = data, load_encoder(name, device="cpu")
        text = load_text_encoder(name, device="cpu", remember=False)
        self.texts = {kind: torch.from_numpy(text.embed(PHRASES[kind])) for kind in PHRASES}

    def medians(self, row: Row) -> float:
        """Return the AUC of the median phrase for the class of a row."""
        of, kinds, _ = self.cells(row.place)
        scores = (of @ self.texts[row.kind].T).numpy()
        return float(np.median([area_under_curve(one, kinds == row.kind) for one in scores.T]))


def main() -> None:
    """Print a row for each class of each scene, and the means over scenes."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("name")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/s1"))
    given = parser.parse_args()
    demo, tower = Bench(given.data), TowerBench(given.data, given.name)
    found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in PHRASES}
    print(f"| scene | class | cells | {given.name} | demo head |\n|---|---|---|---|---|")
    for row in (row for place in PLACES for row in demo.rows(place)):
        pair = tower.medians(row), float(np.median(row.phrases))
        found[row.kind].append(pair)
        print(f"| {row.place.name} | {row.kind} | {row.cells} | {pair[0]:.3f} | {pair[1]:.3f} |")
    for kind, pairs in found.items():
        own, other = np.mean(pairs, axis=0)
        print(f"| mean of {len(pairs)} | {kind} | | {own:.3f} | {other:.3f} |")


if __name__ == "__main__":
    main()
