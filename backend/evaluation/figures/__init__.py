"""The figures: arrays in, a matplotlib Figure out, nothing of windows or screens."""

from backend.evaluation.figures.reliability import Scores, reliability
from backend.evaluation.figures.scatter import Places, language_scatter, phrase_scatter
from backend.evaluation.figures.style import save_figure
from backend.evaluation.figures.top import Legend, Thumbnail, best_rows, top_tiles

__all__ = [
    "Legend",
    "Places",
    "Scores",
    "Thumbnail",
    "best_rows",
    "language_scatter",
    "phrase_scatter",
    "reliability",
    "save_figure",
    "top_tiles",
]
