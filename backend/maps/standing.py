"""Which phrases stand out the most in one cell of an area.

Cosines with different phrases have scales of their own: over land "a forest" may have 0.83 and
"open water" 0.53, and over a lake 0.78 and 0.66. So each phrase is measured against its own mean
over cells of the area, in its own standard deviations, as a map of the best phrase does.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.errors import AreaInvalid
from backend.features.lattice import CellBox
from backend.features.store import stored_blocks
from backend.link import Scorer
from backend.maps.examples import LonLat, cell_at
from backend.maps.inquiry import Inquiry
from backend.progress import Progress, silent

SAMPLE = 4096
"""About so many cells of a large area are compared, evenly spread."""
FEWEST = 64
"""Cells that a mean and a deviation need."""
LEAST_SPREAD = 1e-6


@dataclass(frozen=True)
class Standing:
    """How a phrase stands in one cell."""

    phrase: str
    cosine: float
    standing: float
    """By how many standard deviations the cosine exceeds the phrase's mean over the area."""


def find_standings(inquiry: Inquiry, place: LonLat, progress: Progress = silent) -> list[Standing]:
    """Return all phrases of an inquiry, the one that stands out the most in a cell first.

    `place` is the longitude and latitude of a point in that cell. The inquiry has a store, from
    which cells are taken; those that it lacks are encoded.

    Example:
        inquiry = Inquiry.of(scene, None, phrases, encoder, head, text, store=store)
        print(find_standings(inquiry, (10.38, 48.73))[0].phrase)

    Raises:
        AreaInvalid: the place has no data or lies outside the area, or the area has few cells.
        SceneUnreadable: the scene's file is damaged.
        StoreInvalid: the store cannot be read.
    """
    cell = cell_at(inquiry.scene, inquiry.plan.lattice, place)
    own: list[NDArray[np.float32]] = []
    others: list[NDArray[np.float32]] = []
    if cell is not None:
        for is_own, features in _sampled(inquiry, cell, progress):
            (own if is_own else others).append(features)
    if not own:
        raise AreaInvalid("There is no data of the area at this place.", "Choose another place.")
    count = sum(len(each) for each in others)
    if count < FEWEST:
        raise AreaInvalid(
            f"The area has {count} cells; phrases are compared over {FEWEST} at least.",
            "Ask a larger area.",
        )
    scorer = Scorer(inquiry.head, inquiry.vectors)
    here = scorer.score(own[0])[0].double().cpu().numpy()
    there = scorer.score(np.concatenate(others)).double().cpu().numpy()
    ahead = (here - there.mean(axis=0)) / np.maximum(there.std(axis=0), LEAST_SPREAD)
    order: list[int] = np.argsort(-ahead, kind="stable").tolist()
    return [Standing(inquiry.phrases[i], float(here[i]), float(ahead[i])) for i in order]


def _sampled(
    inquiry: Inquiry, own: CellBox, progress: Progress
) -> Iterator[tuple[bool, NDArray[np.float32]]]:
    """Yield features (n, d) of evenly spread cells, and of a cell of one's own with True."""
    plan, scene, store = inquiry.plan, inquiry.scene, inquiry.store
    assert store is not None
    step = math.ceil(math.sqrt(plan.cell_count / SAMPLE))
    array = store.array_for(scene, inquiry.encoder.spec, plan.lattice)
    for block in stored_blocks(array, scene, plan, inquiry.encoder, progress):
        cells = block.cells
        known = block.valid & plan.requested(cells)
        features = block.features
        inside = own.intersection(cells)
        if not inside.empty and known[inside.within(cells)].all():
            yield True, features[inside.within(cells)].reshape(1, -1)
        spread = np.zeros_like(known)
        spread[-cells.row0 % step :: step, -cells.col0 % step :: step] = True
        yield False, features[known & spread]
