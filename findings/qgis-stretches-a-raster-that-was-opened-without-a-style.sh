#!/usr/bin/env bash
# QgsRasterLayer with LayerOptions.loadDefaultStyle = False still reads the pixels for a stretch of its
# own (a cumulative cut, with a histogram of 65,536 buckets), and GDAL writes that histogram to .aux.xml
# beside the user's file when the layer is deleted: a quarter of a megabyte for a scene of 256 pixels.
# A layer that has a renderer before setDataSource keeps that one: nothing is read, no file is left.
#
# Seen with QGIS 3.22.16 of Debian 12, GDAL 3.6.2:
#   loadDefaultStyle = False: ['scene.tif', 'scene.tif.aux.xml'], 65536 buckets
#   renderer beforehand:      ['scene.tif']
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/run.py" <<'PY'
import os, re, sys
from pathlib import Path
import numpy as np
from osgeo import gdal
from qgis.core import QgsApplication, QgsDataProvider, QgsRasterLayer, QgsSingleBandGrayRenderer
from qgis.PyQt import sip

app = QgsApplication([], False)
app.initQgis()


def scene(name):
    path = Path(sys.argv[1]) / name / "scene.tif"
    path.parent.mkdir()
    file = gdal.GetDriverByName("GTiff").Create(str(path), 256, 256, 2, gdal.GDT_Float32)
    file.SetGeoTransform((600000, 10, 0, 5400000, 0, -10))
    file.WriteArray(np.random.default_rng(1).normal(-11, 3, (2, 256, 256)))
    file.FlushCache()
    return path


def left(layer, path):
    assert layer.isValid()
    sip.delete(layer)
    return sorted(each.name for each in path.parent.iterdir())


path = scene("options")
options = QgsRasterLayer.LayerOptions()
options.loadDefaultStyle = False
by_option = left(QgsRasterLayer(str(path), "scene", "gdal", options), path)
buckets = re.findall(r"<BucketCount>(\d+)", Path(f"{path}.aux.xml").read_text())
path = scene("renderer")
layer = QgsRasterLayer()
layer.setRenderer(QgsSingleBandGrayRenderer(None, 1))
layer.setDataSource(str(path), "scene", "gdal", QgsDataProvider.ProviderOptions())
by_renderer = left(layer, path)
print(f"loadDefaultStyle = False: {by_option}, {buckets[0]} buckets")
print(f"renderer beforehand:      {by_renderer}")
sys.stdout.flush()
os._exit((by_option, by_renderer) != (["scene.tif", "scene.tif.aux.xml"], ["scene.tif"]))
PY
QT_QPA_PLATFORM=offscreen "${PYTHON_QGIS:-/usr/bin/python3}" "$folder/run.py" "$folder"
