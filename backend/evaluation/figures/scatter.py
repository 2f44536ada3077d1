"""Figures 1 and 3: every tile of a survey in its place, coloured by its cosine with a phrase."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.figure import Figure

from backend.evaluation.agreement import spearman
from backend.evaluation.figures.places import Projection, draw_graticule
from backend.evaluation.figures.style import INK, Page, say_nothing_there, styled

GAMMA = 2.5  # the paper's
LOW_PERCENTILE = 2  # as maps are shown in QGIS; below it all look alike
INK_PT2 = 24_000  # what all tiles of a panel cover together, those on one spot counted once
TILE_PT2 = (0.12, 14)  # what one covers at least and at most
SPOTS = 600  # across a panel
MARGIN = 0.04
LEAST_KM = 0.5  # from the middle of a panel to its edges
SHAPES = (0.5, 1.6)  # height by width of a panel, at least and at most
# Grey where nothing fits, darker all the way, so that it also reads without colours.
RAMP = LinearSegmentedColormap.from_list(
    "tiles", ("#dedcd6", "#e5c094", "#df8339", "#bd3a4d", "#66186b", "#140b35")
)
# Inches.
PANEL, GAP = 2.3, 0.2
LEFT, BELOW = 0.35, 0.5  # for the head's name, and for the colour bar
BAR_TOP, BAR = 0.08, 0.06


class Places:
    """Where tiles (n,) lie, in degrees and on paper."""

    def __init__(self, lon: np.ndarray, lat: np.ndarray) -> None:
        self.lon, self.lat = np.asarray(lon, float), np.asarray(lat, float)
        self.projection = Projection.of(self.lon, self.lat)
        self.x, self.y = self.projection.project(self.lon, self.lat)

    def limits(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Return the ends of both axes: the tiles and a margin, in a shape that fits a page."""
        middle, half = [], []
        for values in (self.x, self.y):
            low, high = float(values.min()), float(values.max())
            middle.append((low + high) / 2)
            half.append(max((0.5 + MARGIN) * (high - low), LEAST_KM))
        half[0] = max(half[0], half[1] / SHAPES[1])
        half[1] = max(half[1], half[0] * SHAPES[0])
        ends = [(at - reach, at + reach) for at, reach in zip(middle, half, strict=True)]
        return ends[0], ends[1]

    def tile_area(self) -> float:
        """Return the square points that one tile covers: the fewer spots, the more."""
        (left, right), _ = self.limits()
        places = np.stack([self.x, self.y]) / (right - left) * SPOTS
        spots = np.unique(np.floor(places), axis=1).shape[1]
        return float(np.clip(INK_PT2 / spots, *TILE_PT2))

    def panel_height(self) -> float:
        """Return the height of a panel in inches."""
        if not len(self.x):
            return PANEL
        (left, right), (bottom, top) = self.limits()
        return PANEL * (top - bottom) / (right - left)


@styled
def phrase_scatter(
    places: Places, cosines: Mapping[str, np.ndarray], phrases: Sequence[str]
) -> Figure:
    """Draw one panel per phrase and head.

    `cosines` (n, q) by head are NaN for a tile that it has not seen.
    """
    height, above = places.panel_height(), 0.3
    page = Page(LEFT + len(phrases) * (PANEL + GAP), above + len(cosines) * (height + BELOW))
    for row, (head, values) in enumerate(cosines.items()):
        top = above + row * (height + BELOW)
        page.write(0.1, top + height / 2, head, rotation=90, va="center", fontsize=8.5)
        for column, (phrase, cosine) in enumerate(zip(phrases, values.T, strict=True)):
            left = LEFT + column * (PANEL + GAP)
            axes = _draw(page, left, top, places, cosine)
            if row == 0:
                axes.set_title(phrase)
    return page.figure


@styled
def language_scatter(
    places: Places, cosines: np.ndarray, phrases: Mapping[str, str], head: str
) -> Figure:
    """Draw one panel per language of one phrase: `cosines` (n, q), `phrases` by language.

    The title tells how much the ranking of the tiles agrees with that of the first language.
    """
    columns, above = 3, 0.4
    height = places.panel_height()
    pitch = above + height + BELOW
    rows = -(-len(phrases) // columns)
    page = Page(columns * (PANEL + GAP) + GAP, 0.35 + rows * pitch)
    page.write(GAP, 0.12, f"{head}: one phrase in {len(phrases)} languages", fontsize=9)
    seen = np.isfinite(cosines).all(axis=1)
    first = next(iter(phrases))
    for k, (language, phrase) in enumerate(phrases.items()):
        left = GAP + k % columns * (PANEL + GAP)
        axes = _draw(page, left, 0.35 + above + k // columns * pitch, places, cosines[:, k])
        rho = spearman(cosines[seen, 0][None], cosines[seen, k][None])[0]
        agreement = f" · ρ = {rho:.2f} with {first}" if k and np.isfinite(rho) else ""
        axes.set_title(f"{phrase}\n{language}{agreement}")
    return page.figure


def _draw(page: Page, left: float, top: float, places: Places, cosines: np.ndarray) -> Axes:
    """Draw tiles on a graticule, the best on top, and the colour bar below."""
    height = places.panel_height()
    axes = page.panel(left, top, PANEL, height)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    seen = np.flatnonzero(np.isfinite(cosines))
    if not len(seen):
        say_nothing_there(axes, "no tiles")
        return axes
    order = seen[np.argsort(cosines[seen], kind="stable")]
    low, high = float(np.percentile(cosines[seen], LOW_PERCENTILE)), float(cosines[order[-1]])
    norm = PowerNorm(GAMMA, low, max(high, low + 1e-6), clip=True)
    xlim, ylim = places.limits()
    axes.set(xlim=xlim, ylim=ylim, aspect="equal")
    draw_graticule(axes, places.projection, places.lon, places.lat)
    tiles = axes.scatter(
        places.x[order],
        places.y[order],
        s=places.tile_area(),
        c=cosines[order],
        cmap=RAMP,
        norm=norm,
        linewidths=0,
        gid="tiles",
    )
    _colour_bar(page.panel(left, top + height + BAR_TOP, PANEL, BAR), tiles, norm)
    return axes


def _colour_bar(axes: Axes, tiles: ScalarMappable, norm: PowerNorm) -> None:
    """Draw a bar with the cosines at its ends and in its middle."""
    low, high = float(norm.vmin or 0), float(norm.vmax or 0)
    half = low + 0.5 ** (1 / GAMMA) * (high - low)
    bar = axes.figure.colorbar(tiles, cax=axes, orientation="horizontal", ticks=[low, half, high])
    bar.outline.set_visible(False)
    axes.tick_params(length=2, pad=1.5)
    axes.set_xticklabels([f"{value:.3f}".replace("-", "−") for value in (low, half, high)])
    for label, side in zip(axes.get_xticklabels(), ("left", "center", "right"), strict=True):
        label.set(ha=side, color=INK)
