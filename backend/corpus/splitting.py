"""Divide chips into train, validation and test by place.

Chips side by side look alike, and chips of several dates show the same ground: drawn one by one, a
test would hold what training has seen. So the earth is divided into squares, each square is in one
split, and a chip whose ground reaches into a chip of another split is left out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from backend.corpus.files import Corpus
from backend.corpus.records import Chip
from backend.corpus.screening import left_out
from backend.errors import CorpusInvalid
from backend.survey.points import SPLITS, UNKNOWN, SurveyPoints
from backend.survey.split import split_points

SIZES = (80.0, 10.0, 10.0)
SQUARE_KM = 20.0
KM_OF_DEGREE = 111.32
_INSIDE = 0.01
"""Chips that share a smaller part of a side than this touch; they do not overlap."""


@dataclass(frozen=True)
class SplitReport:
    """How chips were divided."""

    chips: dict[str, int]
    """Chips by split."""
    squares: dict[str, int]
    """Squares by split."""
    left_out: int
    """Chips whose ground reaches into that of another split."""
    screened: int
    """Chips that the screen had left out before."""


def split_corpus(
    corpus: Corpus, sizes: Sequence[float] = SIZES, square_km: float = SQUARE_KM
) -> SplitReport:
    """Divide the chips of a corpus by place and write splits.json.

    Raises:
        CorpusInvalid: a chip has no place, or they lie in fewer than three squares.
        ConfigInvalid: a size is not positive.
    """
    screened = left_out(corpus)
    chips = [chip for chip in corpus.chips() if chip.name not in screened]
    points = chip_points(chips, square_km)
    if (count := len(np.unique(points.region))) < len(SPLITS):
        raise CorpusInvalid(
            f"The chips of {corpus.folder} lie in {count} square{'s' * (count != 1)} of "
            f"{square_km:g} km; expected at least {len(SPLITS)}, one for each split.",
            "Give smaller squares (--square-km), or cut chips from more scenes.",
        )
    split = split_points(points, sizes, f"the corpus {corpus.about.name}").split
    assert split is not None
    apart = ~_reaches_another(chips, split)
    names = {
        name: [chips[k].name for k in np.flatnonzero(apart & (split == number))]
        for number, name in enumerate(SPLITS)
    }
    made = {
        "by": "place",
        "square_km": square_km,
        "sizes": list(sizes),
        "left_out": [chips[k].name for k in np.flatnonzero(~apart)],
    }
    corpus.write_splits(names, made)
    squares = {
        name: len(np.unique(points.region[split == number])) for number, name in enumerate(SPLITS)
    }
    counts = {name: len(one) for name, one in names.items()}
    return SplitReport(counts, squares, int((~apart).sum()), len(screened))


def chip_points(
    chips: Sequence[Chip], square_km: float = SQUARE_KM, split: Sequence[int] | None = None
) -> SurveyPoints:
    """Return chips as points of a survey: their centres, with the square of each as its region.

    The points stand in the order of the chips; `split` says of each which split it is in.

    Raises:
        CorpusInvalid: a chip has no place.
    """
    centres = []
    for chip in chips:
        if chip.ground is None:
            raise CorpusInvalid(
                f"The chip {chip.name} has no map coordinates, so its place is not known.",
                "Keep the split that the corpus was published with, or use chips with a CRS.",
            )
        centres.append(chip.ground.centre)
    count, text = len(chips), np.dtypes.StringDType()
    lon, lat = np.array(centres, float).reshape(-1, 2).T
    return SurveyPoints(
        ids=np.array([chip.name for chip in chips], text),
        lon=lon,
        lat=lat,
        date=np.array([chip.date for chip in chips], "datetime64[D]"),
        region=np.array([_square(*centre, square_km) for centre in centres], text),
        land_class=np.full(count, UNKNOWN, np.int8),
        views=np.full((count, 4), "", text),
        undirected=np.array([chip.file for chip in chips], text),
        split=None if split is None else np.array(split, np.uint8),
    )


def _square(longitude: float, latitude: float, side_km: float) -> str:
    """Return the name of the square around a place; squares of a row are equally wide."""
    row = math.floor(latitude * KM_OF_DEGREE / side_km)
    middle = math.radians(min(abs((row + 0.5) * side_km / KM_OF_DEGREE), 89.0))
    column = math.floor(longitude * KM_OF_DEGREE * math.cos(middle) / side_km)
    return f"square {row} {column}"


def _reaches_another(chips: Sequence[Chip], split: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return which chips (n,) to leave out so that no ground is in two splits.

    Of two chips that overlap the one in training goes, or the one in validation.
    """
    outlines = shapely.polygons([chip.ground.corners for chip in chips if chip.ground])
    narrower = shapely.buffer(outlines, -_INSIDE * np.sqrt(shapely.area(outlines)))
    one, other = shapely.STRtree(narrower).query(narrower, predicate="intersects")
    crossing = split[one] < split[other]  # train is 0, validation 1, test 2
    reaches = np.zeros(len(chips), bool)
    reaches[one[crossing]] = True
    return reaches
