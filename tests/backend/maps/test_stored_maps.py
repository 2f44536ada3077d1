"""Maps from a store: those without one, quantisation aside."""

from pathlib import Path

import numpy as np
import pytest
import rasterio

from backend.encoders import Encoder
from backend.features.store import FeatureStore
from backend.link import find_head
from backend.maps import align
from backend.scenes import open_scene
from backend.text import TextEncoder
from tests.support.rasters import speckled, write_raster

PHRASES = ["open water", "a dense town", "a forest in winter"]
BOUND = 0.006


def values_of(path: Path) -> np.ndarray:
    with rasterio.open(path) as file:
        return file.read()


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's folder, in which the hashes of pixels are remembered."""
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))


def test_maps_with_and_without_a_store_differ_by_quantisation_alone(
    texture: Encoder, minilm: TextEncoder, tmp_path: Path
) -> None:
    path = write_raster(tmp_path / "S1_20240501.tif", speckled(700, 900))
    head, store = find_head(None, texture.spec), FeatureStore.open(tmp_path / "store")

    def mapped(name: str, store: FeatureStore | None) -> np.ndarray:
        with open_scene(path) as scene:
            output = tmp_path / name
            align(scene, None, PHRASES, texture, head, minilm, output, store=store)
        return values_of(output)

    plain, first, second = (
        mapped(name, kept)
        for name, kept in (("plain.tif", None), ("first.tif", store), ("second.tif", store))
    )
    assert np.array_equal(np.isnan(plain), np.isnan(first))
    assert np.nanmax(np.abs(plain - first)) < BOUND
    assert np.array_equal(first, second, equal_nan=True)
    # The norms are there now, and of the head alone.
    (array,) = store.arrays()
    assert len(store.home.children(f"{array.info.name}/norms")) == 1
