"""Ask stored cells for phrases."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.features.ask.kernels import cosines
from backend.features.ask.norms import LinkNorms
from backend.features.ask.phrases import FoldedPhrases
from backend.features.lattice import CellBox
from backend.features.store.block import StoredBlock


@dataclass(frozen=True)
class Answer:
    """The cosines of some cells."""

    cells: CellBox
    """Where they lie."""

    cosines: NDArray[np.float32]
    """(q, h, w): of each phrase; NaN where there is no data, or nothing was asked."""

    @property
    def answered(self) -> NDArray[np.bool_]:
        """(h, w): the cells that have an answer."""
        answered: NDArray[np.bool_] = ~np.isnan(self.cosines[0])
        return answered


def ask(
    blocks: Iterable[StoredBlock], phrases: FoldedPhrases, norms: LinkNorms
) -> Iterator[Answer]:
    """Yield the answer of each block: the cosines of all its cells that have data.

    Example:
        scorer = Scorer(head, text.embed(["open water"]))
        norms = LinkNorms(array, head, scorer)
        for answer in ask(blocks, FoldedPhrases.of(scorer), norms):
            show(answer.cells, answer.cosines[0])

    Raises:
        StoreInvalid: the store cannot be read.
    """
    for block in blocks:
        height, width, dim = block.values.shape
        found = np.full((len(phrases.weights), height, width), np.nan, np.float32)
        if block.valid.any():
            of_cells = cosines(
                block.values.reshape(-1, dim),
                block.scales.ravel(),
                norms.of(block).ravel(),
                phrases,
            )
            found = of_cells.reshape(found.shape)
        yield Answer(block.cells, found)
