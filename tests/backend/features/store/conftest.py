"""A scene, a small encoder whose cells depend on whole windows, and a store for them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.features.plan import Plan, for_encoder, make_plan
from backend.features.store import FeatureArray, FeatureStore
from backend.scenes import AnyScene, Scene, open_scene
from tests.support.rasters import speckled, write_raster
from tests.support.small_encoder import WindowEncoder

Opened = tuple[Scene, Plan]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, in which the hashes of pixels are remembered."""
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def encoder() -> WindowEncoder:
    """Its blocks are of 1,024 px, 256 cells."""
    return WindowEncoder()


@pytest.fixture
def scene_file(tmp_path: Path) -> Path:
    return write_raster(tmp_path / "S1_20240501.tif", speckled(900, 1300))


@pytest.fixture
def store(tmp_path: Path) -> FeatureStore:
    return FeatureStore.open(tmp_path / "store")


@pytest.fixture
def array_of(store: FeatureStore, encoder: WindowEncoder) -> Callable[..., FeatureArray]:
    """The array of an open scene, in the store."""

    def array(scene: AnyScene, **kind: object) -> FeatureArray:
        return store.array_for(scene, encoder.spec, plan_of(scene, encoder).lattice, **kind)

    return array


def plan_of(scene: AnyScene, encoder: WindowEncoder) -> Plan:
    return make_plan(for_encoder(scene, encoder.spec), None, encoder.spec)


__all__ = ["open_scene", "plan_of"]
