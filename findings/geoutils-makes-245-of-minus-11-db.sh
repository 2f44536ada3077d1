#!/usr/bin/env bash
# geoutils looks for the smallest type of number in which it may hand a raster to rasterio for polygons, and takes the
# first that makes an allowed type together with the raster's own: bytes do with any. So polygonize() cuts every
# raster to a byte: -11.2 and -11.8 dB are one polygon of 245, a probability of water of 0.98 is 0 and joins all
# others, and parcels 1 and 257 are one where they touch. What is chosen by value is chosen rightly and then
# labelled so. No warning is given; masks and classes up to 255 are right, and rasterio is.
#
# Seen with geoutils 0.2.5, rasterio 1.4.4, numpy 2.4.6, Python 3.11; values of the polygons:
#   float32  dB           rasterio -8.4 -11.2 -11.8 -12.5; geoutils 248 245 244
#   float32  probability  rasterio 0.02 0.4 0.98; geoutils 0
#   int16    hundredths   rasterio -840 -1120 -1180 -1250; geoutils 184 160 100 30
#   int32    parcels      rasterio 1 257 300; geoutils 1 44
#   uint8    classes      rasterio 1 2 255; geoutils 1 2 255
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check geoutils==0.2.5 rasterio==1.4.4 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("error", RuntimeWarning)
import geoutils, numpy as np, rasterio
from rasterio.features import shapes

grid = rasterio.Affine(10, 0, 500_000, 0, -10, 5_400_000)
rows = {
    "dB": ("float32", [-8.4, -11.2, -11.8, -12.5]),
    "probability": ("float32", [0.02, 0.4, 0.98]),
    "hundredths": ("int16", [-840, -1120, -1180, -1250]),
    "parcels": ("int32", [1, 257, 300]),
    "classes": ("uint8", [1, 2, 255]),
}
seen = []
for name, (kind, row) in rows.items():
    values = np.repeat(np.array([row], kind), 3, axis=0)
    polygons = geoutils.Raster.from_array(values, grid, 32633).polygonize().ds
    by_geoutils = " ".join(f"{value:g}" for value in polygons["raster_value"])
    by_rasterio = " ".join(f"{value:g}" for _, value in shapes(values, transform=grid))
    print(f"{kind:8} {name:12} rasterio {by_rasterio}; geoutils {by_geoutils}")
    assert by_rasterio == " ".join(f"{value:g}" for value in row)
    seen.append(by_geoutils)
sys.exit(seen != ["248 245 244", "0", "184 160 100 30", "1 44", "1 2 255"])
PY
"$folder/venv/bin/python" "$folder/run.py"
