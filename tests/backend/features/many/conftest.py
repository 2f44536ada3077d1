"""A region of several blocks, and what a single process makes of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.killing import contents, finish
from tests.support.rasters import speckled, write_raster
from tests.support.stores import comparable

EMBED = ("-m", "backend.embed")


@pytest.fixture(scope="module", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The user's folder, in which the hashes of pixels are remembered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLUELINK_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several blocks, some of them with little in it."""
    folder = tmp_path_factory.mktemp("region")
    return write_raster(folder / "S1A_IW_GRDH_20240501.tif", speckled(1100, 1500))


@pytest.fixture(scope="module")
def whole(region: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The store that one process makes."""
    store = tmp_path_factory.mktemp("whole") / "store"
    finish(*EMBED, region, "--store", store, "--device", "cpu")
    return comparable(contents(store))


def blocks(store: dict[str, bytes]) -> int:
    """How many blocks a store has."""
    return sum("/receipts/c/" in key for key in store)
