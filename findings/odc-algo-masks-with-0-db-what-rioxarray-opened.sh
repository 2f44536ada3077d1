#!/usr/bin/env bash
# keep_good_only and erase_bad of odc-algo blank what a mask names with the array's no data, which they look for
# under one name alone, attrs["nodata"], as Open Data Cube writes it. rioxarray and xarray keep theirs in
# attrs["_FillValue"] or in `encoding`, so odc-algo finds none and writes 0, even into floats. For decibels 0 is
# brighter than any field: masked water turns into a city, and the mean of -11 rises to -5.2. The NaN or
# -9999 that marks no data in the same array stays beside it. where() of xarray, and a stated "nodata", are right.
#
# Seen with odc-algo 1.2.2, rioxarray 0.19.0, rasterio 1.4.4, xarray 2026.9.0, Python 3.11; half of -11 dB masked:
#   opened masked:     keep_good_only mean -5.2, erase_bad mean -5.2, where() mean -11.0
#   opened unmasked:   keep_good_only mean -5.2, erase_bad mean -5.2, where() mean -11.0
#   attrs["nodata"]:   keep_good_only mean -11.0, erase_bad mean -11.0, where() mean -11.0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    odc-algo==1.2.2 dask==2026.8.0 rioxarray==0.19.0 rasterio==1.4.4 xarray==2026.9.0 numpy==2.4.6
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np, rasterio, rioxarray
from odc.algo import erase_bad, keep_good_only
from rasterio.transform import from_origin

path = sys.argv[1] + "/scene.tif"
scene = np.full((1, 40, 40), -11, np.float32)
scene[:, :4] = -9999
with rasterio.open(
    path, "w", driver="GTiff", width=40, height=40, count=1, dtype="float32", nodata=-9999,
    crs="EPSG:32633", transform=from_origin(500_000, 5_400_000, 10, 10),
) as file:
    file.write(scene)
masked, unmasked = (rioxarray.open_rasterio(path, masked=masked) for masked in (True, False))
arrays = {
    "opened masked": masked,
    "opened unmasked": unmasked,
    'attrs["nodata"]': masked.assign_attrs(nodata=np.nan),
}
seen = []
for name, array in arrays.items():
    good = array.copy(data=np.indices(array.shape)[2] % 2 == 0)
    results = keep_good_only(array, good), erase_bad(array, ~good), array.where(good)
    seen.append([round(float(result.where(result != -9999).mean(dtype=float)), 1) for result in results])
    print("{:18} keep_good_only mean {}, erase_bad mean {}, where() mean {}".format(name + ":", *seen[-1]))
sys.exit(seen != [[-5.2, -5.2, -11.0], [-5.2, -5.2, -11.0], [-11.0] * 3])
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
