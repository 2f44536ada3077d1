#!/usr/bin/env bash
# GDAL's LERC keeps pixels without a number (NaN) in a mask beside the values, in each tile. tifffile decodes
# the values and drops that mask: where rasterio reads NaN, tifffile reads 0, with or without NaN as the
# stated no data. Of decibels 0 is the brightest target of a scene. The same holes compressed
# with ZSTD come back as NaN from both, and no warning tells the two files apart.
#
# Seen with rasterio 1.4.4, tifffile 2026.3.3, imagecodecs 2026.3.6, Python 3.11; 100 holes in -11 dB:
#   ZSTD:         rasterio 100 NaN, largest -11; tifffile 100 NaN, largest -11
#   LERC_DEFLATE: rasterio 100 NaN, largest -11; tifffile 0 NaN, largest 0
#   LERC_ZSTD:    rasterio 100 NaN, largest -11; tifffile 0 NaN, largest 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    rasterio==1.4.4 tifffile==2026.3.3 imagecodecs==2026.3.6 numpy==2.3.5
cat > "$folder/run.py" <<'PY'
import sys
import numpy as np, rasterio, tifffile

path = sys.argv[1] + "/scene.tif"
scene = np.full((64, 64), -11, np.float32)
scene[10:20, 10:20] = np.nan
place = rasterio.Affine(10, 0, 500_000, 0, -10, 5_400_000)
seen = {}
for compression in ("ZSTD", "LERC_DEFLATE", "LERC_ZSTD"):
    with rasterio.open(
        path, "w", driver="GTiff", count=1, height=64, width=64, dtype="float32", nodata=np.nan,
        crs="EPSG:32633", transform=place, tiled=True, blockxsize=32, blockysize=32,
        compress=compression,
    ) as file:
        file.write(scene, 1)
    with rasterio.open(path) as file:
        read = file.read(1), tifffile.imread(path)
    seen[compression] = [(int(np.isnan(one).sum()), float(np.nanmax(one))) for one in read]
    by_gdal, by_tifffile = (f"{holes} NaN, largest {most:g}" for holes, most in seen[compression])
    print(f"{compression + ':':13} rasterio {by_gdal}; tifffile {by_tifffile}")
right, wrong = (100, -11.0), (0, 0.0)
expected = {"ZSTD": [right, right], "LERC_DEFLATE": [right, wrong], "LERC_ZSTD": [right, wrong]}
sys.exit(seen != expected)
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
