#!/usr/bin/env bash
# A scene stored in hundredths of dB as whole numbers, with its scale in the file, opened with mask_and_scale=True:
# -11 dB. Clipped to a field with from_disk=True, which the documentation recommends for large files and which is to
# change nothing else, it is -1100, as floats with NaN around the field, so nothing tells it from dB.
# `encoding` still has the scale, so what is written from it is divided by it once more.
#
# Seen with rioxarray 0.19.0, rasterio 1.4.4, xarray 2026.9.0, Python 3.11:
#   opened:               -11.0 float32, 0 NaN
#   clipped in memory:    -11.0 float32, 21 NaN
#   clipped from disk:  -1100.0 float64, 21 NaN
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    rioxarray==0.19.0 rasterio==1.4.4 xarray==2026.9.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np, rasterio, rioxarray
from rasterio.transform import from_origin

path = sys.argv[1] + "/scene.tif"
with rasterio.open(
    path, "w", driver="GTiff", width=8, height=8, count=1, dtype="int16", nodata=-32768,
    crs="EPSG:32633", transform=from_origin(0, 80, 10, 10),
) as file:
    file.write(np.full((1, 8, 8), -1100, np.int16))
    file.scales, file.offsets = (0.01,), (0.0,)
field = [{"type": "Polygon", "coordinates": [[(1, 1), (70, 1), (1, 70), (1, 1)]]}]
scene = rioxarray.open_rasterio(path, mask_and_scale=True)
seen = []
for name, array in {
    "opened": scene,
    "clipped in memory": scene.rio.clip(field),
    "clipped from disk": scene.rio.clip(field, from_disk=True),
}.items():
    print(f"{name + ':':18} {float(array.min()):8.1f} {array.dtype}, {int(array.isnull().sum())} NaN")
    seen.append((round(float(array.min()), 3), round(float(array.max()), 3), int(array.isnull().sum())))
sys.exit(seen != [(-11, -11, 0), (-11, -11, 21), (-1100, -1100, 21)])
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
