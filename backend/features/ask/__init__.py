"""Ask cells that were encoded once for phrases: exact cosines at the speed of memory.

phrases    `FoldedPhrases`: one vector of the encoder's width a phrase
kernels    cosines of many cells
compiled   the same in a loop that numba compiles, where it is installed
norms      |linked cell|, kept beside the cells for each head
ask        `ask`: from stored blocks to answers
levels     coarser cells, for large areas
best       `BestCells`: the best places, without a map
"""

from backend.features.ask.ask import Answer, ask
from backend.features.ask.best import BestCell, BestCells
from backend.features.ask.levels import CoarserCells
from backend.features.ask.norms import LinkNorms
from backend.features.ask.phrases import FoldedPhrases

__all__ = [
    "Answer",
    "BestCell",
    "BestCells",
    "CoarserCells",
    "FoldedPhrases",
    "LinkNorms",
    "ask",
]
