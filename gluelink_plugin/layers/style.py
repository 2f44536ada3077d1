"""What maps and their legends share: palettes whose low values are clear, and dates."""

from __future__ import annotations

from qgis.core import (
    Qgis,
    QgsBasicNumericFormat,
    QgsColorRampLegendNodeSettings,
    QgsDateTimeRange,
    QgsRasterLayer,
)
from qgis.PyQt.QtCore import QDateTime, Qt
from qgis.PyQt.QtGui import QColor

from ..translation import mark

GAMMA = 2.5
FAINTEST = 90  # of 255
ALIKE = (mark("least alike"), mark("most alike"))
AMONG_WORDS = (mark("or fewer"), mark("of words fit worse"))
NOTHING = mark("nothing like that")

# Position t, red, green, blue, alpha.
GLOW = (
    (0.00, 20, 11, 53, 0),
    (0.06, 50, 12, 90, 35),
    (0.18, 120, 28, 109, 125),
    (0.32, 187, 55, 84, 195),
    (0.48, 236, 105, 37, 230),
    (0.66, 251, 165, 10, 240),
    (0.84, 248, 214, 70, 245),
    (1.00, 252, 255, 175, 250),
)
VIRIDIS = (
    (0.00, 68, 1, 84, 0),
    (0.10, 70, 24, 99, 90),
    (0.25, 59, 82, 139, 190),
    (0.50, 33, 144, 141, 230),
    (0.75, 93, 201, 99, 245),
    (1.00, 253, 231, 37, 250),
)
BLUE = (
    (0.00, 8, 48, 107, 0),
    (0.20, 8, 81, 156, 120),
    (0.60, 66, 146, 198, 220),
    (1.00, 222, 245, 255, 250),
)
GREY = ((0.00, 0, 0, 0, 255), (1.00, 255, 255, 255, 255))
PALETTES = {"glow": GLOW, "viridis": VIRIDIS, "blue": BLUE, "grey": GREY}


def palette_colour(t: float, palette: str = "glow") -> QColor:
    """Return a palette's colour at t in 0..1."""
    stops = PALETTES.get(palette, GLOW)
    for (t0, *low), (t1, *high) in zip(stops, stops[1:]):
        if t <= t1:
            share = (t - t0) / (t1 - t0)
            return QColor(*(round(a + (b - a) * share) for a, b in zip(low, high)))
    return QColor(*stops[-1][1:])


def faint_colour(t: float) -> QColor:
    """Return the grey in which a map is shown that has nothing like its phrase."""
    return QColor(128, 128, 128, round(FAINTEST * t))


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
