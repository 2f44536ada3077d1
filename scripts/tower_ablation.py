"""What SCIO's stages are worth where wrong fragments are known: a table of docs/towers.md.

    python -m scripts.tower_ablation FOLDER [--chips 4000] [--epochs 12] [--seeds 3]

Each seed has a corpus of simulated chips of which one fragment in five of training is another
chip's. Three towers learn from it for as many epochs: from whole texts throughout (none), without
the noise that the first third has taught them to find (filter), and with noise written anew in
the last third (rebuild). All are measured on the clean chips of the test split, and the fragments
that they call noise are held against those that were planted. Arms that are finished are read from
FOLDER/results.jsonl, and one that was stopped goes on after its last epoch.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from backend.commands import progress_bar
from backend.corpus import Corpus
from backend.corpus.decisions import SCIO, undo_decisions
from backend.simulation.corpus import PLANTED, SimulatedChips, simulate_corpus
from backend.training import train
from backend.training.towers import TowerConfig, Towers
from backend.training.towers.config import Recipe, Stage

WRONG = 0.2
ARMS = ("none", "filter", "rebuild")
RECIPE: dict[str, Any] = {
    "batch_size": 64, "queue": 1024, "momentum": 0.97, "learning_rate": 2e-3, "warmup_steps": 20,
}  # fmt: skip
RESULTS = "results.jsonl"
MEASURES = ("mR", "outscored", "precision", "recall")


def stages_of(arm: str, epochs: int) -> tuple[Stage, ...]:
    """Return the stages of an arm, all of which have as many epochs."""
    third = epochs // 3
    if arm == "none":
        return (Stage(epochs=epochs),)
    if arm == "filter":
        return Stage(epochs=third), Stage(kind="filter", epochs=epochs - third)
    rest = epochs - 2 * third
    filtering = Stage(kind="filter", epochs=third)
    return Stage(epochs=third), filtering, Stage(kind="rebuild", epochs=rest)


def found_of(corpus: Corpus) -> dict[str, float]:
    """Return precision and recall of what was called noise last; none where nothing was judged."""
    hits = called = planted = 0
    for text in corpus.texts():
        if SCIO not in text.more:
            continue
        wrong = set(text.more.get(PLANTED, ()))
        noise = {n for n, one in enumerate(text.fragments) if one.status != "kept"}
        hits, called = hits + len(wrong & noise), called + len(noise)
        planted += len(wrong)
    return {"precision": hits / called, "recall": hits / planted} if called and planted else {}


def run(folder: Path, arm: str, seed: int, chips: int, epochs: int) -> dict[str, float]:
    """Train an arm, and return what was measured of it."""
    with progress_bar() as progress:
        simulation = SimulatedChips(chips=chips, side_px=32, wrong=WRONG, seed=seed)
        corpus = simulate_corpus(folder / f"corpus-{seed}", simulation, progress)
        config = TowerConfig(
            corpus=corpus.folder,
            output=folder / f"{arm}-{seed}.safetensors",
            tasks=("complex",),
            size="mini",
            vocabulary="corpus",
            side_px=32,
            patch_px=8,
            stages=stages_of(arm, epochs),
            recipe=Recipe(seed=seed, **RECIPE),
            device="cpu",
        )
        if not config.output.with_suffix("").exists():
            undo_decisions(corpus)
        card = train(Towers(config, progress))
    return {name: card.scores[name] for name in ("mR", "outscored")} | found_of(corpus)


def table(results: list[dict[str, float | str]]) -> str:
    """Return a row for every arm: means over seeds, and how far they spread."""
    rows = ["| arm | seeds | mR | outscored | precision | recall |", "|---|---|---|---|---|---|"]
    for arm in ARMS:
        own = [one for one in results if one["arm"] == arm]
        cells = [_cell([float(one[name]) for one in own if name in one]) for name in MEASURES]
        rows.append(f"| {arm} | {len(own)} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _cell(values: list[float]) -> str:
    if not values:
        return ""
    spread = f" ± {np.std(values, ddof=1):.3f}" if len(values) > 1 else ""
    return f"{np.mean(values):.3f}{spread}"


def main() -> None:
    """Run what is not finished, and print the table after each arm."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chips", type=int, default=4000)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seeds", type=int, default=3)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    path = given.folder / RESULTS
    results = [json.loads(one) for one in path.read_text().splitlines()] if path.exists() else []
    done = {(one["arm"], one["seed"]) for one in results}
    for seed in range(given.seeds):
        for arm in ARMS:
            if (arm, seed) in done:
                continue
            found = run(given.folder, arm, seed, given.chips, given.epochs)
            results.append({"arm": arm, "seed": seed, **found})
            with path.open("a") as file:
                file.write(json.dumps(results[-1]) + "\n")
            print(table(results), flush=True)
    print(table(results))


if __name__ == "__main__":
    main()
