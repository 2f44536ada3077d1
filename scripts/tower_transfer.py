"""What optical pictures are worth before radar: transfer against direct, a table of docs/towers.md.

    python -m scripts.tower_transfer FOLDER [--pairs 100 1000] [--seeds 3]
    python -m scripts.tower_transfer FOLDER --pairs 10000 --radar 12800 --steps 1250

Each seed has a small CLIP of random weights, a corpus of simulated landscapes in optical colours
and one of other landscapes on radar. Transfer learns from the first and then from so many pairs of
radar; direct learns from these alone, for as many steps; adapter is transfer, but that on radar a
low-rank adapter learns alone. All are measured on the same chips of
radar landscapes that neither has seen. The optical stage of a seed is trained once and begun with
by all of its arms: "optical alone" is that CLIP, asked of radar. Arms that are finished are read
from FOLDER/results.jsonl, and one that was stopped goes on after its last epoch.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from backend.commands import progress_bar
from backend.corpus import Corpus
from backend.simulation.corpus import SimulatedChips, simulate_corpus
from backend.training.clips import ClipConfig, Clips, train_clip
from backend.training.clips.config import ClipRecipe, ClipStage
from backend.training.lora import LowRank
from backend.training.towers.card import chance_of, named_scores
from scripts.samples.small_clip import write_small_clip

ARMS: dict[str, tuple[bool, LowRank | None]] = {
    "direct": (False, None),
    "transfer": (True, None),
    "adapter": (True, LowRank(rank=8, alpha=16)),
}
"""Whether an arm begins with the optical stage, and what learns on radar where not all does."""
OPTICAL = "optical alone"
RECIPE: dict[str, Any] = {"batch_size": 32, "learning_rate": 1e-3, "warmup_steps": 20}
SIDE_PX = 32
STEPS = 200
"""What each arm takes on radar at least, in whole epochs."""
RESULTS = "results.jsonl"
MEASURES = ("mR", "outscored")


def corpus_of(folder: Path, seed: int, chips: int, optical: bool) -> Corpus:
    """Return a simulated corpus; those in optical colours show other landscapes than radar's."""
    kind, own = ("optical", 1000 + seed) if optical else ("radar", seed)
    simulation = SimulatedChips(
        chips=chips, side_px=SIDE_PX, landscape_px=256, seed=own, optical=optical
    )
    with progress_bar() as progress:
        return simulate_corpus(folder / f"{kind}-{seed}", simulation, progress)


def start_of(folder: Path, seed: int, corpora: tuple[Corpus, Corpus]) -> Path:
    """Return a CLIP of random weights that knows the words of both corpora."""
    path = folder / f"seed-{seed}" / "random.safetensors"
    if not path.exists():
        texts = (one.text for corpus in corpora for of in corpus.texts() for one in of.fragments)
        write_small_clip(path, texts, side_px=SIDE_PX, width=64, depth=3, seed=seed)
    return path


def config_of(
    name: str,
    start: Path,
    corpus: Corpus,
    seed: int,
    lora: LowRank | None = None,
    **stage: Any,
) -> ClipConfig:
    """Return how an arm is trained, into the folder of its seed."""
    return ClipConfig(
        start=start,
        corpus=corpus.folder,
        output=start.with_name(f"{name}.safetensors"),
        picture="dual",
        side_px=SIDE_PX,
        lora=lora,
        stages=(ClipStage(tasks=("complex",), **stage),),
        recipe=ClipRecipe(seed=seed, **RECIPE),
        device="cpu",
    )


def trained(config: ClipConfig) -> Path:
    """Return the file of a CLIP that is trained to its end."""
    with progress_bar() as progress:
        train_clip(config, progress=progress)
    return config.output


def measured(start: Path, radar: Corpus, seed: int) -> dict[str, float]:
    """Return what a CLIP comes to on radar's test chips, and what chance does."""
    task = Clips(config_of("unused", start, radar, seed))
    test = task.pairs[0].test
    return named_scores(task.measure(test)) | {"chance": chance_of(test)}


def epochs_for(pairs: int, steps: int) -> int:
    """Return the epochs in which so many pairs make the steps of an arm."""
    return -(-steps // max(1, pairs // RECIPE["batch_size"]))


def table(results: list[dict[str, Any]]) -> str:
    """Return a row for every number of pairs and arm: means over seeds, and how far they spread."""
    rows = ["| pairs of radar | arm | seeds | mR | comes before |", "|---|---|---|---|---|"]
    for pairs, arm in sorted({(one["pairs"], one["arm"]) for one in results}):
        own = [one for one in results if (one["pairs"], one["arm"]) == (pairs, arm)]
        cells = [_cell([100 * one[name] for one in own]) for name in MEASURES]
        rows.append(f"| {pairs:,} | {arm} | {len(own)} | {' | '.join(cells)} |")
    if results:
        chance = 100 * np.mean([one["chance"] for one in results])
        rows.append(f"| | chance | | {chance:.1f} % | 50.0 % |")
    return "\n".join(rows)


def _cell(values: list[float]) -> str:
    spread = f" ± {np.std(values, ddof=1):.1f}" if len(values) > 1 else ""
    return f"{np.mean(values):.1f}{spread} %"


def main() -> None:
    """Run what is not finished, and print the table after each arm."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pairs", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=STEPS, help="those of an arm on radar")
    parser.add_argument("--radar", type=int, default=1920, help="chips of a corpus of radar")
    parser.add_argument("--optical", type=int, default=2560, help="chips in optical colours")
    parser.add_argument("--optical-epochs", type=int, default=6)
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    path = given.folder / RESULTS
    results = [json.loads(one) for one in path.read_text().splitlines()] if path.exists() else []
    done = {(one["arm"], one["pairs"], one["seed"]) for one in results}

    def keep(arm: str, pairs: int, seed: int, clip: Path, radar: Corpus) -> None:
        scores = measured(clip, radar, seed)
        results.append({"arm": arm, "pairs": pairs, "seed": seed, **scores})
        with path.open("a") as file:
            file.write(json.dumps(results[-1]) + "\n")
        print(table(results), flush=True)

    for seed in range(given.first_seed, given.first_seed + given.seeds):
        colours = corpus_of(given.folder, seed, given.optical, optical=True)
        radar = corpus_of(given.folder, seed, given.radar, optical=False)
        start = start_of(given.folder, seed, (colours, radar))
        first = {"epochs": given.optical_epochs, "batch_size": 64}
        optical = trained(config_of("optical", start, colours, seed, **first))
        if (OPTICAL, 0, seed) not in done:
            keep(OPTICAL, 0, seed, optical, radar)
        for pairs in given.pairs:
            for arm, (transferred, lora) in ARMS.items():
                if (arm, pairs, seed) not in done:
                    begun, name = optical if transferred else start, f"{arm}-{pairs}"
                    stage = {"pairs": pairs, "epochs": epochs_for(pairs, given.steps)}
                    config = config_of(name, begun, radar, seed, lora, **stage)
                    keep(arm, pairs, seed, trained(config), radar)
    print(table(results))


if __name__ == "__main__":
    main()
