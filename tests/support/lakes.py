"""Lakes on a plain: a map of two phrases, and its truth as polygons, points and classes."""

import json
from pathlib import Path

import numpy as np
from affine import Affine
from pyproj import Transformer

from tests.support.rasters import write_raster

EPSG, CELL = 32633, 80.0
CORNER = Affine(CELL, 0, 400_000, 0, -CELL, 5_400_000)
ROWS, COLS = 60, 50
LAKES = [(10, 12), (35, 30), (48, 8)]  # row and column of the north-western corner, 8 cells wide


def is_lake() -> np.ndarray:
    lake = np.zeros((ROWS, COLS), bool)
    for row, col in LAKES:
        lake[row : row + 8, col : col + 8] = True
    return lake


def scores(seed: int, apart: float) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(is_lake() * apart, 1).astype(np.float32)


def write_map(path: Path) -> Path:
    """A map of two phrases; the second tells lakes better."""
    bands = np.stack([scores(0, 1), scores(0, 4)])
    bands[:, :3] = np.nan
    return write_raster(
        path, bands, f"EPSG:{EPSG}", CORNER, ("a town", "open water"),
        nodata=float("nan"),
    )  # fmt: skip


def degrees(row: float, col: float) -> tuple[float, float]:
    to_degrees = Transformer.from_crs(EPSG, 4326, always_xy=True)
    return to_degrees.transform(*(CORNER @ (col, row)))


def write_polygons(path: Path, crs: str | None = None) -> Path:
    """The lakes, fields between them, a pond smaller than a cell, and what nobody knows."""
    squares = [(row, col, 8, "lake") for row, col in LAKES]
    squares += [(25, 5, 5, "field"), (5, 40, 6, "field"), (55, 40, 4, "field"), (26, 40, 3, "?")]
    features = []
    for row, col, side, kind in [*squares, (12.1, 14.1, 0.2, "lake")]:
        corners = [(0, 0), (0, side), (side, side), (side, 0), (0, 0)]
        ring = [
            degrees(row + r, col + c) if crs is None else (CORNER @ (col + c, row + r))
            for r, c in corners
        ]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"kind": kind}, "geometry": geometry})
    content = {"type": "FeatureCollection", "features": features}
    if crs:
        content["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(content))
    return path


def write_points(path: Path, n: int = 400) -> Path:
    rng = np.random.default_rng(1)
    rows, cols = rng.uniform(3, ROWS, n), rng.uniform(0, COLS, n)
    lake = is_lake()[rows.astype(int), cols.astype(int)]
    lake[-1], rows[-1] = False, -500  # one far off the map
    lines = [
        "{},{},{}".format(*degrees(row, col), "lake" if wet else "land")
        for row, col, wet in zip(rows, cols, lake, strict=True)
    ]
    path.write_text("\n".join(["Lon,Lat,Kind", *lines]))
    return path


def write_classes(path: Path) -> Path:
    """1 for lakes, 3 for land and 255 for unknown, at 20 m in degrees."""
    west, north = degrees(0, 0)
    east, south = degrees(ROWS, COLS)
    step = 20 / 111_320
    height, width = round(abs(north - south) / step) + 20, round((east - west) / step * 0.66) + 20
    transform = Affine((east - west) * 1.1 / width, 0, west, 0, -step, north + 5 * step)
    to_metres = Transformer.from_crs(4326, EPSG, always_xy=True)
    col, row = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    x, y = to_metres.transform(*(transform @ (col, row)))
    cells = [np.floor(of).astype(int) for of in ~CORNER @ (np.asarray(x), np.asarray(y))]
    inside = (cells[0] >= 0) & (cells[0] < COLS) & (cells[1] >= 0) & (cells[1] < ROWS)
    lake = is_lake()[cells[1].clip(0, ROWS - 1), cells[0].clip(0, COLS - 1)]
    values = np.where(inside, np.where(lake, 1, 3), 255).astype(np.uint8)
    return write_raster(path, values[None], "EPSG:4326", transform, None)
