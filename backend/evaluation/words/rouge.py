"""ROUGE-L: how long a line of words a caption and a reference have in common.

Source: Lin, ROUGE (2004), in the form of the COCO caption evaluation: beta = 1.2, and the best
precision and the best recall over references, which may be those of two. Other packages take
beta = 1, and one reference for both.
"""

from collections.abc import Sequence

import numpy as np

from backend.evaluation.words.pairs import CaptionPairs, Floats

BETA = 1.2


def rouge_l(pairs: CaptionPairs) -> Floats:
    """Return ROUGE-L of each caption (items,), from 0 to 1; 0 where there is no word."""
    candidates, references = pairs.numbers()
    common = np.array(
        [
            longest_common(candidates[owner], reference)
            for owner, reference in zip(pairs.owners.tolist(), references, strict=True)
        ],
        float,
    )
    lengths = pairs.candidate_lengths[pairs.owners]
    first = pairs.first_references
    precision = np.maximum.reduceat(common / np.maximum(lengths, 1), first)
    recall = np.maximum.reduceat(common / np.maximum(pairs.reference_lengths, 1), first)
    below = recall + BETA**2 * precision
    above = (1 + BETA**2) * precision * recall
    return np.divide(above, below, out=np.zeros(pairs.items), where=below > 0)


def longest_common(first: Sequence[int], second: Sequence[int]) -> int:
    """Return the length of the longest common subsequence.

    A row of the usual table is the bits of one integer. Source: Hyyrö, Bit-parallel LCS-length
    computation revisited (AWOCA 2004).
    """
    places: dict[int, int] = {}
    for place, word in enumerate(first):
        places[word] = places.get(word, 0) | 1 << place
    every = (1 << len(first)) - 1
    row = every
    for word in second:
        matched = row & places.get(word, 0)
        row = (row + matched | row - matched) & every
    return len(first) - row.bit_count()
