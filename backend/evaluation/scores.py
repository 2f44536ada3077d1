"""The scores of all tiles of one head, which every metric is computed from."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from backend.evaluation.agreement import Rankings, mean_of_known
from backend.evaluation.results import Figure, figure, mean_figures
from backend.progress import Progress, silent
from backend.text.vocabulary import LUCAS_CLASSES

DEPTHS = (100, 500)


class TileScores(NamedTuple):
    """One row for each of k tiles."""

    rows: np.ndarray
    """Its row among the tiles of the split."""
    views: np.ndarray
    """How many photographs it has."""
    cosine: np.ndarray
    """The mean cosine of its predicted views and their photographs; NaN for a reference."""
    rho: np.ndarray
    """(k, 1 + categories): Spearman's rho over all phrases, then over those of each category."""
    predicted: np.ndarray
    """(k, p): scores of the phrases that rank all tiles."""
    photographed: np.ndarray
    """(k, p): the same of its photographs."""
    answer: np.ndarray
    """The class of the highest prompt; -1 without prompts."""


@dataclass(frozen=True)
class Scores:
    """Scores of k tiles, and figures that several metrics share."""

    tiles: TileScores
    counts: np.ndarray
    """(1 + resamples, k): how often each tile counts; the first row is the survey itself."""
    classes: np.ndarray | None = None
    """The class of each tile of the split, -1 where it is not known."""
    validation_cosine: Figure | None = None
    progress: Progress = silent

    @cached_property
    def test_cosine(self) -> Figure:
        """The mean cosine over views."""
        return mean_cosine(self.tiles.cosine, self.tiles.views, self.counts)

    @cached_property
    def true_classes(self) -> np.ndarray | None:
        """The class (k,) of each tile; None where classes or prompts are missing."""
        if self.classes is None or (self.tiles.answer < 0).any():
            return None
        return self.classes[self.tiles.rows]

    @cached_property
    def accuracy(self) -> list[Figure]:
        """Share of tiles that get their class as the answer: of all, then of every class."""
        true = self.true_classes
        if true is None:
            return []
        right = np.where(true >= 0, (true == self.tiles.answer).astype(float), np.nan)
        has_class = true[:, None] == np.arange(len(LUCAS_CLASSES))
        by_class = np.where(has_class, right[:, None], np.nan)
        return mean_figures(np.column_stack([right, by_class]), self.counts)

    @cached_property
    def caption_rho(self) -> list[Figure]:
        """Caption agreement: over all phrases, then over those of every category."""
        return mean_figures(self.tiles.rho, self.counts)

    @cached_property
    def retrieval(self) -> list[Figure]:
        """Retrieval agreement: P@K of every depth, then rho; means over phrases."""
        means = np.empty((len(self.counts), len(DEPTHS) + 1))
        for row, drawn in enumerate(self.counts):
            self.progress("ranking tiles", row, len(self.counts))
            means[row] = mean_of_known(self._rankings.agreement(drawn, DEPTHS))
        self.progress("ranking tiles", len(self.counts), len(self.counts))
        return [figure(column) for column in means.T]

    @cached_property
    def retrieval_by_phrase(self) -> np.ndarray:
        """P@K of every depth, then rho, of each phrase (p, depths + 1)."""
        return self._rankings.agreement(self.counts[0], DEPTHS).T

    @cached_property
    def _rankings(self) -> Rankings:
        return Rankings(self.tiles.predicted, self.tiles.photographed)


def mean_cosine(cosine: np.ndarray, views: np.ndarray, counts: np.ndarray) -> Figure:
    """Return the mean over views of cosines (k,) of tiles.

    Intervals draw tiles, since the views of one tile are alike.
    """
    return mean_figures(cosine[:, None], counts, views[:, None])[0]
