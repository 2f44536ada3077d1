#!/usr/bin/env bash
# rioxarray.open_rasterio(masked=True), xarray's open_dataset and open_zarr give NaN for no data and keep the
# file's number in `encoding`, to be written again. odc-geo takes that number for the array's own: reproject fills
# the margins with it, so a scene of -11 dB without NaN at its borders holds -9999 as data, isnull() does not
# find it, and the mean is -1159. The holes of the scene stay NaN beside it: two marks for no data in one array.
# rioxarray's own reproject gives NaN for both. `array.encoding = {}` before, or dst_nodata=, mends it.
#
# Seen with odc-geo 0.5.3, rioxarray 0.19.0, rasterio 1.4.4, xarray 2026.9.0, Python 3.11:
#   opened:            least -11.0, mean -11.0
#   rio.reproject:     least -11.0, mean -11.0
#   odc.reproject:     least -9999.0, mean -1159.4, NaN beside it: True
#   without encoding:  least -11.0, mean -11.0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    odc-geo==0.5.3 dask==2026.8.0 rioxarray==0.19.0 rasterio==1.4.4 xarray==2026.9.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np, odc.geo.xr, rasterio, rioxarray
from rasterio.transform import from_origin

path, scene = sys.argv[1] + "/scene.tif", np.full((1, 40, 40), -11, np.float32)
scene[:, 10:14, 10:14] = -9999
with rasterio.open(
    path, "w", driver="GTiff", width=40, height=40, count=1, dtype="float32", nodata=-9999,
    crs="EPSG:32633", transform=from_origin(500_000, 5_400_000, 10, 10),
) as file:
    file.write(scene)
opened = rioxarray.open_rasterio(path, masked=True)
arrays = {
    "opened": opened,
    "rio.reproject": opened.rio.reproject("EPSG:4326"),
    "odc.reproject": opened.odc.reproject("EPSG:4326", resampling="nearest"),
}
bare = opened.copy()
bare.encoding = {}
arrays["without encoding"] = bare.odc.reproject("EPSG:4326", resampling="nearest")
seen = []
for name, array in arrays.items():
    least, mean = float(array.min()), round(float(array.mean(dtype=float)), 1)
    both = bool(array.isnull().any()) and least == -9999
    print(f"{name + ':':18} least {least}, mean {mean}" + (f", NaN beside it: {both}" if least < -11 else ""))
    seen.append((least, mean, both))
right = (-11.0, -11.0, False)
sys.exit(seen != [right, right, (-9999.0, -1159.4, True), right])
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
