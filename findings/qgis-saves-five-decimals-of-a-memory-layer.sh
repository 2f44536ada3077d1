#!/usr/bin/env bash
# A field that the address of a QGIS memory layer declares without a precision, as field=power:double does, has 20
# digits and 5 decimals. The layer itself keeps whatever is put into it, and so do copies in memory. Saved to any
# format, or put out into a file by an algorithm of Processing, it is cut: a longitude to a metre, and power of
# -54 dB to 0, minus infinity. Points and polygons made of pixels have 8 decimals in the same way. A field
# added as QgsField(name, QVariant.Double), or declared double(0,0), is saved as it is.
#
# Seen with QGIS 3.22.16 of Debian 12; a power of 0.0000034567 (-54.6 dB) and a longitude of 10.123456789:
#   double:       in memory 3.4567e-06, buffered 3.4567e-06; saved 0, buffered 0, 10.12346
#   double(0,0):  in memory 3.4567e-06, buffered 3.4567e-06; saved 3.4567e-06, buffered 3.4567e-06, 10.123456789
#   points of pixels: in memory 3.4567e-06; saved 3.46e-06
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat > "$folder/run.py" <<'PY'
import os, sys

sys.path.insert(0, "/usr/share/qgis/python/plugins")
import numpy as np
from osgeo import gdal
from qgis.core import (
    QgsApplication, QgsCoordinateTransformContext, QgsFeature, QgsGeometry, QgsPointXY, QgsVectorFileWriter,
    QgsVectorLayer,
)

app = QgsApplication([], False)
app.initQgis()
import processing
from processing.core.Processing import Processing

Processing.initialize()
power, longitude = 0.0000034567, 10.123456789


def first(layer, field="power"):
    source = QgsVectorLayer(layer, "made", "ogr") if isinstance(layer, str) else layer
    return f"{next(source.getFeatures())[field]:.11g}"


seen = {}
for kind in ("double", "double(0,0)"):
    layer = QgsVectorLayer(f"Point?crs=EPSG:4326&field=power:{kind}&field=longitude:{kind}", "noise", "memory")
    feature = QgsFeature(layer.fields())
    feature.setAttributes([power, longitude])
    feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(longitude, 50)))
    layer.dataProvider().addFeature(feature)
    path = f"{sys.argv[1]}/{len(seen)}.gpkg"
    QgsVectorFileWriter.writeAsVectorFormatV3(
        layer, path, QgsCoordinateTransformContext(), QgsVectorFileWriter.SaveVectorOptions()
    )
    buffered = [
        processing.run("native:buffer", {"INPUT": layer, "DISTANCE": 1, "OUTPUT": output})["OUTPUT"]
        for output in ("memory:", f"{sys.argv[1]}/buffered{len(seen)}.gpkg")
    ]
    seen[kind] = [first(layer), first(buffered[0]), first(path), first(buffered[1]), first(path, "longitude")]
raster = f"{sys.argv[1]}/power.tif"
file = gdal.GetDriverByName("GTiff").Create(raster, 1, 1, 1, gdal.GDT_Float64)
file.SetGeoTransform((10, 0.1, 0, 50, 0, -0.1))
file.WriteArray(np.array([[power]]))
del file  # closed, and so written
pixels = [
    first(processing.run("native:pixelstopoints", {
        "INPUT_RASTER": raster, "RASTER_BAND": 1, "FIELD_NAME": "power", "OUTPUT": output,
    })["OUTPUT"])
    for output in ("memory:", f"{sys.argv[1]}/pixels.gpkg")
]
for kind, (kept, copied, saved, into, degrees) in seen.items():
    print(f"{kind + ':':13} in memory {kept}, buffered {copied}; saved {saved}, buffered {into}, {degrees}")
print(f"points of pixels: in memory {pixels[0]}; saved {pixels[1]}")
sys.stdout.flush()
whole = "3.4567e-06"
os._exit([*seen.values(), pixels] != [
    [whole, whole, "0", "0", "10.12346"], [whole] * 4 + ["10.123456789"], [whole, "3.46e-06"],
])
PY
QT_QPA_PLATFORM=offscreen "${PYTHON_QGIS:-/usr/bin/python3}" "$folder/run.py" "$folder" 2>/dev/null
