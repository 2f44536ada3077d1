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

from backend.features.store import FeatureArray, FeatureStore
from backend.scenes import open_scene
from tests.backend.features.store.test_damage import embed
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
    embedded: FeatureArray, store: FeatureStore, scene_file: Path
) -> None:
    with open_scene(scene_file) as scene:
        whole = shapely.box(*scene.info.bounds)
    (footprint,) = store.footprints()
    assert (footprint.scene, footprint.date) == ("S1_20240501", "2024-05-01")
    assert shapely.area(footprint.shape.intersection(whole)) > 0.98 * footprint.shape.area
    assert footprint.shape.area > 0.95 * whole.area
    embedded.remove((0, 0))
    embedded.remove((0, 1))
    (southern,) = store.footprints()
    assert southern.shape.area == pytest.approx(footprint.shape.area / 2, rel=0.01)
