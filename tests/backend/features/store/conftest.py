"""A scene, a small encoder whose cells depend on whole windows, and a store for them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from affine import Affine

from backend.encoders import Encoder
from backend.features.plan import Plan, for_encoder, make_plan
from backend.features.store import FeatureArray, FeatureStore
from backend.scenes import AnyScene
from tests.support.rasters import speckled, write_raster
from tests.support.small_encoder import WindowEncoder


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, in which the hashes of pixels are remembered."""
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def encoder() -> WindowEncoder:
    """Its blocks are of 512 px, 32 cells."""
    return WindowEncoder(cell_px=16)


CELLS = 12 * 16


def write_scene(path: Path, seed: int = 0, change: float = 0.0, rows: int = 192) -> Path:
    """A scene of 12 x 16 cells, over a corner of four blocks; `change` is added to few pixels.

    With up to 96 rows it lies over two blocks.
    """
    values = speckled(rows, 512, seed)[:, :, 256:]
    values[:, 1:5, 1:5] += change
    return write_raster(path, values, transform=Affine(10, 0, 408_320, 0, -10, 5_397_440))


@pytest.fixture
def scene_file(tmp_path: Path) -> Path:
    return write_scene(tmp_path / "S1_20240501.tif")


@pytest.fixture
def store(tmp_path: Path) -> FeatureStore:
    return FeatureStore.open(tmp_path / "store")


@pytest.fixture
def array_of(store: FeatureStore, encoder: WindowEncoder) -> Callable[..., FeatureArray]:
    """The array of an open scene, in the store."""

    def array(scene: AnyScene, **kind: object) -> FeatureArray:
        return store.array_for(scene, encoder.spec, plan_of(scene, encoder).lattice, **kind)

    return array


def plan_of(scene: AnyScene, encoder: Encoder) -> Plan:
    return make_plan(for_encoder(scene, encoder.spec), None, encoder.spec)
