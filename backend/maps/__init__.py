"""Maps: areas to windows, windows to scores, scores to a GeoTIFF."""

from backend.maps.alignment import (
    MAX_PHRASE_LENGTH,
    MAX_PHRASES,
    AlignmentResult,
    Estimate,
    align,
    check_phrases,
    estimate,
)
from backend.maps.area import Area
from backend.maps.statistics import PhraseStatistics

__all__ = [
    "MAX_PHRASES",
    "MAX_PHRASE_LENGTH",
    "AlignmentResult",
    "Area",
    "Estimate",
    "PhraseStatistics",
    "align",
    "check_phrases",
    "estimate",
]
