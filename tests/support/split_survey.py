"""Planted surveys of any size, with points in any splits."""

from pathlib import Path

from backend.encoders import EncoderSpec
from backend.link import WEDGES, LinkHead, Pooling
from backend.survey import Survey
from backend.survey.points import Point, gather_points
from backend.text import TextSpace
from tests.support.planted_survey import Planted

SPACE = TextSpace("planted", "1", 48)
REGION = 8  # points that lie side by side


def plant_survey(
    path: Path,
    spec: EncoderSpec,
    points: int = 400,
    splits: tuple[int, ...] = (0, 0, 0, 1, 2),
    pooling: Pooling = WEDGES,
) -> tuple[Survey, LinkHead]:
    """A survey at `path` and its planted head; `splits` are given to its regions in turn."""
    places = gather_points(
        Point(
            id=f"p{k:05}",
            lon=k / 100,
            lat=50.0,
            date=None,
            region=f"r{k // REGION}",
            land_class=-1,
            views=("n.jpg", "e.jpg", "s.jpg", "w.jpg"),
            split=splits[k // REGION % len(splits)],
        )
        for k in range(points)
    )
    planted = Planted(path, places, spec, {"words": SPACE}, pooling)
    return planted.survey, planted.heads["words"]
