"""The map style that users load has the panel's colours, over what the map shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from qgis.core import QgsMapRendererSequentialJob, QgsMapSettings, QgsRectangle
from qgis.PyQt.QtCore import QSize

from gluelink_plugin.layers.scene import open_raster
from gluelink_plugin.layers.view import MapView, ramp_of
from tests.plugin.conftest import NORTH, PIXEL, ROOT, WEST, write_raster

STYLE = ROOT / "resources" / "styles" / "gluelink-map.qml"


def test_the_style_stretches_the_panels_colours_over_what_is_seen(qgis_app, tmp_path: Path) -> None:
    values = np.linspace(0.1, 0.5, 400, dtype=np.float32).reshape(1, 20, 20)
    layer = open_raster(write_raster(tmp_path / "map.tif", values, ("open water",)), "map")
    _, loaded = layer.loadNamedStyle(str(STYLE))
    assert loaded
    ramp = layer.renderer().shader().rasterShaderFunction().sourceColorRamp()
    own = ramp_of(MapView(1, 0.0, 1.0), None, 0.0, 1.0)
    assert [stop.color.name() for stop in ramp.stops()] == [s.color.name() for s in own.stops()]
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setOutputSize(QSize(200, 100))
    lower = QgsRectangle(WEST, NORTH - 20 * PIXEL, WEST + 20 * PIXEL, NORTH - 10 * PIXEL)
    settings.setExtent(lower)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    picture = job.renderedImage()
    best, worst = picture.pixelColor(195, 95), picture.pixelColor(5, 5)
    assert best.lightness() > own.color(0.95).lightness()
    assert worst.name() == "#ffffff"  # the ground shows through
