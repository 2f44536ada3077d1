"""Objects of chips from files of features on the map, as somebody draws them in QGIS.

A feature has the property `category` (also class, label or name). It belongs to each chip that its
middle lies in, as the bounds of its geometry, cut off at the chip's edge; a point is one pixel.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from shapely.geometry import shape

from backend.corpus.files import Corpus
from backend.corpus.json_stream import as_row, read_object
from backend.corpus.layouts.geojson import CATEGORY
from backend.corpus.lines import Row
from backend.corpus.records import Chip
from backend.corpus.slicing import first_record
from backend.errors import CorpusInvalid
from backend.language import Box, Object, Record
from backend.progress import Progress, silent
from backend.scenes.crs import stated_crs

DEGREES = "EPSG:4326"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class _Features:
    """All features, in one CRS."""

    categories: Sequence[str]
    """What each is."""
    corners: Floats
    """(n, 4, 2): the corners of the bounds of each."""


def add_objects(corpus: Corpus, files: Sequence[Path], progress: Progress = silent) -> int:
    """Write into the facts of all chips which objects they have; return how many there are.

    Objects that were known before are replaced. A chip without any is one where nothing is.

    Raises:
        CorpusInvalid: a file is damaged or has no features, a feature has no category, or a chip
            has no CRS.
    """
    features = [_read(path) for path in files]
    known = {record.chip: record for record in corpus.facts()}
    by_crs: dict[str, _Features] = {}
    found = 0

    def records() -> Iterator[Record]:
        nonlocal found
        for done, chip in enumerate(corpus.chips()):
            progress("placing objects", done, len(known))
            if chip.ground is None or chip.width is None or chip.height is None:
                raise CorpusInvalid(
                    f"The chip {chip.name} has no CRS, so what lies in it is not known.",
                    "Use chips that were cut from scenes.",
                )
            if chip.ground.crs not in by_crs:
                by_crs[chip.ground.crs] = _together(features, chip.ground.crs)
            objects = _inside(by_crs[chip.ground.crs], chip, Affine(*chip.ground.transform))
            found += len(objects)
            yield replace(known.get(chip.name) or first_record(chip), objects=objects)

    corpus.write_facts(records())
    return found


def _read(path: Path) -> tuple[CRS, _Features]:
    """Return the CRS of a file, degrees where it states none, and its features."""
    crs, categories, corners = CRS(DEGREES), [], []
    for key, line, value in read_object(path):
        if key == "crs":
            row = Row(str(path), line, {"crs": value})
            try:
                crs = stated_crs(value["properties"]["name"])
            except (KeyError, TypeError, ValueError, CRSError):
                raise row.invalid("crs", value, "the name of a CRS") from None
        elif key == "features":
            row = as_row(path, line, value)
            properties = as_row(path, line, row.require("properties"))
            categories.append(properties.text(*CATEGORY).strip().lower())
            try:
                left, low, right, high = shapely.bounds(shape(row.require("geometry")))
                if not np.isfinite([left, low, right, high]).all():
                    raise ValueError
            except (AttributeError, KeyError, TypeError, ValueError, shapely.errors.ShapelyError):
                raise row.invalid("geometry", row.get("geometry"), "a geometry") from None
            corners.append([(left, low), (left, high), (right, low), (right, high)])
    if not corners:
        raise CorpusInvalid(
            f"{path} has no features; expected a FeatureCollection.",
            "Save the layer of objects as GeoJSON, or leave the file out.",
        )
    return crs, _Features(categories, np.array(corners, np.float64).reshape(-1, 4, 2))


def _together(features: Sequence[tuple[CRS, _Features]], crs: str) -> _Features:
    """Return the features of all files in one CRS, but for those that are too far away for it."""
    own, corners = stated_crs(crs), [np.zeros((0, 4, 2))]
    for of, some in features:
        to_chip = Transformer.from_crs(of, own, always_xy=True)
        corners.append(np.stack(to_chip.transform(*np.moveaxis(some.corners, 2, 0)), axis=2))
    names = [name for _, some in features for name in some.categories]
    there = np.concatenate(corners)
    near = np.flatnonzero(np.isfinite(there).all(axis=(1, 2)))
    return _Features([names[n] for n in near], there[near])


def _inside(features: _Features, chip: Chip, transform: Affine) -> tuple[Object, ...]:
    """Return the objects whose middle lies in a chip."""
    columns, rows = ~transform @ tuple(np.moveaxis(features.corners, 2, 0))
    pixels = np.stack([columns, rows], axis=2)  # (n, 4, 2)
    low, high = pixels.min(axis=1), pixels.max(axis=1)
    middle, size = (low + high) / 2, np.array([chip.width, chip.height])
    half = np.maximum(high - low, 1.0) / 2
    objects = []
    for n in np.flatnonzero(((middle >= 0) & (middle < size)).all(axis=1)).tolist():
        left, top = np.maximum(middle[n] - half[n], 0).tolist()
        right, bottom = np.minimum(middle[n] + half[n], size).tolist()
        box = Box(left, top, right - left, bottom - top)
        objects.append(Object(features.categories[n], box))
    return tuple(objects)
