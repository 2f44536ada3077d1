"""Leave out chips that teach nothing: without data, blank, saturated, speckle alone, and odd ones.

Four rules decide by themselves. Every other chip is compared with the rest by its features, scaled
by their median and median deviation: it is out when its mean distance to 15 neighbours is above
97.5 % of all. With chips that somebody called good or bad, the majority of 15 labelled neighbours
decides instead.
Source: Yang et al., SAR-KnowLIP (2025) name GLCM, statistics and nearest neighbours and state no
numbers; the numbers are ours.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from backend.corpus.files import SCREEN, Corpus
from backend.corpus.lines import read_table, write_lines
from backend.corpus.pixels import read_vv
from backend.corpus.texture import FEATURES, describe_texture
from backend.errors import CorpusInvalid
from backend.progress import Progress, silent

NEIGHBOURS = 15
QUANTILE = 0.975
MOST_NODATA = 0.01
MOST_SATURATED = 0.75
LEAST_DEVIATION = 1e-3
LEAST_STRUCTURE = 2.0
"""Speckle alone has 0.8 to 1.2 on chips of 112 pixels; the plainest of 60 real chips had 5.9."""

RULES = (
    ("no data", lambda of: of["nodata"] > MOST_NODATA),
    ("saturated", lambda of: of["saturated"] > MOST_SATURATED),
    ("blank", lambda of: of["deviation"] < LEAST_DEVIATION),
    ("speckle alone", lambda of: of["structure"] < LEAST_STRUCTURE),
)
ODD = "unlike the others"
CALLED_BAD = "like chips that were called bad"

Features = Mapping[str, float]


@dataclass
class ScreenReport:
    """What the screen made of the chips."""

    kept: int = 0
    """Chips that stay."""
    out: Counter[str] = field(default_factory=Counter)
    """Chips that were left out, by reason."""


@dataclass(frozen=True)
class Verdict:
    """What the screen says of one chip."""

    reason: str
    """Why it is out; empty for a chip that stays."""
    distance: float
    """The higher, the odder; infinite where a rule decided, the share of bad ones with labels."""


def screen_corpus(
    corpus: Corpus, labels: Mapping[str, bool] | None = None, progress: Progress = silent
) -> ScreenReport:
    """Measure the chips of a corpus that are not measured yet, and decide on all of them.

    `labels` says of some chips whether they are good. The result is screen.jsonl.

    Raises:
        CorpusInvalid: there is no chip, or a chip cannot be read.
    """
    names = [chip.name for chip in corpus.chips()]
    if not names:
        raise CorpusInvalid(
            f"The corpus {corpus.folder} has no chips.", "Cut some: python -m backend.corpus slice."
        )
    measured = {row.text("chip"): row.require("features") for row in corpus.rows(SCREEN)}
    with corpus.adding(SCREEN) as lines:
        for done, chip in enumerate(corpus.chips()):
            progress("measuring chips", done, len(names))
            if chip.name not in measured:
                grey, db = read_vv(corpus, chip)
                measured[chip.name] = describe_texture(grey, db)
                lines.add({"chip": chip.name, "features": measured[chip.name]})
    features = [measured[name] for name in names]
    verdicts = judge(features, [(labels or {}).get(name) for name in names])
    write_lines(corpus.folder / SCREEN, map(_line, names, features, verdicts))
    reasons = Counter(verdict.reason for verdict in verdicts)
    return ScreenReport(reasons.pop("", 0), reasons)


def read_labels(path: Path) -> dict[str, bool]:
    """Return which chips somebody called good or bad: CSV with the columns chip and good, 1 or 0.

    Raises:
        CorpusInvalid: a column is missing, or a value is another.
    """
    labels = {}
    for row in read_table(path, path.name):
        good = row.text("good").strip()
        if good not in ("0", "1"):
            raise row.invalid("good", good, "1 or 0")
        labels[row.text("chip").strip()] = good == "1"
    return labels


def left_out(corpus: Corpus) -> set[str]:
    """Return the names of the chips that the screen has left out; none before it was run."""
    return {row.text("chip") for row in corpus.rows(SCREEN) if row.get("out")}


def judge(features: list[Features], labels: list[bool | None]) -> list[Verdict]:
    """Return a verdict on each chip by its features; a label is True for a good chip."""
    ruled = [next((name for name, rule in RULES if rule(one)), "") for one in features]
    free = np.flatnonzero([not reason for reason in ruled])
    verdicts = [Verdict(reason, float("inf")) for reason in ruled]
    if not len(free):
        return verdicts
    points = _scaled(np.array([[features[k][name] for name in FEATURES] for k in free]))
    known = np.array([labels[k] is not None for k in free])
    if known.any():
        bad = np.array([labels[k] is False for k in free])
        share, most, reason = _bad_share(points, points[known], bad[known]), 0.5, CALLED_BAD
    else:
        share = _own_distances(points)
        most, reason = float(np.quantile(share, QUANTILE)), ODD
    for place, one in zip(free, share, strict=True):
        verdicts[place] = Verdict(reason if one > most else "", float(one))
    return verdicts


def _own_distances(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return each point's mean distance (n,) to its nearest others."""
    count = min(NEIGHBOURS, len(points) - 1)
    if not count:
        return np.zeros(len(points))
    distances, _ = cKDTree(points).query(points, count + 1)
    return distances[:, 1:].mean(axis=1)


def _bad_share(
    points: NDArray[np.float64], labelled: NDArray[np.float64], bad: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the share (n,) of bad ones among the nearest labelled points."""
    count = min(NEIGHBOURS, len(labelled))
    _, nearest = cKDTree(labelled).query(points, count)
    return bad[np.reshape(nearest, (len(points), count))].mean(axis=1)


def _scaled(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return features (n, d) around their median, in median deviations."""
    away = points - np.median(points, axis=0)
    deviation = np.median(np.abs(away), axis=0)
    return away / np.where(deviation > 0, deviation, 1)


def _line(name: str, features: Features, verdict: Verdict) -> dict[str, Any]:
    line: dict[str, Any] = {"chip": name, "features": dict(features)}
    if np.isfinite(verdict.distance):
        line["distance"] = verdict.distance
    return line | ({"out": verdict.reason} if verdict.reason else {})
