"""One cell of a map: its score, its rank, and what the encoder saw to give it that score."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from qgis.core import QgsPointXY, QgsRasterLayer, QgsRectangle

from .result import PROVENANCE_PROPERTY
from .view import Cells

PIXEL_M = 10
"""Side of a pixel of every scene, as the backend reads it."""


@dataclass(frozen=True)
class Cell:
    """A cell of one band of a map."""

    bounds: QgsRectangle
    """In the CRS of the map."""
    score: float
    percentile: float
    """Per cent of the cells of the map whose score is lower."""
    window: QgsRectangle | None
    """What its score depends on, in the CRS of the map; None where that is not known."""


def cell_at(layer: QgsRasterLayer, cells: Cells, band: int, place: QgsPointXY) -> Cell | None:
    """Return the cell of a map that holds a place in the map's CRS; None where it has no data.

    `cells` are those of the whole band.
    """
    extent, side = layer.extent(), layer.rasterUnitsPerPixelX()
    col = math.floor((place.x() - extent.xMinimum()) / side)
    row = math.floor((extent.yMaximum() - place.y()) / side)
    west, north = extent.xMinimum() + col * side, extent.yMaximum() - row * side
    bounds = QgsRectangle(west, north - side, west + side, north)
    score, known = layer.dataProvider().sample(bounds.center(), band)
    if not known or not math.isfinite(score):
        return None
    provenance = json.loads(layer.customProperty(PROVENANCE_PROPERTY) or "{}")
    percentile = 100 * (1 - cells.share_from(score))
    return Cell(bounds, score, percentile, window_around(bounds, provenance.get("windows")))


def window_around(cell: QgsRectangle, windows: dict[str, Any] | None) -> QgsRectangle | None:
    """Return what the score of a cell depends on, by how the windows of its map lie.

    With windows of exact quality that is the encoder's reach around the cell; else all windows
    that hold the cell, which begin at multiples of a step from the zone's origin. An embedding
    has no reach: it was encoded elsewhere, and what was seen there is not known.
    """
    if windows is None:
        return None
    if windows["quality"] == "exact":
        reach = windows["margin_px"] * PIXEL_M
        return cell.buffered(reach) if reach else None
    side, step = windows["side_px"] * PIXEL_M, windows["step_px"] * PIXEL_M
    west, east = _windows(round(cell.xMinimum()), side, step)
    # Rows are counted from north to south.
    top, bottom = _windows(round(-cell.yMaximum()), side, step)
    return QgsRectangle(west, -bottom, east, -top)


def _windows(start: int, side: int, step: int) -> tuple[int, int]:
    """Return where the first window begins and the last one ends that hold a cell at `start`."""
    return ((start - side) // step + 1) * step, start // step * step + side
