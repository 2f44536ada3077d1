"""Labels of places on a map: polygons or points in GeoJSON, points in a CSV table, or a raster.

| truth | a label | what stands for itself |
|---|---|---|
| polygons | each cell whose centre lies inside; where none does, that at its middle | a polygon |
| points | each point | a point, as one that was drawn at random |
| raster | each cell of which half is known: the class of most of its pixels | a square of 1 km |

Coordinates are degrees, longitude first, unless a GeoJSON file names another CRS.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from affine import Affine
from numpy.typing import NDArray
from pyproj import CRS
from rasterio.enums import Resampling
from rasterio.features import rasterize
from rasterio.io import DatasetReader
from rasterio.vrt import WarpedVRT
from shapely.errors import ShapelyError
from shapely.geometry import shape

from backend.errors import SceneUnreadable, TruthInvalid
from backend.scenes.area import crs_member
from backend.scenes.crs import stated_crs
from backend.scenes.files import open_raster
from backend.scenes.grid import transformer

PLACE_M = 1000.0  # side of the squares that cells of a raster stand together in
STRIP = 512  # rows of a map that are labelled at once
FINEST = 8  # pixels of a truth raster across a cell, at most
MOST_CLASSES = 256
LONGITUDES = ("lon", "longitude", "x")
LATITUDES = ("lat", "latitude", "y")
FORM = "Give GeoJSON polygons or points, a CSV table with lon and lat, or a raster of classes."


@dataclass(frozen=True)
class Grid:
    """The cells of a map, north up."""

    crs: CRS
    transform: Affine
    height: int
    width: int

    def strips(self) -> Iterator["Grid"]:
        """Yield parts of some rows, from north to south."""
        for row in range(0, self.height, STRIP):
            height = min(STRIP, self.height - row)
            yield Grid(self.crs, self.transform @ Affine.translation(0, row), height, self.width)


@dataclass(frozen=True)
class Labels:
    """Labelled sites of a map."""

    x: NDArray[np.floating]
    """(n,), in the map's CRS."""
    y: NDArray[np.floating]
    """(n,)."""
    name: NDArray[np.str_]
    """(n,): the class of each."""
    place: NDArray[np.int64]
    """(n,): which of them stand together."""

    def part(self, chosen: NDArray[np.bool_]) -> "Labels":
        """Return the labels that are chosen (n,)."""
        return Labels(self.x[chosen], self.y[chosen], self.name[chosen], self.place[chosen])

    @property
    def counts(self) -> Counter[str]:
        """How many there are of each class."""
        return Counter(self.name.tolist())


def read_labels(path: Path, grid: Grid, field: str = "label") -> Labels:
    """Return the labels that a file has for a map; `field` names them in a table or in GeoJSON.

    Raises:
        TruthInvalid: the file cannot be read, holds no labels, or does not meet the map.
    """
    if path.suffix.lower() == ".csv":
        labels = _of_points(_table(path, field), CRS.from_epsg(4326), grid)
    elif path.suffix.lower() in (".json", ".geojson"):
        labels = _of_geojson(path, grid, field)
    else:
        labels = _of_raster(path, grid)
    if not len(labels.x):
        raise TruthInvalid(
            f"No label of {path.name} lies on the map.",
            "Check that both are of the same region, and the CRS of the labels.",
        )
    return labels


def _table(path: Path, field: str) -> list[tuple[float, float, str]]:
    """Return longitude, latitude and label of every row of a CSV file."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise TruthInvalid(f"{path} cannot be read as a table: {error}.", FORM) from error
    known = {str(name).strip().casefold(): name for name in (rows[0] if rows else ())}
    columns = [
        next((known[name] for name in names if name in known), None)
        for names in (LONGITUDES, LATITUDES, (field.casefold(),))
    ]
    if None in columns:
        raise TruthInvalid(
            f"{path.name} has the columns {', '.join(map(str, known.values())) or 'none'}; "
            f"expected lon, lat and {field}.",
            "Name its column of labels with --field.",
        )
    found = []
    for number, row in enumerate(rows, 2):
        lon, lat, label = (row[column] or "" for column in columns)
        try:
            found.append((float(lon), float(lat), label.strip()))
        except ValueError as error:
            raise TruthInvalid(
                f"Row {number} of {path.name} lies at ({lon}, {lat}); expected degrees.",
                "Correct the row, or leave it out.",
            ) from error
    return [row for row in found if row[2]]


def _of_geojson(path: Path, grid: Grid, field: str) -> Labels:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
        features = content["features"]
        crs = stated_crs(crs_member(content) or "EPSG:4326")
        found = [(shape(one["geometry"]), _label(one, field, path)) for one in features]
    except TruthInvalid:
        raise
    except (OSError, ValueError, LookupError, TypeError, AttributeError, ShapelyError) as error:
        reason = " ".join(str(error).split())
        raise TruthInvalid(f"{path} cannot be read as GeoJSON features: {reason}.", FORM) from error
    named = [(one, label) for one, label in found if label]
    kinds = {one.geom_type for one, _ in named}
    if kinds <= {"Point"}:
        return _of_points([(one.x, one.y, label) for one, label in named], crs, grid)
    if not kinds <= {"Polygon", "MultiPolygon"}:
        raise TruthInvalid(
            f"{path.name} holds {', '.join(sorted(kinds))}; expected polygons or points alone.",
            "Export each kind to a file of its own.",
        )
    return _of_polygons(named, crs, grid)


def _label(feature: Any, field: str, path: Path) -> str:
    properties = feature.get("properties") or {}
    if field not in properties:
        raise TruthInvalid(
            f"A feature of {path.name} has the properties {', '.join(properties) or 'none'}; "
            f"expected {field}.",
            "Name the property that holds the labels with --field.",
        )
    return text_of(properties[field])


def text_of(value: Any) -> str:
    """Return a label as text: 1, 1.0 and True are the same; empty for none."""
    if value is None or value != value:
        return ""
    return f"{value:g}" if isinstance(value, bool | int | float) else str(value).strip()


def _of_points(points: Sequence[tuple[float, float, str]], crs: CRS, grid: Grid) -> Labels:
    """Return points as labels, each a place of its own."""
    x, y = np.array([point[:2] for point in points], float).reshape(-1, 2).T
    x, y = (np.asarray(of) for of in transformer(crs, grid.crs).transform(x, y))
    name = np.array([text_of(point[2]) for point in points], str)
    labels = Labels(x, y, name, np.arange(len(points)))
    return labels.part(_inside(labels, grid))


def _inside(labels: Labels, grid: Grid) -> NDArray[np.bool_]:
    finite = np.isfinite(labels.x) & np.isfinite(labels.y)
    x, y = np.where(finite, labels.x, 0), np.where(finite, labels.y, 0)
    col, row = apply(~grid.transform, x, y)
    return finite & (col >= 0) & (row >= 0) & (col < grid.width) & (row < grid.height)


def _of_polygons(named: Sequence[tuple[Any, str]], crs: CRS, grid: Grid) -> Labels:
    """Return the cells of polygons as labels; where two overlap, of the later one."""
    move = transformer(crs, grid.crs)
    shapes = [
        shapely.transform(shapely.make_valid(one), move.transform, interleaved=False)
        for one, _ in named
    ]
    usable = [
        k for k, one in enumerate(shapes) if not one.is_empty and np.isfinite(one.bounds).all()
    ]
    parts, seen = [], np.zeros(len(named), bool)
    names = np.array([label for _, label in named], str)
    for strip in grid.strips():
        burned = rasterize(
            [(shapes[k], k + 1) for k in usable] or [(shapely.Point(0, 0), 0)],
            (strip.height, strip.width),
            transform=strip.transform,
            dtype="int32",
        )
        rows, cols = np.nonzero(burned)
        which = burned[rows, cols] - 1
        seen[which] = True
        parts.append(Labels(*_centres(strip, rows, cols), names[which], which.astype(np.int64)))
    small = np.array([k for k in usable if not seen[k]], int)
    middles = [shapes[k].representative_point() for k in small]
    x, y = np.array([(one.x, one.y) for one in middles], float).reshape(-1, 2).T
    alone = Labels(x, y, names[small], small)
    return _joined([*parts, alone.part(_inside(alone, grid))])


def _of_raster(path: Path, grid: Grid) -> Labels:
    """Return the cells of which half is known, with the class of most of their pixels."""
    with open_classes(path) as source:
        return _joined([_labelled(source, strip, path) for strip in grid.strips()])


def open_classes(path: Path) -> DatasetReader:
    """Open a raster of classes.

    Raises:
        TruthInvalid: it cannot be read, has several bands, or is not georeferenced.
    """
    try:
        source = open_raster(path)
    except SceneUnreadable as error:
        raise TruthInvalid(f"{path} cannot be read as a raster: {error}", FORM) from error
    if source.crs is None or source.count != 1:
        source.close()
        raise TruthInvalid(
            f"{path.name} has {source.count} bands and the CRS {source.crs}; expected one "
            "band of classes that is georeferenced.",
            FORM,
        )
    return source


def _labelled(source: Any, strip: Grid, path: Path) -> Labels:
    values = _sample(source, strip)  # (height, width, pixels)
    classes = np.unique(values[np.isfinite(values)])
    if len(classes) > MOST_CLASSES:
        raise TruthInvalid(
            f"{path.name} holds more than {MOST_CLASSES} values; expected classes.",
            "Choose a raster of classes, or classify it first.",
        )
    counts = np.stack([(values == one).sum(-1) for one in classes] or [np.zeros(values.shape[:2])])
    rows, cols = np.nonzero(counts.sum(0) * 2 >= values.shape[2])
    names = np.array([text_of(float(one)) for one in classes] or [""], str)
    x, y = _centres(strip, rows, cols)
    squares = np.stack([np.floor(x / PLACE_M), np.floor(y / PLACE_M)]).astype(np.int64)
    place = squares[0] * 2**31 + squares[1]
    return Labels(x, y, names[counts[:, rows, cols].argmax(0)], place)


def _sample(source: Any, strip: Grid) -> NDArray[np.float64]:
    """Return the nearest pixels of a raster on a fine grid within each cell; NaN where unknown."""
    to_source = transformer(strip.crs, CRS.from_user_input(source.crs))
    # Across one cell in the middle, in pixels of the raster.
    middle = strip.width / 2 + np.array([0.0, 1.0]), np.full(2, strip.height / 2)
    x, y = apply(strip.transform, *middle)
    across = np.hypot(*np.diff(to_source.transform(x, y))).item() / abs(source.transform.a)
    per = int(np.clip(np.ceil(across), 1, FINEST)) if np.isfinite(across) else 1
    with WarpedVRT(
        source,
        crs=strip.crs.to_wkt(),
        transform=strip.transform @ Affine.scale(1 / per),
        height=strip.height * per,
        width=strip.width * per,
        resampling=Resampling.nearest,
        nodata=np.nan,
        dtype="float64",
    ) as warped:
        pixels: NDArray[np.float64] = warped.read(1)
    cells = pixels.reshape(strip.height, per, strip.width, per).swapaxes(1, 2)
    return cells.reshape(strip.height, strip.width, per * per)


def _centres(
    grid: Grid, rows: NDArray[np.integer], cols: NDArray[np.integer]
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    return apply(grid.transform, cols + 0.5, rows + 0.5)


def apply(
    transform: Affine, x: NDArray[np.floating], y: NDArray[np.floating]
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Return where a transform leads coordinates (n,)."""
    a, b, c, d, e, f = transform[:6]
    return a * x + b * y + c, d * x + e * y + f


def _joined(parts: Sequence[Labels]) -> Labels:
    return Labels(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("x", "y", "name", "place")
        )
    )
