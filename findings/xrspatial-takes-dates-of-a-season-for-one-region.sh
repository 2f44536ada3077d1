#!/usr/bin/env bash
# regions of xarray-spatial numbers areas of neighbours with one value, and takes values for one that differ
# by a hundred-thousandth or less, whole numbers as well as floats. So from 100,000 on each whole number
# joins the next: parcels by their numbers, and passes by their dates, since 20240509 is within 202 of any
# date from March to July. Of floats, a slow slope of dB is one region from end to end. No option changes
# it; scipy.ndimage.label for each value keeps them apart.
#
# Seen with xarray-spatial 0.5.3, Python 3.11; int32 rasters of two halves:
#   99998, 99999:       2 regions
#   100000, 100001:     1 regions
#   20240509, 20240602: 1 regions
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check xarray-spatial==0.5.3 numpy==2.3.5
cat > "$folder/run.py" <<'PY'
import sys
import numpy as np, xarray as xr
from xrspatial.zonal import regions

seen = []
for left, right in ((99998, 99999), (100000, 100001), (20240509, 20240602)):
    raster = np.full((4, 6), left, np.int32)
    raster[:, 3:] = right
    seen.append(len(np.unique(regions(xr.DataArray(raster, dims=("y", "x")), neighborhood=4))))
    print(f"{f'{left}, {right}:':19} {seen[-1]} regions")
sys.exit(seen != [2, 1, 1])
PY
"$folder/venv/bin/python" "$folder/run.py"
