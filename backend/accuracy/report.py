"""A map against its truth, or two maps on the same places."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.io import DatasetReader

from backend.accuracy.measures import Accuracy, Comparison, compare, measure
from backend.accuracy.truth import Grid, Labels, apply, read_labels
from backend.errors import SceneUnreadable, TruthInvalid
from backend.scenes.files import open_raster
from backend.scenes.grid import transformer

REMEDY = "Give a map that python -m backend.query has written, or another raster of scores."


def judge(
    path: Path,
    truth: Path,
    wanted: Sequence[str] = ("1",),
    unknown: Sequence[str] = (),
    *,
    field: str = "label",
    band: int = 1,
    against: Path | None = None,
    against_band: int = 1,
) -> Accuracy | Comparison:
    """Measure a band of a map against a truth; with `against`, that map beside it.

    `wanted` are the classes that its phrase means; all others but `unknown` are not meant. Two
    maps are measured where both have a score, the cells being the first map's.

    Example:
        accuracy = judge(Path("water.tif"), Path("water_label.tif"), unknown=["-1"])
        print(accuracy.auc.value)

    Raises:
        TruthInvalid: a file cannot be read, the labels do not meet the map, or are too few.
    """
    grid = map_grid(path)
    labels = read_labels(truth, grid, field)
    labels = labels.part(~np.isin(labels.name, list(unknown)))
    is_wanted = np.isin(labels.name, list(wanted))
    if not is_wanted.any():
        held = ", ".join(f"{name} ({n:,})" for name, n in labels.counts.most_common(12))
        raise TruthInvalid(
            f"No label of {truth.name} on the map is {' or '.join(wanted)}; there are: "
            f"{held or 'none'}.",
            "State the class that the phrase means with --class.",
        )
    scores = [scores_at(path, labels, grid.crs, band)]
    if against is not None:
        scores.append(scores_at(against, labels, grid.crs, against_band))
    scored = np.isfinite(scores).all(axis=0)
    place, is_wanted = labels.place[scored], is_wanted[scored]
    if against is None:
        return measure(scores[0][scored], is_wanted, place)
    return compare(scores[0][scored], scores[1][scored], is_wanted, place)


def map_grid(path: Path) -> Grid:
    """Return the cells of a map.

    Raises:
        TruthInvalid: the file is not a raster that is georeferenced, north up.
    """
    with _open_map(path) as file:
        transform, crs, shape = file.transform, file.crs, file.shape
    if crs is None or transform.b or transform.d:
        raise TruthInvalid(f"{path.name} is not georeferenced with north up.", REMEDY)
    return Grid(CRS.from_wkt(crs.to_wkt()), transform, *shape)


def _open_map(path: Path) -> DatasetReader:
    try:
        return open_raster(path)
    except SceneUnreadable as error:
        raise TruthInvalid(f"{path} cannot be read as a map: {error}", REMEDY) from error


def phrases_of(path: Path) -> tuple[str, ...]:
    """Return the names of a map's bands, empty where a band has none."""
    with _open_map(path) as file:
        return tuple(name or "" for name in file.descriptions)


def scores_at(path: Path, labels: Labels, crs: CRS, band: int = 1) -> NDArray[np.float64]:
    """Return the scores (n,) of the cells that hold each label; NaN beyond the map.

    Raises:
        TruthInvalid: the map has no such band.
    """
    grid = map_grid(path)
    x, y = transformer(crs, grid.crs).transform(labels.x, labels.y)
    col, row = (np.floor(of) for of in apply(~grid.transform, np.asarray(x), np.asarray(y)))
    scores = np.full(len(col), np.nan)
    with _open_map(path) as file:
        if not 1 <= band <= file.count:
            raise TruthInvalid(
                f"{path.name} has {file.count} bands; the band {band} was asked for.", REMEDY
            )
        first = 0
        for strip in grid.strips():
            here = (row >= first) & (row < first + strip.height) & (col >= 0) & (col < grid.width)
            if here.any():
                window = ((first, first + strip.height), (0, grid.width))
                values = file.read(band, window=window, masked=True).astype(float).filled(np.nan)
                scores[here] = values[(row[here] - first).astype(int), col[here].astype(int)]
            first += strip.height
    return scores
