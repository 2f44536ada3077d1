"""A map of a known place, to draw on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qgis.core import QgsCoordinateReferenceSystem, QgsRectangle

from tests.plugin.conftest import Desk

UTM = QgsCoordinateReferenceSystem("EPSG:32632")
VIEW = QgsRectangle(600_000, 5_390_000, 612_000, 5_400_000)


@pytest.fixture
def map_desk(desk: Desk) -> Iterator[Desk]:
    desk.canvas.setDestinationCrs(UTM)
    desk.canvas.setExtent(VIEW)
    yield desk
    desk.canvas.setRotation(0)
