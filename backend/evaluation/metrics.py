"""The metrics: every column of Tables 1 and 2, as text, CSV, JSON and LaTeX.

To add one, add an entry to METRICS, and every table has it. A quantity that `Scores` does not have
yet begins in scores.py. The tables by class and by category show `top1` and `caption_rho` alone.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from backend.evaluation.results import Figure
from backend.evaluation.scores import DEPTHS, Scores
from backend.text.vocabulary import LUCAS_CLASSES

NONE = "–"  # what stands where there is nothing to measure


def unknown(tiles: int) -> float:
    """Return NaN, for a metric of which no value is expected by chance."""
    return math.nan


@dataclass(frozen=True)
class Metric:
    """How one figure of a head is computed, named and printed.

    Example:
        Metric(
            "views_of_a_tile",
            "Views",
            lambda scores: Figure(float(scores.tiles.views.mean())),
            path=("retrieval", "views"),
        )
    """

    key: str
    """Its name in CSV files and in `Evaluation.figures`."""
    heading: str
    """What stands over its column on screen."""
    figure: Callable[[Scores], Figure | None]
    """Its value and interval for a head's scores; None where it cannot be measured."""
    latex: str = ""
    """What stands over its column in LaTeX; the heading when empty."""
    path: tuple[str, ...] = ()
    """Where it stands among a head's figures in JSON, where nothing else may stand; under its key
    when empty."""
    chance: Callable[[int], float] = unknown
    """The value expected by chance, on so many tiles."""
    percent: bool = False
    """Whether it is printed in percent; files hold shares."""

    def show(self, value: float) -> str:
        """Return the value as printed, a dash where there is none."""
        if math.isnan(value):
            return NONE
        return f"{100 * value:.1f}" if self.percent else f"{value:.3f}"

    def show_half_width(self, figure: Figure) -> str:
        """Return half the width of the interval as printed; empty where there is none."""
        return "" if math.isnan(figure.low) else f"±{self.show((figure.high - figure.low) / 2)}"


def precision_by_chance(depth: int, tiles: int) -> float:
    """Return P@K of a random ranking: K/N; NaN for fewer than K tiles."""
    return depth / tiles if depth <= tiles else math.nan


METRICS = (
    Metric("validation_cosine", "Val", lambda scores: scores.validation_cosine),
    Metric("test_cosine", "Test", lambda scores: scores.test_cosine),
    Metric(
        "top1",
        "Top-1 %",
        lambda scores: scores.accuracy[0] if scores.accuracy else None,
        latex=r"Top-1 \%",
        path=("zero_shot", "top1"),
        chance=lambda tiles: 1 / len(LUCAS_CLASSES),
        percent=True,
    ),
    Metric(
        "caption_rho",
        "ρ caption",
        lambda scores: scores.caption_rho[0],
        latex=r"$\rho$ caption",
        path=("caption", "rho"),
        chance=lambda tiles: 0.0,
    ),
    *(
        Metric(
            f"precision_at_{depth}",
            f"P@{depth}",
            lambda scores, k=k: scores.retrieval[k],  # type: ignore[misc]
            path=("retrieval", "precision", str(depth)),
            chance=partial(precision_by_chance, depth),
        )
        for k, depth in enumerate(DEPTHS)
    ),
    Metric(
        "retrieval_rho",
        "ρ retrieval",
        lambda scores: scores.retrieval[-1],
        latex=r"$\rho$ retrieval",
        path=("retrieval", "rho"),
        chance=lambda tiles: 0.0,
    ),
)


def metric(key: str) -> Metric:
    """Return the metric of this key."""
    return next(metric for metric in METRICS if metric.key == key)
