"""CIDEr-D: how much a caption says of what its references alone say.

Source: Vedantam et al., CIDEr (CVPR 2015), the D form, as the COCO caption evaluation computes it.
"""

import numpy as np

from backend.evaluation.words.pairs import CaptionPairs, Counts, Floats, Integers, NGrams, look_up

SIGMA = 6.0
"""Words by which lengths may differ without great loss."""
SCALE = 10.0


def cider(pairs: CaptionPairs) -> Floats:
    """Return CIDEr-D of each caption (items,), from 0 to 10.

    An n-gram is weighed by its count times ln(N / df), where df is how many of the N captions have
    a reference with it. So what all references say is worth nothing, and of a single caption
    everything is 0. A perfect caption of three words gets 7.5 at most: it has no 4-gram.
    """
    similar = np.mean([_similarities(grams, pairs) for grams in pairs.ngrams], axis=0)
    # The COCO code takes the number of 2-grams for the length; it differs for texts of no word.
    lengths = np.maximum(pairs.reference_lengths - 1, 0)
    offsets = lengths - np.maximum(pairs.candidate_lengths - 1, 0)[pairs.owners]
    penalised = similar * np.exp(-(offsets**2) / (2 * SIGMA**2))
    references = np.bincount(pairs.owners, minlength=pairs.items)
    return SCALE * np.bincount(pairs.owners, penalised, minlength=pairs.items) / references


def _similarities(grams: NGrams, pairs: CaptionPairs) -> Floats:
    """Return the clipped cosine of each reference with its caption (r,), for one length."""
    references, candidates, number = grams.references, grams.candidates, max(grams.number, 1)
    rarity = _rarity(grams, pairs)
    ours = candidates.counts * rarity[candidates.grams]
    theirs = references.counts * rarity[references.grams]
    owners = pairs.owners[references.texts]
    keys = candidates.texts * number + candidates.grams
    shared = np.minimum(look_up(keys, ours, owners * number + references.grams), theirs) * theirs
    rows = len(pairs.owners)
    norms = _norms(references, theirs, rows) * _norms(candidates, ours, pairs.items)[pairs.owners]
    sums = np.bincount(references.texts, shared, minlength=rows)
    return np.divide(sums, norms, out=np.zeros(rows), where=norms > 0)


def _rarity(grams: NGrams, pairs: CaptionPairs) -> Floats:
    """Return ln N - ln df of each n-gram; of one that no reference has, as if one had it."""
    number = max(grams.number, 1)
    keys: Integers = pairs.owners[grams.references.texts] * number + grams.references.grams
    if len(pairs.owners) > pairs.items:  # several references of a caption count once
        keys = np.unique(keys)
    frequency = np.bincount(keys % number, minlength=number)
    return np.log(pairs.items) - np.log(np.maximum(1, frequency))


def _norms(counts: Counts, weights: Floats, texts: int) -> Floats:
    return np.sqrt(np.bincount(counts.texts, weights**2, minlength=texts))
