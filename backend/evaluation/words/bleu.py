"""BLEU-1 to BLEU-4 of a corpus, as the tables of captions print it.

Source: Papineni et al., BLEU (ACL 2002), in the form of the COCO caption evaluation: clipped n-gram
precision over the whole corpus, geometric mean, the closest reference for brevity, and the same two
small numbers against division by zero, so that figures are equal.
"""

import numpy as np

from backend.evaluation.words.pairs import LONGEST, CaptionPairs, Floats, Integers, NGrams, look_up

KEYS = tuple(f"bleu_{size}" for size in range(1, LONGEST + 1))
_NONE_RIGHT, _NONE_THERE = 1e-15, 1e-9


def bleu_counts(pairs: CaptionPairs) -> Floats:
    """Return what BLEU adds up over captions (items, 10).

    The columns are right n-grams and all n-grams of 1 to 4 words, the words of the caption, and
    those of the reference whose length is closest, of two the shorter one.
    """
    lengths = pairs.candidate_lengths
    right = [_right(grams, pairs) for grams in pairs.ngrams]
    there = [np.maximum(lengths - size, 0) for size in range(LONGEST)]
    return np.stack([*right, *there, lengths, _closest_lengths(pairs)], axis=1).astype(float)


def bleu_of_counts(counts: Floats) -> Floats:
    """Return BLEU-1 to BLEU-4 (..., 4), from 0 to 1, of counts that were added up (..., 10)."""
    right, there = counts[..., :LONGEST], counts[..., LONGEST : 2 * LONGEST]
    precision = (right + _NONE_RIGHT) / (there + _NONE_THERE)
    means = np.exp(np.cumsum(np.log(precision), axis=-1) / np.arange(1, LONGEST + 1))
    ratio = (counts[..., -2] + _NONE_RIGHT) / (counts[..., -1] + _NONE_THERE)
    return means * np.exp(np.minimum(0, 1 - 1 / ratio))[..., None]


def bleu(pairs: CaptionPairs) -> Floats:
    """Return BLEU-1 to BLEU-4 of all captions (4,), from 0 to 1."""
    return bleu_of_counts(bleu_counts(pairs).sum(axis=0))


def _right(grams: NGrams, pairs: CaptionPairs) -> Floats:
    """Return the n-grams of each caption that a reference has, each as often as there at most."""
    references, candidates = grams.references, grams.candidates
    keys = pairs.owners[references.texts] * grams.number + references.grams
    order = np.argsort(keys, kind="stable")
    merged, starts = np.unique(keys[order], return_index=True)
    most = np.maximum.reduceat(references.counts[order], starts) if len(keys) else keys
    allowed = look_up(merged, most, candidates.texts * grams.number + candidates.grams)
    clipped = np.minimum(candidates.counts, allowed)
    return np.bincount(candidates.texts, clipped, minlength=pairs.items).astype(float)


def _closest_lengths(pairs: CaptionPairs) -> Integers:
    lengths = pairs.reference_lengths
    offsets = abs(lengths - pairs.candidate_lengths[pairs.owners])
    base = int(lengths.max(initial=0)) + 1
    return np.minimum.reduceat(offsets * base + lengths, pairs.first_references) % base
