"""What a reading costs, which says whether anything like the phrase is there, over stored cells.

PYTHONPATH=. python benchmarks/readings.py [ROUNDS]

2,000,000 int8 cells of `texture-s1` in blocks of 128 × 128, one phrase, norms kept. Without: the
cosines and their statistics, as a map takes them. With: the cosines of what the demo head's
calibration needs beside the phrase, and its reading. "a town" means no class whose probability
holds, so one vector is asked beside it; "open water" does, and needs all nine. Both take turns, so
that other programs slow them alike; seconds are the fastest of all rounds, by processor time.
"""

import os
import sys
import time

import backend  # noqa: F401  (before torch)

# isort: split
import numpy as np

from backend.encoders import load_encoder
from backend.features.ask.kernels import cosines
from backend.features.ask.phrases import FoldedPhrases
from backend.link import LinkHead, Scorer, find_head
from backend.link.reading import RunningReading
from backend.maps.statistics import RunningStatistics
from backend.text import load_text_encoder

CELLS, BLOCK = 2_000_000, 128 * 128
PHRASES = ("a town", "open water")
WARMING, ROUNDS = 3, 8  # the loop is compiled once a billion numbers were asked


def without(values: np.ndarray, scales: np.ndarray, head: LinkHead, phrase: np.ndarray) -> None:
    """Take the cosines of all cells with the phrase, and their statistics."""
    folded, statistics = FoldedPhrases.of(Scorer(head, phrase)), RunningStatistics()
    for start in range(0, CELLS, BLOCK):
        part = slice(start, start + BLOCK)
        (band,) = cosines(values[part], scales[part], scales[part], folded)
        statistics.add(band)


def with_reading(values: np.ndarray, scales: np.ndarray, head: LinkHead, phrase: np.ndarray) -> str:
    """Do the same, and read the cosines; return what they say."""
    reader, statistics = RunningReading(head, phrase), RunningStatistics()
    folded = FoldedPhrases.of(Scorer(head, np.concatenate([phrase, reader.beside])))
    for start in range(0, CELLS, BLOCK):
        part = slice(start, start + BLOCK)
        found = cosines(values[part], scales[part], scales[part], folded)
        reader.add(found)
        statistics.add(found[0])
    return reader.summary()[0].sentence


def main() -> None:
    """Print a row for each phrase."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    head = find_head(None, load_encoder("texture-s1", device="cpu").spec)
    text = load_text_encoder("minilm", device="cpu", remember=False)
    rng = np.random.default_rng(0)
    values = rng.integers(-127, 128, (CELLS, len(head.weight)), np.int8)
    scales = rng.uniform(0.5, 2, CELLS).astype(np.float32)  # they stand for the norms, too
    print(f"{CELLS:,} cells, d = {len(head.weight)}, load {os.getloadavg()[0]:.1f}")
    ways = {"without": without, "with": with_reading}
    asked = {phrase: (values, scales, head, text.embed([phrase])) for phrase in PHRASES}
    best = {(phrase, name): float("inf") for phrase in PHRASES for name in ways}
    for round_ in range(WARMING + rounds):
        for phrase, name in best:
            began = time.process_time()
            ways[name](*asked[phrase])
            if round_ >= WARMING:
                best[phrase, name] = min(best[phrase, name], time.process_time() - began)
    for phrase in PHRASES:
        alone, read = best[phrase, "without"], best[phrase, "with"]
        print(f"{phrase}: {1e3 * alone:.0f} ms, with its reading {1e3 * read:.0f} ms", end="")
        print(f", {read / alone:.1f} times; {1e9 * (read - alone) / CELLS:.0f} ns a cell")


if __name__ == "__main__":
    main()
