"""A scene of 20,000 x 20,000 px is encoded and asked within 1 GB above the libraries."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.windows import Window

from tests.support.memory import peak_bytes
from tests.support.rasters import speckled, write_raster

SIDE, BLOCK = 20_000, 2_000
MOST = 1e9


@pytest.fixture(scope="module")
def large_scene(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Filled with one pattern of speckle again and again."""
    path = tmp_path_factory.mktemp("large") / "large_20240501.tif"
    pattern = speckled(BLOCK, BLOCK)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=SIDE,
        height=SIDE,
        count=2,
        dtype="float32",
        crs="EPSG:32633",
        transform=Affine(10, 0, 400_000, 0, -10, 5_600_000),
        tiled=True,
        bigtiff="yes",
    ) as file:
        file.descriptions = ("VV", "VH")
        for top in range(0, SIDE, BLOCK):
            for left in range(0, SIDE, BLOCK):
                file.write(pattern, window=Window(left, top, BLOCK, BLOCK))
    return path


@pytest.mark.long("tests/backend/maps/test_large.py")
def test_encoding_and_asking_need_less_than_1_gb_above_the_libraries(
    large_scene: Path, head_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))
    small = write_raster(tmp_path / "S1_20240502.tif", speckled(60, 60))
    query = ("open water", "--device", "cpu", "--head", head_file, "-o", tmp_path / "map.tif")
    libraries = peak_bytes("backend.query", small, *query)
    store = ("--store", tmp_path / "store")
    encoding = peak_bytes("backend.embed", large_scene, "--device", "cpu", *store, timeout_s=7200)
    asking = peak_bytes("backend.query", large_scene, *query, *store)
    print(
        f"PEAK above the libraries: encoding {(encoding - libraries) / 1e6:,.0f} MB, asking "
        f"{(asking - libraries) / 1e6:,.0f} MB, libraries {libraries / 1e6:,.0f} MB"
    )
    with rasterio.open(tmp_path / "map.tif") as file:
        assert np.isfinite(file.read(1)).all()
    assert encoding - libraries < MOST
    assert asking - libraries < MOST
