"""The measures of captions: what each adds up over captions, and what it makes of the sums.

To add one, write a file for it and add an entry to MEASURES, and every table has it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.evaluation.results import Figure, figure, resample
from backend.evaluation.words.bleu import KEYS, bleu_counts, bleu_of_counts
from backend.evaluation.words.cider import cider
from backend.evaluation.words.pairs import CaptionPairs, Floats
from backend.evaluation.words.rouge import rouge_l


def _means(sums: Floats, items: Floats) -> Floats:
    return sums / items[..., None]


@dataclass(frozen=True)
class CaptionMeasure:
    """How figures of captions are computed and named."""

    keys: tuple[str, ...]
    """Their names in JSON."""
    headings: tuple[str, ...]
    """What stands over their columns."""
    per_item: Callable[[CaptionPairs], Floats]
    """What is added up: (items, k)."""
    of_sums: Callable[[Floats, Floats], Floats] = _means
    """Takes sums (..., k) and numbers of items (...), returns figures (..., len(keys))."""


MEASURES = (
    CaptionMeasure(
        KEYS,
        tuple(f"BLEU-{size}" for size in range(1, len(KEYS) + 1)),
        bleu_counts,
        lambda sums, items: bleu_of_counts(sums),
    ),
    CaptionMeasure(("rouge_l",), ("ROUGE-L",), lambda pairs: rouge_l(pairs)[:, None]),
    CaptionMeasure(("cider_d",), ("CIDEr-D",), lambda pairs: cider(pairs)[:, None]),
)


def caption_figures(
    pairs: CaptionPairs, chips: Sequence[str], *, resamples: int = 0, seed: int = 0
) -> dict[str, Figure]:
    """Return the figures of all measures, with 95 % intervals over chips.

    `chips` names the chip of each caption: captions of one chip are drawn together.
    """
    names, rows = np.unique(np.asarray(chips), return_inverse=True)
    drawn = resample(len(names), resamples, seed)
    items = drawn @ np.bincount(rows, minlength=len(names)).astype(float)
    found: dict[str, Figure] = {}
    for measure in MEASURES:
        sums = drawn @ _summed_by(rows, len(names), measure.per_item(pairs))
        values = measure.of_sums(sums, items)
        found |= {key: figure(values[:, k]) for k, key in enumerate(measure.keys)}
    return found


def _summed_by(rows: NDArray[np.int64], number: int, values: Floats) -> Floats:
    """Return the sums of values (items, k) by chip (number, k)."""
    return np.stack([np.bincount(rows, column, number) for column in values.T], axis=1)
