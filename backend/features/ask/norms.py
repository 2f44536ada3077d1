"""|linked cell| of stored cells: the same for every phrase, so computed once for each head."""

import hashlib

import numpy as np
from numpy.typing import NDArray

from backend.features.store.array import FeatureArray
from backend.features.store.block import StoredBlock
from backend.features.store.derived import DerivedArrays
from backend.link import LinkHead, Scorer

_DIGITS = 12


def head_digest(head: LinkHead) -> str:
    """Return what tells a head's numbers from those of any other: twelve digits of a hash."""
    digest = hashlib.sha256(repr(tuple(head.weight.shape)).encode())
    metric = [] if head.metric is None else [head.metric]
    for tensor in (head.weight, head.bias, *metric):
        digest.update(tensor.detach().float().cpu().contiguous().numpy().data)
    return digest.hexdigest()[:_DIGITS]


class LinkNorms:
    """|F W + b| of the cells of an array, with the features as they are stored."""

    def __init__(self, array: FeatureArray, head: LinkHead, scorer: Scorer) -> None:
        """`scorer` is one of the same head, with any phrases."""
        side = array.info.block
        parts = {"norms": ("float32", (side, side))}
        self._kept = DerivedArrays(array, f"norms/{head_digest(head)}", parts)
        self._scorer = scorer

    def of(self, block: StoredBlock) -> NDArray[np.float32]:
        """Return the norms (h, w) of a block, NaN where there is no data; they are kept.

        Raises:
            StoreInvalid: the store cannot be read.
        """
        kept = self._kept.read(block.cells, block.checksum)
        if kept is not None:
            return kept["norms"].view(np.float32)
        norms = np.full(block.observed.shape, np.nan, np.float32)
        if block.valid.any():
            norms[block.valid] = self._scorer.norms(block.features[block.valid]).numpy()
        self._kept.write(block, {"norms": norms})
        return norms
