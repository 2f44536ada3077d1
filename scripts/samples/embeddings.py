"""Tiles of the annual embeddings, written in the layouts in which they are published."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from affine import Affine
from numpy.typing import NDArray
from pyproj import Transformer

from backend.scenes.embeddings.alphaearth import COLUMNS

EAST, NORTH = 400_000, 5_400_000


def quantised(height: int, width: int, seed: int = 0) -> NDArray[np.int8]:
    """Random unit vectors (64, h, w) as AlphaEarth stores them."""
    vectors = np.random.default_rng(seed).normal(size=(64, height, width))
    vectors /= np.linalg.norm(vectors, axis=0)
    return np.round(np.sign(vectors) * np.sqrt(np.abs(vectors)) * 127.5).astype(np.int8)


def values_of(stored: NDArray[np.int8]) -> NDArray[np.float64]:
    """Return what these int8 mean by the published note; NaN where there is no data."""
    values = np.sign(stored) * (stored.astype(np.float64) / 127.5) ** 2
    return np.where(stored == -128, np.nan, values)


def write_alphaearth(
    path: Path,
    stored: NDArray[Any],
    epsg: int = 32633,
    corner: tuple[float, float] = (EAST, NORTH),
    bottom_up: bool = False,
    **profile: Any,
) -> Path:
    """Write a tile with this north-western corner; `stored` (64, h, w) has the north first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count, height, width = stored.shape
    transform = Affine(10, 0, corner[0], 0, -10, corner[1])
    if bottom_up:
        stored = stored[:, ::-1]
        transform = Affine(10, 0, corner[0], 0, 10, corner[1] - 10 * height)
    options = {
        "driver": "GTiff",
        "dtype": stored.dtype,
        "nodata": -128 if stored.dtype == np.int8 else None,
        "interleave": "band",
        "tiled": True,
        "blockxsize": 64,
        "blockysize": 64,
        "compress": "zstd",
        **profile,
    }
    with rasterio.open(
        path,
        "w",
        count=count,
        height=height,
        width=width,
        crs=f"EPSG:{epsg}",
        transform=transform,
        **options,
    ) as file:
        file.write(stored)
        file.descriptions = tuple(f"A{band:02}" for band in range(count))
    return path


def write_tessera(
    root: Path,
    values: NDArray[np.int8],
    scales: NDArray[np.float32],
    name: str = "grid_13.65_48.75",
    year: int = 2024,
    epsg: int = 32633,
    corner: tuple[float, float] = (EAST, NORTH),
    land: NDArray[np.uint8] | None = None,
) -> Path:
    """Write a tile as the library lays it out below `root`; return the path of its values."""
    folder = root / "global_0.1_degree_representation" / str(year) / name
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / f"{name}.npy", values)
    np.save(folder / f"{name}_scales.npy", scales)
    mask = root / "global_0.1_degree_tiff_all" / f"{name}.tiff"
    mask.parent.mkdir(exist_ok=True)
    height, width = values.shape[:2]
    with rasterio.open(
        mask,
        "w",
        driver="GTiff",
        count=1,
        height=height,
        width=width,
        dtype="uint8",
        crs=f"EPSG:{epsg}",
        transform=Affine(10, 0, corner[0], 0, -10, corner[1]),
    ) as file:
        file.write(np.ones((height, width), np.uint8) if land is None else land, 1)
    return folder / f"{name}.npy"


def index_row(
    path: str, size: tuple[int, int], epsg: int, corner: tuple[float, float], year: int = 2024
) -> dict[str, Any]:
    """Return a row of the index for a tile of (rows, columns)."""
    west, north = corner
    east, south = west + 10 * size[1], north - 10 * size[0]
    way = Transformer.from_crs(epsg, 4326, always_xy=True)
    lon, lat = way.transform([west, east, east, west], [north, north, south, south])
    zone = f"{epsg % 100}{'N' if epsg < 32700 else 'S'}"
    return {
        "path": f"s3://us-west-2.opendata.source.coop/tge-labs/aef/v1/annual/{path}",
        "year": year,
        "utm_zone": zone,
        "crs": f"EPSG:{epsg}",
        **dict(zip(COLUMNS[3:7], (west, south, east, north), strict=True)),
        **dict(zip(COLUMNS[7:], (min(lon), min(lat), max(lon), max(lat)), strict=True)),
    }


def write_index(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    """Write the index as .csv or .gpkg, by its suffix; the first column is each outline."""
    columns = ["fid", *rows[0]]
    if path.suffix == ".csv":
        outline = f"POLYGON(({', '.join(['0 0'] * 20_000)}))"  # as long as those of islands
        with path.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["WKT", *columns[1:]])
            writer.writerows([outline, *row.values()] for row in rows)
        return path
    with closing(sqlite3.connect(path)) as base:
        base.execute("CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT)")
        base.execute("INSERT INTO gpkg_contents VALUES ('aef_index', 'features')")
        base.execute(f"CREATE TABLE aef_index (geom BLOB, {', '.join(columns)})")
        marks = ", ".join("?" * (len(columns) + 1))
        for number, row in enumerate(rows):
            base.execute(f"INSERT INTO aef_index VALUES ({marks})", (b"GP", number, *row.values()))
        base.commit()
    return path
