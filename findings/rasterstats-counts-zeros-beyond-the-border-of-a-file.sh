#!/usr/bin/env bash
# rasterstats warns "Setting nodata to -999" where a raster states none, and fills what a polygon covers
# beyond the border of an array with that number. Of a file it fills with 0, whatever nodata= says: a
# field that reaches 20 m out of a radar scene gets zeros among its decibels, and they count. The same
# pixels as an array, or a file that states any no data, give the right mean.
#
# Seen with rasterstats 0.21.0, rasterio 1.4.4, Python 3.11; a scene of -11 dB, a polygon 3/5 in it:
#   array, nodata=-999:   18 pixels, mean -11.0, largest -11.0
#   file, nodata=-999:    30 pixels, mean -6.6, largest 0.0
#   file, nodata=NaN:     30 pixels, mean -6.6, largest 0.0
#   file that states NaN: 18 pixels, mean -11.0, largest -11.0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check \
    rasterstats==0.21.0 rasterio==1.4.4 shapely==2.1.2 numpy==2.3.5
cat > "$folder/run.py" <<'PY'
import sys, warnings
warnings.simplefilter("ignore")
import numpy as np, rasterio
from rasterstats import zonal_stats
from shapely.geometry import box

scene = np.full((20, 20), -11, np.float32)
place = rasterio.Affine(10, 0, 500_000, 0, -10, 5_400_000)
paths = {}
for name, nodata in (("plain", None), ("stated", np.nan)):
    paths[name] = f"{sys.argv[1]}/{name}.tif"
    with rasterio.open(
        paths[name], "w", driver="GTiff", count=1, height=20, width=20, dtype="float32",
        crs="EPSG:32633", transform=place, nodata=nodata,
    ) as file:
        file.write(scene, 1)
field = box(499_980, 5_399_900, 500_030, 5_399_960)
asked = {
    "array, nodata=-999": (scene, {"affine": place, "nodata": -999}),
    "file, nodata=-999": (paths["plain"], {"nodata": -999}),
    "file, nodata=NaN": (paths["plain"], {"nodata": np.nan}),
    "file that states NaN": (paths["stated"], {}),
}
seen = []
for name, (raster, options) in asked.items():
    found = zonal_stats(field, raster, stats="count mean max", **options)[0]
    seen.append((found["count"], round(float(found["mean"]), 1), float(found["max"])))
    print(f"{name + ':':21} {seen[-1][0]} pixels, mean {seen[-1][1]}, largest {seen[-1][2]}")
right, wrong = (18, -11.0, -11.0), (30, -6.6, 0.0)
sys.exit(seen != [right, wrong, wrong, right])
PY
"$folder/venv/bin/python" "$folder/run.py" "$folder"
