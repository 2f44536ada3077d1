"""What SCIO's stages are worth where wrong fragments are known: a table of docs/towers.md.

    python -m scripts.tower_ablation FOLDER [--chips 4000] [--epochs 6] [--seeds 3]

Each seed has a corpus of simulated chips of which one fragment in five of training is another
chip's. Three towers learn from it for as many epochs: from whole texts throughout (none), without
the noise that the first third has taught them to find (filter), and with noise written anew in
the last third (rebuild). What they have in common is trained once, and each goes on from it. All
are measured on the clean chips of the test split, and the fragments that they call noise are held
against those that were planted, as they are and by higher margins. Arms that are finished are read
from FOLDER/results.jsonl, and one that was stopped goes on after its last epoch.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import mannwhitneyu

from backend.commands import progress_bar
from backend.corpus import Corpus
from backend.corpus.decisions import LOSS, MATCH, SCIO
from backend.simulation.corpus import PLANTED, SimulatedChips, simulate_corpus
from backend.training import train
from backend.training.folder import RunFolder
from backend.training.towers import TowerConfig, Towers
from backend.training.towers.config import Recipe, Stage

WRONG = 0.2
LANDSCAPE_PX = 256
ARMS = ("none", "filter", "rebuild")
AFTER = {"none": "learnt", "screened": "learnt", "filter": "screened", "rebuild": "screened"}
"""What an arm goes on from."""
SIDE_PX, PATCH_PX = 24, 8
"""Chips of three by three patches, as captions speak of north, west, centre, east and south."""
RECIPE: dict[str, Any] = {
    # Without a queue: a slow copy that is quick enough for some hundred steps leaves vectors there
    # which are told from those of the batch by their age, and the temperature falls to that.
    "batch_size": 32, "queue": 0, "momentum": 0.95, "learning_rate": 1e-3, "warmup_steps": 20,
}  # fmt: skip
MARGINS = (0.0, 0.1, 0.2, 0.5)
"""Of ℓ, by which the decisions of the arm filter are looked at again."""
RESULTS = "results.jsonl"
MEASURES = ("mR", "outscored", "precision", "recall", "called", "loss", "match")


def stages_of(arm: str, epochs: int) -> tuple[Stage, ...]:
    """Return the stages of an arm, or of what several go on from."""
    third = epochs // 3
    stages = {
        "none": (Stage(epochs=epochs),),
        "learnt": (Stage(epochs=third),),
        "screened": (Stage(epochs=third), Stage(kind="filter", epochs=third)),
        "filter": (Stage(epochs=third), Stage(kind="filter", epochs=epochs - third)),
    }
    last = Stage(kind="rebuild", epochs=epochs - 2 * third)
    return stages.get(arm, (*stages["screened"], last))


def found_of(corpus: Corpus) -> dict[str, float]:
    """Return what was called noise last against what was planted, and what chance comes to.

    Who calls so many at random has the share that was planted right, and finds the share called.
    `loss` and `match` are how often a planted fragment comes before another one by either half of
    the rule alone, ½ by chance; not where some are rebuilt, whose scores are those of new words.
    """
    judged = [
        (n in text.more.get(PLANTED, ()), one.status, one.scores)
        for text in corpus.texts()
        if SCIO in text.more
        for n, one in enumerate(text.fragments)
    ]
    wrong = np.array([one for one, _, _ in judged])
    noise = np.array([status != "kept" for _, status, _ in judged])
    rebuilt = any(status == "rebuilt" for _, status, _ in judged)
    better = {
        "loss": np.array([-scores[LOSS] for *_, scores in judged]),
        "match": np.array([scores[MATCH] for *_, scores in judged]),
    }
    pairs = wrong.sum() * (~wrong).sum()
    found = {
        name: mannwhitneyu(values[wrong], values[~wrong]).statistic / pairs
        for name, values in better.items()
        if not rebuilt
    }
    for margin in () if rebuilt else MARGINS:
        called = (better["loss"] > margin) & (better["match"] > 0)
        found |= {f"called beyond {margin}": called.mean()}
        found |= {f"precision beyond {margin}": wrong[called].mean()}
        found |= {f"recall beyond {margin}": called[wrong].mean()}
    found |= {"called": noise.mean(), "planted": wrong.mean()}
    found |= {"precision": wrong[noise].mean(), "recall": noise[wrong].mean()}
    return {name: float(value) for name, value in found.items()}


def corpus_of(folder: Path, seed: int, chips: int) -> Corpus:
    """Return a simulated corpus with wrong fragments."""
    simulation = SimulatedChips(
        chips=chips, side_px=SIDE_PX, landscape_px=LANDSCAPE_PX, wrong=WRONG, seed=seed
    )
    with progress_bar() as progress:
        return simulate_corpus(folder / f"corpus-{seed}", simulation, progress)


def config_of(corpus: Corpus, arm: str, seed: int, epochs: int) -> TowerConfig:
    """Return how an arm is trained, into the folder that its corpus lies in."""
    return TowerConfig(
        corpus=corpus.folder,
        output=corpus.folder.with_name(f"{arm}-{seed}.safetensors"),
        tasks=("complex",),
        size="mini",
        vocabulary="corpus",
        side_px=SIDE_PX,
        patch_px=PATCH_PX,
        stages=stages_of(arm, epochs),
        recipe=Recipe(seed=seed, **RECIPE),
        device="cpu",
    )


def run(corpus: Corpus, arm: str, seed: int, epochs: int) -> dict[str, float]:
    """Train an arm on from where it parts from the others, and return what was measured of it."""
    config = config_of(corpus, arm, seed, epochs)
    with progress_bar() as progress:
        task = Towers(config, progress)
        if arm in AFTER:
            if (before := AFTER[arm]) not in ARMS:
                run(corpus, before, seed, epochs)
            if not RunFolder(config.output).path.exists():
                RunFolder(config_of(corpus, before, seed, epochs).output).resume(task)
        card = train(task)
    found = found_of(corpus) if arm in ARMS[1:] else {}
    chance = {"chance": card.training["chance"]}
    return {name: card.scores[name] for name in ("mR", "outscored")} | chance | found


def table(results: list[dict[str, Any]]) -> str:
    """Return a row for every arm and chance: means over seeds, and how far they spread."""
    rows = [f"| arm | seeds | {' | '.join(MEASURES)} |", "|---" * (len(MEASURES) + 2) + "|"]
    for arm in ARMS:
        own = [one for one in results if one["arm"] == arm]
        cells = [_cell([one[name] for one in own if name in one]) for name in MEASURES]
        rows.append(f"| {arm} | {len(own)} | {' | '.join(cells)} |")
    screened = [one for one in results if "planted" in one]
    chances = [
        _cell([one["chance"] for one in results]),
        "0.500",
        _cell([one["planted"] for one in screened]),
        _cell([one["called"] for one in screened]),
        "",
        "0.500",
        "0.500",
    ]
    rows.append(f"| chance | | {' | '.join(chances)} |")
    for one, other in (("filter", "none"), ("rebuild", "none"), ("rebuild", "filter")):
        cells = [_cell(_differences(results, one, other, name)) for name in MEASURES[:2]]
        rows.append(f"| {one} − {other}, seed by seed | | {' | '.join(cells)} | | | | | |")
    return "\n".join(rows)


def margin_table(results: list[dict[str, Any]]) -> str:
    """Return what the arm filter would have called noise by margins of ℓ above 0."""
    rows = ["| margin of ℓ | called | precision | recall |", "|---|---|---|---|"]
    own = [one for one in results if one["arm"] == "filter"]
    for margin in MARGINS if own else ():
        names = (f"{name} beyond {margin}" for name in ("called", "precision", "recall"))
        rows.append(f"| {margin} | {' | '.join(_cell([r[n] for r in own]) for n in names)} |")
    return "\n".join(rows)


def _differences(results: list[dict[str, Any]], one: str, other: str, name: str) -> list[float]:
    by_arm = {arm: {r["seed"]: r[name] for r in results if r["arm"] == arm} for arm in (one, other)}
    return [
        by_arm[one][seed] - by_arm[other][seed] for seed in by_arm[one] if seed in by_arm[other]
    ]


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
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    path = given.folder / RESULTS
    results = [json.loads(one) for one in path.read_text().splitlines()] if path.exists() else []
    done = {(one["arm"], one["seed"]) for one in results}
    for seed in range(given.first_seed, given.first_seed + given.seeds):
        corpus = corpus_of(given.folder, seed, given.chips)
        for arm in ARMS:
            if (arm, seed) in done:
                continue
            began = time.process_time()
            found = run(corpus, arm, seed, given.epochs)
            found["seconds"] = round(time.process_time() - began)
            results.append({"arm": arm, "seed": seed, **found})
            with path.open("a") as file:
                file.write(json.dumps(results[-1]) + "\n")
            print(table(results), flush=True)
    print(table(results), margin_table(results), sep="\n\n")


if __name__ == "__main__":
    main()
