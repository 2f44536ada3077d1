"""The format, as others read it: plain zarr, xarray, and the conventions of the field."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import shapely
import xarray
import zarr
from affine import Affine

from backend.features.lattice import Lattice
from backend.features.store import FeatureArray, FeatureStore, footprint_of
from backend.scenes import open_scene
from tests.backend.features.store.test_damage import embed
from tests.support.rasters import speckled, write_raster
from tests.support.small_encoder import WindowEncoder


@pytest.fixture
def embedded(scene_file: Path, store: FeatureStore, encoder: WindowEncoder) -> FeatureArray:
    return embed(scene_file, store, encoder)


def test_zarr_reads_features_by_its_own(embedded: FeatureArray) -> None:
    group: Any = zarr.open_group(embedded.home.name, mode="r")[embedded.info.name]
    for index in embedded.blocks(embedded.cells):
        block = embedded.read(index)
        assert block is not None
        rows, columns = block.cells.within(embedded.cells)
        values, scales = group["features"][rows, columns], group["scales"][rows, columns]
        assert np.array_equal(values * scales[..., None], block.features)
        assert np.array_equal(group["observed"][rows, columns], block.observed)


def test_everything_in_a_store_is_part_of_a_zarr_hierarchy(embedded: FeatureArray) -> None:
    found = dict(zarr.open_group(embedded.home.name, mode="r").members(max_depth=None))
    parts = ("features", "scales", "observed", "receipts", "used")
    parts += ("bright-1", "bright-1/objects", "bright-1/made_of")
    name = embedded.info.name
    assert set(found) == {name, *(f"{name}/{part}" for part in parts)}


def test_xarray_opens_it_and_georeferences_it(embedded: FeatureArray, scene_file: Path) -> None:
    data = xarray.open_zarr(embedded.home.name, group=embedded.info.name, consolidated=False)
    assert data.features.dims == ("y", "x", "feature")
    assert data.attrs["proj:code"] == "EPSG:32633"
    transform = Affine(*data.attrs["spatial:transform"])
    rows, columns = np.nonzero(data.observed.values)
    west, north = transform @ (columns.min(), rows.min())
    east, south = transform @ (columns.max() + 1, rows.max() + 1)
    with rasterio.open(scene_file) as file:
        assert tuple(file.bounds) == (west, south, east, north)


def test_attributes_follow_the_conventions(embedded: FeatureArray) -> None:
    attributes = embedded.info.attributes
    names = [convention["name"] for convention in attributes["zarr_conventions"]]
    assert names == ["geoemb:", "proj:", "spatial:"]
    for required in ("type", "dimensions", "model", "source_data", "data_type"):
        assert f"geoemb:{required}" in attributes
    assert attributes["geoemb:type"] == "chip"
    assert attributes["geoemb:chip_layout"]["chip_size"] == [16, 16]
    assert attributes["geoemb:quantization"]["scale"]["array_name"] == "scales"


def test_an_array_is_known_again_by_its_attributes(embedded: FeatureArray) -> None:
    (found,) = FeatureStore.open(embedded.home.name).arrays()
    assert found.info == embedded.info


def test_footprints_are_what_is_encoded_inside_the_scene(
    embedded: FeatureArray, scene_file: Path
) -> None:
    with open_scene(scene_file) as scene:
        whole = shapely.box(*scene.info.bounds)
    footprint = footprint_of(embedded)
    assert footprint.intersection(whole).area > 0.98 * footprint.area
    assert footprint.area > 0.95 * whole.area
    assert footprint_of(embedded, [(0, 0), (0, 1), (1, 0), (1, 1)]).equals(footprint)
    embedded.remove((0, 0))
    embedded.remove((0, 1))
    assert footprint_of(embedded).area == pytest.approx(footprint.area / 2, rel=0.01)
    assert footprint_of(embedded, []).is_empty


def test_a_footprint_across_the_date_line_is_cut_in_two(
    tmp_path: Path, store: FeatureStore, encoder: WindowEncoder
) -> None:
    corner = Affine(10, 0, 270_000, 0, -10, 5_400_000)  # 180 degrees is at 280 km of this zone
    file = write_raster(
        tmp_path / "S1_20240501.tif", speckled(900, 1300), crs="EPSG:32601", transform=corner
    )
    with open_scene(file) as scene:
        array = store.array_for(scene, encoder.spec, Lattice.of(encoder.spec), make=False)
    east, west = sorted(footprint_of(array, array.blocks(array.cells)).geoms, key=min_longitude)
    assert east.bounds[0] == -180 and -179.96 < east.bounds[2] < -179.9
    assert west.bounds[2] == 180 and 179.8 < west.bounds[0] < 179.95
    assert not list(tmp_path.glob("store/*-*"))


def min_longitude(polygon: shapely.Polygon) -> float:
    return float(polygon.bounds[0])
