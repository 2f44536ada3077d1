"""Draw a part of a survey that looks like all of it, for a first head in an evening."""

import hashlib

import numpy as np

from backend.errors import ConfigInvalid
from backend.survey.points import SurveyPoints


def sample_points(points: SurveyPoints, size: int) -> SurveyPoints:
    """Draw `size` points; every class of every region, and so every split, keeps its share.

    Shares are as exact as entire points allow; rare strata are drawn by chance. The same points
    give the same sample, and a larger sample holds the smaller ones, so what was fetched for a
    small survey serves a larger one.

    Raises:
        ConfigInvalid: there are not that many points.
    """
    if not 1 <= size <= len(points):
        raise ConfigInvalid(
            f"A sample of {size:,} points was asked for; the survey has {len(points):,}.",
            f"Choose a number from 1 to {len(points):,}.",
        )
    drawn = np.array([_fraction(name) for name in points.ids])
    strata: dict[tuple[str, int], list[int]] = {}
    for row, stratum in enumerate(zip(points.region, points.land_class.tolist(), strict=True)):
        strata.setdefault(stratum, []).append(row)
    turn = np.empty(len(points))  # the share of its stratum that is drawn before a point is
    for (region, land_class), rows in strata.items():
        order = np.array(rows)[np.argsort(drawn[rows])]
        # Without it the first points of all strata would be drawn before any second one.
        offset = _fraction(f"{region} {land_class}")
        turn[order] = (np.arange(len(rows)) + offset) / len(rows)
    return points.take(np.sort(np.lexsort((drawn, turn))[:size]))


def _fraction(text: str) -> float:
    """Return a number from 0 to 1 that looks random and is always the same for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64
