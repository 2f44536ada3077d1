"""Which of several phrases fits each cell best, and by what margin: from the bands of a map.

Cosines with different phrases have scales of their own: over land "a forest" may have 0.83 and
"open water" 0.53, and over a lake 0.78 and 0.66. So each phrase is measured against its own mean
over the map, in its own standard deviations, and the one that stands out the most is the best.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import numpy as np
from osgeo import gdal
from qgis.core import (
    QgsLayerNotesUtils,
    QgsPalettedRasterRenderer,
    QgsProject,
    QgsRasterLayer,
)
from qgis.PyQt.QtGui import QColor

from ..translation import plural, tr
from ..words import cannot_write, decimal
from .file_task import FileTask
from .result import BEST_PROPERTY
from .scene import open_result

LEAST_SPREAD = 1e-6
ROWS = 256
"""Read at a time."""
BEST, MARGIN, OPACITY = 1, 2, 3  # the bands of the file
HEADING = "best here, if any"
"""The description of the first band, which QGIS puts above the legend: layer trees are narrow."""
CLEAR_MARGIN = 0.9
"""The share of the cells whose margin is smaller than the one that is drawn in full colour."""
FAINTEST, FULL = 40.0, 255.0
# Okabe and Ito's colours, which people with any colour vision tell apart.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")


@dataclass(frozen=True)
class BestPhrases:
    """A file of three bands: the number of the best phrase, its margin, and how it is drawn."""

    path: Path
    phrases: list[str]
    shares: list[float]
    """Of the cells with data, of each phrase."""
    margin: float
    """Over the second best phrase, in standard deviations, in the middle one of all cells."""


class BestTask(FileTask):
    """Makes the file beside a map."""

    def __init__(self, source: Path, name: str) -> None:
        target = source.with_name(f"{source.stem}_best.tif")
        super().__init__(tr("Best phrases of {map}", map=name), target)
        self._source = source

    def make(self) -> BestPhrases | None:
        """Write which phrase is the best in each cell."""
        return write_best(self._source, self.target, self.isCanceled)


def write_best(
    source: Path, target: Path, is_cancelled: Callable[[], bool] = lambda: False
) -> BestPhrases | None:
    """Write which band of a map stands out the most in each cell, and by how much.

    Return None where it was cancelled.

    Raises:
        ValueError: a file cannot be read or written; the sentence says which.
    """
    file = gdal.Open(str(source))
    if file is None:
        raise ValueError(tr("{file} cannot be read.", file=source))
    names = [file.GetRasterBand(n + 1).GetDescription() for n in range(file.RasterCount)]
    made = _create(target, file)
    gdal.ErrorReset()
    counts, margins = np.zeros(len(names), np.int64), []
    scales = _scales(file)
    for top, best, margin in _compared(file, scales):
        if is_cancelled():
            return None
        made.GetRasterBand(BEST).WriteArray(best, 0, top)
        made.GetRasterBand(MARGIN).WriteArray(margin, 0, top)
        known = np.isfinite(best)
        counts += np.bincount(best[known].astype(int) - 1, minlength=len(names))
        margins.append(margin[known])
    every = np.concatenate(margins)
    middle, clear = np.quantile(every, (0.5, CLEAR_MARGIN)) if len(every) else (0.0, 1.0)
    for top, _, margin in _compared(file, scales):
        if is_cancelled():
            return None
        share = np.clip(margin / max(float(clear), 1e-6), 0, 1)
        made.GetRasterBand(OPACITY).WriteArray(FAINTEST + (FULL - FAINTEST) * share, 0, top)
    made.FlushCache()
    del made  # what could not be written is told by now, as on a disk that is full
    if gdal.GetLastErrorType() >= gdal.CE_Failure:
        raise ValueError(cannot_write(target, gdal.GetLastErrorMsg()))
    shares = [float(count) / max(1, len(every)) for count in counts]
    return BestPhrases(target, names, shares, float(middle))


def _create(target: Path, like: gdal.Dataset) -> gdal.Dataset:
    """Create a file of three bands on the grid of another one.

    Raises:
        ValueError: it cannot be written.
    """
    size, options = (like.RasterXSize, like.RasterYSize), ["COMPRESS=DEFLATE"]
    made = gdal.GetDriverByName("GTiff").Create(str(target), *size, 3, gdal.GDT_Float32, options)
    if made is None:
        raise ValueError(tr("{file} cannot be written.", file=target))
    made.SetGeoTransform(like.GetGeoTransform())
    made.SetProjection(like.GetProjection())
    for number, name in ((BEST, HEADING), (MARGIN, "margin"), (OPACITY, "opacity")):
        made.GetRasterBand(number).SetDescription(name)
        made.GetRasterBand(number).SetNoDataValue(float("nan"))
    return made


def _strips(file: gdal.Dataset) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Yield the first row, the values of all bands, and where one of them has no data."""
    for top in range(0, file.RasterYSize, ROWS):
        rows = min(ROWS, file.RasterYSize - top)
        values = file.ReadAsArray(0, top, file.RasterXSize, rows).astype(np.float64)
        yield top, values, np.isnan(values).any(axis=0)


def _scales(file: gdal.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean and the standard deviation of each band (q, 1, 1)."""
    count, total, squares = 0, np.zeros(file.RasterCount), np.zeros(file.RasterCount)
    for _, values, unknown in _strips(file):
        known = values[:, ~unknown]
        count += known.shape[1]
        total += known.sum(axis=1)
        squares += (known**2).sum(axis=1)
    mean = total / max(1, count)
    spread = np.sqrt(np.maximum(squares / max(1, count) - mean**2, LEAST_SPREAD**2))
    return mean[:, None, None], spread[:, None, None]


def _compared(
    file: gdal.Dataset, scales: tuple[np.ndarray, np.ndarray]
) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Yield the first row, the number of the best band and its margin, NaN without data."""
    mean, spread = scales
    for top, values, unknown in _strips(file):
        standing = (values - mean) / spread
        standing[:, unknown] = 0
        two = np.partition(standing, -2, axis=0)[-2:]
        best = standing.argmax(axis=0).astype(np.float32) + 1
        margin = (two[1] - two[0]).astype(np.float32)
        best[unknown] = margin[unknown] = np.nan
        yield top, best, margin


def add_best(found: BestPhrases, map_layer: QgsRasterLayer) -> QgsRasterLayer:
    """Add the layer above the map that it was made of, with a legend of phrases and shares.

    Raises:
        ValueError: QGIS cannot read the file.
    """
    scene = map_layer.name().rpartition(" · ")[2]
    layer = open_result(
        found.path,
        plural(
            "best of 1 phrase · {scene}",
            "best of %n phrases · {scene}",
            len(found.phrases),
            scene=scene,
        ),
    )
    classes = [
        QgsPalettedRasterRenderer.Class(number, QColor(_colour(number - 1)), f"{share} {phrase}")
        for number, (phrase, share) in enumerate(
            zip(found.phrases, (f"{decimal(100 * each, 1)} %" for each in found.shares)), 1
        )
    ]
    renderer = QgsPalettedRasterRenderer(layer.dataProvider(), BEST, classes)
    renderer.setAlphaBand(OPACITY)
    layer.setRenderer(renderer)
    layer.setCustomProperty(BEST_PROPERTY, True)
    rows = "".join(f"<li>{escape(each.label)}</li>" for each in classes)
    QgsLayerNotesUtils.setLayerNotes(
        layer,
        f"<p>Made with GLUE-Link of {escape(map_layer.name())}. The phrase that stands out the "
        "most in each cell: each is measured against its own mean over the map, in standard "
        "deviations, since the values of different phrases cannot be compared. Faint where the "
        f"margin over the next phrase is small; band {MARGIN} has it, and its median is "
        f"{found.margin:.1f}. The legend has the share of the cells in which each phrase is the "
        "best. A phrase that is nowhere in the area gets cells all the "
        f"same.</p><ul>{rows}</ul>",
    )
    project = QgsProject.instance()
    node = project.layerTreeRoot().findLayer(map_layer.id())
    group = node.parent() if node is not None else project.layerTreeRoot()
    project.addMapLayer(layer, False)
    group.insertLayer(0, layer).setItemVisibilityChecked(True)
    return layer


def _colour(place: int) -> str:
    """Return a colour of its own for each phrase; beyond the list, hues far from each other."""
    if place < len(COLOURS):
        return COLOURS[place]
    return str(QColor.fromHsvF(place * 0.618 % 1, 0.6, 0.85).name())
