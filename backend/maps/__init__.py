"""Maps: areas to windows, windows to scores, scores to a GeoTIFF."""

from backend.maps.alignment import (
    AlignmentResult,
    Estimate,
    align,
    estimate,
)
from backend.maps.area import Area
from backend.maps.statistics import PhraseStatistics

__all__ = [
    "AlignmentResult",
    "Area",
    "Estimate",
    "PhraseStatistics",
    "align",
    "estimate",
]
