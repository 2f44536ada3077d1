"""Where points lie on paper: true to area over Europe, true to shape near the middle elsewhere."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from pyproj import Transformer

from backend.evaluation.figures.style import FAINT, GREY

# West, south, east, north of the area that EPSG:3035 (ETRS89, Lambert, equal area) is meant for.
EUROPE = (-35.58, 24.6, 44.83, 84.73)
DEGREE_KM = 111.32
STEPS_DEG = (30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
SAMPLES = 200
LABEL = 0.05  # height of a label by that of the panel


@dataclass(frozen=True)
class Projection:
    """From degrees to kilometres east and north."""

    europe: bool
    """Whether it is that of EPSG:3035, or a plain one around the middle."""
    lon: float
    """Of the middle, like `lat`."""
    lat: float

    @classmethod
    def of(cls, lon: np.ndarray, lat: np.ndarray) -> "Projection":
        """Return the projection for points (n,) in degrees."""
        if not len(lon):
            return cls(True, 10.0, 52.0)
        west, south, east, north = EUROPE
        inside = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
        middle = ((lon.min() + lon.max()) / 2, (lat.min() + lat.max()) / 2)
        return cls(bool(inside.all()), *map(float, middle))

    def project(self, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return kilometres east (n,) and north (n,) of points in degrees."""
        if self.europe:
            east, north = _to_europe().transform(lon, lat)
            return np.asarray(east) / 1000, np.asarray(north) / 1000
        across = np.cos(np.radians(self.lat)) * DEGREE_KM
        return (np.asarray(lon) - self.lon) * across, np.asarray(lat) * DEGREE_KM


@cache
def _to_europe() -> Transformer:
    return Transformer.from_crs("EPSG:4326", "EPSG:3035", always_xy=True)


def draw_graticule(axes: Axes, projection: Projection, lon: np.ndarray, lat: np.ndarray) -> None:
    """Draw faint meridians and parallels behind points (n,), with their degrees along the edges.

    They stand for coast lines, which no dependency has. The limits of `axes` must be set.
    """
    # At least two lines lie among the points.
    span = max(np.ptp(lon), np.ptp(lat))
    step = next((step for step in STEPS_DEG if span >= 3 * step), STEPS_DEG[-1])
    left, right = axes.get_xlim()
    bottom, top = axes.get_ylim()
    beyond = max(float(np.ptp(lon)), float(np.ptp(lat)), 3 * step)  # lines bend out of the panel
    west, east = lon.min() - beyond, lon.max() + beyond
    south, north = max(lat.min() - beyond, -89), min(lat.max() + beyond, 89)
    for parallel in _multiples(south, north, step):
        x, y = projection.project(np.linspace(west, east, SAMPLES), np.full(SAMPLES, parallel))
        axes.plot(x, y, color=FAINT, linewidth=0.5, zorder=0)
        height = float(np.interp(left, x, y))
        if bottom < height < top - LABEL * (top - bottom):
            _label(axes, _degrees(parallel, "N", "S"), (left, height))
    for meridian in _multiples(west, east, step):
        x, y = projection.project(np.full(SAMPLES, meridian), np.linspace(south, north, SAMPLES))
        axes.plot(x, y, color=FAINT, linewidth=0.5, zorder=0)
        place = float(np.interp(bottom, y, x))
        if left < place < right - 2 * LABEL * (right - left):
            _label(axes, _degrees(meridian, "E", "W"), (place, bottom))
    axes.set_xlim(left, right)
    axes.set_ylim(bottom, top)


def _label(axes: Axes, words: str, place: tuple[float, float]) -> None:
    """Write degrees above the tiles, legible on any of them."""
    halo = [withStroke(linewidth=2, foreground="white")]
    axes.annotate(
        words, place, (2, 1.5), textcoords="offset points", fontsize=5.5, color=GREY,
        path_effects=halo,
    )  # fmt: skip


def _multiples(low: float, high: float, step: float) -> np.ndarray:
    return np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step


def _degrees(value: float, positive: str, negative: str) -> str:
    side = positive if value > 0 else negative if value < 0 else ""
    return f"{abs(value):g}°{side}"
