#!/usr/bin/env bash
# Where a raster has NaN and states no no data, GDAL's warper, in rasterio and rioxarray, makes NaN of its holes
# with average, mode, median and sum; with max it makes minus infinity, with min plus infinity. rioxarray says
# "nodata: nan" of the result, so isnull() and a mask by it take infinity for data, and back in power it is
# 0 or infinity. A file opened with masked=True fares no better. Stating NaN as no data before makes NaN of all.
#
# Seen with rioxarray 0.19.0, rasterio 1.4.4 (GDAL 3.10.3), Python 3.11; in a hole of a scene of -11 dB:
#   average: nan, stated: nan
#   median:  nan, stated: nan
#   max:     -inf, stated: nan
#   min:     inf, stated: nan
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
from rasterio.enums import Resampling

path = sys.argv[1] + "/scene.tif"
values = np.full((64, 64), -11, np.float32)
values[8:20, 8:20] = np.nan
with rasterio.open(
    path, "w", driver="GTiff", count=1, height=64, width=64, dtype="float32", crs="EPSG:32633",
    transform=rasterio.Affine(10, 0, 500_000, 0, -10, 5_400_000),
) as file:
    file.write(values, 1)
scene = rioxarray.open_rasterio(path, masked=True).squeeze()
seen = {}
for name, method in (("average", "average"), ("median", "med"), ("max", "max"), ("min", "min")):
    ask = {"resolution": 20, "resampling": Resampling[method]}
    made = scene.rio.reproject("EPSG:32633", **ask)
    stated = scene.rio.write_nodata(np.nan).rio.reproject("EPSG:32633", **ask)
    assert np.isnan(made.rio.nodata) and made.values[0, 0] == -11
    seen[name] = str(made.values[6, 6]), str(stated.values[6, 6])
    print(f"{name + ':':8} {seen[name][0]}, stated: {seen[name][1]}")
nan = ("nan", "nan")
sys.exit(seen != {"average": nan, "median": nan, "max": ("-inf", "nan"), "min": ("inf", "nan")})
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
