"""Processor seconds of every `--help` and of a first phrase, here and in another checkout.

PYTHONPATH=. python benchmarks/starting.py [OTHER_CHECKOUT]

The two take turns, so that other programs slow them alike; each figure is the median of three runs
(user and system time of the child). Compiled modules lie in a folder of their own, which one more
run fills first.
"""

import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parents[1]
ROUNDS = 3
COMMANDS = (
    *("query", "train", "evaluate", "stac", "heads", "serve", "doctor", "survey", "models"),
    *("stac search", "survey encode", "models pull"),
    *("describe", "embed", "store", "accuracy", "corpus", "corpus slice"),
)
PHRASE = """
from backend.text import load_text_encoder

load_text_encoder("minilm", remember=False).embed(["open water"])
"""
TASKS = {f"`{command}`": ("-m", *f"backend.{command} --help".split()) for command in COMMANDS}
TASKS["a first phrase"] = ("-c", PHRASE)


def seconds(checkout: Path, arguments: tuple[str, ...], compiled: str) -> float:
    """Return the processor seconds of Python in a checkout; NaN where it has no such command."""
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    environment |= {"PYTHONPATH": str(checkout), "PYTHONPYCACHEPREFIX": compiled}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=checkout,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if done.returncode:
        return math.nan
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print a row for each task."""
    checkouts = [HERE, *map(Path, sys.argv[1:2])]
    print("| what | here, s |" + " other checkout, s | ratio |" * (len(checkouts) - 1))
    with tempfile.TemporaryDirectory() as compiled:
        for name, arguments in TASKS.items():
            runs: list[list[float]] = [[] for _ in checkouts]
            for _ in range(ROUNDS + 1):
                for checkout, taken in zip(checkouts, runs, strict=True):
                    taken.append(seconds(checkout, arguments, compiled))
            medians = [statistics.median(taken[1:]) for taken in runs]
            ratio = [f"{medians[1] / medians[0]:.0f}"] if len(medians) > 1 else []
            figures = [f"{median:.2f}" for median in medians]
            print(f"| {name} | {' | '.join([*figures, *ratio])} |", flush=True)


if __name__ == "__main__":
    main()
