"""The learning curve of a run as a picture."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from backend.evaluation.figures.style import COLOURS, GREY, INK, Page, styled
from backend.training.curve import Chart

# Inches.
WIDTH, PANEL, RATE = 6.0, 2.5, 0.6
LEFT, RIGHT, ABOVE, BETWEEN, BELOW = 0.85, 1.55, 0.42, 0.18, 0.45


@styled
def draw_curve(chart: Chart) -> Figure:
    """Draw the lines of a chart by epoch, and the learning rate below them."""
    page = Page(WIDTH, ABOVE + PANEL + BETWEEN + RATE + BELOW)
    width = WIDTH - LEFT - RIGHT
    lines = page.panel(LEFT, ABOVE, width, PANEL)
    rate = page.panel(LEFT, ABOVE + PANEL + BETWEEN, width, RATE)
    page.write(LEFT, 0.12, chart.title, fontsize=8.5)
    epochs = range(1, len(chart.learning_rates) + 1)
    _draw_lines(lines, chart, epochs)
    rate.plot(epochs, chart.learning_rates, color=GREY, lw=1, marker=".", ms=3)
    rate.set(xlabel="epoch", ylabel="learning\nrate", ylim=(0, None))
    rate.yaxis.set_major_formatter("{x:g}")
    for axes in (lines, rate):
        axes.set_xlim(0.5, len(epochs) + 0.5)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    lines.tick_params(labelbottom=False)
    return page.figure


def _draw_lines(axes: Axes, chart: Chart, epochs: Sequence[int]) -> None:
    """Draw every line with its name at its right end, so that no legend is needed."""
    ends = {}
    for colour, (name, values) in zip(COLOURS, chart.lines.items(), strict=False):
        axes.plot(epochs, values, color=colour, lw=1.3, marker=".", ms=4)
        ends[name] = (values[-1], colour)
    if chart.kept is not None:
        kept = epochs[chart.kept], values[chart.kept]
        axes.plot(*kept, "o", ms=8, mfc="none", mec=colour, mew=1)
        axes.annotate(
            f"kept: {kept[1]:.3f}",
            kept,
            (0, -9),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=7,
            color=colour,
        )
    if chart.level is not None:
        name, value = chart.level
        axes.axhline(value, color=GREY, lw=0.8, ls=(0, (4, 3)))
        ends[name] = (value, GREY)
    axes.set_ylabel(chart.quantity)
    _name_ends(axes, ends)


def _name_ends(axes: Axes, ends: dict[str, tuple[float, str]]) -> None:
    """Write names to the right of the lines, pushed apart where they would overlap."""
    low, high = axes.get_ylim()
    line_height = (high - low) * 0.06
    below = -math.inf
    for name, (value, colour) in sorted(ends.items(), key=lambda end: end[1][0]):
        below = max(value, below + line_height)
        axes.annotate(
            f"{name} {value:.3f}",
            (1, below),
            xycoords=axes.get_yaxis_transform(),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=7.5,
            color=INK if colour == GREY else colour,
        )
