"""How an alignment map looks: low cosines let the radar through, high ones glow.

A cosine v shows the colour at t = ((v - low) / (high - low)) ** GAMMA of the palette, as in the
paper's figures. QGIS interpolates between colour stops, so the curve lies in where the stops are.
"""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsBasicNumericFormat,
    QgsColorRampLegendNodeSettings,
    QgsColorRampShader,
    QgsDateTimeRange,
    QgsGradientColorRamp,
    QgsGradientStop,
    QgsRasterLayer,
    QgsRasterShader,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtCore import QDateTime, Qt
from qgis.PyQt.QtGui import QColor

GAMMA = 2.5
STOPS = 24
FAINTEST = 90  # of 255
NOTHING = "nothing like that"

# Position t, red, green, blue, alpha.
PALETTE = (
    (0.00, 20, 11, 53, 0),
    (0.06, 50, 12, 90, 35),
    (0.18, 120, 28, 109, 125),
    (0.32, 187, 55, 84, 195),
    (0.48, 236, 105, 37, 230),
    (0.66, 251, 165, 10, 240),
    (0.84, 248, 214, 70, 245),
    (1.00, 252, 255, 175, 250),
)


def palette_colour(t: float) -> QColor:
    """Return the palette's colour at t in 0..1."""
    for (t0, *low), (t1, *high) in zip(PALETTE, PALETTE[1:]):
        if t <= t1:
            share = (t - t0) / (t1 - t0)
            return QColor(*(round(a + (b - a) * share) for a, b in zip(low, high)))
    return QColor(*PALETTE[-1][1:])


def faint_colour(t: float) -> QColor:
    """Return the grey in which a map is shown that has nothing like its phrase."""
    return QColor(128, 128, 128, round(FAINTEST * t))


def alignment_ramp(is_found: bool = True) -> QgsGradientColorRamp:
    """Return the palette with its stops moved along the gamma curve; grey for nothing found."""
    colour = palette_colour if is_found else faint_colour
    places = [i / STOPS for i in range(1, STOPS)]
    stops = [QgsGradientStop(u, colour(u**GAMMA)) for u in places]
    return QgsGradientColorRamp(colour(0.0), colour(1.0), False, stops)


def style_alignment(
    layer: QgsRasterLayer, band: int, low: float, high: float, is_found: bool = True
) -> None:
    """Show a band of cosines between two of them, with a continuous legend in words and numbers.

    Where nothing like the phrase is there, the best cells do not glow, and the legend says so.
    """
    if not high > low:
        high = low + 1e-6
    shader_function = QgsColorRampShader(low, high, alignment_ramp(is_found))
    shader_function.classifyColorRamp(STOPS + 1, band, layer.extent(), None)
    settings = legend(2)
    settings.setMinimumLabel(f"{low:.2f} least alike")
    settings.setMaximumLabel(f"{high:.2f} {'most alike' if is_found else NOTHING}")
    shader_function.setLegendSettings(settings)
    shader = QgsRasterShader(low, high)
    shader.setRasterShaderFunction(shader_function)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), band, shader)
    # The legend reads these two; the shader's own are not enough.
    renderer.setClassificationMin(low)
    renderer.setClassificationMax(high)
    layer.setRenderer(renderer)


def set_date(layer: QgsRasterLayer, day: str, is_annual: bool) -> None:
    """Give a map the time of its scene: an ISO day, or its year for an annual embedding.

    The range begins and ends a second inside the day: QGIS 3.22 takes the end of a frame, which is
    the next day's first moment, for a part of the frame, and would draw every map a frame early.
    """
    first, last = (f"{day[:4]}-01-01", f"{day[:4]}-12-31") if is_annual else (day[:10], day[:10])
    iso = Qt.DateFormat.ISODate
    begin = QDateTime.fromString(f"{first}T00:00:01Z", iso)
    end = QDateTime.fromString(f"{last}T23:59:59Z", iso)
    if not begin.isValid():
        return
    temporal = layer.temporalProperties()
    temporal.setMode(Qgis.RasterTemporalMode.FixedTemporalRange)
    temporal.setFixedTemporalRange(QgsDateTimeRange(begin, end))
    temporal.setIsActive(True)


def legend(decimals: int) -> QgsColorRampLegendNodeSettings:
    """Return a continuous legend whose ends have this many decimals."""
    numbers = QgsBasicNumericFormat()
    numbers.setNumberDecimalPlaces(decimals)
    numbers.setShowTrailingZeros(True)
    settings = QgsColorRampLegendNodeSettings()
    settings.setNumericFormat(numbers)
    return settings
