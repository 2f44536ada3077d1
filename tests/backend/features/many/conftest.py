"""A region of several blocks, and what a single process makes of it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from affine import Affine

from tests.support.killing import contents, finish
from tests.support.rasters import speckled, write_raster
from tests.support.stores import comparable

EMBED = ("-m", "backend.embed")


def write_region(path: Path, **profile: Any) -> Path:
    """A scene of 5 by 6 km around a corner of blocks, which lies 2 km below its upper edge."""
    corner = Affine(10, 0, 40 * 10_240 - 3000, 0, -10, 527 * 10_240 + 2000)
    return write_raster(path, speckled(500, 600), transform=corner, **profile)


@pytest.fixture(scope="module", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The user's folder, in which the hashes of pixels are remembered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GLUELINK_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four blocks of 1024 pixels meet in it."""
    folder = tmp_path_factory.mktemp("region")
    return write_region(folder / "S1A_IW_GRDH_20240501.tif")


@pytest.fixture(scope="module")
def whole(region: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The store that one process makes."""
    store = tmp_path_factory.mktemp("whole") / "store"
    finish(*EMBED, region, "--store", store, "--device", "cpu")
    return comparable(contents(store))


def blocks(store: dict[str, bytes]) -> int:
    """How many blocks a store has."""
    return sum("/receipts/c/" in key for key in store)
