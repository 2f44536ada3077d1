"""How far two rankings of the tiles agree: the predicted one and that of the photographs."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, PercentFormatter
from scipy.stats import rankdata

from backend.evaluation.agreement import Rankings, mean_of_known, spearman
from backend.evaluation.figures.style import COLOURS, GREY, INK, Page, say_nothing_there, styled

BINS = 40
LEAST_IN_A_BIN = 12  # tiles on average, so that the picture shows no noise
TIMES = 4.0  # the darkest colours: so many times more, or less, than by chance
DEPTHS = 24
SHALLOWEST = 10
FEW_DECADES = 100  # ends of an axis whose twos and fives are written, too
DASHED = (0, (4, 3))
COLUMNS = 3
# Inches.
PANEL, LEFT, ABOVE, BELOW, BAR = 2.1, 0.72, 0.32, 0.5, 0.08


@dataclass(frozen=True)
class Scores:
    """Cosines (n, p) of every tile with some phrases: as predicted and as photographed."""

    predicted: np.ndarray
    photographed: np.ndarray


@styled
def reliability(scores: Mapping[str, Scores]) -> Figure:
    """Draw precision at K of all heads, then for every head the tiles by their two ranks."""
    panels = len(scores) + 1
    columns, rows = min(panels, COLUMNS), -(-panels // COLUMNS)
    pitch = ABOVE + PANEL + BELOW
    page = Page(columns * (LEFT + PANEL) + 0.85, rows * pitch + 0.2)
    places = [
        (LEFT + k % COLUMNS * (LEFT + PANEL), ABOVE + k // COLUMNS * pitch) for k in range(panels)
    ]
    _precision(page.panel(*places[0], PANEL, PANEL), scores)
    drawn = None
    for (left, top), (head, of) in zip(places[1:], scores.items(), strict=True):
        drawn = _density(page.panel(left, top, PANEL, PANEL), head, of) or drawn
    if drawn is not None:
        left = columns * (LEFT + PANEL) + 0.12
        bar = page.figure.colorbar(drawn, cax=page.panel(left, ABOVE, BAR, PANEL))
        bar.set_ticks([1 / TIMES, 1 / 2, 1, 2, TIMES], labels=["¼", "½", "1", "2", "4"])
        bar.ax.minorticks_off()
        bar.set_label("tiles, times what chance gives")
        bar.outline.set_visible(False)
    page.write(
        LEFT, rows * pitch, "Ranks of all tiles for each phrase, 100 % the highest cosine. "
        "Line: mean photographed rank; dashed: equal ranks.", fontsize=6.5, color=GREY,
    )  # fmt: skip
    return page.figure


def _density(axes: Axes, head: str, scores: Scores) -> QuadMesh | None:
    """Draw tiles by their two ranks, every phrase counted, against independent rankings."""
    axes.set(title=head, xlabel="predicted rank", ylabel="photographed rank")
    n, p = scores.predicted.shape
    if n < 2 or not p:
        say_nothing_there(axes, "too few tiles")
        return None
    rho = mean_of_known(spearman(scores.predicted.T, scores.photographed.T)[None])[0]
    axes.set_title(f"{head}, ρ = {rho:.2f}")
    # Half a rank down, so that ranks 1 to n spread evenly over 0 to 1.
    predicted, photographed = (
        (rankdata(values, axis=0) - 0.5).ravel() / n
        for values in (scores.predicted, scores.photographed)
    )
    bins = int(np.clip((n * p / LEAST_IN_A_BIN) ** 0.5, 2, min(BINS, n)))
    counts, edges, _ = np.histogram2d(predicted, photographed, bins, range=((0, 1), (0, 1)))
    share = counts / (n * p / bins**2)  # by chance every bin holds the same
    mesh = axes.pcolormesh(
        edges, edges, np.maximum(share, 1e-9).T, cmap="PuOr_r", norm=LogNorm(1 / TIMES, TIMES)
    )
    middle, total = (edges[1:] + edges[:-1]) / 2, counts.sum(1)
    mean = np.divide(counts @ middle, total, out=np.full(bins, np.nan), where=total > 0)
    axes.plot((0, 1), (0, 1), color=GREY, linewidth=0.8, linestyle=DASHED)
    axes.plot(middle, mean, color=INK, linewidth=1.2)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
        axis.set_ticks((0, 0.5, 1))
    return mesh


def _precision(axes: Axes, scores: Mapping[str, Scores]) -> None:
    """Draw the mean over phrases of precision at K, and chance."""
    axes.set(title="Overlap of the first K tiles", xlabel="K", ylabel="precision at K")
    most = max((len(of.predicted) for of in scores.values()), default=0)
    if not most:
        say_nothing_there(axes, "no tiles")
        return
    for colour, (head, of) in zip(cycle(COLOURS), scores.items(), strict=False):
        n = len(of.predicted)
        depths = np.unique(np.geomspace(min(SHALLOWEST, n), n, DEPTHS).round().astype(int))
        agreement = Rankings(of.predicted, of.photographed).agreement(np.ones(n), depths.tolist())
        axes.plot(depths, mean_of_known(agreement[:-1]), color=colour, linewidth=1.4, label=head)
    ends = np.array([min(SHALLOWEST, most), most])
    axes.plot(ends, ends / most, color=GREY, linewidth=0.9, linestyle=DASHED, label="chance")
    axes.set(xscale="log", yscale="log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda k, _: f"{k:,.0f}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g} %"))
    for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        axis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < FEW_DECADES * low else (1,)))
        axis.set_minor_formatter(NullFormatter())
    axes.legend(loc="lower right")
