"""How a map of cosines is looked at: all of it is in the renderer, so nothing is asked anew.

A cosine v shows the colour at t = ((v - low) / (high - low)) ** gamma of the palette, as in the
paper's figures. QGIS interpolates between colour stops, so the curve lies in where the stops are.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

import numpy as np
from qgis.core import (
    Qgis,
    QgsBilinearRasterResampler,
    QgsColorRampShader,
    QgsGradientColorRamp,
    QgsGradientStop,
    QgsProject,
    QgsRasterLayer,
    QgsRasterShader,
    QgsRectangle,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtGui import QColor

from ..translation import tr
from ..words import decimal
from .result import scale_of
from .style import ALIKE, GAMMA, NOTHING, faint_colour, legend, palette_colour

PROPERTY = "gluelink/view"
STOPS = 24
SAMPLE_SIDE = 1000
"""Cells to a side that are looked at, of larger maps evenly spread ones."""
CUT = 1e-6
"""Of the ramp, in which it goes from clear to coloured at a threshold."""
SCENE, VIEW, FIXED, RANK = "scene", "view", "fixed", "rank"


@dataclass(frozen=True)
class MapView:
    """How one band of a map is shown."""

    band: int
    low: float
    """The value with the first colour of the ramp."""
    high: float
    """The value with the last one."""
    words: tuple[str, str] = ALIKE
    """At the ends of the legend."""
    is_found: bool = True
    """False where nothing like the phrase is there: then nothing glows."""
    stretch: str = SCENE
    """SCENE from the 2nd percentile of the map to its maximum, VIEW the same of what is in sight,
    FIXED as stated, RANK by how many cells of the map fit worse."""
    palette: str = "glow"
    gamma: float = GAMMA
    threshold: float | None = None
    """Cells below it are clear; None for all."""
    opacity: float = 1.0
    smooth: bool = False
    per_cent: bool = False
    """Whether values are shares, from 0 to 1, and not cosines."""

    def in_words(self, value: float, decimals: int = 2) -> str:
        """Return a value as people read it: 0.62, or 95 %; with three decimals 0.624, or 95.0 %."""
        if not self.per_cent:
            return decimal(value, decimals)
        share = round(100 * value, 1)
        return f"{decimal(share, 0 if decimals < 3 and share == round(share) else 1)} %"


class Cells:
    """The values of a band, sorted, and how large an area they stand for."""

    def __init__(
        self, layer: QgsRasterLayer, band: int, extent: QgsRectangle | None = None
    ) -> None:
        whole = layer.extent()
        part = whole if extent is None else whole.intersect(extent)
        width = max(1, round(part.width() / layer.rasterUnitsPerPixelX()))
        height = max(1, round(part.height() / layer.rasterUnitsPerPixelY()))
        shown = min(width, SAMPLE_SIDE), min(height, SAMPLE_SIDE)
        block = layer.dataProvider().block(band, part, *shown)
        block.convert(Qgis.DataType.Float32)
        values = np.frombuffer(bytes(block.data()), np.float32)
        self.values = np.sort(values[np.isfinite(values)])
        """Ascending, without cells that have no data."""
        self.km2 = part.width() * part.height() / 1e6 * len(self.values) / max(1, values.size)
        """Of the cells with data, where the CRS is in metres, as that of a map is."""

    @property
    def ends(self) -> tuple[float, float]:
        """The smallest and the largest value."""
        if not len(self.values):
            return 0.0, 1.0
        return float(self.values[0]), max(float(self.values[-1]), float(self.values[0]) + CUT)

    def share_from(self, threshold: float) -> float:
        """Return the share of the cells whose value is the threshold or more."""
        if not len(self.values):
            return 0.0
        below = int(np.searchsorted(self.values, np.float32(threshold)))
        return 1 - below / len(self.values)

    def quantiles(self, shares: list[float]) -> list[float]:
        """Return the values below which these shares of the cells lie."""
        last = len(self.values) - 1
        return [float(self.values[round(share * last)]) for share in shares]

    def histogram(self, low: float, high: float, bars: int) -> list[int]:
        """Return how many cells lie in each of equal steps between two values."""
        counts, _ = np.histogram(self.values, bars, (low, max(high, low + CUT)))
        return [int(count) for count in counts]


def view_of(layer: QgsRasterLayer) -> MapView | None:
    """Return how a layer is shown; None where it is not one of our maps."""
    try:
        kept = json.loads(layer.customProperty(PROPERTY))
        return MapView(**{**kept, "words": tuple(kept["words"])})
    except (KeyError, TypeError, ValueError):
        return None


def show_view(layer: QgsRasterLayer, view: MapView, cells: Cells | None = None) -> None:
    """Show a map so, with a legend in words and numbers, and keep the view with the layer.

    `cells` are those of the whole map, which a rank and the words about a threshold need.
    """
    low, high = view.low, max(view.high, view.low + CUT)
    if view.stretch == RANK and cells is not None and len(cells.values):
        low, high = cells.quantiles([0.0, 1.0])
        high = max(high, low + CUT)
    ramp = ramp_of(view, cells, low, high)
    function = QgsColorRampShader(low, high, ramp)
    function.classifyColorRamp(ramp.count(), view.band, layer.extent(), None)
    settings = legend(2)
    first, last = _labels(view, cells, low, high)
    settings.setMinimumLabel(first)
    settings.setMaximumLabel(last)
    function.setLegendSettings(settings)
    shader = QgsRasterShader(low, high)
    shader.setRasterShaderFunction(function)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), view.band, shader)
    # The legend reads these two; the shader's own are not enough.
    renderer.setClassificationMin(low)
    renderer.setClassificationMax(high)
    renderer.setOpacity(view.opacity)
    layer.setRenderer(renderer)
    layer.resampleFilter().setZoomedInResampler(
        QgsBilinearRasterResampler() if view.smooth else None
    )
    layer.setCustomProperty(PROPERTY, json.dumps(asdict(view)))


def maps_alike(layer: QgsRasterLayer, view: MapView) -> dict[QgsRasterLayer, MapView]:
    """Return all maps of the project that show the same phrase, this one too, with their views."""
    found = {}
    for each in QgsProject.instance().mapLayers().values():
        other = view_of(each) if isinstance(each, QgsRasterLayer) else None
        if other is not None and scale_of(each, other.band) == scale_of(layer, view.band):
            found[each] = other
    return found


def share_view(view: MapView, maps: dict[QgsRasterLayer, MapView]) -> None:
    """Show maps of one phrase alike: as `view` does, in colours that fit the values of them all."""
    cells = {layer: Cells(layer, other.band) for layer, other in maps.items()}
    ends = [stretched(other, cells[layer]) for layer, other in maps.items()]
    low, high = min(each.low for each in ends), max(each.high for each in ends)
    common = replace(view, stretch=FIXED, low=low, high=high)
    for layer, other in maps.items():
        own = replace(common, band=other.band, words=other.words, is_found=other.is_found)
        show_view(layer, own, cells[layer])
        layer.triggerRepaint()


def stretched(view: MapView, cells: Cells) -> MapView:
    """Return the view from the 2nd percentile of these cells to their maximum."""
    if not len(cells.values):
        return view
    low, high = cells.quantiles([0.02, 1.0])
    return replace(view, low=low, high=high)


def ramp_of(view: MapView, cells: Cells | None, low: float, high: float) -> QgsGradientColorRamp:
    """Return the palette as a ramp between two values, clear below the threshold."""
    shares = [i / STOPS for i in range(STOPS + 1)]
    places = shares
    if view.stretch == RANK and cells is not None and len(cells.values):
        places = [(value - low) / (high - low) for value in cells.quantiles(shares)]

    def colour(share: float) -> QColor:
        if not view.is_found:
            return faint_colour(share)
        return palette_colour(share**view.gamma, view.palette)

    stops = [(place, colour(share)) for place, share in zip(places, shares)]
    if view.threshold is not None:
        stops = _cut(stops, (view.threshold - low) / (high - low))
    inner = [QgsGradientStop(place, each) for place, each in stops if 0 < place < 1]
    return QgsGradientColorRamp(stops[0][1], stops[-1][1], False, inner)


def _cut(stops: list[tuple[float, QColor]], at: float) -> list[tuple[float, QColor]]:
    """Return the stops, clear below a place of the ramp."""
    above = [stop for stop in stops if stop[0] >= at]
    if not above:
        return [(place, _clear(each)) for place, each in stops]
    edge = above[0][1]
    below = [(place, _clear(each)) for place, each in stops if place < at - CUT]
    return [*below, (at - CUT, _clear(edge)), (at, edge), *(s for s in above if s[0] > at)]


def _clear(colour: QColor) -> QColor:
    return QColor(colour.red(), colour.green(), colour.blue(), 0)


def _labels(view: MapView, cells: Cells | None, low: float, high: float) -> tuple[str, str]:
    """Return what stands at the lower and the upper end of the legend."""
    first, last = tr(view.words[0]), tr(view.words[1] if view.is_found else NOTHING)
    least, most = view.in_words(low), view.in_words(high)
    if view.stretch == RANK:
        first = tr("{value} 0 % of the cells fit worse", value=least)
        last = tr("{value} 100 % of them do", value=most)
    else:
        first, last = f"{least} {first}", f"{most} {last}"
    if view.threshold is not None and cells is not None:
        share = decimal(100 * cells.share_from(view.threshold), 1)
        threshold = view.in_words(view.threshold)
        first += tr("; shown from {threshold} ({share} %)", threshold=threshold, share=share)
    return first, last
