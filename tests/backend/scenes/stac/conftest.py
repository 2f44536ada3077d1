"""A catalogue on this computer, and a folder of the user's own."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.rasters import speckled
from tests.support.stac_server import StacServer, serving, write_pair


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GLUELINK_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def server() -> Iterator[StacServer]:
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """VV and VH of linear power, 4 km wide and high, at 400000, 5400000 of zone 33."""
    power = (10 ** (speckled(400, 400) / 10)).astype(np.float32)
    return write_pair(tmp_path_factory.mktemp("pair"), "a", power, nodata=-32768)
