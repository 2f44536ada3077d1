"""Training steps of a CLIP that learns an adapter, against one of which all learns, in turns.

PYTHONPATH=. OMP_NUM_THREADS=1 python benchmarks/adapters.py [--turns 3] [--batch 16]

A CLIP of random weights, both towers 12 layers of 768, pictures of 224 px in patches of 32, texts
of 32 words. Both learn by the same learner, from the same batches, with a queue of none and no slow
copy, as CLIP was trained. Each turn is a process of its own, which takes two steps to warm up and
then four; times are its processor seconds a step, the least of the turns, memory is the highest
above what the libraries alone take. A checkpoint is what a run keeps after each epoch.
"""

import os

os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # as backend sets it, and before torch reads it

import argparse
import io
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

from backend.training.clips.config import ClipRecipe
from backend.training.clips.files import load_start
from backend.training.clips.learner import ClipLearner
from backend.training.lora import LearntAdapter, LowRank
from benchmarks.towers import most_mb
from scripts.samples.small_clip import write_small_clip

SIZES = {"side_px": 224, "patch_px": 32, "width": 768, "depth": 12}
WORDS = [f"word{number}" for number in range(500)]
RANK, STEPS = 8, 4
ARMS = ("all", "adapter")


def measure(arm: str, start: Path, batch: int) -> dict[str, float]:
    """Take the steps of an arm; return what they cost."""
    libraries = most_mb()
    network = load_start(start, torch.device("cpu"))
    if arm == "adapter":
        LearntAdapter(network.model, LowRank(rank=RANK, alpha=2 * RANK), start, seed=0)
    else:
        network.requires_grad_(True)
    learner = ClipLearner(network, ClipRecipe(), torch.device("cpu"))
    learner.begin(ClipRecipe(), 100)
    rng, begun, losses = torch.Generator().manual_seed(0), 0.0, []
    for step in range(2 + STEPS):
        if step == 2:
            begun = time.process_time()
        pictures = torch.randn(batch, 3, 224, 224, generator=rng)
        drawn = torch.randint(len(WORDS), (batch, 32), generator=rng).tolist()
        losses.append(learner.add(pictures, [" ".join(WORDS[n] for n in row) for row in drawn])[0])
        learner.update()
    spent, checkpoint = (time.process_time() - begun) / STEPS, io.BytesIO()
    memory = most_mb() - libraries
    torch.save(learner.state(), checkpoint)
    numbers = sum(one.numel() for one in network.parameters() if one.requires_grad)
    kept = len(checkpoint.getvalue()) / 1e6
    return {"numbers": numbers, "s": spent, "MB": memory, "kept": kept, "first": losses[0]}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--arm", nargs=2, metavar=("ARM", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.arm:
        print(json.dumps(measure(given.arm[0], Path(given.arm[1]), given.batch)))
        return
    found: dict[str, list[dict[str, float]]] = {arm: [] for arm in ARMS}
    with tempfile.TemporaryDirectory() as folder:
        start = write_small_clip(Path(folder) / "start.safetensors", WORDS, **SIZES)
        for _ in range(given.turns):
            for arm in ARMS:
                own = [sys.executable, __file__, "--arm", arm, str(start)]
                done = subprocess.run(
                    [*own, "--batch", str(given.batch)], check=True, capture_output=True, text=True
                )
                found[arm].append(json.loads(done.stdout))
    best = {
        arm: {name: min(one[name] for one in of) for name in of[0]} for arm, of in found.items()
    }
    assert best["all"]["first"] == best["adapter"]["first"], "the first losses differ"
    print(f"| | {' | '.join(ARMS)} | ratio |\n|---|---|---|---|")
    rows = (("numbers", "numbers that learn"), ("s", "processor seconds a step"),
            ("MB", "peak memory, MB"), ("kept", "a checkpoint, MB"))  # fmt: skip
    for name, what in rows:
        whole, part = (best[arm][name] for arm in ARMS)
        form = ",.2f" if name == "s" else ",.0f"
        print(f"| {what} | {whole:{form}} | {part:{form}} | {part / whole:.3f} |")


if __name__ == "__main__":
    main()
