"""Write the map style that QGIS users load: resources/styles/gluelink-map.qml.

Run it with the Python of QGIS: `.venv-qgis/bin/python -m scripts.map_style`. It has the panel's
colours, stretched over what the map shows, from the 2nd percentile to the maximum.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
from osgeo import gdal
from qgis.core import QgsApplication, QgsMapLayer, QgsRasterLayer, QgsRasterMinMaxOrigin

from gluelink_plugin.layers.scene import open_raster
from gluelink_plugin.layers.style import legend
from gluelink_plugin.layers.view import MapView, show_view

STYLE = Path(__file__).resolve().parent.parent / "resources" / "styles" / "gluelink-map.qml"


def a_map(folder: Path) -> QgsRasterLayer:
    """Return a layer of any values."""
    path = folder / "map.tif"
    file = gdal.GetDriverByName("GTiff").Create(str(path), 2, 2, 1, gdal.GDT_Float32)
    file.GetRasterBand(1).WriteArray(np.array([[0.0, 0.5], [0.5, 1.0]], np.float32))
    file.FlushCache()
    return open_raster(path, "map")


def stretch_over_view(layer: QgsRasterLayer) -> None:
    """Give a layer the panel's colours, over what the map shows; the legend has numbers alone."""
    show_view(layer, MapView(1, 0.0, 1.0))
    origin = QgsRasterMinMaxOrigin()
    origin.setLimits(QgsRasterMinMaxOrigin.Limits.CumulativeCut)
    origin.setCumulativeCutLower(0.02)
    origin.setCumulativeCutUpper(1.0)
    origin.setExtent(QgsRasterMinMaxOrigin.Extent.UpdatedCanvas)
    renderer = layer.renderer()
    renderer.setMinMaxOrigin(origin)
    renderer.shader().rasterShaderFunction().setLegendSettings(legend(2))


def main() -> None:
    """Write the style."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QgsApplication([], False)
    app.initQgis()
    STYLE.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        layer = a_map(Path(folder))
        stretch_over_view(layer)
        layer.saveNamedStyle(str(STYLE), QgsMapLayer.StyleCategory.Symbology)
        del layer
    app.exitQgis()


if __name__ == "__main__":
    main()
