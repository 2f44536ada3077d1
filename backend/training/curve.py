"""The learning curve of a run, as a table and as a picture."""

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import astuple, fields

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from backend.evaluation.figures.style import COLOURS, GREY, INK, Page, styled
from backend.link import HeadMeta
from backend.link.adamw import Epoch

# Inches.
WIDTH, PANEL, RATE = 6.0, 2.5, 0.6
LEFT, RIGHT, ABOVE, BETWEEN, BELOW = 0.85, 1.55, 0.42, 0.18, 0.45


def curve_as_csv(curve: Sequence[Epoch]) -> str:
    """A row for every epoch; an empty field where there is no validation."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(field.name for field in fields(Epoch))
    for epoch in curve:
        values = (f"{v:.6g}" if isinstance(v, float) else v for v in astuple(epoch))
        writer.writerow("" if value == "nan" else value for value in values)
    return file.getvalue()


@styled
def draw_curve(meta: HeadMeta, curve: Sequence[Epoch]) -> Figure:
    """Mean cosine with the photographs by epoch, and the learning rate below it."""
    page = Page(WIDTH, ABOVE + PANEL + BETWEEN + RATE + BELOW)
    width = WIDTH - LEFT - RIGHT
    cosines = page.panel(LEFT, ABOVE, width, PANEL)
    rate = page.panel(LEFT, ABOVE + PANEL + BETWEEN, width, RATE)
    page.write(LEFT, 0.12, meta.title, fontsize=8.5)
    _draw_cosines(cosines, meta, curve)
    epochs = [epoch.epoch for epoch in curve]
    rate.plot(epochs, [epoch.learning_rate for epoch in curve], color=GREY, lw=1, marker=".", ms=3)
    rate.set(xlabel="epoch", ylabel="learning\nrate", ylim=(0, None))
    rate.yaxis.set_major_formatter("{x:g}")
    for axes in (cosines, rate):
        axes.set_xlim(0.5, max(epochs) + 0.5)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    cosines.tick_params(labelbottom=False)
    return page.figure


def _draw_cosines(axes: Axes, meta: HeadMeta, curve: Sequence[Epoch]) -> None:
    """Every line has its name at its right end, so that no legend is needed."""
    epochs = [epoch.epoch for epoch in curve]
    training = [1 - epoch.train_loss for epoch in curve]
    by_tile = meta.training["recipe"]["supervision"] == "tile"
    ends = {"training, tiles" if by_tile else "training": (training[-1], COLOURS[0])}
    axes.plot(epochs, training, color=COLOURS[0], lw=1.3, marker=".", ms=4)
    validation = [epoch.validation_cosine for epoch in curve]
    if not math.isnan(validation[-1]):
        axes.plot(epochs, validation, color=COLOURS[1], lw=1.3, marker=".", ms=4)
        ends["validation"] = (validation[-1], COLOURS[1])
        best = max(range(len(curve)), key=validation.__getitem__)
        kept = epochs[best], validation[best]
        axes.plot(*kept, "o", ms=8, mfc="none", mec=COLOURS[1], mew=1)
        axes.annotate(
            f"kept: {validation[best]:.3f}",
            kept,
            (0, -9),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=7,
            color=COLOURS[1],
        )
    mean = meta.scores.get("validation_cosine_of_mean")
    if mean is not None:
        axes.axhline(mean, color=GREY, lw=0.8, ls=(0, (4, 3)))
        ends["mean photograph"] = (mean, GREY)
    axes.set_ylabel("mean cosine with the photographs")
    _name_ends(axes, ends)


def _name_ends(axes: Axes, ends: dict[str, tuple[float, str]]) -> None:
    """Names to the right of the lines, pushed apart where they would overlap."""
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
