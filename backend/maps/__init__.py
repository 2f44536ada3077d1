"""Maps of how well each place of a scene fits each phrase.

inquiry      `Inquiry`: phrases asked of an area, and their answers
examples     `Examples`: cells that count as phrases do, for and against
standing     which phrases stand out in one cell
alignment    `align`: the answers as a map; `estimate`: what that costs
places       the best places, without a map
statistics   the range of a phrase's cosines, counted while they are written
provenance   what a map depends on, kept inside it
geotiff      the file
"""

from backend.maps.alignment import (
    AlignmentResult,
    Estimate,
    align,
    estimate,
    write_map,
)
from backend.maps.examples import Examples
from backend.maps.inquiry import Inquiry
from backend.maps.places import Place, find_places
from backend.maps.statistics import PhraseStatistics
from backend.scenes.area import Area

__all__ = [
    "AlignmentResult",
    "Area",
    "Estimate",
    "Examples",
    "Inquiry",
    "PhraseStatistics",
    "Place",
    "align",
    "estimate",
    "find_places",
    "write_map",
]
