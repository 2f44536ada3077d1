"""Maps: areas to windows, windows to scores, scores to a GeoTIFF."""

from backend.maps.alignment import (
    AlignmentResult,
    Estimate,
    align,
    estimate,
)
from backend.maps.statistics import PhraseStatistics
from backend.scenes.area import Area

__all__ = [
    "AlignmentResult",
    "Area",
    "Estimate",
    "PhraseStatistics",
    "align",
    "estimate",
]
