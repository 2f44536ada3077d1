"""BLEU and CIDEr against pycocoevalcap, and similarity against the loop over pairs, in one run.

PYTHONPATH=. python benchmarks/words.py [PAIRS]

pycocoevalcap is no dependency of this project (its tokenizer and two measures are Java, which
is not run here); without it the first part is left out. It needs this, in an environment of its
own: pip install numpy scipy pyyaml pycocoevalcap==1.2

Both programs take captions as strings of words and spaces, one reference each, and split them at
spaces themselves. Processor seconds are printed beside the clock's, for a machine that is busy with
other work.
"""

import random
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backend.evaluation.words.bleu import bleu
from backend.evaluation.words.cider import cider
from backend.evaluation.words.pairs import CaptionPairs
from backend.evaluation.words.similarity import Similarity, pairwise_similarity

try:
    from pycocoevalcap.bleu.bleu import Bleu
    from pycocoevalcap.cider.cider import Cider
except ImportError:
    Bleu = None

PAIRS, DIM, BLOCK = 100_000, 384, 2048
LIMIT = 1e-9
WORDS = [f"word{number}" for number in range(2000)]


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what work gives, its seconds by the clock, and its processor seconds."""
    began, busy = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - began, time.process_time() - busy


def captions(pairs: int) -> tuple[list[str], list[str]]:
    """Return references of 5 to 20 words, few of them frequent, and captions with faults."""
    rng = random.Random(0)

    def word() -> str:
        return WORDS[int(len(WORDS) * rng.random() ** 4)]

    references = [[word() for _ in range(rng.randint(5, 20))] for _ in range(pairs)]
    candidates = [[one if rng.random() < 0.8 else word() for one in words] for words in references]
    return [" ".join(words) for words in candidates], [" ".join(words) for words in references]


def ours(candidates: list[str], references: list[str]) -> tuple[NDArray, NDArray]:
    """Return BLEU-1 to 4 and the CIDEr-D of every caption."""
    pairs = CaptionPairs(
        [text.split() for text in candidates], [[text.split()] for text in references]
    )
    return bleu(pairs), cider(pairs)


def theirs(candidates: list[str], references: list[str]) -> tuple[NDArray, NDArray]:
    """Return the same of pycocoevalcap, without its tokenizer."""
    true = {key: [text] for key, text in enumerate(references)}
    given = {key: [text] for key, text in enumerate(candidates)}
    scores = Bleu(4).compute_score(true, given, verbose=0)[0]
    return np.array(scores), Cider().compute_score(true, given)[1]


def pair_loop(rows: NDArray) -> Similarity:
    """Return the mean and variance of all cosines, block by block of pairs, each pair once."""
    units = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    total = square = 0.0
    for start in range(0, len(units), BLOCK):
        for other in range(start, len(units), BLOCK):
            cosines = units[start : start + BLOCK] @ units[other : other + BLOCK].T
            if start == other:
                cosines = np.triu(cosines, 1)
            total += cosines.sum()
            square += np.vdot(cosines, cosines)
    pairs = len(units) * (len(units) - 1) // 2
    return Similarity(len(units), total / pairs, square / pairs - (total / pairs) ** 2)


def one_pass(rows: NDArray) -> Similarity:
    """Return the same by the identity, from blocks of rows."""
    return pairwise_similarity(rows[start : start + BLOCK] for start in range(0, len(rows), BLOCK))


def report(what: str, slow: tuple[object, float, float], fast: tuple[object, float, float]) -> None:
    """Print both times and their ratios."""
    print(
        f"{what}: {slow[1]:.1f} s and {fast[1]:.2f} s, {slow[1] / fast[1]:.1f} times; processor "
        f"{slow[2]:.1f} s and {fast[2]:.2f} s, {slow[2] / fast[2]:.1f} times"
    )


def main() -> None:
    """Print a line for captions and one for similarity; fail where values differ."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else PAIRS
    if Bleu is None:
        print("pycocoevalcap is not installed: captions are left out.")
    else:
        texts = captions(pairs)
        fast, slow = timed(lambda: ours(*texts)), timed(lambda: theirs(*texts))
        errors = [abs(one - other).max() for one, other in zip(fast[0], slow[0], strict=True)]
        report(f"BLEU and CIDEr-D of {pairs:,} pairs, pycocoevalcap and ours", slow, fast)
        print(f"  largest difference: BLEU {errors[0]:.1e}, CIDEr-D of a caption {errors[1]:.1e}")
        assert max(errors) < LIMIT
    rows = np.random.default_rng(0).normal(0.1, 1, (pairs, DIM))
    fast_similarity = timed(lambda: one_pass(rows))
    slow_similarity = timed(lambda: pair_loop(rows))
    found, wanted = fast_similarity[0], slow_similarity[0]
    report(f"similarity of {pairs:,} × {DIM}, pairs and one pass", slow_similarity, fast_similarity)
    errors = [abs(found.mean - wanted.mean), abs(found.variance - wanted.variance)]
    print(f"  largest difference: mean {errors[0]:.1e}, variance {errors[1]:.1e}")
    assert max(errors) < LIMIT


if __name__ == "__main__":
    main()
