#!/usr/bin/env bash
# Fields that tile an area share its pixels among them, one would think. Where their borders run through
# centres of pixels, as those of a grid do whose maker registers pixels by their centres, that holds for
# exactextract alone, which shares a pixel by area. QGIS counts a centre that is inside, and one on the border
# is inside of none; GDAL's rasterize, and rasterstats by it, gives pixels on a border between east and west to
# one of the two and those on a border between north and south to both. No count looks wrong by itself.
#
# Seen with QGIS 3.22.16 of Debian 12, rasterstats 0.21.0, rasterio 1.4.4, exactextract 0.3.0;
# pixels in 9 fields of 40 m that tile 120 m of a raster of 10 m:
#   QGIS:         81
#   rasterstats:  180
#   exactextract: 144
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check rasterstats==0.21.0 exactextract==0.3.0 \
    rasterio==1.4.4 geopandas==1.2.0 numpy==2.4.6
cat > "$folder/others.py" <<'PY'
import sys
import geopandas, numpy as np, rasterio
from exactextract import exact_extract
from rasterstats import zonal_stats
from shapely.geometry import box

west, north = 500_000, 5_400_000
path = sys.argv[1] + "/scene.tif"
with rasterio.open(
    path, "w", driver="GTiff", count=1, height=16, width=16, dtype="float32", nodata=-9999,
    crs="EPSG:32633", transform=rasterio.Affine(10, 0, west, 0, -10, north),
) as file:
    file.write(np.full((16, 16), -11, np.float32), 1)
fields = geopandas.GeoDataFrame(crs="EPSG:32633", geometry=[
    box(west + 15 + east, north - 55 - south, west + 55 + east, north - 15 - south)
    for south in (0, 40, 80) for east in (0, 40, 80)
])
with open(sys.argv[1] + "/fields.txt", "w") as file:
    file.write("\n".join(fields.geometry.to_wkt()))
print(sum(one["count"] for one in zonal_stats(fields, path, stats="count")))
print(round(exact_extract(path, fields, "count", output="pandas")["count"].sum()))
PY
cat > "$folder/zones.py" <<'PY'
import os, sys
from qgis.analysis import QgsZonalStatistics
from qgis.core import QgsApplication, QgsFeature, QgsGeometry, QgsRasterLayer, QgsVectorLayer

app = QgsApplication([], False)
app.initQgis()
fields = QgsVectorLayer("Polygon?crs=EPSG:32633", "fields", "memory")
for line in open(sys.argv[1] + "/fields.txt"):
    field = QgsFeature()
    field.setGeometry(QgsGeometry.fromWkt(line))
    fields.dataProvider().addFeature(field)
scene = QgsRasterLayer(sys.argv[1] + "/scene.tif", "scene")
statistics = QgsZonalStatistics(fields, scene, "", 1, QgsZonalStatistics.Count)
assert statistics.calculateStatistics(None) == QgsZonalStatistics.Success
print(round(sum(field["count"] for field in fields.getFeatures())))
sys.stdout.flush()
os._exit(0)
PY
others=$("$folder/venv/bin/python" "$folder/others.py" "$folder" 2>/dev/null)
qgis=$(QT_QPA_PLATFORM=offscreen "${PYTHON_QGIS:-/usr/bin/python3}" "$folder/zones.py" "$folder" 2>/dev/null)
read -r rasterstats exactextract <<< "${others//$'\n'/ }"
echo "QGIS:         $qgis"
echo "rasterstats:  $rasterstats"
echo "exactextract: $exactextract"
[ "$qgis $rasterstats $exactextract" = "81 180 144" ]
