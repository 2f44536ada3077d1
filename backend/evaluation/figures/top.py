"""Figure 2: the tiles that answer a phrase best, radar beside what was seen there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import shorten

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from scipy.ndimage import uniform_filter

from backend.evaluation.figures.style import GREY, INK, Page, say_nothing_there, styled

BEST = 4
# dB at which red (VV), green (VH) and blue (VV − VH) are dark and full.
STRETCH_DB = ((-20.0, -3.0), (-27.0, -10.0), (0.0, 15.0))
LOOKS = 5  # pixels a side whose mean power is shown, to calm the speckle
NO_DATA = 0.85
CHARACTERS = 64  # of a line below a tile
# Inches.
IMAGE, BETWEEN, GAP, MARGIN = 1.3, 0.04, 0.22, 0.2
ABOVE, LINE, BELOW = 0.4, 0.105, 0.28
LEGEND_COLUMNS, LEGEND_LINE = 9, 0.16

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Thumbnail:
    """A tile in pictures and words."""

    db: np.ndarray | None
    """(2, H, W): VV and VH; None without radar."""
    picture: np.ndarray | None
    """(h, w, 3) uint8: what was photographed or simulated there; None without a picture."""
    lines: tuple[str, ...] = ()
    """What stands below both."""


@dataclass(frozen=True)
class Legend:
    """What the pictures beside the radar show."""

    words: str
    """One sentence."""
    colours: Mapping[str, Colour]
    """By name; empty for photographs."""


def best_rows(cosines: np.ndarray) -> np.ndarray:
    """Return the rows of the highest of cosines (n,), the highest first, never NaN."""
    order = np.argsort(-cosines, kind="stable")
    return order[np.isfinite(cosines[order])][:BEST]


def composite(db: np.ndarray) -> np.ndarray:
    """Return VV, VH, VV − VH of dB (2, H, W) as colours (H, W, 3) in 0..1; grey without data."""
    # The mean of the power that is known: sums over a window, divided by the share with data.
    power = uniform_filter(np.nan_to_num(10 ** (db / 10)), (1, LOOKS, LOOKS))
    share = uniform_filter(np.isfinite(db).astype(float), (1, LOOKS, LOOKS))
    with np.errstate(divide="ignore", invalid="ignore"):
        vv, vh = np.where(np.isfinite(db), 10 * np.log10(power / share), np.nan)
    bands = (vv, vh, vv - vh)
    scaled = [(b - low) / (high - low) for b, (low, high) in zip(bands, STRETCH_DB, strict=True)]
    colours = np.clip(np.stack(scaled, axis=-1), 0, 1)
    return np.where(np.isfinite(colours).all(axis=-1, keepdims=True), colours, NO_DATA)


@styled
def top_tiles(
    head: str, best: Mapping[str, Sequence[tuple[float, Thumbnail]]], legend: Legend
) -> Figure:
    """Draw up to four tiles for each phrase, with their cosines; one phrase a row."""
    lines = max((len(shown.lines) for tiles in best.values() for _, shown in tiles), default=0)
    pitch = ABOVE + IMAGE + lines * LINE + BELOW
    width = 2 * MARGIN + BEST * (2 * IMAGE + BETWEEN) + (BEST - 1) * GAP
    foot = 0.25 + -(-len(legend.colours) // LEGEND_COLUMNS) * LEGEND_LINE
    page = Page(width, 0.35 + len(best) * pitch + foot)
    page.write(MARGIN, 0.12, f"{head}: the tiles that fit best", fontsize=9)
    for row, (phrase, tiles) in enumerate(best.items()):
        top = 0.35 + row * pitch
        page.write(MARGIN, top, phrase, fontsize=8.5, fontweight="bold")
        for column, (cosine, thumbnail) in enumerate(tiles):
            left = MARGIN + column * (2 * IMAGE + BETWEEN + GAP)
            words = f"{cosine:.3f}".replace("-", "−")
            page.write(left, top + ABOVE - 0.04, words, va="bottom", fontsize=7.5)
            _draw(page, left, top + ABOVE, thumbnail)
        if not tiles:
            page.write(MARGIN, top + ABOVE, "no tiles", color=GREY)
    bottom = page.size[1] - foot
    red, green, blue = (f"{low:.0f} to {high:.0f} dB".replace("-", "−") for low, high in STRETCH_DB)
    words = f"Radar: VV red ({red}), VH green ({green}), VV − VH blue ({blue}). {legend.words}"
    page.write(MARGIN, bottom, words, fontsize=6.5, color=GREY)
    _draw_legend(page, bottom + 0.16, legend)
    return page.figure


def _draw(page: Page, left: float, top: float, thumbnail: Thumbnail) -> None:
    radar = None if thumbnail.db is None else composite(thumbnail.db)
    pictures = ((radar, "no radar"), (thumbnail.picture, "no picture"))
    for k, (image, otherwise) in enumerate(pictures):
        axes = page.panel(left + k * (IMAGE + BETWEEN), top, IMAGE, IMAGE)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set_visible(False)
        if image is None:
            axes.set_facecolor("#f3f3f3")
            say_nothing_there(axes, otherwise)
        else:
            axes.imshow(image, interpolation="antialiased")
    for k, line in enumerate(thumbnail.lines):
        words = shorten(line, CHARACTERS, placeholder=" …")
        page.write(left, top + IMAGE + 0.05 + k * LINE, words, fontsize=5.5, color=INK)


def _draw_legend(page: Page, top: float, legend: Legend) -> None:
    if not legend.colours:
        return
    across, down = page.size
    page.figure.legend(
        handles=[
            Patch(facecolor=(red / 255, green / 255, blue / 255), label=name)
            for name, (red, green, blue) in legend.colours.items()
        ],
        loc="upper left",
        bbox_to_anchor=(MARGIN / across, 1 - top / down),
        borderaxespad=0,
        borderpad=0,
        ncols=LEGEND_COLUMNS,
        fontsize=6.5,
        handlelength=1,
        handleheight=1,
        columnspacing=1.2,
    )
