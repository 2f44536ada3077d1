"""Compare scoring with the folded head to projecting every cell, in one run.

python benchmarks/scoring.py
"""

import time
from collections.abc import Callable

import torch

from backend.link import LinkHead, Scorer

CELLS = 50_000
REPEATS = 3
SHAPES = ((64, 384), (64, 1536), (128, 1536), (1024, 1536))


def seconds(work: Callable[[], object]) -> float:
    """Return the seconds of the fastest of a few runs."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def projected(head: LinkHead, phrases: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
    """Return the baseline's cosines: F W + b of every cell, at unit length, times the phrases."""
    parts = []
    for chunk in features.split(8192):
        linked = torch.nn.functional.normalize(chunk @ head.weight + head.bias, dim=-1)
        parts.append(linked @ phrases.T)
    return torch.cat(parts)


def main() -> None:
    """Print a row per feature and text dimension."""
    generator = torch.Generator().manual_seed(0)
    print(f"{CELLS} cells, one phrase, {torch.get_num_threads()} threads; times projecting = 1")
    print(f"{'d':>5} {'D':>5} {'folded':>8} {'norms kept':>11} {'largest error':>14}")
    for dim, text_dim in SHAPES:
        features = torch.randn(CELLS, dim, generator=generator)
        weight = torch.randn(dim, text_dim, generator=generator)
        head = LinkHead(weight, torch.randn(text_dim, generator=generator))
        phrase = torch.nn.functional.normalize(torch.randn(1, text_dim, generator=generator))
        scorer = Scorer(head, phrase)
        norms = scorer.norms(features)
        baseline = seconds(lambda: projected(head, phrase, features))  # noqa: B023
        folded = seconds(lambda: scorer.score(features))  # noqa: B023
        kept = seconds(lambda: scorer.score(features, norms))  # noqa: B023
        error = (scorer.score(features) - projected(head, phrase, features)).abs().max()
        print(
            f"{dim:>5} {text_dim:>5} {baseline / folded:>7.1f}x {baseline / kept:>10.1f}x "
            f"{float(error):>14.1e}"
        )


if __name__ == "__main__":
    main()
