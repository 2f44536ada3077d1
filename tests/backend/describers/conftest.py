"""A scene of water and land, with three ships."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.rasters import write_raster

SHIPS = ((60, 40), (130, 90), (200, 30))
"""Rows and columns of their upper left pixels; each is 3 by 9 pixels."""


@pytest.fixture(scope="session")
def harbourless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Calm water in the west, fields in the east."""
    rng = np.random.default_rng(3)
    level = np.where(np.arange(320) < 160, -21.0, -11.0)
    power = 10 ** ((level + np.array([0, -7])[:, None, None]) / 10)
    power = power * rng.gamma(5, 1 / 5, (2, 320, 320))
    for row, col in SHIPS:
        power[:, row : row + 3, col : col + 9] *= 100
    folder = tmp_path_factory.mktemp("sea")
    values = (10 * np.log10(power)).astype(np.float32)
    return write_raster(folder / "S1A_IW_GRDH_20240501.tif", values)
