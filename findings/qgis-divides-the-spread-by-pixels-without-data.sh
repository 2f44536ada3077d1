#!/usr/bin/env bash
# Of a raster with NaN and no stated no data, as many radar products are, QGIS's raster statistics (the
# algorithm of Processing, and bandStatistics() behind styles) have NaN for a mean, which anybody sees, beside
# a standard deviation that looks right and is not: the deviations are summed over numbers and divided
# by all pixels. A scene that is half border has 2.11 dB for 2.98. Least, largest and sum of squares are
# of the numbers; zonal statistics of the same file leave NaN out. Stating NaN as no data mends all of it.
#
# Seen with QGIS 3.22.16 of Debian 12; half of the pixels are NaN, the others -11 +- 3 dB:
#   nothing stated:        mean nan, standard deviation 2.11, of 10000 pixels
#   NaN stated:            mean -11.02, standard deviation 2.98, of 5000 pixels
#   zonal, nothing stated: mean -11.02, standard deviation 2.98, of 5000 pixels
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/run.py" <<'PY'
import os, sys
import numpy as np
from osgeo import gdal
from qgis.analysis import QgsZonalStatistics
from qgis.core import (
    QgsApplication, QgsCoordinateReferenceSystem, QgsFeature, QgsGeometry, QgsRasterLayer, QgsVectorLayer,
)

app = QgsApplication([], False)
app.initQgis()
random = np.random.default_rng(0)
scene = random.normal(-11, 3, 10_000)
scene[random.permutation(10_000)[:5_000]] = np.nan


def layer(name, nodata=None):
    path = f"{sys.argv[1]}/{name}.tif"
    file = gdal.GetDriverByName("GTiff").Create(path, 100, 100, 1, gdal.GDT_Float32)
    file.SetGeoTransform((500_000, 10, 0, 5_400_000, 0, -10))
    file.SetProjection(QgsCoordinateReferenceSystem("EPSG:32633").toWkt())
    file.GetRasterBand(1).WriteArray(scene.reshape(100, 100))
    if nodata is not None:
        file.GetRasterBand(1).SetNoDataValue(nodata)
    del file  # closed, and so written
    return QgsRasterLayer(path, name)


seen = {}
for name, made in (("nothing stated", layer("plain")), ("NaN stated", layer("stated", np.nan))):
    found = made.dataProvider().bandStatistics(1)
    seen[name] = found.mean, found.stdDev, found.elementCount
plain = layer("again")
whole = QgsFeature()
whole.setGeometry(QgsGeometry.fromRect(plain.extent()))
zone = QgsVectorLayer("Polygon?crs=EPSG:32633", "zone", "memory")
zone.dataProvider().addFeature(whole)
of = QgsZonalStatistics
assert of(zone, plain, "", 1, of.Count | of.Mean | of.StDev).calculateStatistics(None) == of.Success
field = next(zone.getFeatures())
seen["zonal, nothing stated"] = field["mean"], field["stdev"], int(field["count"])
for name, (mean, deviation, count) in seen.items():
    print(f"{name + ':':22} mean {mean:.2f}, standard deviation {deviation:.2f}, of {count} pixels")
sys.stdout.flush()
rounded = [(f"{mean:.2f}", f"{deviation:.2f}", count) for mean, deviation, count in seen.values()]
right = ("-11.02", "2.98", 5000)
os._exit(rounded != [("nan", "2.11", 10000), right, right])
PY
QT_QPA_PLATFORM=offscreen "${PYTHON_QGIS:-/usr/bin/python3}" "$folder/run.py" "$folder" 2>/dev/null
