"""The figures of one head, as they stand in Tables 1 and 2."""

import math
from dataclasses import dataclass

from backend.evaluation.bootstrap import Figure


@dataclass(frozen=True)
class ZeroShot:
    """Land cover answered by the class prompt with the highest cosine."""

    by_class: dict[str, Figure]
    """Accuracy by LUCAS letter; NaN for a class without tiles."""
    confusion: tuple[tuple[int, ...], ...]
    """Numbers of tiles by true class, then by answered class."""


@dataclass(frozen=True)
class PhraseAgreement:
    """Retrieval agreement of one phrase."""

    phrase: int
    """Its row in the vocabulary."""
    precision: dict[int, float]
    """P@K by depth."""
    rho: float


@dataclass(frozen=True)
class Evaluation:
    """Every figure of one head on one split.

    Example:
        evaluation = evaluate_head(head, pooled, photos, vocabulary=…, categories=…)
        print(evaluation["caption_rho"].value, evaluation["caption_rho"].low)
    """

    tiles: int
    """How many tiles have a photograph."""
    views: int
    """How many photographs they have."""
    figures: dict[str, Figure]
    """What was measured, by the key of its metric."""
    zero_shot: ZeroShot | None
    """Answers by class; None without classes or prompts."""
    by_category: dict[str, Figure]
    """Caption agreement over the phrases of each category."""
    by_phrase: tuple[PhraseAgreement, ...]
    """Retrieval agreement of each phrase that ranks all tiles."""

    def __getitem__(self, metric: str) -> Figure:
        """Return the figure of a metric by its key; NaN where it was not measured."""
        return self.figures.get(metric, Figure(math.nan))
