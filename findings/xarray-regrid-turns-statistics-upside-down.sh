#!/usr/bin/env bash
# xarray-regrid's stat() (mean, max, var and so on of the pixels in each new pixel) onto a grid whose y descends, as
# that of any GeoTIFF, gives a map that is upside down: the statistics are made in ascending order and then get the
# grid's own labels, from north to south. So water in the north lies in the south, with right coordinates, no
# error and the right mean of the whole. most_common() does the same with classes that ascend and refuses others.
# Its conservative, linear and nearest are right, so one dataset can hold both. A target sorted by y mends it.
#
# Seen with xarray-regrid 0.4.2, flox 0.11.2, xarray 2026.9.0, numpy 2.4.6, Python 3.11; water of -20 dB in the
# north, land of -8 dB, 16 rows to 4:
#   at y 14, 10, 6, 2, coarsen(): mean -20 -8 -8 -8
#   stat, target descends:        mean -8 -8 -8 -20
#   stat, target ascends:         mean -20 -8 -8 -8
#   conservative, descends:       mean -20 -8 -8 -8
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    xarray-regrid==0.4.2 flox==0.11.2 xarray==2026.9.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys
import numpy as np, xarray as xr, xarray_regrid

rows = np.arange(16)[::-1] + 0.5
decibels = np.where(rows > 12, -20.0, -8.0)[:, None] * np.ones(16)
scene = xr.DataArray(decibels, {"y": rows, "x": rows[::-1]}, ("y", "x"), name="VV")
coarse = scene.coarsen(y=4, x=4).mean()
descends = xr.Dataset(coords=coarse.coords)
found = {
    "at y 14, 10, 6, 2, coarsen()": coarse,
    "stat, target descends": scene.regrid.stat(descends, "mean"),
    "stat, target ascends": scene.regrid.stat(descends.sortby("y"), "mean"),
    "conservative, descends": scene.regrid.conservative(descends, latitude_coord=None),
}
seen = [made.sel(y=[14, 10, 6, 2]).values[:, 0].round(6).tolist() for made in found.values()]
for name, values in zip(found, seen):
    print(f"{name + ':':29} mean", *(f"{value:g}" for value in values))
right = [-20, -8, -8, -8]
sys.exit(seen != [right, right[::-1], right, right])
PY
"$folder/venv/bin/python" "$folder/run.py"
