"""A scene of 20,000 x 20,000 px is asked within 2 GB, in a corner and as a whole."""

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.windows import Window
from shapely.geometry import box, mapping

from tests.support.memory import peak_bytes
from tests.support.rasters import speckled

SIDE = 20_000
WEST, NORTH = 400_000, 5_600_000
BLOCK = 512
FILLED = [(0, 0), (0, 38), (18, 3), (20, 20), (20, 21), (38, 38)]
"""Rows and columns of the blocks that hold data."""


@pytest.fixture(scope="module")
def large_scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Empty but for six blocks, as a scene cut from a larger mosaic may be."""
    path = tmp_path_factory.mktemp("large") / "large_20240501.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=SIDE,
        height=SIDE,
        count=2,
        dtype="float32",
        crs="EPSG:32633",
        transform=Affine(10, 0, WEST, 0, -10, NORTH),
        nodata=np.nan,
        tiled=True,
        blockxsize=BLOCK,
        blockysize=BLOCK,
        sparse_ok=True,
        bigtiff="yes",
    ) as file:
        file.descriptions = ("VV", "VH")
        for row, column in FILLED:
            top, left = row * BLOCK, column * BLOCK
            file.write(speckled(BLOCK, BLOCK), window=Window(left, top, BLOCK, BLOCK))
    assert path.stat().st_size < 40_000_000
    return path


@pytest.mark.long("test_a_corner_of_it_needs_less_than_2_gb")
def test_the_whole_of_it_needs_less_than_2_gb(
    large_scene: Path, head_file: Path, tmp_path: Path
) -> None:
    output = tmp_path / "map.tif"
    assert (
        peak_bytes("backend.query", large_scene, "water", "--head", head_file, "-o", output) < 2e9
    )
    with rasterio.open(output) as file:
        assert file.shape == (2500, 2500)
        answered = np.isfinite(file.read(1))
        assert file.overviews(1)
    assert answered.sum() == len(FILLED) * 64 * 64
    for row, column in FILLED:
        assert answered[row * 64 : row * 64 + 64, column * 64 : column * 64 + 64].all()


def test_a_corner_of_it_needs_less_than_2_gb(
    large_scene: Path, head_file: Path, tmp_path: Path
) -> None:
    east, south = WEST + SIDE * 10, NORTH - SIDE * 10
    corner = mapping(box(east - 8000, south, east, south + 8000))
    crs = {"type": "name", "properties": {"name": "EPSG:32633"}}
    aoi, output = tmp_path / "corner.geojson", tmp_path / "map.tif"
    aoi.write_text(json.dumps({**corner, "crs": crs}))
    arguments = ("--aoi", aoi, "--head", head_file, "-o", output)
    assert peak_bytes("backend.query", large_scene, "water", *arguments) < 2e9
    with rasterio.open(output) as file:
        assert 100 <= file.width <= 101
        assert np.isfinite(file.read(1)).sum() == 64 * 64
