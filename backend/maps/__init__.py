"""Maps of how well each place of a scene fits each phrase.

alignment    `align`: encode an area, score it, write it; `estimate`: what that costs
statistics   the range of a phrase's cosines, counted while they are written
provenance   what a map depends on, kept inside it
geotiff      the file
"""

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
