"""One look for all figures: quiet, legible, safe for colour-blind readers."""

from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from backend.io.atomic import atomic
from backend.io.disk import writing

INK, GREY, FAINT = "#222222", "#767676", "#dddddd"
# Okabe and Ito (2008), without black and yellow.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
DPI = 200
# A context, and a decorator of whatever makes or draws text and axes.
styled = matplotlib.rc_context(
    {
        "font.family": "DejaVu Sans",  # comes with matplotlib, Latin, Greek and Cyrillic
        "font.size": 8,
        "axes.titlesize": 8.5,
        "axes.titlepad": 5,
        "axes.labelsize": 8,
        "axes.edgecolor": GREY,
        "axes.linewidth": 0.6,
        "axes.labelcolor": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "text.color": INK,
        "xtick.color": GREY,
        "ytick.color": GREY,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "xtick.labelsize": 7,
        "ytick.labelsize": 7,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "legend.frameon": False,
        "legend.fontsize": 7.5,
    }
)


class Page:
    """A figure on which everything is placed in inches from the upper left corner."""

    def __init__(self, width_in: float, height_in: float) -> None:
        self.size = (width_in, height_in)
        self.figure = Figure(self.size, facecolor="white")

    def panel(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes that fill this rectangle."""
        across, down = self.size
        return self.figure.add_axes(
            (left / across, 1 - (top + height) / down, width / across, height / down)
        )

    def write(self, left: float, top: float, words: str, **style: Any) -> None:
        """Words whose upper left corner is here, unless `style` aligns them otherwise."""
        across, down = self.size
        style = {"ha": "left", "va": "top", **style}
        self.figure.text(left / across, 1 - top / down, words, **style)


def say_nothing_there(axes: Axes, words: str) -> None:
    """Words in the middle of a panel that has nothing to show."""
    axes.set(xticks=[], yticks=[])
    axes.text(0.5, 0.5, words, ha="center", va="center", color=GREY, transform=axes.transAxes)


@styled
def save_figure(figure: Figure, path: Path) -> None:
    """Write `figure` as PNG, whole or not at all.

    Raises:
        DiskFull: the disk has no room for it.
        OutputUnwritable: the file cannot be written.
    """
    with writing(path), atomic(path) as partial:
        figure.savefig(partial, format="png", dpi=DPI, metadata={"Software": None})
