#!/usr/bin/env bash
# whitebox_workflows' sieve() says it "removes small isolated patches". It takes every pixel of class 0 for one to be
# filled, however large its area, and fills it from the nearest other class: of a mask with water 1 and land 0, as
# any threshold makes, all becomes water. zero_background=True keeps the zeros, and with them each small patch of
# water, since the nearest class that is not 0 is its own; a patch of another class takes the class of a patch
# elsewhere. GDAL's sieve removes the patch and the hole alone. Adding 1 to the classes mends it.
#
# Seen with whitebox_workflows 2.0.6, rasterio 1.4.4, numpy 2.4.6, Python 3.11; 1600 pixels, a lake of 100 with a
# hole in it, and a patch of 2 that is to go:
#   mask:                       101 of water
#   GDAL's sieve:               100 of water
#   sieve:                      1600 of water
#   sieve, zero_background:     101 of water
#   sieve of classes 1 and 2:   100 of water
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    whitebox-workflows==2.0.6 rasterio==1.4.4 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys
import numpy as np, rasterio, whitebox_workflows
from rasterio.features import sieve

water = np.zeros((40, 40), np.uint8)
water[10:20, 10:20] = water[5, 30:32] = 1
water[15, 15] = 0
tools = whitebox_workflows.WbEnvironment()


def by_whitebox(classes, **options):
    path = f"{sys.argv[1]}/mask.tif"
    with rasterio.open(
        path, "w", driver="GTiff", count=1, height=40, width=40, dtype="uint8", crs="EPSG:32633",
        transform=rasterio.Affine(10, 0, 500_000, 0, -10, 5_400_000),
    ) as file:
        file.write(classes, 1)
    made = tools.raster.sieve(input=tools.read_raster(path), threshold=5, **options)
    return int((np.squeeze(made.to_numpy()) == classes.max()).sum())


seen = {
    "mask": int(water.sum()),
    "GDAL's sieve": int(sieve(water, 5).sum()),
    "sieve": by_whitebox(water),
    "sieve, zero_background": by_whitebox(water, zero_background=True),
    "sieve of classes 1 and 2": by_whitebox(water + 1),
}
for name, count in seen.items():
    print(f"{name + ':':27} {count} of water")
sys.exit([*seen.values()] != [101, 100, 1600, 101, 100])
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
